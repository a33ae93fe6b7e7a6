"""Very many virtual trials: what their visits record, a chunk of trials at a time.

Memory is that of a chunk for each thread. A trial is the same in any chunk and on any number of
threads.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from equipoise.protocol.question import MISSING, Reference
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array, Whole, key_of
from equipoise.simulate.enrolment import Enrolled, Enrolment
from equipoise.simulate.models import Lived

MANY = 500  # trials from which compiling the criteria pays


class Endpoints(NamedTuple):
    """What the visits of T trials with N participants each record."""

    trials: range  # numbers of the trials
    screened: Whole  # people screened in each, (T,)
    arm: Whole  # place of the arm among the protocol's arms, (T, N)
    stratum: Whole  # (T, N)
    values: dict[Reference, Array]  # recorded values in the item's unit; NaN when missing, (T, N)
    left: Array  # study day of leaving; infinite for those who stayed, (T, N)
    reason: Whole  # number of the reason, see ``equipoise.simulate.models``, (T, N)
    stopped: Array  # study day on which insulin was stopped; infinite when never, (T, N)


def simulate_endpoints(
    study: Study, trials: int, *, seed: int, first: int = 0, chunk: int = 100
) -> Iterator[Endpoints]:
    """Live many trials and keep what their visits record.

    Args:
        study: The study; its ``population.yaml`` describes the virtual people.
        trials: How many.
        seed: From 0 to 2**64 - 1. The same seed and trial number give the same trial everywhere.
        first: Number of the first trial.
        chunk: Trials that a thread keeps in memory at a time.

    Raises:
        StudyError: The study cannot be simulated; says what to change.
    """
    enrolment = Enrolment(study, many=trials >= MANY)
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    ahead = deque[Future[Endpoints]]()
    with ThreadPoolExecutor(threads) as pool:
        for start in range(first, first + trials, chunk):
            numbers = range(start, min(start + chunk, first + trials))
            ahead.append(pool.submit(_live, enrolment, numbers, seed))
            if start == first:
                ahead[0].result()  # compiles, which several threads would do several times
            if len(ahead) > (threads or 1):
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _live(enrolment: Enrolment, trials: range, seed: int) -> Endpoints:
    enrolled = enrolment.enrol(trials, seed)
    lived = enrolment.model.live(enrolled.people, key_of(seed), daily=False)
    return _endpoints(enrolment.study, trials, enrolled, lived)


def _endpoints(study: Study, trials: range, enrolled: Enrolled, lived: Lived) -> Endpoints:
    shape = len(trials), -1
    values: dict[Reference, Array] = {}
    for reference, steps in enrolled.screened.values.items():
        column, chosen = study.columns[reference.item], steps[enrolled.chosen]
        known = np.where(chosen == MISSING, np.nan, chosen / 10**column.decimals)
        values[reference] = known.reshape(shape)
    for place, encounter in enumerate(study.encounters):
        for item, counts in lived.values.items():
            if (
                encounter in study.collected.get(item, ())
                and Reference(item, encounter) not in values
            ):
                seen = counts[:, place] / 10 ** study.columns[item].decimals
                values[Reference(item, encounter)] = seen.reshape(shape)
    return Endpoints(
        trials=trials,
        screened=np.bincount(enrolled.screened.trials - trials.start, minlength=len(trials)),
        arm=enrolled.arm.reshape(shape),
        stratum=enrolled.stratum.reshape(shape),
        values=values,
        left=lived.left.reshape(shape),
        reason=lived.reason.reshape(shape),
        stopped=lived.stopped.reshape(shape),
    )
