"""Versions of the consent form: which one is in force, and who is due to sign a new one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.state.participant import Participant
from equipoise.errors import ConductError, nearest
from equipoise.protocol.study import ConsentForm
from equipoise.protocol.whole import Study


class Due(NamedTuple):
    """A participant who is to consent again."""

    participant: str
    signed: str  # the version signed last
    due: str  # the version to sign
    since: str  # the day from which on it is used


def in_force(study: Study, on: date) -> ConsentForm | None:
    """The version of the consent form used on a day; None where the protocol names none."""
    used = [form for form in study.protocol.consents if (form.since or "") <= on.isoformat()]
    return used[-1] if used else None


def usable(study: Study, version: str, language: str, signed: PartialDate) -> None:
    """Refuse a form that is not used on that day, or not in that language.

    Raises:
        ConductError: It is unknown, not used yet, not used any more, or not in this language.
    """
    known = {form.version: form for form in study.protocol.consents}
    if not known:
        return
    if signed.month is None or signed.day is None:
        raise ConductError(f"the day of consent is {signed}; give the whole date")
    on = date(signed.year, signed.month, signed.day)
    if version not in known:
        raise ConductError(f"the protocol has no consent form {version}.{nearest(version, known)}")
    used = in_force(study, on)
    if used is None or used.version != version:
        instead = used.version if used else f"none before {known[version].since}"
        raise ConductError(f"{version} is not the consent form used on {on}; that is {instead}")
    if language not in used.languages:
        raise ConductError(f"{version} was approved in {', '.join(used.languages)}, not {language}")


def in_study(who: Participant) -> bool:
    """Whether a participant has still something before them: not left, completed, or ineligible."""
    failed = who.randomised is None and who.screened is not None and who.screened.eligible == "no"
    return not (failed or who.withdrawn or who.disposition.completed)


def reconsent_due(study: Study, people: Iterable[Participant], on: date) -> tuple[Due, ...]:
    """Who of those still in the study signed a version before one that demands to sign again."""
    forms = [form for form in study.protocol.consents if (form.since or "") <= on.isoformat()]
    order = [form.version for form in forms]
    due = []
    for who in people:
        if not in_study(who):
            continue
        signed = [order.index(c.form) for c in who.consents if c.form in order]
        last = max(signed, default=-1)
        demanding = [form for form in forms[last + 1 :] if form.reconsent]
        if demanding:
            newest, since = forms[-1].version, demanding[0].since or ""
            due.append(Due(who.id, who.consents[-1].form, newest, since))
    return tuple(due)
