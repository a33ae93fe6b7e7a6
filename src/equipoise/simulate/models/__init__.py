"""Disease models: how people are who come to screening, and how they fare.

A model is a module with ``build(study)``, which checks the study's ``population.yaml`` and returns
a ``Model``. It is found by the name in that file and imported when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final, NamedTuple, Protocol

from equipoise.errors import StudyError, nearest
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array, Flags, Key, Whole

METHODS: Final[Mapping[str, str]] = {
    "type-2-diabetes": "equipoise.simulate.models.type2.model",
    "longitudinal": "equipoise.simulate.models.longitudinal",
}

# Why a participant left, and what a titration contact decided: the numbers in ``Lived``.
STAYED, ADVERSE_EVENT, LOST, UNCONTROLLED = range(4)
ACCEPTED, REJECTED, STOPPED, WITHDRAWN, OFF = range(5)
NOTES: Final = ("readings", "total", "lows", "before", "proposed", "after", "decision")


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
    name = study.populated().model
    if name not in METHODS:
        raise StudyError(
            f"population.yaml: there is no disease model {name}; there are {', '.join(METHODS)}."
            + nearest(name, METHODS)
        )
    build: Callable[[Study], Model] = import_module(METHODS[name]).build
    return build(study)


def numbers(study: Study, names: tuple[str, ...]) -> dict[str, float]:
    """The parameters of the population, once they are exactly those that the model asks for.

    Raises:
        StudyError: One line for each parameter that is missing or that the model does not have.
    """
    given = study.populated().parameters
    problems = [
        f"population.yaml: the model has no parameter {name}.{nearest(name, names)}"
        for name in given
        if name not in names
    ]
    problems += [
        f"population.yaml: the model needs the parameter {name}; give its value and source"
        for name in names
        if name not in given
    ]
    if problems:
        raise StudyError(*problems)
    return {name: given[name].value for name in names}
