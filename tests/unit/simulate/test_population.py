"""The reference population, lived many times, agrees with all published group means at once."""

import numpy as np
import pytest

from equipoise.protocol.question import Reference
from equipoise.simulate import simulate_endpoints

RANDOMISED = {"UC-MSC": 45, "PLACEBO": 46}
COMPLETED = {"UC-MSC": 37, "PLACEBO": 36}
GIR_SD = 1.7  # mg/kg/min; not published, assumed


@pytest.fixture(scope="module")
def lived(reference):
    return next(simulate_endpoints(reference, 120, seed=2026, chunk=120))


def values(reference, lived, item, encounter, arm):
    """Values of an arm over all trials, those that were lost out of it."""
    rows = lived.arm == list(reference.arms).index(arm)
    if item == "INSULIN_KG":
        dose = lived.values[Reference("INSULIN", encounter)]
        return (dose / lived.values[Reference("WEIGHT", encounter)])[rows]
    return lived.values[Reference(item, encounter)][rows]


def share(reference, lived, yes, arm):
    return 100 * yes[lived.arm == list(reference.arms).index(arm)].mean()


def test_every_published_mean_is_within_two_standard_errors(reference, lived):
    found = {}
    for number in reference.published.numbers:
        if number.statistic != "mean" or number.item is None:
            continue
        sd = float(number.sd) if number.sd is not None else GIR_SD
        n = (RANDOMISED if number.encounter == "BASELINE" else COMPLETED)[number.arm]
        simulated = np.nanmean(values(reference, lived, number.item, number.encounter, number.arm))
        found[number.id] = (simulated - float(number.value)) / (sd / n**0.5)

    assert len(found) >= 20
    assert {name: round(z, 1) for name, z in found.items() if abs(z) >= 2} == {}


@pytest.mark.parametrize(("arm", "published"), [("UC-MSC", 20), ("PLACEBO", 4.55)])
def test_responders_are_within_two_standard_errors(reference, lived, arm, published):
    low = lived.values[Reference("HBA1C", "WEEK48")] < 7
    half = (
        lived.values[Reference("INSULIN", "WEEK48")]
        <= 0.5 * lived.values[Reference("INSULIN", "BASELINE")]
    )
    error = (published * (100 - published) / RANDOMISED[arm]) ** 0.5

    assert abs(share(reference, lived, low & half, arm) - published) < 2 * error


@pytest.mark.parametrize(("arm", "published"), [("UC-MSC", 37), ("PLACEBO", 36)])
def test_as_many_complete_as_published(reference, lived, arm, published):
    completed = share(reference, lived, np.isinf(lived.left), arm) / 100
    n = RANDOMISED[arm]

    assert abs(completed * n - published) < 2 * (n * completed * (1 - completed)) ** 0.5


@pytest.mark.parametrize(
    ("arm", "reductions"),
    [
        ("UC-MSC", {"WEEK9": 30.0, "WEEK20": 27.83, "WEEK32": 24.44, "WEEK48": 27.78}),
        ("PLACEBO", {"WEEK9": 12.77, "WEEK20": 15.25, "WEEK32": 10.24, "WEEK48": 15.62}),
    ],
)
def test_median_reductions_are_within_two_standard_errors(reference, lived, arm, reductions):
    """Standard error 6 points: 1.25 SD / sqrt(n) with an SD of 30 points, assumed."""
    baseline = values(reference, lived, "INSULIN", "BASELINE", arm)
    for encounter, published in reductions.items():
        dose = values(reference, lived, "INSULIN", encounter, arm)
        assert abs(np.nanmedian(100 * (1 - dose / baseline)) - published) < 12


def test_about_two_are_screened_for_each_one_randomised(lived):
    assert 1.7 < lived.screened.mean() / 91 < 2.3
