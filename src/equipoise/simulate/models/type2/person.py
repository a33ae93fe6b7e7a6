"""Who comes to screening, and the hidden traits that make their baseline an exact steady state."""

from __future__ import annotations

import math

import numpy as np

from equipoise.simulate.arrays import Array, Key, Whole
from equipoise.simulate.compiled import compiled, inlined, unlocked
from equipoise.simulate.elementary import exp
from equipoise.simulate.models.type2.parameters import Parameters
from equipoise.simulate.models.type2.physiology import (
    between,
    meal_glucose,
    sensitivity_from_clamp,
    settled_glucose,
)
from equipoise.simulate.random import PERSON, draw, four_normals, uniform

# Traits of a person, the columns of ``people``: what is true, not what is recorded.
TRAITS = (
    "female", "age", "height", "weight", "duration", "dose", "glucose", "fasting", "glycation",
    "sensitivity", "secretion", "production", "appearance", "c_peptide", "diet", "potency",
    "raises",
    "creatinine", "drift", "drug_production", "drug_meals",
)  # fmt: skip
(
    FEMALE, AGE, HEIGHT, WEIGHT, DURATION, DOSE, GLUCOSE, FASTING, GLYCATION, SENSITIVITY,
    SECRETION, PRODUCTION, APPEARANCE, C_PEPTIDE, DIET, POTENCY, RAISES, CREATININE,
    DRIFT, DRUG_PRODUCTION, DRUG_MEALS,
) = range(len(TRAITS))  # fmt: skip

# Items recorded at screening, in the order of ``recorded``, and their recorded steps to a unit.
STEPS = {
    "AGE": 1, "SEX": 1, "HEIGHT": 1, "WEIGHT": 10, "DIABETES_DURATION": 1, "HBA1C": 10,
    "INSULIN": 1, "FPG": 10, "CPEPTIDE": 100, "CREATININE": 1, "INSULIN_STABLE_MONTHS": 1,
}  # fmt: skip
ITEMS = len(STEPS)


@inlined
def together(z: float, other: float, correlation: float) -> float:
    """A standard normal number that has this correlation with ``z``."""
    return correlation * z + math.sqrt(1.0 - correlation * correlation) * other


@compiled
def draw_person(
    traits: Array, recorded: Array, person: int, trial: int, key: Key, p: Parameters
) -> None:
    """Draw one person who comes to screening: hidden traits, and what is recorded at the visit."""
    z_age, z_height, z_bmi, z_duration = four_normals(PERSON, 0, person, trial, key)
    z_a1c, z_dose, z_c, z_gir = four_normals(PERSON + 1, 0, person, trial, key)
    z_k, z_diet, z_potency, z_raises = four_normals(PERSON + 2, 0, person, trial, key)
    e_a1c, e_weight, e_c, e_fasting = four_normals(PERSON + 3, 0, person, trial, key)
    z_creatinine, z_stable, e_creatinine, z_drift = four_normals(PERSON + 4, 0, person, trial, key)
    female = uniform(draw(PERSON + 5, 0, person, trial, key)[0]) < p.female

    height = p.height_mean - (p.height_female if female else 0.0) + p.height_sd * z_height
    height = between(1.3, height, 2.2)
    weight = between(15.0, p.bmi_mean + p.bmi_sd * z_bmi, 60.0) * height * height
    duration = p.duration_median * exp(p.duration_sd_log * z_duration)
    percent = between(5.2, p.hba1c_mean + p.hba1c_sd * z_a1c, 16.0)
    per_kg = between(0.05, p.dose_mean + p.dose_sd * together(z_a1c, z_dose, p.dose_hba1c), 2.5)
    dose = max(1.0, np.floor(per_kg * weight + 0.5)) if p.dose_mean > 0.0 else 0.0
    z_c = together(z_duration, z_c, p.c_peptide_duration)
    c_peptide = p.c_peptide_median * exp(p.c_peptide_sd_log * between(-3.0, z_c, 3.0))
    gir = p.gir_median * exp(p.gir_sd_log * between(-3.0, together(z_bmi, z_gir, p.gir_bmi), 3.0))

    traits[FEMALE], traits[AGE] = female, between(18.0, p.age_mean + p.age_sd * z_age, 90.0)
    traits[HEIGHT], traits[WEIGHT], traits[DURATION], traits[DOSE] = height, weight, duration, dose
    traits[C_PEPTIDE] = c_peptide
    traits[CREATININE] = p.creatinine_median * exp(p.creatinine_sd_log * z_creatinine)
    traits[GLYCATION] = p.glycation * between(0.7, 1.0 + p.glycation_sd * z_k, 1.3)
    traits[DIET] = between(-0.5, 1.0 + p.diet_sd * z_diet, 2.5)
    potency = p.cells_sd_log * between(-3.0, z_potency, 3.0) - p.cells_duration * (duration - 9.0)
    traits[POTENCY] = exp(between(-4.0, potency, 2.0))
    traits[RAISES] = min(1.0, p.raise_median * exp(p.raise_sd_log * z_raises))
    traits[DRIFT] = p.drift_sd * between(-3.0, z_drift, 3.0)
    settle(traits, percent, gir, p)
    settle_drug(traits, percent, p.drug_hba1c + p.drug_sd * between(-3.0, z_potency, 3.0), p)

    recorded[0], recorded[1] = np.floor(traits[AGE]), female
    recorded[2] = np.rint(100.0 * height)
    recorded[3] = np.rint(10.0 * (weight + p.weight_error * e_weight))
    recorded[4] = np.floor(duration)
    recorded[5] = np.rint(10.0 * percent * (1.0 + p.hba1c_error * e_a1c))
    recorded[6] = dose
    recorded[7] = np.rint(10.0 * max(2.0, traits[FASTING] * (1.0 + p.day_sd * e_fasting)))
    recorded[8] = np.rint(100.0 * c_peptide * max(0.2, 1.0 + p.c_peptide_error * e_c))
    recorded[9] = np.rint(traits[CREATININE] * max(0.2, 1.0 + p.creatinine_error * e_creatinine))
    recorded[10] = np.floor(p.stable_median * exp(p.stable_sd_log * z_stable))


@compiled
def settle(traits: Array, percent: float, gir: float, p: Parameters) -> None:
    """Solve the person's hidden traits so that nothing drifts at baseline dose and HbA1c."""
    glucose = settled_glucose(percent, traits[GLYCATION], p.red_cell_life)
    fasting = glucose * (1.0 - p.prandial)
    secretion = p.c_peptide_insulin * traits[C_PEPTIDE] / fasting
    taken = p.insulin_level * p.adherence * traits[DOSE]
    insulin = p.overnight * taken + secretion * fasting
    sensitivity = between(0.05, sensitivity_from_clamp(gir, fasting, insulin, p), 3.0)
    rise = meal_glucose(
        1.0, p.effectiveness, sensitivity, (1.0 - p.overnight) * taken, secretion, glucose
    )
    traits[GLUCOSE], traits[FASTING], traits[SENSITIVITY] = glucose, fasting, sensitivity
    traits[SECRETION] = secretion
    traits[PRODUCTION] = (p.effectiveness + sensitivity * insulin) * fasting
    traits[APPEARANCE] = (glucose - fasting) / rise


@compiled
def settle_drug(traits: Array, percent: float, fall: float, p: Parameters) -> None:
    """Solve how much a drug lowers glucose production and meal glucose for this fall of HbA1c, %.

    The dose of insulin is that of baseline; where it follows glucose, HbA1c falls by less.

    Source: assumed: fasting and meal glucose fall in proportion.
    """
    if fall == 0.0:
        traits[DRUG_PRODUCTION] = traits[DRUG_MEALS] = 0.0
        return
    glucose = settled_glucose(max(5.0, percent - fall), traits[GLYCATION], p.red_cell_life)
    fasting = glucose * (1.0 - p.prandial)
    taken = p.insulin_level * p.adherence * traits[DOSE]
    insulin = p.overnight * taken + traits[SECRETION] * fasting
    production = (p.effectiveness + traits[SENSITIVITY] * insulin) * fasting
    rise = meal_glucose(
        traits[APPEARANCE], p.effectiveness, traits[SENSITIVITY], (1.0 - p.overnight) * taken,
        traits[SECRETION], glucose,
    )  # fmt: skip
    traits[DRUG_PRODUCTION] = 1.0 - production / traits[PRODUCTION]
    traits[DRUG_MEALS] = 1.0 - (glucose - fasting) / rise


@unlocked
def draw_people(persons: Whole, trials: Whole, key: Key, p: Parameters) -> tuple[Array, Array]:
    """Draw persons by number and trial.

    Args:
        persons: Screening numbers, shape (n,).
        trials: Trial of each, shape (n,).
        key: The seed, two 32-bit words.
        p: Parameters.

    Returns:
        Traits, shape (n, len(TRAITS)), and what is recorded in whole steps, (n, items).
    """
    traits = np.empty((persons.size, len(TRAITS)))
    recorded = np.empty((persons.size, ITEMS))
    for i in range(persons.size):
        draw_person(traits[i], recorded[i], persons[i], trials[i], key, p)
    return traits, recorded
