"""Who keeps the machine writes lines of his own between bench and check, and reads the answers.

Neither making up nor checking may answer otherwise for one arm than for another: the log shows to
everybody whether a bag was made up and whether it was checked.
"""

from __future__ import annotations

import msgspec
import pytest

from equipoise.conduct import views, worksheet
from equipoise.conduct.bench import dose
from equipoise.conduct.events.participant import Randomised
from equipoise.conduct.events.preparation import WorksheetFiled
from equipoise.conduct.events.product import LotRecalled, LotRejected, StockNoted
from equipoise.conduct.sealed import open_slot
from equipoise.conduct.verification import verify
from equipoise.conduct.views import product as shown
from equipoise.errors import EquipoiseError, LogError

from .keeping import add, codeless, copied
from .pharmacy import bench, both_arms, make_up, prepare


def short_stock(clinic, people):
    """Only one lot stays released, of which the bag before took nearly all."""
    add(clinic, LotRecalled("C-2"))


def recall(lot, kind=LotRecalled):
    return lambda clinic, _: add(clinic, kind(lot))


def another_receipt(clinic, people):
    got = bench(clinic).shelf.lots["C-1"].received
    add(clinic, msgspec.structs.replace(got, units=1))


def one_vial_more(clinic, people):
    """A lot that is not there, of which the next bag of cells would be made."""
    got = bench(clinic).shelf.lots["C-1"].received
    add(clinic, msgspec.structs.replace(got, lot="C-0", units=1))


def forged(clinic):
    """A key of the keeper's, who knows which list it is."""
    after = clinic.log.tip("vault").hash.hex()
    return {"private": b"k" * 32, "place": worksheet.Place(clinic.sealed.fingerprint, after)}


def note(units):
    """A note that anybody can seal, for the keys are public."""

    def forge(clinic, people):
        said = {"units": [["C-1", units]], "why": "destroyed", "reason": "x", "replaces": None}
        code, public = worksheet.note_code(), clinic.sealed.recipients
        add(clinic, StockNoted(code, worksheet.filed(said, public, code, **forged(clinic))))

    return forge


def sheet_of_cells(clinic, people):
    """A worksheet that somebody made of a guessed arm, in place of nobody's."""
    name = people["PLACEBO"]
    code = worksheet.bag_code()
    said = make_up(clinic, name, "BASELINE", bag=code).sheet.said()
    filed = worksheet.filed(said, clinic.sealed.recipients, code, **forged(clinic))
    add(clinic, WorksheetFiled(code, filed), name)


def slot_of(arm):
    """Both participants are said to have an unused slot, of which the keeper guesses the arm."""

    def forge(clinic, people):
        private, listed = clinic.keys["vault"].private, clinic.scene.sealed
        slot = next(
            slot
            for slot in reversed(listed.slots)
            if open_slot(listed.study, slot, listed.boxes[slot.slot]["vault"], "vault", private)[0]
            == arm
        )
        for name in people.values():
            add(clinic, Randomised(slot.slot, slot.stratum, 1), name)

    return forge


FORGED = {
    "a recall of cells": recall("C-1"),
    "a recall of vehicle": recall("V-1"),
    "a rejection of cells": recall("C-1", LotRejected),
    "another receipt": another_receipt,
    "a lot that is not there": one_vial_more,
    "a recall that makes the stock short": short_stock,
    "a note": note(1),
    "a note that gives back": note(-5),
    "a note that takes all": note(10_000),
    "a sheet": sheet_of_cells,
    "a slot of cells": slot_of("UC-MSC"),
    "a slot of placebo": slot_of("PLACEBO"),
}


@pytest.mark.parametrize("how", FORGED)
def test_the_second_check_answers_the_same_in_every_arm(pharmacy, how, quick_path):
    people = both_arms(pharmacy)
    told = []
    for name in people.values():
        with copied(pharmacy, quick_path / f"{name}.sqlite") as clinic:
            bag = prepare(clinic, name).bag
            FORGED[how](clinic, people)
            told.append(answer(clinic, name, bag))

    assert told[0] == told[1]


def answer(clinic, name, bag):
    """What the second checker's bench says, but for whose bag it is."""
    try:
        asked = shown.bag_to_check(clinic.log, name, "BASELINE", by=clinic.checker)
        dose.check(bench(clinic), asked)
    except EquipoiseError as error:
        return type(error), codeless(str(error)).replace(name, "…")
    return "it agrees"


@pytest.mark.parametrize("how", FORGED)
def test_what_is_made_up_next_tells_nothing_of_the_bag_before(pharmacy, how, quick_path):
    """The stock is made short by lines of the keeper's; the next bag must not tell who used it."""
    people = both_arms(pharmacy)
    pharmacy.begin("S1-099")
    seen = pharmacy.log.tip("vault")
    told = []
    for name in people.values():
        with copied(pharmacy, quick_path / f"{name}.sqlite") as clinic:
            prepare(clinic, name)
            FORGED[how](clinic, people)
            told.append(next_bag(clinic, "S1-099", seen))

    assert told[0] == told[1]


def next_bag(clinic, name, seen):
    """What the preparer's bench answers, who knows of no change to the shelf."""
    begun = f"{clinic.at:%Y-%m-%d}T09:00"
    try:
        at = bench(clinic, through=seen)
        if at.shelf.fresh:
            return at.shelf.fresh
        asked = views.dose_to_prepare(clinic.log, name, by=clinic.preparer)
        dose.make_up(at, asked, encounter="BASELINE", begun=begun)
    except EquipoiseError as error:
        return type(error), codeless(str(error))
    return "made up"


@pytest.mark.parametrize("how", FORGED)
def test_lines_of_the_keepers_are_found_by_verification(pharmacy, how):
    """He wrote ``after`` as it suited him; the tables do not say what he wrote, either."""
    people = both_arms(pharmacy)
    for name in people.values():
        prepare(pharmacy, name)
    FORGED[how](pharmacy, people)

    with pytest.raises(LogError):
        verify(pharmacy.log)
