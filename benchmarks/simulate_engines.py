"""How many participants a second does the kernel live, and what do its lanes and Numba bring?

    python benchmarks/simulate_engines.py

Work: the course of a participant of the reference study, screening to week 48, day by day: home
readings, titration, visits. The kernel on one and two threads; the same source with one lane (the
compiler has nothing to put side by side); and the same equations in plain NumPy over participants,
with the same named random numbers (tests/unit/simulate/models/type2/reference.py), then with
NumPy's own generator, which is quicker but ties a course to its neighbours. They take turns, so
that a busy machine slows all of them.

Answer, as seen on two virtual Xeon processors that others used too (medians of 7 rounds): 55,000
participants a second and thread, 11 times the NumPy reference and 8 times NumPy with its own
generator; 92,000 on two threads; 7,700 with one lane. Lanes bring a factor of 7.
"""

from __future__ import annotations

import runpy
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

import equipoise
from equipoise.protocol.load import load_study
from equipoise.simulate.arrays import key_of
from equipoise.simulate.enrolment import Enrolment
from equipoise.simulate.models import People
from equipoise.simulate.models.type2.course import live

HERE = Path(__file__).resolve()
REFERENCE = HERE.parents[1] / "tests/unit/simulate/models/type2/reference.py"
SEED, TRIALS, ROUNDS = 1, 100, 7
CHUNK = 4550  # participants that NumPy lives at a time: the quickest of 91, 910, 4,550 and 9,100


class Work:
    """Participants of many trials, and what is needed to live their course."""

    def __init__(self, trials: int):
        enrolment = Enrolment(load_study("nct02302599"))
        self.people, model = enrolment.enrol(range(trials), SEED).people, enrolment.model
        self.rest = model.schedule, model.rules, key_of(SEED), model.parameters
        self.n = self.people.persons.size

    def some(self, rows) -> People:
        """The participants of these rows."""
        return People(*(column[rows] for column in self.people))

    def kernel(self) -> int:
        """Live all on this thread; how many they were."""
        live(self.people, *self.rest)
        return self.n

    def two_threads(self) -> int:
        """Live a half on each of two threads."""
        halves = [self.some(rows) for rows in np.array_split(np.arange(self.n), 2)]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda people: live(people, *self.rest), halves))
        return self.n

    def numpy(self, *, own: bool = False) -> int:
        """Live some by NumPy, with named random numbers or with its own."""
        plain = runpy.run_path(str(REFERENCE))["live"]
        if own:
            rng = np.random.default_rng(SEED)
            plain.__globals__["philox"] = lambda *_: rng.integers(2**32, size=(4, CHUNK))
        plain(self.some(slice(CHUNK)), *self.rest)
        return CHUNK


def speed(engine) -> tuple[float, float]:
    """Participants a second, by the wall clock and by processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    n = engine()
    return n / (time.perf_counter() - wall), n / (time.process_time() - processor)


class OneLane:
    """Another process with a copy of the package in which a block is one lane."""

    def __init__(self, folder: Path):
        shutil.copytree(Path(equipoise.__file__).parent, folder / "equipoise")
        source = folder / "equipoise/simulate/random.py"
        source.write_text(source.read_text().replace("LANES = 64", "LANES = 1"))
        self.process = subprocess.Popen(
            [sys.executable, HERE, "--serve"],
            env={"PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.speed()

    def speed(self) -> tuple[float, float]:
        """Participants a second, by the wall clock and by processor time."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        wall, processor = self.process.stdout.readline().split()
        return float(wall), float(processor)

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


def serve() -> None:
    """Answer each line of input with the speed of the kernel."""
    work = Work(trials=20)
    work.kernel()
    for _ in sys.stdin:
        print(*speed(work.kernel), flush=True)


def main() -> None:
    work = Work(TRIALS)
    engines = {
        "kernel, 1 thread": lambda: speed(work.kernel),
        "kernel, 2 threads": lambda: speed(work.two_threads),
        "NumPy reference": lambda: speed(work.numpy),
        "NumPy, own numbers": lambda: speed(lambda: work.numpy(own=True)),
    }
    with tempfile.TemporaryDirectory() as name:
        one_lane = OneLane(Path(name))
        engines["kernel, one lane"] = one_lane.speed
        for run in engines.values():
            run()  # compiled, and warm
        found = [{name: run() for name, run in engines.items()} for _ in range(ROUNDS)]
        one_lane.close()
    print(f"medians of {ROUNDS} rounds; participants a second; times the NumPy reference")
    for name in engines:
        wall, processor = (statistics.median(round_[name][k] for round_ in found) for k in (0, 1))
        times = [
            statistics.median(round_[name][k] / round_["NumPy reference"][k] for round_ in found)
            for k in (0, 1)
        ]
        print(
            f"{name:18} {wall:9,.0f} /s of wall clock ({times[0]:.1f} x), "
            f"{processor:9,.0f} /s of processor time ({times[1]:.1f} x)"
        )


if __name__ == "__main__":
    serve() if "--serve" in sys.argv else main()
