"""What is noted of the stock: how many notes there are, and whether one is refused, tells no arm."""

from __future__ import annotations

import pytest

from equipoise.conduct.bench import notes
from equipoise.conduct.bench.notes import freeing, note
from equipoise.conduct.bench.stock import at_bench
from equipoise.conduct.events.preparation import WorksheetFiled
from equipoise.errors import SealError

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
