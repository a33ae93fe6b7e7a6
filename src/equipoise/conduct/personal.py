"""Names and addresses: encrypted with a key for each participant, forgotten by destroying it.

The log chains the ciphertext, so that erasing a person breaks nothing. Keys live in a file of their
own, apart from the log and its backups, and a deleted key is overwritten.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from equipoise.conduct.sealed import padded
from equipoise.errors import SealError

LENGTH: Final = 1024  # bytes of the details, so that a long name is not told from a short one
_NONCE: Final = 12


@dataclass(frozen=True, slots=True)
class Keys:
    """The participants' keys, in an SQLite file."""

    path: Path

    def give(self, participant: str) -> bytes:
        """The participant's key, made now if there is none."""
        with self._open() as db:
            db.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (participant, token_bytes(32)))
            (key,) = db.execute(
                "SELECT key FROM keys WHERE participant = ?", (participant,)
            ).fetchone()
        return bytes(key)

    def find(self, participant: str) -> bytes:
        """The participant's key.

        Raises:
            SealError: There is none, or none any more.
        """
        if not self.path.exists():
            raise SealError(f"there is no file of keys {self.path}")
        with self._open() as db:
            row = db.execute(
                "SELECT key FROM keys WHERE participant = ?", (participant,)
            ).fetchone()
        if row is None:
            raise SealError(f"{participant}: there is no key; the details were erased")
        return bytes(row[0])

    def destroy(self, participant: str) -> None:
        """Erase the key, and with it everything it encrypted; to do so twice does no harm."""
        with self._open() as db:
            db.execute("DELETE FROM keys WHERE participant = ?", (participant,))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.touch(mode=0o600)
            with closing(sqlite3.connect(self.path, timeout=30)) as db, db:
                db.execute("PRAGMA secure_delete = ON")
                db.execute("PRAGMA synchronous = FULL")
                db.execute(
                    "CREATE TABLE IF NOT EXISTS keys (participant TEXT PRIMARY KEY, key BLOB)"
                )
                yield db
        except (OSError, sqlite3.Error) as error:
            raise SealError(f"{self.path} is no file of keys that can be used: {error}") from error


def encrypt(details: Mapping[str, str], key: bytes, about: str) -> str:
    """The details as the log holds them, hexadecimal; ``about`` names study and participant."""
    nonce = token_bytes(_NONCE)
    return (
        nonce + ChaCha20Poly1305(key).encrypt(nonce, padded(details, LENGTH), about.encode())
    ).hex()


def decrypt(sealed: str, key: bytes, about: str) -> dict[str, str]:
    """The details again.

    Raises:
        SealError: Another key or participant, or they were altered.
    """
    data = bytes.fromhex(sealed)
    try:
        plain = ChaCha20Poly1305(key).decrypt(data[:_NONCE], data[_NONCE:], about.encode())
    except InvalidTag as error:
        raise SealError(f"{about}: this key does not open these details") from error
    return {str(name): str(value) for name, value in json.loads(plain).items()}
