"""Run many trials shard by shard; finished ones stay, so a run goes on where it stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import polars as pl

from equipoise.errors import OutputError
from equipoise.trials.crew import Crew
from equipoise.trials.finding import COLUMNS
from equipoise.trials.packed import code_digest, pack
from equipoise.trials.scenario import Design
from equipoise.trials.shard import PARTICIPANTS, Asked, Shard, asked_of, live_shard

Progress = Callable[[int], None]  # told how many trials more are done
AHEAD = 2  # shards that wait for each worker
MANY = 600  # trials from which compiling the questions pays


@dataclass(frozen=True, slots=True)
class Job:
    """Trials to be simulated.

    Attributes:
        study: Packed.
        participants: Randomised in each trial.
        sets: Parameter sets; trial number t is lived under the one at t modulo their number.
        first: Number of the first trial.
    """

    study: str
    participants: int
    asked: tuple[Asked, ...]
    sets: tuple[Mapping[str, float], ...]
    seed: int
    trials: int
    first: int = 0

    @property
    def key(self) -> str:
        """A name for all that the trials depend on: study, scenario, analyses, seed and code."""
        parts = [self.study, self.asked, self.sets, self.seed, code_digest()]
        return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:24]

    def shards(self) -> Iterator[Shard]:
        """Its shards, each under one parameter set; the same trials are always in the same shard.

        The first shard under a set is a tenth of the others, so that a longer run can take over
        the trials of one that is a tenth as long.
        """
        most = max(1, PARTICIPANTS // self.participants)
        size = most // 50 * 50 or most
        numbers = range(self.first, self.first + self.trials)
        for offset in range(min(len(self.sets), self.trials)):
            own = numbers[offset :: len(self.sets)]
            which = own.start % len(self.sets)
            edges = sorted({0, size // 10, *range(size, len(own), size), len(own)})
            for start, end in pairwise(edge for edge in edges if edge <= len(own)):
                trials = own[start:end]
                yield Shard(
                    self.study, self.asked, self.seed, trials, code_digest(),
                    parameters=which, values=self.sets[which], many=self.trials >= MANY,
                )  # fmt: skip


def job_of(design: Design, *, seed: int, trials: int, first: int = 0) -> Job:
    """The trials of a scenario."""
    scenario, study = design.scenario, design.study
    return Job(
        study=pack(study),
        participants=study.protocol.allocation.participants.known("allocation.participants"),
        asked=asked_of(study, scenario.analyses, scenario.methods),
        sets=design.sets or ({},),
        seed=seed,
        trials=trials,
        first=first,
    )


def run(
    job: Job, work: Path, crew: tuple[Crew, int], progress: Progress = lambda _: None
) -> list[Path]:
    """Simulate the trials of a job that are not there yet.

    Args:
        job: What to simulate.
        work: Folder for finished shards; those of other jobs may be in it too.
        crew: Who does it, and how many shards they can take at a time.
        progress: Told of trials that are done.

    Returns:
        A Parquet file a shard, always in the same order: the same bytes for any crew.

    Raises:
        OutputError: A worker was lost and the shards cannot be finished; what is done stays. Or a
            finished shard in the folder is not what this job makes.
    """
    folder = work / job.key
    folder.mkdir(parents=True, exist_ok=True)
    files = {_file(folder, shard): shard for shard in job.shards()}
    todo = [file for file in files if not file.exists()]
    kept = {file: shard for file, shard in files.items() if file not in todo}
    for file, shard in kept.items():
        _check(file, shard)
    progress(sum(len(shard.trials) for shard in kept.values()))
    done: SimpleQueue[tuple[Path, Any]] = SimpleQueue()
    who, places = crew
    waiting = iter(todo)

    def send() -> bool:
        file = next(waiting, None)
        if file is None:
            return False
        promise = who.submit(live_shard, files[file])
        promise.add_done_callback(lambda kept, file=file: done.put((file, kept)))
        return True

    sent = sum(send() for _ in range(AHEAD * places))
    while sent:
        file, promise = done.get()
        try:
            _write(file, promise.result())
        except BrokenExecutor as error:
            raise OutputError(
                "a worker process was ended from outside (too little memory?). Finished trials are "
                "kept: run the same command again and it goes on; fewer --workers need less memory."
            ) from error
        progress(len(files[file].trials))
        sent += send() - 1
    return list(files)


def _file(folder: Path, shard: Shard) -> Path:
    return folder / f"trials-{shard.trials.start:010d}-{len(shard.trials):06d}.parquet"


def _check(file: Path, shard: Shard) -> None:
    """Refuse a finished shard that is not what the job makes."""
    try:
        frame = pl.read_parquet(BytesIO(file.read_bytes()))
        fits = set(frame["trial"]) == set(shard.trials) and tuple(frame.columns) == COLUMNS
    except pl.exceptions.PolarsError:
        fits = False
    if not fits:
        raise OutputError(
            f"{file}: this is not what this command makes: it is damaged, or of another version. "
            f"Remove {file.parent} and run again, or give another --work."
        )


def _write(file: Path, content: bytes) -> None:
    partial = file.with_suffix(f".{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.replace(file)
