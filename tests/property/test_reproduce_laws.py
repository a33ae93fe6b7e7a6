"""Laws of recomputing: what was honestly computed and printed is always found again."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from statistics import mean, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis.reproduce import reproduce
from equipoise.analysis.reproduce.counts import counts_giving, counts_up_to
from equipoise.analysis.reproduce.methods import INTERVALS
from equipoise.analysis.reproduce.rounding import agrees, span
from equipoise.analysis.reproduce.spread import largest_sd, largest_sd_of_rounded
from equipoise.protocol.published import Published
from equipoise.statistics.means import t_test_from_summary

law = settings(deadline=None, max_examples=60)
digits = st.integers(0, 3)
roundings = st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN])


def printed(value, places, rounding=ROUND_HALF_EVEN):
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding)


@st.composite
def counts(draw, most=60):
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


def study(numbers, **more):
    shared = {"passage": "p", "printed": "as printed"}
    return Published.model_validate(
        {
            "arms": ["A", "B"],
            "passages": [{"id": "p", "source": "paper", "where": "Results"}],
            "numbers": [number | shared for number in numbers],
            **{
                key: [one | shared for one in value]
                for key, value in more.items()
                if key in ("intervals", "p_values")
            },
            "checks": [
                check | {"id": "check", "expectation": "It follows."}
                for check in more.get("checks", [])
            ],
            "analysis_sets": [{"id": "all", "label": "all", "n": {"A": ["all-a"], "B": ["all-b"]}}],
        }
    )


def number(name, value, statistic="mean", **more):
    return {"id": name, "statistic": statistic, "value": value, **more}


@law
@given(count=counts(), places=digits, rounding=roundings)
def test_a_count_is_among_those_that_give_its_printed_percentage(count, places, rounding):
    x, n = count
    percentage = printed(Decimal(100 * x) / n, places, rounding)

    assert count in counts_giving(span(percentage), n)
    assert count in counts_up_to(span(percentage), n)


@law
@given(count=counts(), places=digits)
def test_every_count_that_is_offered_rounds_to_the_print(count, places):
    percentage = printed(Decimal(100 * count[0]) / count[1], places)

    for x, n in counts_up_to(span(percentage), 60):
        assert agrees(100 * x / n, percentage)


@pytest.mark.parametrize("method", INTERVALS)
@settings(deadline=None, max_examples=8)
@given(first=counts(most=15), second=counts(most=15))
def test_the_counts_and_method_behind_an_interval_are_found(method, first, second):
    (x1, n1), (x2, n2) = first, second
    estimate = INTERVALS[method]((x1, x2), (n1, n2))
    lower, upper = (printed(100 * end, 4) for end in estimate[1:])

    [finding] = reproduce(
        study(
            [
                number("all-a", n1, "count"),
                number("all-b", n2, "count"),
                number("share-a", printed(Decimal(100 * x1) / n1, 4), "percentage", arm="A"),
                number("share-b", printed(Decimal(100 * x2) / n2, 4), "percentage", arm="B"),
            ],
            intervals=[{"id": "interval", "lower": lower, "upper": upper}],
            checks=[
                {
                    "kind": "interval",
                    "of": "interval",
                    "percentages": ["share-a", "share-b"],
                    "largest": ["all-a", "all-b"],
                }
            ],
        )
    )

    giving = [(one.method, one.events, one.n) for one in finding.recomputed if one.agrees]
    assert (method, (x1, x2), (n1, n2)) in giving


@law
@given(
    means=st.tuples(st.floats(4, 12), st.floats(4, 12)),
    sds=st.tuples(st.floats(0.5, 3), st.floats(0.5, 3)),
    n=st.tuples(st.integers(2, 90), st.integers(2, 90)),
    places=st.integers(1, 3),
)
def test_a_p_value_agrees_with_the_rounded_means_and_sds_it_was_computed_from(
    means, sds, n, places
):
    p = printed(t_test_from_summary(means, sds, n).p, 4)

    findings = reproduce(
        study(
            [
                number("all-a", n[0], "count"),
                number("all-b", n[1], "count"),
                number("a", printed(means[0], places), sd=printed(sds[0], places)),
                number("b", printed(means[1], places), sd=printed(sds[1], places)),
            ],
            p_values=[
                {
                    "id": "p",
                    "comparison": "=",
                    "value": p,
                    "contrast": "between arms",
                    "compares": ["a", "b"],
                }
            ],
        )
    )

    student = findings[0].recomputed[0]
    assert student.agrees
    assert student.lower <= student.value <= student.upper


@law
@given(values=st.lists(st.decimals(-50, 50, places=5), min_size=1, max_size=6), places=digits)
def test_a_printed_sum_of_rounded_terms_holds(values, places):
    numbers = [number(f"t{index}", printed(value, places)) for index, value in enumerate(values)]
    whole = number("whole", printed(sum(values), places))
    terms = [one["id"] for one in numbers]

    arms = [number("all-a", 10, "count"), number("all-b", 10, "count")]
    findings = reproduce(
        study([*numbers, whole, *arms], checks=[{"kind": "sum", "of": "whole", "terms": terms}])
    )

    assert findings[0].verdict == "holds"


@law
@given(values=st.lists(st.integers(0, 48), min_size=2, max_size=9))
def test_no_values_have_more_spread_than_the_largest_sd(values):
    sd, centre = stdev(values), mean(values)

    assert sd <= largest_sd(len(values), centre, min(values), max(values)) + 1e-9


@law
@given(values=st.lists(st.floats(0, 48), min_size=2, max_size=9), places=st.integers(0, 2))
def test_the_sd_of_real_values_survives_the_rounding_of_mean_and_range(values, places):
    lowest, highest = (span(printed(end, places)) for end in (min(values), max(values)))

    limit = largest_sd_of_rounded(len(values), span(printed(mean(values), places)), lowest, highest)

    assert stdev(values) <= limit + 1e-6
