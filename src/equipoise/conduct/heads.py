"""Signed heads: what keeps a log from being cut short or written anew.

A head says where a chain ended at some time. It is signed (Ed25519, RFC 8032, 2017) and handed to
somebody over whom the database's administrator has no power; ``verifier`` compares a log with it.
There is one a chain, for one head of all would tell how much the hidden chains hold.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from equipoise.conduct.canonical import canonical, instant
from equipoise.conduct.events.event import Chain
from equipoise.conduct.log import Log
from equipoise.conduct.portable import exported
from equipoise.conduct.verifier import Broken, verified_head, verify
from equipoise.errors import LogError


def signed_head(log: Log, chain: Chain, *, at: datetime, private: bytes) -> bytes:
    """The head of a chain, as a line of JSON.

    Args:
        log: The log.
        chain: Which of its chains.
        at: Now.
        private: Ed25519 key of 32 bytes, kept apart from the database.
    """
    tip = log.tip(chain)
    head = {
        "at": instant(at),
        "chain": chain,
        "hash": tip.hash.hex(),
        "sequence": tip.sequence,
        "study": log.study.name,
    }
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(canonical(head))
    return canonical({"head": head, "signature": signature.hex()}) + b"\n"


def hold(log: Log, signed: bytes, *, public: bytes) -> None:
    """Demand that a log goes on from where a signed head says that it was.

    Raises:
        LogError: The head is not signed with the key, or the log is cut short or written anew.
    """
    try:
        head = verified_head(signed, public.hex())
        lines = exported(log.lines(head["chain"]))
        verify(lines, head)
    except (Broken, KeyError) as error:
        raise LogError(f"not the log that was signed: {error}") from error
