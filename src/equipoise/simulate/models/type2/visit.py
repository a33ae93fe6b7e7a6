"""What a visit records: the hidden state seen through assays, in whole recorded steps."""

from __future__ import annotations

import numpy as np

from equipoise.simulate.arrays import Array, Key
from equipoise.simulate.compiled import inlined
from equipoise.simulate.models.type2 import day as d
from equipoise.simulate.models.type2 import person as t
from equipoise.simulate.models.type2.parameters import Parameters
from equipoise.simulate.models.type2.physiology import (
    COMPARTMENTS,
    clamp_gir,
    hba1c,
    stimulated_fold,
)
from equipoise.simulate.random import LANES, VISIT, four_normals

# Items of a visit and how many steps of its record make one unit.
STEPS = {
    "WEIGHT": 10, "HBA1C": 10, "INSULIN": 1, "FPG": 10, "CPEPTIDE": 100, "CPEPTIDE_6MIN": 100,
    "CPEPTIDE_AUC": 10, "GIR": 100, "CREATININE": 1,
}  # fmt: skip

# Units of these, and of the items recorded at screening.
UNITS = {
    "AGE": "year", "HEIGHT": "cm", "WEIGHT": "kg", "DIABETES_DURATION": "year", "HBA1C": "%",
    "INSULIN": "U/d", "FPG": "mmol/L", "CPEPTIDE": "ng/mL", "CREATININE": "umol/L",
    "INSULIN_STABLE_MONTHS": "month", "CPEPTIDE_6MIN": "ng/mL", "CPEPTIDE_AUC": "ng.min/mL",
    "GIR": "mg/kg/min",
}  # fmt: skip


@inlined
def glycated_percent(h: Array, lane: int) -> float:
    """HbA1c of a lane, %."""
    share = 0.0
    for age in range(COMPARTMENTS):
        share += h[age * LANES + lane]
    return hba1c(share / COMPARTMENTS)


@inlined
def blurred(x: float, error: float, z: float) -> float:
    """``x`` as an assay with this relative error shows it."""
    return x * max(0.2, 1.0 + error * z)


@inlined
def measure(
    recorded: Array,
    s: Array,
    h: Array,
    lane: int,
    traits: Array,
    name: tuple[int, int, int],
    key: Key,
    p: Parameters,
) -> None:
    """Fill ``recorded``, one number for each item of ``STEPS``, from the state of a lane.

    Args:
        recorded: What the visit records, (items,).
        s: State, flat.
        h: Glycated shares, flat.
        lane: The participant's lane.
        traits: Traits of the participant, (traits,).
        name: Day, person and trial, which name the random numbers.
        key: The seed.
        p: Parameters.
    """
    day, person, trial = name
    z_a1c, z_weight, z_c, z_gir = four_normals(VISIT, day, person, trial, key)
    z_fasting, z_6min, z_area, z_creatinine = four_normals(VISIT + 1, day, person, trial, key)
    fasting = s[d.FASTING + lane]
    c_peptide = s[d.SECRETION + lane] * fasting / p.c_peptide_insulin
    fold = stimulated_fold(s[d.BETA + lane], fasting, traits[t.FASTING], p)
    area = 30.0 * c_peptide * (1.0 + p.glucagon_area * (fold - 1.0))
    gir = max(0.0, clamp_gir(s[d.SENSITIVITY + lane], s[d.PRODUCTION + lane], p))
    percent = glycated_percent(h, lane)
    recorded[0] = np.rint(10.0 * (traits[t.WEIGHT] + p.weight_error * z_weight))
    recorded[1] = np.rint(10.0 * blurred(percent, p.hba1c_error, z_a1c))
    recorded[2] = s[d.DOSE + lane]
    recorded[3] = np.rint(10.0 * blurred(fasting, p.fasting_error, z_fasting))
    recorded[4] = np.rint(100.0 * blurred(c_peptide, p.c_peptide_error, z_c))
    recorded[5] = np.rint(100.0 * blurred(c_peptide * fold, p.c_peptide_error, z_6min))
    recorded[6] = np.rint(10.0 * blurred(area, p.c_peptide_error, z_area))
    recorded[7] = np.rint(100.0 * blurred(gir, p.gir_error, z_gir))
    recorded[8] = np.rint(blurred(traits[t.CREATININE], p.creatinine_error, z_creatinine))
