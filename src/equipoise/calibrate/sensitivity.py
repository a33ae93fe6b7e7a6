"""How much each result depends on each number of the model, and on the titration table.

One number at a time, the same people: a parameter moves by a tenth of its range up and down, the
titration table by one step. What comes out is the change of every target and its Monte Carlo error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from equipoise.calibrate.crowd import Crowd
from equipoise.calibrate.fit import Progress
from equipoise.calibrate.reached import reached
from equipoise.calibrate.targets import targets_of
from equipoise.protocol.intervention import Titration
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array
from equipoise.simulate.enrolment import with_values

SHARE: Final = 0.1  # of a parameter's range
UNITS, GLUCOSE, PERCENT = 1, Decimal("0.5"), 5  # one step of a titration table: U, mmol/L, points


class Lever(NamedTuple):
    """Something that can be moved, and the study with it moved down and up."""

    name: str
    step: str  # how far, with unit
    down: Study | None
    up: Study | None


class Effect(NamedTuple):
    """What moving a lever does to each target.

    Attributes:
        down: Change of each target when it is moved down, (targets,); not a number if it cannot be.
        up: And up.
        error: Monte Carlo standard error of the larger one, (targets,).
    """

    lever: str
    step: str
    down: Array
    up: Array
    error: Array


def sensitivity(study: Study, *, trials: int, seed: int, progress: Progress) -> list[Effect]:
    """The effect of every lever on every target, levers in the order of the files."""
    targets, crowd = targets_of(study), Crowd(study, range(trials), seed)
    before = reached(targets, crowd.live())
    moves = [*_parameters(study), *_titration(study)]
    effects = []
    for number, lever in enumerate(moves):
        progress(f"Sensitivity: {lever.name}", number / len(moves))
        changes = [
            reached(targets, crowd.live(moved)) - before
            if moved is not None
            else np.full_like(before, np.nan)
            for moved in (lever.down, lever.up)
        ]
        down, up = (_mean(change) for change in changes)
        error = np.fmax(*(_error(change) for change in changes))
        effects.append(Effect(lever.name, lever.step, down, up, error))
    return effects


def _mean(change: Array) -> Array:
    known = ~np.isnan(change)
    total = np.where(known, change, 0.0).sum(axis=1)
    return np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), np.nan)


def _error(change: Array) -> Array:
    known = np.maximum((~np.isnan(change)).sum(axis=1), 1)
    away = np.nan_to_num(change - _mean(change)[:, None])
    return np.asarray(np.sqrt((away**2).sum(axis=1) / np.maximum(known - 1, 1) / known))


def _parameters(study: Study) -> Iterator[Lever]:
    for name, one in study.populated().parameters.items():
        if one.low is None or one.high is None or one.low == one.high:
            continue
        step = SHARE * (one.high - one.low)
        down, up = one.value - step, one.value + step
        yield Lever(
            name,
            f"± {step:.3g} {one.unit}".removesuffix(" 1"),
            with_values(study, {name: max(one.low, down)}),
            with_values(study, {name: min(one.high, up)}),
        )


def _titration(study: Study) -> Iterator[Lever]:
    """The titration table with one of its numbers moved by a step, where that leaves it a table."""
    table = study.protocol.titration
    if table is None:
        return
    for place, band in enumerate(table.bands):
        where = f"titration from {band.at_least} {table.unit}"
        if place > 0:
            yield _moved(
                study, f"{where}: limit", f"± {GLUCOSE} {table.unit}", _limit(table, place)
            )
        if band.units:
            yield _moved(study, f"{where}: units", f"± {UNITS} U", _units(table, place))
        if band.percent:
            yield _moved(study, f"{where}: percent", f"± {PERCENT} points", _percent(table, place))


def _moved(study: Study, name: str, step: str, move: Callable[[int], Titration]) -> Lever:
    down, up = (_with_table(study, move(sign)) for sign in (-1, 1))
    return Lever(name, step, down, up)


def _with_table(study: Study, table: Titration) -> Study | None:
    """The study with another table; None if more glucose would then mean less insulin."""
    edges = [band.at_least for band in table.bands]
    falls = any(
        higher.units < lower.units or higher.percent < lower.percent
        for lower, higher in pairwise(table.bands)
    )
    if falls or edges != sorted(set(edges)):
        return None
    return replace(study, protocol=study.protocol.model_copy(update={"titration": table}))


def _limit(table: Titration, place: int) -> Callable[[int], Titration]:
    return lambda sign: _band(table, place, at_least=table.bands[place].at_least + sign * GLUCOSE)


def _units(table: Titration, place: int) -> Callable[[int], Titration]:
    return lambda sign: _band(table, place, units=table.bands[place].units + sign * UNITS)


def _percent(table: Titration, place: int) -> Callable[[int], Titration]:
    return lambda sign: _band(table, place, percent=table.bands[place].percent + sign * PERCENT)


def _band(table: Titration, place: int, **change: object) -> Titration:
    bands = list(table.bands)
    bands[place] = bands[place].model_copy(update=change)
    return table.model_copy(update={"bands": tuple(bands)})
