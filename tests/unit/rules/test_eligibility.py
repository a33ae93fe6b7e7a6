from __future__ import annotations

import pytest

from equipoise.answer import NO, UNKNOWN, YES
from equipoise.errors import RuleError
from equipoise.rules.eligibility import eligible, reasons


@pytest.mark.parametrize(
    ("inclusion", "exclusion", "answer"),
    [
        ((YES, YES), (NO, NO), YES),
        ((YES, NO), (NO, NO), NO),
        ((YES, YES), (NO, YES), NO),
        ((YES, UNKNOWN), (NO, NO), UNKNOWN),
        ((YES, YES), (UNKNOWN, NO), UNKNOWN),
        ((NO, UNKNOWN), (UNKNOWN, NO), NO),
        ((UNKNOWN, YES), (NO, YES), NO),
        ((YES,), (), YES),
    ],
)
def test_one_failing_criterion_decides_and_one_unknown_blocks(inclusion, exclusion, answer):
    assert eligible(inclusion, exclusion) == answer


def test_failing_and_unjudged_criteria_are_listed_in_the_order_of_the_protocol():
    found = reasons({"I1": UNKNOWN, "I2": NO, "I3": YES}, {"E1": YES, "E2": UNKNOWN, "E3": NO})

    assert found.failing == ("I2", "E1")
    assert found.unjudged == ("I1", "E2")


@pytest.mark.parametrize("answer", [True, False, 3, -1, None, "yes"])
def test_an_answer_that_is_none_of_the_three_is_refused(answer):
    with pytest.raises(RuleError, match="criterion E1 was answered"):
        reasons({"I1": YES}, {"E1": answer})
