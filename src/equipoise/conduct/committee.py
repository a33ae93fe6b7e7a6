"""Packs for the data monitoring committee: pooled for the open session, by arm for the closed.

Both are made from the same ``Material``, which knows slots and no people. The closed pack is made
offline by the committee's statistician, who brings the arms; the trial's machine never has them.

In the open pack a count of one to four people is not told, nor what would give it away within the
pack, nor quartiles of fewer than ten. Two packs made soon after each other can still be compared;
leave time between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from equipoise.conduct.canonical import canonical
from equipoise.conduct.state.trial import Slot
from equipoise.errors import ConductError
from equipoise.protocol.whole import Study

Groups = Mapping[str, Sequence["Person"]]

SMALLEST: Final = 5  # people in a cell of the open pack
ALL: Final = "all"
OTHER: Final = "other"


class Reaction(NamedTuple):
    """An adverse event as the committee counts it; without dates and without the site's words."""

    term: str | None
    severity: str
    serious: str
    causality: str
    outcome: str
    verdict: str | None  # of the readers or the chair on causality; None: not adjudicated


class Home(NamedTuple):
    """Home readings of a participant, counted.

    Attributes:
        level_1: Days with a reading below 3.9 mmol/L; ``level_2``: below 3.0.
        below_1: Readings below 3.9 mmol/L; ``below_2``: below 3.0.
    """

    readings: int
    level_1: int
    level_2: int
    below_1: int
    below_2: int


class Person(NamedTuple):
    """A randomised participant, known by the slot alone.

    Attributes:
        days: In the study, from the first dose on.
        values: Item, encounter and value of every number recorded.
    """

    slot: str
    withdrawn: str | None
    seen: tuple[str, ...]  # encounters
    doses: tuple[str, ...]  # encounters at which the product was given
    events: tuple[Reaction, ...]
    days: int
    values: tuple[tuple[str, str, Decimal], ...]
    home: Home


class Material(NamedTuple):
    """What the packs are made from; ``simulated`` is that of a rehearsal."""

    at: str
    simulated: bool
    consented: int
    eligible: int
    slots: tuple[Slot, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """People and events of one line, by group; None: too few people to be told.

    Attributes:
        said: What else is told of each group, in figures; None: nothing can be.
    """

    name: str
    people: tuple[int | None, ...]
    events: tuple[int | None, ...] | None = None
    said: tuple[str | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """What a committee reads; ``groups`` are the arms, or ``all``."""

    kind: str
    study: str
    at: str
    simulated: bool
    consented: int
    eligible: int
    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    tables: tuple[Table, ...]

    @property
    def json(self) -> bytes:
        """The pack as canonical JSON."""
        return canonical(asdict(self))


_KINDS: Final[Mapping[str, Callable[[Reaction], bool]]] = {
    "any": lambda _: True,
    "serious": lambda event: event.serious != "no",
    "severe": lambda event: event.severity == "severe",
    "related": lambda event: event.causality != "not related",
    "fatal": lambda event: event.outcome == "fatal",
}


_VERDICTS: Final[Mapping[str, Callable[[Reaction], bool]]] = {
    "serious": _KINDS["serious"],
    "verdict related": lambda event: event.verdict in ("related", "possibly related"),
    "verdict not related": lambda event: event.verdict == "not related",
    "not adjudicated": lambda event: event.serious != "no" and event.verdict is None,
}


def pooled(study: Study, material: Material) -> Pack:
    """The open pack: all arms together, small cells left out."""
    groups = {ALL: material.people}
    tables = tuple(_told(table) for table in _tables(study, groups) if table.name != "rates")
    return _pack("open", study, material, groups, tables)


def by_arm(study: Study, material: Material, arms: Mapping[str, str]) -> Pack:
    """The closed pack, made where the arms are known.

    Args:
        study: As planned.
        material: From the trial.
        arms: Of each slot that was used, as it was opened and held against its commitment.

    Raises:
        ConductError: The arm of a slot is missing, or is none of the protocol's.
    """
    for person in material.people:
        if arms.get(person.slot) not in study.arms:
            raise ConductError(f"{person.slot}: give its arm, one of {', '.join(study.arms)}")
    groups = {
        arm: tuple(person for person in material.people if arms[person.slot] == arm)
        for arm in study.arms
    }
    return _pack("closed", study, material, groups, tuple(_tables(study, groups)))


def _pack(
    kind: str, study: Study, material: Material, groups: Groups, tables: tuple[Table, ...]
) -> Pack:
    return Pack(
        kind=kind,
        study=study.name,
        at=material.at,
        simulated=material.simulated,
        consented=material.consented,
        eligible=material.eligible,
        groups=tuple(groups),
        sizes=tuple(len(people) for people in groups.values()),
        tables=tables,
    )


def _tables(study: Study, groups: Groups) -> Iterator[Table]:
    everybody = [person for people in groups.values() for person in people]
    causes = sorted({person.withdrawn for person in everybody if person.withdrawn})
    left = _row("withdrawn", groups, lambda person: person.withdrawn is not None)
    yield Table("withdrawal", (left, *(_row(cause, groups, _left(cause)) for cause in causes)))
    encounters = [name for name in study.encounters if name != study.protocol.screening]
    yield Table("visits", tuple(_row(name, groups, _seen(name)) for name in encounters))
    planned = study.protocol.dosing.encounters
    yield Table("doses", tuple(_row(name, groups, _given(name)) for name in planned))
    yield Table("events", tuple(_events(name, groups, kind) for name, kind in _KINDS.items()))
    terms = sorted({event.term or OTHER for person in everybody for event in person.events})
    yield Table("terms", tuple(_events(term, groups, _called(term)) for term in terms))
    yield Table("verdicts", tuple(_events(name, groups, of) for name, of in _VERDICTS.items()))

    from equipoise.conduct.measures import measured

    yield from measured(study, groups, _KINDS)


def _left(cause: str) -> Callable[[Person], bool]:
    return lambda person: person.withdrawn == cause


def _seen(encounter: str) -> Callable[[Person], bool]:
    return lambda person: encounter in person.seen


def _given(encounter: str) -> Callable[[Person], bool]:
    return lambda person: encounter in person.doses


def _called(term: str) -> Callable[[Reaction], bool]:
    return lambda event: (event.term or OTHER) == term


def _row(name: str, groups: Groups, belongs: Callable[[Person], bool]) -> Row:
    return Row(name, tuple(sum(map(belongs, people)) for people in groups.values()))


def _events(name: str, groups: Groups, belongs: Callable[[Reaction], bool]) -> Row:
    counts = [[sum(map(belongs, person.events)) for person in people] for people in groups.values()]
    people = tuple(sum(1 for count in own if count) for own in counts)
    return Row(name, people, tuple(sum(own) for own in counts))


def _bare(table: Table, row: Row) -> bool:
    """Whether quartiles would be single persons' values, for so few people have one."""
    return table.name == "values" and (row.people[0] or 0) < 2 * SMALLEST


def _told(table: Table) -> Table:
    """The table of an open pack: people only, no small counts, and none to be worked out.

    Events are left out because they add up over the terms; causes of withdrawal add up to all who
    withdrew, and verdicts to the serious events, so where one is small the next larger is left out
    with it, or else the whole.
    """
    small = {row.name for row in table.rows if 0 < (row.people[0] or 0) < SMALLEST}
    if table.name in ("withdrawal", "verdicts") and small:
        whole, *causes = table.rows
        large = [row for row in causes if row.name not in small]
        small.add(min(large, key=lambda row: (row.people, row.name), default=whole).name)
    rows = (
        Row(row.name, (None,), said=row.said and (None,))
        if row.name in small
        else Row(row.name, row.people, said=(None,) if _bare(table, row) else row.said)
        for row in table.rows
    )
    return Table(table.name, tuple(rows))
