"""The product in the two-world test: lots, bench, second check, bedside. Bags follow the arms."""

from __future__ import annotations

import random
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct import codes, views
from equipoise.conduct.bench import dose
from equipoise.conduct.bench.notes import note
from equipoise.conduct.bench.stock import at_bench
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.infusion import Infuse, NotInfused, Observe, ScanBag
from equipoise.conduct.commands.lots import RecallLot, ReceiveLot, ReleaseLot
from equipoise.conduct.commands.preparation import CheckDose, DiscardBag
from equipoise.conduct.views import product as shown

NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
BEGUN = "2026-01-05T09:00"
OTHER = {"TABLET": "PLACEBO", "PLACEBO": "TABLET"}
LOTS = (("T-1", "TABLET", 2027), ("T-2", "TABLET", 2028), ("P-1", "PLACEBO", 2029))


def random_code(*of: str) -> str:
    """A code for a bag that looks random, and is the same in both worlds."""
    drawn = random.Random("/".join(of))  # noqa: S311
    return f"B-{codes.code(8, pick=drawn.choice)}"


def receive(world) -> None:
    """Lots of both products; the placebo keeps longer, and there is more of it."""
    people = world.scene
    for lot, product, year in LOTS:
        expiry = PartialDate(year, 3, 31)
        units = 8 if product == "TABLET" else 99
        world.do(
            ReceiveLot(lot, product, "S1", units, expiry, "dry", content="5"),
            people.qualified_person,
        )
        world.do(ReleaseLot(lot, "passkey"), people.qualified_person)


def bench_of(scene):
    """The preparer's bench, who trusts the list that the custodian sealed."""
    private, listed = scene.keys["preparer"].private, scene.sealed.fingerprint
    return at_bench(scene.log, by=scene.preparer, private=private, listed=listed)


@contextmanager
def at_work(world, name: str):
    """The preparer, who in the second world finds the other arm in the box."""
    bench = bench_of(world.scene)
    arm = world.scene.open_slot(name)
    world.arms[name] = arm = OTHER[arm] if world.swapped else arm
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dose, "open_slot", lambda *_: (arm, b""))
        yield bench


def prepare(world, name: str, encounter: str, *, bag: str) -> None:
    """The preparer makes a bag up and files it."""
    log, preparer = world.scene.log, world.scene.preparer
    with at_work(world, name) as bench:
        asked = views.dose_to_prepare(log, name, by=preparer)
        made = dose.make_up(bench, asked, encounter=encounter, begun=BEGUN, bag=bag)
    world.do(made.command, preparer)


def play(world, people: list[str]) -> None:
    """What happens with the bags that the script had made up."""
    scene, do = world.scene, world.do
    nurse, first, second, third = scene.infusion_nurse, *people[:3]
    for name in (first, second):
        bag = scene.log.participant(name).prepared["BASELINE"]
        do(Infuse(name, "BASELINE", bag, "2026-01-05T10:00", "2026-01-05T11:00"), nurse)
        with at_work(world, name) as bench:
            checked = shown.bag_to_check(scene.log, name, "BASELINE", by=scene.checker)
            dose.check(bench, checked)
        do(CheckDose(name, "BASELINE", bag), scene.checker)
    for name in (first, second):
        for code in scene.log.participant(first).prepared.values():
            scan(world, name, code)
            do(Infuse(name, "BASELINE", code, "2026-01-05T10:00", "2026-01-05T11:00"), nurse)
    do(Observe(first, "BASELINE", 15, "2026-01-05T10:15", {}, {}), nurse)
    spilled = scene.log.participant(third).prepared["BASELINE"]
    do(DiscardBag(third, "BASELINE", spilled, "spilled"), nurse)
    prepare(world, third, "BASELINE", bag=random_code(third, "again"))
    do(NotInfused(third, "BASELINE", "felt unwell"), nurse)
    bench = bench_of(scene)
    lot = "T-1" if bench.left("T-1") else "T-2"
    do(note(bench, lot, bench.left(lot), why="destroyed", reason="broken"), scene.preparer)
    do(RecallLot("T-1", "a complaint about its smell"), scene.qualified_person)


def scan(world, name: str, code: str) -> None:
    """The nurse scans a bag, the participant's own or another's."""
    world.do(ScanBag(name, "BASELINE", code), world.scene.infusion_nurse)


def asks(log, people: list[str], actor):
    """Every view of the product, asked by a person, allowed or not."""
    yield lambda: repr(shown.lots(log, by=actor))
    yield lambda: repr(shown.shelf(log, by=actor))
    for name in people:
        yield lambda name=name: repr(shown.infusion_chart(log, name, "BASELINE", by=actor, at=NOON))
        yield lambda name=name: repr(shown.bag_to_check(log, name, "BASELINE", by=actor))


def _key(world) -> bytes:
    return world.scene.keys["preparer"].private
