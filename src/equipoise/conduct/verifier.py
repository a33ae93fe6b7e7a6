"""Verify an exported log against a signed head, with nothing else at hand.

    python verifier.py LOG.jsonl HEAD.json PUBLIC_KEY

LOG.jsonl is one chain as exported: a line holds the hash and the entry. HEAD.json was signed when
the chain ended with its hash; PUBLIC_KEY, in hexadecimal, comes from whoever signs, not from
whoever keeps the log. This one file needs Python and the package ``cryptography``, no database and
no Equipoise. What it holds to:

* each entry's hash is SHA-256(hash before ‖ entry), from 32 zero bytes on;
* the entries count 1, 2, 3 …, and are all of the head's study and chain;
* the head's signature is by the key, and its hash is that of the entry it names.

So an entry that was edited, deleted, put elsewhere or inserted, a log cut short of its head and a
log written anew are all found. What was cut off after the head was signed is not: sign often.
"""

import json
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SAYS = {"at", "chain", "hash", "sequence", "study"}
OPENS, MIDDLE, CLOSES = b'{"hash":"', b'","line":', b"}\n"


class Broken(Exception):  # noqa: N818  # reads better where it is raised
    """The log is not what was signed."""


def verified_head(signed: bytes, public_key: str) -> dict[str, Any]:
    """What the head says, once its signature is by this key."""
    try:
        content = json.loads(signed)
        head: dict[str, Any] = content["head"]
        said = json.dumps(head, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(content["signature"]), said.encode())
        if set(head) != SAYS or type(head["sequence"]) is not int:
            raise Broken("what was signed with this key is not the head of a log")
    except (ValueError, KeyError, TypeError, RecursionError, InvalidSignature) as error:
        raise Broken("the head was not signed with this key, or was altered") from error
    return head


def verify(lines: Iterable[bytes], head: dict[str, Any]) -> int:
    """Verify a chain up to and beyond its head; return the number of its entries."""
    count, before, at_head = 0, bytes(32), None
    for line in lines:
        count += 1
        if line[:9] != OPENS or line[73:82] != MIDDLE or line[-2:] != CLOSES:
            raise Broken(f"line {count} is not a line of an exported log")
        entry = line[82:-2]
        before = sha256(before + entry).digest()
        if line[9:73] != before.hex().encode():
            raise Broken(f"line {count} was altered, or the line before it is not the one it had")
        try:
            said = json.loads(entry)
            names = (said["study"], said["chain"], said["sequence"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Broken(f"line {count} holds no entry") from error
        if names != (head["study"], head["chain"], count):
            raise Broken(f"line {count} says that it is {names}")
        if count == head["sequence"]:
            at_head = before.hex()
    if head["sequence"] > count:
        raise Broken(f"the log ends at {count}, but {head['sequence']} entries were signed")
    if head["sequence"] and at_head != head["hash"]:
        raise Broken(f"entry {head['sequence']} is not the one that was signed: written anew")
    return count


def main(arguments: list[str]) -> int:
    """Say whether the log holds; the exit status says it too."""
    if len(arguments) != 3:
        sys.stderr.write("usage: python verifier.py LOG.jsonl HEAD.json PUBLIC_KEY\n")
        return 2
    log, signed, public_key = arguments
    try:
        head = verified_head(Path(signed).read_bytes(), public_key)
        with Path(log).open("rb") as lines:
            count = verify(lines, head)
    except (Broken, OSError) as error:
        sys.stderr.write(f"NOT VERIFIED: {error}\n")
        return 1
    more = count - head["sequence"]
    sys.stdout.write(
        f"Verified: the first {head['sequence']} entries of {head['study']}, {head['chain']}, are "
        f"those signed at {head['at']}.\n"
    )
    if more:
        sys.stdout.write(f"NOT covered by the head: {more} later entries, unbroken.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
