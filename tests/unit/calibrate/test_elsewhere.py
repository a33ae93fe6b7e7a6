import re

import pytest

from equipoise.calibrate import elsewhere
from equipoise.calibrate.unfitted import printed_p_values
from equipoise.calibrate.world import World


def silent(*_):
    """Show no progress."""


@pytest.fixture(scope="module")
def world(reference):
    return World(reference, trials=2, seed=1)


def numbers(text):
    return [float(one) for one in re.findall(r"[−+]?\d+(?:\.\d+)?", text.replace("−", "-"))]


def test_hba1c_follows_the_adag_line(world):
    found = elsewhere.adag(world)

    assert numbers(found.predicted) == pytest.approx(numbers(found.measured), abs=0.3)


def test_about_half_of_a_change_of_hba1c_is_there_after_a_month(world):
    first, second, last = numbers(elsewhere.step(world).predicted)

    assert 40 < first < 60
    assert 65 < second < 85
    assert last > 95


def test_every_prediction_has_a_source(reference):
    found = elsewhere.predictions(reference, trials=2, seed=1, progress=silent)

    assert len(found) == 9
    assert all(one.source and one.measured and one.predicted for one in found)


def test_a_model_without_physiology_predicts_nothing_of_this(reference):
    from dataclasses import replace

    other = reference.populated().model_copy(update={"model": "longitudinal"})
    study = replace(reference, population=other)

    assert elsewhere.predictions(study, trials=2, seed=1, progress=silent) == []


def test_shares_of_trials_that_agree_with_printed_p_values_are_percentages(aim):
    found = printed_p_values(aim.crowd.live())

    assert {one.statement.id for one in found} >= {"gir-week48-p", "gir-within-placebo-week9-p"}
    assert all(0.0 <= one.share <= 100.0 for one in found)
