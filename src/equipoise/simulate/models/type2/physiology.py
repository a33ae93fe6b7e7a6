"""The equations of glucose and insulin, one function each, for one person on one day.

Units: mmol/L, U, uU/mL, d. The fast exchange of glucose and insulin is solved in closed form,
because it settles within hours while the protocol acts by days and weeks.
"""

from __future__ import annotations

import math

from equipoise.simulate.arrays import Array
from equipoise.simulate.compiled import inlined
from equipoise.simulate.elementary import exp, log
from equipoise.simulate.models.type2.parameters import Parameters

COMPARTMENTS = 12  # ages of red cells


@inlined
def between(low: float, x: float, high: float) -> float:
    """``x``, or the bound that it passes: keeps heavy-tailed persons within what a body can be."""
    return min(max(x, low), high)


@inlined
def fasting_glucose(
    production: float, effectiveness: float, sensitivity: float, injected: float, secretion: float
) -> float:
    """Fasting glucose at which production equals uptake, mmol/L.

    ``production = (effectiveness + sensitivity * (injected + secretion * G)) * G``, solved for G.

    Source: Kanderian et al., J Diabetes Sci Technol 2009;3:1047; Aradóttir et al. 2019.
    """
    a = effectiveness + sensitivity * injected
    return 2.0 * production / (a + math.sqrt(a * a + 4.0 * sensitivity * secretion * production))


@inlined
def meal_glucose(
    appearance: float,
    effectiveness: float,
    sensitivity: float,
    injected: float,
    secretion: float,
    glucose: float,
) -> float:
    """Mean rise of glucose over the day by meals, mmol/L.

    Source: assumed: appearance over uptake, with insulin doubled after meals.
    """
    return appearance / (effectiveness + sensitivity * (injected + 2.0 * secretion * glucose))


@inlined
def meal_size(chance: float, sd: float) -> float:
    """Size of a meal over the usual one, from a number between 0 and 1.

    Source: assumed: evenly spread around 1 with this SD.
    """
    return 1.0 + sd * math.sqrt(12.0) * (chance - 0.5)


@inlined
def glycated(
    cells: float, younger: float, glycation: float, glucose: float, turnover: float
) -> float:
    """Glycated share of an age compartment of red cells after one more day.

    Source: Ładyżyński et al., J Transl Med 2014;12:328 (rate); Cohen et al., Blood 2008;112:4284
    (age of red cells).
    """
    return cells + glycation * glucose * (1.0 - cells) + turnover * (younger - cells)


@inlined
def hba1c(share: float) -> float:
    """HbA1c, NGSP %, from the glycated share (IFCC).

    Source: IFCC-NGSP master equation, Hoelzel et al., Clin Chem 2004;50:166.
    """
    return 91.48 * share + 2.152


@inlined
def settled_share(glucose: float, glycation: float, life: float) -> float:
    """Glycated share after months at one mean glucose."""
    turnover = COMPARTMENTS / life
    kept = turnover / (turnover + glycation * glucose)
    power, total = 1.0, 0.0
    for _ in range(COMPARTMENTS):
        power *= kept
        total += power
    return 1.0 - total / COMPARTMENTS


@inlined
def young_to_old(shares: Array, glucose: float, glycation: float, life: float) -> None:
    """Fill the glycated share of each age of red cells after months at one mean glucose."""
    turnover = COMPARTMENTS / life
    kept = turnover / (turnover + glycation * glucose)
    power = 1.0
    for age in range(COMPARTMENTS):
        power *= kept
        shares[age] = 1.0 - power


@inlined
def settled_glucose(percent: float, glycation: float, life: float) -> float:
    """Mean glucose, mmol/L, that settles at this HbA1c, %: ``settled_share``, inverted."""
    share = (percent - 2.152) / 91.48
    before, after = 4.0, share / (0.5 * glycation * life)
    miss = settled_share(before, glycation, life) - share
    for _ in range(8):
        now = settled_share(after, glycation, life) - share
        step = now * (after - before) / (now - miss) if now != miss else 0.0
        before, miss, after = after, now, after - step
    return after


@inlined
def clamp_gir(sensitivity: float, production: float, p: Parameters) -> float:
    """Glucose infusion rate that holds a clamp, mg/kg/min.

    Source: minimal model at steady state, Bergman et al., Am J Physiol 1979;236:E667.
    """
    uptake = (p.effectiveness + sensitivity * p.clamp_insulin) * p.clamp_glucose
    return p.glucose_volume * 18.016 / 1440.0 * (uptake - p.clamp_production * production)


@inlined
def sensitivity_from_clamp(gir: float, fasting: float, insulin: float, p: Parameters) -> float:
    """Insulin sensitivity, 1/d for each uU/mL, that explains a baseline clamp rate."""
    rate = gir / (p.glucose_volume * 18.016 / 1440.0)
    known = p.effectiveness * (p.clamp_production * fasting - p.clamp_glucose)
    return (rate + known) / (
        p.clamp_insulin * p.clamp_glucose - p.clamp_production * insulin * fasting
    )


@inlined
def stimulated_fold(beta: float, glucose: float, glucose_before: float, p: Parameters) -> float:
    """C-peptide 6 minutes after glucagon over fasting.

    Source: assumed form: grows with beta-cell function and recovers as glucose falls.
    """
    return 1.0 + p.glucagon_fold * beta * exp(p.glucagon_glucose * log(glucose_before / glucose))


@inlined
def diet_course(day: int, p: Parameters) -> float:
    """Effect of diet and attention since the day it begins, as a share of its full size.

    Source: assumed: full within days, fading to a residue; size calibrated.
    """
    day -= int(p.diet_day)
    if day <= 0:
        return 0.0
    return (1.0 - exp(-day / 5.0)) * (
        (1.0 - p.diet_residual) * exp(-day / p.diet_decay) + p.diet_residual
    )


@inlined
def reached(day: int, time: float) -> float:
    """Share of a lasting change that is reached on a study day; it begins at the first dose."""
    return 1.0 - exp(-max(day, 0) / time)
