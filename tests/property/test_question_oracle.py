"""A compiled question answers what a plain evaluator over fractions answers; so does machine code."""

from __future__ import annotations

from fractions import Fraction

import numba
from hypothesis import Phase, given, reject, settings

from equipoise.answer import NO, UNKNOWN, YES
from equipoise.errors import QuestionError
from equipoise.protocol.question import MISSING, encode, parse_quantity, parse_question

from .drawn_questions import COLUMNS, ENCOUNTERS, HEALTH, answers, comparisons, people, quantities

REFUSALS = ("could exceed 64 bits", "always zero", "is zero: nothing divides by it")


def _or_reject(parse, *arguments, **options):
    """The question, unless it is one that is rightly refused: then nothing is tried."""
    try:
        return parse(*arguments, COLUMNS, ENCOUNTERS, "BASELINE", **options)
    except QuestionError as error:
        if any(refusal in str(error) for refusal in REFUSALS):
            reject()
        raise


def _counts(asked, values):
    return [encode(COLUMNS[need.item], values[need]) for need in asked.needs]


def _compiled(source, name):
    scope = {}
    exec(source, scope)  # noqa: S102 - the generated source is what is tested
    return numba.njit(scope[name])


@given(answers(), people(8))
@settings(max_examples=250, deadline=None, suppress_health_check=HEALTH)
def test_a_question_answers_what_fractions_answer(part, everybody):
    question = _or_reject(parse_question, part.text)

    for values in everybody:
        assert question.ask(values) == part.worth(values)


@given(answers(depth=3), people(200))
@settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=HEALTH)
def test_machine_code_answers_what_fractions_answer(part, everybody):
    question = _or_reject(parse_question, part.text)
    machine = _compiled(question.source, "answer")

    for values in everybody:
        assert machine(*_counts(question, values)) == part.worth(values)


@given(comparisons(values=2, depth=1), people(20))
@settings(max_examples=100, deadline=None, suppress_health_check=HEALTH)
def test_a_comparison_that_was_warned_of_has_one_answer_for_everybody(part, everybody):
    question = _or_reject(parse_question, part.text)

    for warning in question.warnings:
        word = YES if " is yes for every value" in warning else NO
        assert {question.ask(values) for values in everybody} <= {word, UNKNOWN}


def _rounded(part, values, step):
    worth = part.worth(values)
    if worth is None:
        return MISSING
    size = int(abs(worth) / step + Fraction(1, 2))
    return size if worth > 0 else -size


@given(quantities(), people(8))
@settings(max_examples=150, deadline=None, suppress_health_check=HEALTH)
def test_a_quantity_is_the_rounded_fraction_and_lies_in_its_range(drawn, everybody):
    part, unit, decimals = drawn
    quantity = _or_reject(parse_quantity, part.text, unit=unit, decimals=decimals)

    for values in everybody:
        count = quantity.count(*_counts(quantity, values))
        assert count == _rounded(part, values, Fraction(1, 10**decimals))
        value = quantity.ask(values)
        assert value is None or quantity.low <= value <= quantity.high


@given(quantities(), people(200))
@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=HEALTH)
def test_a_quantity_in_machine_code_is_the_rounded_fraction(drawn, everybody):
    part, unit, decimals = drawn
    quantity = _or_reject(parse_quantity, part.text, unit=unit, decimals=decimals)
    machine = _compiled(quantity.source, "count")

    for values in everybody:
        wanted = _rounded(part, values, Fraction(1, 10**decimals))
        assert machine(*_counts(quantity, values)) == wanted
