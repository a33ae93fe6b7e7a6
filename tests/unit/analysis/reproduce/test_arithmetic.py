from decimal import Decimal

import pytest

from equipoise.errors import StatisticsError


@pytest.mark.parametrize(("printed", "verdict"), [("1.51", "holds"), ("1.52", "does not hold")])
def test_a_sum_may_be_off_by_the_rounding_of_its_terms(paper, printed, verdict):
    finding = paper.find(
        paper.number("before", "9.02"),
        paper.number("after", "7.52"),
        paper.number("fall", printed),
        checks=[{"kind": "sum", "of": "fall", "terms": ["before", "- after"]}],
    )

    assert finding.verdict == verdict


def test_a_sum_of_counts_must_be_exact(paper):
    finding = paper.find(
        paper.count("both", 92),
        checks=[{"kind": "sum", "of": "both", "terms": ["all-a", "all-b"]}],
    )

    assert finding.verdict == "does not hold"
    assert "45 + 46 = 91; printed 92" in finding.explanation("en")


def test_two_prints_of_one_number_must_be_the_same(paper):
    finding = paper.find(
        paper.number("here", "1.31"),
        paper.number("there", "1.13"),
        checks=[{"kind": "agreement", "of": "here", "other": "there"}],
    )

    assert finding.verdict == "does not hold"


@pytest.mark.parametrize(("second", "verdict"), [("40.0", "holds"), ("50.0", "does not hold")])
def test_reductions_are_ratios_of_means_if_they_imply_one_baseline(paper, second, verdict):
    finding = paper.find(
        paper.number("level-1", "70.0"),
        paper.number("level-2", "60.0"),
        paper.percentage("down-1", "30.0"),
        paper.percentage("down-2", second),
        checks=[
            {
                "kind": "ratio of means",
                "levels": ["level-1", "level-2"],
                "reductions": ["down-1", "down-2"],
            }
        ],
    )

    assert finding.recomputed[0].value == pytest.approx(100)
    assert finding.verdict == verdict


def quotients(within):
    return {
        "kind": "quotient",
        "numerators": ["a", "b"],
        "divisors": ["c", "d"],
        "unit": "kg",
        "within": Decimal(within),
    }


@pytest.mark.parametrize(("within", "verdict"), [("5", "holds"), ("1", "does not hold")])
def test_quotients_agree_within_what_the_study_allows(paper, within, verdict):
    finding = paper.find(
        paper.number("a", "38.80"),
        paper.number("b", "34.51"),
        paper.number("c", "0.50"),
        paper.number("d", "0.45"),
        checks=[quotients(within)],
    )

    assert finding.recomputed[0].value == pytest.approx(77.6)
    assert finding.verdict == verdict


def test_a_divisor_that_may_be_zero_is_refused(paper):
    with pytest.raises(StatisticsError, match="may be zero"):
        paper.find(
            paper.number("a", "38.80"),
            paper.number("b", "34.51"),
            paper.number("c", "0.50"),
            paper.number("d", "0.0"),
            checks=[quotients("5")],
        )
