"""The columns of every table of the waist.

Names are the protocol's own words; values are what was recorded. A missing value is null. Dates
are calendar dates of the site. ``participant`` is the subject identifier, given at screening and
never reused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_args

import polars as pl

from equipoise.protocol.plan import WithdrawalReason

TEXT, WHOLE, NUMBER, DATE, YESNO = pl.String(), pl.Int64(), pl.Float64(), pl.Date(), pl.Boolean()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its columns, and the columns that name a row.

    Attributes:
        row: What one row is, in a sentence.
        columns: Column name to Polars type, in order.
        key: Columns that together are unique; rows are sorted by them.
        required: Columns that are never null.
        codes: Allowed values of coded columns.
    """

    row: str
    columns: dict[str, pl.DataType]
    key: tuple[str, ...]
    required: tuple[str, ...]
    codes: dict[str, tuple[str, ...]]


def _table(
    row: str,
    columns: dict[str, pl.DataType],
    *,
    key: tuple[str, ...],
    optional: tuple[str, ...] = (),
    codes: dict[str, tuple[str, ...]] | None = None,
) -> Table:
    required = tuple(name for name in columns if name not in optional)
    return Table(row, columns, key, required, codes or {})


TABLES: Final[dict[str, Table]] = {
    "participants": _table(
        "A person who signed the consent, whether randomised or not.",
        {
            "participant": TEXT,
            "site": TEXT,
            "consent_date": DATE,
            "age": WHOLE,  # years at consent; null where a person left before it was recorded
            "sex": TEXT,  # likewise
            "stratum": TEXT,  # "" when the allocation is not stratified
            "randomised_date": DATE,
            "first_dose_date": DATE,  # study day 0
            "arm": TEXT,  # as randomised; null before the blind is opened and for screen failures
        },
        key=("participant",),
        optional=("age", "sex", "stratum", "randomised_date", "first_dose_date", "arm"),
        codes={"sex": ("F", "M")},
    ),
    "eligibility": _table(
        "The answer to one criterion for one screened person.",
        {"participant": TEXT, "criterion": TEXT, "answer": TEXT},
        key=("participant", "criterion"),
        codes={"answer": ("no", "unknown", "yes")},
    ),
    "visits": _table(
        "A planned encounter of a randomised participant.",
        {
            "participant": TEXT,
            "encounter": TEXT,
            "planned_date": DATE,
            "date": DATE,  # null when the visit was missed
            "status": TEXT,
        },
        key=("participant", "encounter"),
        optional=("date",),
        codes={"status": ("done", "missed", "after withdrawal")},
    ),
    "doses": _table(
        "A planned administration of the blinded product.",
        {
            "participant": TEXT,
            "encounter": TEXT,
            "date": DATE,
            "status": TEXT,
            "amount": NUMBER,  # in the unit of the product's dose, e.g. cells; null when not given
            "volume": NUMBER,  # mL; null when not given or no fluid
        },
        key=("participant", "encounter"),
        optional=("date", "amount", "volume"),
        codes={"status": ("given", "partly given", "not given")},
    ),
    "measurements": _table(
        "The value of one item at one encounter.",
        {
            "participant": TEXT,
            "encounter": TEXT,
            "item": TEXT,
            "date": DATE,  # null where a part of it is unknown
            "value": NUMBER,  # in the item's unit; a whole number of the item's recorded steps
            "text": TEXT,  # the code; "yes" or "no"; a date as 2015-10-08; null for a number
        },
        key=("participant", "encounter", "item"),
        optional=("date", "value", "text"),
    ),
    "glucose": _table(
        "A home glucose reading.",
        {
            "participant": TEXT,
            "date": DATE,
            "point": TEXT,  # of the protocol's diary, or the time of a reading beyond it: 03:10
            "value": NUMBER,  # mmol/L; of a reading beyond the meter's range the end of that
        },
        key=("participant", "date", "point"),
    ),
    "titration": _table(
        "One contact at which the titrated dose was decided.",
        {
            "participant": TEXT,
            "date": DATE,
            "readings": WHOLE,  # fasting readings of the period
            "fasting": NUMBER,  # their mean, mmol/L; null when there is none
            "lows": WHOLE,  # readings below 3.9 mmol/L in the period
            "dose_before": NUMBER,  # U/d
            "proposed": NUMBER,  # U/d, by the rule
            "dose_after": NUMBER,  # U/d, as prescribed
            "decision": TEXT,
        },
        key=("participant", "date"),
        optional=("fasting",),
        codes={"decision": ("accepted", "changed", "rejected", "stopped", "withdrawn")},
    ),
    "adverse_events": _table(
        "One adverse event.",
        {
            "participant": TEXT,
            "number": WHOLE,
            "term": TEXT,  # a code of the study's list of terms
            "start_date": DATE,  # null where a part of it is unknown
            "end_date": DATE,
            "severity": TEXT,
            "serious": YESNO,
            "causality": TEXT,
            "outcome": TEXT,
            "action": TEXT,
        },
        key=("participant", "number"),
        optional=("start_date", "end_date"),
        codes={
            "severity": ("mild", "moderate", "severe"),
            "causality": ("related", "possibly related", "not related"),
            "outcome": ("recovered", "recovering", "not recovered", "fatal", "unknown"),
            "action": ("none", "dose not given", "withdrawn from study"),
        },
    ),
    "disposition": _table(
        "Something that changed a person's place in the trial.",
        {"participant": TEXT, "date": DATE, "event": TEXT, "reason": TEXT},
        key=("participant", "date", "event"),
        optional=("reason",),
        codes={
            "event": (
                "screen failure",
                "randomised",
                "treatment completed",
                "treatment discontinued",
                "insulin stopped",
                "insulin restarted",
                "completed",
                "withdrawn",
            ),
        },
    ),
}

# reasons of "withdrawn" and "treatment discontinued"; a screen failure gives its criteria
WITHDRAWAL_REASONS: Final[tuple[str, ...]] = get_args(WithdrawalReason)
