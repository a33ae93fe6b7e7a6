"""What is to be done for a participant on a day: visits, contacts, decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from equipoise.conduct import titrating
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.chart import use_by
from equipoise.conduct.commands.days import whole
from equipoise.conduct.schedule import schedule
from equipoise.conduct.state.participant import Participant
from equipoise.protocol.whole import Study
from equipoise.rules import disposition

DUE, OVERDUE, OUT = "due", "overdue", "out of window"
What = Literal[
    "hold visit",
    "infuse",
    "observe",
    "contact",
    "decide dose",
    "stop medicine",
    "withdraw",
    "end after death",
]
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "hold visit": ("Hold the visit", "完成访视"),
    "infuse": ("Give the bag, which is checked", "给予已核对的药袋"),
    "observe": ("Complete the observations after the dose", "完成给药后观察"),
    "end after death": ("Record the death as the end of the study", "将死亡记录为研究终止"),
    "contact": ("Hold the titration contact", "进行滴定联系"),
    "decide dose": ("Decide on the proposed dose", "决定建议剂量"),
    "stop medicine": ("Stop the titrated medicine", "停用滴定药物"),
    "withdraw": ("Withdraw: uncontrolled above the limit", "退出研究：超过剂量上限仍未控制"),
    DUE: ("due", "到期"),
    OVERDUE: ("overdue", "逾期"),
    OUT: ("out of window", "超出窗口"),
}
"""English and Chinese for every task and state."""


class Task(NamedTuple):
    """Something to be done.

    Attributes:
        encounter: Of a visit or dose, else None.
        planned: The day for which it was planned, or on which it arose.
        last: The last day of its window, or None: as soon as possible.
        state: ``due``; ``overdue``: after the planned day; ``out of window``: after the last one.
        bag: The code of the bag to give.
        use_by: Until when, at the site; None: the protocol has no limit.
    """

    participant: str
    what: What
    encounter: str | None
    planned: date
    last: date | None
    state: str
    bag: str | None = None
    use_by: str | None = None


def tasks(study: Study, who: Participant, on: date) -> tuple[Task, ...]:
    """What is to be done for a participant on a day, by the day planned; nothing after leaving."""
    if who.withdrawn or who.disposition.completed or not who.consents:
        return ()
    if died := who.adverse_events.died:
        return (Task(who.id, "end after death", None, _first(died), None, DUE),)
    found = [*_visits(study, who, on), *_bags(study, who, on), *_observations(study, who, on)]
    if study.protocol.titration is not None and who.randomised is not None:
        found += [*_contact(study, who, on), *_decisions(study, who)]
    return tuple(sorted(found, key=lambda task: (task.planned, task.what)))


def _visits(study: Study, who: Participant, on: date) -> Iterator[Task]:
    for visit in schedule(study, who):
        waits = who.randomised is not None or visit.encounter == study.protocol.screening
        if visit.encounter in who.visits.days or not waits or on < visit.first:
            continue
        state = OUT if on > visit.last else OVERDUE if on > visit.planned else DUE
        yield Task(who.id, "hold visit", visit.encounter, visit.planned, visit.last, state)


def _bags(study: Study, who: Participant, on: date) -> Iterator[Task]:
    """The bags at hand: made up and checked, and not given yet."""
    zones = {site.name: ZoneInfo(site.timezone) for site in study.protocol.sites}
    now = datetime.combine(on, time.min, zones.get(who.site or ""))
    for encounter, bag in who.doses.bags.items():
        over = encounter in who.doses.infused or encounter in who.doses.missed
        if bag.checked is None or over or who.disposition.discontinued:
            continue
        limit = use_by(study, bag.begun, now)
        last = limit.date() if limit else None
        state = OVERDUE if last and on > last else DUE
        until = limit.isoformat(timespec="minutes") if limit else None
        yield Task(who.id, "infuse", encounter, bag.checked.date(), last, state, bag.code, until)


def _observations(study: Study, who: Participant, on: date) -> Iterator[Task]:
    """The points of the chart that are not recorded, from the day of the first of them."""
    watch = study.protocol.dosing.watch
    if watch is None:
        return
    for encounter, infusion in who.doses.infused.items():
        started, seen = datetime.fromisoformat(infusion.started), who.doses.observed
        open_ = [
            (started + timedelta(minutes=minute)).date()
            for minute in watch.minutes
            if minute not in seen.get(encounter, {})
        ]
        if open_ and open_[0] <= on:
            state = OVERDUE if open_[0] < on else DUE
            yield Task(who.id, "observe", encounter, open_[0], open_[-1], state)


def _first(on: PartialDate) -> date:
    return date(on.year, on.month or 1, on.day or 1)


def _contact(study: Study, who: Participant, on: date) -> Iterator[Task]:
    """The next contact, ``every`` so many days after the last, while titration lasts."""
    planned, protocol = titrating.planned(study), study.protocol
    began = who.visits.held(planned.first or protocol.baseline)
    ended = who.visits.held(planned.last or protocol.encounters[-1].name)
    if began is None or ended is not None or who.medicine.stopped or who.medicine.waiting:
        return
    every = timedelta(days=int(planned.every.known("titration.every")))
    due = whole(who.medicine.since or began) + every
    if on >= due:
        yield Task(who.id, "contact", None, due, None, OVERDUE if on > due else DUE)


def _decisions(study: Study, who: Participant) -> Iterator[Task]:
    """A proposal to decide; and what the limits demand at the dose proposed or prescribed."""
    proposal = who.medicine.proposal
    if proposal is None or who.medicine.stopped:
        return
    at = whole(proposal.on)
    if who.medicine.waiting:
        yield Task(who.id, "decide dose", None, at, None, DUE)
    dose = proposal.proposed if who.medicine.waiting else who.medicine.dose or 0
    weight = titrating.weight(study, who, str(proposal.on))
    demanded = titrating.following(study, dose, weight, titrating.seen(proposal))
    if demanded == disposition.STOP_INSULIN:
        yield Task(who.id, "stop medicine", None, at, None, DUE)
    elif demanded == disposition.WITHDRAW:
        yield Task(who.id, "withdraw", None, at, None, DUE)
