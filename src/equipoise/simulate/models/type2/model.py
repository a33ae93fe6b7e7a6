"""The type 2 diabetes model made ready for one study: its schedule, its rules, its items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from equipoise.simulate.models.type2 import CELL_UNITS, person, visit
from equipoise.simulate.models.type2.course import Rules, Schedule, live
from equipoise.simulate.models.type2.legend import CELLS, DRUG
from equipoise.simulate.models.type2.parameters import Parameters
from equipoise.units import parse_unit

NEVER = 10**9
BANDS, LOWS = 8, 2  # places in the compiled table; those that a study does not need are never met


@dataclass(frozen=True, slots=True)
class Type2:
    """Type 2 diabetes in one study.

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
        sex = study.columns["SEX"].codes if "SEX" in study.columns else ("F", "M")
        problems = list(_units(study))
        if not {"F", "M"} <= set(sex):
            problems.append(f"forms: SEX has the codes F and M in this model, not {', '.join(sex)}")
        if problems:
            raise StudyError(*problems)
        recorded = [item for item in visit.UNITS if item in study.items]
        parameters = _given(study, Parameters(**numbers(study)))
        places = [k for k, name in enumerate(study.encounters) if name != study.protocol.screening]
        return cls(
            parameters=parameters,
            schedule=_schedule(study, places, inpatient=round(parameters.inpatient_days)),
            rules=_rules(study),
            codes=(sex.index("F"), sex.index("M")),
            ranges={item: study.columns[item].counts for item in recorded},
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
        limits = [k for k, times in enumerate(self.rules.bands.times) if times < NEVER]
        lows = course.lows[limits].T
        return Lived(values, done, *course[1:4], course.glucose, course.contacts, lows)

    def _possible(self, item: str, steps: Array) -> Array:
        """Recorded steps, held to what can be entered."""
        if item not in self.ranges:
            return steps
        return np.clip(steps, *self.ranges[item])


def _given(study: Study, parameters: Parameters) -> Parameters:
    """The parameters with the effect off of whatever the study does not give."""
    of_cells = study.protocol.dosing.amount.unit in CELL_UNITS
    absent = DRUG if of_cells else CELLS
    return parameters._replace(**{name: one.off or 0.0 for name, one in absent.items()})


def _units(study: Study) -> Iterator[str]:
    """Items that the model records in another unit, or more finely or coarsely."""
    for item, steps in {**person.STEPS, **visit.STEPS}.items():
        if item not in study.items or item == "SEX":
            continue
        column, unit = study.columns[item], visit.UNITS[item]
        if column.kind != "number" or parse_unit(column.unit) != parse_unit(unit):
            yield (
                f"forms: the model type-2-diabetes records {item} as a number in {unit}, not in "
                f"{column.unit}"
            )
        elif 10**column.decimals != steps:
            yield (
                f"forms: the model type-2-diabetes records {item} in steps of {1 / steps:g} "
                f"{column.unit}; {column.decimals} decimals are asked for"
            )


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
    every, since, until = _contacts(study)
    contact[(day > since) & (day <= until) & (day % every == 0)] = 1
    for number, name in enumerate(protocol.dosing.encounters):
        start = study.encounters[name].day
        infusion_at[start - first] = number
        stay = (day >= start) & (day < start + inpatient)
        contact[stay & (day >= since) & (day <= until)] = 2
    profiles = _profiles(study)
    profile[np.isin(day % 7, [1 + 7 * k // profiles for k in range(profiles)])] = 1
    return Schedule(first, visit_at, infusion_at, contact, profile, _start(study))


def _contacts(study: Study) -> tuple[int, int, int]:
    """Days between contacts, and the study days after and up to which they are held.

    Without titration they only see who is lost.
    """
    titration, last = study.protocol.titration, study.protocol.encounters[-1].name
    if titration is None:
        return 7, 0, study.encounters[last].day
    every = int(titration.every.known("titration.every"))
    since = study.encounters[titration.first or study.protocol.baseline].day
    return every, since, study.encounters[titration.last or last].day


def _start(study: Study) -> tuple[int, int]:
    """The dose with which insulin begins: U/d, and 0.01 U/kg/d."""
    start = study.protocol.titration.start if study.protocol.titration else None
    if start is None:
        return 0, 0
    dose = start.known("titration.start")
    whole = int(dose) if start.unit == "U/d" else int(100 * dose)
    if start.unit not in {"U/d", "U/kg/d"} or whole != dose * (1 if start.unit == "U/d" else 100):
        raise StudyError(
            f"{study.protocol_file}: titration.start is {dose} {start.unit}; give whole U/d, or "
            "U/kg/d with two decimals"
        )
    return (whole, 0) if start.unit == "U/d" else (0, whole)


def _profiles(study: Study) -> int:
    """Five-point days a week; on the others the fasting reading alone is taken."""
    diary = study.protocol.diary
    if diary is None:
        return 0
    profiles = diary.profile_days_per_week.known("profile_days_per_week")
    readings = diary.readings_per_week.known("readings_per_week")
    points = 5 if profiles else 1
    if len(diary.points) not in {points, 5} or readings != 7 + 4 * profiles:
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
