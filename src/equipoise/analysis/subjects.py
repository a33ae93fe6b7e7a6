"""Participants as the analysis sees them: arm, dates, doses, how the study ended, populations."""

from __future__ import annotations

from typing import Final

import polars as pl

from equipoise.errors import RecordsError
from equipoise.protocol.plan import Membership, Plan
from equipoise.protocol.whole import Study
from equipoise.records import Records

_MEMBERSHIP: Final[dict[Membership, pl.Expr]] = {
    "randomised": pl.lit(value=True),
    "first dose": pl.col("doses_begun") > 0,
    "all doses": pl.col("doses_given") == pl.col("doses_planned"),
    "completed": pl.col("completed"),
}


def randomised_subjects(records: Records, study: Study) -> pl.DataFrame:
    """One row for each randomised participant, sorted by participant.

    Columns: those of the participants, then doses_planned, doses_begun (given or partly given),
    doses_given, completed, withdrawn_date, reason (of withdrawal), last_date (withdrawal,
    completion, or the last visit), days_observed (from the first dose, null without one), and
    ``in_<population>`` for each population of the plan.

    Raises:
        RecordsError: The arm of a randomised participant is not known: the blind is not opened.
    """
    people = records["participants"].filter(pl.col("randomised_date").is_not_null())
    blinded = people.filter(pl.col("arm").is_null())["participant"]
    if len(blinded):
        raise RecordsError(
            f"participants: {blinded[0]} and {len(blinded) - 1} others are randomised and have no "
            "arm. The analysis by arm needs the opened blind."
        )
    plan = study.planned()
    whole = (
        people.join(_doses(records, study), on="participant", how="left")
        .join(_ends(records), on="participant", how="left")
        .join(_last_visits(records), on="participant", how="left")
        .with_columns(
            pl.col("doses_begun", "doses_given").fill_null(0),
            pl.col("completed").fill_null(value=False),
            doses_planned=pl.lit(len(study.protocol.dosing.encounters)),
            last_date=pl.coalesce("withdrawn_date", "completed_date", "visit_date"),
        )
        .with_columns(
            days_observed=(pl.col("last_date") - pl.col("first_dose_date")).dt.total_days()
        )
        .drop("completed_date", "visit_date")
    )
    return whole.with_columns(**_flags(plan)).sort("participant")


def _flags(plan: Plan) -> dict[str, pl.Expr]:
    return {
        f"in_{population.name}": pl.all_horizontal(_MEMBERSHIP[rule] for rule in population.who)
        for population in plan.populations
    }


def _doses(records: Records, study: Study) -> pl.DataFrame:
    planned = pl.col("encounter").is_in(list(study.protocol.dosing.encounters))
    return (
        records["doses"]
        .filter(planned)
        .group_by("participant")
        .agg(
            doses_begun=(pl.col("status") != "not given").sum(),
            doses_given=(pl.col("status") == "given").sum(),
        )
    )


def _ends(records: Records) -> pl.DataFrame:
    event, date = pl.col("event"), pl.col("date")
    return (
        records["disposition"]
        .group_by("participant")
        .agg(
            completed=(event == "completed").any(),
            completed_date=date.filter(event == "completed").max(),
            withdrawn_date=date.filter(event == "withdrawn").min(),
            reason=pl.col("reason").filter(event == "withdrawn").first(),
        )
    )


def _last_visits(records: Records) -> pl.DataFrame:
    return records["visits"].group_by("participant").agg(visit_date=pl.col("date").max())
