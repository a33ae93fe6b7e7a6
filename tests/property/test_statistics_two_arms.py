"""Laws of everything that compares two proportions."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.statistics.boschloo import boschloo
from equipoise.statistics.contingency import chi_squared, farrington_manning, fisher
from equipoise.statistics.proportion import binomial_test, clopper_pearson, wilson
from equipoise.statistics.ratio import odds_ratio, risk_ratio
from equipoise.statistics.risk_difference import (
    METHODS,
    miettinen_nurminen,
    miettinen_nurminen_many,
)

sizes = st.integers(1, 80)
levels = st.floats(0.5, 0.999)
law = settings(deadline=None, max_examples=50)


@st.composite
def arms(draw, size=sizes):
    n = draw(size), draw(size)
    return (draw(st.integers(0, n[0])), draw(st.integers(0, n[1]))), n


def swapped(pair):
    return pair[1], pair[0]


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@law
@given(counts=arms(), level=levels)
def test_exchanging_the_labels_turns_the_sign_of_the_difference_and_its_limits(
    method, counts, level
):
    events, n = counts

    one = method(events, n, level=level)
    other = method(swapped(events), swapped(n), level=level)

    assert tuple(one) == pytest.approx((-other.estimate, -other.upper, -other.lower), abs=1e-12)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@law
@given(counts=arms(), level=levels)
def test_an_interval_contains_its_estimate_and_stays_in_range(method, counts, level):
    result = method(*counts, level=level)

    assert -1 <= result.lower <= result.estimate + 1e-12
    assert result.estimate - 1e-12 <= result.upper <= 1


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@law
@given(counts=arms(), level=levels)
def test_more_confidence_never_narrows_an_interval(method, counts, level):
    narrow = method(*counts, level=level)
    wide = method(*counts, level=(1 + level) / 2)

    assert wide.lower <= narrow.lower + 1e-12
    assert wide.upper >= narrow.upper - 1e-12


@law
@given(tables=st.lists(arms(), min_size=1, max_size=20), level=levels)
def test_many_tables_are_treated_as_each_of_them(tables, level):
    events, n = (np.array(part) for part in zip(*tables, strict=True))

    many = np.stack(miettinen_nurminen_many(events, n, level=level), axis=-1)

    each = [miettinen_nurminen(*table, level=level) for table in tables]
    assert np.allclose(many, each, atol=1e-13, rtol=0)


@pytest.mark.parametrize("test", [chi_squared, fisher, farrington_manning, boschloo])
@law
@given(counts=arms(st.integers(1, 25)))
def test_p_is_a_probability_and_does_not_depend_on_the_labels(test, counts):
    events, n = counts

    p = test(events, n).p

    assert 0 <= p <= 1 + 1e-12
    assert p == pytest.approx(test(swapped(events), swapped(n)).p, abs=1e-8)


@pytest.mark.parametrize("ratio", [risk_ratio, odds_ratio])
@law
@given(counts=arms(), level=levels)
def test_a_ratio_lies_in_its_interval(ratio, counts, level):
    result = ratio(*counts, level=level)

    assert 0 <= result.lower <= result.upper
    if not isnan(result.estimate):
        assert result.lower <= result.estimate * (1 + 1e-9)
        assert result.estimate <= result.upper * (1 + 1e-9)


@law
@given(counts=arms(st.integers(2, 40)))
def test_difference_and_ratio_of_risks_agree_on_which_side_of_nothing_the_data_lie(counts):
    """At no effect both score statistics are the same."""
    difference, quotient = miettinen_nurminen(*counts), risk_ratio(*counts)

    assert (difference.lower > 1e-9) == (quotient.lower > 1 + 1e-9)
    assert (difference.upper < -1e-9) == (quotient.upper < 1 - 1e-9)


@pytest.mark.parametrize("interval", [clopper_pearson, wilson])
@law
@given(n=sizes, share=st.floats(0, 1), level=levels)
def test_the_interval_of_those_without_the_event_is_the_mirror_image(interval, n, share, level):
    events = round(share * n)

    one, other = interval(events, n, level=level), interval(n - events, n, level=level)

    assert tuple(one) == pytest.approx((1 - other[0], 1 - other[2], 1 - other[1]), abs=1e-10)
    assert 0 <= one.lower <= one.estimate <= one.upper <= 1


@law
@given(n=sizes, share=st.floats(0, 1), supposed=st.floats(0, 1))
def test_a_binomial_p_is_a_probability(n, share, supposed):
    assert 0 <= binomial_test(round(share * n), n, proportion=supposed).p <= 1
