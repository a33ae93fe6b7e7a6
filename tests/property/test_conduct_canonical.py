"""Canonical JSON, held against another implementation of RFC 8785."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from equipoise.conduct.canonical import canonical
from equipoise.errors import ConductError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda parts: st.lists(parts) | st.dictionaries(TEXTS, parts),
)


@given(VALUES)
def test_the_bytes_are_those_of_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)


def test_names_are_ordered_by_their_utf_16_code_units():
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize("value", [2**53, -(2**53), 0.1, "\ud800", {"\ud800": 1}])
def test_what_cannot_be_written_exactly_is_refused(value):
    with pytest.raises(ConductError, match="cannot be written down exactly"):
        canonical(value)
