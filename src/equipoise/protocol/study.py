"""The study as its protocol states it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from equipoise.protocol.intervention import Allocation, Arm, Diary, Dosing, Product, Titration
from equipoise.protocol.model import Claim, Model, Name, Sourced, SourceName, Words
from equipoise.protocol.schedule import Activity, Encounter, Epoch


class Source(Model):
    """A text that values come from."""

    title: Words
    citation: str


class Registration(Model):
    """An entry in a trial registry."""

    registry: str
    number: str


class Site(Model):
    """A place where participants are seen."""

    name: Name
    label: Words


class Objective(Model):
    """What the trial wants to learn, and the endpoints (of ``analysis.yaml``) that answer it."""

    level: Literal["primary", "secondary", "exploratory", "safety"]
    text: Words
    endpoints: tuple[Name, ...] = ()
    source: SourceName


class Criterion(Model):
    """One criterion of eligibility.

    A person is eligible when every inclusion question is yes and every exclusion question is no.
    """

    id: Name
    kind: Literal["inclusion", "exclusion"]
    text: Words
    question: str
    source: SourceName
    where: str | None = None
    why: str | None = None
    conflicts: tuple[Claim[str], ...] = ()


class Protocol(Model):
    """``protocol-<version>.yaml``."""

    study: Name
    version: str = Field(pattern=r"^\d+\.\d+$")
    title: Words
    short_title: Words
    phase: str
    condition: Words
    sources: dict[Name, Source]
    registrations: tuple[Registration, ...] = ()
    ethics: Sourced[str] | None = None
    design: Words
    masking: Sourced[str]
    objectives: tuple[Objective, ...] = Field(min_length=1)
    sites: tuple[Site, ...] = Field(min_length=1)
    arms: tuple[Arm, ...] = Field(min_length=2)
    products: tuple[Product, ...] = Field(min_length=1)
    allocation: Allocation
    epochs: tuple[Epoch, ...] = Field(min_length=1)
    encounters: tuple[Encounter, ...] = Field(min_length=2)
    activities: tuple[Activity, ...] = Field(min_length=1)
    screening: Name = Field(description="Encounter at which eligibility is judged.")
    baseline: Name = Field(description="Encounter of the first dose, day 0.")
    eligibility: tuple[Criterion, ...] = Field(min_length=1)
    dosing: Dosing
    titration: Titration | None = None
    diary: Diary | None = None
    notes: tuple[Words, ...] = Field((), description="What readers of the protocol should know.")
