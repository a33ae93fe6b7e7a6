"""Safety in the two-world test: adverse events, readers and chair, an emergency, the committee."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import structs

from equipoise.conduct import committee, pack, vault
from equipoise.conduct.canonical import canonical
from equipoise.conduct.commands.adjudication import (
    GiveVerdict,
    PrepareDossier,
    SettleDisagreement,
)
from equipoise.conduct.commands.safety import (
    CodeAdverseEvent,
    FileReport,
    FollowUpAdverseEvent,
    ReportAdverseEvent,
)
from equipoise.conduct.commands.unblinding import Unblind
from equipoise.conduct.commands.values import PartialDate, Record
from equipoise.conduct.sealed import Key, public_of
from equipoise.conduct.views import adjudication as read
from equipoise.conduct.views import committee as packs
from equipoise.conduct.views import safety as events
from equipoise.conduct.views import unblinding as emergency

from .adverse import FATAL, HEADACHE, SERIOUS, UNEXPECTED

NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = PartialDate(2026, 1, 5)
CODES = ("D-ZZZZZZZZ", "D-22222222", "D-KKKKKKKK")
ONCE = Key(b"k" * 32, public_of(b"k" * 32))  # both worlds make the same key
WHY = "collapsed on the ward"


def play(world, people: list[str]) -> None:
    """Events, verdicts and an emergency, with mistakes in it."""
    do, staff = world.do, world.scene
    for name, account in zip(people, (SERIOUS, UNEXPECTED, FATAL, HEADACHE), strict=False):
        do(ReportAdverseEvent(name, account), staff.investigator)
    do(FollowUpAdverseEvent(people[3], 1, SERIOUS, "went to hospital"), staff.sub_investigator)
    rash = HEADACHE._replace(term=None, verbatim="a rash")
    do(ReportAdverseEvent(people[4], rash), staff.investigator)
    do(CodeAdverseEvent(people[4], 1, "Rash", "MedDRA 27.0", "10037844"), staff.data_manager)
    do(FileReport(people[0], 1, "sponsor", "2026-01-05T11:00+08:00"), staff.investigator)
    for name, code in zip(people[1:], CODES, strict=False):
        do(PrepareDossier(name, 1, code, "a headache after the dose"), staff.data_manager)
        do(GiveVerdict(code, "yes", "related", "at once"), staff.adjudicator)
        do(GiveVerdict(code, "yes", "related", "again"), staff.adjudicator)
    do(GiveVerdict(CODES[0], "no", "related", "it passed"), staff.second_adjudicator)
    do(SettleDisagreement(CODES[0], "yes", "related", "in hospital"), staff.chair)
    do(SettleDisagreement(CODES[1], "yes", "related", "in hospital"), staff.chair)
    do(Unblind(people[4], WHY, "passkey", key=ONCE.public.hex()), staff.investigator)
    do(Unblind(people[0], WHY, "passkey", key=ONCE.public.hex()), staff.nurse)
    do(Unblind(people[5], WHY, "passkey", opened="2026-01-05T12:00+08:00"), staff.investigator)
    do(Record(people[4], "WEEK4", "SBP", "120", TODAY, "mmHg"), staff.investigator)


def asks(log, people: list[str], actor) -> list:
    """Everything about safety that a person can ask to be shown, allowed or not."""

    def page(lang):
        return pack.page(log.study, packs.open_pack(log, by=actor, at=NOON), lang)

    def notices():
        found = emergency.notices(log, by=actor)
        return [(one, one.words("en"), one.words("zh")) for one in found]

    asked = [
        lambda: [asdict(task) for task in events.tasks(log, by=actor, at=NOON)],
        lambda: read.dossiers(log, by=actor),
        notices,
        lambda: page("en"),
        lambda: page("zh"),
        lambda: packs.open_pack(log, by=actor, at=NOON).json,
        lambda: canonical(packs.material(log, by=actor, at=NOON)),
    ]
    for name in people:
        asked += [
            lambda name=name: events.adverse_events(log, name, by=actor),
            lambda name=name: emergency.assessments(log, name, by=actor),
            lambda name=name: emergency.glass(
                log, name, by=actor, key=ONCE.public, private=b"s" * 32
            ),
        ]
    return asked + [lambda code=code: read.dossier(log, code, by=actor) for code in CODES]


def _of(world, slot: str) -> str:
    """The arm of a slot, in this world."""
    for name, arm in world.arms.items():
        if world.scene.log.participant(name).randomised.slot == slot:
            return arm
    return ""


def audit_text_of_an_unblinding(patch, world):
    """The line of the log says what was found."""
    decide = Unblind.decide

    def told(self, now):
        (event,) = decide(self, now)
        return (structs.replace(event, slot=f"{event.slot} {world.arms[self.participant]}"),)

    patch.setattr(Unblind, "decide", told)


def notice_of_an_unblinding(patch, world):
    """The notice to the blinded tells the arm."""
    found = emergency.notices

    def told(log, *, by):
        return [
            replace(one, reason=f"{one.reason} ({world.arms[one.participant]})")
            for one in found(log, by=by)
        ]

    patch.setattr(emergency, "notices", told)


def order_of_dossiers(patch, world):
    """Readers are given the dossiers of one arm first."""
    listed, owner = read.dossiers, dict(zip(CODES, (f"S1-{n:03}" for n in (1, 2, 3)), strict=True))

    def by_arm(log, *, by):
        return sorted(listed(log, by=by), key=lambda code: world.arms[owner[code]])

    patch.setattr(read, "dossiers", by_arm)


def deadline_by_arm(patch, world):
    """Events under the active product count as unexpected."""
    decide = ReportAdverseEvent.decide

    def judged(self, now):
        (event,) = decide(self, now)
        active = world.arms.get(self.participant) == "TABLET"
        return (structs.replace(event, expected="no" if active else "yes"),)

    patch.setattr(ReportAdverseEvent, "decide", judged)


def columns_of_the_open_pack(patch, world):
    """The open pack has a column for each arm, though it does not name them."""

    def split(log, *, by, at):
        pooled(log, by=by, at=at)
        material = packs.material(log, by=world.scene.committee_statistician, at=at)
        arms = {person.slot: _of(world, person.slot) for person in material.people}
        return replace(committee.by_arm(log.study, material, arms), kind="open")

    pooled = packs.open_pack
    patch.setattr(packs, "open_pack", split)


def arm_in_the_request(patch, world):
    """The trial's machine opens the box itself and sends the arm along."""
    handed = vault.glass

    def opened(line, before, slot, box, **said):
        made = handed(line, before, slot, box, **said)
        return made._replace(box=f"{box}{_of(world, slot.slot)}")

    patch.setattr(vault, "glass", opened)


LEAKS = [
    audit_text_of_an_unblinding,
    notice_of_an_unblinding,
    order_of_dossiers,
    deadline_by_arm,
    columns_of_the_open_pack,
    arm_in_the_request,
]
