"""Laws of many simulated trials: sizes of tests, coverage, labels, shards.

Seeds are fixed, so a test gives one answer; its bounds are those of Monte Carlo error.
"""

from io import BytesIO
from itertools import pairwise
from math import sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.protocol.load import TEMPLATE, load_study
from equipoise.statistics.power import rejections
from equipoise.trials.characteristics import TRUTH, Bench, characterise
from equipoise.trials.crew import Here
from equipoise.trials.packed import code_digest, pack
from equipoise.trials.performance import Key
from equipoise.trials.scenario import read_designs
from equipoise.trials.shard import Shard, asked_of, live_shard

FAR = 3.3  # standard errors: 1 of 1000 seeds is further
NAMES = ("quantity", "encounter", "group", "method")


@pytest.fixture(scope="module")
def template_study():
    return load_study(TEMPLATE)


def findings(study, *, trials, analyses=(), methods=(), seed=1, first=0) -> pl.DataFrame:
    asked = asked_of(study, analyses, methods)
    numbers = range(first, first + trials)
    shard = Shard(pack(study), asked, seed, numbers, code_digest(), 0, {})
    frame = pl.read_parquet(BytesIO(live_shard(shard)))
    return frame.cast(dict.fromkeys(NAMES, pl.String))


def exact_size(frame: pl.DataFrame, arms: tuple[str, str], test: str, alpha=0.05) -> float:
    """The chance to reject with the arms' sizes of each trial, at their common share of events."""
    n = np.stack([frame.filter(pl.col("group") == arm)["n"].to_numpy() for arm in arms], axis=1)
    share = [frame.filter(pl.col("group") == arm)["estimate"].to_numpy() / 100 for arm in arms]
    common = float((np.stack(share, axis=1) * n).sum() / n.sum())
    sizes, times = np.unique(n.astype(int), axis=0, return_counts=True)
    total = 0.0
    for (first, second), often in zip(sizes.tolist(), times.tolist(), strict=True):
        rejected = rejections((first, second), test=test, alpha=alpha)
        total += often * float(_binomial(first, common) @ rejected @ _binomial(second, common))
    return total / times.sum()


def _binomial(n: int, p: float) -> np.ndarray:
    from equipoise.statistics.exact import binomial_probabilities

    return binomial_probabilities(n, p)


def assert_type_one_error_is_exact(study, analysis, trials, arms):
    null = read_designs(study, None, ["effect=0"])[0].study
    frame = findings(null, trials=trials, analyses=(analysis,), methods=("fisher", "chi-squared"))

    for method, test in (("fisher", "fisher"), ("chi-squared", "chi_squared")):
        p = frame.filter(pl.col("method") == method)["p"].to_numpy()
        described = frame.filter(pl.col("quantity") == analysis, pl.col("method") == "")
        exact = exact_size(described, arms, test)
        error = sqrt(exact * (1 - exact) / trials)
        assert abs((p < 0.05).mean() - exact) < FAR * error, (method, (p < 0.05).mean(), exact)


def test_under_no_effect_a_test_rejects_as_often_as_enumeration_says(template_study):
    arms = tuple(template_study.arms)

    assert_type_one_error_is_exact(template_study, "CONTROLLED", 2000, arms)


@pytest.mark.slow
@pytest.mark.parametrize("analysis", ["PRIMARY", "HBA1C_TARGET"])
def test_the_type_one_error_of_the_reference_study_is_exact(reference, analysis):
    assert_type_one_error_is_exact(reference, analysis, 3000, tuple(reference.arms))


def test_a_t_interval_covers_what_it_estimates_as_often_as_it_says(template_study, tmp_path):
    bench = Bench((Here(), 1), seed=2, trials=1500, work=tmp_path)
    design = read_designs(template_study, None, ["analyses=[SBP_CHANGE]"])[0]

    (outcome,) = characterise(bench, [design])

    arm = next(name for name in template_study.arms if name != "PLACEBO")
    key = Key("SBP_CHANGE", "WEEK12", f"{arm} v PLACEBO", "t-test")
    coverage, bias = outcome.measure(key, "coverage"), outcome.measure(key, "bias")
    assert abs(coverage.value - 0.95) < FAR * sqrt(0.95 * 0.05 / 1500)
    assert abs(bias.value) < FAR * bias.mcse
    empirical, model = outcome.measure(key, "empirical SE"), outcome.measure(key, "model SE")
    assert abs(empirical.value - model.value) < FAR * empirical.mcse


def test_swapping_the_reference_arm_turns_every_estimate_around(template_study):
    arm = next(name for name in template_study.arms if name != "PLACEBO")
    swapped = read_designs(template_study, None, [f"analysis.reference={arm}"])[0].study

    one = findings(template_study, trials=30).filter(pl.col("group") == f"{arm} v PLACEBO")
    other = findings(swapped, trials=30).filter(pl.col("group") == f"PLACEBO v {arm}")

    for method in one["method"].unique():
        a, b = (frame.filter(pl.col("method") == method) for frame in (one, other))
        for name, turned in (("estimate", "estimate"), ("lower", "upper"), ("p", "p")):
            sign = 1 if name == "p" else -1
            assert np.allclose(a[name], sign * b[turned].to_numpy(), equal_nan=True, atol=1e-9)


def test_trials_of_the_truth_are_others_than_those_that_are_judged(template_study):
    first = findings(template_study, trials=3).filter(pl.col("method") == "t-test")
    truth = findings(template_study, trials=3, first=TRUTH).filter(pl.col("method") == "t-test")

    assert first["estimate"].to_list() != truth["estimate"].to_list()


@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(1, 11), max_size=3, unique=True).map(sorted))
def test_a_trial_is_the_same_wherever_its_shard_is_cut(cuts):
    study = load_study(TEMPLATE)
    order = [*NAMES, "trial"]

    whole = findings(study, trials=12).sort(order)
    edges = [0, *cuts, 12]
    parts = [findings(study, trials=end - start, first=start) for start, end in pairwise(edges)]

    assert whole.equals(pl.concat(parts).sort(order))
