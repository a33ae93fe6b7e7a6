"""Keys in files: private ones readable by their owner alone, never written over.

A private key stays with who it is for, on a machine apart from the trial's; a public one goes to
whoever seals the list.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from equipoise.conduct.entry import EMPTY, Tip
from equipoise.conduct.sealed import RECIPIENTS, Key, new_key
from equipoise.conduct.shares import join, split
from equipoise.conduct.storage.turns import turn
from equipoise.errors import SealError

SIGNER: Final = "log"  # signs where the log ends
ONCE: Final = "investigator"  # for one unblinding
HOLDERS: Final = (*RECIPIENTS, SIGNER, ONCE)
PRIVATE, PUBLIC, SHARE, LIST, SEEN = ".key", ".pub", ".share", ".list", ".seen"
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{32}")
_KEY: Final = re.compile(r"equipoise (private|public) key of ([a-z-]+): ([0-9a-f]{64})\n?")


def make(who: str, folder: Path) -> tuple[Path, ...]:
    """Make the key pair of a holder; that of the custodian is split, any 2 of 3 shares join it.

    Raises:
        SealError: There is no such holder, or a file is there already.
    """
    if who not in HOLDERS:
        raise SealError(f"keys are held by {', '.join(HOLDERS)}, not {who[:40]!r}")
    pair = signing_key() if who == SIGNER else new_key()
    if who == "custodian":
        shares = enumerate(split(pair.private), start=1)
        private = {f"{who}-{number}{SHARE}": f"{share}\n" for number, share in shares}
    else:
        private = {f"{who}{PRIVATE}": f"equipoise private key of {who}: {pair.private.hex()}\n"}
    public = {f"{who}{PUBLIC}": f"equipoise public key of {who}: {pair.public.hex()}\n"}
    return write_new(folder, private | public)


def write_new(folder: Path, contents: dict[str, str]) -> tuple[Path, ...]:
    """Write files that only their owner reads, none of which may be there.

    Raises:
        SealError: One is there already; none is written then.
    """
    paths = {folder / name: text for name, text in contents.items()}
    for path in paths:
        if path.exists():
            raise SealError(f"{path} is there already and is never written over")
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in paths.items():
        mode = 0o644 if path.suffix == PUBLIC else 0o600
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
            file.write(text)
    return tuple(paths)


def read_public(path: Path) -> tuple[str, bytes]:
    """Whose public key a file holds, and the key.

    Raises:
        SealError: It is no such file.
    """
    return _read(path, "public")


def signing_key() -> Key:
    """A key pair (Ed25519) that signs for the log."""
    private = Ed25519PrivateKey.generate()
    return Key(private.private_bytes_raw(), private.public_key().public_bytes_raw())


def read_private(*paths: Path) -> bytes:
    """The key of a file, or of two files of shares.

    Raises:
        SealError: A file is no key, or the shares do not make one.
    """
    if len(paths) == 2:
        one, other = (_text(path) for path in paths)
        return join(one, other)
    if len(paths) == 1:
        return _read(paths[0], "private")[1]
    raise SealError("give one file with a private key, or two with shares of the custodian's")


def read_of(who: str, path: Path) -> bytes:
    """The private key of one holder and of nobody else.

    Raises:
        SealError: The file holds no key, or somebody else's.
    """
    found, private = _read(path, "private")
    if found != who:
        raise SealError(f"{path} is the key of {found}; this needs {who}{PRIVATE}")
    return private


def trust(key: Path, fingerprint: str) -> Path:
    """Note beside a private key or share which list is the right one, as the custodian read it out.

    Raises:
        SealError: It is no fingerprint, or another is noted already.
    """
    plain = spelled(fingerprint)
    if plain is None:
        raise SealError(f"{fingerprint[:50]!r} is no fingerprint: 32 hexadecimal digits")
    name = key.with_suffix(LIST).name
    return write_new(key.parent, {name: f"equipoise list: {plain}\n"})[0]


def spelled(fingerprint: str) -> str | None:
    """A fingerprint without what people put between its digits, or None: it is none."""
    plain = re.sub(r"[\s-]", "", fingerprint).lower()
    return plain if _FINGERPRINT.fullmatch(plain) else None


def trusted(*keys: Path) -> str:
    """The fingerprint noted beside a private key, or beside one of its shares.

    Raises:
        SealError: None is.
    """
    if found := noted(*keys):
        return found
    raise SealError(
        f"say first which list is the right one: equipoise trust {keys[0]} FINGERPRINT, "
        "as the custodian who sealed it reads it out"
    )


def noted(*keys: Path) -> str | None:
    """The fingerprint noted beside the first of some keys that has one, or None."""
    paths = (key.with_suffix(LIST) for key in keys)
    path = next((path for path in paths if path.exists()), None)
    return _text(path).removeprefix("equipoise list: ").strip() if path else None


def remember(key: Path, site: str | None, tip: Tip, *, was: Tip) -> None:
    """Note beside the preparer's key how far a site saw the vault; what stood there must stay.

    Raises:
        SealError: It is not noted any more as far as ``was``: somebody else worked there meanwhile.
    """
    path = _seen(key, site)
    with turn(path.with_name(f"{path.name}.turn")):
        if (_tip(path) if path.exists() else EMPTY) != was:
            raise SealError("another bench worked with this key meanwhile; look again, then file")
        partial = path.with_name(f"{path.name}.partial")
        partial.write_text(f"equipoise vault: {tip.sequence} {tip.hash.hex()}\n", encoding="utf-8")
        partial.replace(path)


def remembered(key: Path, site: str | None) -> tuple[Tip, list[Tip]]:
    """How far a site saw the vault with a key, nowhere if never; and how far all sites did.

    Raises:
        SealError: A note cannot be read.
    """
    path = _seen(key, site)
    held = [_tip(one) for one in sorted(key.parent.glob(f"{key.name}.*{SEEN}"))]
    return (_tip(path) if path.exists() else EMPTY), held


def _tip(path: Path) -> Tip:
    found = re.fullmatch(r"equipoise vault: (\d+) ([0-9a-f]{64})\n", _text(path))
    if not found:
        raise SealError(f"{path} does not say how far the vault was seen; was it altered?")
    return Tip(int(found[1]), bytes.fromhex(found[2]))


def _seen(key: Path, site: str | None) -> Path:
    return key.with_name(f"{key.name}.{site}{SEEN}")


def _read(path: Path, kind: str) -> tuple[str, bytes]:
    match = _KEY.fullmatch(_text(path))
    if not match:
        raise SealError(f"{path} holds no {kind} key")
    if match[1] != kind:
        raise SealError(f"{path} holds no {kind} key, but the {match[1]} key of {match[2]}")
    return match[2], bytes.fromhex(match[3])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SealError(f"{path} cannot be read: {why}") from error
