"""The model of `published.yaml`: digits are kept, and every id names something that fits."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from equipoise.protocol.published import Number, Published


def number(**more):
    return {
        "id": "dose",
        "statistic": "mean",
        "value": Decimal("0.50"),
        "printed": "0.50",
        "passage": "p",
        **more,
    }


def published(**more):
    return Published.model_validate(
        {
            "arms": ["A", "B"],
            "passages": [{"id": "p", "source": "paper", "where": "Results"}],
            "numbers": [number()],
            **more,
        }
    )


def check(**more):
    return {"id": "c", "expectation": "It follows.", **more}


def problems(**more):
    return list(published(**more).misfits())


def test_printed_digits_survive():
    assert str(Number.model_validate(number()).value) == "0.50"


def test_a_binary_float_is_refused():
    with pytest.raises(ValidationError, match="lost its printed digits"):
        Number.model_validate(number(value=0.5))


def test_a_claim_shows_value_sd_range_and_unit():
    shown = number(value=12, sd=Decimal("7.6"), lowest=8, highest=24, unit="week")

    assert Number.model_validate(shown).claim == "12 ± 7.6 (8–24) week"


def test_a_study_that_fits_has_no_misfits():
    assert problems() == []


@pytest.mark.parametrize(
    ("more", "place", "words"),
    [
        ({"numbers": [number(), number()]}, ("numbers",), "'dose' is given 2 times"),
        ({"numbers": [number(passage="q")]}, ("numbers", 0, "passage"), "q names nothing"),
        ({"numbers": [number(arm="C")]}, ("numbers", 0, "arm"), "C names nothing"),
        (
            {"checks": [check(kind="sum", of="dosis", terms=["dose"])]},
            ("checks", 0, "of"),
            "Did you mean dose?",
        ),
        (
            {"checks": [check(kind="sum", of="dose", terms=["- dozes"])]},
            ("checks", 0),
            "dozes names nothing",
        ),
        (
            {"checks": [check(kind="p of means", of="dose")]},
            ("checks", 0, "of"),
            "dose names nothing that fits",
        ),
        (
            {"checks": [check(kind="percentage", of="dose", largest="dose")]},
            ("checks", 0, "of"),
            "dose has no arm",
        ),
        (
            {"analysis_sets": [{"id": "s", "label": "all", "n": {"A": ["dose"]}}]},
            ("analysis_sets", 0, "n"),
            "the arm B is missing",
        ),
    ],
)
def test_an_id_that_fits_nothing_is_named_with_its_place(more, place, words):
    [(found, message)] = problems(**more)

    assert found == place
    assert words in message


def test_reductions_go_in_pairs_with_levels():
    ratio = check(kind="ratio of means", levels=["dose", "dose"], reductions=["dose"])

    with pytest.raises(ValidationError, match="do not go in pairs"):
        published(checks=[ratio])
