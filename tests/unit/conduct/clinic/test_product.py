"""Lots, bench and second check of the reference study: a participant of 80 kg gets 80 million."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from equipoise.conduct import views
from equipoise.conduct.bench import dose
from equipoise.conduct.bench.notes import note
from equipoise.conduct.bench.sheet import Taken
from equipoise.conduct.bench.stock import Account, accounts
from equipoise.conduct.commands.infusion import NotInfused
from equipoise.conduct.commands.lots import (
    RecallLot,
)
from equipoise.conduct.commands.preparation import CheckDose, DiscardBag
from equipoise.conduct.commands.values import Correct
from equipoise.conduct.verification import verify
from equipoise.conduct.views import product as shown
from equipoise.errors import ConductError, ConflictError, NotPermittedError
from equipoise.rules.dosing.planned import planned_dose

from .pharmacy import NAME, bench, both_arms, make_up, prepare, receive, with_sheet


def test_the_same_bag_by_weight_in_volume_and_look_whatever_the_arm(pharmacy):
    people = both_arms(pharmacy)
    sheets = {arm: make_up(pharmacy, name).sheet for arm, name in people.items()}

    cells, placebo = sheets["UC-MSC"], sheets["PLACEBO"]
    assert (cells.amount, placebo.amount) == ("80000000", "0")
    assert cells.volume == placebo.volume == "100"
    assert cells.taken == (Taken("C-1", 8, "16.0"), Taken("V-1", 1, "84.0"))
    assert placebo.taken == (Taken("V-1", 1, "100"),)
    assert cells.begun == placebo.begun


@pytest.mark.parametrize("weight", ["30.0", "64.9", "72.3", "80.5", "104.0"])
def test_the_bench_gives_the_simulators_dose(pharmacy, weight):
    """``simulate.courses.doses`` asks ``planned_dose`` with the recorded weight in 0.1 kg."""
    name = both_arms(pharmacy)["UC-MSC"]
    pharmacy.do(Correct(name, "SCREENING", "WEIGHT", weight, pharmacy.on(-14), "x" * 9, "kg"))
    pharmacy.do(Correct(name, "BASELINE", "WEIGHT", weight, pharmacy.on(0), "x" * 9, "kg"))

    simulated = planned_dose(pharmacy.study.protocol.dosing, weight=Decimal(weight))
    assert Decimal(make_up(pharmacy, name).sheet.amount) == simulated


def test_the_filed_worksheet_tells_the_server_nothing_and_its_readers_all(pharmacy):
    sheet = prepare(pharmacy)
    (filed,) = [e.event for e in pharmacy.log.entries("vault") if hasattr(e.event, "bag")]

    assert {len(box) for box in filed.sealed.values()} == {2 * (1024 + 48)}
    main = b"".join(views.chain(pharmacy.log, "main", by=pharmacy.auditor)).decode()
    for word in ("C-1", "V-1", "80000000", "ledger"):
        assert word not in main
    verify(pharmacy.log)
    assert bench(pharmacy).left("V-1") == 49
    assert sheet.bag in main


def test_the_lot_that_expires_first_is_used_until_it_has_too_few(pharmacy):
    name = both_arms(pharmacy)["UC-MSC"]
    prepare(pharmacy, name)

    assert bench(pharmacy).left("C-1") == 2
    pharmacy.do(DiscardBag(name, "BASELINE", bag_of(pharmacy, name), "spilled"), pharmacy.checker)
    assert prepare(pharmacy, name).taken[0] == Taken("C-2", 8, "16.0")


def bag_of(clinic, name=NAME, encounter="BASELINE"):
    return clinic.log.participant(name).prepared[encounter]


def test_a_stock_that_is_known_is_added_up_from_there(pharmacy):
    first = bench(pharmacy)
    prepare(pharmacy)
    further = bench(pharmacy, known=first.stock)

    assert len(further.shelf.lines) == 1
    assert further.stock == bench(pharmacy).stock


def test_no_bag_is_made_when_any_arm_would_go_short_and_the_words_are_the_same(begun):
    """Otherwise the refusal would tell the arm of the participant who waits."""
    people = both_arms(begun)
    receive(begun, "C-1", "UC-MSC", units=5)
    receive(begun, "C-2", "UC-MSC", units=50, year=2025, release=False)
    receive(begun, "C-3", "UC-MSC", units=50, release=False)
    receive(begun, "V-1", "VEHICLE", units=50)
    said = set()
    for name in people.values():
        with pytest.raises(ConductError) as refused:
            make_up(begun, name)
        said.add(str(refused.value))

    (words,) = said
    assert words == (
        "no bag is made up: no lot of UC-MSC can be used: C-2 is quarantined; "
        "C-1 has 5 of the 8 units needed; C-3 is quarantined"
    )


def test_a_lot_past_its_expiry_is_not_used(pharmacy):
    with pytest.raises(ConductError, match="C-1 expired on 2027-03-31; C-2 expired on 2028-03-31"):
        make_up(pharmacy, begun="2028-04-01T09:00")
    assert make_up(pharmacy, begun="2027-03-31T23:59")


def test_a_bag_cannot_be_dated_back_to_before_a_lot_expired(pharmacy):
    before = pharmacy.at - timedelta(days=2)
    dated_back = make_up(pharmacy, begun=f"{before:%Y-%m-%dT%H:%M}")

    with pytest.raises(ConductError, match="more than a day ago"):
        pharmacy.do(dated_back.command, pharmacy.preparer)


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (
            None,
            "goes by WEIGHT, which has no value at BASELINE yet; ask the site to hold that visit",
        ),
        ("176.0", "is 176.0: Weight differs from screening"),
    ],
)
def test_a_weight_that_is_missing_or_in_pounds_makes_no_bag(pharmacy, weight, message):
    pharmacy.do(Correct(NAME, "BASELINE", "WEIGHT", weight, pharmacy.on(0), "misread", "kg"))

    with pytest.raises(ConductError, match=message):
        make_up(pharmacy)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"begun": "9 o'clock"}, "write a time like 2015-10-08T09:30"),
        ({"begun": "2026-02-30T09:00"}, "the beginning is 2026-02-30T09:00"),
        ({"encounter": "WEEK9"}, "no dose is given at 'WEEK9'; it is at BASELINE, "),
    ],
)
def test_bad_input_at_the_bench_is_told(pharmacy, said, message):
    with pytest.raises(ConductError, match=message):
        make_up(pharmacy, **said)


def test_a_lot_with_too_few_cells_in_a_millilitre_is_told(begun):
    receive(begun, "C-1", "UC-MSC", units=100, content="1000000")
    receive(begun, "V-1", "VEHICLE", units=50)

    with pytest.raises(Exception, match="does not fit into the bag"):
        make_up(begun)


def test_a_bag_worked_out_before_the_stock_moved_is_not_filed(pharmacy):
    """Two preparers, the last vials: one of them has to look again."""
    late = make_up(pharmacy)
    receive(pharmacy, "C-9", "UC-MSC", units=1)
    before = pharmacy.log.tip("main")

    with pytest.raises(ConflictError, match="changed meanwhile"):
        pharmacy.do(late.command, pharmacy.preparer)
    assert pharmacy.log.tip("main") == before


def test_the_second_check_opens_slot_and_sheet_again(pharmacy):
    sheet = prepare(pharmacy)
    asked = shown.bag_to_check(pharmacy.log, NAME, "BASELINE", by=pharmacy.checker)

    assert dose.check(bench(pharmacy), asked) == sheet
    pharmacy.do(Correct(NAME, "BASELINE", "WEIGHT", "90.0", pharmacy.on(0), "misread", "kg"))
    now = shown.bag_to_check(pharmacy.log, NAME, "BASELINE", by=pharmacy.checker)
    with pytest.raises(ConductError, match=r"for 80.0 kg; now it is 90.0 kg. Discard it"):
        dose.check(bench(pharmacy), now)


def test_the_second_check_finds_a_recalled_lot_and_a_sheet_of_another_arm(pharmacy):
    people = both_arms(pharmacy)
    sheet = prepare(pharmacy)
    asked = shown.bag_to_check(pharmacy.log, NAME, "BASELINE", by=pharmacy.checker)
    (other,) = set(people) - {sheet.arm}
    from dataclasses import replace

    key = pharmacy.keys["preparer"].private
    forged = with_sheet(bench(pharmacy), sheet.bag, replace(sheet, arm=other), key)
    with pytest.raises(ConductError, match=f"bag {sheet.bag}: .*Discard it"):
        dose.check(forged, asked)
    pharmacy.do(RecallLot("V-1", "particles seen"), pharmacy.qualified_person)
    with pytest.raises(
        ConductError, match="lots on the shelf are not those that it was made up by"
    ):
        dose.check(bench(pharmacy), asked)


@pytest.mark.parametrize("arm", ["UC-MSC", "PLACEBO"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: {"taken": s.taken[-1:], "volume": "60"}, "its volume is 60; 100 is asked for"),
        (lambda s: {"taken": s.taken[:-1]}, r"nothing of a lot of VEHICLE is in it|not "),
        (lambda _: {"amount": "1"}, "it holds 1; "),
        (lambda s: {"taken": (s.taken[0]._replace(units=99), *s.taken[1:])}, "99 units .* not "),
        (lambda s: {"taken": (s.taken[0]._replace(volume="7"), *s.taken[1:])}, r"\(7\) .* not "),
        (lambda s: {"taken": (*s.taken, s.taken[-1])}, " not "),
        (lambda s: {"taken": (s.taken[0]._replace(lot="L-9"), *s.taken[1:])}, "nothing of a lot"),
    ],
)
def test_the_second_check_works_the_contents_out_anew(pharmacy, arm, change, said):
    """A sheet of the right arm, weight and lots, with something else in the bag."""
    from dataclasses import replace

    name = both_arms(pharmacy)[arm]
    sheet = prepare(pharmacy, name)
    asked = shown.bag_to_check(pharmacy.log, name, "BASELINE", by=pharmacy.checker)
    key = pharmacy.keys["preparer"].private
    forged = with_sheet(bench(pharmacy), sheet.bag, replace(sheet, **change(sheet)), key)

    with pytest.raises(ConductError, match=f"bag {sheet.bag}: .*({said}).*Discard it"):
        dose.check(forged, asked)


def test_the_makers_see_which_bags_are_before_them_and_no_arm(pharmacy):
    def due(by=pharmacy.preparer, day=None):
        return [
            (one.encounter, one.what) for one in shown.bags_due(pharmacy.log, day or today, by=by)
        ]

    today = pharmacy.at.date()
    assert due() == [("BASELINE", "make up")]
    bag = prepare(pharmacy).bag
    assert due() == due(pharmacy.checker) == [("BASELINE", "check")]
    pharmacy.do(CheckDose(NAME, "BASELINE", bag), pharmacy.checker)
    assert due() == []
    pharmacy.do(NotInfused(NAME, "BASELINE", "felt unwell"), pharmacy.infusion_nurse)
    first = today + timedelta(days=25)
    assert due(day=first - timedelta(days=1)) == []
    assert due(day=first) == [("WEEK4", "make up")]
    with pytest.raises(NotPermittedError):
        due(pharmacy.nurse)


def test_nothing_is_shown_to_check_once_it_is_checked(pharmacy):
    bag = prepare(pharmacy).bag
    pharmacy.do(CheckDose(NAME, "BASELINE", bag), pharmacy.checker)

    with pytest.raises(NotPermittedError):
        shown.bag_to_check(pharmacy.log, NAME, "BASELINE", by=pharmacy.checker)
    with pytest.raises(ConductError, match="checked already"):
        pharmacy.do(CheckDose(NAME, "BASELINE", bag), pharmacy.checker)


@pytest.mark.parametrize("said", [{"agrees": False}, {"covered": False}])
def test_a_bag_that_does_not_agree_or_is_not_covered_is_discarded_not_passed(pharmacy, said):
    bag = prepare(pharmacy).bag

    with pytest.raises(ConductError, match="discard it"):
        pharmacy.do(CheckDose(NAME, "BASELINE", bag, **said), pharmacy.checker)
    with pytest.raises(ConductError, match="the cause is one of: spilled"):
        pharmacy.do(DiscardBag(NAME, "BASELINE", bag, "cells clumped"), pharmacy.checker)
    pharmacy.do(DiscardBag(NAME, "BASELINE", bag, "second check failed"), pharmacy.checker)
    assert prepare(pharmacy).bag != bag
    assert pharmacy.log.participant(NAME).doses.made == {"BASELINE": 2}


def test_returned_and_destroyed_units_leave_the_stock_and_the_account_adds_up(pharmacy):
    name = both_arms(pharmacy)["UC-MSC"]
    prepare(pharmacy, name)
    for units, why in ((1, "destroyed"), (1, "returned")):
        asked = note(bench(pharmacy), "C-1", units, why=why, reason="thawed by mistake")
        pharmacy.do(asked, pharmacy.preparer)

    account = Account(
        "C-1", "UC-MSC", 10, used=8, returned=1, destroyed=1, missing=0, left=0, free=0
    )
    assert accounts(bench(pharmacy))[0] == account
    for lot, units, why, message in (
        ("C-1", 9, "destroyed", "of lot C-1 8 units can have left the shelf, not 9"),
        ("C-2", -1, "destroyed", "not -1"),
        ("C-1", 1, "freed", "units are returned, destroyed, missing, not 'freed'"),
        ("C-4", 1, "destroyed", "there is no lot 'C-4'"),
        ("C-2", 1, "eaten", "units are returned, destroyed, missing"),
    ):
        with pytest.raises(ConductError, match=message):
            note(bench(pharmacy), lot, units, why=why, reason="because")
    with pytest.raises(ConductError, match="give the reason"):
        note(bench(pharmacy), "C-2", 1, why="missing", reason="")
