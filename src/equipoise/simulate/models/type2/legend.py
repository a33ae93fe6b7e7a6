"""What each number of the type 2 diabetes model means; ``population.yaml`` gives their values.

People are described as they come to screening; eligibility then selects among them. ``_sd_log`` is
the SD of a natural logarithm. A number with ``off`` need not be given: what it describes is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from equipoise.simulate.models import Meaning

PEOPLE: Final[Mapping[str, Meaning]] = {
    "female": Meaning("share", "women"),
    "age_mean": Meaning("year", "mean age"),
    "age_sd": Meaning("year", "its SD"),
    "height_mean": Meaning("m", "mean height of men"),
    "height_female": Meaning("m", "how much shorter women are"),
    "height_sd": Meaning("m", "SD of height within one sex"),
    "bmi_mean": Meaning("kg/m2", "mean body mass index"),
    "bmi_sd": Meaning("kg/m2", "its SD"),
    "duration_median": Meaning("year", "median time since the diagnosis of diabetes"),
    "duration_sd_log": Meaning("1", "SD of its logarithm"),
    "hba1c_mean": Meaning("%", "mean HbA1c"),
    "hba1c_sd": Meaning("%", "its SD"),
    "dose_mean": Meaning(
        "U/kg/d", "mean daily insulin dose at entry; 0: nobody is on insulin then"
    ),
    "dose_sd": Meaning("U/kg/d", "its SD"),
    "dose_hba1c": Meaning("1", "correlation of dose and HbA1c", off=0.0),
    "c_peptide_median": Meaning("ng/mL", "median fasting C-peptide"),
    "c_peptide_sd_log": Meaning("1", "SD of its logarithm"),
    "c_peptide_duration": Meaning("1", "correlation of its logarithm and diabetes duration"),
    "gir_median": Meaning("mg/kg/min", "median glucose infusion rate of a clamp: insulin action"),
    "gir_sd_log": Meaning("1", "SD of its logarithm"),
    "gir_bmi": Meaning("1", "correlation of its logarithm and body mass index"),
    "creatinine_median": Meaning("umol/L", "median serum creatinine"),
    "creatinine_sd_log": Meaning("1", "SD of its logarithm"),
    "stable_median": Meaning("month", "median time on a stable dose of insulin"),
    "stable_sd_log": Meaning("1", "SD of its logarithm"),
}
BODY: Final[Mapping[str, Meaning]] = {
    "effectiveness": Meaning("1/d", "glucose effectiveness at zero insulin"),
    "insulin_level": Meaning("uU/mL per U/d", "plasma insulin for each unit injected a day"),
    "overnight": Meaning("share", "share of the daily dose that acts overnight"),
    "c_peptide_insulin": Meaning("uU/mL per ng/mL", "own insulin for each unit of C-peptide"),
    "prandial": Meaning("share", "part of mean glucose that meals add at entry"),
    "meal_sd": Meaning("1", "relative SD of a meal's size"),
    "day_memory": Meaning("1", "correlation of glucose production from day to day"),
    "day_sd": Meaning("1", "its relative SD between days"),
    "depot": Meaning("share", "share of yesterday's insulin that still acts"),
    "adherence": Meaning("share", "chance that a day's insulin is taken"),
    "beta_loss": Meaning("1/year", "yearly loss of beta-cell function"),
    "beta_time": Meaning("d", "time constant of beta-cell function"),
    "sensitivity_glucose": Meaning(
        "1", "gain of insulin sensitivity for a relative fall of mean glucose"
    ),
    "sensitivity_time": Meaning("d", "its time constant"),
    "oral_drugs": Meaning("share", "fall of glucose production on oral drugs once insulin stops"),
    "glycation": Meaning("L/mmol/d", "rate at which haemoglobin is glycated"),
    "glycation_sd": Meaning("1", "its relative SD between persons"),
    "red_cell_life": Meaning("d", "life of red cells"),
}
CONDUCT: Final[Mapping[str, Meaning]] = {
    "diet_production": Meaning(
        "1", "fall of glucose production by diet and attention in all arms, at its height", off=0.0
    ),
    "diet_meals": Meaning("1", "fall of the meals' glucose by the same", off=0.0),
    "diet_decay": Meaning("d", "time constant with which it fades", off=1.0),
    "diet_residual": Meaning("share", "share of it that stays", off=0.0),
    "diet_sd": Meaning("1", "its relative SD between persons", off=0.0),
    "diet_day": Meaning("d", "study day on which it begins: negative for a run-in", off=0.0),
    "drift_sd": Meaning(
        "1", "SD between persons of the change of glucose production for other reasons", off=0.0
    ),
    "drift_time": Meaning("d", "time constant of that change", off=90.0),
    "raise_median": Meaning("share", "chance that a proposed rise of insulin is made", off=1.0),
    "raise_sd_log": Meaning("1", "SD of its logarithm between prescribers", off=0.0),
    "inpatient_days": Meaning("d", "days in hospital, titrated daily, from each dose", off=0.0),
    "reading_missed": Meaning("share", "chance that a home reading is missed"),
    "visit_missed": Meaning("share", "chance that a visit is missed"),
    "infusion_missed": Meaning("share", "chance that a later blinded dose is missed", off=0.0),
    "lost": Meaning("1/year", "yearly rate of loss to follow-up, at an HbA1c of 8 %"),
    "lost_hba1c": Meaning("1/%", "rise of its logarithm for each % of HbA1c", off=0.0),
}
DRUG: Final[Mapping[str, Meaning]] = {
    "drug_hba1c": Meaning("%", "fall of HbA1c by the drug if insulin stays as it is", off=0.0),
    "drug_sd": Meaning("%", "its SD between persons", off=0.0),
    "drug_time": Meaning("d", "time constant of its onset", off=7.0),
}
CELLS: Final[Mapping[str, Meaning]] = {
    "cells_half_life": Meaning("d", "half-life of the effect", off=1.0),
    "cells_half_effect": Meaning("1e6/kg", "remaining dose of half effect", off=1.0),
    "cells_production": Meaning("1", "fall of glucose production at full effect", off=0.0),
    "cells_beta": Meaning("1", "gain of beta-cell function at full effect", off=0.0),
    "cells_sensitivity": Meaning("1/d", "daily gain of insulin sensitivity at it", off=0.0),
    "cells_sensitivity_time": Meaning("d", "time constant with which that is lost", off=1.0),
    "cells_sd_log": Meaning("1", "SD of log potency between persons", off=0.0),
    "cells_duration": Meaning("1/year", "fall of log potency a year since diagnosis", off=0.0),
}
MEASUREMENT: Final[Mapping[str, Meaning]] = {
    "hba1c_error": Meaning("1", "relative SD of a measured HbA1c"),
    "weight_error": Meaning("kg", "SD of a measured weight"),
    "fasting_error": Meaning("1", "relative SD of laboratory glucose"),
    "c_peptide_error": Meaning("1", "relative SD of C-peptide"),
    "gir_error": Meaning("1", "relative SD of a clamp rate"),
    "creatinine_error": Meaning("1", "relative SD of creatinine"),
    "meter_absolute": Meaning("mmol/L", "SD of a low home reading"),
    "meter_relative": Meaning("1", "relative SD of a high one"),
    "clamp_insulin": Meaning("uU/mL", "plasma insulin of the clamp"),
    "clamp_glucose": Meaning("mmol/L", "glucose at which it is held"),
    "clamp_production": Meaning("share", "glucose production that is left in it"),
    "glucose_volume": Meaning("dL/kg", "volume in which glucose spreads"),
    "glucagon_fold": Meaning("1", "relative rise of C-peptide after glucagon at entry"),
    "glucagon_glucose": Meaning("1", "exponent of its recovery as glucose falls"),
    "glucagon_area": Meaning("share", "mean rise over 30 min as a share of that at 6 min"),
}
GROUPS: Final[Mapping[str, Mapping[str, Meaning]]] = {
    "People who come to screening": PEOPLE,
    "Glucose, insulin and red cells": BODY,
    "How the trial goes, in all arms": CONDUCT,
    "A drug whose effect on HbA1c is known": DRUG,
    "Cells": CELLS,
    "Measurements": MEASUREMENT,
}
MEANINGS: Final[Mapping[str, Meaning]] = {
    name: meaning for group in GROUPS.values() for name, meaning in group.items()
}
