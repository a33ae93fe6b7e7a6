"""The type 2 diabetes model made ready for one study: its schedule, its rules, its items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.errors import StudyError
from equipoise.protocol.whole import Study
from equipoise.rules import disposition
from equipoise.rules.disposition import Limits
from equipoise.rules.dosing import titration
from equipoise.rules.dosing.titration import Bands
from equipoise.simulate.arrays import Array, Key, Whole
from equipoise.simulate.models import Lived, People, Screened, numbers
from equipoise.simulate.models.type2 import person, visit
from equipoise.simulate.models.type2.course import Rules, Schedule, live
from equipoise.simulate.models.type2.parameters import Parameters

NEVER = 10**9
BANDS, LOWS = 8, 2  # places in the compiled table; those that a study does not need are never met


@dataclass(frozen=True, slots=True)
class Type2:
    """Type 2 diabetes on insulin, in one study.

    Attributes:
        codes: Place of a woman's and a man's code in the code list of SEX.
        ranges: Smallest and largest value that an item can have, recorded steps.
        visits: Place of each visit of the schedule among the encounters.
        encounters: How many encounters the study has.
    """

    parameters: Parameters
    schedule: Schedule
    rules: Rules
    codes: tuple[int, int]
    ranges: Mapping[str, tuple[int, int]]
    visits: tuple[int, ...]
    encounters: int

    @classmethod
    def of(cls, study: Study) -> Type2:
        """Make the model ready for a study.

        Raises:
            StudyError: The study does not fit the model.
        """
        unit = study.protocol.dosing.amount.unit
        if unit not in {"cells/kg", "cells"} and any(
            arm.role == "experimental" for arm in study.arms.values()
        ):
            raise StudyError(
                f"{study.protocol_file}: the model type-2-diabetes knows the effect of cells, not "
                f"of {unit}; give the dose in cells/kg, or no arm the role experimental"
            )
        ranges = {}
        for item, steps in {**person.STEPS, **visit.STEPS}.items():
            if item not in study.items or item == "SEX":
                continue
            column = study.columns[item]
            if 10**column.decimals != steps:
                raise StudyError(
                    f"forms: the model type-2-diabetes records {item} in steps of {1 / steps:g} "
                    f"{column.unit}; {column.decimals} decimals are asked for"
                )
            ranges[item] = column.counts
        sex = study.columns["SEX"].codes if "SEX" in study.columns else ("F", "M")
        parameters = Parameters(**numbers(study))
        places = [k for k, name in enumerate(study.encounters) if name != study.protocol.screening]
        return cls(
            parameters=parameters,
            schedule=_schedule(study, places, inpatient=round(parameters.inpatient_days)),
            rules=_rules(study),
            codes=(sex.index("F"), sex.index("M")),
            ranges=ranges,
            visits=tuple(places),
            encounters=len(study.encounters),
        )

    @property
    def dose_missed(self) -> float:
        """Chance that an infusion after the first is not given."""
        return self.parameters.infusion_missed

    def screen(self, persons: Whole, trials: Whole, key: Key) -> Screened:
        """Draw the people of these screening numbers and trials."""
        traits, recorded = person.draw_people(persons, trials, key, self.parameters)
        values = {item: self._possible(item, recorded[:, k]) for k, item in enumerate(person.STEPS)}
        female, male = self.codes
        values["SEX"] = np.where(values["SEX"] == 1, female, male)
        return Screened(traits, {item: value.astype(np.int64) for item, value in values.items()})

    def live(self, people: People, key: Key, *, daily: bool) -> Lived:
        """Live the participants' course; it lets other threads run beside it."""
        course = live(people, self.schedule, self.rules, key, self.parameters, daily=daily)
        n, places = people.persons.size, list(self.visits)
        values = {}
        for k, item in enumerate(visit.STEPS):
            values[item] = np.full((n, self.encounters), np.nan)
            values[item][:, places] = self._possible(item, course.visits[:, :, k])
        done = np.zeros((n, self.encounters), dtype=np.bool_)
        done[:, places] = ~np.isnan(course.visits[:, :, 0])
        return Lived(values, done, *course[1:4], course.glucose, course.contacts)

    def _possible(self, item: str, steps: Array) -> Array:
        """Recorded steps, held to what can be entered."""
        if item not in self.ranges:
            return steps
        return np.clip(steps, *self.ranges[item])


def _schedule(study: Study, places: list[int], *, inpatient: int) -> Schedule:
    protocol = study.protocol
    days = [encounter.day for encounter in protocol.encounters]
    first, last = study.encounters[protocol.screening].day, max(days)
    nothing = np.zeros(last - first + 1, dtype=np.int64)
    day = np.arange(first, last + 1)
    visit_at, infusion_at, contact, profile = (
        nothing - 1,
        nothing - 1,
        nothing.copy(),
        nothing.copy(),
    )
    for number, place in enumerate(places):
        visit_at[days[place] - first] = number
    every = int(protocol.titration.every.known("titration.every")) if protocol.titration else 7
    contact[(day > 0) & (day % every == 0)] = 1
    for number, name in enumerate(protocol.dosing.encounters):
        start = study.encounters[name].day - first
        infusion_at[start] = number
        contact[start : start + inpatient] = 2
    profiles = _profiles(study)
    profile[np.isin(day % 7, [1 + 7 * k // profiles for k in range(profiles)])] = 1
    return Schedule(first, visit_at, infusion_at, contact, profile)


def _profiles(study: Study) -> int:
    """Five-point days a week; on the others the fasting reading alone is taken."""
    diary = study.protocol.diary
    if diary is None:
        return 0
    profiles = diary.profile_days_per_week.known("profile_days_per_week")
    readings = diary.readings_per_week.known("readings_per_week")
    if len(diary.points) != 5 or readings != 7 + 4 * profiles:
        raise StudyError(
            f"{study.protocol_file}: the model type-2-diabetes reads fasting glucose every day and "
            f"five points on {profiles} days, {7 + 4 * profiles} readings a week; the diary asks "
            f"for {readings} at {len(diary.points)} points"
        )
    return profiles


def _rules(study: Study) -> Rules:
    """The rules of the protocol, in tables of one size, so that they are compiled only once."""
    if study.protocol.titration is None:
        bands, limits = Bands((), (0,), (0,), (), (), ()), Limits(-1, NEVER, NEVER)
    else:
        bands = titration.from_protocol(study.protocol.titration)
        limits = disposition.from_protocol(study.protocol.titration)
    more, lows = BANDS - len(bands.units), LOWS - len(bands.below)
    if more < 0 or lows < 0:
        raise StudyError(
            f"{study.protocol_file}: the simulator takes up to {BANDS} bands and {LOWS} limits of "
            f"low readings; titration has {len(bands.units)} and {len(bands.below)}"
        )
    return Rules(
        Bands(
            edges=(*bands.edges, *(NEVER,) * more),
            units=(*bands.units, *(0,) * more),
            percents=(*bands.percents, *(0,) * more),
            below=(*bands.below, *(0,) * lows),
            times=(*bands.times, *(NEVER,) * lows),
            cuts=(*bands.cuts, *(0,) * lows),
        ),
        limits,
    )
