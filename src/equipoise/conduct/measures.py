"""What of a committee's pack is measured and not counted: time, rates, values, home readings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from statistics import quantiles
from typing import Final

from equipoise.conduct.committee import Groups, Home, Person, Reaction, Row, Table
from equipoise.protocol.form import Item
from equipoise.protocol.whole import Study
from equipoise.statistics.rates import incidence_rate

YEAR: Final = 365.25  # days


def measured(
    study: Study, groups: Groups, kinds: Mapping[str, Callable[[Reaction], bool]]
) -> Iterator[Table]:
    """Exposure, rates of adverse events, home readings, and every number that is repeated."""
    years = [sum(person.days for person in people) / YEAR for people in groups.values()]
    everybody = tuple(len(people) for people in groups.values())
    told = tuple(f"{one:.1f}" for one in years)
    yield Table("exposure", (Row("person-years", everybody, said=told),))
    yield Table("rates", tuple(_rate(name, groups, of, years) for name, of in kinds.items()))
    if study.protocol.diary is not None:
        yield Table("home", tuple(_home(name, groups, *of) for name, of in _HOME.items()))
    rows = (
        _values(item, at, groups) for item in _repeated(study) for at in study.collected[item.name]
    )
    yield Table("values", tuple(row for row in rows if any(row.people)))


def _rate(name: str, groups: Groups, of: Callable[[Reaction], bool], years: Sequence[float]) -> Row:
    """Events per 100 person-years, with the exact interval."""
    counts = [[sum(map(of, person.events)) for person in people] for people in groups.values()]
    said = []
    for count, time in zip(map(sum, counts), years, strict=True):
        rate = incidence_rate(count, time, per=100) if time else None
        said.append(f"{rate[0]:.1f} ({rate[1]:.1f}–{rate[2]:.1f})" if rate else None)
    people = tuple(sum(1 for count in own if count) for own in counts)
    return Row(name, people, tuple(map(sum, counts)), tuple(said))


Count = Callable[[Home], int]
_HOME: Final[Mapping[str, tuple[Count, Count]]] = {
    "level 1": (lambda home: home.level_1, lambda home: home.below_1),
    "level 2": (lambda home: home.level_2, lambda home: home.below_2),
}


def _home(name: str, groups: Groups, days: Count, below: Count) -> Row:
    """People with such a day, and the share of all readings."""
    people, said = [], []
    for own in groups.values():
        people.append(sum(1 for person in own if days(person.home)))
        readings = sum(person.home.readings for person in own)
        low = sum(below(person.home) for person in own)
        said.append(f"{100 * low / readings:.1f} %" if readings else None)
    return Row(name, tuple(people), said=tuple(said))


def _repeated(study: Study) -> Iterator[Item]:
    """Numbers that are asked for at more than one encounter."""
    for item in study.items.values():
        if item.kind == "number" and not item.derived and len(study.collected[item.name]) > 1:
            yield item


def _values(item: Item, encounter: str, groups: Groups) -> Row:
    """How many have the value; its median and quartiles, with one decimal more than it has."""
    found = [_of(item.name, encounter, people) for people in groups.values()]
    said = tuple(_spread(values, item.decimals + 1) for values in found)
    return Row(f"{item.name} {encounter}", tuple(map(len, found)), said=said)


def _of(item: str, encounter: str, people: Sequence[Person]) -> list[Decimal]:
    return [
        value
        for person in people
        for name, at, value in person.values
        if (name, at) == (item, encounter)
    ]


def _spread(values: list[Decimal], decimals: int) -> str | None:
    """Median and quartiles; of fewer than two values nothing, for it would be a person's own."""
    if len(values) < 2:
        return None
    low, median, high = quantiles(map(float, values), n=4, method="inclusive")
    told = [f"{value:.{decimals}f}" for value in (median, low, high)]
    return f"{told[0]} ({told[1]}–{told[2]})"
