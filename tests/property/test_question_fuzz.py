"""No text does anything but become a question or be refused with a reason and a place."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import QuestionError
from equipoise.protocol.column import Column
from equipoise.protocol.question import MISSING, parse_quantity, parse_question

ENCOUNTERS = ("BASELINE", "WEEK48")
COLUMNS = {
    column.name: column
    for column in (
        Column("HBA1C", "number", "%", 1, Decimal(3), Decimal(20), encounters=ENCOUNTERS),
        Column("DOSE", "number", "U/d", 0, Decimal(0), Decimal(500), encounters=ENCOUNTERS),
        Column("WEIGHT", "number", "kg", 1, Decimal(30), Decimal(250), encounters=ENCOUNTERS),
        Column("BALANCE", "number", "1", 2, Decimal(-9), Decimal(9), encounters=ENCOUNTERS),
        Column("SEX", "code", codes=("F", "M"), encounters=ENCOUNTERS),
        Column("TUMOUR", "yesno", encounters=ENCOUNTERS),
        Column("CONSENT", "date", encounters=ENCOUNTERS),
        Column("REMARK", "text", encounters=ENCOUNTERS),
    )
}
QUESTIONS = (
    "HBA1C[WEEK48] < 7.0 and DOSE[WEEK48] <= 0.5 * DOSE[BASELINE]",
    "4.4 <= HBA1C <= 7.0 or not (TUMOUR and SEX = 'F')",
    "DOSE / WEIGHT <= 0.2 U/kg/d",
    "(DOSE[BASELINE] - DOSE[WEEK48]) / DOSE[BASELINE] >= 50 %",
    "CONSENT + 28 d > '2014-03-01' and REMARK is known",
    "mean(HBA1C, HBA1C[WEEK48]) > max(7, 8 %) and SEX not in ('F', \"M\")",
    "-1 / (BALANCE + 1 / (BALANCE - 1 / BALANCE)) < 3e-2",
)
PIECES = (
    *"<>=!()[],+-*/'\". \n",
    *("<=", ">=", "!=", "and", "or", "not", "in", "is", "missing", "known", "min", "max", "mean"),
    *("HBA1C", "DOSE", "WEIGHT", "BALANCE", "SEX", "TUMOUR", "CONSENT", "REMARK", "__class__"),
    *("[WEEK48]", "[BASELINE]", "0", "1", "7.0", "50 %", "2 kg", "1e99", "'F'", "'2014-03-01'"),
)


def _becomes_a_question_or_is_refused(text):
    try:
        question = parse_question(text, COLUMNS, ENCOUNTERS, "BASELINE")
    except QuestionError as error:
        refused = error
    else:
        refused = None
        assert question.answer(*[MISSING] * len(question.needs)) in {0, 1, 2}
    try:
        quantity = parse_quantity(text, COLUMNS, ENCOUNTERS, "WEEK48", unit="1", decimals=2)
    except QuestionError:
        quantity = None
    else:
        assert isinstance(quantity.count(*[MISSING] * len(quantity.needs)), int)
    if refused is None:
        assert quantity is None, "a text cannot be both a question and a quantity"
    else:
        assert 1 <= refused.column <= len(text) + 1
        assert 0 < len(str(refused)) < 500


@given(st.text(max_size=300))
@settings(max_examples=300)
def test_any_text_becomes_a_question_or_is_refused(text):
    _becomes_a_question_or_is_refused(text)


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(("", " ")))
@settings(max_examples=600)
def test_any_row_of_pieces_of_the_language_becomes_a_question_or_is_refused(pieces, space):
    _becomes_a_question_or_is_refused(space.join(pieces))


@given(st.data())
@settings(max_examples=600)
def test_a_question_with_a_few_changes_becomes_a_question_or_is_refused(data):
    text = data.draw(st.sampled_from(QUESTIONS))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 6)))
        piece = data.draw(st.sampled_from(PIECES) | st.text(max_size=2))
        text = text[:start] + piece + text[end:]

    _becomes_a_question_or_is_refused(text)


@given(st.sampled_from(PIECES), st.integers(1, 1000))
@settings(max_examples=300)
def test_one_piece_many_times_over_becomes_a_question_or_is_refused(piece, times):
    _becomes_a_question_or_is_refused((piece + " ") * times)
    _becomes_a_question_or_is_refused("DOSE " + (piece + " DOSE ") * (times % 150) + "> 3")
