"""What must be done before the records are locked: a list, item by item, name by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from equipoise.answer import NO, UNKNOWN, WORDS, YES
from equipoise.conduct import clocks
from equipoise.conduct.canonical import digest
from equipoise.conduct.consents import reconsent_due
from equipoise.conduct.deviations import unrecorded
from equipoise.conduct.discrepancies import unasked
from equipoise.conduct.roles import Role
from equipoise.conduct.schedule import schedule
from equipoise.conduct.state.lock import Approval
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.safety import AdverseEvent
from equipoise.conduct.state.trial import Trial
from equipoise.protocol.model import Text
from equipoise.protocol.whole import Study

COMPLETE: Final = "data are complete and correct"  # the meaning of a signature that is demanded
SIGNED: Final = "signatures"  # the item that is never waived
NAMED: Final = 5  # names of an item that a refusal lists


class Records(NamedTuple):
    """What the list is made from."""

    study: Study
    trial: Trial
    people: tuple[Participant, ...]
    on: date


class Gap(NamedTuple):
    """One thing that is missing."""

    item: str
    name: str  # which: participant, and what of the participant


def gaps(study: Study, trial: Trial, people: Iterable[Participant], on: date) -> tuple[Gap, ...]:
    """Everything that is missing and was not waived, in the order of the list."""
    now = Records(study, trial, tuple(people), on)
    found = (Gap(item, name) for item, find in _FINDS.items() for name in find(now))
    return tuple(gap for gap in found if gap not in trial.closing.waived)


def told(missing: Iterable[Gap]) -> str:
    """The gaps as a refusal tells them: each item with its number and its first names."""
    names: dict[str, list[str]] = {}
    for gap in missing:
        names.setdefault(gap.item, []).append(gap.name)
    return "; ".join(
        f"{ITEMS[item]('en')}: {len(of)} ({', '.join(of[:NAMED])}{', …' if of[NAMED:] else ''})"
        for item, of in names.items()
    )


def covered(trial: Trial, people: Iterable[Participant]) -> str:
    """The hash that an approval signs: the last entry about each participant and the trial."""
    return digest([trial.closing.last, [[who.id, who.last] for who in people]])


def approvals(trial: Trial, people: Iterable[Participant]) -> dict[Approver, Approval | None]:
    """Who must approve the lock, each with the signature that stands now, if one does."""
    everybody = tuple(people)
    wanted = [Approver(Role.DATA_MANAGER, None), Approver(Role.STATISTICIAN, None)]
    sites = sorted({who.site for who in everybody if who.site})
    wanted += [Approver(Role.INVESTIGATOR, site) for site in sites]
    now = covered(trial, everybody)
    standing = {
        Approver(one.by.role, one.by.site): one
        for one in trial.closing.approvals
        if one.covers == now
    }
    return {who: standing.get(who) for who in wanted}


class Approver(NamedTuple):
    """Whose signature the lock needs."""

    role: Role
    site: str | None


def _queries(now: Records) -> Iterator[str]:
    for who in now.people:
        for query in who.oversight.queries.values():
            if not query.finished:
                yield f"{who.id} {query.query}"


def _checks(now: Records) -> Iterator[str]:
    for who in now.people:
        for one in unasked(now.study, who):
            yield f"{who.id} {one.item}[{one.encounter}] {one.check}"


def _visits(now: Records) -> Iterator[str]:
    for who in now.people:
        end = who.disposition.left or who.disposition.completed
        for planned in schedule(now.study, who) if who.randomised else ():
            over = end is not None and str(planned.planned) > str(end)
            if planned.encounter not in who.visits.days and not over:
                yield f"{who.id} {planned.encounter}"


def _doses(now: Records) -> Iterator[str]:
    for who in now.people:
        for encounter in now.study.protocol.dosing.encounters if who.randomised else ():
            told_of = encounter in who.doses.infused or encounter in who.doses.missed
            if who.visits.held(encounter) and not told_of and not who.disposition.discontinued:
                yield f"{who.id} {encounter}"


def _observations(now: Records) -> Iterator[str]:
    watch = now.study.protocol.dosing.watch
    minutes = watch.minutes if watch else ()
    for who in now.people:
        for encounter in who.doses.infused:
            seen = who.doses.observed.get(encounter, {})
            yield from (f"{who.id} {encounter} {m}" for m in minutes if m not in seen)


def _lows(now: Records) -> Iterator[str]:
    for who in now.people:
        days = clocks.unreported_lows(who.diary.values, who.adverse_events.events)
        yield from (f"{who.id} {day}" for day, _ in days)


def _alarms(now: Records) -> Iterator[str]:
    for who in now.people:
        for one in clocks.unreported_alarms(now.study.protocol.dosing.watch, who):
            yield f"{who.id} {one.encounter} {one.point} {one.item}"


def _bags(now: Records) -> Iterator[str]:
    for who in now.people:
        for encounter, bag in who.doses.bags.items():
            if encounter not in who.doses.infused:
                yield f"{who.id} {bag.code}"


def _proposals(now: Records) -> Iterator[str]:
    for who in now.people:
        if who.medicine.waiting and not who.withdrawn:
            yield f"{who.id} {who.medicine.waiting.on}"


def _reports(now: Records) -> Iterator[str]:
    for name, event in _adverse_events(now):
        yield from (f"{name} to {due.to}" for due in clocks.duties(event) if due.filed is None)


def _ends(now: Records) -> Iterator[str]:
    for who in now.people:
        failed = who.randomised is None and who.screened and who.screened.eligible == WORDS[NO]
        if not (failed or who.disposition.left or who.disposition.completed):
            yield who.id


def _adverse_events(now: Records) -> Iterator[tuple[str, AdverseEvent]]:
    for who in now.people:
        yield from ((f"{who.id} {event.number}", event) for event in who.adverse_events.events)


def _events(now: Records) -> Iterator[str]:
    for name, event in _adverse_events(now):
        open_ = event.now.end is None and event.now.outcome in ("recovered", "recovering")
        if open_ or clocks.serious(event.now) == UNKNOWN:
            yield name


def _coding(now: Records) -> Iterator[str]:
    yield from (name for name, event in _adverse_events(now) if event.term is None)


def _adjudication(now: Records) -> Iterator[str]:
    for name, event in _adverse_events(now):
        if clocks.serious(event.now) == YES and not event.dossiers:
            yield name
    yield from (code for code, file in now.trial.adjudication.files.items() if file.outcome is None)


def _found(now: Records) -> Iterator[str]:
    for who in now.people:
        for one in unrecorded(now.study, who):
            yield f"{who.id} {one.rule}"


def _reviews(now: Records) -> Iterator[str]:
    for who in now.people:
        for one in who.deviations.recorded.values():
            if one.reviewed_by is None:
                yield f"{who.id} {one.deviation}"


def _consents(now: Records) -> Iterator[str]:
    for due in reconsent_due(now.study, now.people, now.on):
        yield f"{due.participant} {due.due}"


def _signatures(now: Records) -> Iterator[str]:
    for who in now.people:
        signed = {
            one.encounter
            for one in who.signatures
            if one.meaning == COMPLETE and one.by.role == Role.INVESTIGATOR and who.stands(one)
        }
        for encounter in who.held:
            if encounter is not None and signed.isdisjoint({None, encounter}):
                yield f"{who.id} {encounter or 'outside visits'}"


Find = Callable[[Records], Iterator[str]]
_LIST: Final[Mapping[str, tuple[Find, Text]]] = {
    "visits": (_visits, Text(en="visits not recorded", zh="未记录的访视")),
    "doses": (_doses, Text(en="doses not recorded", zh="未记录的给药")),
    "observations": (
        _observations,
        Text(en="observations after a dose not recorded", zh="未记录的给药后观察"),
    ),
    "bags": (_bags, Text(en="bags neither given nor discarded", zh="未使用也未销毁的袋子")),
    "proposals": (_proposals, Text(en="proposed doses not decided", zh="未决定的建议剂量")),
    "ends": (
        _ends,
        Text(en="participants still in screening or in the study", zh="仍在筛选或研究中的参与者"),
    ),
    "checks": (_checks, Text(en="discrepancies not queried", zh="未发出质疑的数据问题")),
    "queries": (_queries, Text(en="queries not closed", zh="未关闭的质疑")),
    "adverse events": (
        _events,
        Text(
            en="adverse events without an end, a final outcome or a known seriousness",
            zh="无结束日期、最终转归或严重性不明的不良事件",
        ),
    ),
    "lows": (
        _lows,
        Text(
            en="days with home readings below 3.0 mmol/L without an adverse event",
            zh="血糖低于3.0 mmol/L但未报告不良事件的日期",
        ),
    ),
    "alarms": (
        _alarms,
        Text(
            en="observations that are adverse events and not reported",
            zh="应报告为不良事件但未报告的观察值",
        ),
    ),
    "reports": (_reports, Text(en="safety reports not sent", zh="未提交的安全性报告")),
    "coding": (_coding, Text(en="adverse events without a code", zh="未编码的不良事件")),
    "adjudication": (
        _adjudication,
        Text(en="serious events not adjudicated", zh="未完成裁定的严重事件"),
    ),
    "deviations": (_found, Text(en="deviations not recorded", zh="未记录的方案偏离")),
    "reviews": (_reviews, Text(en="deviations not reviewed", zh="未审核的方案偏离")),
    "consents": (_consents, Text(en="consents to sign again", zh="待重新签署的知情同意书")),
    SIGNED: (_signatures, Text(en="signatures missing or broken", zh="缺失或已失效的签名")),
}
_FINDS: Final = {item: find for item, (find, _) in _LIST.items()}
ITEMS: Final[Mapping[str, Text]] = {item: words for item, (_, words) in _LIST.items()}
"""The items of the checklist, by name: what is counted, in words."""
