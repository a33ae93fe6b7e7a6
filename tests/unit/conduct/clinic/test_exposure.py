"""What was given to whom, told after the opening; recalls and the audit of the bench."""

from __future__ import annotations

from decimal import Decimal

import pytest

from equipoise.conduct import sealed
from equipoise.conduct.bench import dose, exposure
from equipoise.conduct.bench.audit import findings
from equipoise.conduct.bench.contents import contents
from equipoise.conduct.bench.stock import Bench
from equipoise.conduct.commands.infusion import InfuseOtherBag
from equipoise.conduct.commands.lock import Lock
from equipoise.conduct.commands.lots import (
    RecallLot,
)
from equipoise.conduct.commands.preparation import CheckDose, DiscardBag
from equipoise.conduct.commands.trial import OpenBlind
from equipoise.conduct.events.product import LotReleased
from equipoise.conduct.events.trial import TrialLocked
from equipoise.errors import ConductError, SealError

from .keeping import rewrite
from .pharmacy import NAME, bench, both_arms, give, make_up, prepare, receive, scan


def test_amounts_are_told_after_the_opening_and_agree_with_the_list(pharmacy, monkeypatch):
    people = both_arms(pharmacy)
    give(pharmacy, people["UC-MSC"], given="partly given", infused="25")
    give(pharmacy, people["PLACEBO"])
    vault = opener(pharmacy)
    with pytest.raises(ConductError, match="once the blind was opened"):
        exposure.exposures(pharmacy.log, **vault)
    open_blind(pharmacy, monkeypatch)

    assert set(exposure.exposures(pharmacy.log, **vault)) == {
        exposure.Exposure(people["UC-MSC"], "BASELINE", Decimal(20_000_000), Decimal(25)),
        exposure.Exposure(people["PLACEBO"], "BASELINE", Decimal(0), Decimal(100)),
    }
    with pytest.raises(SealError, match="does not open"):
        exposure.exposures(pharmacy.log, **{**vault, "who": "custodian"})


def test_a_list_that_somebody_put_there_to_open_it_early_opens_no_worksheet(pharmacy, monkeypatch):
    """In a copy of the trial the keeper locks the records, and opens a list that he made himself."""
    give(pharmacy, NAME)
    public = {who: key.public for who, key in pharmacy.keys.items()}
    own = sealed.seal(pharmacy.study, public, length=8, seed=2**40)
    vault = {**opener(pharmacy), "listed": own.fingerprint}  # the key's holder trusts another

    open_blind(pharmacy, monkeypatch)
    for asked in (exposure.exposures, lambda *a, **k: list(findings(*a, **k))):
        with pytest.raises(SealError, match=r"list, arms or keys were exchanged. Open nothing"):
            asked(pharmacy.log, **vault)


def test_a_worksheet_of_the_other_arm_is_found_after_the_opening(pharmacy, monkeypatch):
    """A preparer who gave the other product cannot have it pass."""
    people = both_arms(pharmacy)
    monkeypatch.setattr(dose, "_arm", lambda *_: "PLACEBO")
    give(pharmacy, people["UC-MSC"])
    open_blind(pharmacy, monkeypatch)

    with pytest.raises(SealError, match=r"the worksheet says .* PLACEBO; .* whose arm is UC-MSC"):
        exposure.exposures(pharmacy.log, **opener(pharmacy))


def test_the_audit_finds_bags_from_lots_that_were_not_to_be_used(pharmacy, monkeypatch):
    """A bench whose program was altered: the server cannot tell, who holds a key can."""
    key = opener(pharmacy)
    prepare(pharmacy)
    assert not list(findings(pharmacy.log, **key))

    monkeypatch.setattr(dose, "unusable", lambda *_: None)
    monkeypatch.setattr(Bench, "free", lambda *_: 1000)
    pharmacy.do(RecallLot("V-1", "particles seen"), pharmacy.qualified_person)
    receive(pharmacy, "V-0", "VEHICLE", units=1, year=2025, release=False)
    pharmacy.begin("S1-002")
    pharmacy.begin("S1-003")
    bags = [prepare(pharmacy, name).bag for name in ("S1-002", "S1-003")]
    assert [line for line in findings(pharmacy.log, **key) if "V-0" in line] == [
        f"bag {bags[0]}: lot V-0 is quarantined",
        f"bag {bags[1]}: lot V-0 is quarantined",
        f"{bags[1]} takes more of lot V-0 than was left",
    ]


def test_the_audit_finds_a_bag_that_does_not_hold_what_it_should(pharmacy, monkeypatch):
    """The vehicle alone in a bag of cells, filed by a bench that was altered."""
    key = opener(pharmacy)
    name, vehicle = both_arms(pharmacy)["UC-MSC"], pharmacy.study.arms["PLACEBO"]
    monkeypatch.setattr(
        dose, "contents", lambda study, _, amount, pick: contents(study, vehicle, amount, pick)
    )
    monkeypatch.setattr(dose, "contradiction", lambda *_: None)
    bag = prepare(pharmacy, name).bag

    assert list(findings(pharmacy.log, **key)) == [
        f"bag {bag}: nothing of a lot of UC-MSC is in it"
    ]


def test_the_audit_holds_against_a_bag_only_the_lots_that_it_took(begun):
    """Lots that are kept back in the bag of another arm are none of it; its day is its beginning."""
    receive(begun, "C-1", "UC-MSC", units=30)
    receive(begun, "V-1", "VEHICLE", units=50)
    name = both_arms(begun)["PLACEBO"]
    begun.do(make_up(begun, name).command, begun.preparer)

    def never_released(entry):
        event = entry.event
        return [] if isinstance(event, LotReleased) and event.lot == "C-1" else [event]

    rewrite(begun, "vault", never_released)
    assert not list(findings(begun.log, **opener(begun)))


def test_what_was_in_another_participants_bag_is_told_by_its_own_sheet(pharmacy, monkeypatch):
    people = both_arms(pharmacy)
    bag = prepare(pharmacy, people["UC-MSC"]).bag
    said = ("2026-01-19T10:00", "2026-01-19T11:00")
    asked = InfuseOtherBag(people["PLACEBO"], "BASELINE", bag, *said, reason="two in one bowl")
    pharmacy.do(asked, pharmacy.infusion_nurse)
    open_blind(pharmacy, monkeypatch)

    vault = opener(pharmacy)
    assert exposure.exposures(pharmacy.log, **vault) == (
        exposure.Exposure(people["PLACEBO"], "BASELINE", Decimal(80_000_000), Decimal(100)),
    )


def test_a_recall_names_the_bags_that_the_lot_went_into(pharmacy):
    bag = prepare(pharmacy).bag

    assert bench(pharmacy).bags("V-1") == (bag,)
    pharmacy.do(RecallLot("V-1", "particles seen"), pharmacy.qualified_person)
    asked = DiscardBag(NAME, "BASELINE", bag, "withdrawn by the preparer")
    pharmacy.do(asked, pharmacy.preparer)
    assert pharmacy.log.participant(NAME).prepared == {}


def test_after_a_recall_every_bag_of_the_site_is_void_whatever_is_in_it(pharmacy):
    """Were only the bags with cells thrown away, whoever hears of the recall would know the arms."""
    waiting = {name: prepare(pharmacy, name).bag for name in both_arms(pharmacy).values()}
    checked, nurse = waiting[NAME], pharmacy.infusion_nurse
    pharmacy.do(CheckDose(NAME, "BASELINE", checked), pharmacy.checker)
    pharmacy.do(RecallLot("C-1", "particles seen"), pharmacy.qualified_person)

    for name in set(waiting) - {NAME}:
        with pytest.raises(ConductError, match="a lot was recalled here since"):
            pharmacy.do(CheckDose(name, "BASELINE", waiting[name]), pharmacy.checker)
    with pytest.raises(ConductError, match="this bag was withdrawn"):
        scan(pharmacy, checked)
    pharmacy.do(DiscardBag(NAME, "BASELINE", checked, "withdrawn by the preparer"), nurse)
    pharmacy.do(CheckDose(NAME, "BASELINE", prepare(pharmacy).bag), pharmacy.checker)


def opener(clinic):
    """Who opens the worksheets with the vault's key, and trusts the list that was sealed."""
    private, listed = clinic.keys["vault"].private, clinic.sealed.fingerprint
    return {"who": "vault", "private": private, "listed": listed}


def open_blind(clinic, monkeypatch):
    """Lock and open; what must be done before a lock is record_test elsewhere."""
    monkeypatch.setattr(Lock, "decide", lambda *_: (TrialLocked(),))
    clinic.do(Lock(), clinic.data_manager)
    listed, key = clinic.scene.sealed, clinic.keys["custodian"].private
    openings = sealed.open_list(clinic.study.name, listed, "custodian", key)
    clinic.do(OpenBlind(openings), clinic.custodian)
