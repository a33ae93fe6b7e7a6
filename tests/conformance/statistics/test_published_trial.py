"""NCT02302599: what the printed numbers were computed from, and what other methods make of it."""

from __future__ import annotations

import pytest

from equipoise.statistics import (
    boschloo,
    contingency,
    means,
    power,
    proportion,
    risk_difference,
)

PUBLISHED = ((9, 2), (45, 44))
RANDOMISED = ((9, 2), (45, 46))


def percent(interval):
    return round(100 * interval.lower, 2), round(100 * interval.upper, 2)


def test_the_published_interval_is_wald_with_44_placebo_participants():
    """20 % v 4.55 %, 95 % CI 2.25 to 28.66."""
    result = risk_difference.wald(*PUBLISHED)

    assert round(100 * result.estimate, 3) == 15.455
    assert (round(100 * result.lower, 3), round(100 * result.upper, 3)) == (2.246, 28.663)


@pytest.mark.parametrize(
    ("counts", "method", "expected"),
    [
        (PUBLISHED, "newcombe", (1.49, 29.66)),
        (PUBLISHED, "miettinen_nurminen", (1.95, 30.13)),
        (RANDOMISED, "miettinen_nurminen", (2.48, 30.28)),
        (RANDOMISED, "newcombe", (1.99, 29.83)),
    ],
)
def test_better_intervals_of_the_primary_endpoint(counts, method, expected):
    assert percent(risk_difference.METHODS[method](*counts)) == expected


def test_only_one_method_and_set_of_counts_gives_the_published_interval():
    """Every denominator up to 45 and 46, every count that prints as 20 % and 4.55 %."""
    active = [(x, n) for n in range(1, 46) for x in range(n + 1) if round(100 * x / n) == 20]
    placebo = [(x, n) for n in range(1, 47) for x in range(n) if round(100 * x / n, 2) == 4.55]

    found = [
        (method, (x1, x2), (n1, n2))
        for x1, n1 in active
        for x2, n2 in placebo
        for method, interval in risk_difference.METHODS.items()
        if percent(interval((x1, x2), (n1, n2))) == (2.25, 28.66)
    ]

    assert found == [("wald", *PUBLISHED)]


@pytest.mark.parametrize(
    ("counts", "test", "digits", "p"),
    [
        (PUBLISHED, contingency.chi_squared, 5, 0.02677),
        (PUBLISHED, lambda x, n: contingency.chi_squared(x, n, yates=True), 3, 0.058),
        (PUBLISHED, contingency.fisher, 5, 0.04956),
        (PUBLISHED, boschloo.boschloo, 3, 0.034),
        (RANDOMISED, contingency.chi_squared, 4, 0.0220),
        (RANDOMISED, contingency.fisher, 4, 0.0269),
        (RANDOMISED, boschloo.boschloo, 4, 0.0303),
        (((9, 3), (45, 46)), contingency.fisher, 3, 0.069),
    ],
)
def test_p_values_of_the_primary_endpoint(counts, test, digits, p):
    assert round(test(*counts).p, digits) == p


def test_the_chi_squared_statistic_of_the_published_counts_is_4_9055():
    assert round(contingency.chi_squared(*PUBLISHED).statistic, 4) == 4.9055


INSULIN_WEEK_32 = ((37.32, 46.19), (19.63, 21.85))  # U/d; printed p > .05
HBA1C_WEEK_48 = ((7.52, 8.19), (1.07, 1.02))  # %; printed p = .0081


@pytest.mark.parametrize(
    ("printed", "n", "equal_variance", "digits", "p"),
    [
        (INSULIN_WEEK_32, (45, 44), True, 3, 0.047),
        (INSULIN_WEEK_32, (37, 36), True, 3, 0.072),
        (INSULIN_WEEK_32, (37, 36), False, 3, 0.073),
        (HBA1C_WEEK_48, (37, 36), True, 4, 0.0078),
        (HBA1C_WEEK_48, (45, 44), True, 4, 0.0033),
    ],
)
def test_t_tests_from_printed_means_show_that_completers_were_analysed(
    printed, n, equal_variance, digits, p
):
    test = means.t_test_from_summary(*printed, n, equal_variance=equal_variance)

    assert round(test.p, digits) == p


@pytest.mark.parametrize("n", [36, 44, 46])
def test_no_change_on_placebo_needs_a_within_person_correlation_below_minus_a_half(n):
    """HbA1c 8.89±1.11 to 8.19±1.02, printed p > .05, with the smaller printed change of 0.63."""
    test = means.paired_t_test_from_summary((8.26, 8.89), (1.02, 1.11), n, correlation=-0.5)

    assert test.p < 0.05


def test_no_event_in_45_is_compatible_with_7_9_percent():
    assert round(100 * proportion.clopper_pearson(0, 45).upper, 1) == 7.9


def test_the_trial_had_a_power_of_62_to_66_percent():
    true = (0.20, 0.0455)

    assert round(power.power((45, 46), true), 2) == 0.62
    assert round(power.power((45, 46), true, test="chi_squared"), 2) == 0.66


@pytest.mark.parametrize(("wanted", "per_arm"), [(0.8, 70), (0.9, 93)])
def test_textbook_sample_size_of_the_trial(wanted, per_arm):
    assert power.approximate_participants_per_arm((0.20, 0.0455), wanted=wanted) == per_arm
