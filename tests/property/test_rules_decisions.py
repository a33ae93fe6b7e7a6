"""Laws of eligibility, seriousness and doses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from equipoise.answer import NO, UNKNOWN, YES
from equipoise.rules.dosing.by_weight import target
from equipoise.rules.dosing.preparation import Product, prepare
from equipoise.rules.eligibility import eligible, reasons

ANSWERS = st.lists(st.sampled_from((NO, UNKNOWN, YES)), max_size=8)
PER_KG = st.integers(1, 10**6).map(lambda tenth: 10 * tenth)


@given(ANSWERS, ANSWERS, st.randoms())
def test_answering_what_was_unknown_never_overturns_a_decision(inclusion, exclusion, chance):
    def answered(answers):
        return [chance.choice((NO, YES)) if a == UNKNOWN else a for a in answers]

    before = eligible(inclusion, exclusion)
    after = eligible(answered(inclusion), answered(exclusion))

    assert before in {UNKNOWN, after}
    assert after != UNKNOWN


@given(ANSWERS, ANSWERS)
def test_the_reasons_tell_the_answer(inclusion, exclusion):
    why = reasons(
        {f"I{number}": answer for number, answer in enumerate(inclusion)},
        {f"E{number}": answer for number, answer in enumerate(exclusion)},
    )

    answer = NO if why.failing else UNKNOWN if why.unjudged else YES
    assert eligible(inclusion, exclusion) == answer


@given(st.integers(1, 3000), PER_KG)
def test_an_unrounded_dose_is_the_weight_times_the_dose_per_kg(weight, per_kg):
    assert target(weight, per_kg) * 10 == per_kg * weight


@given(st.integers(1, 2999), PER_KG, st.integers(1, 10**7), st.integers(10**7, 10**9))
def test_a_heavier_person_never_gets_less_and_nobody_more_than_the_maximum(
    weight, per_kg, nearest, maximum
):
    dose = target(weight, per_kg, nearest, maximum)

    assert dose <= target(weight + 1, per_kg, nearest, maximum) <= maximum
    assert dose == maximum or abs(dose * 10 - per_kg * weight) * 2 <= nearest * 10


@given(st.integers(1, 10**9), st.integers(1, 10**8), st.integers(1, 500))
def test_the_vials_are_enough_and_not_one_too_many(cells, vial, vial_volume):
    bag = prepare(cells, Product(vial, vial_volume, bag=10**12))

    assert (bag.vials - 1) * vial < cells <= bag.vials * vial
    assert abs(bag.suspension * vial - cells * vial_volume) * 2 <= vial
    assert bag.suspension <= bag.vials * vial_volume
    assert bag.suspension + bag.vehicle == 10**12
