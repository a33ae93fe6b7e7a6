"""One whole virtual trial: every record of everybody who came to screening.

All numbers are simulated; the tables are those of ``equipoise.records.schemas``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl

from equipoise.protocol.question import MISSING, Reference
from equipoise.protocol.whole import Study
from equipoise.records.schemas import TABLES
from equipoise.simulate import courses, findings
from equipoise.simulate.arrays import Key, Whole, key_of
from equipoise.simulate.enrolment import Enrolled, Enrolment
from equipoise.simulate.models import Lived
from equipoise.simulate.random import ARRIVAL, draw_uniforms, waits
from equipoise.simulate.screening import each

MONTH = 365.25 / 12  # d


def simulate_trial(
    study: Study, *, seed: int, trial: int = 0, progress: Callable[[str, float], None] | None = None
) -> dict[str, pl.DataFrame]:
    """Live one trial through, from the first person screened to the last visit.

    Args:
        study: The study; its ``population.yaml`` describes the virtual people.
        seed: From 0 to 2**64 - 1. The same seed and trial give the same records everywhere.
        trial: Number of the trial under this seed.
        progress: Told what is being done, and how much of all is done, 0 to 1.

    Returns:
        Every table of the records, by name.

    Raises:
        StudyError: The study cannot be simulated; says what to change.
    """
    tell = progress or (lambda _stage, _done: None)
    enrolment = Enrolment(study)
    tell("Screening and randomising (the first run compiles this)", 0.0)
    enrolled = enrolment.enrol(range(trial, trial + 1), seed)
    tell(f"Living {enrolled.chosen.size} courses day by day", 0.4)
    lived = enrolment.model.live(enrolled.people, key_of(seed), daily=True)
    tell("Making the records", 0.8)
    return Trial(study, enrolment, enrolled, lived, key_of(seed)).tables()


@dataclass(frozen=True)
class Trial:
    """A lived trial, to be written down."""

    study: Study
    enrolment: Enrolment
    enrolled: Enrolled
    lived: Lived
    key: Key

    @cached_property
    def ids(self) -> list[str]:
        """Subject identifier of everybody screened."""
        numbers = self.enrolled.screened.persons.tolist()
        return [f"{self.sites[k]}-{number:03d}" for k, number in enumerate(numbers)]

    @cached_property
    def sites(self) -> list[str]:
        """Site at which each person was screened."""
        names = [site.name for site in self.study.protocol.sites]
        return [names[int(chance * len(names))] for chance in self._arrivals[:, 1]]

    @cached_property
    def consented(self) -> list[date]:
        """Date on which each person came to screening."""
        recruitment = self.study.populated().recruitment
        gaps = waits(np.ascontiguousarray(self._arrivals[:, 0])) * MONTH
        days = np.cumsum(gaps / recruitment.screened_per_month) - gaps[0] / (
            recruitment.screened_per_month
        )
        first = date.fromisoformat(recruitment.first_day)
        return [first + timedelta(days=int(day)) for day in days]

    @cached_property
    def _arrivals(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        screened = self.enrolled.screened
        return draw_uniforms(ARRIVAL, 0, screened.persons, screened.trials, self.key)

    @cached_property
    def day_zero(self) -> list[date]:
        """Date of study day 0 of everybody screened, had they been randomised."""
        screening = self.study.encounters[self.study.protocol.screening].day
        return [day - timedelta(days=screening) for day in self.consented]

    @cached_property
    def randomised(self) -> list[int]:
        """Rows of those randomised among those screened."""
        return [int(row) for row in self.enrolled.chosen]

    def on(self, participant: int, day: float) -> date:
        """Calendar date of a study day of a randomised participant, by place among them."""
        return self.day_zero[self.randomised[participant]] + timedelta(days=int(day))

    def name(self, participant: int) -> str:
        """Identifier of a randomised participant."""
        return self.ids[self.randomised[participant]]

    @cached_property
    def values(self) -> dict[Reference, Whole]:
        """What is recorded of the randomised after screening, derived items too, whole steps."""
        n, study = len(self.randomised), self.study
        found = {
            reference: steps[self.enrolled.chosen]
            for reference, steps in self.enrolled.screened.values.items()
        }
        for place, encounter in enumerate(study.encounters):
            if encounter == study.protocol.screening:
                continue
            for item, steps in self.lived.values.items():
                if encounter in study.collected.get(item, ()):
                    column = steps[:, place]
                    known = np.where(np.isnan(column), 0, column).astype(np.int64)
                    found[Reference(item, encounter)] = np.where(np.isnan(column), MISSING, known)
            for reference, quantity in study.derivations.items():
                if reference.encounter == encounter:
                    found[reference] = each(quantity.count, quantity.needs, found, n)
        return found

    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table of the records, rows sorted by their key."""
        rows = {
            "participants": findings.participants(self),
            "eligibility": findings.eligibility(self),
            "measurements": findings.measurements(self),
            "visits": courses.visits(self),
            "doses": courses.doses(self),
            "glucose": courses.glucose(self),
            "titration": courses.titration(self),
            "adverse_events": courses.adverse_events(self),
            "disposition": courses.disposition(self),
        }
        return {
            name: pl.DataFrame(rows[name], schema=table.columns, orient="row").sort(table.key)
            for name, table in TABLES.items()
        }
