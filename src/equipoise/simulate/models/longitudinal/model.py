"""The mixed-effects model made ready for one study.

An item at an encounter is the person's level, plus the change by then, plus a residual:
``mean + sd * z + f * (change + effect * treated + change_sd * w) + residual * e``, where ``f`` is
the share of the last change that is reached by that day; each ``half_time`` halves what is left.

Source: Laird NM, Ware JH. Random-effects models for longitudinal data. Biometrics 1982;38:963.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.protocol.column import Column
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array, Flags, Key, Whole
from equipoise.simulate.models import (
    LOST,
    Lived,
    People,
    Screened,
    first_to_leave,
    numbers,
)
from equipoise.simulate.models.longitudinal import modelled
from equipoise.simulate.random import (
    COURSE,
    LEAVING,
    PERSON,
    VISIT,
    draw_normals,
    draw_uniforms,
    waits,
)

YEAR = 365.25  # d
SPREADS = 4  # normal numbers that a draw gives


@dataclass(frozen=True, slots=True)
class Longitudinal:
    """A mixed-effects model in one study.

    Attributes:
        parameters: By name, as in ``population.yaml``.
        columns: The items that the model gives values for.
        again: Those of them that are asked for after screening.
        days: Study day of each encounter.
        screening: Place of the screening encounter.
        dose_places: Places of the encounters with a dose.
    """

    parameters: Mapping[str, float]
    columns: tuple[Column, ...]
    again: frozenset[str]
    days: tuple[int, ...]
    screening: int
    dose_places: tuple[int, ...]

    @classmethod
    def of(cls, study: Study) -> Longitudinal:
        """Make the model ready for a study."""
        places = list(study.encounters)
        items = modelled(study)
        return cls(
            parameters=numbers(study),
            columns=tuple(study.columns[item] for item in items),
            again=frozenset(item for item, again in items.items() if again),
            days=tuple(encounter.day for encounter in study.encounters.values()),
            screening=places.index(study.protocol.screening),
            dose_places=tuple(places.index(name) for name in study.protocol.dosing.encounters),
        )

    @property
    def dose_missed(self) -> float:
        """Chance that a dose after the first is not given."""
        return self.parameters["dose_missed"]

    def screen(self, persons: Whole, trials: Whole, key: Key) -> Screened:
        """Draw the people of these screening numbers and trials; their levels are hidden."""
        shared = draw_normals(PERSON, 0, persons, trials, key)[:, :1]
        own = self._normals(PERSON + 1, 0, (persons, trials, key))
        correlation = self.parameters["correlation"]
        levels = np.sqrt(correlation) * shared + np.sqrt(1.0 - correlation) * own
        residuals = self._normals(VISIT, self.screening, (persons, trials, key))
        recorded = {
            column.name: self._steps(column, levels[:, k], 0.0, residuals[:, k]).astype(np.int64)
            for k, column in enumerate(self.columns)
        }
        return Screened(levels, recorded)

    def live(self, people: People, key: Key, *, daily: bool) -> Lived:
        """Live the participants' course; there are no daily records."""
        del daily
        n, places = people.persons.size, len(self.days)
        who = people.persons, people.trials, key
        chances = draw_uniforms(LEAVING, 2, *who)
        days = np.ceil(YEAR * waits(np.ascontiguousarray(chances[:, 0])) / self._hazard())
        left, reason = first_to_leave(LOST, days, people.leaves, max(self.days))
        done = self._done(people, left, key)
        treated = np.nansum(people.doses, axis=1) > 0
        responses = self._normals(COURSE, 0, who)
        values = {}
        for k, column in enumerate(self.columns):
            steps = np.full((n, places), np.nan)
            for place in range(places) if column.name in self.again else ():
                change = self._change(column.name, self.days[place], treated, responses[:, k])
                residuals = self._normals(VISIT, place, who)[:, k]
                now = self._steps(column, people.hidden[:, k], change, residuals)
                steps[:, place] = np.where(done[:, place], now, np.nan)
            values[column.name] = steps
        never, lows = np.full(n, np.inf), np.empty((n, 0))
        glucose, contacts = np.empty((0, 0, 5)), np.empty((0, 0, 7))
        return Lived(values, done, left, reason, never, glucose, contacts, lows)

    def _hazard(self) -> float:
        return max(self.parameters["lost"], 1e-12)

    def _done(self, people: People, left: Array, key: Key) -> Flags:
        """Which encounters took place, (n, encounters); who stays comes to the last one."""
        done = np.zeros((people.persons.size, len(self.days)), dtype=np.bool_)
        for place, day in enumerate(self.days):
            chance = draw_uniforms(VISIT + 99, place, people.persons, people.trials, key)[:, 0]
            held = (chance >= self.parameters["visit_missed"]) | (place + 1 == len(self.days))
            if place in self.dose_places:
                held = ~np.isnan(people.doses[:, self.dose_places.index(place)])
            done[:, place] = held & (day < left) & (place != self.screening)
        return done

    def _change(self, item: str, day: int, treated: Flags, response: Array) -> Array:
        p = self.parameters
        share = 0.0
        if day > 0:
            last = 1.0 - 0.5 ** (max(self.days) / p["half_time"])
            share = (1.0 - 0.5 ** (day / p["half_time"])) / last
        full = p[f"{item}_change"] + p[f"{item}_effect"] * treated
        return np.asarray(share * (full + p[f"{item}_change_sd"] * response))

    def _steps(self, column: Column, level: Array, change: Array | float, residual: Array) -> Array:
        """Recorded steps of an item, held to what can be entered."""
        p, item = self.parameters, column.name
        value = p[f"{item}_mean"] + p[f"{item}_sd"] * level + change
        value = value + p[f"{item}_residual"] * residual
        return np.asarray(np.clip(np.rint(value * 10**column.decimals), *column.counts))

    def _normals(self, use: int, day: int, who: tuple[Whole, Whole, Key]) -> Array:
        """A standard normal number for each item, (n, items)."""
        persons, trials, key = who
        uses = range(use, use + (len(self.columns) + SPREADS - 1) // SPREADS)
        return np.hstack([draw_normals(one, day, persons, trials, key) for one in uses])
