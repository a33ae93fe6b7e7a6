import numpy as np
import polars as pl

from equipoise.protocol.question import Reference
from equipoise.simulate import simulate_endpoints, simulate_trial

SEED = 7


def joined(chunks):
    chunks = list(chunks)
    values = {
        reference: np.concatenate([one.values[reference] for one in chunks])
        for reference in chunks[0].values
    }
    return np.concatenate([one.arm for one in chunks]), values


def test_chunks_do_not_change_a_bit(reference):
    arms, values = joined(simulate_endpoints(reference, 4, seed=SEED, chunk=4))
    split_arms, split_values = joined(simulate_endpoints(reference, 4, seed=SEED, chunk=3))

    assert np.array_equal(arms, split_arms)
    for reference_, value in values.items():
        np.testing.assert_array_equal(value, split_values[reference_])


def test_a_trial_among_many_has_the_values_of_its_own_records(reference):
    many = next(simulate_endpoints(reference, 1, seed=SEED, first=2))
    records = simulate_trial(reference, seed=SEED, trial=2)
    randomised = records["participants"].filter(pl.col("arm").is_not_null())
    week48 = records["measurements"].filter(item="HBA1C", encounter="WEEK48")
    recorded = randomised.join(week48, on="participant", how="left").sort("participant")

    of_many = many.values[Reference("HBA1C", "WEEK48")][0]
    expected = recorded["value"].fill_null(float("nan")).to_numpy()
    np.testing.assert_array_equal(of_many, expected)
    assert many.screened[0] == records["participants"].height
