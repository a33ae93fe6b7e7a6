"""The keeper makes a lot short by what he writes, or asks for much, and sees whether there is a bag.

The stock is counted as if every bag had taken what any arm takes; else the next bag would tell who
used a lot up. Each play was a leak once.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from equipoise.conduct import views
from equipoise.conduct.bench import dose
from equipoise.conduct.bench.stock import accounts, at_bench
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.lots import ReceiveLot
from equipoise.conduct.commands.trial import Appoint
from equipoise.conduct.commands.visits import HoldVisit
from equipoise.conduct.events.product import LotReceived, LotRejected
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.verification import verify
from equipoise.errors import ConductError, LogError

from .keeping import (
    add,
    cut_off,
    file_again,
    in_both_arms,
    next_bag,
    other_protocol,
    rewrite,
    tried,
    weighs,
)
from .pharmacy import bench, prepare
from .test_two_worlds_of_the_keeper import answer

DOSE = ("    value: 1.0e6\n    unit: cells/kg", "    value: 1.2e7\n    unit: cells/kg")
VOLUME = ("volume: {value: 100,", "volume: {value: 400,")
NOTHING = ("  rule: by-weight\n", "  rule: by-weight\n  parameters: {nearest: 1000000000}\n")
ONE_PRODUCT = ("role: placebo, product: VEHICLE", "role: placebo, product: UC-MSC")


def twice(world, name):
    seen = world.log.tip("vault")
    sheet = prepare(world, name)
    file_again(world, sheet.bag)
    return tried(lambda: next_bag(world, seen)), tried(lambda: accounts(bench(world)))


def twice_and_remembered(world, name):
    sheet = prepare(world, name)
    seen = world.log.tip("vault")
    file_again(world, sheet.bag)
    return tried(lambda: next_bag(world, seen))


def a_heavy_person(world, name):
    """30 vials; cells for 80 kg take 8, and for 250 kg 25: 22 or 30 are left."""
    seen = world.log.tip("vault")
    prepare(world, name)
    rewrite(world, "main", weighs("S1-099", "250.0"))
    return tried(lambda: next_bag(world, seen))


def weaker_vials(world, name):
    def weaker(entry):
        if isinstance(entry.event, LotReceived) and entry.event.lot == "C-1":
            return [msgspec.structs.replace(entry.event, content="3000000")]
        return [entry.event]

    rewrite(world, "vault", weaker)
    prepare(world, name)  # 27 of the 30 vials, if it is cells
    return tried(lambda: next_bag(world, world.log.tip("vault")))


def one_vial(world, name):
    prepare(world, name)

    def one(entry):
        if isinstance(entry.event, LotReceived) and entry.event.lot == "C-1":
            return [msgspec.structs.replace(entry.event, units=1)]
        return [entry.event]

    rewrite(world, "vault", one)
    return tried(lambda: accounts(bench(world)))


def a_nurse_who_counts(world, name):
    """Normal commands alone: 104 kg instead of 80 for somebody, and a look whether a bag appears."""
    seen = world.log.tip("vault")
    prepare(world, name)
    prepare(world, "S1-099")
    world.enrol("S1-098")
    world.do(HoldVisit("S1-098", "BASELINE", world.on(0)), world.nurse)
    world.form("vitals", "BASELINE", 0, "S1-098", WEIGHT="104.0")
    return tried(lambda: next_bag(world, seen, "S1-098"))


def the_last_sheet_deleted(world, name):
    prepare(world, "S1-099")
    seen = world.log.tip("vault")
    prepare(world, name)
    cut_off(world, "vault")
    world.begin("S1-098", WEIGHT="80.0")
    return tried(lambda: next_bag(world, seen, "S1-098"))


PLAYS = [
    twice, twice_and_remembered, a_heavy_person, weaker_vials, one_vial, a_nurse_who_counts,
    the_last_sheet_deleted,
]  # fmt: skip


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.__name__)
def test_whether_there_is_a_bag_tells_no_arm(shelf, quick_path, play):
    told = in_both_arms(shelf, quick_path, play)

    assert told["UC-MSC"] == told["PLACEBO"]


@pytest.mark.parametrize("changes", [(DOSE, VOLUME), (NOTHING,), (ONE_PRODUCT,)])
def test_another_protocol_between_two_bags_tells_no_arm(shelf, quick_path, tmp_path, changes):
    """A dose of 96 vials; one that rounds to nothing; one product for both arms."""

    def play(world, name):
        seen = world.log.tip("vault")
        prepare(world, name)
        changed = other_protocol(world, tmp_path / name, *changes)
        made = tried(lambda: next_bag(changed, seen))
        bags = changed.log.participant("S1-099").doses.bags
        return made, [answer(changed, "S1-099", bag.code) for bag in bags.values()]

    told = in_both_arms(shelf, quick_path, play)
    assert told["UC-MSC"] == told["PLACEBO"]


@pytest.mark.parametrize("changes", [(NOTHING,), (ONE_PRODUCT,)])
def test_a_sheet_that_one_arm_could_not_have_checked_is_made_up_in_none(
    shelf, quick_path, tmp_path, changes
):
    def play(world, name):
        seen = world.log.tip("vault")
        changed = other_protocol(world, tmp_path / name, *changes)
        return tried(lambda: next_bag(changed, seen, name))

    told = in_both_arms(shelf, quick_path, play)
    assert told["UC-MSC"] == told["PLACEBO"]
    assert told["UC-MSC"][0] is ConductError


def test_a_sheet_or_a_note_filed_again_is_found_by_the_bench_and_by_verification(shelf):
    sheet = prepare(shelf)
    verify(shelf.log)
    file_again(shelf, sheet.bag)

    with pytest.raises(LogError, match=f"{sheet.bag} was filed twice"):
        bench(shelf)
    with pytest.raises(LogError, match=f"files the sheet of {sheet.bag} again"):
        verify(shelf.log)


def test_what_a_bag_goes_by_is_shown_before_its_arm_is_opened(shelf, quick_path, tmp_path):
    """Else an exchanged dose would be noticed by who sees the sheet of cells alone."""

    def play(world, name):
        world = other_protocol(world, tmp_path / name, DOSE)
        asked = views.dose_to_prepare(world.log, name, by=world.preparer)
        shown = dose.planned(bench(world), asked, "BASELINE")
        assert shown.dose == "960000000 cells or placebo"
        return shown._replace(protocol=shown.protocol[:3])

    told = in_both_arms(shelf, quick_path, play)
    assert told["UC-MSC"] == told["PLACEBO"]


def test_what_another_site_saw_hides_nothing_from_this_one(pharmacy):
    """One key at two sites: each remembers how far it saw the vault itself."""
    (site,) = pharmacy.study.protocol.sites
    sites = (site, site.model_copy(update={"name": "S2"}))
    protocol = pharmacy.study.protocol.model_copy(update={"sites": sites})
    log = replace(pharmacy.log, study=replace(pharmacy.study, protocol=protocol))
    clinic = replace(pharmacy, scene=replace(pharmacy.scene, log=log))
    there = Actor("preparer-2", Role.PREPARER, "S2")
    clinic.do(Appoint(*there), clinic.administrator)
    expiry = PartialDate(2027, 3, 31)
    got = ReceiveLot("C-9", "UC-MSC", "S2", 10, expiry, "frozen", "10000000", "2", 4)
    clinic.do(got, clinic.qualified_person)
    said = {"private": clinic.keys["preparer"].private, "listed": clinic.sealed.fingerprint}
    seen = at_bench(clinic.log, by=there, **said).stock.seen.tip
    add(clinic, LotRejected("C-9"), site=None)

    assert bench(clinic, through=seen).shelf.fresh == ()
    assert at_bench(clinic.log, by=there, **said, through=seen).shelf.fresh == ("C-9",)
