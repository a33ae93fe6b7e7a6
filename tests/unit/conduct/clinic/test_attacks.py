"""What an attacker tried, with hands on the trial's machine or with a role; each must fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from equipoise.conduct import sealed, views, worksheet
from equipoise.conduct.bench import dose
from equipoise.conduct.bench.stock import at_bench
from equipoise.conduct.commands.trial import Appoint
from equipoise.conduct.commands.values import Correct
from equipoise.conduct.roles import Role
from equipoise.conduct.views import product as shown
from equipoise.errors import ConductError, SealError

from .pharmacy import NAME, bench, both_arms, make_up, prepare, with_sheet


@pytest.mark.parametrize("text", ["0" * 834 + "80.0", "080.0", "80." + "0" * 400, "9" * 13])
def test_a_weight_cannot_be_written_at_any_length(pharmacy, text):
    """Its letters go into the worksheet, which is longer for cells: one arm's would not fit."""
    fix = Correct(NAME, "BASELINE", "WEIGHT", text, pharmacy.on(0), "misread", "kg")

    with pytest.raises(ConductError, match=r"write it in plain digits|decimal|plausible is"):
        pharmacy.do(fix, pharmacy.nurse)


def test_a_sheet_that_is_too_long_for_one_arm_is_refused_in_every_arm(pharmacy, monkeypatch):
    people = both_arms(pharmacy)
    said = {arm: make_up(pharmacy, name).sheet for arm, name in people.items()}
    private, place = pharmacy.keys["preparer"].private, bench(pharmacy).place()
    lengths = {
        arm: len(worksheet.fitting(sheet.said(), private, place).rstrip())
        for arm, sheet in said.items()
    }
    assert lengths["UC-MSC"] > lengths["PLACEBO"]
    between = (lengths["UC-MSC"] + lengths["PLACEBO"]) // 2
    monkeypatch.setattr(worksheet, "LENGTH", between)

    told = set()
    for name in people.values():
        with pytest.raises(SealError) as refused:
            make_up(pharmacy, name)
        told.add(str(refused.value))
    assert len(told) == 1


def exchanged(clinic, who):
    """The list with another's key in place of a recipient's; the boxes are the true ones."""
    listed = clinic.sealed
    return replace(listed, recipients={**listed.recipients, who: sealed.new_key().public.hex()})


@pytest.mark.parametrize("who", sealed.RECIPIENTS)
def test_a_list_with_an_exchanged_key_makes_up_no_bag(pharmacy, who):
    """Every worksheet would be sealed for whoever put the key there."""
    other = exchanged(pharmacy, who)
    assert other.fingerprint != pharmacy.sealed.fingerprint
    with pytest.raises(SealError, match=r"arms or keys were exchanged. Open nothing"):
        trusting(pharmacy, other.fingerprint)


def test_a_list_of_the_keepers_own_makes_up_no_bag(pharmacy):
    public = {who: key.public for who, key in pharmacy.keys.items()}
    own = sealed.seal(pharmacy.study, public, length=8, seed=2**40)

    with pytest.raises(SealError, match="arms or keys were exchanged"):
        trusting(pharmacy, own.fingerprint)


def trusting(clinic, fingerprint):
    said = {"private": clinic.keys["preparer"].private, "listed": fingerprint}
    return at_bench(clinic.log, by=clinic.preparer, **said)


def test_a_slot_that_is_not_on_the_trusted_list_is_not_opened(pharmacy):
    here = bench(pharmacy)
    less = here._replace(shelf=replace(here.shelf, slots=here.shelf.slots[1:]))
    asked = views.dose_to_prepare(pharmacy.log, NAME, by=pharmacy.preparer)
    with pytest.raises(SealError, match="is not on the list; make up nothing"):
        dose.make_up(less, asked, encounter="BASELINE", begun=f"{pharmacy.at:%Y-%m-%d}T09:00")


@pytest.mark.parametrize("arm", ["UC-MSC", "PLACEBO"])
def test_a_worksheet_made_without_the_preparers_key_tells_the_same_in_every_arm(pharmacy, arm):
    """Else the second check would say whether a guess that somebody filed was right."""
    name = both_arms(pharmacy)[arm]
    sheet = prepare(pharmacy, name)
    asked = shown.bag_to_check(pharmacy.log, name, "BASELINE", by=pharmacy.checker)

    for guess in ("UC-MSC", "PLACEBO"):
        at = with_sheet(bench(pharmacy), sheet.bag, replace(sheet, arm=guess), b"k" * 32)
        with pytest.raises(SealError, match="was not made with the preparer's key"):
            dose.check(at, asked)


@pytest.mark.parametrize("person", ["Preparer", "pre-parer", "PREPARER.", "preparer:"])
def test_one_person_does_not_pass_for_two(pharmacy, person):
    with pytest.raises(ConductError, match=f"{person} is too like preparer"):
        pharmacy.do(Appoint(person, Role.NURSE, "S1"), pharmacy.administrator)
