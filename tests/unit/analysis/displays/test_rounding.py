import math

import pytest

from equipoise.analysis.displays.rounding import (
    count,
    count_percent,
    estimate,
    mean_sd,
    number,
    p_value,
)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (7.125, 2, "7.13"),  # half up, not half to even
        (7.135, 2, "7.14"),  # 7.135 as it is written, not the nearest binary float
        (-0.05, 1, "−0.1"),
        (-0.04, 1, "0.0"),  # no negative nil
        (1e-9, 2, "0.00"),
        (1234567.0, 0, "1234567"),
        (0.0, 0, "0"),
        (None, 2, "–"),
        (math.nan, 2, "–"),
        (math.inf, 2, "–"),
    ],
)
def test_numbers_are_rounded_half_up_and_written_with_a_true_minus(value, decimals, shown):
    assert number(value, decimals) == shown


@pytest.mark.parametrize(
    ("p", "shown"),
    [
        (0.0, "<0.001"),
        (0.00099, "<0.001"),
        (0.001, "0.001"),
        (0.0081, "0.008"),
        (0.0182, "0.018"),
        (0.02677, "0.027"),
        (0.04949, "0.049"),
        (0.04956, "0.0496"),  # Fisher of the published counts: not 0.050
        (0.04999, "<0.05"),
        (0.05, "0.050"),
        (0.0584, "0.058"),
        (0.0694, "0.069"),
        (0.0996, "0.10"),
        (0.62, "0.62"),
        (0.99, "0.99"),
        (0.9951, ">0.99"),
        (1.0, ">0.99"),
        (None, "–"),
    ],
)
def test_p_values_are_written_as_journals_write_them(p, shown):
    assert p_value(p) == shown


def test_rounding_never_moves_a_p_value_up_to_the_limit_of_significance():
    below = {p_value(tenth / 100_000) for tenth in range(1, 5000)}

    assert not below & {"0.05", "0.050", "0.0500"}


def test_summaries_are_written_as_in_a_paper():
    assert mean_sd(34.5061, 20.1888, decimals=2) == "34.51 ± 20.19"
    assert mean_sd(4.2, None, decimals=1) == "4.2 ± –"
    assert mean_sd(None, None, decimals=1) == "–"
    assert count_percent(9, 20.0) == "9 (20.0)"
    assert count_percent(None, None) == "–"
    assert count(44.0) == "44"
    assert estimate(15.4545, 2.24599, 28.6631, decimals=2) == "15.45 (2.25 to 28.66)"
    assert estimate(-3.2, -9.05, 2.65, decimals=1, to="至") == "−3.2 (−9.1 至 2.7)"
    assert estimate(1.25, None, None, decimals=1) == "1.3"
    assert estimate(None, None, None, decimals=1) == "–"
