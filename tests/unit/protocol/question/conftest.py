"""A small data dictionary for questions about it."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

from equipoise.protocol.column import Column
from equipoise.protocol.question import parse_quantity, parse_question

ENCOUNTERS = ("SCREENING", "BASELINE", "WEEK9", "WEEK48")
SCREENING = ("SCREENING",)


def _number(name, unit, decimals, low, high, encounters=ENCOUNTERS, conversions=()):
    return Column(
        name,
        "number",
        unit,
        decimals,
        Decimal(low),
        Decimal(high),
        encounters=encounters,
        conversions=conversions,
    )


COLUMNS = {
    column.name: column
    for column in (
        _number("HBA1C", "%", 1, "3.0", "20.0"),
        _number("INSULIN", "U/d", 0, "0", "500"),
        _number("WEIGHT", "kg", 1, "30", "250"),
        _number("HEIGHT", "cm", 0, "100", "230", SCREENING),
        _number("AGE", "year", 0, "0", "120", SCREENING),
        _number("GLUCOSE", "mmol/L", 1, "1.0", "40.0", conversions=(("mg/dL", Decimal("18.016")),)),
        _number("CREATININE", "umol/L", 0, "10", "2000", SCREENING),
        _number("BALANCE", "1", 1, "-10", "10", SCREENING),
        Column("SEX", "code", codes=("F", "M"), encounters=SCREENING),
        Column("NYHA", "code", codes=("I", "II", "III", "IV"), encounters=("BASELINE", "WEEK48")),
        Column("KETONURIA", "yesno", encounters=SCREENING),
        Column("PREGNANT", "yesno", encounters=SCREENING),
        Column("TUMOUR", "yesno", encounters=SCREENING),
        Column("CONSENT", "date", encounters=SCREENING),
        Column("DIAGNOSIS", "date", encounters=SCREENING),
        Column("REMARK", "text", encounters=SCREENING),
    )
}


@pytest.fixture(scope="session")
def question():
    """Parse a question about the dictionary; items without brackets are meant at screening."""
    return partial(parse_question, columns=COLUMNS, encounters=ENCOUNTERS, here="SCREENING")


@pytest.fixture(scope="session")
def quantity():
    """Parse a quantity over the dictionary; items without brackets are meant at screening."""
    return partial(parse_quantity, columns=COLUMNS, encounters=ENCOUNTERS, here="SCREENING")


@pytest.fixture(scope="session")
def ask(question):
    """Ask a question about values named as the question names them."""

    def answer(text, **values):
        asked = question(text)
        named = {
            need: values.get(f"{need.item}_{need.encounter}", values.get(need.item))
            for need in asked.needs
        }
        return asked.ask(named)

    return answer


@pytest.fixture(scope="session")
def columns():
    """The dictionary."""
    return COLUMNS
