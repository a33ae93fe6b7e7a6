from __future__ import annotations

import pytest

from equipoise.rules.counter import below, philox

WORD = 2**32 - 1


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        (
            (WORD, WORD, WORD, WORD),
            (WORD, WORD),
            (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
        ),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_known_answers_of_random123(counter, key, words):
    """From kat_vectors of the Random123 library, philox4x32 with 10 rounds."""
    assert philox(counter, key) == words


def test_a_number_below_n_is_never_n():
    assert [below(6, word) for word in (0, WORD)] == [0, 5]
