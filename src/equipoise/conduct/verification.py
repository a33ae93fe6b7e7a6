"""Whether a stored log is whole, and its tables say what it says.

This finds what was changed inside the database. That a whole log was replaced, or its end cut off,
only a signed head can tell (``heads``, ``verifier``).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import chain as together
from zoneinfo import ZoneInfo

from equipoise.conduct import reading
from equipoise.conduct.canonical import instant
from equipoise.conduct.entry import EMPTY, Entry, Line, Tip, key, read
from equipoise.conduct.events.event import CHAINS, Chain
from equipoise.conduct.events.participant import Randomised
from equipoise.conduct.events.preparation import DosePrepared, DosePreparedV1, WorksheetFiled
from equipoise.conduct.events.product import StockNoted
from equipoise.conduct.events.trial import ListDeposited
from equipoise.conduct.log import Log
from equipoise.conduct.projections import TABLES, Row, rows
from equipoise.conduct.roles import Role
from equipoise.errors import LogError


def chained(chain: Chain, lines: Iterable[Line], tip: Tip = EMPTY) -> Iterator[Line]:
    """Pass the lines of a chain on, once each is the next and has the hash that it must have.

    Args:
        chain: Whose they are.
        lines: All of the chain after ``tip``.
        tip: A line that was verified before.

    Raises:
        LogError: A line is missing, altered, or out of its place.
    """
    for line in lines:
        if line.sequence != tip.sequence + 1:
            raise LogError(f"{chain}: after line {tip.sequence} comes line {line.sequence}")
        if line.hash != sha256(tip.hash + line.line.encode()).digest():
            raise LogError(f"{chain}: line {line.sequence} or the one before it was altered")
        tip = Tip(line.sequence, line.hash)
        yield line


def understood(chain: Chain, lines: Iterable[Line]) -> Iterator[Entry]:
    """The entries of a chain, each agreeing with the columns it is found by.

    Raises:
        LogError: A line says something else than its columns, or is no entry.
    """
    for line in lines:
        entry = read(line)
        by, about = entry.envelope.command, entry.envelope.participant
        said = (entry.chain, entry.sequence, key(by), about)
        if said != (chain, line.sequence, line.key, line.participant):
            raise LogError(f"{chain}: line {line.sequence} is filed under something else")
        if not _possible(entry):
            raise LogError(f"{chain}: line {line.sequence} says what no log says of itself")
        yield entry


def _possible(entry: Entry) -> bool:
    """Whether place, role and time are such as a log writes down."""
    said = entry.envelope
    try:
        at, _ = datetime.fromisoformat(said.at), ZoneInfo(said.zone)
    except (ValueError, KeyError, OSError):
        return False
    follows = entry.chain != "main" or entry.after == entry.sequence - 1
    return follows and instant(at) == said.at and said.role in set(Role)


def in_order(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Pass the entries on, once each randomisation took the next slot of its stratum.

    Raises:
        LogError: A slot was skipped, or used again.
    """
    waiting: defaultdict[str, deque[str]] = defaultdict(deque)
    for entry in entries:
        match entry.event:
            case ListDeposited(slots):
                for slot, stratum, _ in slots:
                    waiting[stratum].append(slot)
            case Randomised(slot, stratum):
                if not waiting[stratum] or waiting[stratum].popleft() != slot:
                    raise LogError(f"line {entry.sequence}: {slot} was not the next slot")
        yield entry


def in_step(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Pass the entries of all chains on, the main chain's first, once none stands before its time.

    Raises:
        LogError: A line of a hidden chain says that it came before the line above it, or after a
            line that the main chain has not.
    """
    ends = dict[Chain, int]()
    for entry in entries:
        if entry.chain == "main":
            ends["main"] = entry.sequence
        elif not ends.get(entry.chain, 0) <= entry.after <= ends.get("main", 0):
            raise LogError(f"{entry.chain}: line {entry.sequence} did not come when it says")
        else:
            ends[entry.chain] = entry.after
        yield entry


def with_worksheets(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Pass the entries of all chains on, once each bag has the worksheet filed with it.

    Raises:
        LogError: The vault's chain was cut short, or holds a worksheet of no bag.
    """
    bags, sheets, notes = set[tuple[str, str]](), set[tuple[str, str]](), set[str]()
    for entry in entries:
        match entry.event:
            case DosePrepared(_, bag) | DosePreparedV1(_, bag):
                bags.add((bag, entry.envelope.command))
            case WorksheetFiled(bag):
                if (filed := (bag, entry.envelope.command)) in sheets:
                    raise LogError(f"vault: line {entry.sequence} files the sheet of {bag} again")
                sheets.add(filed)
            case StockNoted(note):
                if note in notes:
                    raise LogError(f"vault: line {entry.sequence} files the note {note} again")
                notes.add(note)
        yield entry
    for bag, _ in sorted(bags ^ sheets):
        raise LogError(f"bag {bag} and its worksheet do not stand in the log together")


def rebuild(entries: Iterable[Entry]) -> dict[str, set[Row]]:
    """All tables again, from the log alone."""
    tables: dict[str, set[Row]] = {table: set() for table in TABLES}
    for entry in entries:
        for table, row in rows(entry):
            tables[table].add(row)
    return tables


def set_back(entries: Iterable[Entry]) -> Iterator[str]:
    """What stands in a chain with an earlier time than what was written before it.

    The order of a log is that of its lines; its times are those of a clock, which can be wrong.
    """
    latest = ""
    for entry in entries:
        if entry.envelope.at < latest:
            yield f"{entry.chain}: line {entry.sequence} has an earlier time than one before it"
        latest = max(latest, entry.envelope.at)


def verify(log: Log) -> dict[Chain, Tip]:
    """Verify every chain and every table, in one state of the database.

    Returns:
        Where each chain ends.

    Raises:
        LogError: The first thing found that is not as it was written.
    """
    with log.storage.reading() as session:
        entries = together.from_iterable(
            understood(chain, chained(chain, reading.lines(session, chain))) for chain in CHAINS
        )
        sound = with_worksheets(in_order(in_step(entries)))
        for table, rebuilt in rebuild(sound).items():
            if rebuilt != set(session.rows(f"SELECT * FROM {table}")):  # noqa: S608  # our own names
                raise LogError(f"the table {table} does not say what the log says")
        return {chain: reading.tip(session, chain) for chain in CHAINS}
