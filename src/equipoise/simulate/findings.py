"""Records of people: who came, whether they were eligible, what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from equipoise.answer import NO, WORDS, YES
from equipoise.protocol.column import Column
from equipoise.protocol.question import MISSING, Reference
from equipoise.rules.allocation import stratum_name
from equipoise.simulate.arrays import Whole

if TYPE_CHECKING:
    from equipoise.simulate.trial import Trial

Row = tuple[object, ...]


def participants(trial: Trial) -> list[Row]:
    """Rows of the table ``participants``."""
    study, screened = trial.study, trial.enrolled.screened
    here = study.protocol.screening
    ages = screened.values[Reference("AGE", here)].tolist()
    sexes = screened.values[Reference("SEX", here)].tolist()
    codes = study.columns["SEX"].codes
    arms = list(study.arms)
    place = {row: k for k, row in enumerate(trial.randomised)}
    rows: list[Row] = []
    for row, name in enumerate(trial.ids):
        person = (name, trial.sites[row], trial.consented[row], ages[row], codes[sexes[row]])
        if row in place:
            k, zero = place[row], trial.day_zero[row]
            arm = arms[int(trial.enrolled.arm[k])]
            rows.append((*person, _stratum(trial, int(trial.enrolled.stratum[k])), zero, zero, arm))
        else:
            rows.append((*person, None, None, None, None))
    return rows


def _stratum(trial: Trial, number: int) -> str:
    """Name a stratum by its number: one binary digit for each factor."""
    factors = trial.study.protocol.allocation.strata
    answers = (number >> shift & 1 for shift in reversed(range(len(factors))))
    return stratum_name(
        {
            factor.name: YES if answer else NO
            for factor, answer in zip(factors, answers, strict=True)
        }
    )


def eligibility(trial: Trial) -> list[Row]:
    """Rows of the table ``eligibility``."""
    return [
        (name, criterion, WORDS[answer])
        for criterion, answers in trial.enrolled.screened.answers.items()
        for name, answer in zip(trial.ids, answers.tolist(), strict=True)
    ]


def measurements(trial: Trial) -> list[Row]:
    """Rows of the table ``measurements``: one for each value that was recorded."""
    here = trial.study.protocol.screening
    rows = list(_recorded(trial, trial.enrolled.screened.values, trial.ids, trial.consented))
    names = [trial.name(k) for k in range(len(trial.randomised))]
    zeros = [trial.day_zero[row] for row in trial.randomised]
    later = {reference: v for reference, v in trial.values.items() if reference.encounter != here}
    for reference, steps in later.items():
        day = timedelta(days=trial.study.encounters[reference.encounter].day)
        dates = [zero + day for zero in zeros]
        rows += _recorded(trial, {reference: steps}, names, dates)
    return rows


def _recorded(
    trial: Trial, values: Mapping[Reference, Whole], names: list[str], dates: list[date]
) -> Iterator[Row]:
    for reference, steps in values.items():
        column = trial.study.columns[reference.item]
        for name, day, count in zip(names, dates, steps.tolist(), strict=True):
            if count != MISSING:
                yield (name, reference.encounter, reference.item, day, *_shown(column, count))


def _shown(column: Column, count: int) -> tuple[float | None, str | None]:
    """A value and text from whole steps; division by a power of ten gives the nearest float."""
    if column.kind == "number":
        return count / 10**column.decimals, None
    if column.kind == "code":
        return None, column.codes[count]
    return None, "yes" if count else "no"
