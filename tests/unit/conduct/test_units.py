"""In which unit a value may be given."""

from __future__ import annotations

import pytest

from equipoise.conduct.commands.values import same_unit


@pytest.mark.parametrize(
    ("given", "wanted", "same"),
    [
        ("kg", "kg", True),
        ("lb", "kg", False),
        (None, "kg", False),
        ("kg", None, False),
        (None, None, True),
        (None, "1", True),
        ("1", "1", True),
        ("\N{MICRO SIGN}mol/L", "umol/L", True),
        ("\N{GREEK SMALL LETTER MU}mol/L", "umol/L", True),
        ("mmol/L", "umol/L", False),
        ("MG/DL", "mg/dL", False),
    ],
)
def test_a_unit_is_the_items_own_and_never_guessed(given, wanted, same):
    assert same_unit(given, wanted) is same
