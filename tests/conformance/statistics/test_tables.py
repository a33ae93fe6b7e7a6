"""R 4.2.2, ratesci 1.1.0.9000: see README.md beside this file."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path

import pytest

from equipoise.statistics import contingency, means, proportion, ranks, ratio, risk_difference

TABLES = json.loads(Path(__file__).with_name("tables.json").read_text(encoding="utf-8"))
PAIRS = [name for name in TABLES if name.startswith("rd_")]
SHARE = 1e-8

METHODS = {
    "wald": "wald",
    "wald_cc": "wald_continuity",
    "newcombe": "newcombe",
    "newcombe_cc": "newcombe_continuity",
    "mn": "miettinen_nurminen",
    "mee": "mee",
}


def pair(name):
    x1, n1, x2, n2 = TABLES[name]["x"]
    return (x1, x2), (n1, n2)


def numbers(values):
    return [inf if value == "Inf" else value for value in values]


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("key", METHODS)
def test_an_interval_of_a_risk_difference_is_r_s(name, key):
    expected = TABLES[name][key]

    estimate, lower, upper = risk_difference.METHODS[METHODS[key]](*pair(name))

    got = [lower, upper] if len(expected) == 2 else [lower, estimate, upper]
    assert got == pytest.approx(expected, abs=SHARE)


@pytest.mark.parametrize("name", PAIRS)
def test_the_score_interval_of_a_risk_ratio_is_ratesci_s(name):
    result = ratio.risk_ratio(*pair(name))

    expected = numbers(TABLES[name]["rr_mn"])
    assert [result.lower, result.estimate, result.upper] == pytest.approx(expected, rel=SHARE)


@pytest.mark.parametrize("name", PAIRS)
def test_the_bias_corrected_score_interval_of_an_odds_ratio_is_ratesci_s(name):
    result = ratio.odds_ratio(*pair(name), bias_corrected=True)

    expected = numbers(TABLES[name]["or_mn"])
    assert [result.lower, result.estimate, result.upper] == pytest.approx(expected, rel=SHARE)


@pytest.mark.parametrize("name", PAIRS)
def test_tests_of_a_two_by_two_table_are_r_s(name):
    expected = TABLES[name]

    p = [
        contingency.fisher(*pair(name)).p,
        contingency.chi_squared(*pair(name)).p,
        contingency.chi_squared(*pair(name), yates=True).p,
    ]

    assert p == pytest.approx(
        [expected["fisher_p"], expected["chisq_p"], expected["chisq_yates_p"]], abs=SHARE
    )


@pytest.mark.parametrize("name", PAIRS)
def test_the_conditional_odds_ratio_is_r_s_within_r_s_own_search(name):
    result = ratio.conditional_odds_ratio(*pair(name))

    (lower, upper), estimate = (
        numbers(TABLES[name]["fisher_or_ci"]),
        numbers([TABLES[name]["fisher_or"]])[0],
    )
    assert [result.estimate, result.lower] == pytest.approx([estimate, lower], rel=5e-4)
    assert result.upper == pytest.approx(upper, rel=1e-2)


@pytest.mark.parametrize("name", [name for name in TABLES if name.startswith("prop_")])
def test_an_interval_of_one_proportion_is_r_s(name):
    events, n = (int(part) for part in name.split("_")[1:])

    exact = proportion.clopper_pearson(events, n)[1:]
    score = proportion.wilson(events, n)[1:]
    corrected = proportion.wilson(events, n, continuity=True)[1:]

    assert list(exact) == pytest.approx(TABLES[name]["cp"], abs=SHARE)
    assert list(score) == pytest.approx(TABLES[name]["wilson"], abs=SHARE)
    assert list(corrected) == pytest.approx(TABLES[name]["wilson_cc"], abs=SHARE)


# Admitted and rejected men, admitted and rejected women in six departments (R's UCBAdmissions).
# Bickel, Hammel, O'Connell, Science 1975;187:398.
BERKELEY = [
    [[512, 313], [89, 19]],
    [[353, 207], [17, 8]],
    [[120, 205], [202, 391]],
    [[138, 279], [131, 244]],
    [[53, 138], [94, 299]],
    [[22, 351], [24, 317]],
]


def test_the_cochran_mantel_haenszel_test_is_r_s():
    expected = TABLES["cmh_ucb"]

    plain, corrected = contingency.cmh(BERKELEY), contingency.cmh(BERKELEY, continuity=True)

    assert list(plain) == pytest.approx([expected["stat"], expected["p"]], abs=SHARE)
    assert list(corrected) == pytest.approx([expected["stat_cc"], expected["p_cc"]], abs=SHARE)


def test_the_mantel_haenszel_odds_ratio_is_r_s():
    expected = TABLES["cmh_ucb"]

    result = contingency.mantel_haenszel_odds_ratio(BERKELEY)

    assert list(result) == pytest.approx([expected["or"], *expected["ci"]], abs=SHARE)


def test_the_stratified_interval_touches_zero_where_the_cochran_mantel_haenszel_test_rejects():
    """With Mantel-Haenszel weights both use the same statistic at a difference of 0."""
    events = [[s["event.cisa"], s["event.plac"]] for s in TABLES["cisapride"]]
    n = [[s["n.cisa"], s["n.plac"]] for s in TABLES["cisapride"]]
    tables = [
        [[x1, n1 - x1], [x2, n2 - x2]]
        for (x1, x2), (n1, n2) in zip(events[-3:], n[-3:], strict=True)
    ]

    p = contingency.cmh(tables).p
    result = risk_difference.miettinen_nurminen_stratified(events[-3:], n[-3:], level=1 - p)

    assert result.lower == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("key", "test"),
    [
        ("welch", lambda x, y: means.t_test(x, y, equal_variance=False)),
        ("pooled", means.t_test),
        ("paired", means.paired_t_test),
    ],
)
def test_t_tests_are_r_s(key, test):
    sleep = TABLES["sleep"]
    expected = sleep[key]

    result = test(sleep["x1"], sleep["x2"])

    assert [result.statistic, result.df, result.p] == pytest.approx(
        [expected["statistic"], expected["parameter"], expected["p.value"]], abs=SHARE
    )
    assert [result.lower, result.upper] == pytest.approx(expected["conf.int"], abs=SHARE)


def test_the_rank_sum_test_with_ties_is_r_s():
    sleep = TABLES["sleep"]

    assert ranks.wilcoxon(sleep["x1"], sleep["x2"]).p == pytest.approx(sleep["wilcox_p"], abs=SHARE)


def test_the_shift_has_r_s_limits_and_balances_the_ranks_where_r_s_does():
    sleep = TABLES["sleep"]

    shift = ranks.hodges_lehmann(sleep["x1"], sleep["x2"])

    assert [shift.lower, shift.upper] == pytest.approx(sleep["hl_ci"], abs=1e-4)
    differences = sorted(x - y for x in sleep["x1"] for y in sleep["x2"])
    assert differences[49] < sleep["hl"] < differences[50]
    assert shift.estimate == pytest.approx((differences[49] + differences[50]) / 2, abs=1e-12)
