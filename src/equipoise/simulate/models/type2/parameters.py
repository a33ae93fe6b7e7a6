"""The numbers of the type 2 diabetes model; ``population.yaml`` has values, sources and bounds.

Means, SDs and correlations describe those who come to screening; ``_sd_log`` is the SD of a log.
"""

from __future__ import annotations

from typing import NamedTuple


class Parameters(NamedTuple):
    """One number each, in the unit beside it."""

    # people who come to screening
    female: float  # share
    age_mean: float  # years
    age_sd: float
    height_mean: float  # m, men
    height_female: float  # m, women less men
    height_sd: float
    bmi_mean: float  # kg/m2
    bmi_sd: float
    duration_median: float  # years since diagnosis
    duration_sd_log: float
    hba1c_mean: float  # %
    hba1c_sd: float
    dose_mean: float  # U/kg/d
    dose_sd: float
    dose_hba1c: float  # correlation of dose and HbA1c
    c_peptide_median: float  # fasting, ng/mL
    c_peptide_sd_log: float
    c_peptide_duration: float  # correlation of log C-peptide and duration
    gir_median: float  # clamp glucose infusion rate, mg/kg/min
    gir_sd_log: float
    gir_bmi: float  # correlation of log GIR and BMI
    creatinine_median: float  # umol/L
    creatinine_sd_log: float
    stable_median: float  # months on stable insulin
    stable_sd_log: float
    # glucose and insulin
    effectiveness: float  # glucose effectiveness GEZI, 1/d
    insulin_level: float  # plasma insulin for each U/d injected, uU/mL
    overnight: float  # share of the daily dose that acts overnight
    c_peptide_insulin: float  # uU/mL of insulin for each ng/mL of C-peptide
    prandial: float  # part of mean glucose that meals add at baseline
    meal_sd: float  # SD of a meal's size, relative
    day_memory: float  # autocorrelation of day-to-day glucose production
    day_sd: float  # its SD, relative
    depot: float  # share of yesterday's insulin still acting
    adherence: float  # chance that a day's insulin is taken
    # slow course
    diet_production: float  # full effect of diet and attention on glucose production, relative
    diet_meals: float  # and on meal glucose
    diet_decay: float  # d
    diet_residual: float  # share that stays
    diet_sd: float  # SD between persons, relative
    beta_loss: float  # yearly loss of beta-cell function, share
    beta_time: float  # d
    sensitivity_glucose: float  # gain of insulin sensitivity for relative fall of mean glucose
    sensitivity_time: float  # d
    oral_drugs: float  # fall of glucose production on oral drugs once insulin is stopped
    # cells
    cells_half_life: float  # d
    cells_half_effect: float  # remaining dose of half effect, 1e6/kg
    cells_production: float  # fall of glucose production at full effect
    cells_beta: float  # gain of beta-cell function at full effect
    cells_sensitivity: float  # gain of insulin sensitivity, 1/d at full effect
    cells_sensitivity_time: float  # d
    cells_sd_log: float  # SD of log potency between persons
    cells_duration: float  # fall of log potency for each year since diagnosis
    # red cells
    glycation: float  # L/mmol/d
    glycation_sd: float  # relative, between persons
    red_cell_life: float  # d
    # measurements
    hba1c_error: float  # relative SD, assay and within person
    weight_error: float  # kg
    fasting_error: float  # laboratory glucose, relative
    c_peptide_error: float  # relative
    gir_error: float  # relative
    creatinine_error: float  # relative
    meter_absolute: float  # SD of a low home reading, mmol/L
    meter_relative: float  # SD of a high one, relative
    clamp_insulin: float  # plasma insulin of the clamp, uU/mL
    clamp_glucose: float  # mmol/L
    clamp_production: float  # share of glucose production left
    glucose_volume: float  # dL/kg
    glucagon_fold: float  # C-peptide rise after glucagon at baseline, relative
    glucagon_glucose: float  # exponent of its recovery as glucose falls
    glucagon_area: float  # mean rise over 30 min, as a share of the 6-minute rise
    # behaviour
    reading_missed: float  # chance
    visit_missed: float  # chance
    infusion_missed: float  # chance
    raise_median: float  # chance that a proposed rise is carried out at a contact
    raise_sd_log: float
    inpatient_days: float  # days of daily contacts from each infusion
    lost: float  # yearly hazard of loss at HbA1c 8 %
    lost_hba1c: float  # rise of its logarithm for each % of HbA1c
