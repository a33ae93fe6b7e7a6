import numpy as np
import polars as pl
import pytest

from equipoise.checking import check
from equipoise.simulate import simulate_trial
from equipoise.trials.courses import courses

SEED, TRIAL = 4, 2


@pytest.fixture(scope="module")
def study():
    return check("background-insulin")


@pytest.fixture(scope="module")
def found(study):
    return courses(study, trials=1, seed=SEED, first=TRIAL)


@pytest.fixture(scope="module")
def measured(study):
    """What the records of the same trial hold: arm, then an item at each encounter as a column."""
    tables = simulate_trial(study, seed=SEED, trial=TRIAL)
    people = tables["participants"].drop_nulls("arm").select("participant", "arm")
    rows = tables["measurements"].join(people, on="participant")
    named = rows.with_columns(pl.concat_str("item", "encounter", separator="@").alias("what"))
    return named.pivot("what", index=["participant", "arm"], values="value")


@pytest.mark.parametrize("item", ["HBA1C", "INSULIN", "FPG", "WEIGHT"])
@pytest.mark.parametrize("encounter", ["WEEK8", "WEEK24"])
def test_means_and_sds_are_those_of_the_records(found, measured, item, encounter):
    for one in found.of(item, encounter):
        mine = measured.filter(arm=one.arm)
        now = mine[f"{item}@{encounter}"].drop_nulls()
        both = mine.drop_nulls([f"{item}@{encounter}", f"{item}@BASELINE"])
        change = both[f"{item}@{encounter}"] - both[f"{item}@BASELINE"]

        assert one.n == now.len()
        np.testing.assert_allclose((one.mean.value, one.sd.value), (now.mean(), now.std()))
        expected = change.mean(), change.std()
        np.testing.assert_allclose((one.change.value, one.change_sd.value), expected, atol=1e-12)


def test_the_share_below_target_and_the_dose_per_kg_are_those_of_the_records(found, measured):
    for one in found.of("HBA1C", "WEEK24"):
        seen = measured.filter(arm=one.arm)["HBA1C@WEEK24"].drop_nulls()
        assert one.below_target.value == pytest.approx(100 * (seen < 7.0).mean())
    for one in found.of("INSULIN_KG", "WEEK24"):
        mine = measured.filter(arm=one.arm).drop_nulls("INSULIN@WEEK24")
        per_kg = mine["INSULIN@WEEK24"] / mine["WEIGHT@WEEK24"]
        assert one.mean.value == pytest.approx(per_kg.mean())


def test_one_trial_has_no_monte_carlo_error_and_baseline_no_change(found):
    later, start = found.of("HBA1C", "WEEK24")[0], found.of("HBA1C", "BASELINE")[0]

    assert later.mean.mcse is None
    assert start.change is start.change_sd is None


def test_the_monte_carlo_error_is_that_of_the_mean_over_trials(study):
    together = courses(study, trials=3, seed=SEED).of("HBA1C", "WEEK24")[1]
    alone = [
        courses(study, trials=1, seed=SEED, first=trial).of("HBA1C", "WEEK24")[1].change.value
        for trial in range(3)
    ]

    assert together.change.value == pytest.approx(np.mean(alone))
    assert together.change.mcse == pytest.approx(np.std(alone, ddof=1) / 3**0.5)


def test_a_study_without_physiology_has_courses_of_its_own_items(template):
    found = courses(check(template), trials=2, seed=1)

    assert [one.name for one in found.quantities] == ["AGE", "SBP"]
    assert {one.below_target for one in found.moments} == {None}
    assert found.of("SBP", "WEEK12")[0].change.value < 0
