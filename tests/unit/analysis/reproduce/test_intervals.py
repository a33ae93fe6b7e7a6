from decimal import Decimal

import pytest

from equipoise.analysis.reproduce.methods import INTERVALS

CHECK = {
    "kind": "interval",
    "of": "interval",
    "percentages": ["share-a", "share-b"],
    "largest": ["all-a", "all-b"],
}


def printed(method, events, n, digits):
    estimate = INTERVALS[method](events, n)
    lower, upper = (Decimal(f"{100 * end:.{digits}f}") for end in estimate[1:])
    return {
        "id": "interval",
        "lower": lower,
        "upper": upper,
        "printed": "interval",
        "passage": "somewhere",
    }


@pytest.mark.parametrize("method", INTERVALS)
def test_the_method_that_made_an_interval_is_found(paper, method):
    finding = paper.find(
        paper.percentage("share-a", "26.67", arm="A"),
        paper.percentage("share-b", "10.87", arm="B"),
        intervals=[printed(method, (12, 5), (45, 46), 3)],
        checks=[CHECK],
    )

    giving = [(one.method, one.events, one.n) for one in finding.recomputed if one.agrees]
    assert giving == [(method, (12, 5), (45, 46))]
    assert finding.verdict == "holds"


def test_an_interval_that_nothing_gives_does_not_hold(paper):
    interval = printed("Wald", (12, 5), (45, 46), 2) | {"upper": Decimal("99.99")}

    finding = paper.find(
        paper.percentage("share-a", "26.67", arm="A"),
        paper.percentage("share-b", "10.87", arm="B"),
        intervals=[interval],
        checks=[CHECK],
    )

    assert finding.verdict == "does not hold"
    assert finding.recomputed == ()


def test_coarse_digits_leave_more_than_one_way(paper):
    finding = paper.find(
        paper.percentage("share-a", "27", arm="A"),
        paper.percentage("share-b", "11", arm="B"),
        intervals=[printed("Wald", (12, 5), (45, 46), 0)],
        checks=[CHECK],
    )

    assert sum(bool(one.agrees) for one in finding.recomputed) > 1
    assert "these give it too" in finding.explanation("en")
