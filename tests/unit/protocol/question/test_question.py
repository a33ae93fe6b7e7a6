"""What questions answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from equipoise.answer import NO, UNKNOWN, YES
from equipoise.protocol.column import Column
from equipoise.protocol.question import MISSING, Reference, parse_question

RESPONDER = "HBA1C[WEEK48] < 7.0 and INSULIN[WEEK48] <= 0.5 * INSULIN[BASELINE]"


def test_hba1c_of_exactly_seven_is_not_below_seven(ask):
    assert ask("HBA1C < 7.0", HBA1C=Decimal("7.0")) == NO
    assert ask("HBA1C < 7.0", HBA1C=Decimal("6.9")) == YES


@pytest.mark.parametrize("tenths", range(70, 160))
def test_a_fall_of_exactly_three_tenths_counts_from_every_baseline(ask, tenths):
    text = "HBA1C[BASELINE] - HBA1C[WEEK48] >= 0.3"
    baseline = Decimal(tenths).scaleb(-1)

    fell = {fall: baseline - Decimal(fall) for fall in ("0.2", "0.3")}

    assert ask(text, HBA1C_BASELINE=baseline, HBA1C_WEEK48=fell["0.3"]) == YES
    assert ask(text, HBA1C_BASELINE=baseline, HBA1C_WEEK48=fell["0.2"]) == NO


def test_binary_floating_point_would_miss_such_a_fall_from_41_of_90_baselines():
    missed = [tenths for tenths in range(70, 160) if tenths / 10 - (tenths - 3) / 10 < 0.3]

    assert len(missed) == 41


@pytest.mark.parametrize(
    ("baseline", "week48", "answer"), [(41, 20, YES), (41, 21, NO), (40, 20, YES), (1, 0, YES)]
)
def test_half_of_an_odd_dose_is_not_rounded(ask, baseline, week48, answer):
    text = "INSULIN[WEEK48] <= 0.5 * INSULIN[BASELINE]"

    assert ask(text, INSULIN_BASELINE=baseline, INSULIN_WEEK48=week48) == answer


@pytest.mark.parametrize(
    ("hba1c", "dose", "answer"),
    [
        ("6.9", 20, YES),
        ("7.0", 20, NO),
        ("6.9", 21, NO),
        (None, 20, UNKNOWN),
        ("6.9", None, UNKNOWN),
        ("7.0", None, NO),
        (None, 21, NO),
        (None, None, UNKNOWN),
    ],
)
def test_a_responder_needs_both_and_one_failure_is_enough_for_no(ask, hba1c, dose, answer):
    glycated = None if hba1c is None else Decimal(hba1c)

    assert ask(RESPONDER, HBA1C_WEEK48=glycated, INSULIN_WEEK48=dose, INSULIN_BASELINE=40) == answer


@pytest.mark.parametrize(
    ("left", "right", "conjunction", "disjunction"),
    [
        (True, True, YES, YES),
        (True, None, UNKNOWN, YES),
        (True, False, NO, YES),
        (None, None, UNKNOWN, UNKNOWN),
        (None, False, NO, UNKNOWN),
        (False, False, NO, NO),
    ],
)
def test_and_or_follow_kleene_in_both_orders(ask, left, right, conjunction, disjunction):
    for first, second in ((left, right), (right, left)):
        values = {"KETONURIA": first, "TUMOUR": second}

        assert ask("KETONURIA and TUMOUR", **values) == conjunction
        assert ask("KETONURIA or TUMOUR", **values) == disjunction


@pytest.mark.parametrize(("value", "answer"), [(True, NO), (None, UNKNOWN), (False, YES)])
def test_not_turns_yes_and_no_round_and_leaves_unknown(ask, value, answer):
    assert ask("not KETONURIA", KETONURIA=value) == answer
    assert ask("not not not KETONURIA", KETONURIA=value) == answer


def test_missing_and_known_are_never_unknown(ask):
    assert ask("HBA1C is missing", HBA1C=None) == YES
    assert ask("HBA1C is missing", HBA1C=Decimal("7.0")) == NO
    assert ask("REMARK is known", REMARK="seen by a colleague") == YES
    assert ask("REMARK is not known", REMARK=None) == YES
    assert ask("REMARK is not missing", REMARK=None) == NO


def test_a_value_that_was_not_given_at_all_is_missing(question):
    assert question("HBA1C < 7.0").ask({}) == UNKNOWN


@pytest.mark.parametrize(
    ("glucose", "answer"), [("4.3", NO), ("4.4", YES), ("7.0", YES), ("7.1", NO), (None, UNKNOWN)]
)
def test_a_chained_comparison_holds_both_limits(ask, glucose, answer):
    value = None if glucose is None else Decimal(glucose)

    assert ask("4.4 <= GLUCOSE <= 7.0", GLUCOSE=value) == answer
    assert ask("7.0 mmol/L >= GLUCOSE >= 4.4", GLUCOSE=value) == answer


@pytest.mark.parametrize(("glucose", "answer"), [("6.9", NO), ("7.0", YES)])
def test_a_declared_conversion_is_used_exactly(ask, glucose, answer):
    """7.0 mmol/L is 126.112 mg/dL, 6.9 is 124.3104."""
    assert ask("GLUCOSE >= 126 mg/dL", GLUCOSE=Decimal(glucose)) == answer
    assert ask("1.26 g/L <= GLUCOSE", GLUCOSE=Decimal(glucose)) == answer


def test_units_of_one_quantity_mix(ask):
    assert ask("HEIGHT > 1.7 m", HEIGHT=171) == YES
    assert ask("AGE >= 240 month", AGE=20) == YES
    assert ask("WEIGHT + 500 g > 80 kg", WEIGHT=Decimal("79.5")) == NO
    assert ask("WEIGHT / (HEIGHT * HEIGHT) >= 24 kg/m2", WEIGHT=Decimal("69.4"), HEIGHT=170) == YES
    assert ask("WEIGHT / (HEIGHT * HEIGHT) >= 24 kg/m2", WEIGHT=Decimal("69.3"), HEIGHT=170) == NO


def test_a_ratio_compares_with_a_bare_number_and_with_a_percentage(ask):
    doses = {"INSULIN_BASELINE": 40, "INSULIN_WEEK48": 28}

    for limit in ("0.7", "70 %"):
        assert ask(f"INSULIN[WEEK48] / INSULIN[BASELINE] <= {limit}", **doses) == YES
        assert ask(f"INSULIN[WEEK48] / INSULIN[BASELINE] < {limit}", **doses) == NO


def test_a_percentage_item_compares_with_a_percentage_or_a_bare_number_in_percent(ask):
    assert ask("HBA1C = 7.0", HBA1C=Decimal("7.0")) == YES
    assert ask("HBA1C = 7 %", HBA1C=Decimal("7.0")) == YES


def test_dividing_by_zero_is_unknown(ask):
    change = "(INSULIN[BASELINE] - INSULIN[WEEK48]) / INSULIN[BASELINE] >= 50 %"

    assert ask(change, INSULIN_BASELINE=0, INSULIN_WEEK48=0) == UNKNOWN
    assert ask(change, INSULIN_BASELINE=2, INSULIN_WEEK48=1) == YES


@pytest.mark.parametrize("balance", ["-4.0", "-0.1", "0.0", "0.1", "4.0"])
def test_a_negative_divisor_does_not_turn_the_comparison(ask, balance):
    value = Decimal(balance)
    wanted = UNKNOWN if value == 0 else YES if 1 / value < 3 else NO

    assert ask("1 / BALANCE < 3", BALANCE=value) == wanted
    assert ask("1 / -BALANCE > -3", BALANCE=value) == wanted


@pytest.mark.parametrize(("balance", "answer"), [("-4.0", YES), ("10.0", NO)])
def test_a_divisor_that_is_always_negative_does_not_turn_the_comparison(ask, balance, answer):
    assert ask("BALANCE / (BALANCE - 11) > 0.2", BALANCE=Decimal(balance)) == answer


def test_codes_are_equal_or_not_or_listed(ask):
    assert ask('SEX = "F"', SEX="F") == YES
    assert ask("SEX != 'F'", SEX="F") == NO
    assert ask('NYHA[BASELINE] in ("III", "IV")', NYHA_BASELINE="IV") == YES
    assert ask('NYHA[BASELINE] not in ("III", "IV")', NYHA_BASELINE="IV") == NO
    assert ask('NYHA[BASELINE] not in ("III", "IV")', NYHA_BASELINE=None) == UNKNOWN
    assert ask("NYHA[WEEK48] != NYHA[BASELINE]", NYHA_BASELINE="I", NYHA_WEEK48="II") == YES
    assert ask("AGE in (20, 21, 22)", AGE=21) == YES


def test_dates_compare_and_their_difference_is_in_days(ask):
    dates = {"DIAGNOSIS": date(2004, 2, 28), "CONSENT": date(2004, 3, 1)}

    assert ask("CONSENT - DIAGNOSIS = 2", **dates) == YES
    assert ask("CONSENT - DIAGNOSIS < 1 week", **dates) == YES
    assert ask("CONSENT > DIAGNOSIS + 48 h", **dates) == NO
    assert ask('CONSENT >= "2004-03-01"', **dates) == YES
    assert ask("max(CONSENT, DIAGNOSIS) = CONSENT", **dates) == YES


def test_min_max_and_mean_take_lists(ask):
    values = {
        "GLUCOSE_BASELINE": Decimal("5.0"),
        "GLUCOSE_WEEK9": Decimal("6.1"),
        "GLUCOSE_WEEK48": Decimal("7.0"),
    }
    three = "(GLUCOSE[BASELINE], GLUCOSE[WEEK9], GLUCOSE[WEEK48])"

    assert ask(f"min{three} = 5.0", **values) == YES
    assert ask(f"max{three} = 7.0", **values) == YES
    assert ask(f"18.1 = 3 * mean{three}", **values) == YES
    assert ask(f"mean{three} > 6.03", **values) == YES
    assert ask(f"mean{three} > 6.04", **values) == NO
    assert ask(f"min{three} = 5.0", **{**values, "GLUCOSE_WEEK9": None}) == UNKNOWN


def test_multiplication_binds_before_addition_and_and_before_or(ask):
    assert ask("AGE + 2 * AGE = 30", AGE=10) == YES
    assert ask("2 * (AGE + 2 * AGE) = 60", AGE=10) == YES
    assert ask("AGE - 3 - 2 = 5", AGE=10) == YES
    assert ask("AGE / 4 / 2 = 1.25", AGE=10) == YES
    values = {"KETONURIA": True, "TUMOUR": False, "PREGNANT": False}
    assert ask("KETONURIA or TUMOUR and PREGNANT", **values) == YES
    assert ask("(KETONURIA or TUMOUR) and PREGNANT", **values) == NO
    assert ask("not KETONURIA and TUMOUR", **values) == NO


def test_needs_are_named_once_in_the_order_of_the_text(question):
    asked = question("HBA1C < 7 or HBA1C[WEEK48] < HBA1C[SCREENING]")

    assert asked.needs == (Reference("HBA1C", "SCREENING"), Reference("HBA1C", "WEEK48"))
    assert asked.answer(65, MISSING) == YES


def test_items_and_encounters_that_join_to_the_same_name_stay_apart():
    pair = {
        "A_B": Column("A_B", "yesno", encounters=("C",)),
        "A": Column("A", "yesno", encounters=("B_C",)),
    }

    asked = parse_question("A_B[C] and not A[B_C]", pair, ("C", "B_C"), None)

    assert asked.answer(1, 0) == YES
    assert asked.answer(1, 1) == NO


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("HBA1C < 25", "yes"),
        ("HBA1C > 25", "no"),
        ("AGE >= 0", "yes"),
        ("HBA1C = 7.05", "no"),
        ("7.05 != HBA1C", "yes"),
        ("CREATININE > 175 mmol/L", "no"),
        ("1 < 2", "yes"),
    ],
)
def test_a_comparison_that_no_value_decides_is_warned_of(question, text, word):
    (warning,) = question(text).warnings

    assert warning == f"{text} is {word} for every value that can be recorded"


def test_a_question_that_values_decide_has_no_warning(question):
    assert question(RESPONDER).warnings == ()
