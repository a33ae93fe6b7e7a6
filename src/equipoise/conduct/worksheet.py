"""What the preparer does at the bench: opens the slot, works out the bag, seals the worksheet.

This runs with the preparer's key, never on the server. A worksheet has one length in every arm.
Anybody can seal with public keys; so each carries a code that only the preparer's key can make.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from equipoise.conduct.canonical import canonical
from equipoise.conduct.codes import LETTERS, code
from equipoise.conduct.sealed import RECIPIENTS, box, padded, unbox
from equipoise.errors import ConductError, SealError

READERS: Final = RECIPIENTS
LENGTH: Final = 1024  # bytes of a worksheet
SEALED: Final = LENGTH + 48  # with the X25519 share and the tag of its box


def bag_code() -> str:
    """A random code for a bag: it tells nothing, and two bags do not share one in practice."""
    return f"B-{code(8)}"


def note_code() -> str:
    """The same for a note of the stock."""
    return f"N-{code(8)}"


def random_code(kind: str, text: str) -> str:
    """Pass on a code as it is made here; any other could say something.

    Raises:
        ConductError: It is another.
    """
    if not re.fullmatch(rf"{kind}-[{LETTERS}]{{8}}", text):
        raise ConductError(
            f"the code is {text[:40]!r}; it is {kind}- and 8 random letters or digits, such as "
            f"{kind}-{code(8)}"
        )
    return text


class Place(NamedTuple):
    """Where a worksheet belongs: filed elsewhere, or a second time, it is not the bench's.

    Attributes:
        listed: Fingerprint of the list that the bag is made up by.
        after: Hash of the line of the vault that it follows at once, hexadecimal.
    """

    listed: str
    after: str


def fitting(sheet: Mapping[str, object], private: bytes, place: Place) -> bytes:
    """A worksheet with the code of its maker, filled to the one length.

    Raises:
        SealError: It is too long.
    """
    return padded({**sheet, "made": _made(sheet, private, place)}, LENGTH)


def filed(
    sheet: Mapping[str, object],
    recipients: Mapping[str, str],
    bag: str,
    *,
    private: bytes,
    place: Place,
) -> dict[str, str]:
    """A worksheet under seal, hexadecimal, for each who may read it.

    Args:
        sheet: What was done: arm, lot, cells, volumes, times.
        recipients: Public keys of the list, hexadecimal.
        bag: Code of the bag, or of the note.
        private: The preparer's key.
        place: Where it belongs.

    Raises:
        SealError: It is too long.
    """
    plain = fitting(sheet, private, place)
    return {
        who: box(plain, bytes.fromhex(recipients[who]), f"equipoise worksheet 1/{bag}").hex()
        for who in READERS
    }


def read(sealed: str, private: bytes, bag: str, *, own: Place | None = None) -> dict[str, Any]:
    """The worksheet again.

    Args:
        sealed: As it is filed.
        private: A key that it was sealed for.
        bag: Code of the bag, or of the note.
        own: Where it stands, for which it must have been made with this very key; None: it was made
            with another's, whose code cannot be made again.

    Raises:
        SealError: The key is not one it was sealed for, it is of another bag, or was not made with
            the key.
    """
    plain = unbox(bytes.fromhex(sealed), private, f"equipoise worksheet 1/{bag}")
    try:
        said = dict(json.loads(plain))
    except (ValueError, TypeError) as error:
        raise SealError(f"{bag}: this is no worksheet") from error
    made = said.pop("made", None)
    if own is not None and made != _made(said, private, own):
        raise SealError(f"{bag}: its worksheet was not made with the preparer's key for this place")
    return said


def _made(said: object, private: bytes, place: Place) -> str:
    key = hmac.digest(private, f"equipoise worksheet 1/{'/'.join(place)}".encode(), "sha256")
    return hmac.digest(key, canonical(said), "sha256").hex()
