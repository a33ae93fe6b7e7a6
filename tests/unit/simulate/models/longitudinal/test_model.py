import shutil
from pathlib import Path

import numpy as np
import pytest

from equipoise.errors import StudyError
from equipoise.protocol.load import load_study
from equipoise.protocol.question import Reference
from equipoise.records import check_records
from equipoise.simulate import simulate_endpoints, simulate_trial
from equipoise.simulate.models import check

POPULATION = Path(__file__).with_name("population.yaml")


@pytest.fixture
def study(template):
    shutil.copy(POPULATION, template / "population.yaml")
    return load_study(template)


def test_a_study_without_physiology_gives_records_that_pass_the_border(study):
    assert check_records(simulate_trial(study, seed=1), study) == []


def test_the_arms_differ_by_the_effect_at_the_last_encounter(study):
    many = next(simulate_endpoints(study, 60, seed=1, chunk=60))
    change = many.values[Reference("SBP", "WEEK12")] - many.values[Reference("SBP", "BASELINE")]
    tablet = many.arm == list(study.arms).index("TABLET")

    assert np.nanmean(change[~tablet]) == pytest.approx(-4, abs=0.8)
    assert np.nanmean(change[tablet]) - np.nanmean(change[~tablet]) == pytest.approx(-8, abs=1)


def test_the_spread_of_a_change_is_that_of_two_residuals_and_the_response(study):
    many = next(simulate_endpoints(study, 60, seed=1, chunk=60))
    change = many.values[Reference("SBP", "WEEK12")] - many.values[Reference("SBP", "BASELINE")]
    placebo = many.arm == list(study.arms).index("PLACEBO")

    assert np.nanstd(change[placebo]) == pytest.approx(np.sqrt(2 * 8**2 + 6**2), rel=0.05)


def test_participants_are_allocated_within_strata(study):
    people = simulate_trial(study, seed=1)["participants"]

    assert set(people["stratum"].drop_nulls()) == {"OLDER=no", "OLDER=yes"}


@pytest.mark.parametrize(
    ("line", "instead", "message"),
    [
        ("  SBP_mean:", "  SBP_maen:", "no parameter SBP_maen. Did you mean SBP_mean?"),
        ("  STROKE: {", "  STROOK: {", "prevalence of STROOK: no form has such an item"),
        ("model: longitudinal", "model: longitudnal", "Did you mean longitudinal?"),
    ],
)
def test_a_misspelt_name_is_told_with_the_nearest(study, template, line, instead, message):
    path = template / "population.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(line, instead), encoding="utf-8")

    with pytest.raises(StudyError, match=message.replace("?", r"\?").replace(".", r"\.")):
        check(load_study(template))
