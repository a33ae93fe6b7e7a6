"""Processes are killed, and race: what was acknowledged is there, once, and no slot is skipped."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from equipoise.conduct.events.participant import Randomised
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.verification import verify

from .worker import course

COURSE = len(list(course("S1-0000")))  # commands of a person


class Crew:
    """Workers in processes of their own, on one database."""

    def __init__(self, place: str, told: Path) -> None:
        self.place, self.told = place, told
        self.parent = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("worker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, people, *, worker=0, only_randomise=False) -> int:
        task = {
            "place": self.place,
            "acknowledged": str(self.told),
            "people": people,
            "worker": worker,
            "only_randomise": only_randomise,
        }
        self.parent.stdin.write(json.dumps(task) + "\n")
        self.parent.stdin.flush()
        return int(self.parent.stdout.readline())

    def acknowledged(self) -> dict[str, tuple[int, str]]:
        """Command to sequence and hash, as told; told twice it is the same."""
        told: dict[str, tuple[int, str]] = {}
        lines = self.told.read_text().splitlines() if self.told.exists() else []
        for line in lines:
            command, sequence, hashed = line.split()
            assert told.setdefault(command, (int(sequence), hashed)) == (int(sequence), hashed)
        return told

    def close(self) -> None:
        self.parent.stdin.close()
        self.parent.stdout.close()
        self.parent.wait()


def gone(process: int, *, within: float = 60) -> None:
    """Wait until a process has ended."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.002)
    raise AssertionError(f"process {process} does not end")


@pytest.fixture(params=["sqlite", "postgresql"])
def crew(request, opened, long_list, tmp_path):
    storage = request.getfixturevalue(request.param)
    scene = opened(storage, long_list)
    place = str(storage.path) if isinstance(storage, SQLite) else storage.address
    crew = Crew(place, tmp_path / "acknowledged")
    yield scene, crew
    crew.close()


def nothing_lost_nothing_twice(scene, crew) -> None:
    tips = verify(scene.log)
    entries = list(scene.log.entries("main"))
    found = {}
    for entry in entries:
        found[entry.envelope.command] = (entry.sequence, entry.hash.hex())
    told = crew.acknowledged()
    assert told.items() <= found.items()
    given = [entry.event for entry in entries if isinstance(entry.event, Randomised)]
    positions = [one.position for one in given]
    assert positions == list(range(1, len(given) + 1))
    assert [one.slot for one in given] == [f"R{position:04}" for position in positions]
    assert tips["main"].sequence == len(entries)


def kill_again_and_again(scene, crew, *, times: int, longest: float) -> None:
    moments = random.Random(20260105)  # noqa: S311  # moments of a test
    left, halfway = [f"S1-{number:04}" for number in range(4000)], 0
    for round_ in range(times):
        done = crew.acknowledged()
        left = [name for name in left if f"{name}.randomise" not in done]
        workers = [crew.start(left[:400]) for _ in range(1 + round_ % 2)]  # more than they can do
        time.sleep(moments.uniform(0.0, longest))
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        for worker in workers:
            gone(worker)
        halfway += bool(in_the_middle(crew))
    killed = crew.acknowledged()
    gone(crew.start(left[:2]))

    assert len(killed) > 7
    assert halfway  # else no kill came while there was something to lose
    nothing_lost_nothing_twice(scene, crew)


def test_workers_killed_at_random_moments_lose_nothing_acknowledged(crew):
    kill_again_and_again(*crew, times=20, longest=0.12)


@pytest.mark.slow
def test_workers_killed_two_hundred_times_lose_nothing_acknowledged(crew):
    kill_again_and_again(*crew, times=200, longest=0.12)


@pytest.mark.parametrize("workers", [2, 8])
def test_workers_randomising_at_once_share_the_slots_without_gaps(crew, workers):
    scene, crew = crew
    people = [f"S1-{number:04}" for number in range(16)]
    for name in people:
        scene.enrol(name)
    orders = [people[start:] + people[:start] for start in range(0, 16, 16 // workers)]
    running = [
        crew.start(order, worker=number, only_randomise=True) for number, order in enumerate(orders)
    ]
    for process in running:
        gone(process)

    assert len(crew.acknowledged()) == len(people)
    nothing_lost_nothing_twice(scene, crew)


def in_the_middle(crew) -> list[str]:
    """People of whom a part of the course was acknowledged, and not the whole."""
    done = Counter(command.partition(".")[0] for command in crew.acknowledged())
    return [name for name, count in done.items() if count < COURSE]


def start_again(server) -> None:
    """Start the server, once the children of the killed one have seen that it is gone."""
    for _ in range(60):
        time.sleep(0.5)
        try:
            return server.start()
        except subprocess.CalledProcessError:
            continue
    raise AssertionError("PostgreSQL does not start again")


@pytest.mark.slow
def test_a_postgresql_server_killed_twelve_times_loses_nothing_acknowledged(
    opened, server, postgresql, tmp_path
):
    scene = opened(postgresql)
    crew = Crew(postgresql.address, tmp_path / "acknowledged")
    left = [f"S1-{number:04}" for number in range(1000)]
    moments = random.Random(12)  # noqa: S311  # moments of a test
    for _ in range(12):
        done = crew.acknowledged()
        left = [name for name in left if f"{name}.randomise" not in done]
        worker = crew.start(left[:40])
        time.sleep(moments.uniform(0.2, 1.0))
        postmaster = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        gone(worker)
        start_again(server)
    killed = crew.acknowledged()
    gone(crew.start(left[:2]))
    crew.close()

    assert len(killed) > 7
    nothing_lost_nothing_twice(scene, crew)
