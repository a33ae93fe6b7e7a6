"""Commands by name: what each is made of, and what is said of a part that cannot be so."""

from __future__ import annotations

import pytest

from equipoise.conduct.commands.asking import asked, described, known
from equipoise.conduct.commands.safety import _CODES, Account
from equipoise.errors import ConductError
from equipoise.rules.safety import Criteria

LOT = {
    "lot": "L1", "product": "TABLET", "place": "S1", "units": "20", "expiry": "2027-06-30",
    "storage": "dry",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(known()))
def test_every_part_of_every_command_is_described(name):
    for part, words in described(name):
        assert part
        assert "``" not in words
        assert "\n" not in words


def test_the_parts_of_an_adverse_event_are_described_one_by_one_with_their_codes():
    said = dict(described("report adverse event"))

    assert [part for part in said if part.startswith("account.")] == [
        f"account.{part}" for part in Account._fields
    ]
    for column, codes in _CODES.items():
        for code in codes:
            assert code in said[f"account.{column}"]
    for criterion in Criteria._fields:
        assert criterion in said["account.criteria"]


def test_what_may_be_left_out_is_said():
    said = dict(described("receive lot"))

    assert said["units"] == "a whole number. Number of vials, bottles, tablets."
    assert said["passage"].endswith("(may be left out)")


def test_what_is_not_there_is_called_as_it_is_typed():
    said = dict(described("record"))

    assert "null when it was not done" in said["value"]
    assert not any("None" in words for name in known() for _, words in described(name))


@pytest.mark.parametrize(
    ("name", "parts", "message"),
    [
        ("receive lot", LOT | {"units": "twenty"}, "units is 'twenty': give a whole number"),
        ("receive lot", LOT | {"units": "2.5"}, "units is '2.5': give a whole number"),
        ("receive lot", LOT | {"lot": {}}, "lot is {}: give text"),
        ("appoint", {"person": "x", "role": "king"}, "role is 'king': it is one of 'investigator'"),
        ("check dose", {"participant": "x", "encounter": "x", "bag": "x", "agrees": "perhaps"},
         "agrees is 'perhaps': give true or false"),
        ("report adverse event", {"participant": "x", "account": "Fell"},
         "account is 'Fell': give NAME.PART=VALUE"),
        ("report adverse event", {"participant": "x", "account": {"verbatim": "Fell"}},
         "account.term: it is missing"),
        ("record form", {"participant": "x", "encounter": "x", "form": "x", "values": "SBP=1",
                         "units": {}, "on": "2026-01-05"}, "values is 'SBP=1': give NAME.PART"),
        ("verify source", {"participant": "x", "encounter": "x", "form": "x", "items": "SBP"},
         "items is 'SBP': give a list"),
    ],
)  # fmt: skip
def test_what_a_part_cannot_be_is_said_in_plain_words(name, parts, message):
    with pytest.raises(ConductError) as refused:
        asked(name, parts)

    assert str(refused.value).startswith(message)
    assert "Input" not in str(refused.value)
