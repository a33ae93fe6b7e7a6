import subprocess
import sys

import polars as pl
import pytest

from equipoise.records import check_records
from equipoise.simulate import simulate_trial


def test_the_records_of_a_trial_pass_the_border(reference, records):
    assert check_records(records, reference) == []


def test_the_same_seed_gives_the_same_records(reference, records):
    again = simulate_trial(reference, seed=7)

    assert all(records[name].equals(again[name]) for name in records)


@pytest.mark.parametrize("other", [{"seed": 8}, {"seed": 7, "trial": 1}, {"seed": 7 + 2**40}])
def test_another_seed_or_trial_gives_other_records(reference, records, other):
    assert not simulate_trial(reference, **other)["measurements"].equals(records["measurements"])


def test_everybody_screened_is_randomised_or_a_screen_failure_with_reasons(records):
    people, ends = records["participants"], records["disposition"]
    failures = ends.filter(pl.col("event") == "screen failure")

    assert people["randomised_date"].is_not_null().sum() == 91
    assert people.height == 91 + failures.height
    assert failures["reason"].is_not_null().all()


def test_every_randomised_participant_completed_or_withdrew(records):
    ends = records["disposition"].filter(pl.col("event").is_in(["completed", "withdrawn"]))

    assert ends.height == 91
    assert ends.filter(event="withdrawn")["reason"].is_not_null().all()


def test_doses_follow_the_weight_recorded_on_the_day(records):
    weights = records["measurements"].filter(item="WEIGHT")
    given = records["doses"].filter(pl.col("amount") > 0).join(weights, on=["participant", "date"])

    assert given.height > 100
    assert (given["amount"] == (given["value"] * 10).round() * 100_000).all()


def test_whoever_withdrew_for_an_adverse_event_has_that_event(records):
    withdrew = records["disposition"].filter(event="withdrawn", reason="adverse event")
    events = records["adverse_events"].filter(action="withdrawn from study")

    assert sorted(withdrew["participant"]) == sorted(events["participant"])


def test_a_simulated_trial_tells_what_it_does(reference):
    told = []
    simulate_trial(reference, seed=1, progress=lambda stage, done: told.append((stage, done)))

    assert len(told) == 3


def test_importing_the_simulator_does_not_import_numba():
    code = "import sys, equipoise.simulate; sys.exit('numba' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
