"""Every misunderstanding is said in the writer's terms, at its place, with what to write."""

from __future__ import annotations

import pytest

from equipoise.errors import QuestionError
from equipoise.protocol.question import parse_question

NAMES = [
    ("HBA1c < 7", 1, "no item has the name HBA1c. Did you mean HBA1C?"),
    ("HBA1C[WEEK4] < 7", 7, "no encounter has the name WEEK4. Did you mean WEEK48?"),
    ("HBA1C[12] < 7", 7, "expected an encounter, found 12"),
    ("HEIGHT[WEEK48] > 1 m", 8, "HEIGHT is not collected at WEEK48; it is collected at SCREENING"),
    ("NYHA = 'I'", 1, "NYHA is not collected at SCREENING; it is collected at BASELINE, WEEK48"),
    ("SEX = F", 7, 'no item has the name F. A code is quoted: SEX = "F"'),
    ('SEX = "f"', 7, '"f" is not a code of SEX; there are F, M. Did you mean F?'),
    (
        "HBA1C < 7 AND AGE > 3",
        11,
        "write and, not AND",
    ),
    ("NOT KETONURIA", 1, "write not, not NOT"),
    ("Max(AGE, 3) > 2", 1, "Max is not a function; there are min, max, mean. Did you mean max?"),
    ("__import__('os')", 1, "_ is not part of the question language"),
    ("open('x')", 1, "open is not a function; there are min, max, mean."),
    ("AGE.real > 3", 4, ". is not part of the question language: a number is written 0.5"),
]
UNITS = [
    ("CREATININE > 175 umol/l", 18, "no unit is written l in umol/l. Did you mean L?"),
    (
        "CREATININE > 2 mg",
        14,
        "CREATININE is in umol/L and 2 mg in mg: they do not measure the same",
    ),
    ("HBA1C < 53 mmol/mol", 9, "HBA1C is in % and 53 mmol/mol in mmol/mol: they do not measure"),
    (
        "WEIGHT + HEIGHT > 3",
        10,
        "WEIGHT is in kg and HEIGHT in cm: they do not measure the same thing",
    ),
    (
        "WEIGHT / (HEIGHT * HEIGHT) > 24",
        30,
        "24 stands beside WEIGHT / (HEIGHT * HEIGHT), which is in",
    ),
    ("WEIGHT / (HEIGHT * HEIGHT) > 24", 30, "kg/cm2; write its unit"),
    ("CONSENT - 3 kg > DIAGNOSIS", 11, "a number in kg beside a date: write a time, such as 28 d"),
    ("mean(AGE, WEIGHT) > 3", 11, "AGE is in year and WEIGHT in kg"),
]
TYPES = [
    ("HBA1C", 1, "HBA1C is a number, not an answer; compare it"),
    ("SEX", 1, "SEX is a coded item, not an answer; compare it"),
    ("KETONURIA = 1", 1, "KETONURIA is a yes/no item: it stands alone or behind not"),
    ("REMARK = 'x'", 1, "REMARK is free text: it can only be missing or known"),
    ("SEX < 3", 7, "SEX is a coded item and 3 is a number: they cannot be compared"),
    ("SEX < 'M'", 1, "codes have no order: SEX < 'M'; write = or !="),
    ("SEX = NYHA[BASELINE]", 1, "the two items of SEX = NYHA[BASELINE] have different codes"),
    ("AGE = 'F'", 7, '"F" is quoted: a code or a date, but AGE is a number'),
    ("'F' = 'F'", 1, "\"F\" is quoted: a code or a date, but 'F' is a quoted text"),
    ("SEX + 1 = 2", 1, "SEX is a coded item, and + takes numbers"),
    ("CONSENT > 3", 11, "CONSENT is a date and 3 is a number: they cannot be compared"),
    ("CONSENT > '2014-02-30'", 11, '"2014-02-30" is not a date; write it like "2024-02-29"'),
    ("CONSENT + DIAGNOSIS > CONSENT", 1, "+ cannot be applied to these dates"),
    ("-CONSENT > CONSENT", 1, "a date has no negative"),
    ("(AGE > 3) + 1 > 2", 1, "(AGE > 3) is an answer and cannot be used as a value"),
    ("(AGE > 3) = (AGE > 4)", 1, "(AGE > 3) is an answer and cannot be used as a value"),
    ("AGE > 3 is known", 9, "is cannot stand here; the question was complete"),
    ("(AGE + 3) is known", 1, "(AGE + 3) is not an item; only an item is missing or known"),
    ("AGE / 0 > 1", 7, "0 is zero: nothing divides by it"),
    ("AGE / (0 * AGE) > 1", 1, "nothing divides by what is always zero"),
    ("2 * AGE / WEIGHT > 3 kg", 20, "2 * AGE / WEIGHT is in year/kg and 3 kg in kg"),
    ("2 * (WEIGHT / WEIGHT[WEEK48]) > 3 kg", 33, "is in 1 and 3 kg in kg"),
    (
        "min(AGE / WEIGHT, AGE / HEIGHT) > 1",
        19,
        "AGE / WEIGHT is in year/kg and AGE / HEIGHT in year/cm",
    ),
    ("min(INSULIN / AGE, INSULIN) > 1", 20, "they do not measure the same thing"),
    ("max(AGE / BALANCE, AGE) > 1", 1, "max takes no value that was divided by an item"),
]
GRAMMAR = [
    ("", 1, "expected an item or a value, found the end of the question"),
    ("HBA1C <", 8, "expected an item or a value, found the end of the question"),
    ("HBA1C == 7", 7, "== is not part of the question language: write ="),
    ("HBA1C ≤ 7", 7, "≤ is not part of the question language: write <="),
    ("TUMOUR && KETONURIA", 8, "&& is not part of the question language: write and"),
    ("(AGE > 3", 9, "expected ), found the end of the question"),
    ("AGE > 3)", 8, ") cannot stand here; the question was complete"),
    ("HBA1C[WEEK48 < 7", 14, "expected ], found <"),
    ("AGE in 3, 4", 8, "expected (, found 3"),
    ("AGE not 3", 9, "expected in, found 3"),
    ("AGE is 3", 8, "expected missing or known, found 3"),
    ("AGE > .5", 7, ". is not part of the question language: a number is written 0.5"),
    ("AGE > 1.2.3", 7, "1.2.3 is not a number; write it like 7 or 0.5"),
    ("AGE > 1e999", 8, "no unit is written e999"),
    ("SEX = 'F", 7, "' is not part of the question language: the quoted text has no end"),
    ("AGE > 3; AGE < 5", 8, "; is not part of the question language"),
    ("年龄 > 3", 1, "年 is not part of the question language"),
]
LIMITS = [
    ("AGE > " + "(" * 41 + "3" + ")" * 41, 47, "nested more than 40 deep. Divide it"),
    ("not " * 100 + "TUMOUR", 161, "nested more than 40 deep. Divide it"),
    ("AGE > " + "-" * 200 + "3", 47, "nested more than 40 deep. Divide it"),
    ("AGE > " + "3 + " * 100 + "3", 7, "nested more than 40 deep. Divide it"),
    ("AGE > " + "3" * 1000, 1001, "the question has 1006 characters; 1000 is the most. Divide it"),
    ("AGE > 1e50", 1, "could exceed 64 bits"),
    ("BALANCE * " * 20 + "BALANCE > 3", 1, "could exceed 64 bits"),
    ("AGE < 7.00000000000000000001", 1, "could exceed 64 bits"),
]


@pytest.mark.parametrize(("text", "column", "message"), NAMES + UNITS + TYPES + GRAMMAR + LIMITS)
def test_a_question_that_means_nothing_is_refused_with_what_to_write(
    question, text, column, message
):
    with pytest.raises(QuestionError) as refused:
        question(text)

    assert message in str(refused.value)
    assert refused.value.column == column


def test_an_item_without_encounter_needs_an_encounter_where_the_question_has_none(columns):
    with pytest.raises(QuestionError, match=r"meant at no encounter; write HBA1C\[ENCOUNTER\]"):
        parse_question("HBA1C < 7", columns, ("SCREENING",), None)


@pytest.mark.parametrize(
    "text",
    [
        "AGE > " + " + ".join(["AGE"] * 40),
        " or ".join(["TUMOUR"] * 100),
        "(" * 39 + "TUMOUR" + ")" * 39,
        "AGE in (" + ", ".join(map(str, range(150))) + ")",
    ],
)
def test_a_question_at_the_limits_is_answered(question, text):
    question(text)
