"""Enrolment: people are screened in turn, the eligible are randomised by the protocol's method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from equipoise.answer import UNKNOWN, YES
from equipoise.errors import StudyError
from equipoise.protocol.question import Reference
from equipoise.protocol.whole import Study
from equipoise.simulate.allocation import allocation
from equipoise.simulate.arrays import Array, Whole, key_of
from equipoise.simulate.events import leaving_days
from equipoise.simulate.models import Model, People, build_model
from equipoise.simulate.random import INFUSION, draw_uniforms
from equipoise.simulate.screening import Screener, Screening, each

PATIENCE = 50  # people screened for each place in the trial before giving up


def with_values(study: Study, values: Mapping[str, float]) -> Study:
    """The study with these values of its population's parameters, whatever their bounds."""
    population = study.populated()
    parameters = {
        name: one.model_copy(update={"value": values[name]}) if name in values else one
        for name, one in population.parameters.items()
    }
    return replace(study, population=population.model_copy(update={"parameters": parameters}))


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Who came to screening and who was randomised, in one trial or more.

    Attributes:
        screened: Everybody who came, by trial and screening number, up to the last randomised.
        chosen: Rows of ``screened`` that were randomised, (n,).
        stratum: Stratum of each, (n,).
        arm: Arm of each, its place among the protocol's arms, (n,).
        people: The randomised, with their doses and days of leaving, (n,).
    """

    screened: Screening
    chosen: Whole
    stratum: Whole
    arm: Whole
    people: People


@dataclass(frozen=True)
class Enrolment:
    """Enrols the participants of a study.

    Attributes:
        many: Whether many trials are enrolled, so that compiling the criteria pays.
        values: Numbers of the disease model in place of those of the study's population.
    """

    study: Study
    many: bool = False
    values: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def model(self) -> Model:
        """The disease model that the study names."""
        return build_model(with_values(self.study, self.values))

    @cached_property
    def screener(self) -> Screener:
        """Screens the people who come."""
        return Screener(self.study, self.model, self.many)

    @cached_property
    def participants(self) -> int:
        """How many are randomised."""
        return self.study.protocol.allocation.participants.known("allocation.participants")

    def enrol(self, trials: range, seed: int) -> Enrolled:
        """Screen and randomise the participants of these trials."""
        screened, chosen = self._screen(trials, seed)
        stratum = self._strata(screened, chosen)
        allocate = allocation(self.study.protocol, seed, many=self.many)
        in_order = stratum.reshape(len(trials), self.participants)
        arm = np.concatenate(list(map(allocate, trials, in_order)))
        persons, numbers = screened.persons[chosen], screened.trials[chosen]
        people = People(
            hidden=screened.hidden[chosen],
            persons=persons,
            trials=numbers,
            doses=self._doses(screened, chosen, arm, seed),
            leaves=np.full(chosen.size, np.inf),
        )
        people = people._replace(leaves=leaving_days(self.study, people, key_of(seed)))
        return Enrolled(screened, chosen, stratum, arm, people)

    def _screen(self, trials: range, seed: int) -> tuple[Screening, Whole]:
        """Screen in rounds until each trial has enough eligible people."""
        wanted, numbers = self.participants, np.array(trials)
        eligible, rounds = np.zeros(len(trials), dtype=np.int64), list[Screening]()
        people, size, short = 0, 2 * wanted, eligible < wanted
        while short.any():
            if people >= PATIENCE * wanted:
                raise StudyError(_nobody(rounds, people, int(eligible.min())))
            persons = np.tile(np.arange(people + 1, people + size + 1), short.sum())
            found = self.screener.screen(persons, np.repeat(numbers[short], size), key_of(seed))
            eligible[short] += (found.eligible == YES).reshape(-1, size).sum(axis=1)
            rounds.append(found)
            people, size, short = people + size, 1 + (people + size) // 4, eligible < wanted
        screened = _rows(*_needed(rounds, wanted))
        return screened, np.flatnonzero(screened.eligible == YES)

    def _strata(self, screened: Screening, chosen: Whole) -> Whole:
        """Number of each participant's stratum: one binary digit for each factor."""
        stratum = np.zeros(chosen.size, dtype=np.int64)
        if not self.study.protocol.allocation.strata:
            return stratum
        values = {reference: steps[chosen] for reference, steps in screened.values.items()}
        for factor in self.study.protocol.allocation.strata:
            question = self.study.question(factor.question, self.study.protocol.screening)
            answer = each(question.answer, question.needs, values, chosen.size)
            if (answer == UNKNOWN).any():
                raise StudyError(f"allocation: stratum {factor.name} is unknown for a participant")
            stratum = 2 * stratum + (answer == YES)
        return stratum

    def _doses(self, screened: Screening, chosen: Whole, arm: Whole, seed: int) -> Array:
        """Amount per kg of every planned dose, not a number where it is not given, (n, doses)."""
        dosing = self.study.protocol.dosing
        amount = np.full(chosen.size, float(dosing.amount.known("dosing.amount")))
        if dosing.rule == "fixed" and dosing.weight is not None:
            step = 10.0 ** -self.study.columns[dosing.weight].decimals
            weight = Reference(dosing.weight, self.study.protocol.screening)
            amount /= screened.values[weight][chosen] * step
        roles = np.array([arm.role == "experimental" for arm in self.study.arms.values()])
        doses = np.repeat((amount * roles[arm])[:, None], len(dosing.encounters), axis=1)
        persons, trials = screened.persons[chosen], screened.trials[chosen]
        for number in range(1, len(dosing.encounters)):
            chance = draw_uniforms(INFUSION, number, persons, trials, key_of(seed))[:, 0]
            doses[chance < self.model.dose_missed, number] = np.nan
        return doses


def _together(rounds: list[Screening]) -> Screening:
    first = rounds[0]
    return Screening(
        persons=np.concatenate([one.persons for one in rounds]),
        trials=np.concatenate([one.trials for one in rounds]),
        hidden=np.concatenate([one.hidden for one in rounds]),
        values={k: np.concatenate([one.values[k] for one in rounds]) for k in first.values},
        answers={k: np.concatenate([one.answers[k] for one in rounds]) for k in first.answers},
        eligible=np.concatenate([one.eligible for one in rounds]),
    )


def _needed(rounds: list[Screening], wanted: int) -> tuple[Screening, Whole]:
    """Everybody, and the rows of those who came before a trial was full: by trial, then number."""
    everybody = _together(rounds)
    order = np.lexsort((everybody.persons, everybody.trials))
    trials, passes = everybody.trials[order], everybody.eligible[order] == YES
    before = passes.cumsum() - passes  # eligible people before each, those of other trials too
    places = before - before[np.searchsorted(trials, trials)]
    return everybody, order[places < wanted]


def _rows(screening: Screening, rows: Whole) -> Screening:
    return Screening(
        persons=screening.persons[rows],
        trials=screening.trials[rows],
        hidden=screening.hidden[rows],
        values={reference: steps[rows] for reference, steps in screening.values.items()},
        answers={name: answer[rows] for name, answer in screening.answers.items()},
        eligible=screening.eligible[rows],
    )


def _nobody(rounds: list[Screening], people: int, eligible: int) -> str:
    """Say that too few are eligible, and which criteria nobody could meet."""
    answers = {
        name: np.concatenate([one.answers[name] for one in rounds]) for name in rounds[0].answers
    }
    unknown = [name for name, answer in answers.items() if (answer == UNKNOWN).all()]
    why = f" {', '.join(unknown)} cannot be judged: a value is never given." if unknown else ""
    return (
        f"population.yaml: of {people} people who came to screening {eligible} were eligible.{why} "
        f"Describe people who fit the eligibility criteria."
    )
