import dataclasses

import numpy as np
import pytest

from equipoise.errors import StudyError
from equipoise.simulate import simulate_trial
from equipoise.simulate.models import build_model, check, meanings
from equipoise.simulate.models.type2.model import Type2
from equipoise.simulate.models.type2.parameters import Parameters


def changed(study, **update):
    return dataclasses.replace(study, protocol=study.protocol.model_copy(update=update))


def test_a_week_has_two_five_point_days_and_one_contact(reference):
    schedule = Type2.of(reference).schedule
    later = slice(200, 200 + 7 * 8)

    assert schedule.profile[later].sum() == 2 * 8
    assert schedule.contact[later].sum() == 8


def test_contacts_are_daily_in_hospital_at_each_infusion(reference):
    model = Type2.of(reference)
    days = np.flatnonzero(model.schedule.contact == 2) + model.schedule.first
    stay = round(model.parameters.inpatient_days)

    assert days.tolist() == [start + day for start in (0, 28, 56) for day in range(stay)]


def test_a_study_without_titration_keeps_every_dose(reference):
    records = simulate_trial(changed(reference, titration=None, diary=None), seed=3)
    doses = (
        records["measurements"]
        .filter(item="INSULIN")
        .pivot("encounter", index="participant", values="value")
    )

    assert doses.drop_nulls("WEEK48").select("BASELINE", "WEEK48").n_unique("BASELINE") > 10
    kept = doses.drop_nulls("WEEK48")
    assert (kept["WEEK48"] == kept["BASELINE"]).all()
    assert records["titration"].is_empty()
    assert records["glucose"].is_empty()


def test_a_diary_that_the_model_does_not_keep_is_refused(reference):
    diary = reference.protocol.diary
    fewer = diary.readings_per_week.model_copy(update={"value": 14})
    study = changed(reference, diary=diary.model_copy(update={"readings_per_week": fewer}))

    with pytest.raises(StudyError, match="15 readings a week"):
        build_model(study)


def in_mg(reference, **parameters):
    """The reference study with a dose in mg, and these parameters of its population."""
    dosing, population = reference.protocol.dosing, reference.populated()
    amount = dosing.amount.model_copy(update={"unit": "mg"})
    one = population.parameters["lost_hba1c"]
    more = {k: one.model_copy(update={"value": v, "unit": "%"}) for k, v in parameters.items()}
    return dataclasses.replace(
        changed(reference, dosing=dosing.model_copy(update={"amount": amount})),
        population=population.model_copy(update={"parameters": {**population.parameters, **more}}),
    )


def test_a_drug_needs_its_effect_on_hba1c(reference):
    with pytest.raises(StudyError, match=r"drug_hba1c \(%\), fall of HbA1c by the drug"):
        check(in_mg(reference))


def test_a_drug_has_its_own_effect_and_not_that_of_cells(reference):
    model = Type2.of(in_mg(reference, drug_hba1c=0.6))

    assert model.parameters.drug_hba1c == 0.6
    assert model.parameters.cells_beta == model.parameters.cells_sensitivity == 0
    assert Type2.of(reference).parameters.cells_beta > 0


def test_every_parameter_has_a_meaning_and_the_reference_population_its_unit(reference):
    known = meanings(reference)

    assert set(known) == set(Parameters._fields)
    units = {name: one.unit for name, one in reference.populated().parameters.items()}
    assert units == {name: known[name].unit for name in units}


@pytest.mark.parametrize(
    ("item", "update", "message"),
    [
        ("HBA1C", {"decimals": 2}, "records HBA1C in steps of 0.1 %; 2 decimals"),
        ("HBA1C", {"unit": "mmol/mol"}, "records HBA1C as a number in %, not in mmol/mol"),
        ("SEX", {"codes": {"W": "W", "M": "M"}}, "SEX has the codes F and M in this model"),
    ],
)
def test_an_item_that_the_model_records_otherwise_is_refused(reference, item, update, message):
    forms = {}
    for file, form in reference.forms.items():
        groups = tuple(
            group.model_copy(
                update={
                    "items": tuple(
                        one.model_copy(update=update) if one.name == item else one
                        for one in group.items
                    )
                }
            )
            for group in form.groups
        )
        forms[file] = form.model_copy(update={"groups": groups})

    with pytest.raises(StudyError, match=message):
        build_model(dataclasses.replace(reference, forms=forms))


def test_contacts_are_held_between_the_encounters_that_titration_names(reference):
    spared = {"first": "WEEK9", "last": "WEEK20", "every": reference.protocol.titration.every}
    titration = reference.protocol.titration.model_copy(update=spared)
    schedule = Type2.of(changed(reference, titration=titration)).schedule
    days = np.flatnonzero(schedule.contact == 1) + schedule.first

    assert days.tolist() == list(range(70, 141, 7))


def test_a_start_of_insulin_in_another_unit_is_refused(reference):
    start = reference.protocol.titration.every.model_copy(update={"value": 10, "unit": "mg"})
    titration = reference.protocol.titration.model_copy(update={"start": start})

    with pytest.raises(StudyError, match="give whole U/d, or U/kg/d with two decimals"):
        build_model(changed(reference, titration=titration))


def test_more_bands_than_the_compiled_table_holds_are_refused(reference):
    titration = reference.protocol.titration
    last = titration.bands[-1]
    more = [last.model_copy(update={"at_least": last.at_least + k}) for k in range(1, 9)]
    study = changed(
        reference, titration=titration.model_copy(update={"bands": (*titration.bands, *more)})
    )

    with pytest.raises(StudyError, match="up to 8 bands"):
        build_model(study)


def test_a_parameter_that_is_missing_is_named(reference):
    population = reference.populated()
    fewer = {k: v for k, v in population.parameters.items() if k != "adherence"}
    study = dataclasses.replace(
        reference, population=population.model_copy(update={"parameters": fewer})
    )

    with pytest.raises(StudyError, match="needs the parameter adherence"):
        check(study)
