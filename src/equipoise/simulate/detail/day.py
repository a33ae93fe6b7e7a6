"""A person's glucose over one day with three meals, every five minutes.

Fourth-order Runge-Kutta with a fixed step of a minute: the fastest process takes a minute or more,
and a meal or an injection falls on a whole minute.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from equipoise.simulate.arrays import Array
from equipoise.simulate.compiled import compiled, unlocked
from equipoise.simulate.detail.meal_model import (
    LIQUID,
    PLASMA,
    SKIN1,
    SOLID,
    Body,
    at_rest,
    secretion_for,
    slopes,
)
from equipoise.simulate.models.type2 import person as t

DAY: Final = 1440  # min
EVERY: Final = 5  # min between two values
MG_DL: Final = 18.016  # mg/dL for each mmol/L
PMOL: Final = 6000.0  # pmol for each U of insulin
USUAL_SENSITIVITY: Final = 0.42  # 1/d for each uU/mL; assumed to be the published person's
LEAD: Final = 2  # days lived before the one that is shown, so that no start is seen


class Habits(NamedTuple):
    """What a person eats, and how insulin is spread over the day.

    Source: assumed: a usual mixed diet; half of the insulin as a steady flow, the other half before
    the meals in proportion to them.
    """

    minutes: tuple[int, int, int] = (7 * 60, 12 * 60, 18 * 60)  # after midnight
    grams: tuple[float, float, float] = (50.0, 70.0, 70.0)  # carbohydrate
    overnight: float = 0.5  # share of the daily dose that is the steady flow


@compiled
def step(y: Array, k: Array, length: float, eaten: float, injected: float, b: Body) -> None:
    """One step of Runge-Kutta; ``k`` is room for five rows of states."""
    slopes(y, k[0], eaten, injected, b)
    for i in range(y.size):
        k[4, i] = y[i] + 0.5 * length * k[0, i]
    slopes(k[4], k[1], eaten, injected, b)
    for i in range(y.size):
        k[4, i] = y[i] + 0.5 * length * k[1, i]
    slopes(k[4], k[2], eaten, injected, b)
    for i in range(y.size):
        k[4, i] = y[i] + length * k[2, i]
    slopes(k[4], k[3], eaten, injected, b)
    for i in range(y.size):
        y[i] += length / 6.0 * (k[0, i] + 2.0 * k[1, i] + 2.0 * k[2, i] + k[3, i])


@unlocked
def live_days(y: Array, days: int, dose: float, habits: Habits, b: Body, steps: int) -> Array:
    """Plasma glucose every five minutes of the last of some days alike, mg/dL, (288,).

    Args:
        y: States at midnight, (14,); left as they are at the end.
        days: How many.
        dose: Daily insulin, pmol/kg.
        habits: Meals and injections.
        b: The person.
        steps: Steps in a minute.
    """
    shown, k = np.empty(DAY // EVERY), np.empty((5, y.size))
    injected, eaten = habits.overnight * dose / DAY, 0.0
    carbohydrate = sum(habits.grams)
    for minute in range(days * DAY):
        if minute % EVERY == 0:
            shown[minute % DAY // EVERY] = y[PLASMA] / b.glucose_volume
        for meal in range(3):
            if minute % DAY == habits.minutes[meal]:
                y[SOLID] += 1000.0 * habits.grams[meal]
                eaten = y[SOLID] + y[LIQUID]
                share = habits.grams[meal] / carbohydrate
                y[SKIN1] += (1.0 - habits.overnight) * dose * share
        for _ in range(steps):
            step(y, k, 1.0 / steps, eaten, injected, b)
    return shown


def glucose_of_day(
    traits: Array, dose: float, *, habits: Habits | None = None, steps: int = 1
) -> Array:
    """Glucose of a virtual participant on a day, mmol/L, every five minutes from midnight, (288,).

    The person has the fasting glucose of their baseline when at rest on the steady part of their
    baseline dose, their own secretion, weight and insulin sensitivity, and otherwise the published
    values; ``dose`` may be another one.

    Args:
        traits: A row of ``Screened.hidden`` of the type 2 model, (traits,).
        dose: Daily insulin, U.
        habits: Meals and injections; the usual ones if not given.
        steps: Steps in a minute.
    """
    habits = habits or Habits()
    y, body = body_of(traits, habits)
    shown = live_days(y, 1 + LEAD, dose * PMOL / body.weight, habits, body, steps)
    return np.asarray(shown / MG_DL)


def body_of(traits: Array, habits: Habits) -> tuple[Array, Body]:
    """The person of these traits at rest on their baseline dose: states, (14,), and body.

    Source: assumed: insulin sensitivity scales the effect of insulin on use and on production,
    secretion at rest scales its answers to glucose; 1 uU/mL is 6 pmol/L.
    """
    usual, weight = Body(), float(traits[t.WEIGHT])
    own = 6.0 * float(traits[t.SECRETION] * traits[t.FASTING]) * usual.insulin_volume
    secretion = secretion_for(own, usual)
    answers = secretion / usual.secretion
    sensitivity = float(traits[t.SENSITIVITY]) / USUAL_SENSITIVITY
    body = usual._replace(
        weight=weight,
        secretion=secretion,
        beta=usual.beta * answers,
        per_rise=usual.per_rise * answers,
        vmx=usual.vmx * sensitivity,
        kp3=usual.kp3 * sensitivity,
    )
    steady = habits.overnight * float(traits[t.DOSE]) * PMOL / weight / DAY
    return at_rest(float(traits[t.FASTING]) * MG_DL, steady, body)
