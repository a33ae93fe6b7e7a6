import dataclasses

import numpy as np
import pytest

from equipoise.errors import StudyError
from equipoise.simulate import simulate_trial
from equipoise.simulate.models import build_model, check
from equipoise.simulate.models.type2.model import Type2


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


def test_an_effect_of_anything_but_cells_is_refused(reference):
    dosing = reference.protocol.dosing
    amount = dosing.amount.model_copy(update={"unit": "mg"})
    study = changed(reference, dosing=dosing.model_copy(update={"amount": amount}))

    with pytest.raises(StudyError, match="effect of cells, not of mg"):
        build_model(study)


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
