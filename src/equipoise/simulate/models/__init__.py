"""Disease models: how people are who come to screening, and how they fare.

A model is a package with ``meanings(study)``, what the parameters in ``population.yaml`` mean, and
``build(study)``, which returns a ``Model``. It is found by the name in that file and imported when
it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from math import inf
from types import ModuleType
from typing import Final, NamedTuple, Protocol

import numpy as np

from equipoise.errors import StudyError, UnitError, nearest
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array, Flags, Key, Whole
from equipoise.units import parse_unit

CONTROLS: Final = ("placebo", "no intervention")
METHODS: Final[Mapping[str, str]] = {
    "type-2-diabetes": "equipoise.simulate.models.type2",
    "longitudinal": "equipoise.simulate.models.longitudinal",
}

# Why a participant left, and what a titration contact decided: the numbers in ``Lived``.
STAYED, ADVERSE_EVENT, LOST, UNCONTROLLED = range(4)
ACCEPTED, REJECTED, STOPPED, WITHDRAWN, OFF = range(5)
NOTES: Final = ("readings", "total", "lows", "before", "proposed", "after", "decision")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a parameter of a disease model is.

    Attributes:
        what: In words.
        off: Value if it is not given: what it describes is absent. None: it must be given.
    """

    unit: str
    what: str
    off: float | None = None


class Screened(NamedTuple):
    """People who come to screening."""

    hidden: Array  # what is true of them, as the model needs it, (n, traits)
    recorded: Mapping[str, Whole]  # item -> recorded steps, (n,); places in the code list for codes


class People(NamedTuple):
    """Participants whose course is to be lived."""

    hidden: Array  # from ``Screened``, (n, traits)
    persons: Whole  # screening numbers, (n,)
    trials: Whole  # trial of each, (n,)
    doses: Array  # amount per kg, 0 for placebo, not a number where none is given, (n, doses)
    leaves: Array  # study day on which an adverse event ends participation; infinite if none does


class Lived(NamedTuple):
    """What became of n participants; daily arrays have no rows when they are not kept."""

    values: Mapping[str, Array]  # item -> recorded steps, (n, encounters); NaN when not measured
    done: Flags  # whether the encounter took place, (n, encounters)
    left: Array  # study day of leaving, (n,); infinite when the participant stayed
    reason: Whole  # STAYED, ADVERSE_EVENT, LOST or UNCONTROLLED, (n,)
    stopped: Array  # study day on which insulin was stopped, (n,); infinite when never
    glucose: Array  # home readings, 0.1 mmol/L, (n, days, 5), by days since screening
    contacts: Array  # titration, (n, days, 7), see ``NOTES``
    lows: Array  # days from day 0 on with a home reading below each limit of titration, (n, limits)


class Model(Protocol):
    """A disease model, ready for one study."""

    @property
    def dose_missed(self) -> float:
        """Chance that a dose after the first is not given."""

    def screen(self, persons: Whole, trials: Whole, key: Key) -> Screened:
        """Draw the people of these screening numbers and trials."""

    def live(self, people: People, key: Key, *, daily: bool) -> Lived:
        """Live the participants' course; it lets other threads run beside it."""


def build_model(study: Study) -> Model:
    """The disease model that the study's ``population.yaml`` names.

    Raises:
        StudyError: There is no such model, or its numbers are not those of the file.
    """
    check(study)
    build: Callable[[Study], Model] = _module(study).build
    return build(study)


def check(study: Study) -> None:
    """Refuse a population whose model, parameters or findings are not those that can be used.

    Raises:
        StudyError: One line for each problem.
    """
    numbers(study)
    problems = [
        f"population.yaml: prevalence of {name}: no form has such an item."
        + nearest(name, study.items)
        for name in study.populated().prevalence
        if name not in study.items
    ]
    problems += [
        f"forms: the records of every study tell {name} at screening; ask for it there"
        for name in ("AGE", "SEX")
        if study.protocol.screening not in study.collected.get(name, ())
    ]
    problems += [*_senseless(study), *_arms(study)]
    if problems:
        raise StudyError(*problems)


def _senseless(study: Study) -> Iterator[str]:
    """Parameters with a value that nothing can have, or in another unit than the model's."""
    known = meanings(study)
    for name, parameter in study.populated().parameters.items():
        low, high = _limits(name, parameter.unit)
        if not low <= parameter.value <= high:
            least, most = f"at least {low:g}", f" and at most {high:g}" if high < inf else ""
            yield f"population.yaml: {name} is {parameter.value:g}; it is {least}{most}"
        if not _same_unit(parameter.unit, known[name].unit):
            yield (
                f"population.yaml: {name} is in {parameter.unit}; the model takes it in "
                f"{known[name].unit}: {known[name].what}"
            )


def _same_unit(given: str, known: str) -> bool:
    try:
        return given == known or parse_unit(given) == parse_unit(known)
    except UnitError:
        return False


def _limits(name: str, unit: str) -> tuple[float, float]:
    if name == "correlation":
        return 0.0, 0.99
    if name == "half_time":
        return 0.01, inf
    if unit == "share":
        return 0.0, 1.0
    return (0.0, inf) if name.endswith(("_sd", "_sd_log", "_residual")) else (-inf, inf)


def _arms(study: Study) -> Iterator[str]:
    active = [arm.name for arm in study.protocol.arms if arm.role not in CONTROLS]
    if len(active) > 1:
        yield (
            f"{study.protocol_file}: arms: {', '.join(active)} are active, and the virtual "
            "participants know one dose and one effect; simulate with one active arm"
        )


def meanings(study: Study) -> Mapping[str, Meaning]:
    """What each parameter of the study's disease model means."""
    known: Mapping[str, Meaning] = _module(study).meanings(study)
    return known


def numbers(study: Study) -> dict[str, float]:
    """Every parameter of the model: as the population gives it, or off.

    Raises:
        StudyError: One line for each parameter that is missing or that the model does not have.
    """
    given, known = study.populated().parameters, meanings(study)
    problems = [
        f"population.yaml: the model has no parameter {name}.{nearest(name, known)}"
        for name in given
        if name not in known
    ]
    problems += [
        f"population.yaml: the model needs the parameter {name} ({one.unit}), {one.what}; give its "
        "value and source"
        for name, one in known.items()
        if name not in given and one.off is None
    ]
    if problems:
        raise StudyError(*problems)
    off = {name: one.off for name, one in known.items() if one.off is not None}
    return {**off, **{name: parameter.value for name, parameter in given.items()}}


def _module(study: Study) -> ModuleType:
    name = study.populated().model
    if name not in METHODS:
        raise StudyError(
            f"population.yaml: there is no disease model {name}; there are {', '.join(METHODS)}."
            + nearest(name, METHODS)
        )
    return import_module(METHODS[name])


def first_to_leave(why: int, days: Array, leaves: Array, last: int) -> tuple[Array, Whole]:
    """Day of leaving and its reason, when adverse events (``leaves``) and ``why`` compete."""
    days = np.where(days < last, days, np.inf)
    left = np.minimum(days, leaves)
    reason = np.where(days < leaves, why, np.where(np.isinf(left), STAYED, ADVERSE_EVENT))
    return left, reason
