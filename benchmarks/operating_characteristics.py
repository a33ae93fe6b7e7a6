"""How long do many trials of the reference study take, analysed, and does memory stay flat?

Each trial: 91 participants screened, randomised, lived day by day for 50 weeks, and the analyses of
the primary and three secondary endpoints (Miettinen-Nurminen, Fisher, chi-squared, Wald, t tests).
In the same run stands the way of a single trial: records, then the analysis of the whole plan.

    python benchmarks/operating_characteristics.py [trials] [workers]

Trials are spread over the parameter sets of the study's ensemble. Both are warm: compiled code is
cached and the workers have lived a few trials before. Memory is the largest of any worker, after a
tenth of the trials and after all.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from equipoise.analysis import analyse
from equipoise.calibrate import parameter_sets
from equipoise.protocol.load import load_study
from equipoise.records import Origin, Records
from equipoise.simulate import simulate_trial
from equipoise.trials.crew import crew_of
from equipoise.trials.performance import tallied
from equipoise.trials.run import MANY, job_of, run
from equipoise.trials.scenario import read_designs

ANALYSES = "analyses=[PRIMARY, INSULIN_REDUCTION, HBA1C_CHANGE, GIR_RATE]"
WARM = 10**6  # number of the first trial that warms up


def one_by_one(study, trials: int) -> float:
    """Seconds a trial, by its records."""
    simulate_trial(study, seed=1, trial=trials)
    start = time.perf_counter()
    for trial in range(trials):
        tables = simulate_trial(study, seed=1, trial=trial)
        analyse(Records(tables, Origin("simulated", study.name, "1.0", "0", 1, trial)), study)
    return (time.perf_counter() - start) / trials


def usage(crew) -> tuple[float, float]:
    """Largest resident memory of a worker, MiB, and processor seconds of all so far."""
    pool, workers = crew
    seen = dict(pool.submit(_usage, None).result() for _ in range(8 * workers))
    return max(peak for peak, _ in seen.values()) / 1024, sum(time for _, time in seen.values())


def _usage(_: None) -> tuple[int, tuple[int, float]]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return os.getpid(), (used.ru_maxrss, used.ru_utime + used.ru_stime)


def main(trials: int = 10_000, workers: int = 2) -> None:
    study = load_study("nct02302599")
    design = read_designs(study, None, [ANALYSES], sets=parameter_sets(study))[0]
    with tempfile.TemporaryDirectory() as folder, crew_of(workers) as crew:
        work = Path(folder)
        start = time.perf_counter()
        run(job_of(design, seed=1, trials=max(MANY, 600 * workers), first=WARM), work, crew)
        print(f"warming up {workers} workers: {time.perf_counter() - start:.1f} s")
        for number in (max(trials // 10, MANY), max(trials, MANY)):
            _, before = usage(crew)
            start = time.perf_counter()
            files = run(job_of(design, seed=number, trials=number), work, crew)
            lived = time.perf_counter() - start
            tallied(files, study)
            total = time.perf_counter() - start
            peak, after = usage(crew)
            print(
                f"{number:,} trials of 91, {workers} workers: {total:.1f} s by the clock "
                f"({total - lived:.1f} s of it to gather), {after - before:.1f} s of the workers' "
                f"processor time, at most {peak:.0f} MiB a worker"
            )
    slow = one_by_one(study, 5)
    print(f"one trial by its records and the whole plan: {slow:.2f} s")
    print(f"many trials are {slow / (total / number):,.0f} times as fast a trial")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
