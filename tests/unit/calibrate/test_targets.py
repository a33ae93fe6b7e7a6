import math

import pytest

from equipoise.calibrate.targets import targets_of, unused
from equipoise.errors import StudyError


@pytest.fixture(scope="module")
def targets(reference):
    return {target.id: target for target in targets_of(reference)}


def test_a_mean_has_the_error_of_its_printed_sd_over_completers(targets):
    """8.19 ± 1.02 with 36 completers (abstract)."""
    target = targets["hba1c-week48-placebo"]

    assert (target.value, target.n, target.who) == (8.19, 36, "completers")
    assert target.error == pytest.approx(1.02 / 6)


def test_a_baseline_mean_is_of_everyone(targets):
    assert (targets["hba1c-baseline-uc-msc"].who, targets["hba1c-baseline-uc-msc"].n) == (
        "everyone",
        45,
    )


def test_a_printed_sd_is_a_target_of_its_own_and_not_central(targets):
    target = targets["hba1c-week48-placebo@sd"]

    assert (target.measure, target.value, target.central) == ("SD", 1.02, False)
    assert target.error == pytest.approx(1.02 / math.sqrt(70))


def test_what_has_no_printed_sd_waits_for_an_error(targets):
    assert targets["gir-week48-uc-msc"].error is None
    assert targets["reduction-week9-placebo"].error is None


def test_a_percentage_is_of_the_set_that_gives_its_digits(targets):
    """4.55 % is 2 of 44 and of no count of 46 (recomputed); 13.5 % is printed with 5/37."""
    responders, free = targets["responders-placebo"], targets["insulin-free-uc-msc@WEEK48"]

    assert (responders.n, responders.who) == (44, "everyone")
    assert responders.error == pytest.approx(100 * math.sqrt(0.0455 * 0.9545 / 44))
    assert (free.n, free.who) == (37, "completers")


def test_none_of_36_still_has_an_error(targets):
    target = targets["insulin-free-placebo@WEEK48"]

    assert (target.value, target.n) == (0.0, 36)
    assert 1.5 < target.error < 2.5


def test_a_number_without_a_visit_stands_for_the_visits_after_the_last_printed_one(targets):
    later = sorted(name for name in targets if name.startswith("below-7-later"))

    assert later == [f"below-7-later-uc-msc@WEEK{week}" for week in (20, 32, 48)]
    assert {targets[name].value for name in later} == {40.0}


def test_a_p_value_of_unprinted_means_bounds_t(targets):
    """HbA1c at week 9, p < 0.01, 37 and 36 completers; t(71) is 2.647 at a two-sided 0.01."""
    target = targets["hba1c-week9-p"]

    assert (target.bound, target.central) == ("at least", False)
    assert target.value == pytest.approx(2.647, abs=5e-4)
    assert "hba1c-week48-p" not in targets


def test_completers_and_screened_are_targets(targets):
    assert targets["completed-UC-MSC"].value == pytest.approx(100 * 37 / 45)
    assert targets["screened"].value == 183


def test_what_is_printed_twice_counts_once(targets):
    assert "hba1c-fall-discussion" not in targets


def test_numbers_that_cannot_be_used_are_named(reference):
    assert [number.id for number in unused(reference)] == ["insulin-free-from", "insulin-free-for"]


def test_a_target_says_in_words_what_it_is(reference, targets):
    assert targets["hba1c-fall-uc-msc"].words(reference) == "fall of HbA1c, Week 48, UC-MSC"


def test_a_study_without_published_results_cannot_be_calibrated(template):
    from equipoise.protocol.load import load_study

    with pytest.raises(StudyError, match=r"published\.yaml"):
        targets_of(load_study(template))
