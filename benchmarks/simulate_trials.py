"""How long do 10,000 trials of the reference study take, and does memory stay flat?

    python benchmarks/simulate_trials.py [trials]

Each number of trials is lived in a fresh process, compiled code warm: people are screened by the
criteria until 91 are eligible, randomised, and lived day by day to week 48; what the visits record
is counted and let go. Beside it, where the processor's time goes.

Answer, as seen on two virtual Xeon processors that others used too: 10,000 trials take 21 s of
processor time, 18 s by the clock with a neighbour at work (2,500 took 4.6 s with none); a quarter
of it is screening and randomising. Peak memory is 309 MB for 1,000 trials and 314 MB for 10,000.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import numpy as np

from equipoise.protocol.load import load_study
from equipoise.simulate import simulate_endpoints
from equipoise.simulate.arrays import key_of
from equipoise.simulate.enrolment import Enrolment

SEED, CHUNK = 1, 100


def lived(trials: int) -> None:
    """Live trials in this process; print seconds, processor seconds, MB."""
    study = load_study("nct02302599")
    wall, processor = time.perf_counter(), time.process_time()
    people = sum(
        int(np.isinf(one.left).sum()) for one in simulate_endpoints(study, trials, seed=SEED)
    )
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{trials:7,} trials: {wall:6.1f} s by the clock, {processor:6.1f} s of processor time, "
        f"peak memory {memory:4.0f} MB ({people:,} completed)"
    )


def parts() -> None:
    """Processor time of each part, for one chunk of trials."""
    enrolment = Enrolment(load_study("nct02302599"), many=True)
    enrolment.enrol(range(1), SEED)
    start = time.process_time()
    enrolled = enrolment.enrol(range(CHUNK), SEED)
    enrolment.model.live(enrolled.people, key_of(SEED), daily=False)
    total = time.process_time() - start
    start = time.process_time()
    enrolment.enrol(range(CHUNK), SEED)
    share = (time.process_time() - start) / total
    print(f"screening, randomising: {100 * share:.0f} % of the processor time of a trial")


def main() -> None:
    if "--here" in sys.argv:
        lived(int(sys.argv[2]))
        return
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    parts()
    for trials in (most // 10, most // 4, most):
        subprocess.run([sys.executable, __file__, "--here", str(trials)], check=True)


if __name__ == "__main__":
    main()
