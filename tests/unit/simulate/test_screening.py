import numpy as np

from equipoise.protocol.question import MISSING, Reference
from equipoise.simulate.screening import each

ITEM = Reference("X", "SCREENING")


def test_a_question_of_one_item_is_answered_for_each_person_by_their_value():
    column = np.array([70, MISSING, -3, 70, 105])

    answers = each(
        lambda value: 0 if value == MISSING else 1000 + value, (ITEM,), {ITEM: column}, 5
    )

    assert answers.tolist() == [1070, 0, 997, 1070, 1105]


def test_a_value_nobody_has_is_missing_for_everybody():
    assert each(lambda value: int(value == MISSING), (ITEM,), {}, 3).tolist() == [1, 1, 1]


def test_a_question_of_no_item_has_one_answer():
    assert each(lambda: 2, (), {}, 3).tolist() == [2, 2, 2]
