"""Shards, resuming, workers: the same bytes however the work is done."""

from concurrent.futures import BrokenExecutor, Future
from hashlib import sha256

import pytest

from equipoise.errors import OutputError
from equipoise.protocol.load import TEMPLATE, load_study
from equipoise.trials import run as runner
from equipoise.trials.crew import Here, crew_of
from equipoise.trials.run import job_of, run
from equipoise.trials.scenario import read_designs

HERE = (Here(), 1)


@pytest.fixture(scope="module")
def design(template_study):
    return read_designs(template_study, None, ["participants=20"])[0]


@pytest.fixture(scope="module")
def template_study():
    return load_study(TEMPLATE)


@pytest.fixture
def small(monkeypatch):
    """Shards of five trials of twenty people."""
    monkeypatch.setattr(runner, "PARTICIPANTS", 100)


def digests(files):
    return [sha256(file.read_bytes()).hexdigest() for file in files]


class Backwards:
    """A crew that takes three shards and finishes the last of them first."""

    def __init__(self):
        self.waiting = []

    def submit(self, function, argument):
        promise = Future()
        self.waiting.append((promise, function(argument)))
        if len(self.waiting) == 3:
            for late, result in reversed(self.waiting):
                late.set_result(result)
        return promise


class Dying:
    """A crew that is lost after some shards."""

    def __init__(self, after):
        self.left = after

    def submit(self, function, argument):
        self.left -= 1
        if self.left >= 0:
            return Here().submit(function, argument)
        promise = Future()
        promise.set_exception(BrokenExecutor("gone"))
        return promise


def test_an_interrupted_run_goes_on_where_it_stopped(design, tmp_path, small):
    job = job_of(design, seed=1, trials=25)
    whole = digests(run(job, tmp_path / "whole", HERE))

    with pytest.raises(OutputError, match="run the same command again"):
        run(job, tmp_path / "work", (Dying(after=3), 1))
    kept = sorted((tmp_path / "work" / job.key).iterdir())
    told = []
    files = run(job, tmp_path / "work", HERE, told.append)

    assert len(kept) == 3
    assert told == [15, 5, 5]
    assert digests(files) == whole


def test_a_longer_run_takes_over_the_trials_of_a_shorter(design, tmp_path, small):
    short = run(job_of(design, seed=1, trials=10), tmp_path, HERE)
    told = []

    long = run(job_of(design, seed=1, trials=20), tmp_path, HERE, told.append)

    assert long[:2] == short
    assert told == [10, 5, 5]


def test_the_order_in_which_shards_finish_changes_no_byte(design, tmp_path, small):
    job = job_of(design, seed=1, trials=15)

    forwards = digests(run(job, tmp_path / "a", HERE))
    backwards = digests(run(job, tmp_path / "b", (Backwards(), 3)))

    assert forwards == backwards


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 2},
        {"options": ["participants=22"]},
        {"options": ["participants=20", "methods=[t-test]"]},
        {"options": ["participants=20", "drop_out=2"]},
    ],
)
def test_another_seed_or_scenario_has_another_key(template_study, design, other):
    options = other.get("options", ["participants=20"])
    different = read_designs(template_study, None, options)[0]

    first = job_of(design, seed=1, trials=10)
    second = job_of(different, seed=other.get("seed", 1), trials=10)

    assert first.key != second.key


def test_another_version_of_the_code_has_another_key(design, monkeypatch):
    job = job_of(design, seed=1, trials=10)
    before = job.key
    monkeypatch.setattr(runner, "code_digest", lambda: "another")

    assert job.key != before


def test_a_shard_that_is_half_written_is_not_taken_for_finished(design, tmp_path, small):
    job = job_of(design, seed=1, trials=5)
    (file,) = run(job, tmp_path, HERE)
    whole = file.read_bytes()
    file.rename(file.with_suffix(".77.partial"))

    (again,) = run(job, tmp_path, HERE)

    assert again.read_bytes() == whole


@pytest.mark.slow
def test_two_processes_give_the_bytes_of_one(design, tmp_path, small):
    job = job_of(design, seed=1, trials=30)
    alone = digests(run(job, tmp_path / "alone", HERE))

    with crew_of(2) as crew:
        together = digests(run(job, tmp_path / "together", crew))

    assert together == alone
