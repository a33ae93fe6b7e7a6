"""The study as its protocol states it."""

from __future__ import annotations

from datetime import date
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from equipoise.errors import nearest
from equipoise.protocol.intervention import Allocation, Arm, Diary, Dosing, Product, Titration
from equipoise.protocol.model import (
    Claim,
    Label,
    Model,
    Name,
    Sourced,
    SourceName,
    Where,
    Why,
    Words,
)
from equipoise.protocol.schedule import Activity, Encounter, Epoch


class Source(Model):
    """A text that values come from."""

    title: Words = Field(description="What readers know it by.")
    short_title: Words | None = Field(
        None, description="Title where there is little room; the title if not given."
    )
    citation: Words = Field(description="How a publication would cite it.")

    def __call__(self, lang: str = "en") -> str:
        """What it is called where there is little room."""
        return (self.short_title or self.title)(lang)


class Registration(Model):
    """An entry in a trial registry."""

    registry: str = Field(description="Name of the registry.")
    number: str = Field(description="Number of the trial in it.")


class Site(Model):
    """A place where participants are seen."""

    name: Name
    label: Label
    timezone: str = Field("UTC", description="Its time zone, e.g. `Asia/Shanghai`.")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name} is no time zone.{nearest(name, available_timezones())}")
        return name


class Objective(Model):
    """What the trial wants to learn, and the endpoints (of ``analysis.yaml``) that answer it."""

    level: Literal["primary", "secondary", "exploratory", "safety"] = Field(
        description="Rank among the objectives."
    )
    text: Words = Field(description="What is to be learnt.")
    endpoints: tuple[Name, ...] = Field((), description="Endpoints that answer it.")
    source: SourceName


class Criterion(Model):
    """One criterion of eligibility.

    A person is eligible when every inclusion question is yes and every exclusion question is no.
    """

    id: Name
    kind: Literal["inclusion", "exclusion"] = Field(
        description="Whether a yes is demanded or excludes."
    )
    text: Words = Field(description="The criterion as people read it.")
    question: str = Field(description="The criterion in the question language, asked at screening.")
    source: SourceName
    where: Where = None
    why: Why = None
    conflicts: tuple[Claim[str], ...] = Field(
        (), description="Questions that other sources would ask."
    )


class ConsentForm(Model):
    """A version of the information and consent form, used until the next one is."""

    version: Name
    languages: tuple[Name, ...] = Field(
        min_length=1, description="Languages in which it was approved, e.g. zh, en."
    )
    since: str | None = Field(
        None,
        pattern=r"^\d{4}-\d\d-\d\d$",
        description="First day on which it is used, quoted; from the beginning if not given.",
    )
    reconsent: bool = Field(
        default=False,
        description="Whether participants who signed an earlier version sign this one too.",
    )
    source: SourceName
    why: Why = None

    @field_validator("since")
    @classmethod
    def _a_day(cls, since: str | None) -> str | None:
        if since is not None:
            date.fromisoformat(since)
        return since


class Protocol(Model):
    """``protocol-<version>.yaml``."""

    study: Name = Field(description="Identifier of the study.")
    version: str = Field(
        pattern=r"^\d+\.\d+$", description="Version, quoted, as in the name of the file."
    )
    title: Words = Field(description="Full title.")
    short_title: Words = Field(description="Title where there is little room.")
    phase: str = Field(description="Phase of the trial, e.g. II.")
    condition: Words = Field(description="Disease that is treated.")
    sources: dict[Name, Source] = Field(
        description="Texts that values come from, by the name that `source` gives."
    )
    registrations: tuple[Registration, ...] = Field((), description="Entries in trial registries.")
    ethics: Sourced[str] | None = Field(None, description="Number of the ethics approval.")
    design: Words = Field(description="The design in one sentence.")
    masking: Sourced[str] = Field(description="Blinding, e.g. double blind.")
    objectives: tuple[Objective, ...] = Field(
        min_length=1, description="What the trial wants to learn."
    )
    sites: tuple[Site, ...] = Field(min_length=1, description="Where participants are seen.")
    arms: tuple[Arm, ...] = Field(
        min_length=2, description="The arms, in the order in which they are shown."
    )
    products: tuple[Product, ...] = Field(min_length=1, description="What is given in the arms.")
    allocation: Allocation = Field(description="How participants are allocated to arms.")
    epochs: tuple[Epoch, ...] = Field(min_length=1, description="Spans of the trial, in order.")
    encounters: tuple[Encounter, ...] = Field(
        min_length=2, description="Planned contacts, in the order of their days."
    )
    activities: tuple[Activity, ...] = Field(
        min_length=1, description="What is done at the encounters."
    )
    screening: Name = Field(description="Encounter at which eligibility is judged.")
    baseline: Name = Field(description="Encounter of the first dose, day 0.")
    consents: tuple[ConsentForm, ...] = Field(
        (), description="Versions of the consent form, oldest first; any is accepted if not given."
    )
    eligibility: tuple[Criterion, ...] = Field(min_length=1, description="Criteria of eligibility.")
    dosing: Dosing = Field(description="The blinded administrations.")
    titration: Titration | None = Field(
        None,
        description="How a background medicine follows home readings; not at all if not given.",
    )
    diary: Diary | None = Field(None, description="Home readings; none if not given.")
    notes: tuple[Words, ...] = Field((), description="What readers of the protocol should know.")
