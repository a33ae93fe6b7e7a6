"""The numbers of the type 2 diabetes model as the kernel takes them: see ``legend``."""

from __future__ import annotations

from typing import NamedTuple


class Parameters(NamedTuple):
    """One number each, in the unit that ``legend`` gives."""

    # people who come to screening
    female: float
    age_mean: float
    age_sd: float
    height_mean: float
    height_female: float
    height_sd: float
    bmi_mean: float
    bmi_sd: float
    duration_median: float
    duration_sd_log: float
    hba1c_mean: float
    hba1c_sd: float
    dose_mean: float
    dose_sd: float
    dose_hba1c: float
    c_peptide_median: float
    c_peptide_sd_log: float
    c_peptide_duration: float
    gir_median: float
    gir_sd_log: float
    gir_bmi: float
    creatinine_median: float
    creatinine_sd_log: float
    stable_median: float
    stable_sd_log: float
    # glucose and insulin
    effectiveness: float
    insulin_level: float
    overnight: float
    c_peptide_insulin: float
    prandial: float
    meal_sd: float
    day_memory: float
    day_sd: float
    depot: float
    adherence: float
    # slow course
    diet_production: float
    diet_meals: float
    diet_decay: float
    diet_residual: float
    diet_sd: float
    diet_day: float
    drift_sd: float
    drift_time: float
    beta_loss: float
    beta_time: float
    sensitivity_glucose: float
    sensitivity_time: float
    oral_drugs: float
    # cells
    cells_half_life: float
    cells_half_effect: float
    cells_production: float
    cells_beta: float
    cells_sensitivity: float
    cells_sensitivity_time: float
    cells_sd_log: float
    cells_duration: float
    # a drug
    drug_hba1c: float
    drug_sd: float
    drug_time: float
    # red cells
    glycation: float
    glycation_sd: float
    red_cell_life: float
    # measurements
    hba1c_error: float
    weight_error: float
    fasting_error: float
    c_peptide_error: float
    gir_error: float
    creatinine_error: float
    meter_absolute: float
    meter_relative: float
    clamp_insulin: float
    clamp_glucose: float
    clamp_production: float
    glucose_volume: float
    glucagon_fold: float
    glucagon_glucose: float
    glucagon_area: float
    # behaviour
    reading_missed: float
    visit_missed: float
    infusion_missed: float
    raise_median: float
    raise_sd_log: float
    inpatient_days: float
    lost: float
    lost_hba1c: float
