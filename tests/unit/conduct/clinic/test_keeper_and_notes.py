"""What is noted of the stock: how many notes there are, and whether one is refused, tells no arm."""

from __future__ import annotations

import pytest

from equipoise.conduct import worksheet
from equipoise.conduct.bench import notes
from equipoise.conduct.bench.audit import findings
from equipoise.conduct.bench.notes import freeing, note
from equipoise.conduct.bench.stock import Bench, at_bench
from equipoise.conduct.canonical import canonical
from equipoise.conduct.commands.preparation import DiscardBag
from equipoise.conduct.events.preparation import WorksheetFiled
from equipoise.errors import ConductError, SealError

from .keeping import add, in_both_arms, next_bag, rewrite, tried, weighs
from .pharmacy import NAME, bench, both_arms, make_up, prepare


def free(clinic):
    clinic.do(freeing(bench(clinic), reason="counted"), clinic.preparer)
    at = bench(clinic)
    return {lot: (at.left(lot), at.free(lot)) for lot in at.shelf.lots}


def test_what_was_reserved_and_not_taken_is_freed_when_many_bags_were_made(shelf, monkeypatch):
    """Bags of placebo take no cells, and yet as many are kept back, until the shelf is counted."""
    monkeypatch.setattr(notes, "MANY", 2)
    people = both_arms(shelf)
    for name in people.values():
        prepare(shelf, name)
    at = bench(shelf)
    assert (at.left("C-1"), at.free("C-1")) == (22, 14)
    assert free(shelf)["C-1"] == (22, 22)
    assert free(shelf)["C-1"] == (22, 22)


def test_many_bags_of_one_person_free_nothing(shelf, monkeypatch):
    """A nurse may discard bags: eight of one person's would tell that one arm."""
    monkeypatch.setattr(notes, "MANY", 2)
    for _ in range(3):
        bag = prepare(shelf).bag
        shelf.do(DiscardBag(NAME, "BASELINE", bag, "spilled"), shelf.infusion_nurse)
    at = bench(shelf)
    before = at.left("C-1"), at.free("C-1")
    assert free(shelf)["C-1"] == before


def test_people_are_counted_again_from_each_note_that_names_a_lot(shelf, monkeypatch):
    """Also from one that freed nothing, for what it freed depends on arms."""
    monkeypatch.setattr(notes, "MANY", 2)
    monkeypatch.setattr(Bench, "left", Bench.free)  # as if all had taken what was reserved
    for name in both_arms(shelf).values():
        prepare(shelf, name)
    assert notes._people(bench(shelf), "C-1") == 2
    shelf.do(freeing(bench(shelf), reason="counted"), shelf.preparer)
    assert notes._people(bench(shelf), "C-1") == 0


def test_a_note_is_as_long_whatever_the_numbers(shelf):
    """Whether it fits must not depend on how much is freed; the sealed one is filled anyway."""
    at, lengths = bench(shelf), set()
    for units in (0, 7, 30):
        made = note(at, "C-1", units, why="destroyed", reason="broken")
        private = shelf.keys["preparer"].private
        said = worksheet.read(made.sealed["preparer"], private, made.note)
        lengths.add(len(canonical(said)))
    assert len(lengths) == 1


def test_a_note_that_was_wrong_is_replaced_and_counts_no_more(shelf):
    wrong = note(bench(shelf), "C-1", 9, why="destroyed", reason="a slip: it was 1")
    shelf.do(wrong, shelf.preparer)
    with pytest.raises(ConductError, match="of lot C-1 21 units can have left the shelf, not 22"):
        note(bench(shelf), "C-1", 22, why="missing", reason="a break-in")
    with pytest.raises(ConductError, match="no note 'N-NONE' of lot C-1 that still stands"):
        note(bench(shelf), "C-1", 1, why="destroyed", reason="one", replaces="N-NONE")
    right = {"why": "destroyed", "reason": "one broke", "replaces": wrong.note}
    known = bench(shelf).stock
    shelf.do(note(bench(shelf), "C-1", 1, **right), shelf.preparer)

    for at in (bench(shelf), bench(shelf, known=known)):
        assert (at.left("C-1"), at.free("C-1")) == (29, 29)
    with pytest.raises(ConductError, match="that still stands"):
        note(bench(shelf), "C-1", 2, **right)


def test_the_audit_passes_over_a_note_that_was_replaced(shelf):
    wrong = note(bench(shelf), "C-1", 30, why="destroyed", reason="a slip: it was 3")
    shelf.do(wrong, shelf.preparer)
    right = {"why": "destroyed", "reason": "three broke", "replaces": wrong.note}
    shelf.do(note(bench(shelf), "C-1", 3, **right), shelf.preparer)
    for name in both_arms(shelf).values():
        prepare(shelf, name)
    key = {"private": shelf.keys["vault"].private, "listed": shelf.sealed.fingerprint}
    assert not list(findings(shelf.log, who="vault", **key))


@pytest.mark.parametrize("when", [5, None, "yesterday"])
def test_a_forged_worksheet_ends_the_audit_in_words(shelf, when):
    """Anybody can seal for the vault, who cannot ask for the preparer's code."""
    sheet, code = make_up(shelf).sheet, worksheet.bag_code()
    said = {**sheet.said(), "bag": code, "begun": when}
    forged = {"private": b"k" * 32, "place": worksheet.Place("", "")}
    filed = worksheet.filed(said, shelf.sealed.recipients, code, **forged)
    add(shelf, WorksheetFiled(code, filed), NAME)
    key = {"private": shelf.keys["vault"].private, "listed": shelf.sealed.fingerprint}
    with pytest.raises(SealError, match="this is not a worksheet of the bench"):
        list(findings(shelf.log, who="vault", **key))


def one_count(world, name):
    """One bag of a lot: how many notes a count leaves would tell whether it was of cells."""
    prepare(world, name)
    free(world)
    return len(world.log.lines("vault")), tried(lambda: a_last_bag(world))


def a_last_bag(world):
    """30 vials less 8 are free; a person of 250 kg would need 25."""
    rewrite(world, "main", weighs("S1-099", "250.0"))
    next_bag(world, world.log.tip("vault"))


def everything_gone(world, name):
    """The bag was withdrawn before thawing, or the freezer failed: all 30 are noted, whatever."""
    prepare(world, name)
    at = bench(world)
    return tried(
        lambda: world.do(note(at, "C-1", 30, why="destroyed", reason="thawed"), world.preparer)
    )


def nothing_gone(world, name):
    prepare(world, name)
    at = bench(world)
    return tried(
        lambda: world.do(note(at, "C-1", 0, why="returned", reason="none"), world.preparer)
    )


def a_sheet_that_was_kept(world, name):
    """The commit was said to have failed; the genuine sheet is filed later, beside the second."""
    kept = make_up(world, name).command
    prepare(world, name)
    event = WorksheetFiled(kept.bag, dict(kept.worksheet))
    add(world, event, name)
    return tried(lambda: bench(world))


def another_site(world, name):
    """The database says that the preparer has no site, so that a bag would not count at S1."""
    by = world.preparer._replace(site=None)
    said = {"private": world.keys["preparer"].private, "listed": world.sealed.fingerprint}
    return tried(lambda: at_bench(world.log, by=by, **said))


@pytest.mark.parametrize(
    "play", [one_count, everything_gone, nothing_gone, a_sheet_that_was_kept, another_site],
    ids=lambda play: play.__name__,
)  # fmt: skip
def test_what_is_noted_tells_no_arm(shelf, quick_path, play):
    told = in_both_arms(shelf, quick_path, play)

    assert told["UC-MSC"] == told["PLACEBO"]


def test_a_sheet_that_does_not_follow_what_it_was_made_from_is_not_taken(shelf):
    kept = make_up(shelf).command
    prepare(shelf)
    add(shelf, WorksheetFiled(kept.bag, dict(kept.worksheet)), NAME)
    with pytest.raises(SealError, match="was not made with the preparer's key for this place"):
        bench(shelf)
