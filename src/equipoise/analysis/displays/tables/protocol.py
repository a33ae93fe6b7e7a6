"""The protocol as tables, with the source of every value, what is assumed, and what conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from equipoise.analysis.displays.display import Badge, Row, Table
from equipoise.analysis.displays.scene import pretty
from equipoise.analysis.displays.words import words
from equipoise.protocol.intervention import Amount
from equipoise.protocol.model import BUILT_IN_SOURCES, Claim, Language, Sourced, Text
from equipoise.protocol.population import Parameter
from equipoise.protocol.schedule import Encounter
from equipoise.protocol.study import Criterion, Protocol
from equipoise.protocol.whole import Study


def plain(value: object) -> str:
    """A value of the protocol as people write it: no powers of ten in letters, no trailing zeros.

    >>> plain(Decimal("1.0E+6")), plain(Decimal("7.0")), plain(91)
    ('1\u202f000\u202f000', '7.0', '91')
    """
    if isinstance(value, Decimal | float | int):
        text = f"{Decimal(str(value)):f}"
        return f"{int(text):,}".replace(",", "\u202f") if text.isdigit() else text
    return str(value)


class Worded(NamedTuple):
    """A protocol in a reader's language."""

    protocol: Protocol
    lang: Language

    def source(self, name: str) -> Badge:
        """A source as a badge; one that is not a text stands out."""
        if name in BUILT_IN_SOURCES:
            return Badge(words(self.lang)[f"source {name}"], "assumed")
        return Badge(self.protocol.sources[name](self.lang), "plain")

    def remarks(self, why: Text | None, conflicts: Iterable[Claim[Any]], unit: str = "") -> str:
        """Why a value was chosen, and what other sources say."""
        say = words(self.lang)
        parts = [why(self.lang)] if why else []
        for claim in conflicts:
            where = f"{say['comma']}{claim.where(self.lang)}" if claim.where else ""
            said = f"{plain(claim.value)} {_unit(unit, self.lang)}".strip()
            origin = f"{self.source(claim.source)}{where}"
            parts.append(say["conflict"].format(source=origin, value=said))
        return say["between sentences"].join(parts)

    def values(self, label: str, sourced: Sourced[Any] | None) -> Iterator[Row]:
        """A row for a value, if there is one."""
        if sourced is None:
            return
        unit = sourced.unit if isinstance(sourced, Amount) else ""
        said = words(self.lang).get(f"value {sourced.value}", plain(sourced.value))
        text = f"{said} {_unit(unit, self.lang)}".strip()
        remark = self.remarks(sourced.why, sourced.conflicts, unit)
        yield Row(label, (text, self.source(sourced.source), remark))


def _unit(unit: str, lang: Language) -> str:
    return words(lang).get(f"unit {unit}", pretty(unit))


def design(study: Study, lang: Language) -> Table:
    """Design, arms, allocation, product, dose and titration, each with its source."""
    say, protocol = words(lang), study.protocol
    worded = Worded(protocol, lang)
    rows = [
        Row(say["design"], (protocol.design(lang), "", "")),
        Row(say["condition"], (protocol.condition(lang), "", "")),
        *worded.values(say["ethics"], protocol.ethics),
        *worded.values(say["masking"], protocol.masking),
        *_allocation(worded),
        *(
            Row(
                product.label(lang),
                (
                    product.description(lang),
                    worded.source(product.source),
                    worded.remarks(product.why, ()),
                ),
            )
            for product in protocol.products
        ),
        *worded.values(say["dose"], protocol.dosing.amount),
        *worded.values(say["volume"], protocol.dosing.volume),
        *worded.values(say["observation"], protocol.dosing.observation),
        *_titration(worded),
    ]
    columns = (say["item"], say["value"], say["source"], say["remarks"])
    return Table("PROTOCOL-DESIGN", say["protocol design"], columns, tuple(rows), prose=True)


def _allocation(worded: Worded) -> Iterator[Row]:
    protocol, lang = worded
    say, allocation = words(lang), protocol.allocation
    yield from worded.values(say["screened"], allocation.screened)
    yield from worded.values(say["randomised"], allocation.participants)
    method = say.get(f"method {allocation.method}", allocation.method)
    ratio = ":".join(str(arm.ratio) for arm in protocol.arms)
    parameters = [
        f"{say.get(f'allocation {name}', name)} {_listed(value)}"
        for name, value in allocation.parameters.items()
    ]
    strata = [stratum.label(lang) for stratum in allocation.strata]
    text = say["list"].join((method, ratio, *parameters, *strata))
    remark = worded.remarks(allocation.why, ())
    yield Row(say["allocation"], (text, worded.source(allocation.source), remark))


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _titration(worded: Worded) -> Iterator[Row]:
    lang, titration = worded.lang, worded.protocol.titration
    say = words(lang)
    if titration is None:
        return
    yield from worded.values(say["target from"], titration.target_low)
    yield from worded.values(say["target to"], titration.target_high)
    yield from worded.values(say["contact every"], titration.every)
    bands = [
        say["from"].format(
            value=f"{band.at_least} {titration.unit}",
            change=_step(band.units, band.percent, lang),
        )
        for band in titration.bands
    ]
    lows = [
        say["lows"].format(
            readings=low.readings,
            below=f"{low.below} {titration.unit}",
            change=_step(0, low.percent, lang),
        )
        for low in titration.hypoglycaemia
    ]
    steps = say["list"].join((*bands, *lows))
    notes = (note(lang) for note in (titration.why, titration.note) if note)
    remark = say["between sentences"].join(notes)
    yield Row(say["steps"], (steps, worded.source(titration.source), remark))
    for name, limit in (("stop at", titration.stop), ("withdraw above", titration.withdraw)):
        if limit:
            dose = limit.dose
            amount = f"{plain(dose.value)} {dose.unit}"
            text = say["whose"].format(whose=amount, what=limit.then(lang))
            remark = worded.remarks(dose.why, dose.conflicts, dose.unit)
            yield Row(say[name], (text, worded.source(dose.source), remark))


def _step(units: int, percent: int, lang: Language) -> str:
    changes = [f"{units:+d} U"] * bool(units) + [f"{percent:+d} %"] * bool(percent)
    return words(lang)["and"].join(changes).replace("-", "\u2212") or words(lang)["no change"]


def eligibility(study: Study, lang: Language) -> Table:
    """Every criterion, the question that decides it, and its source."""
    say, worded = words(lang), Worded(study.protocol, lang)
    rows: list[Row] = []
    for kind in ("inclusion", "exclusion"):
        criteria = [one for one in study.protocol.eligibility if one.kind == kind]
        if criteria:
            rows += [Row(say[kind]), *(_criterion(one, worded) for one in criteria)]
    columns = (say["criterion"], say["question"], say["source"], say["remarks"])
    return Table("PROTOCOL-ELIGIBILITY", say["eligibility"], columns, tuple(rows), prose=True)


def _criterion(one: Criterion, worded: Worded) -> Row:
    remark = worded.remarks(one.why, one.conflicts)
    label = f"{one.id}\u2002{one.text(worded.lang)}"
    return Row(label, (one.question, worded.source(one.source), remark))


def visits(study: Study, lang: Language) -> Table:
    """Each encounter, its day and window, and what is done at it."""
    say, protocol = words(lang), study.protocol
    worded = Worded(protocol, lang)
    rows = tuple(
        Row(
            one.label(lang),
            (
                f"{one.day}".replace("-", "\u2212"),
                f"{one.window[0]:+d} / {one.window[1]:+d}".replace("-", "\u2212")
                if any(one.window)
                else "0",
                say["list"].join(
                    activity.label(lang)
                    for activity in protocol.activities
                    if one.name in activity.encounters
                ),
                worded.source(one.source),
                worded.remarks(one.why, _days(one, lang)),
            ),
        )
        for one in protocol.encounters
    )
    heads = ("visit", "day", "window", "activities", "source", "remarks")
    columns = tuple(say[head] for head in heads)
    return Table("PROTOCOL-VISITS", say["schedule"], columns, rows, prose=True)


def _days(one: Encounter, lang: Language) -> Iterator[Claim[str]]:
    """The study days that others give, in words."""
    for claim in one.conflicts:
        day = words(lang)["study day"].format(day=claim.value)
        yield Claim[str](value=day, source=claim.source, where=claim.where)


def parameters(study: Study, lang: Language) -> Table | None:
    """The numbers of the disease model: known, calibrated or assumed."""
    population = study.population
    if population is None:
        return None
    say = words(lang)
    rows = tuple(
        Row(
            _parameter(name, one, lang),
            (
                f"{one.value:g}".replace("-", "\u2212"),
                _unit(one.unit, lang),
                Badge(say[f"status {one.status}"], "plain" if one.status == "known" else "assumed"),
                _origin(one, lang),
            ),
        )
        for name, one in population.parameters.items()
    )
    columns = tuple(say[head] for head in ("parameter", "value", "unit", "status", "source"))
    title = say["model parameters"].format(model=population.model)
    return Table("MODEL-PARAMETERS", title, columns, rows, prose=True)


def _parameter(name: str, one: Parameter, lang: Language) -> str:
    """What a parameter is called, and the name by which the files know it."""
    return words(lang)["aside"].format(what=one.label(lang), aside=name) if one.label else name


def _origin(one: Parameter, lang: Language) -> str:
    """The source and why; a source that only repeats the status is not told again."""
    said = () if str(one.source) in BUILT_IN_SOURCES else (one.source,)
    return words(lang)["list"].join(text(lang) for text in (*said, one.why) if text)
