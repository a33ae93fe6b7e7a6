"""What the published numbers of the reference study say when they are recomputed.

The expected numbers were found by hand and with R before this engine was written.
"""

from __future__ import annotations

import pytest

from equipoise.analysis.reproduce import CHECKS


def values(finding, *, n, method=None):
    return [one.value for one in finding.recomputed if one.n == n and method in (None, one.method)]


def test_no_id_in_published_yaml_names_nothing(published):
    assert list(published.misfits()) == []


def test_the_printed_interval_is_wald_with_9_of_45_and_2_of_44_and_nothing_else(findings):
    finding = findings["responders-interval"]

    giving = [one for one in finding.recomputed if one.agrees]

    assert [(one.method, one.events, one.n) for one in giving] == [("Wald", (9, 2), (45, 44))]
    assert giving[0].value == pytest.approx(15.455, abs=5e-4)
    assert (giving[0].lower, giving[0].upper) == pytest.approx((2.246, 28.663), abs=5e-4)
    assert finding.verdict == "only if"
    assert "no other gives it" in finding.explanation("en")
    assert "2 are missing" in finding.explanation("en")


@pytest.mark.parametrize(
    ("method", "lower", "upper"),
    [("Newcombe", 1.49, 29.66), ("Miettinen-Nurminen", 1.95, 30.13)],
)
def test_other_methods_give_other_intervals_for_the_published_counts(
    findings, method, lower, upper
):
    beside = {one.method: one for one in findings["responders-interval"].recomputed}

    assert (beside[method].lower, beside[method].upper) == pytest.approx((lower, upper), abs=5e-3)
    assert beside[method].agrees is False


def test_the_published_p_below_05_holds_only_without_yates_correction(findings):
    finding = findings["responders-p"]

    p = {one.method: one.value for one in finding.recomputed}

    assert p["χ²"] == pytest.approx(0.02677, abs=5e-6)
    assert p["χ², Yates"] == pytest.approx(0.058, abs=5e-4)
    assert p["Fisher"] == pytest.approx(0.04956, abs=5e-6)
    assert p["Boschloo"] == pytest.approx(0.034, abs=5e-4)
    assert finding.verdict == "only if"
    assert [one.method for one in finding.recomputed if not one.agrees] == ["χ², Yates"]


def test_the_corrected_analysis_counts_all_randomised(findings):
    finding = findings["responders-corrected"]

    tests = {one.method: one.value for one in finding.recomputed if one.agrees is not None}
    intervals = {one.method: one for one in finding.recomputed if one.lower is not None}

    assert {(one.events, one.n) for one in finding.recomputed} == {((9, 2), (45, 46))}
    assert tests["χ²"] == pytest.approx(0.0220, abs=5e-5)
    assert tests["Fisher"] == pytest.approx(0.0269, abs=5e-5)
    assert tests["Boschloo"] == pytest.approx(0.0303, abs=5e-5)
    score, newcombe = intervals["Miettinen-Nurminen"], intervals["Newcombe"]
    assert (score.lower, score.upper) == pytest.approx((2.48, 30.28), abs=5e-3)
    assert (newcombe.lower, newcombe.upper) == pytest.approx((1.99, 29.83), abs=5e-3)
    assert finding.verdict == "holds"


def test_one_more_placebo_responder_undoes_the_conclusion(findings):
    finding = findings["responders-fragility"]

    assert finding.recomputed[-1].events == (9, 3)
    assert finding.recomputed[-1].n == (45, 46)
    assert finding.recomputed[-1].value == pytest.approx(0.069, abs=5e-4)
    assert finding.verdict == "only if"


def test_the_trial_was_too_small_for_its_own_effect(findings):
    finding = findings["responders-power"]

    power = {one.method: one.value for one in finding.recomputed if one.n == (45, 46)}
    sizes = [one.n[0] for one in finding.recomputed if one.method == "normal approximation"]

    assert power["Fisher"] == pytest.approx(0.62, abs=5e-3)
    assert power["χ²"] == pytest.approx(0.66, abs=5e-3)
    assert sizes == [70, 93]
    assert finding.verdict == "does not hold"


def test_73_of_91_is_80_2_percent_and_the_printed_86_8_is_79_of_91(findings):
    finding = findings["completed-percent"]

    assert [(one.events, one.n, one.agrees) for one in finding.recomputed] == [
        ((73,), (91,), False),
        ((79,), (91,), True),
    ]
    assert finding.recomputed[0].value == pytest.approx(80.2, abs=0.05)
    assert finding.verdict == "does not hold"
    assert "No denominator" in finding.explanation("en")


@pytest.mark.parametrize("check", ["completed-percent-uc-msc", "completed-percent-placebo"])
def test_the_percentages_of_completers_by_arm_are_right(findings, check):
    assert findings[check].verdict == "holds"


@pytest.mark.parametrize(
    ("check", "words"),
    [("flow-uc-msc", "45 − 2 − 6 = 37"), ("flow-placebo", "46 − 2 − 2 − 6 = 36")],
)
def test_the_flow_adds_up(findings, check, words):
    assert findings[check].verdict == "holds"
    assert words in findings[check].explanation("en")


def test_insulin_at_week_32_was_compared_between_completers(findings):
    finding = findings["insulin-week32-p"]

    assert finding.verdict == "only if"
    assert {one.n for one in finding.recomputed if one.agrees} == {(37, 36)}
    for p in values(finding, n=(45, 44)):
        assert p == pytest.approx(0.047, abs=5e-4)
    student = values(finding, n=(37, 36), method="t test, Student")
    welch = values(finding, n=(37, 36), method="t test, Welch")
    assert student == pytest.approx([0.072], abs=5e-4)
    assert welch == pytest.approx([0.073], abs=5e-4)


def test_hba1c_at_week_48_was_compared_between_completers(findings):
    finding = findings["hba1c-week48-p-exact"]

    assert finding.verdict == "only if"
    assert {one.n for one in finding.recomputed if one.agrees} == {(37, 36)}
    for p in values(finding, n=(37, 36)):
        assert p == pytest.approx(0.0078, abs=5e-5)
    for p in values(finding, n=(45, 44)):
        assert p == pytest.approx(0.0033, abs=5e-5)


@pytest.mark.parametrize(
    ("check", "difference"), [("hba1c-fall-uc-msc", 1.50), ("hba1c-fall-placebo", 0.70)]
)
def test_the_printed_falls_of_hba1c_are_not_the_differences_of_the_means(
    findings, check, difference
):
    assert findings[check].verdict == "does not hold"
    assert findings[check].recomputed[0].value == pytest.approx(difference)


def test_no_effect_within_placebo_needs_a_correlation_below_minus_one_half(findings):
    finding = findings["hba1c-within-placebo"]

    limits = [one.value for one in finding.recomputed]

    assert max(limits) == pytest.approx(-0.527, abs=5e-4)
    assert finding.verdict == "does not hold"


def test_the_effect_within_uc_msc_holds_at_any_correlation(findings):
    assert findings["hba1c-within-uc-msc"].verdict == "holds"


@pytest.mark.parametrize(
    "check",
    ["reduction-uc-msc", "reduction-kg-uc-msc", "reduction-placebo", "reduction-kg-placebo"],
)
def test_the_printed_reductions_are_not_ratios_of_means(findings, check):
    assert findings[check].verdict == "does not hold"


def test_the_digits_of_the_reductions_are_those_of_single_people(findings):
    finding = findings["reduction-digits"]

    assert finding.verdict == "holds"
    assert finding.recomputed[0].events == (6,)
    assert finding.recomputed[0].value < 0.01


def test_the_time_to_stopping_insulin_has_an_impossible_sd(findings):
    finding = findings["insulin-free-from"]

    assert finding.recomputed[0].value == pytest.approx(6.93, abs=5e-3)
    assert finding.recomputed[0].upper == pytest.approx(7.5498, abs=5e-5)
    assert finding.verdict == "does not hold"
    assert "7.5498" in finding.explanation("en")
    assert "border case" in finding.explanation("en")


def test_power_and_ratios_of_means_are_expectations_and_no_contradictions_in_print(findings):
    about = {finding.id: finding.about for finding in findings.values()}

    assert {about["responders-power"], about["reduction-placebo"]} == {"expectation"}
    assert {about["registry-size"], about["registry-dose"]} == {"registry"}
    assert sorted(
        finding.id
        for finding in findings.values()
        if (finding.about, finding.verdict) == ("print", "does not hold")
    ) == [
        "completed-percent",
        "flow-late-follow-up",
        "hba1c-fall-placebo",
        "hba1c-fall-uc-msc",
        "hba1c-within-placebo",
        "insulin-free-end",
        "insulin-free-for",
        "insulin-free-from",
    ]


def test_the_two_cancers_are_ambiguous_in_print_and_so_conditional(findings):
    assert findings["flow-events-placebo"].verdict == "only if"


def test_the_explanations_tell_the_usual_intervals_and_the_chi_squared_statistic(findings):
    printed = findings["responders-interval"].explanation("en")
    corrected = findings["responders-corrected"].explanation("en")

    assert "Newcombe 1.49 to 29.66; Miettinen–Nurminen 1.95 to 30.13" in printed
    assert "Newcombe 1.99 to 29.83; Miettinen–Nurminen 2.48 to 30.28" in corrected
    assert "χ² = 4.9055" in findings["responders-p"].explanation("en")


def test_the_time_without_insulin_runs_past_week_48(findings):
    assert findings["insulin-free-end"].recomputed[0].lower > 48.5
    assert findings["insulin-free-end"].verdict == "does not hold"
    assert findings["insulin-free-for"].verdict == "does not hold"


@pytest.mark.parametrize(
    ("check", "lowest", "highest"), [("weight-uc-msc", 75.6, 77.6), ("weight-placebo", 78.3, 79.3)]
)
def test_the_doses_imply_a_plausible_body_weight(findings, check, lowest, highest):
    quotients = [one.value for one in findings[check].recomputed]

    assert (min(quotients), max(quotients)) == pytest.approx((lowest, highest), abs=0.05)
    assert findings[check].verdict == "holds"


def test_hba1c_below_7_was_counted_over_all_randomised(findings):
    finding = findings["below-7-week9"]

    assert [(one.events, one.n) for one in finding.recomputed] == [((25,), (45,))]
    assert finding.verdict == "only if"


def test_no_related_death_is_compatible_with_7_9_percent(findings):
    assert findings["related-deaths"].recomputed[0].upper == pytest.approx(7.87, abs=5e-3)


@pytest.mark.parametrize("check", ["registry-size", "registry-dose"])
def test_the_paper_and_the_registry_disagree(findings, check):
    assert findings[check].verdict == "does not hold"


def test_the_clamp_p_values_bound_the_unpublished_sd(findings):
    assert values(findings["gir-week9-p"], n=(37, 36)) == pytest.approx([1.52], abs=5e-3)
    assert values(findings["gir-week48-p"], n=(37, 36)) == pytest.approx([1.87], abs=5e-3)


def test_every_published_statement_ends_in_a_finding(published, findings):
    concerned = {name for finding in findings.values() for name in finding.statements}
    compared = {name for p_value in published.p_values for name in p_value.compares}

    assert {statement.id for statement in published.statements} <= concerned | compared


def test_every_kind_of_check_is_used(findings):
    assert {finding.kind for finding in findings.values()} >= set(CHECKS)
