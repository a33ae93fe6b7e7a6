"""Rules about the product, what was seen after it, and the titrated medicine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from equipoise.conduct import titrating
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.chart import use_by
from equipoise.conduct.commands.days import whole
from equipoise.conduct.deviations.implied import Implied
from equipoise.conduct.events.infusion import OtherBagInfused
from equipoise.conduct.events.titration import TitrationProposed
from equipoise.conduct.schedule import schedule
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.titration import STOP
from equipoise.protocol.model import Text
from equipoise.protocol.question import Reference
from equipoise.protocol.whole import Study
from equipoise.rules.disposition import CONTINUE, WITHDRAW

_ANY: Final = datetime(2000, 1, 1, tzinfo=UTC)


def _irregular(
    study: Study, who: Participant, encounter: str, on: PartialDate
) -> Iterator[Implied]:
    """A dose outside its window, of another bag, used too late, not scanned, by another weight."""
    infusion, bag = who.doses.infused[encounter], who.doses.bags.get(encounter)
    for visit in schedule(study, who):
        if visit.encounter == encounter and not visit.first <= whole(on) <= visit.last:
            said = "early" if whole(on) < visit.first else "late"
            words = Text(
                en=f"The dose at {encounter} was given on {on}; its window is {visit.first} to "
                f"{visit.last}.",
                zh=f"{encounter}于{on}给药，时间窗为{visit.first}至{visit.last}。",
            )
            yield Implied(f"dose {encounter} {said} {on}", "treatment", on, words)
    if isinstance(infusion, OtherBagInfused):
        words = Text(
            en=f"At {encounter} bag {infusion.bag} was given, which was not meant for it.",
            zh=f"{encounter}输注了并非为其配制的{infusion.bag}号袋。",
        )
        yield Implied(f"dose {encounter} of another bag", "treatment", on, words)
        return
    if bag is None:
        return
    limit = use_by(study, bag.begun, _ANY)
    if limit and infusion.ended > f"{limit:%Y-%m-%dT%H:%M}":
        words = Text(
            en=f"The dose at {encounter} ended at {infusion.ended}; the bag was to be used by "
            f"{limit:%Y-%m-%dT%H:%M}.",
            zh=f"{encounter}给药结束于{infusion.ended}，应在{limit:%Y-%m-%dT%H:%M}前用完。",
        )
        yield Implied(f"dose {encounter} after its time", "treatment", on, words)
    if who.doses.scanned.get(encounter) != infusion.bag:
        words = Text(
            en=f"The bag of {encounter} was given without a scan of its code.",
            zh=f"{encounter}给药前未扫描袋码。",
        )
        yield Implied(f"dose {encounter} not scanned", "treatment", on, words)
    weight = Reference(study.protocol.dosing.weight or "", encounter)
    if who.corrected.get(weight, 0) > bag.line:
        words = Text(
            en=f"The dose at {encounter} was made up before {weight.item} was corrected.",
            zh=f"{encounter}的剂量在{weight.item}更正前配制。",
        )
        yield Implied(f"dose {encounter} by another weight", "treatment", on, words)


def demands(study: Study, who: Participant) -> Iterator[Implied]:
    """At a contact the limits demanded a stop or the end, and the next contact came without it."""
    plan = study.protocol.titration
    if plan is None:
        return
    for proposal in who.medicine.proposals[:-1]:
        decided = who.medicine.decided.get(str(proposal.on))
        if decided is None or decided.decision in ("stopped", "withdrawn"):
            continue
        weight = titrating.weight(study, who, str(proposal.on))
        demanded = titrating.following(study, decided.dose, weight, titrating.seen(proposal))
        limit = plan.withdraw if demanded == WITHDRAW else plan.stop
        if demanded != CONTINUE and limit and not _heeded(who, proposal, demanded):
            words = Text(
                en=f"Contact of {proposal.on}: {limit.then('en')} was demanded; "
                f"{decided.dose} U/d were prescribed.",
                zh=f"{proposal.on}联系：方案要求“{limit.then('zh')}”；处方为{decided.dose} U/d。",
            )
            yield Implied(f"contact {proposal.on} demand", "treatment", proposal.on, words)


def _heeded(who: Participant, proposal: TitrationProposed, demanded: int) -> bool:
    """Whether what was demanded at a contact was done before the next."""
    days = [str(one.on) for one in who.medicine.proposals]
    following = days[days.index(str(proposal.on)) + 1]
    done = [one.on for one in who.medicine.prescribed if one.of == STOP]
    if demanded == WITHDRAW:
        done = [who.disposition.left] if who.disposition.left else []
    return any(str(proposal.on) <= str(on) <= following for on in done)


def doses(study: Study, who: Participant) -> Iterator[Implied]:
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
        yield from _irregular(study, who, encounter, on)
        if infusion.given == "partly given":
            words = Text(
                en=f"The dose at {encounter} was given only in part.", zh=f"{encounter}仅部分给药。"
            )
            yield Implied(f"dose {encounter} in part", "treatment", on, words)


def observations(study: Study, who: Participant) -> Iterator[Implied]:
    """After a dose somebody looked too early or too late, or not at all."""
    watch = study.protocol.dosing.watch
    if watch is None:
        return
    for encounter, infusion in who.doses.infused.items():
        started = datetime.fromisoformat(infusion.started)
        for point, seen in who.doses.observed.get(encounter, {}).items():
            on = PartialDate.parse(seen.seen[:10])
            due, at = started + timedelta(minutes=point), datetime.fromisoformat(seen.seen)
            if all(value is None for value in seen.values.values()):
                words = Text(
                    en=f"{encounter}: the observation at minute {point} was not made.",
                    zh=f"{encounter}：第{point}分钟未观察。",
                )
                yield Implied(f"observation {encounter} {point} not done", "procedure", on, words)
            elif at > due + timedelta(minutes=watch.late) or at < due - timedelta(
                minutes=watch.late
            ):
                words = Text(
                    en=f"{encounter}: the observation of minute {point} was made at {seen.seen}; "
                    f"it was due at {due:%Y-%m-%dT%H:%M}.",
                    zh=f"{encounter}：第{point}分钟的观察于{seen.seen}进行，应在{due:%Y-%m-%dT%H:%M}。",
                )
                yield Implied(f"observation {encounter} {point} off time", "procedure", on, words)
