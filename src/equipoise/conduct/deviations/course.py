"""Rules about consent, eligibility, randomisation and visits."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.deviations.implied import Implied
from equipoise.conduct.judgement import judged, stratum
from equipoise.conduct.schedule import schedule, timings
from equipoise.conduct.state.participant import Participant
from equipoise.errors import ConductError
from equipoise.protocol.model import Text
from equipoise.protocol.question import Question
from equipoise.protocol.whole import Study


def before_consent(_: Study, who: Participant) -> Iterator[Implied]:
    """Something of the study was done before the person consented."""
    first = min((value.on for value in who.values.values()), key=_order, default=None)
    consented = who.consents[0].on
    if first and _whole(first) and _whole(consented) and _order(first) < _order(consented):
        words = Text(
            en=f"Values of {first}; consent was given on {consented}.",
            zh=f"{first}已有记录，知情同意日期为{consented}。",
        )
        yield Implied("before consent", "consent", first, words)


def late_reconsent(study: Study, who: Participant) -> Iterator[Implied]:
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


def ineligible(study: Study, who: Participant) -> Iterator[Implied]:
    """What is recorded now of a randomised participant does not meet the criteria.

    Who was judged under an earlier version of the protocol was eligible by that; here only what was
    corrected since is judged.
    """
    if who.randomised is None:
        return
    try:
        answers = judged(study, who).answers
    except ConductError:
        return  # a value that is not allowed any more is a discrepancy
    wanted = {"inclusion": "yes", "exclusion": "no"}
    failing = ", ".join(
        criterion.id
        for criterion in study.protocol.eligibility
        if answers[criterion.id] != wanted[criterion.kind]
        and _judged_anew(study, who, study.criteria[criterion.id])
    )
    if failing:
        words = Text(
            en=f"By what is recorded now, the criteria are not met: {failing}.",
            zh=f"按目前记录，不符合标准：{failing}。",
        )
        yield Implied(f"eligibility {failing}", "eligibility", None, words)


def _judged_anew(study: Study, who: Participant, question: Question) -> bool:
    """Whether the answer is of this version of the protocol, or rests on a later correction."""
    if who.deviations.screened_under == study.protocol.version:
        return True
    asked = list(question.needs)
    for key in asked:  # grows by what derived items are made from
        asked += study.derivations[key].needs if key in study.derivations else ()
    return any(who.corrected.get(key, 0) > who.deviations.screened_line for key in asked)


def wrong_stratum(study: Study, who: Participant) -> Iterator[Implied]:
    """The stratum that the slot was taken from is not the one that the records give."""
    anew = (_judged_anew(study, who, factor) for factor in study.factors.values())
    if who.randomised is None or not any(anew):
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


def visits(study: Study, who: Participant) -> Iterator[Implied]:
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


def _order(on: PartialDate) -> tuple[int, int, int]:
    return on.year, on.month or 0, on.day or 0


def _whole(on: PartialDate) -> bool:
    return on.month is not None and on.day is not None
