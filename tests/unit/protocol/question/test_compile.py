"""The generated source reads like the question and is exact in whole numbers."""

from __future__ import annotations

import pytest

from equipoise.protocol.question import MISSING


def _body(source):
    return source.split("\n\n\n")[1]


def test_the_source_of_the_responder_question_is_what_a_person_would_write(question):
    asked = question("HBA1C[WEEK48] < 7.0 and INSULIN[WEEK48] <= 0.5 * INSULIN[BASELINE]")

    assert (
        _body(asked.source)
        == """\
def answer(HBA1C_WEEK48, INSULIN_WEEK48, INSULIN_BASELINE):
    q0 = 1
    if HBA1C_WEEK48 >= KNOWN:
        q0 = 2 if HBA1C_WEEK48 < 70 else 0
    q1 = 1
    if INSULIN_WEEK48 >= KNOWN and INSULIN_BASELINE >= KNOWN:
        q1 = 2 if 2 * INSULIN_WEEK48 <= INSULIN_BASELINE else 0
    return min(q0, q1)
"""
    )


def test_a_divisor_that_can_be_zero_is_asked_for(question):
    asked = question("(INSULIN[BASELINE] - INSULIN[WEEK48]) / INSULIN[BASELINE] >= 50 %")

    assert "if INSULIN_BASELINE != 0:" in asked.source


def test_a_divisor_that_cannot_be_zero_is_not_asked_for(question):
    assert "!= 0" not in question("INSULIN / WEIGHT <= 0.2 U/kg/d").source


def test_the_source_stands_alone(question):
    asked = question("not TUMOUR or REMARK is missing")
    scope: dict[str, object] = {}

    exec(asked.source, scope)  # noqa: S102 - the test is about running it

    assert scope["answer"](1, MISSING) == asked.answer(1, MISSING) == 2


@pytest.mark.parametrize(
    "text", ["TUMOUR", "1 / (BALANCE + 1 / (BALANCE + 1 / (BALANCE + 1 / BALANCE))) < 3"]
)
def test_the_source_grows_no_faster_than_the_question(question, text):
    assert len(question(text).source) < 60 * len(text)
