"""Endpoints of each participant, from the records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import polars as pl

from equipoise.analysis.trial import Trial
from equipoise.answer import NO, WORDS
from equipoise.protocol.form import Item, Kind
from equipoise.protocol.plan import BinaryEndpoint, Endpoint, Measure, NumberEndpoint
from equipoise.protocol.question import Question, Recorded, Reference

_ANSWERS: Final = {"yes": True, "no": False, "unknown": None}


def find_endpoint(trial: Trial, name: str) -> Endpoint:
    """The endpoint of this name in the plan."""
    return next(endpoint for endpoint in trial.plan.endpoints if endpoint.name == name)


def answers(endpoint: BinaryEndpoint, trial: Trial) -> pl.DataFrame:
    """The answer of each randomised participant at each encounter of the endpoint.

    Returns:
        Columns participant, arm, encounter and answer: true, false, or null if it is unknown.
    """
    questions = {
        name: trial.study.question(endpoint.question, name) for name in endpoint.encounters
    }
    recorded = _recorded(trial, questions)
    failed = _failures(endpoint, trial)
    rows = [
        (participant, arm, encounter, _answer(question, recorded.get(participant, {})))
        if (participant, encounter) not in failed
        else (participant, arm, encounter, _ANSWERS[WORDS[NO]])
        for participant, arm in trial.subjects.select("participant", "arm").iter_rows()
        for encounter, question in questions.items()
    ]
    schema = {
        "participant": pl.String,
        "arm": pl.String,
        "encounter": pl.String,
        "answer": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _answer(question: Question, values: dict[Reference, Recorded]) -> bool | None:
    return _ANSWERS[WORDS[question.ask(values)]]


def _recorded(trial: Trial, questions: dict[str, Question]) -> dict[str, dict[Reference, Recorded]]:
    """For each participant the recorded values that the questions look at."""
    items = {need.item for question in questions.values() for need in question.needs}
    rows = trial.records["measurements"].filter(pl.col("item").is_in(sorted(items)))
    recorded: dict[str, dict[Reference, Recorded]] = {}
    for row in rows.iter_rows(named=True):
        found = as_recorded(trial.study.items[row["item"]], row["value"], row["text"])
        recorded.setdefault(row["participant"], {})[Reference(row["item"], row["encounter"])] = (
            found
        )
    return recorded


def as_recorded(item: Item, value: float | None, text: str | None) -> Recorded:
    """A measurement as it was written down, exact, or None if it is missing."""
    entry = value if item.kind == "number" else text
    return None if entry is None else _READ[item.kind](item, entry)


_READ: Final[dict[Kind, Callable[[Item, Any], Recorded]]] = {
    "number": lambda item, value: Decimal(f"{value:.{item.decimals}f}"),
    "yesno": lambda _, text: text == "yes",
    "date": lambda _, text: date.fromisoformat(text),
    "code": lambda _, text: str(text),
    "text": lambda _, text: str(text),
}


def _failures(endpoint: BinaryEndpoint, trial: Trial) -> set[tuple[str, str]]:
    """Participant and encounter where a withdrawal for such a reason came first.

    An encounter that did not take place counts from the last day of its window.
    """
    withdrawn = trial.subjects.filter(pl.col("reason").is_in(list(endpoint.failures)))
    visits = trial.records["visits"].select("participant", "encounter", "date")
    seen = {(participant, name): day for participant, name, day in visits.iter_rows()}
    failed: set[tuple[str, str]] = set()
    for row in withdrawn.iter_rows(named=True):
        start = row["first_dose_date"] or row["randomised_date"]
        for name in endpoint.encounters:
            encounter = trial.study.encounters[name]
            last = start + timedelta(days=encounter.day + encounter.window[1])
            if row["withdrawn_date"] <= (seen.get((row["participant"], name)) or last):
                failed.add((row["participant"], name))
    return failed


def numbers(endpoint: NumberEndpoint, trial: Trial) -> pl.DataFrame:
    """The value of each randomised participant at each encounter, where there is one.

    Differences are those of the recorded decimals, so that equal changes are equal numbers.

    Returns:
        Columns participant, arm, encounter and value.
    """
    item = trial.study.items[endpoint.item]
    recorded = (
        trial.records["measurements"]
        .filter(pl.col("item") == item.name, pl.col("value").is_not_null())
        .select("participant", "encounter", "value")
    )
    baseline = recorded.filter(pl.col("encounter") == trial.study.protocol.baseline)
    change = (pl.col("value") - pl.col("before")).round(item.decimals)
    return (
        recorded.filter(pl.col("encounter").is_in(list(endpoint.encounters)))
        .join(baseline.select("participant", before="value"), on="participant", how="left")
        .join(trial.subjects.select("participant", "arm"), on="participant")
        .with_columns(value=_measured(endpoint.measure, change))
        .filter(pl.col("value").is_not_null())
        .select("participant", "arm", "encounter", "value")
        .sort("participant", "encounter")
    )


def _measured(measure: Measure, change: pl.Expr) -> pl.Expr:
    """The measure of ``value`` and its ``change``; a percentage of nothing is null."""
    known = pl.when(pl.col("before") != 0)
    measures: dict[Measure, pl.Expr] = {
        "value": pl.col("value"),
        "change": change,
        "percent change": known.then(100 * change / pl.col("before")),
        "percent reduction": known.then(100 * (0 - change) / pl.col("before")),
    }
    return measures[measure]


def unit_of(endpoint: NumberEndpoint, trial: Trial) -> str | None:
    """The unit of an endpoint's values."""
    return "%" if endpoint.measure.startswith("percent") else trial.study.items[endpoint.item].unit
