"""From records to results, as the analysis plan says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from equipoise.analysis.endpoints import numbers
from equipoise.analysis.flow import consort_flow
from equipoise.analysis.kinds import METHODS
from equipoise.analysis.results import Results, frame
from equipoise.analysis.subjects import randomised_subjects
from equipoise.analysis.trial import Trial
from equipoise.protocol.plan import NumberEndpoint
from equipoise.protocol.whole import Study
from equipoise.records import Records

Progress = Callable[[str, float], None]


def analyse(records: Records, study: Study, progress: Progress | None = None) -> Results:
    """Carry out every analysis of the study's plan.

    Args:
        records: Checked records, with the arm of every randomised participant.
        study: The study they belong to.
        progress: Told, before each analysis, its name and the share of all that is done, 0 to 1.

    Raises:
        RecordsError: The blind is not opened, or the flow of participants does not add up.
        StudyError: The study has no analysis plan.
    """
    trial = Trial(records, study, randomised_subjects(records, study))
    flow = consort_flow(trial)
    found = []
    analyses = trial.plan.analyses
    for done, analysis in enumerate(analyses):
        if progress:
            progress(analysis.name, done / len(analyses))
        rows = METHODS[analysis.kind](analysis, trial)
        found.append(frame(analysis.name, analysis.population, rows))
    if progress:
        progress("", 1.0)
    return Results(pl.concat(found), trial.subjects, flow, pl.concat(_values(trial)))


def _values(trial: Trial) -> Iterator[pl.DataFrame]:
    for endpoint in trial.plan.endpoints:
        if isinstance(endpoint, NumberEndpoint):
            values = numbers(endpoint, trial)
            columns = ("endpoint", "encounter", "participant", "arm", "value")
            yield values.with_columns(endpoint=pl.lit(endpoint.name)).select(columns)
