import pytest

from equipoise.analysis.reproduce.spread import largest_sd
from equipoise.errors import StatisticsError


def spread(paper, value, sd, *, count=5):
    return paper.find(
        paper.number("time", value, sd=sd, lowest=8, highest=24),
        paper.percentage("share", "10", count=count, denominator=50),
        checks=[
            {
                "kind": "spread",
                "of": "time",
                "counted": "share",
                "lowest": ["time.lowest"],
                "highest": ["time.highest"],
            }
        ],
    )


@pytest.mark.parametrize(("sd", "verdict"), [("7.0", "holds"), ("7.6", "does not hold")])
def test_an_sd_is_impossible_when_no_values_in_the_range_reach_it(paper, sd, verdict):
    assert spread(paper, "12", sd).verdict == verdict


def test_a_mean_outside_its_range_does_not_hold(paper):
    assert spread(paper, "26", "1.0").verdict == "does not hold"


def test_one_value_has_no_sd_to_check(paper):
    assert spread(paper, "12", "1.0", count=1).verdict == "cannot be checked"


@pytest.mark.parametrize(
    ("n", "mean", "expected"),
    [(2, 16, 128**0.5), (4, 8, 0), (4, 24, 0), (3, 8 + 16 / 3, 256**0.5 / 3**0.5)],
)
def test_the_largest_sd_puts_the_values_at_the_ends(n, mean, expected):
    assert largest_sd(n, mean, 8, 24) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("n", "mean"), [(1, 12), (5, 7.9), (5, 24.1)])
def test_the_largest_sd_is_refused_where_there_is_none(n, mean):
    with pytest.raises(StatisticsError, match="at least two values"):
        largest_sd(n, mean, 8, 24)


def test_no_event_in_60_is_compatible_with_about_6_percent(paper):
    finding = paper.find(
        paper.count("deaths", 0),
        paper.count("many", 60),
        sets={"many": {"A": ["many"], "B": ["many"]}},
        checks=[{"kind": "upper limit", "of": "deaths", "analysis_set": "many", "arm": "A"}],
    )

    assert finding.recomputed[0].upper == pytest.approx(100 * (1 - 0.025 ** (1 / 60)))
