"""One day of ``LANES`` persons side by side: the equations of ``physiology`` in SIMD loops.

State is one flat array with a row of lanes for each quantity: ``s[BETA + lane]``. A constant offset
lets the compiler see that rows do not overlap; a two-dimensional array does not.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise.simulate.arrays import Array, Key, Whole
from equipoise.simulate.compiled import compiled, inlined
from equipoise.simulate.models.type2.parameters import Parameters
from equipoise.simulate.models.type2.physiology import (
    COMPARTMENTS,
    between,
    fasting_glucose,
    glycated,
    meal_glucose,
    meal_size,
)
from equipoise.simulate.random import (
    DAY,
    LANES,
    MEALS,
    METER,
    MISSED,
    draw,
    normals,
    uniform,
)

ROWS = (
    # traits
    "SENSITIVITY0", "SECRETION0", "PRODUCTION0", "APPEARANCE0", "GLYCATION", "DIET", "POTENCY",
    "GLUCOSE0", "DRIFT", "DRUG_PRODUCTION", "DRUG_MEALS",
    # state
    "CELLS", "SWING", "TAKEN", "DOSE", "ON_INSULIN", "GLUCOSE", "BETA", "TOXICITY", "GAINED",
    "EFFECT", "FASTING", "RISE", "TODAY", "SENSITIVITY", "PRODUCTION", "SECRETION",
    # the readings since the last contact
    "COUNT", "TOTAL", "LOW", "VERY_LOW",
    # today's noise, then today's readings in 0.1 mmol/L, not a number when missed
    "Z_SWING", "Z_METER", "U_TAKEN", "U_MISSED", "U_MEAL1", "U_MEAL2", "U_MEAL3",
    "POINT0", "POINT1", "POINT2", "POINT3", "POINT4", "LOWEST",
)  # fmt: skip
(
    SENSITIVITY0, SECRETION0, PRODUCTION0, APPEARANCE0, GLYCATION, DIET, POTENCY, GLUCOSE0,
    DRIFT, DRUG_PRODUCTION, DRUG_MEALS,
    CELLS, SWING, TAKEN, DOSE, ON_INSULIN, GLUCOSE, BETA, TOXICITY, GAINED,
    EFFECT, FASTING, RISE, TODAY, SENSITIVITY, PRODUCTION, SECRETION,
    COUNT, TOTAL, LOW, VERY_LOW,
    Z_SWING, Z_METER, U_TAKEN, U_MISSED, U_MEAL1, U_MEAL2, U_MEAL3,
    POINT0, POINT1, POINT2, POINT3, POINT4, LOWEST,
) = range(0, len(ROWS) * LANES, LANES)  # fmt: skip


@compiled
def draw_day(s: Array, persons: Whole, trials: Whole, day: int, key: Key) -> None:
    """Draw today's noise for every lane."""
    for lane in range(LANES):
        w = draw(DAY, day, persons[lane], trials[lane], key)
        s[Z_SWING + lane], s[Z_METER + lane] = normals(w[0], w[1])
        s[U_TAKEN + lane], s[U_MISSED + lane] = uniform(w[2]), uniform(w[3])
    for lane in range(LANES):
        w = draw(MEALS, day, persons[lane], trials[lane], key)
        s[U_MEAL1 + lane], s[U_MEAL2 + lane] = uniform(w[0]), uniform(w[1])
        s[U_MEAL3 + lane] = uniform(w[2])


@compiled
def live_glucose(s: Array, shares: tuple[float, float, float], p: Parameters) -> None:
    """Today's insulin, fasting glucose and meal glucose from the slow state.

    Args:
        s: State, flat.
        shares: Today's share of the full effects of diet, drift and drug.
        p: Parameters.
    """
    diet, drift, drug = shares
    innovation = p.day_sd * math.sqrt(1.0 - p.day_memory * p.day_memory)
    for lane in range(LANES):
        cells = s[POTENCY + lane] * s[CELLS + lane] / (s[CELLS + lane] + p.cells_half_effect)
        swing = p.day_memory * s[SWING + lane] + innovation * s[Z_SWING + lane]
        injected = s[DOSE + lane] if s[U_TAKEN + lane] < p.adherence else 0.0
        taken = p.depot * s[TAKEN + lane] + (1.0 - p.depot) * injected
        effort = s[DIET + lane] * diet
        drugs = p.oral_drugs * (1.0 - s[ON_INSULIN + lane])

        sensitivity = between(
            0.02, s[SENSITIVITY0 + lane] * (1.0 + s[TOXICITY + lane] + s[GAINED + lane]), 6.0
        )
        secretion = s[SECRETION0 + lane] * s[BETA + lane]
        held = s[PRODUCTION0 + lane] * between(
            0.25,
            (1.0 - p.diet_production * effort) * (1.0 - p.cells_production * cells) * (1.0 - drugs)
            * (1.0 + drift * s[DRIFT + lane]) * (1.0 - drug * s[DRUG_PRODUCTION + lane]),
            1.5,
        )  # fmt: skip
        insulin = p.insulin_level * taken
        fasting = fasting_glucose(
            held * between(0.4, 1.0 + swing, 2.0),
            p.effectiveness, sensitivity, p.overnight * insulin, secretion,
        )  # fmt: skip
        meals = (1.0 - p.diet_meals * effort) * (1.0 - drug * s[DRUG_MEALS + lane])
        appearance = s[APPEARANCE0 + lane] * between(0.3, meals, 1.5)
        rise = meal_glucose(
            appearance, p.effectiveness, sensitivity, (1.0 - p.overnight) * insulin,
            secretion, s[GLUCOSE + lane],
        )  # fmt: skip
        s[SWING + lane], s[TAKEN + lane], s[EFFECT + lane] = swing, taken, cells
        s[FASTING + lane], s[RISE + lane] = between(1.5, fasting, 28.0), between(0.0, rise, 15.0)
        s[SENSITIVITY + lane], s[SECRETION + lane], s[PRODUCTION + lane] = (
            sensitivity,
            secretion,
            held,
        )


@compiled
def live_slowly(s: Array, h: Array, day: int, kept: float, p: Parameters) -> None:
    """Let today's glucose and the cells act on beta cells, insulin sensitivity and red cells.

    Args:
        s: State, flat.
        h: Glycated shares, flat, a row for each age of red cells.
        day: Study day.
        kept: Share of the cells' effect that is left after a day.
        p: Parameters.
    """
    loss = 1.0 - p.beta_loss * max(day, 0) / 365.0
    turnover = COMPARTMENTS / p.red_cell_life
    quick, slow = 1.0 / p.beta_time, 1.0 / p.sensitivity_time
    faded = 1.0 - 1.0 / p.cells_sensitivity_time
    for lane in range(LANES):
        cells = s[EFFECT + lane]
        meals = (s[U_MEAL1 + lane] + s[U_MEAL2 + lane] + s[U_MEAL3 + lane]) / 3.0
        rise = s[RISE + lane] * meal_size(meals, p.meal_sd)
        today = min(s[FASTING + lane] + rise, 33.3)
        glucose = s[GLUCOSE + lane] + 0.1 * (today - s[GLUCOSE + lane])
        relief = (s[GLUCOSE0 + lane] - glucose) / s[GLUCOSE0 + lane]
        aim = loss * (1.0 + p.cells_beta * cells)
        beta = s[BETA + lane] + (aim - s[BETA + lane]) * quick
        towards = p.sensitivity_glucose * relief - s[TOXICITY + lane]
        s[TOXICITY + lane] = between(-0.5, s[TOXICITY + lane] + towards * slow, 1.0)
        gained = s[GAINED + lane] * faded
        s[GAINED + lane] = between(0.0, gained + p.cells_sensitivity * cells, 2.0)
        s[BETA + lane] = between(0.2, beta, 3.0)
        s[TODAY + lane], s[GLUCOSE + lane] = today, glucose
        s[CELLS + lane] *= kept
    for age in range(COMPARTMENTS - 1, -1, -1):
        row = h[age * LANES : (age + 1) * LANES]
        younger = h[(age - 1) * LANES : age * LANES] if age > 0 else h[COMPARTMENTS * LANES :]
        for lane in range(LANES):
            row[lane] = glycated(
                row[lane], younger[lane], s[GLYCATION + lane], s[TODAY + lane], turnover
            )


@inlined
def shown_by_meter(glucose: float) -> float:
    """A reading in steps of 0.1 mmol/L; what is lower or higher than a meter shows is its limit.

    Source: home meters show 20 or 10 to 600 mg/dL: 1.1 to 33.3 mmol/L.
    """
    steps: float = np.floor(10.0 * glucose + 0.5)
    return min(333.0, max(11.0, steps))


@compiled
def read_fasting(s: Array, below: tuple[int, int], p: Parameters) -> None:
    """Take the fasting home reading, and count it for the next contact."""
    for lane in range(LANES):
        fasting = s[FASTING + lane]
        error = max(p.meter_absolute, p.meter_relative * fasting) * s[Z_METER + lane]
        reading = shown_by_meter(fasting + error)
        done = 1.0 if s[U_MISSED + lane] >= p.reading_missed else 0.0
        s[POINT0 + lane] = reading if done > 0.0 else np.nan
        s[COUNT + lane] += done
        s[TOTAL + lane] += done * reading
        s[LOW + lane] += done if reading < below[0] else 0.0
        s[VERY_LOW + lane] += done if reading < below[1] else 0.0


@compiled
def draw_profile(z: Array, persons: Whole, trials: Whole, day: int, key: Key) -> None:
    """Draw meter error and missed readings of a five-point day; ``z`` has eight rows of lanes."""
    for lane in range(LANES):
        w = draw(METER, day, persons[lane], trials[lane], key)
        z[lane], z[LANES + lane] = normals(w[0], w[1])
        z[2 * LANES + lane], z[3 * LANES + lane] = normals(w[2], w[3])
    for lane in range(LANES):
        w = draw(MISSED, day, persons[lane], trials[lane], key)
        z[4 * LANES + lane], z[5 * LANES + lane] = uniform(w[0]), uniform(w[1])
        z[6 * LANES + lane], z[7 * LANES + lane] = uniform(w[2]), uniform(w[3])


@compiled
def read_point(s: Array, z: Array, point: int, below: tuple[int, int], p: Parameters) -> None:
    """Take one of the four later readings of a five-point day: after three meals, and at bedtime.

    Source: assumed: the share of the mean rise that is seen two hours after breakfast, lunch and
    dinner, and at bedtime.
    """
    share = (1.8, 1.6, 1.6, 0.8)[point]
    meal = U_MEAL1 + LANES * min(point, 2)
    noise, missed = (
        z[point * LANES : (point + 1) * LANES],
        z[(4 + point) * LANES : (5 + point) * LANES],
    )
    size = s[meal : meal + LANES]
    shown = s[POINT1 + point * LANES : POINT1 + (point + 1) * LANES]
    for lane in range(LANES):
        rise = share * s[RISE + lane] * meal_size(size[lane], p.meal_sd)
        glucose = s[FASTING + lane] + rise
        error = max(p.meter_absolute, p.meter_relative * glucose) * noise[lane]
        reading = shown_by_meter(glucose + error)
        done = 1.0 if missed[lane] >= p.reading_missed else 0.0
        shown[lane] = reading if done > 0.0 else np.nan
        s[LOW + lane] += done if reading < below[0] else 0.0
        s[VERY_LOW + lane] += done if reading < below[1] else 0.0
