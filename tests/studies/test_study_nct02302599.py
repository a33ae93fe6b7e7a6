"""The reference study says what its sources say."""

from decimal import Decimal

import pytest

from equipoise.answer import NO, UNKNOWN, YES


def test_it_has_no_problems(reference):
    assert reference.name == "NCT02302599"
    assert len(reference.criteria) == 22


def test_every_criterion_has_cases_with_all_three_answers(reference):
    answers = {
        criterion: {case.answer for case in cases}
        for file in reference.cases.values()
        for criterion, cases in file.criteria.items()
    }

    assert answers == {criterion: {"yes", "no", "unknown"} for criterion in reference.criteria}


def test_conflicting_sources_stand_beside_each_other(reference):
    protocol = reference.protocol
    participants, dose = protocol.allocation.participants, protocol.dosing.amount
    creatinine = next(c for c in protocol.eligibility if c.id == "E3")

    assert (participants.value, participants.conflicts[0].value) == (91, 103)
    assert (dose.value, dose.conflicts[0].value) == (Decimal("1.0e6"), Decimal("1.5e6"))
    assert creatinine.conflicts[0].value == "CREATININE < 175 umol/L"


def test_readings_of_a_week_add_up(reference):
    diary = reference.protocol.diary
    profiles = diary.profile_days_per_week.value

    assert profiles * len(diary.points) + (7 - profiles) == diary.readings_per_week.value == 15


def test_every_label_that_people_read_is_in_both_languages(reference):
    protocol = reference.protocol
    texts = [
        protocol.title, protocol.short_title, protocol.condition, protocol.design,
        *(part.label for part in (*protocol.arms, *protocol.encounters, *protocol.epochs, *protocol.activities)),
        *(criterion.text for criterion in protocol.eligibility),
        *(item.label for item in reference.items.values()),
        *(endpoint.label for endpoint in reference.planned().endpoints),
        *(display.title for display in reference.planned().displays),
    ]  # fmt: skip

    untranslated = [text.en for text in texts if not text.zh and not text.en.isupper()]
    assert [text for text in untranslated if text not in ("HbA1c", "UC-MSC")] == []


@pytest.mark.parametrize(
    ("hba1c", "dose", "answer"),
    [
        ("6.9", 30, YES),
        ("7.0", 30, NO),
        ("6.9", 31, NO),
        ("6.9", None, UNKNOWN),
        (None, 31, NO),
        (None, 30, UNKNOWN),
    ],
)
def test_a_responder_is_below_seven_with_half_the_dose(reference, hba1c, dose, answer):
    question = reference.endpoints["RESPONDER"]
    values = {
        ("HBA1C", "WEEK48"): Decimal(hba1c) if hba1c else None,
        ("INSULIN", "WEEK48"): dose,
        ("INSULIN", "BASELINE"): 60,
    }

    assert question.ask({need: values[tuple(need)] for need in question.needs}) == answer
