"""Worklists of those who oversee the records: queries, deviations, the checklist of the lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from equipoise.conduct import checklist as lists
from equipoise.conduct import reading
from equipoise.conduct.commands.oversight import asked
from equipoise.conduct.commands.queries import LANGUAGES, changed
from equipoise.conduct.consents import Due, reconsent_due
from equipoise.conduct.deviations import unrecorded
from equipoise.conduct.log import Log
from equipoise.conduct.roles import AT_SITE, READS, Actor, Role
from equipoise.conduct.state.oversight import Said, held
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.views.access import admit, of_site, own
from equipoise.protocol.question.terms import Reference


class QueryShown(NamedTuple):
    """A query."""

    participant: str
    query: str
    encounter: str
    item: str
    check: str | None
    words: Mapping[str, str]  # by language
    status: str
    value_changed: bool  # since it was raised
    said: tuple[Said, ...]


class FormShown(NamedTuple):
    """How far a form at an encounter is checked."""

    encounter: str
    form: str
    verified: Mapping[str, bool]  # by recorded item; False: not, or changed since
    reviewed: Mapping[str, bool]  # by role that reviewed it; False: changed since
    frozen: bool


class DeviationShown(NamedTuple):
    """A deviation; one that only the records tell has no number yet."""

    participant: str
    deviation: str | None
    category: str
    severity: str | None
    on: str | None
    words: Mapping[str, str]  # a person's own words stand under ""
    rule: str | None
    reviewed: bool


class ApprovalShown(NamedTuple):
    """A signature that the lock needs."""

    role: str
    site: str | None
    person: str | None  # whose signature stands; None: nobody's
    name: str | None  # as printed


class StaffShown(NamedTuple):
    """A role that somebody of the staff has or had."""

    person: str
    name: str | None  # as printed
    role: str
    site: str | None
    ended: bool


class Checklist(NamedTuple):
    """What the lock still needs."""

    gaps: tuple[lists.Gap, ...]
    waived: tuple[lists.Gap, ...]
    approvals: tuple[ApprovalShown, ...]


def queries(log: Log, *, by: Actor) -> list[QueryShown]:
    """Every query of the participants whom a person works with, the unfinished ones first.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        found = [
            QueryShown(
                who.id,
                *(query.query, query.encounter, query.item, query.check, query.words),
                query.status,
                changed(who, query),
                query.said,
            )
            for who in own(session, by)
            for query in who.oversight.queries.values()
        ]
    return sorted(found, key=lambda query: query.status not in ("open", "answered"))


def forms(log: Log, name: str, *, by: Actor) -> list[FormShown]:
    """How far the forms of a participant are verified, reviewed and frozen.

    Raises:
        NotPermittedError: Not a task of this person, no such participant, or of another site.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        who = of_site(reading.participant(session, name), by)
    seen, values = who.oversight, who.values
    shown = []
    for form in log.study.forms.values():
        for encounter in log.study.collected[form.items[0].name]:
            keys = [Reference(item.name, encounter) for item in form.items]
            verified = {k.item: seen.verified.get(k) == values[k].hash for k in keys if k in values}
            now = held(values, asked(log.study, form.form, encounter))
            reviewed = {
                role: covers == now
                for (at, of, role), covers in seen.reviewed.items()
                if (at, of) == (encounter, form.form)
            }
            if verified:
                frozen = not seen.frozen.isdisjoint({None, encounter})
                shown.append(FormShown(encounter, form.form, verified, reviewed, frozen))
    return shown


def deviations(log: Log, *, by: Actor) -> list[DeviationShown]:
    """Recorded deviations, and those that follow from the records and are not recorded yet.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        return [one for who in own(session, by) for one in _deviations(log, who)]


def checklist(log: Log, *, by: Actor, at: datetime) -> Checklist:
    """What the lock still needs; a person of a site sees what concerns the site.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        trial = reading.trial(session)
        admit(trial, by, READS["main"])
        everybody = list(reading.everybody(session))
    own = [who for who in everybody if by.role not in AT_SITE or who.site == by.site]
    names = {who.id for who in own}
    return Checklist(
        lists.gaps(log.study, trial, own, at.date()),
        tuple(
            lists.Gap(item, name)
            for item, name in sorted(trial.closing.waived)
            if name.split(" ")[0] in names
        ),
        tuple(
            ApprovalShown(needed.role, needed.site, person, trial.names.get(person or ""))
            for needed, given in lists.approvals(trial, everybody).items()
            for person in [given.by.person if given else None]
        ),
    )


def reconsents(log: Log, *, by: Actor, at: datetime) -> tuple[Due, ...]:
    """Who is to consent again.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        return reconsent_due(log.study, own(session, by), at.date())


def versions(log: Log, *, by: Actor) -> dict[str, str]:
    """The version of the protocol that each site works under.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    trial = log.trial()
    admit(trial, by, READS["main"])
    sites = [site.name for site in log.study.protocol.sites]
    return {site: trial.version_at(site).version for site in sites}


def screened_under(log: Log, *, by: Actor) -> dict[str, str | None]:
    """The version of the protocol by which each participant's eligibility was judged last.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        return {who.id: who.deviations.screened_under for who in own(session, by)}


def _deviations(log: Log, who: Participant) -> Iterator[DeviationShown]:
    for one in who.deviations.recorded.values():
        known = (who.id, one.deviation, one.category, one.severity, str(one.on), {"": one.text})
        yield DeviationShown(*known, one.rule, one.reviewed_by is not None)
    for found in unrecorded(log.study, who):
        words = {language: found.words(language) for language in LANGUAGES}
        on = str(found.on) if found.on else None
        yield DeviationShown(
            who.id, None, found.category, None, on, words, found.rule, reviewed=False
        )


def staff(log: Log, *, by: Actor) -> list[StaffShown]:
    """Who has or had which role, in the order of appointment; participants are not of the staff.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    trial = log.trial()
    admit(trial, by, READS["main"] | {Role.ADMINISTRATOR})
    return [
        StaffShown(one.person, trial.names.get(one.person), one.role, one.site, ended=ended)
        for one in dict.fromkeys(trial.appointed)
        if one.role != Role.PARTICIPANT
        for ended in [one not in trial.staff]
    ]
