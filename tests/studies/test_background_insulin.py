"""The example on background insulin, as another trial is described in a study folder."""

import dataclasses
from decimal import Decimal

import numpy as np
import pytest

from equipoise.checking import check
from equipoise.protocol.intervention import Amount, Band, Hypoglycaemia, Titration
from equipoise.simulate import simulate_trial
from equipoise.trials.courses import courses

FAR = 4.0  # standard errors
TRIALS = 40
LAST = "WEEK24"


@pytest.fixture(scope="module")
def study():
    return check("background-insulin")


def with_protocol(study, **update):
    return dataclasses.replace(study, protocol=study.protocol.model_copy(update=update))


def with_parameters(study, **values):
    population = study.populated()
    given = {
        name: population.parameters[name].model_copy(update={"value": value})
        for name, value in values.items()
    }
    parameters = {**population.parameters, **given}
    return dataclasses.replace(
        study, population=population.model_copy(update={"parameters": parameters})
    )


def amount(value, unit):
    return Amount(value=Decimal(str(value)), unit=unit, source="example")


def titrated(study, **update):
    """The study with insulin titrated to fasting glucose below 6.2 mmol/L."""
    bands = (
        Band(at_least=Decimal(0), percent=-10),
        Band(at_least=Decimal("4.4")),
        Band(at_least=Decimal("6.2"), units=2),
        Band(at_least=Decimal(8), units=4),
    )
    table = Titration(
        item="INSULIN",
        weight="WEIGHT",
        rule="bands",
        every=amount(7, "d"),
        target_low=amount(4.4, "mmol/L"),
        target_high=amount(6.1, "mmol/L"),
        bands=bands,
        hypoglycaemia=(Hypoglycaemia(below=Decimal("3.9"), percent=-10),),
        source="example",
    )
    return with_protocol(study, titration=table.model_copy(update=update))


def arms(found, quantity, encounter=LAST):
    return {one.arm: one for one in found.of(quantity, encounter)}


def assert_alike(one, other):
    for name in ("mean", "sd", "change", "change_sd"):
        a, b = getattr(one, name), getattr(other, name)
        error = np.hypot(a.mcse, b.mcse)
        assert abs(a.value - b.value) <= FAR * error, (name, a, b)


@pytest.fixture(scope="module")
def fixed(study):
    return courses(study, trials=TRIALS, seed=1)


@pytest.fixture(scope="module")
def to_target(study):
    return courses(titrated(study), trials=TRIALS, seed=1)


def test_a_fixed_dose_does_not_change_for_anybody(study, fixed):
    for encounter in list(study.encounters)[2:]:
        for one in fixed.of("INSULIN", encounter):
            assert one.n > 100
            assert (one.change.value, one.change_sd.value) == (0.0, 0.0)


def test_the_people_are_those_that_the_population_describes(fixed):
    start = arms(fixed, "HBA1C", "BASELINE")["PLACEBO"]

    assert abs(start.mean.value - 8.7) < 0.1
    assert 0.8 < start.sd.value < 1.0
    assert 36 < arms(fixed, "INSULIN", "BASELINE")["PLACEBO"].mean.value < 41
    assert abs(arms(fixed, "BMI", "SCREENING")["PLACEBO"].mean.value - 26) < 0.5


def test_at_a_fixed_dose_the_drug_lowers_hba1c_by_what_is_stated(fixed):
    found = arms(fixed, "HBA1C")
    effect = found["TABLET"].change.value - found["PLACEBO"].change.value
    error = np.hypot(found["TABLET"].change.mcse, found["PLACEBO"].change.mcse)

    assert abs(effect + 0.5) < FAR * error + 0.05  # diet and drift take a little of it


def test_titration_raises_the_dose_and_lowers_hba1c_more_than_a_fixed_dose(fixed, to_target):
    dose, percent = arms(to_target, "INSULIN")["PLACEBO"], arms(to_target, "HBA1C")["PLACEBO"]

    assert dose.change.value > 10
    assert arms(to_target, "INSULIN_KG")["PLACEBO"].change.value > 0.15
    assert percent.change.value < arms(fixed, "HBA1C")["PLACEBO"].change.value - 0.5
    assert percent.below_target.value > arms(fixed, "HBA1C")["PLACEBO"].below_target.value + 10


def test_where_insulin_is_titrated_a_drug_spares_insulin_and_lowers_hba1c_less(fixed, to_target):
    def effect(found, quantity):
        both = arms(found, quantity)
        return both["TABLET"].change.value - both["PLACEBO"].change.value

    assert effect(to_target, "INSULIN") < -3
    assert effect(fixed, "HBA1C") < effect(to_target, "HBA1C") < 0


def test_two_arms_on_placebo_fare_alike(study):
    both = [arm.model_copy(update={"role": "placebo"}) for arm in study.protocol.arms]
    found = courses(with_protocol(study, arms=tuple(both)), trials=TRIALS, seed=2)

    for quantity in ("HBA1C", "FPG"):
        assert_alike(*found.of(quantity, LAST))


def test_who_is_not_on_insulin_begins_with_the_dose_of_the_protocol(study):
    eligibility = tuple(one for one in study.protocol.eligibility if one.id != "I3")
    naive = with_parameters(with_protocol(study, eligibility=eligibility), dose_mean=0, dose_sd=0)
    found = courses(titrated(naive, start=amount(0.2, "U/kg/d")), trials=4, seed=1)
    start, later = (
        arms(found, "INSULIN", name)["PLACEBO"].mean.value for name in ("BASELINE", "WEEK4")
    )

    assert start == 0.0
    assert 0.2 < arms(found, "INSULIN_KG", "WEEK4")["PLACEBO"].mean.value < 0.4
    assert later < arms(found, "INSULIN")["PLACEBO"].mean.value


def test_titration_that_ends_leaves_the_dose_as_it_then_is(study):
    found = courses(titrated(study, last="WEEK12"), trials=4, seed=1)
    tables = simulate_trial(titrated(study, last="WEEK12"), seed=1)
    doses = tables["measurements"].filter(item="INSULIN")
    wide = doses.pivot("encounter", index="participant", values="value").drop_nulls()

    assert (wide["WEEK16"] == wide["WEEK24"]).all()
    assert (wide["WEEK8"] != wide["WEEK16"]).any()
    assert arms(found, "INSULIN", "WEEK12")["PLACEBO"].change.value > 5


def test_nothing_of_the_reference_study_happens(study):
    tables = simulate_trial(titrated(study), seed=3)
    items = set(tables["measurements"]["item"])

    assert items == {
        "AGE", "SEX", "HEIGHT", "DIABETES_DURATION", "WEIGHT", "BMI", "INSULIN", "HBA1C", "FPG",
    }  # fmt: skip
    assert tables["adverse_events"].is_empty()
    assert set(tables["disposition"]["event"]) <= {
        "randomised", "treatment completed", "treatment discontinued", "withdrawn", "completed",
        "screen failure",
    }  # fmt: skip
    assert set(tables["visits"]["encounter"]) == set(study.encounters)
    assert tables["titration"].group_by("participant").len()["len"].max() == 24  # once a week


@pytest.mark.parametrize(("weeks", "ratio"), [(16, 1), (52, 2)])
def test_weeks_and_allocation_are_those_of_the_protocol(study, weeks, ratio):
    kept = [one for one in study.protocol.encounters if one.day < 7 * min(weeks, 24)]
    last = study.protocol.encounters[-1].model_copy(update={"name": "LAST", "day": 7 * weeks})
    names = [one.name for one in (*kept, last)]
    tablet, placebo = study.protocol.arms
    other = with_protocol(
        study,
        encounters=(*kept, last),
        activities=(
            study.protocol.activities[0],
            study.protocol.activities[1].model_copy(update={"encounters": tuple(names)}),
        ),
        dosing=study.protocol.dosing.model_copy(update={"encounters": ("BASELINE",)}),
        arms=(tablet.model_copy(update={"ratio": ratio}), placebo),
        allocation=study.protocol.allocation.model_copy(update={"parameters": {"sizes": (3, 6)}})
        if ratio == 2
        else study.protocol.allocation,
    )
    found = courses(other, trials=4, seed=1)
    start = arms(found, "HBA1C", "BASELINE")

    assert start["TABLET"].n + start["PLACEBO"].n == 300
    assert abs(start["PLACEBO"].n - 300 / (ratio + 1)) < 2
    assert arms(found, "HBA1C", "LAST")["TABLET"].change.value < 0
