from decimal import Decimal

import pytest

from equipoise.analysis.reproduce.rounding import agrees, satisfies, span, total
from equipoise.errors import StatisticsError


def test_a_trailing_zero_narrows_what_stands_behind_a_number():
    assert span(Decimal("0.5"))[1:] == (Decimal("0.45"), Decimal("0.55"))
    assert span(Decimal("0.50"))[1:] == (Decimal("0.495"), Decimal("0.505"))


def test_both_halves_agree_with_the_print():
    assert agrees(15.625, Decimal("15.62"))
    assert agrees(15.625, Decimal("15.63"))
    assert not agrees(15.6251, Decimal("15.62"))


@pytest.mark.parametrize(
    ("p", "comparison", "printed", "answer"),
    [
        (0.049, "<", "0.05", True),
        (0.05, "<", "0.05", False),
        (0.051, ">", "0.05", True),
        (0.0349, "=", "0.03", True),
        (0.0351, "=", "0.03", False),
    ],
)
def test_a_p_value_is_judged_by_its_sign_and_digits(p, comparison, printed, answer):
    assert satisfies(p, comparison, Decimal(printed)) is answer


def test_counts_add_up_without_rounding_and_means_with_it(paper):
    study = paper.study(paper.number("mean", "1.5"))

    assert total(study, ("all-b", "- all-a")) == (1, 1, 1)
    assert total(study, ("mean", "mean"))[1:] == (Decimal("2.90"), Decimal("3.10"))


def test_an_end_that_was_not_printed_is_an_error(paper):
    study = paper.study(paper.number("mean", "1.5"))

    with pytest.raises(StatisticsError, match="no printed lowest value"):
        total(study, ("mean.lowest",))
