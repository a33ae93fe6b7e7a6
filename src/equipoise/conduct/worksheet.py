"""What the preparer does at the bench: opens the slot, works out the bag, seals the worksheet.

This runs with the preparer's key, never on the server. A worksheet has one length in every arm.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from equipoise.conduct.codes import code
from equipoise.conduct.sealed import RECIPIENTS, box, padded, unbox

READERS: Final = RECIPIENTS
LENGTH: Final = 1024  # bytes of a worksheet
SEALED: Final = LENGTH + 48  # with the X25519 share and the tag of its box


def bag_code() -> str:
    """A random code for a bag: it tells nothing, and two bags do not share one in practice."""
    return f"B-{code(8)}"


def fitting(sheet: Mapping[str, object]) -> bytes:
    """A worksheet, filled to the one length.

    Raises:
        SealError: It is too long.
    """
    return padded(sheet, LENGTH)


def filed(sheet: Mapping[str, object], recipients: Mapping[str, str], bag: str) -> dict[str, str]:
    """A worksheet under seal, hexadecimal, for each who may read it.

    Args:
        sheet: What was done: arm, lot, cells, volumes, times.
        recipients: Public keys of the list, hexadecimal.
        bag: Code of the bag.

    Raises:
        SealError: It is too long.
    """
    plain = fitting(sheet)
    return {
        who: box(plain, bytes.fromhex(recipients[who]), f"equipoise worksheet 1/{bag}").hex()
        for who in READERS
    }


def read(sealed: str, private: bytes, bag: str) -> bytes:
    """The worksheet again, as canonical JSON.

    Raises:
        SealError: The key is not one it was sealed for, or it is of another bag.
    """
    return unbox(bytes.fromhex(sealed), private, f"equipoise worksheet 1/{bag}").rstrip(b" ")
