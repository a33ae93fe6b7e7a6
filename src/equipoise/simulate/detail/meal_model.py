"""The meal model: glucose, insulin, gut and insulin depot of one person, in 14 equations.

Units: min, mg/kg of glucose and mg/dL, pmol/kg of insulin and pmol/L, mg of meal.

Source: Dalla Man, Rizza, Cobelli: Meal simulation model of the glucose-insulin system. IEEE Trans
Biomed Eng 2007;54:1740-9 (equations and the column for type 2 diabetes). Gastric emptying: Dalla
Man, Camilleri, Cobelli, IEEE Trans Biomed Eng 2006;53:2472-8. Insulin under the skin: Dalla Man,
Raimondo, Rizza, Cobelli, J Diabetes Sci Technol 2007;1:323-30.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from equipoise.simulate.arrays import Array
from equipoise.simulate.compiled import compiled, inlined

STATES = (
    "PLASMA", "TISSUE",  # glucose, mg/kg
    "LIVER", "INSULIN",  # insulin in liver and plasma, pmol/kg
    "DELAYED1", "DELAYED",  # the insulin that the liver's production feels, pmol/L
    "ACTION",  # insulin in the interstitium over that of the published person, pmol/L
    "ANSWER", "PORTAL",  # secretion that glucose asks for, pmol/kg/min; insulin on its way, pmol/kg
    "SOLID", "LIQUID", "GUT",  # what was eaten, mg
    "SKIN1", "SKIN2",  # insulin under the skin, pmol/kg
)  # fmt: skip
(
    PLASMA, TISSUE, LIVER, INSULIN, DELAYED1, DELAYED, ACTION, ANSWER, PORTAL, SOLID, LIQUID, GUT,
    SKIN1, SKIN2,
) = range(len(STATES))  # fmt: skip


class Body(NamedTuple):
    """One person; the values given here are those published for type 2 diabetes.

    Source: the table of the 2007 paper as public copies of its code have it. Written down from
    memory, not checked against the paper: weight, insulin_volume, extraction, absorbed, most_left,
    least_left, brain. From the 2007 paper on insulin under the skin, from memory: dissolving,
    fast_uptake, slow_uptake. The rest of the last group is assumed or follows.
    """

    weight: float = 91.0  # kg
    glucose_volume: float = 1.49  # dL/kg
    k1: float = 0.042  # 1/min, plasma to tissue
    k2: float = 0.071  # and back
    insulin_volume: float = 0.04  # L/kg
    m1: float = 0.379  # 1/min, liver to plasma
    m2: float = 0.673  # and back
    m4: float = 0.269  # 1/min, cleared from plasma
    m5: float = 0.0526  # min kg/pmol, fall of the liver's extraction with secretion
    extraction: float = 0.6  # of insulin by the liver at rest, share
    kmax: float = 0.0465  # 1/min, emptying of the stomach, fastest
    kmin: float = 0.0076  # and slowest
    kabs: float = 0.023  # 1/min, from the gut
    absorbed: float = 0.9  # share of a meal
    most_left: float = 0.68  # share of the meal at which emptying slows down ...
    least_left: float = 0.09  # ... and speeds up again
    kp2: float = 0.0007  # 1/min, glucose on production
    kp3: float = 0.005  # mg/kg/min for each pmol/L, delayed insulin on production
    kp4: float = 0.0786  # mg/kg/min for each pmol/kg, portal insulin on production
    ki: float = 0.0066  # 1/min, delay of insulin
    brain: float = 1.0  # mg/kg/min, use that does not depend on insulin
    vm0: float = 4.65  # mg/kg/min, use in tissue, fastest, at the insulin of the published person
    vmx: float = 0.034  # mg/kg/min for each pmol/L, insulin on it
    km0: float = 466.21  # mg/kg, tissue glucose of half that use
    p2u: float = 0.084  # 1/min, delay of insulin in tissue
    per_rise: float = 0.99  # pmol/kg for each mg/dL, secretion on rising glucose
    alpha: float = 0.013  # 1/min, delay of secretion
    beta: float = 0.05  # pmol/kg/min for each mg/dL, secretion on high glucose
    gamma: float = 0.5  # 1/min, from the portal vein to the liver
    ke1: float = 0.0007  # 1/min, loss in urine ...
    ke2: float = 269.0  # ... above this, mg/kg
    dissolving: float = 0.0164  # 1/min, insulin under the skin
    fast_uptake: float = 0.0018  # 1/min, before it is dissolved
    slow_uptake: float = 0.0182  # 1/min, after
    secretion: float = (0.8118 - 0.6) / 0.0526  # pmol/kg/min at rest: m6, extraction and m5
    usual_insulin: float = 59.85  # pmol/L, of the published person at rest: follows from secretion
    threshold: float = 164.18  # mg/dL, glucose at rest, above which more is secreted; from memory
    kp1: float = 3.09  # mg/kg/min, production without glucose and insulin


@inlined
def emptying(left: float, eaten: float, b: Body) -> float:
    """Rate at which the stomach empties, 1/min, with ``left`` of ``eaten`` mg still in it."""
    if eaten <= 0.0:
        return b.kmax
    a = 2.5 / (eaten * (1.0 - b.most_left))
    c = 2.5 / (eaten * b.least_left)
    bend = math.tanh(a * (left - b.most_left * eaten)) - math.tanh(
        c * (left - b.least_left * eaten)
    )
    return b.kmin + 0.5 * (b.kmax - b.kmin) * (bend + 2.0)


@inlined
def brain_use(glucose: float, b: Body) -> float:
    """Use that does not depend on insulin, mg/kg/min.

    Source: constant in the paper; assumed to fall in proportion below 36 mg/dL (2 mmol/L), for
    otherwise an empty compartment would be drained.
    """
    return b.brain * min(1.0, glucose / 36.0)


@compiled
def slopes(y: Array, dy: Array, eaten: float, injected: float, b: Body) -> None:
    """Fill ``dy`` with the change of every state in a minute.

    Args:
        y: States, (14,).
        dy: Their changes, (14,).
        eaten: Size of the last meal with what the stomach held before it, mg.
        injected: Steady flow of insulin under the skin, pmol/kg/min.
        b: The person.
    """
    empty = emptying(y[SOLID] + y[LIQUID], eaten, b) * y[LIQUID]
    dy[SOLID] = -b.kmax * y[SOLID]
    dy[LIQUID] = b.kmax * y[SOLID] - empty
    dy[GUT] = empty - b.kabs * y[GUT]
    appearance = b.absorbed * b.kabs * y[GUT] / b.weight

    dy[SKIN1] = injected - (b.dissolving + b.fast_uptake) * y[SKIN1]
    dy[SKIN2] = b.dissolving * y[SKIN1] - b.slow_uptake * y[SKIN2]
    taken_up = b.fast_uptake * y[SKIN1] + b.slow_uptake * y[SKIN2]

    glucose, insulin = y[PLASMA] / b.glucose_volume, y[INSULIN] / b.insulin_volume
    production = max(0.0, b.kp1 - b.kp2 * y[PLASMA] - b.kp3 * y[DELAYED] - b.kp4 * y[PORTAL])
    urine = b.ke1 * max(0.0, y[PLASMA] - b.ke2)
    use = max(0.0, b.vm0 + b.vmx * y[ACTION]) * y[TISSUE] / (b.km0 + y[TISSUE])
    there, back = b.k1 * y[PLASMA], b.k2 * y[TISSUE]
    dy[PLASMA] = production + appearance - brain_use(glucose, b) - urine - there + back
    dy[TISSUE] = there - back - use

    secreted = b.gamma * y[PORTAL]
    kept = min(max(0.0, b.extraction - b.m5 * (secreted - b.secretion)), 0.9)
    cleared = kept * b.m1 / (1.0 - kept)
    dy[LIVER] = secreted + b.m2 * y[INSULIN] - (b.m1 + cleared) * y[LIVER]
    dy[INSULIN] = b.m1 * y[LIVER] - (b.m2 + b.m4) * y[INSULIN] + taken_up
    dy[DELAYED1] = b.ki * (insulin - y[DELAYED1])
    dy[DELAYED] = b.ki * (y[DELAYED1] - y[DELAYED])
    dy[ACTION] = b.p2u * (insulin - b.usual_insulin - y[ACTION])
    asked = max(-b.secretion, b.beta * (glucose - b.threshold))
    dy[ANSWER] = b.alpha * (asked - y[ANSWER])
    rise = b.per_rise * max(0.0, dy[PLASMA] / b.glucose_volume)
    dy[PORTAL] = y[ANSWER] + b.secretion + rise - secreted


def plasma_insulin(secretion: float, injected: float, b: Body) -> float:
    """Plasma insulin at rest, pmol/kg, with this secretion and injection, pmol/kg/min."""
    passed = 1.0 - b.extraction  # m1 over m1 and what the liver clears
    return (passed * secretion + injected) / (b.m2 + b.m4 - passed * b.m2)


def secretion_for(insulin: float, b: Body) -> float:
    """Secretion at rest, pmol/kg/min, that explains plasma insulin, pmol/kg, without injections."""
    return insulin / plasma_insulin(1.0, 0.0, b)


def at_rest(glucose: float, injected: float, b: Body) -> tuple[Array, Body]:
    """The states of a person at rest at this glucose, and the person who has it.

    What is solved for is ``kp1``, the production of glucose; ``threshold`` is this glucose.

    Args:
        glucose: mg/dL.
        injected: Steady flow of insulin under the skin, pmol/kg/min.
        b: The person otherwise.
    """
    y = np.zeros(len(STATES))
    y[SKIN1] = injected / (b.dissolving + b.fast_uptake)
    y[SKIN2] = b.dissolving * y[SKIN1] / b.slow_uptake
    y[PORTAL] = b.secretion / b.gamma
    y[INSULIN] = plasma_insulin(b.secretion, injected, b)
    y[LIVER] = ((b.m2 + b.m4) * y[INSULIN] - injected) / b.m1
    y[DELAYED1] = y[DELAYED] = y[INSULIN] / b.insulin_volume
    y[ACTION] = y[DELAYED] - b.usual_insulin
    y[PLASMA] = glucose * b.glucose_volume
    fastest = max(0.0, b.vm0 + b.vmx * y[ACTION])
    free = b.k1 * y[PLASMA] - fastest - b.k2 * b.km0  # the tissue's balance, a quadratic
    y[TISSUE] = (free + math.sqrt(free**2 + 4.0 * b.k1 * b.k2 * b.km0 * y[PLASMA])) / (2.0 * b.k2)
    used = fastest * y[TISSUE] / (b.km0 + y[TISSUE])
    urine = b.ke1 * max(0.0, y[PLASMA] - b.ke2)
    production = b.brain * min(1.0, glucose / 36.0) + used + urine
    held = b.kp2 * y[PLASMA] + b.kp3 * y[DELAYED] + b.kp4 * y[PORTAL]
    return y, b._replace(threshold=glucose, kp1=production + held)
