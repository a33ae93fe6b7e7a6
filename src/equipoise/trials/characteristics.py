"""Operating characteristics of a study: its scenarios, a sample size, a sweep."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Final

import polars as pl

from equipoise.errors import StudyError
from equipoise.protocol.whole import Study
from equipoise.trials.courses import Courses
from equipoise.trials.crew import Crew
from equipoise.trials.measured import Measured
from equipoise.trials.performance import (
    Key,
    Tally,
    Truth,
    measures,
    performance,
    tallied,
    true_values,
)
from equipoise.trials.run import job_of, run
from equipoise.trials.scenario import Design, Scenario, Values, nothing_missing, read_designs
from equipoise.trials.shard import asked_of
from equipoise.trials.size import ROUNDS, Size, find_size

TRUTH: Final = 2**31  # number of the first trial that tells the true values
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a scenario.

    Attributes:
        measures: Every measure of every finding.
        files: Findings of every trial, a Parquet file a shard.
    """

    design: Design
    measures: pl.DataFrame
    files: tuple[Path, ...]

    def measure(self, key: Key, measure: str) -> Measured | None:
        """A measure of a finding, or None if it was not taken."""
        chosen = {**key._asdict(), "measure": measure}
        rows = self.measures.filter(*(pl.col(name) == wanted for name, wanted in chosen.items()))
        if rows.is_empty():
            return None
        return Measured(*rows.select(Measured._fields).row(0))

    def estimating(self, key: Key) -> Key:
        """The finding itself, or the first beside it with an estimate, where a test has none."""
        beside = self.measures.filter(
            pl.col("measure") == "coverage",
            pl.col("quantity") == key.quantity,
            pl.col("group") == key.group,
        )
        methods = beside["method"].to_list()
        return key if key.method in methods or not methods else key._replace(method=methods[0])


@dataclass(frozen=True, slots=True)
class Sweep:
    """The power over one or two things that a scenario can turn.

    Attributes:
        names: What is turned, one or two.
        values: The values of each, as given.
        power: By place of the values, in the order of ``itertools.product``.
    """

    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    power: tuple[Measured, ...]

    def points(self) -> Iterator[tuple[tuple[str, ...], Measured]]:
        """Each combination of values and its power."""
        return zip(product(*self.values), self.power, strict=True)


@dataclass(frozen=True, slots=True)
class Characteristics:
    """All that was found.

    Attributes:
        main: The finding whose power is searched, swept and drawn.
        sets: Parameter sets over which the trials are spread; 1 where it is the fitted one alone.
        truth_trials: Trials in which nothing is missing that told the true values; 0 for none.
        courses: Means of the visits, a scenario each; none for a size or a sweep.
    """

    study: Study
    seed: int
    trials: int
    main: Key
    outcomes: tuple[Outcome, ...]
    sets: int = 1
    truth_trials: int = 0
    size: Size | None = None
    sweep: Sweep | None = None
    courses: tuple[Courses, ...] = ()


def work_folder() -> Path:
    """Where finished shards are kept if nothing else is said: the user's cache."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "equipoise" / "trials"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and by whom trials are simulated, and who is told.

    Attributes:
        crew: Who does it, and how many shards they can take at a time.
        work: Folder for finished shards.
    """

    crew: tuple[Crew, int]
    seed: int
    trials: int
    work: Path = field(default_factory=work_folder)
    progress: Progress = lambda _, __: None

    def tally(self, design: Design, stage: str, *, first: int = 0) -> dict[Key, dict[int, Tally]]:
        """Simulate a design; what its measures are made of."""
        return tallied(self.simulate(design, stage, first=first), design.study)

    def simulate(self, design: Design, stage: str, *, first: int = 0) -> tuple[Path, ...]:
        """Simulate the trials of a design that are not there yet; their files."""
        done = 0

        def told(trials: int) -> None:
            nonlocal done
            done += trials
            self.progress(stage, done / self.trials)

        job = job_of(design, seed=self.seed, trials=self.trials, first=first)
        return tuple(run(job, self.work, self.crew, told))

    def power(self, design: Design, key: Key, stage: str, *, first: int = 0) -> Measured:
        """The power of one finding."""
        narrow = replace(design, scenario=_only(design, key))
        found = self.tally(narrow, stage, first=first).get(key)
        measured = measures(found).get("power") if found else None
        if measured is None:
            raise StudyError(f"{key.quantity}: {key.method} gives no test, so there is no power")
        return measured


def _only(design: Design, key: Key) -> Scenario:
    """The scenario with one analysis by one method."""
    return design.scenario.model_copy(
        update={"analyses": (key.quantity,), "methods": (key.method,)}
    )


@dataclass(frozen=True, slots=True)
class Designs:
    """What scenarios are read from, see ``read_designs``."""

    study: Study
    file: Path | None = None
    options: tuple[str, ...] = ()
    sets: tuple[Values, ...] = ()

    def all(self, *more: str) -> tuple[Design, ...]:
        """The scenarios, with more options laid over them."""
        return read_designs(self.study, self.file, [*self.options, *more], sets=self.sets)

    def first(self, *more: str) -> Design:
        """The first of them."""
        return self.all(*more)[0]


def main_finding(design: Design, analysis: str | None = None, method: str | None = None) -> Key:
    """The finding whose power is asked for: the primary estimand's analysis by its first method."""
    plan = design.study.planned()
    named = [estimand.analysis for estimand in plan.estimands]
    asked = asked_of(design.study, design.scenario.analyses, design.scenario.methods)
    able = {one.analysis: one for one in asked if one.methods}
    chosen = analysis or next((name for name in named if name in able), next(iter(able), None))
    if chosen is None or chosen not in able:
        raise StudyError(f"no analysis {chosen or ''} is carried out by a method with a test")
    one = able[chosen]
    by = method or one.methods[0]
    arm = next(name for name in design.study.arms if name != plan.reference)
    return Key(chosen, one.encounter, f"{arm} v {plan.reference}", by)


def characterise(bench: Bench, designs: Iterable[Design], *, truth: bool = True) -> list[Outcome]:
    """Simulate each scenario and take its measures.

    Args:
        bench: Where and by whom.
        designs: The scenarios.
        truth: Whether as many trials again, in which nothing is missing, tell the true values.
    """
    outcomes = []
    for design in designs:
        name = design.scenario.name
        truths: dict[Key, Truth] = {}
        if truth:
            first = TRUTH - TRUTH % max(1, len(design.sets))  # under the same sets in turn
            found = bench.tally(nothing_missing(design), f"{name}: true values", first=first)
            truths = true_values(found, design.study)
        files = bench.simulate(design, f"{name}: trials")
        tallies = tallied(files, design.study, truths)
        outcomes.append(Outcome(design, performance(tallies, truths), files))
    return outcomes


def search(bench: Bench, asked: Designs, *, key: Key, wanted: float) -> Size:
    """The size of the first scenario that gives ``wanted`` power."""
    planned = asked.first().study

    first = (bench.trials * number for number in range(ROUNDS))  # other trials for each size

    def power_at(participants: int) -> Measured:
        design = asked.first(f"participants={participants}")
        return bench.power(design, key, f"{participants} participants", first=next(first))

    start = planned.protocol.allocation.participants.known("allocation.participants")
    step = sum(arm.ratio for arm in planned.protocol.arms)
    return find_size(power_at, start=start, step=step, wanted=wanted)


def sweep(bench: Bench, asked: Designs, *, key: Key, over: Sequence[str]) -> Sweep:
    """The power of the first scenario over the values of one or two of its keys.

    Args:
        bench: Where and by whom.
        asked: Whose first scenario.
        key: Whose power.
        over: ``name=value,value,…``, one or two.
    """
    names, values = zip(*(_values(one) for one in over), strict=True)
    if len(names) > 2:
        raise StudyError(f"--sweep: {len(names)} are given; a sweep is over one or two")
    found = []
    for point in product(*values):
        turned = [f"{name}={value}" for name, value in zip(names, point, strict=True)]
        found.append(bench.power(asked.first(*turned), key, ", ".join(turned)))
    return Sweep(tuple(names), tuple(values), tuple(found))


def _values(one: str) -> tuple[str, tuple[str, ...]]:
    name, equals, text = one.partition("=")
    values = tuple(value.strip() for value in text.split(",") if value.strip())
    if not equals or not values:
        raise StudyError(f"--sweep {one}: give name=value,value such as participants=60,91,140")
    return name, values
