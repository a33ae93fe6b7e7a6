"""Laws of everything that compares measurements."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from equipoise.statistics.means import mean_interval, paired_t_test, t_test
from equipoise.statistics.ranks import hodges_lehmann, median_interval, wilcoxon
from equipoise.statistics.rates import incidence_rate

readings = st.integers(-200, 200).map(lambda steps: steps / 10)
samples = st.lists(readings, min_size=3, max_size=30).filter(lambda values: len(set(values)) > 1)
levels = st.floats(0.5, 0.999)
law = settings(deadline=None, max_examples=50)


@pytest.mark.parametrize("equal", [True, False])
@law
@given(x=samples, y=samples, level=levels)
def test_exchanging_the_groups_turns_the_sign_of_a_mean_difference(equal, x, y, level):
    one = t_test(x, y, equal_variance=equal, level=level)
    other = t_test(y, x, equal_variance=equal, level=level)

    assert (one.estimate, one.lower, one.upper, one.statistic) == pytest.approx(
        (-other.estimate, -other.upper, -other.lower, -other.statistic), abs=1e-10
    )
    assert one.p == pytest.approx(other.p, abs=1e-12)


@pytest.mark.parametrize("equal", [True, False])
@law
@given(x=samples, y=samples)
def test_the_interval_of_a_mean_difference_excludes_zero_exactly_when_p_is_below_alpha(equal, x, y):
    result = t_test(x, y, equal_variance=equal)
    assume(abs(result.p - 0.05) > 1e-9)

    assert (result.p < 0.05) == (result.lower > 0 or result.upper < 0)
    assert 0 <= result.p <= 1


@law
@given(x=samples, y=samples, shift=readings)
def test_adding_to_every_value_of_a_group_moves_the_shift_by_as_much(x, y, shift):
    """Both shifts keep the groups apart: ties between them would change the method, as in R."""
    apart, moved = [value + 100 for value in x], [value + 100 + shift for value in x]

    one, other = hodges_lehmann(apart, y), hodges_lehmann(moved, y)

    assert tuple(other) == pytest.approx([value + shift for value in one], abs=1e-9)


@law
@given(x=samples, y=samples, level=levels)
def test_exchanging_the_groups_turns_the_sign_of_the_shift_and_its_limits(x, y, level):
    one, other = hodges_lehmann(x, y, level=level), hodges_lehmann(y, x, level=level)

    assert tuple(one) == pytest.approx((-other.estimate, -other.upper, -other.lower), abs=1e-12)
    assert one.lower <= one.estimate <= one.upper


@law
@given(x=samples, y=samples, level=levels)
def test_more_confidence_never_narrows_a_shift_or_a_median(x, y, level):
    more = (1 + level) / 2

    for narrow, wide in (
        (hodges_lehmann(x, y, level=level), hodges_lehmann(x, y, level=more)),
        (median_interval(x, level=level), median_interval(x, level=more)),
        (mean_interval(x, level=level), mean_interval(x, level=more)),
    ):
        assert wide.lower <= narrow.lower <= narrow.estimate <= narrow.upper <= wide.upper


@law
@given(x=samples, y=samples)
def test_a_rank_sum_p_is_a_probability_and_depends_on_order_alone(x, y):
    test = wilcoxon(x, y)

    assert 0 <= test.p <= 1
    assert test == wilcoxon(np.asarray(x) * 2, np.asarray(y) * 2)
    assert test.p == pytest.approx(wilcoxon(y, x).p, abs=1e-12)


@law
@given(x=samples, y=samples)
def test_a_paired_difference_lies_in_its_interval(x, y):
    paired = list(zip(x, y, strict=False))
    differences = {round(a - b, 6) for a, b in paired}
    assume(len(paired) > 1 and len(differences) > 1)

    result = paired_t_test([a for a, _ in paired], [b for _, b in paired])

    assert result.lower <= result.estimate <= result.upper
    assert 0 <= result.p <= 1


@law
@given(events=st.integers(0, 500), exposure=st.floats(0.01, 1e5), level=levels)
def test_a_rate_lies_in_its_interval(events, exposure, level):
    rate = incidence_rate(events, exposure, level=level)

    assert 0 <= rate.lower <= rate.estimate <= rate.upper
