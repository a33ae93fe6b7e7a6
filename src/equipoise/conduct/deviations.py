"""Deviations that follow from the records, whether or not anybody wrote them down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from equipoise.answer import WORDS, YES
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.judgement import judged, stratum
from equipoise.conduct.schedule import schedule, timings
from equipoise.conduct.state.participant import Participant
from equipoise.errors import ConductError
from equipoise.protocol.model import Text
from equipoise.protocol.whole import Study

CATEGORIES: Final[Mapping[str, Text]] = {
    "consent": Text(en="Informed consent", zh="知情同意"),
    "eligibility": Text(en="Eligibility", zh="入选与排除标准"),
    "randomisation": Text(en="Randomisation", zh="随机化"),
    "treatment": Text(en="Treatment", zh="研究治疗"),
    "medicine": Text(en="Medicine that is not allowed", zh="违禁合并用药"),
    "visit": Text(en="Visit or its window", zh="访视及其时间窗"),
    "procedure": Text(en="Examination or procedure", zh="检查或操作"),
    "blinding": Text(en="Blinding", zh="盲态"),
    "confidentiality": Text(en="Confidentiality", zh="隐私与保密"),
    "other": Text(en="Other", zh="其他"),
}
SEVERITIES: Final[Mapping[str, Text]] = {
    "minor": Text(en="Minor", zh="轻微"),
    "major": Text(
        en="Major: may affect rights, safety or the main result",
        zh="重大：可能影响权益、安全或主要结果",
    ),
}


class Implied(NamedTuple):
    """A deviation that the records tell.

    Attributes:
        rule: What found it, and where; the same finding has the same name for ever.
        on: The day, where the records say one.
    """

    rule: str
    category: str
    on: PartialDate | None
    words: Text


def implied(study: Study, who: Participant) -> tuple[Implied, ...]:
    """Every deviation that the records of a participant tell."""
    return tuple(found for rule in RULES for found in rule(study, who))


def unrecorded(study: Study, who: Participant) -> tuple[Implied, ...]:
    """Those of them that nobody has recorded yet."""
    return tuple(one for one in implied(study, who) if one.rule not in who.deviations.rules)


def _before_consent(_: Study, who: Participant) -> Iterator[Implied]:
    """Something of the study was done before the person consented."""
    first = min((value.on for value in who.values.values()), key=_order, default=None)
    consented = who.consents[0].on
    if first and _whole(first) and _whole(consented) and _order(first) < _order(consented):
        words = Text(
            en=f"Values of {first}; consent was given on {consented}.",
            zh=f"{first}已有记录，知情同意日期为{consented}。",
        )
        yield Implied("before consent", "consent", first, words)


def _late_reconsent(study: Study, who: Participant) -> Iterator[Implied]:
    """A visit was held while a new consent form was due and not signed."""
    order = [form.version for form in study.protocol.consents]
    for place, form in enumerate(study.protocol.consents):
        if not form.reconsent or form.since is None:
            continue
        signed = [str(c.on) for c in who.consents if c.form in order[place:]]
        for encounter, on in who.visits.days.items():
            if on and form.since <= str(on) < min(signed, default="9999"):
                words = Text(
                    en=f"{encounter} on {on} was without {form.version}, used since {form.since}.",
                    zh=f"{encounter}于{on}进行，未签署自{form.since}起使用的{form.version}。",
                )
                yield Implied(f"consent {form.version} {encounter}", "consent", on, words)


def _ineligible(study: Study, who: Participant) -> Iterator[Implied]:
    """What is recorded now of a randomised participant does not meet the criteria."""
    if who.randomised is None or who.deviations.screened_under != study.protocol.version:
        return
    now = judged(study, who)
    if now.eligible != WORDS[YES]:
        wanted = {"inclusion": "yes", "exclusion": "no"}
        failing = ", ".join(
            criterion.id
            for criterion in study.protocol.eligibility
            if now.answers[criterion.id] != wanted[criterion.kind]
        )
        words = Text(
            en=f"By what is recorded now, the criteria are not met: {failing}.",
            zh=f"按目前记录，不符合标准：{failing}。",
        )
        yield Implied(f"eligibility {failing}", "eligibility", None, words)


def _wrong_stratum(study: Study, who: Participant) -> Iterator[Implied]:
    """The stratum that the slot was taken from is not the one that the records give."""
    if who.randomised is None or who.deviations.screened_under != study.protocol.version:
        return
    try:
        right = stratum(study, who)
    except ConductError:
        right = "?"  # a value that decides it is not there any more
    if right != who.randomised.stratum:
        words = Text(
            en=f"Randomised in stratum {who.randomised.stratum}; the records give {right}.",
            zh=f"按{who.randomised.stratum}层随机，记录应为{right}。",
        )
        yield Implied(f"stratum {right}", "randomisation", None, words)


def _visits(study: Study, who: Participant) -> Iterator[Implied]:
    """A visit was missed, or held outside its window."""
    planned = {one.encounter: one for one in schedule(study, who)}
    for encounter, said in timings(study, who).items():
        on = who.visits.days[encounter]
        if said == "missed":
            words = Text(en=f"{encounter} was missed.", zh=f"{encounter}访视缺失。")
            due = PartialDate.parse(planned[encounter].planned.isoformat())
            yield Implied(f"visit {encounter} missed", "visit", due, words)
        elif said != "in window":
            window = planned[encounter]
            words = Text(
                en=f"{encounter} was held on {on}; its window is {window.first} to {window.last}.",
                zh=f"{encounter}于{on}进行，时间窗为{window.first}至{window.last}。",
            )
            yield Implied(f"visit {encounter} {said} {on}", "visit", on, words)


def _doses(_: Study, who: Participant) -> Iterator[Implied]:
    """A dose was not given although the treatment goes on, not wholly, or before its check."""
    for encounter in sorted(who.doses.missed):
        if who.disposition.discontinued is None and encounter not in who.doses.infused:
            words = Text(en=f"The dose at {encounter} was not given.", zh=f"{encounter}未给药。")
            on = who.visits.held(encounter)
            yield Implied(f"dose {encounter} not given", "treatment", on, words)
    for encounter, infusion in who.doses.infused.items():
        on, bag = PartialDate.parse(infusion.started[:10]), who.doses.bags.get(encounter)
        checked = f"{bag.checked:%Y-%m-%dT%H:%M}" if bag and bag.checked else ""
        if infusion.started < checked:
            words = Text(
                en=f"The dose at {encounter} was begun at {infusion.started}; the second check of "
                f"its bag was recorded at {checked}.",
                zh=f"{encounter}给药始于{infusion.started}，第二人核对记录于{checked}。",
            )
            yield Implied(f"dose {encounter} before its check", "treatment", on, words)
        if infusion.given == "partly given":
            words = Text(
                en=f"The dose at {encounter} was given only in part.", zh=f"{encounter}仅部分给药。"
            )
            yield Implied(f"dose {encounter} in part", "treatment", on, words)


def _order(on: PartialDate) -> tuple[int, int, int]:
    return on.year, on.month or 0, on.day or 0


def _whole(on: PartialDate) -> bool:
    return on.month is not None and on.day is not None


RULES: Final[tuple[Callable[[Study, Participant], Iterator[Implied]], ...]] = (
    _before_consent,
    _late_reconsent,
    _ineligible,
    _wrong_stratum,
    _visits,
    _doses,
)
