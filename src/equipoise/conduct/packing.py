"""How a line is kept in a database: deflated, for most of it is the same in every line.

What is hashed, signed and exported is the line itself; this only makes the database a quarter of
the size. Source: RFC 1951, DEFLATE, 1996. The dictionary is what lines of all trials have in
common, the most common last, and then the first line of the trial, with the hash of its protocol.
Neither ever changes: with another dictionary no log could be read.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Final

from equipoise.errors import LogError

_COMMON: Final = (
    b'"no""yes""reason":null,"site":null,"participant":null,"type":"Screened""Signed""Randomised"'
    b'"Consented""TitrationProposed""DoseDecided""ReadingsRecorded""VisitHeld""ValueCorrected"'
    b'"role":"sub-investigator""role":"study nurse""role":"investigator""SCREENING""BASELINE"'
    b'{"actor":"","after":,"at":"20-T::.000000Z","body":{"encounter":"WEEK","item":"","on":"20-XX",'
    b'"value":"."},"chain":"main","command":"-4-8-","participant":"S1-0","protocol":"1.0",'
    b'"protocol_hash":"","reason":null,"request":"","role":"study nurse","sequence":,"site":"S1",'
    b'"study":"NCT0","type":"ValueRecorded","version":1,"zone":"Asia/Shanghai"}'
)
_RAW: Final = -15  # no header and no check sum: the chain has a better one


def packed(line: str, like: bytes | None = None) -> bytes:
    """The bytes that a database keeps of a line.

    Args:
        line: Of a log.
        like: What it keeps of the trial's first line.

    >>> first = packed("fasting 7.0 mmol/L")
    >>> unpacked(packed("fasting 7.1 mmol/L", first), first)
    'fasting 7.1 mmol/L'
    """
    deflate = zlib.compressobj(wbits=_RAW, zdict=_dictionary(like))
    return deflate.compress(line.encode()) + deflate.flush()


def unpacked(kept: bytes, like: bytes | None = None) -> str:
    """The line again.

    Raises:
        LogError: It was altered.
    """
    inflate = zlib.decompressobj(wbits=_RAW, zdict=_dictionary(like))
    try:
        line = inflate.decompress(kept) + inflate.flush()
        if not inflate.eof or inflate.unused_data:
            raise LogError("a line of the database was cut short or added to")
        return line.decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise LogError(f"a line of the database cannot be read: {error}") from error


@lru_cache(maxsize=8)
def _dictionary(like: bytes | None) -> bytes:
    return _COMMON if like is None else _COMMON + unpacked(like).encode()
