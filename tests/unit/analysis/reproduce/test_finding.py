from dataclasses import replace

from equipoise.analysis.reproduce import Finding, Recomputation, in_short, to_rows
from equipoise.analysis.reproduce.words import same
from equipoise.protocol.model import Text


def way(value, *, agrees=None, how="Fisher, p"):
    return Recomputation(Text(en=how, zh=how.replace(", ", "，")), value, agrees=agrees)


FINDING = Finding(
    id="check",
    kind="p of counts",
    statements=("p",),
    printed="p<0.05",
    label=Text(en="Pain", zh="疼痛"),
    claim=same("p < 0.05"),
    where=same("Results"),
    expectation=same("It follows."),
    recomputed=(way(0.04, agrees=True), way(0.06, agrees=False)),
    verdict="only if",
    explanation=same("It does."),
)


def test_in_short_are_the_numbers_that_the_verdict_rests_on():
    assert in_short(FINDING) == ("Fisher, p: 0.04",)
    assert in_short(replace(FINDING, verdict="does not hold")) == ("Fisher, p: 0.06",)


def test_numbers_of_which_none_was_judged_are_all_shown():
    unjudged = replace(FINDING, recomputed=(way(1.0), way(2.0)))

    assert in_short(unjudged, "zh") == ("Fisher，p：1", "Fisher，p：2")


def test_more_than_three_numbers_are_a_range_of_what_they_have_in_common():
    ways = tuple(way(value, how=f"test {value}, p") for value in (0.3, 0.1, 0.2, 0.4))

    assert in_short(replace(FINDING, recomputed=ways)) == ("p: 0.1 to 0.4 (4 values)",)


def test_a_finding_without_a_recomputed_number_has_none_in_short():
    assert in_short(replace(FINDING, recomputed=())) == ()


def test_a_row_has_the_label_alone_and_before_the_claim():
    [row] = to_rows((FINDING,), "zh")

    assert row["label"] == "疼痛"
    assert row["claim"] == "疼痛：p < 0.05"
    assert row["recomputed"] == "Fisher，p：0.04；Fisher，p：0.06"
