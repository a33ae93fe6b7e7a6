"""How the arms fare from visit to visit: means and SDs, as the report of a trial would give them.

Whoever is measured at a visit counts there; a change also needs the value at baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from equipoise.protocol.model import Text
from equipoise.protocol.question import Reference
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array, Flags
from equipoise.simulate.endpoints import Endpoints, simulate_endpoints

MOST: Final = 1000  # trials: beyond these the Monte Carlo error of a mean is of no interest
TARGET: Final = 7.0  # HbA1c, %
HBA1C: Final = "HBA1C"
DOSE: Final = "INSULIN"
DOSE_KG: Final = "INSULIN_KG"
WEIGHT: Final = "WEIGHT"
PER_KG: Final = Text(en="Daily insulin dose per body weight", zh="每公斤体重每日胰岛素剂量")

MEASURED: Final = ("mean", "sd", "change", "change_sd", "below_target")


class Measured(NamedTuple):
    """Mean over the trials, and its Monte Carlo standard error; None of one trial."""

    value: float
    mcse: float | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that is followed.

    Attributes:
        name: The item, or ``INSULIN_KG``.
        decimals: With which its mean is shown.
        baseline: Encounter from which changes count.
        encounters: Where it is measured from then on.
    """

    name: str
    label: Text
    unit: str
    decimals: int
    baseline: str
    encounters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A quantity in an arm at an encounter, over all trials.

    Attributes:
        n: Participants measured, on average.
        change: From baseline; None at baseline.
        below_target: Share with HbA1c below 7.0 %, in percent; None of anything else.
    """

    quantity: str
    encounter: str
    arm: str
    n: float
    mean: Measured
    sd: Measured
    change: Measured | None
    change_sd: Measured | None
    below_target: Measured | None


@dataclass(frozen=True, slots=True)
class Courses:
    """What is followed in a study, arm by arm and visit by visit."""

    study: Study
    seed: int
    trials: int
    quantities: tuple[Quantity, ...]
    moments: tuple[Moment, ...]

    def of(self, quantity: str, encounter: str) -> tuple[Moment, ...]:
        """One moment for each arm."""
        asked = quantity, encounter
        return tuple(one for one in self.moments if (one.quantity, one.encounter) == asked)

    def rows(self) -> Iterator[dict[str, object]]:
        """A row for each moment; each number is followed by its Monte Carlo standard error."""
        for one in self.moments:
            row: dict[str, object] = {
                name: getattr(one, name) for name in ("quantity", "encounter", "arm", "n")
            }
            for name in MEASURED:
                measured: Measured | None = getattr(one, name)
                row[name] = measured.value if measured else None
                row[f"{name}_mcse"] = measured.mcse if measured else None
            yield row


def courses(
    study: Study,
    *,
    trials: int,
    seed: int,
    first: int = 0,
    progress: Callable[[str, float], None] = lambda _, __: None,
) -> Courses:
    """Live trials and follow what their visits measure.

    Args:
        study: The study; its ``population.yaml`` describes the virtual people.
        trials: How many.
        seed: The same seed and trial number give the same trial as everywhere.
        first: Number of the first trial.
        progress: Told how much is done.
    """
    followed = tuple(_quantities(study))
    seen: dict[tuple[str, str, str], list[Array]] = {}
    done = 0
    for chunk in simulate_endpoints(study, trials, seed=seed, first=first):
        for quantity in followed:
            for encounter in quantity.encounters:
                for place, arm in enumerate(study.arms):
                    key = quantity.name, encounter, arm
                    seen.setdefault(key, []).append(_each_trial(quantity, encounter, place, chunk))
        done += len(chunk.trials)
        progress("Means of the visits", done / trials)
    start = {quantity.name: quantity.baseline for quantity in followed}
    moments = tuple(
        _moment(*key, np.concatenate(rows, axis=1), later=key[1] != start[key[0]])
        for key, rows in seen.items()
    )
    known = {one.quantity for one in moments if one.n > 0}
    return Courses(
        study,
        seed,
        trials,
        tuple(one for one in followed if one.name in known),
        tuple(one for one in moments if one.quantity in known),
    )


def _quantities(study: Study) -> Iterator[Quantity]:
    """Every number that is recorded up to the first dose, in the order of the forms."""
    days = {name: encounter.day for name, encounter in study.encounters.items()}
    for item in study.items.values():
        places = study.collected[item.name]
        before = [name for name in places if days[name] <= 0]
        if item.kind != "number" or not before or item.name == DOSE_KG:
            continue
        # what is derived is worked out for everybody at screening only
        start = before[0] if item.derived else before[-1]
        later = () if item.derived else tuple(name for name in places if days[name] > 0)
        unit, shown = item.unit or "1", min(item.decimals + 1, 2)
        yield Quantity(item.name, item.label, unit, shown, start, (start, *later))
        weighed = study.collected.get(WEIGHT, ())
        if item.name == DOSE and start in weighed:
            both = (start, *(name for name in later if name in weighed))
            yield Quantity(DOSE_KG, PER_KG, "U/kg/d", 2, start, both)


def _values(quantity: str, encounter: str, chunk: Endpoints) -> Array:
    """A value for each participant of each trial, (T, N)."""
    if quantity == DOSE_KG:
        weight = chunk.values[Reference(WEIGHT, encounter)]
        return np.asarray(chunk.values[Reference(DOSE, encounter)] / weight)
    nothing = np.full(chunk.arm.shape, np.nan)
    return chunk.values.get(Reference(quantity, encounter), nothing)


def _each_trial(quantity: Quantity, encounter: str, arm: int, chunk: Endpoints) -> Array:
    """For each trial n, mean, SD, mean change, SD of change, share below target, (6, T)."""
    mine = chunk.arm == arm
    now = _values(quantity.name, encounter, chunk)
    change = now - _values(quantity.name, quantity.baseline, chunk)
    seen, both = mine & ~np.isnan(now), mine & ~np.isnan(change)
    below = 100.0 * _mean((now < TARGET).astype(np.float64), seen)
    return np.stack(
        [seen.sum(axis=1), _mean(now, seen), _sd(now, seen), _mean(change, both),
         _sd(change, both), below]
    )  # fmt: skip


def _mean(values: Array, where: Flags) -> Array:
    n = where.sum(axis=1)
    total = np.where(where, values, 0.0).sum(axis=1)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def _sd(values: Array, where: Flags) -> Array:
    n = where.sum(axis=1)
    off = np.where(where, values - _mean(values, where)[:, None], 0.0)
    return np.where(n > 1, np.sqrt((off**2).sum(axis=1) / np.maximum(n - 1, 1)), np.nan)


def _moment(quantity: str, encounter: str, arm: str, rows: Array, *, later: bool) -> Moment:
    n, mean, sd, change, change_sd, below = rows
    return Moment(
        quantity, encounter, arm, float(n.mean()), _over(mean), _over(sd),
        _over(change) if later else None,
        _over(change_sd) if later else None,
        _over(below) if quantity == HBA1C else None,
    )  # fmt: skip


def _over(trials: Array) -> Measured:
    known = trials[~np.isnan(trials)]
    if known.size == 0:
        return Measured(float("nan"), None)
    error = float(known.std(ddof=1)) / known.size**0.5 if known.size > 1 else None
    return Measured(float(known.mean()), error)
