"""Run many trials shard by shard; finished ones stay, so a run goes on where it stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from equipoise.errors import OutputError
from equipoise.trials.crew import Crew
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
        first: Number of the first trial.
    """

    study: str
    participants: int
    asked: tuple[Asked, ...]
    seed: int
    trials: int
    first: int = 0

    @property
    def key(self) -> str:
        """A name for all that the trials depend on: study, scenario, analyses, seed and code."""
        parts = [self.study, self.asked, self.seed, code_digest()]
        return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:24]

    def shards(self) -> Iterator[Shard]:
        """Its shards; the same trials are always in the same shard."""
        size = max(1, PARTICIPANTS // self.participants)
        end, many = self.first + self.trials, self.trials >= MANY
        for first in range(self.first, end, size):
            trials = min(size, end - first)
            yield Shard(self.study, self.asked, self.seed, first, trials, code_digest(), many=many)


def job_of(design: Design, *, seed: int, trials: int, first: int = 0) -> Job:
    """The trials of a scenario."""
    scenario, study = design.scenario, design.study
    return Job(
        study=pack(study),
        participants=study.protocol.allocation.participants.known("allocation.participants"),
        asked=asked_of(study, scenario.analyses, scenario.methods),
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
        A Parquet file a shard, in the order of the trials: the same bytes for any crew.

    Raises:
        OutputError: A worker was lost and the shards cannot be finished; what is done stays.
    """
    folder = work / job.key
    folder.mkdir(parents=True, exist_ok=True)
    files = {_file(folder, shard): shard for shard in job.shards()}
    todo = [file for file in files if not file.exists()]
    progress(sum(shard.trials for file, shard in files.items() if file not in todo))
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
        progress(files[file].trials)
        sent += send() - 1
    return list(files)


def _file(folder: Path, shard: Shard) -> Path:
    return folder / f"trials-{shard.first:010d}-{shard.trials:06d}.parquet"


def _write(file: Path, content: bytes) -> None:
    partial = file.with_suffix(f".{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.replace(file)
