"""Lots: received, record_test, released by signature, recalled; each refusal says what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from equipoise.conduct.bench.stock import accounts, at_bench
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Command
from equipoise.conduct.commands.infusion import ScanBag
from equipoise.conduct.commands.lots import CorrectLot, RecallLot, ReceiveLot, RejectLot, ReleaseLot
from equipoise.conduct.commands.trial import Appoint
from equipoise.conduct.events.product import LotReleased
from equipoise.conduct.roles import MAKERS, MAY, Actor, Role
from equipoise.conduct.state.lots import passes
from equipoise.conduct.views import product as shown
from equipoise.errors import ConductError, NotPermittedError

from .pharmacy import CELLS, bench, prepare, receive, record_test

GIVEN = {
    "lot": "C-1",
    "product": "UC-MSC",
    "place": "S1",
    "units": 10,
    "expiry": PartialDate(2027, 3, 31),
    "storage": "−150 °C",
    "content": "10000000",
    "volume": "2",
    "passage": 4,
}


def lot(clinic, name="C-1"):
    (found,) = (
        one for one in shown.lots(clinic.log, by=clinic.qualified_person) if one.lot == name
    )
    return found


def test_a_receipt_is_corrected_in_quarantine_and_counts_from_then_on(pharmacy):
    fix = CorrectLot(
        "C-1", 9, PartialDate(2027, 2, 28), "−150 °C", "one was broken", "10000000", "2", 4
    )
    refused(pharmacy, fix, "lot C-1 is released, not quarantined")
    pharmacy.do(RecallLot("C-1", "counted again"), pharmacy.qualified_person)
    for change, said in (
        ({"reason": ""}, "give the reason"),
        ({"units": 0}, "1 to 1000000 units"),
        ({"content": None}, "give the content of a unit"),
        ({"lot": "C-7"}, "no lot 'C-7'"),
    ):
        refused(pharmacy, replace(fix, **change), said)
    pharmacy.do(fix, pharmacy.preparer)

    assert (lot(pharmacy).units, lot(pharmacy).expiry) == (9, "2027-02-28")
    refused(pharmacy, fix, "recorded so already")
    pharmacy.do(ReleaseLot("C-1", "passkey"), pharmacy.qualified_person)
    assert bench(pharmacy).left("C-1") == 9


def refused(clinic, command, match, by=None):
    before = clinic.log.tip("vault")
    with pytest.raises(ConductError, match=match):
        clinic.do(command, by or clinic.qualified_person)
    assert clinic.log.tip("vault") == before


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"lot": "a lot"}, "lot is 'a lot'"),
        ({"product": "UC-MSCs"}, "no product 'UC-MSCs'. Did you mean UC-MSC?"),
        ({"place": "S9"}, "'S9' is not a site"),
        ({"units": 0}, "1 to 1000000 units"),
        ({"passage": -1}, "a passage is 0 to 100"),
        ({"expiry": PartialDate(2027, 3)}, "expiry is 2027-03-XX; give the last day"),
        ({"content": None}, "give the content of a unit"),
        ({"volume": None}, "give the volume of a unit"),
        ({"content": "ten million"}, "content of a unit is 'ten million'; give a number above 0"),
        ({"volume": "-2"}, "give a number above 0"),
        ({"content": "9" * 10_000_000}, "give a number above 0"),
        ({"storage": "x" * 10_000_000}, "in 1 to 200 characters"),
    ],
)
def test_a_receipt_that_cannot_be_is_told(clinic, changed, message):
    refused(clinic, ReceiveLot(**(GIVEN | changed)), message)


def test_a_lot_is_received_once_and_kept_in_quarantine(clinic):
    clinic.do(ReceiveLot(**GIVEN), clinic.preparer)

    wanting = dict.fromkeys(CELLS, "not made")
    assert (lot(clinic).state, lot(clinic).wanting) == ("quarantined", wanting)
    refused(clinic, ReceiveLot(**GIVEN), "received already")


def test_cells_of_another_passage_are_not_released(clinic):
    clinic.do(ReceiveLot(**(GIVEN | {"passage": 6})), clinic.preparer)
    for test, result in CELLS.items():
        record_test(clinic, "C-1", test, result)

    refused(clinic, ReleaseLot("C-1", "passkey"), "C-1 is not released: passage is 6, expected 4$")


def test_a_lot_is_released_only_with_every_test_as_the_protocol_expects(clinic):
    receive(clinic, "C-1", "UC-MSC", units=10, release=False)
    record_test(clinic, "C-1", "CD34", "positive", reason="measured again")
    refused(clinic, ReleaseLot("C-1", "passkey"), "CD34 is 'positive', expected negative$")
    record_test(clinic, "C-1", "CD34", "阴性", reason="the tube was mislabelled")
    record_test(clinic, "C-1", "VIABILITY", "69.9", reason="a second sample")
    refused(clinic, ReleaseLot("C-1", "passkey"), "VIABILITY is '69.9', expected 70 % or more$")
    record_test(clinic, "C-1", "VIABILITY", "70", reason="a third sample")
    clinic.do(ReleaseLot("C-1", "passkey"), clinic.qualified_person)

    assert (lot(clinic).state, lot(clinic).released_by) == ("released", "qualified_person")


def test_a_signature_of_release_covers_the_receipt_and_every_result(clinic):
    covers = set()
    receive(clinic, "C-1", "UC-MSC", units=10, release=False)
    for reason in ("first sample", "second sample"):
        clinic.do(ReleaseLot("C-1", "passkey"), clinic.qualified_person)
        clinic.do(RecallLot("C-1", "a doubt"), clinic.qualified_person)
        record_test(clinic, "C-1", "CD73", "positive", reason=reason)
    covers = {e.event.covers for e in clinic.log.entries("vault") if type(e.event) is LotReleased}

    assert len(covers) == 2
    assert lot(clinic).released_by is None


@pytest.mark.parametrize(
    ("test", "result", "said", "message"),
    [
        ("CD74", "positive", {}, "no release test 'CD74' for UC-MSC. Did you mean CD73?"),
        ("VIABILITY", "good", {}, "give a number above 0"),
        ("CD73", "", {}, "give the result"),
        ("CD73", "x" * 10_000_000, {}, "give the result"),
        ("CD90", "positive", {"reason": None}, "give the reason"),
    ],
)
def test_a_result_that_cannot_be_is_told(clinic, test, result, said, message):
    receive(clinic, "C-1", "UC-MSC", units=10, release=False)

    with pytest.raises(ConductError, match=message):
        record_test(clinic, "C-1", test, result, **said)


def test_a_result_in_another_unit_or_from_the_future_is_told(clinic):
    from equipoise.conduct.commands.lots import RecordTest

    receive(clinic, "C-1", "UC-MSC", units=10, release=False)
    on, later = PartialDate(2026, 1, 2), PartialDate(2027, 1, 2)
    for command, message in (
        (RecordTest("C-1", "VIABILITY", "0.9", on, None, "again"), "recorded in %, not 'no unit'"),
        (RecordTest("C-1", "CD73", "positive", on, "%", "again"), "recorded in no unit, not '%'"),
        (RecordTest("C-1", "CD73", "positive", later, None, "again"), "Give a date that has come"),
        (RecordTest("C-2", "CD73", "positive", on), "there is no lot 'C-2'. Did you mean C-1?"),
    ):
        refused(clinic, command, message)


def test_a_lot_goes_only_from_quarantine_to_release_or_rejection_and_back_by_recall(clinic):
    receive(clinic, "C-1", "UC-MSC", units=10, release=False)
    refused(clinic, RecallLot("C-1", "a doubt"), "is quarantined, not released")
    clinic.do(ReleaseLot("C-1", "passkey"), clinic.qualified_person)
    refused(clinic, ReleaseLot("C-1", "passkey"), "is released, not quarantined")
    refused(clinic, RejectLot("C-1", "a doubt"), "is released, not quarantined")
    with pytest.raises(ConductError, match="is released, not quarantined"):
        record_test(clinic, "C-1", "CD73", "negative", reason="again")
    refused(clinic, RecallLot("C-1", " "), "give the reason")
    clinic.do(RecallLot("C-1", "a doubt"), clinic.qualified_person)
    clinic.do(RejectLot("C-1", "contaminated"), clinic.qualified_person)
    refused(clinic, ReleaseLot("C-1", "passkey"), "is rejected, not quarantined")


def test_a_lot_past_its_expiry_is_not_released(clinic):
    receive(clinic, "C-1", "UC-MSC", units=10, year=2025, release=False)

    refused(clinic, ReleaseLot("C-1", "passkey"), "expired on 2025-03-31")


def test_only_people_of_the_product_see_lots(clinic):
    receive(clinic, "C-1", "UC-MSC", units=10)

    assert lot(clinic).units == 10
    for actor in (clinic.investigator, clinic.infusion_nurse, clinic.monitor, clinic.auditor):
        with pytest.raises(NotPermittedError):
            shown.lots(clinic.log, by=actor)
        with pytest.raises(NotPermittedError):
            shown.shelf(clinic.log, by=actor)


def test_a_site_sees_and_uses_only_its_own_lots(pharmacy):
    site = pharmacy.study.protocol.sites[0]
    two = (site, site.model_copy(update={"name": "S2"}))
    protocol = pharmacy.study.protocol.model_copy(update={"sites": two})
    pharmacy.scene.log = replace(pharmacy.log, study=replace(pharmacy.study, protocol=protocol))
    visitor = Actor("visitor", Role.PREPARER, "S2")
    pharmacy.do(Appoint(*visitor), pharmacy.administrator)
    refused(pharmacy, ReceiveLot(**(GIVEN | {"lot": "C-9"})), "receives lots", by=visitor)
    pharmacy.do(ReceiveLot(**(GIVEN | {"lot": "C-9", "place": "S2"})), visitor)
    prepare(pharmacy)

    private = pharmacy.keys["preparer"].private
    there = at_bench(pharmacy.log, by=visitor, private=private, listed=pharmacy.sealed.fingerprint)
    assert set(there.shelf.lots) == {one.lot for one in accounts(there)} == {"C-9"}
    assert [one.lot for one in shown.lots(pharmacy.log, by=visitor)] == ["C-9"]
    assert "C-9" not in bench(pharmacy).shelf.lots


def test_a_qualified_person_of_a_site_has_the_lots_of_that_site_alone(clinic):
    site = clinic.study.protocol.sites[0]
    two = (site, site.model_copy(update={"name": "S2"}))
    protocol = clinic.study.protocol.model_copy(update={"sites": two})
    clinic.scene.log = replace(clinic.log, study=replace(clinic.study, protocol=protocol))
    receive(clinic, "C-1", "UC-MSC", units=10, release=False)
    there, here = (Actor(f"quin-{name}", Role.QUALIFIED_PERSON, name) for name in ("S2", "S1"))
    for actor in (there, here):
        clinic.do(Appoint(*actor), clinic.administrator)

    assert shown.lots(clinic.log, by=there) == []
    for command in (ReleaseLot("C-1", "passkey"), RejectLot("C-1", "a doubt")):
        refused(clinic, command, "there is no lot 'C-1' at S2", by=there)
    clinic.do(ReleaseLot("C-1", "passkey"), here)
    assert lot(clinic).released_by == here.person


def test_no_command_of_a_blinded_person_at_a_site_looks_at_lots(clinic):
    """The qualified person knows the lots, but not who got what. A scan at the bedside asks only
    whether any lot was recalled at the site, which voids the bags of every arm.
    """

    def kinds(of):
        return [kind for sub in of.__subclasses__() for kind in (sub, *kinds(sub))]

    looking = {
        role
        for kind in kinds(Command)
        if kind.LOTS and kind.NAME != ScanBag.NAME
        for role in MAY[kind.NAME]
    }
    assert looking <= MAKERS | {Role.QUALIFIED_PERSON}


def test_a_result_passes_in_either_language_and_at_the_limit(reference):
    tests = {t.name: t for t in reference.protocol.products[0].release_tests}

    assert passes(tests["CD73"], "Positive")
    assert passes(tests["CD73"], "阳性")
    assert not passes(tests["CD73"], "weakly positive")
    assert passes(tests["VIABILITY"], "70.0")
    assert not passes(tests["VIABILITY"], "69.99")
