"""Predictions of what other people measured: nothing here was used in the fit.

Each function makes one prediction of the type 2 diabetes model and names who measured it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import numpy as np

from equipoise.calibrate.crowd import Crowd
from equipoise.calibrate.fit import Progress
from equipoise.calibrate.world import FEW, Prediction, World, home_readings
from equipoise.protocol.intervention import Titration
from equipoise.protocol.whole import Study
from equipoise.simulate.enrolment import with_values
from equipoise.simulate.models.type2 import person, physiology
from equipoise.simulate.models.type2.physiology import COMPARTMENTS


def _called_from_python(function: Any) -> Any:  # noqa: ANN401  # Numba's dispatchers have no types
    """The function as written: compiled, it can be called from compiled code only."""
    return function.py_func


clamp_gir = _called_from_python(physiology.clamp_gir)
glycated = _called_from_python(physiology.glycated)
hba1c = _called_from_python(physiology.hba1c)
settled_share = _called_from_python(physiology.settled_share)
young_to_old = _called_from_python(physiology.young_to_old)


def adag(world: World) -> Prediction:
    """HbA1c that settles at a mean glucose."""
    p, glucose = world.parameters, (8.6, 11.8, 13.4)
    found = [hba1c(settled_share(g, p.glycation, p.red_cell_life)) for g in glucose]
    line = [(g + 2.59) / 1.59 for g in glucose]
    return Prediction(
        "HbA1c at a steady mean glucose of 8.6, 11.8 and 13.4 mmol/L",
        ", ".join(f"{x:.1f}" for x in line) + " %",
        "Nathan DM et al. (ADAG). Diabetes Care 2008;31:1473",
        ", ".join(f"{x:.1f}" for x in found) + " %",
        "The rate of glycation comes from other data.",
    )


def step(world: World) -> Prediction:
    """How fast HbA1c follows a lasting step of glucose."""
    p, days = world.parameters, (30, 60, 120)
    cells = np.zeros(COMPARTMENTS + 1)
    young_to_old(cells, 12.0, p.glycation, p.red_cell_life)
    start, turnover, share = cells[:COMPARTMENTS].mean(), COMPARTMENTS / p.red_cell_life, []
    end = settled_share(8.0, p.glycation, p.red_cell_life)
    for day in range(1, max(days) + 1):
        older = [
            glycated(cells[age], cells[age - 1] if age else 0.0, p.glycation, 8.0, turnover)
            for age in range(COMPARTMENTS)
        ]
        cells[:COMPARTMENTS] = older
        if day in days:
            share.append(100.0 * (cells[:COMPARTMENTS].mean() - start) / (end - start))
    return Prediction(
        "Share of a change of HbA1c that is reached 1, 2 and 4 months after a step of glucose",
        "50, 75, 100 %",
        "Tahara Y, Shima K. Diabetes Care 1995;18:440",
        ", ".join(f"{x:.0f}" for x in share) + " %",
        "From 12 to 8 mmol/L for ever.",
    )


def clamp(world: World) -> Prediction:
    """Clamp rate at two insulin concentrations."""
    p, traits = world.parameters, world.lives.enrolled.people.hidden
    rates = []
    for insulin, left in ((60.0, p.clamp_production), (111.0, 0.1)):
        now = p._replace(clamp_insulin=insulin, clamp_production=left)
        rates.append(
            np.mean(
                [
                    max(0.0, clamp_gir(one[person.SENSITIVITY], one[person.PRODUCTION], now))
                    for one in traits[:4000]
                ]
            )
        )
    return Prediction(
        "Clamp glucose infusion rate at plasma insulin of about 60 and 111 µU/mL",
        "3.8 to 4.1 and 6.7 to 7.1 mg/kg/min",
        "45 Japanese with type 2 diabetes without insulin, 1.12 and 2.24 mU/kg/min: "
        "J Japan Diab Soc 2000;43(11)",
        f"{rates[0]:.1f} and {rates[1]:.1f} mg/kg/min",
        "At baseline; these were not on insulin. Glucose production left at the higher "
        "concentration is assumed to be a tenth.",
    )


def early_fall(world: World) -> Prediction:
    """Fasting glucose two weeks after the first infusion."""
    first = world.study.encounters[world.study.protocol.screening].day
    arm, fasting = world.lives.arm[:FEW].ravel(), world.readings[:, :, 0]

    def median(place: int, since: int, until: int) -> float:
        days = fasting[arm == place, since - first : until - first]
        seen = (~np.isnan(days)).sum(axis=1)
        return float(np.median(np.nansum(days, axis=1)[seen > 0] / seen[seen > 0]))

    def course(place: int) -> str:
        return f"{median(place, -7, 0):.1f} to {median(place, 11, 18):.1f}"

    return Prediction(
        "Median fasting glucose from baseline to day 14 after cells",
        "9.3 to 6.5 mmol/L",
        "16 participants, weekly infusions, no control: Lian XF et al. World J Diabetes "
        "2022;13:877",
        f"{course(world.experimental)} mmol/L; placebo {course(world.placebo)} mmol/L",
        "In the model most of the early fall is diet and attention, which that trial could not "
        "tell apart.",
    )


def against_control(world: World) -> Prediction:
    """Fall of HbA1c with cells against control, and from baseline."""
    last, base = world.study.protocol.encounters[-1].name, world.study.protocol.baseline
    fall = world.lives.value("HBA1C", last) - world.lives.value("HBA1C", base)
    cells, placebo = (world.group(fall, arm).mean() for arm in (world.experimental, world.placebo))
    return Prediction(
        "Change of HbA1c with mesenchymal cells: against control, and from baseline",
        "−0.87 (−1.53 to −0.22) and −1.32 (−2.06 to −0.57) points",
        "7 randomised trials, types 1 and 2: meta-analysis, PMC7951834",
        f"−{placebo - cells:.2f} and −{-cells:.2f} points".replace("--", ""),
        "Most of those trials were small and had other cells, doses and people.",
    )


def placebo_injection(world: World) -> Prediction:
    """Placebo course without this centre's diet and attention."""
    quiet = {"diet_production": 0.0, "diet_meals": 0.0}
    lives = world.crowd.live(with_values(world.study, quiet))
    last, base = world.study.protocol.encounters[-1].name, world.study.protocol.baseline
    seen = lives.value("HBA1C", last) - lives.value("HBA1C", base)
    plain = world.lives.value("HBA1C", last) - world.lives.value("HBA1C", base)
    without, with_diet = world.group(seen, world.placebo), world.group(plain, world.placebo)
    return Prediction(
        "Change of HbA1c with placebo injections",
        "−0.22 (−0.32 to −0.11) points",
        "68 trials in type 2 diabetes: Lin C et al. BMC Med 2020;18:322",
        f"{with_diet.mean():+.2f} points; without the effect of diet and attention "
        f"{without.mean():+.2f}".replace("-", "−"),
        "The effect of diet was fitted to one centre; it is far from what other placebos show, "
        "and must not be carried to another trial.",
    )


def glucagon_test(world: World) -> Prediction:
    """Who can stop insulin, by the rise of C-peptide after glucagon."""
    base, last = world.study.protocol.baseline, world.study.protocol.encounters[-1].name
    rise = world.lives.value("CPEPTIDE_6MIN", base) - world.lives.value("CPEPTIDE", base)
    dose = world.lives.value("INSULIN", last)
    seen = ~np.isnan(dose) & ~np.isnan(rise) & (world.lives.arm == world.experimental)
    free = [100.0 * (dose[seen & at] == 0).mean() for at in (rise >= 1.0, rise < 1.0)]
    return Prediction(
        "Share that can stop insulin, by a rise of C-peptide after glucagon of at least or less "
        "than 1.0 ng/mL",
        "69 and 25 %",
        "Inpatients with hyperglycaemia: Iwamoto Y et al. Front Endocrinol 2022;13:871660",
        f"{free[0]:.0f} and {free[1]:.0f} %",
        "With cells, at the last visit. Those were mostly on insulin for a short time; the "
        "direction, not the level, can be compared.",
    )


def treat_to_target(world: World) -> tuple[Prediction, ...]:
    """HbA1c and low glucose when every raise of insulin is carried out to a lower target."""
    titration = world.study.protocol.titration
    if titration is None:
        return ()
    limits = (Decimal(0), Decimal("3.9"), Decimal("5.0"), Decimal("10.0"))
    if len(titration.bands) != len(limits):
        return ()
    bands = tuple(
        band.model_copy(update={"at_least": limit})
        for band, limit in zip(titration.bands, limits, strict=True)
    )
    table = titration.model_copy(update={"bands": bands})
    people = {"hba1c_mean": 8.3, "hba1c_sd": 0.8, "raise_median": 1.0, "raise_sd_log": 0.0}
    quiet = people | {"diet_production": 0.0, "diet_meals": 0.0, "inpatient_days": 0.0}
    study = _titrated(with_values(world.study, quiet), table)
    lives = Crowd(study, range(min(world.trials, 50)), world.seed).live()
    last, base = study.protocol.encounters[-1].name, study.protocol.baseline
    fall = (lives.value("HBA1C", last) - lives.value("HBA1C", base))[lives.arm == world.placebo]
    readings = home_readings(study, world.trials, world.seed)
    chosen = readings[lives.arm[:FEW].ravel() == world.placebo]
    seen = (chosen < 3.1).any(axis=2).sum() / (~np.isnan(chosen[:, :, 0])).sum() * 365.25
    source = (
        "Titrated to below 5.0 mmol/L for 52 weeks, basal-bolus: Garber AJ et al. (BEGIN "
        "Basal-Bolus Type 2). Lancet 2012;379:1498"
    )
    note = (
        "The model's placebo arm without diet effect, every raise carried out, target below "
        "5.0 mmol/L, baseline HbA1c 8.3 ± 0.8 %; mostly European and American participants there."
    )
    return (
        Prediction(
            "Change of HbA1c by insulin titrated to a target",
            "−1.1 and −1.2 points", source,
            f"{np.nanmean(fall):+.2f} points".replace("-", "−"), note,
        ),
        Prediction(
            "Days with confirmed low glucose (below 3.1 mmol/L) a year",
            "11.1 and 13.6 episodes", source, f"{seen:.1f} days with such a home reading",
            "Only what home readings show; symptoms at other times are not in the model.",
        ),
    )  # fmt: skip


def _titrated(study: Study, table: Titration) -> Study:
    return replace(study, protocol=study.protocol.model_copy(update={"titration": table}))


ONE: Final[tuple[Callable[[World], Prediction], ...]] = (
    adag, step, clamp, early_fall, against_control, placebo_injection, glucagon_test,
)  # fmt: skip


def predictions(study: Study, *, trials: int, seed: int, progress: Progress) -> list[Prediction]:
    """Every prediction that can be made of the study; none for a model without physiology."""
    if study.populated().model != "type-2-diabetes":
        return []
    world = World(study, trials, seed)
    found = []
    for number, predict in enumerate(ONE):
        progress("Predictions of other measurements", number / (len(ONE) + 1))
        found.append(predict(world))
    return [*found, *treat_to_target(world)]
