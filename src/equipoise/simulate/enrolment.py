"""Enrolment: people are screened in turn, the eligible are randomised by the protocol's method."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from equipoise.answer import UNKNOWN, YES
from equipoise.errors import StudyError
from equipoise.protocol.question import Reference
from equipoise.protocol.whole import Study
from equipoise.rules.allocation import LISTS, allocation_list, checked, minimisation, stream
from equipoise.rules.allocation.draws import draw as draw_arm
from equipoise.simulate.arrays import Array, Whole, key_of
from equipoise.simulate.events import leaving_days
from equipoise.simulate.models import Model, People, build_model
from equipoise.simulate.random import INFUSION, draw_uniforms
from equipoise.simulate.screening import Screener, Screening, each

PATIENCE = 50  # people screened for each place in the trial before giving up


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
    """

    study: Study
    many: bool = False

    @cached_property
    def model(self) -> Model:
        """The disease model that the study names."""
        return build_model(self.study)

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
        arm = np.concatenate(
            [self._allocate(rows, trial, seed) for trial, rows in self._by_trial(trials, stratum)]
        )
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

    def _by_trial(self, trials: range, rows: Whole) -> zip[tuple[int, Whole]]:
        return zip(trials, rows.reshape(len(trials), self.participants), strict=True)

    def _screen(self, trials: range, seed: int) -> tuple[Screening, Whole]:
        """Screen in rounds until each trial has enough eligible people."""
        wanted = self.participants
        size, rounds = 2 * wanted, list[Screening]()
        eligible = np.zeros(len(trials), dtype=np.int64)
        while (eligible < wanted).any():
            first = 1 + size * len(rounds)
            if first > PATIENCE * wanted:
                raise StudyError(_nobody(rounds, first - 1, int(eligible.min())))
            numbers = np.arange(first, first + size)
            persons = np.tile(numbers, len(trials))
            rounds.append(self.screener.screen(persons, np.repeat(trials, size), key_of(seed)))
            eligible += (rounds[-1].eligible == YES).reshape(len(trials), size).sum(axis=1)
        everybody = _together(rounds)
        order = np.lexsort((everybody.persons, everybody.trials))
        passes = (everybody.eligible[order] == YES).reshape(len(trials), -1)
        places = passes.cumsum(axis=1)
        came = order[(places - passes < wanted).ravel()]
        screened = _rows(everybody, came)
        return screened, np.flatnonzero(screened.eligible == YES)

    def _strata(self, screened: Screening, chosen: Whole) -> Whole:
        """Number of each participant's stratum: one binary digit for each factor."""
        stratum = np.zeros(chosen.size, dtype=np.int64)
        values = {reference: steps[chosen] for reference, steps in screened.values.items()}
        for factor in self.study.protocol.allocation.strata:
            question = self.study.question(factor.question, self.study.protocol.screening)
            answer = each(question.answer, question.needs, values, chosen.size)
            if (answer == UNKNOWN).any():
                raise StudyError(f"allocation: stratum {factor.name} is unknown for a participant")
            stratum = 2 * stratum + (answer == YES)
        return stratum

    def _allocate(self, strata: Whole, trial: int, seed: int) -> Whole:
        """Arms of the participants of one trial, in the order of randomisation."""
        plan = self.study.protocol.allocation
        ratio, factors = tuple(arm.ratio for arm in self.study.arms.values()), len(plan.strata)
        if plan.method not in LISTS:
            return self._minimise(strata, trial, seed)
        lists = allocation_list(
            plan.method, plan.parameters, ratio, 2**factors, strata.size, seed=seed, trial=trial
        )
        given, arms = [0] * len(lists), []
        for stratum in strata.tolist():
            arms.append(lists[stratum][given[stratum]])
            given[stratum] += 1
        return np.array(arms, dtype=np.int64)

    def _minimise(self, strata: Whole, trial: int, seed: int) -> Whole:
        plan = self.study.protocol.allocation
        ratio, factors = tuple(arm.ratio for arm in self.study.arms.values()), len(plan.strata)
        parameters = checked(plan.method, plan.parameters, ratio)
        rule = minimisation.Plan(len(ratio), parameters["levels"], parameters["probability"])
        counts, arms = minimisation.init(rule), []
        for number, stratum in enumerate(strata.tolist()):
            levels = tuple(stratum >> factor & 1 for factor in reversed(range(factors)))
            words = draw_arm(stream(seed, trial=trial), number)
            counts, arm = minimisation.step(counts, levels, rule, words)
            arms.append(arm)
        return np.array(arms, dtype=np.int64)

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
