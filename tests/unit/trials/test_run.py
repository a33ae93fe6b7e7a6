"""Shards, resuming, workers: the same bytes however the work is done."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Future
from hashlib import sha256

import polars as pl
import pytest

from equipoise.errors import OutputError
from equipoise.protocol.load import TEMPLATE, load_study
from equipoise.simulate.enrolment import with_values
from equipoise.trials import packed
from equipoise.trials import run as runner
from equipoise.trials.crew import Here, crew_of
from equipoise.trials.packed import code_digest
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


def under(sets, trials, **more):
    study = load_study(TEMPLATE)
    design = read_designs(study, None, ["participants=20"], sets=sets)[0]
    return job_of(design, seed=1, trials=trials, **more)


SETS = tuple({"SBP_mean": value} for value in (150.0, 155.0, 160.0))


def test_trials_are_spread_over_the_parameter_sets_by_their_number(tmp_path, small):
    files = run(under(SETS, 20), tmp_path, HERE)

    frame = pl.concat(pl.read_parquet(file) for file in files)
    lived = dict(frame.select("trial", "parameters").iter_rows())
    assert lived == {trial: trial % 3 for trial in range(20)}


def test_a_trial_is_what_the_study_with_its_parameter_set_gives(template_study, tmp_path, small):
    files = run(under(SETS, 7), tmp_path / "sets", HERE)
    second = with_values(template_study, SETS[1])
    alone = read_designs(second, None, ["participants=20"])[0]

    one = run(job_of(alone, seed=1, trials=7), tmp_path / "alone", HERE)

    by = ("quantity", "encounter", "group", "method", "trial")
    frames = [
        pl.concat(pl.read_parquet(file) for file in some)
        .filter(pl.col("trial") % 3 == 1)
        .drop("parameters")
        .with_columns(pl.col(by[:4]).cast(pl.String))
        .sort(by)
        for some in (files, one)
    ]
    assert frames[0].equals(frames[1])


def test_over_parameter_sets_resuming_and_order_change_no_byte(tmp_path, small):
    job = under(SETS, 32)
    whole = digests(run(job, tmp_path / "whole", HERE))

    with pytest.raises(OutputError):
        run(job, tmp_path / "work", (Dying(after=4), 1))
    resumed = digests(run(job, tmp_path / "work", HERE))
    backwards = digests(run(under(SETS, 15), tmp_path / "b", (Backwards(), 3)))
    forwards = digests(run(under(SETS, 15), tmp_path / "c", HERE))

    assert resumed == whole
    assert backwards == forwards


def test_a_run_ten_times_as_long_takes_over_every_trial(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "PARTICIPANTS", 1000)
    run(under(SETS, 15), tmp_path, HERE)
    told = []

    run(under(SETS, 150), tmp_path, HERE, told.append)

    assert told == [15, 45, 45, 45]


def test_other_parameter_sets_have_another_key():
    assert under(SETS, 10).key != under(SETS[:2], 10).key


@pytest.mark.parametrize("spoil", [b"PAR1 and no more", None])
def test_a_finished_shard_that_the_command_does_not_make_is_refused(design, tmp_path, small, spoil):
    job = job_of(design, seed=1, trials=10)
    first, second = run(job, tmp_path, HERE)
    first.write_bytes(spoil or second.read_bytes())

    with pytest.raises(OutputError, match="not what this command makes"):
        run(job, tmp_path, HERE)


def test_other_libraries_have_another_key(monkeypatch):
    before = code_digest()
    code_digest.cache_clear()
    monkeypatch.setattr(packed, "version", lambda _: "0.0")

    assert code_digest() != before
    code_digest.cache_clear()


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


def command(work, out):
    """``equipoise simulate`` of the template study in a process group of its own."""
    words = ["simulate", str(TEMPLATE), "--trials", "3000", "--workers", "2", "--set"]
    options = ["analyses=[SBP_CHANGE]", "--work", str(work), "--out", str(out)]
    return subprocess.Popen(
        [sys.executable, "-m", "equipoise", *words, *options],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_a_run_that_is_killed_goes_on_and_ends_with_the_same_bytes(tmp_path):
    work, name = tmp_path / "work", "performance.parquet"
    assert command(tmp_path / "other", tmp_path / "whole").wait(300) == 0

    killed = command(work, tmp_path / "never")
    while killed.poll() is None and len(list(work.rglob("*.parquet"))) < 3:
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    kept = {file: file.stat().st_mtime_ns for file in work.rglob("*.parquet")}
    assert command(work, tmp_path / "resumed").wait(300) == 0

    assert len(kept) >= 3
    assert not (tmp_path / "never" / name).exists()
    assert all(file.stat().st_mtime_ns == when for file, when in kept.items())
    resumed, whole = (tmp_path / folder / name for folder in ("resumed", "whole"))
    assert resumed.read_bytes() == whole.read_bytes()
