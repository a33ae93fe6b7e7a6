"""A column can only describe an item that can be recorded."""

from __future__ import annotations

from decimal import Decimal

import pytest

from equipoise.errors import QuestionError, UnitError
from equipoise.protocol.column import Column


def test_the_plausible_range_is_counted_in_whole_steps_within_it():
    column = Column("HBA1C", "number", "%", 1, Decimal("3.05"), Decimal("19.99"))

    assert column.counts == (31, 199)


@pytest.mark.parametrize(
    ("decimals", "words"), [(0, "in whole numbers"), (1, "to 1 decimal"), (2, "to 2 decimals")]
)
def test_how_finely_a_number_is_recorded_is_said_in_good_grammar(decimals, words):
    assert Column("AGE", "number", "1", decimals, Decimal(0), Decimal(9)).fineness == words


def test_a_number_without_a_plausible_range_is_refused():
    with pytest.raises(QuestionError, match="HBA1C is a number and needs a plausible range"):
        Column("HBA1C", "number", "%", 1, Decimal(3))


def test_a_range_that_holds_no_step_is_refused():
    with pytest.raises(QuestionError, match="no value can be recorded"):
        Column("HBA1C", "number", "%", 0, Decimal("3.1"), Decimal("3.9"))


def test_a_coded_item_without_codes_is_refused():
    with pytest.raises(QuestionError, match="SEX is coded and has no codes"):
        Column("SEX", "code")


def test_an_unknown_unit_is_refused():
    with pytest.raises(UnitError, match="no unit is written percent"):
        Column("HBA1C", "number", "percent", 1, Decimal(3), Decimal(20))
