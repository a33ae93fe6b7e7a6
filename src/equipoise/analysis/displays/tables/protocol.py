"""The protocol as tables, with the source of every value, what is assumed, and what conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from equipoise.analysis.displays.display import Badge, Row, Table
from equipoise.analysis.displays.scene import pretty
from equipoise.analysis.displays.words import words
from equipoise.protocol.intervention import Amount
from equipoise.protocol.model import BUILT_IN_SOURCES, Claim, Language, Sourced
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


def source(name: str, lang: Language) -> Badge:
    """A source as a badge; one that is not a text stands out."""
    say = words(lang)
    if name in BUILT_IN_SOURCES:
        return Badge(say[f"source {name}"], "assumed")
    return Badge(say.get(f"source {name}", name), "plain")


def remarks(
    why: str | None, conflicts: Iterable[Claim[Any]], lang: Language, unit: str = ""
) -> str:
    """Why a value was chosen, and what other sources say."""
    say = words(lang)
    parts = [why] if why else []
    for claim in conflicts:
        where = f", {claim.where}" if claim.where else ""
        said = f"{plain(claim.value)} {unit}".strip()
        parts.append(say["conflict"].format(source=f"{claim.source}{where}", value=said))
    return " ".join(parts)


def _value(label: str, sourced: Sourced[Any] | None, lang: Language) -> Iterator[Row]:
    if sourced is None:
        return
    unit = sourced.unit if isinstance(sourced, Amount) else ""
    text = f"{plain(sourced.value)} {unit}".strip()
    remark = remarks(sourced.why, sourced.conflicts, lang, unit)
    yield Row(label, (text, source(sourced.source, lang), remark))


def design(study: Study, lang: Language) -> Table:
    """Design, arms, allocation, product, dose and titration, each with its source."""
    say, protocol = words(lang), study.protocol
    rows = [
        Row(say["design"], (protocol.design(lang), "", "")),
        Row(say["condition"], (protocol.condition(lang), "", "")),
        *_value(say["ethics"], protocol.ethics, lang),
        *_value(say["masking"], protocol.masking, lang),
        *_allocation(protocol, lang),
        *(
            Row(
                product.label(lang),
                (product.description(lang), source(product.source, lang), product.why or ""),
            )
            for product in protocol.products
        ),
        *_value(say["dose"], protocol.dosing.amount, lang),
        *_value(say["volume"], protocol.dosing.volume, lang),
        *_value(say["observation"], protocol.dosing.observation, lang),
        *_titration(study, lang),
    ]
    columns = (say["item"], say["value"], say["source"], say["remarks"])
    return Table("PROTOCOL-DESIGN", say["protocol design"], columns, tuple(rows), prose=True)


def _allocation(protocol: Protocol, lang: Language) -> Iterator[Row]:
    say, allocation = words(lang), protocol.allocation
    yield from _value(say["screened"], allocation.screened, lang)
    yield from _value(say["randomised"], allocation.participants, lang)
    ratio = ":".join(str(arm.ratio) for arm in protocol.arms)
    parameters = _parameters(allocation.parameters)
    strata = "; ".join(stratum.label(lang) for stratum in allocation.strata)
    text = "; ".join(filter(None, (allocation.method, ratio, parameters, strata)))
    yield Row(say["allocation"], (text, source(allocation.source, lang), allocation.why or ""))


def _parameters(parameters: Mapping[str, object]) -> str:
    return "; ".join(
        f"{name} {', '.join(map(str, value)) if isinstance(value, tuple) else value}"
        for name, value in parameters.items()
    )


def _titration(study: Study, lang: Language) -> Iterator[Row]:
    say, titration = words(lang), study.protocol.titration
    if titration is None:
        return
    yield from _value(say["target from"], titration.target_low, lang)
    yield from _value(say["target to"], titration.target_high, lang)
    yield from _value(say["contact every"], titration.every, lang)
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
    steps = "; ".join((*bands, *lows))
    note = titration.note(lang) if titration.note else ""
    remark = " ".join(filter(None, (titration.why, note)))
    yield Row(say["steps"], (steps, source(titration.source, lang), remark))
    for name, limit in (("stop at", titration.stop), ("withdraw above", titration.withdraw)):
        if limit:
            dose = limit.dose
            text = f"{plain(dose.value)} {dose.unit}: {limit.then(lang)}"
            remark = remarks(dose.why, dose.conflicts, lang, dose.unit)
            yield Row(say[name], (text, source(dose.source, lang), remark))


def _step(units: int, percent: int, lang: Language) -> str:
    changes = [f"{units:+d} U"] * bool(units) + [f"{percent:+d} %"] * bool(percent)
    return words(lang)["and"].join(changes).replace("-", "\u2212") or words(lang)["no change"]


def eligibility(study: Study, lang: Language) -> Table:
    """Every criterion, the question that decides it, and its source."""
    say = words(lang)
    rows: list[Row] = []
    for kind in ("inclusion", "exclusion"):
        criteria = [one for one in study.protocol.eligibility if one.kind == kind]
        if criteria:
            rows += [Row(say[kind]), *(_criterion(one, lang) for one in criteria)]
    columns = (say["criterion"], say["question"], say["source"], say["remarks"])
    return Table("PROTOCOL-ELIGIBILITY", say["eligibility"], columns, tuple(rows), prose=True)


def _criterion(one: Criterion, lang: Language) -> Row:
    remark = remarks(one.why, one.conflicts, lang)
    label = f"{one.id}\u2002{one.text(lang)}"
    return Row(label, (one.question, source(one.source, lang), remark))


def visits(study: Study, lang: Language) -> Table:
    """Each encounter, its day and window, and what is done at it."""
    say, protocol = words(lang), study.protocol
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
                source(one.source, lang),
                remarks(one.why, _days(one, lang), lang),
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
            name.replace("_", " "),
            (
                f"{one.value:g}".replace("-", "\u2212"),
                pretty(one.unit),
                Badge(say[f"status {one.status}"], "plain" if one.status == "known" else "assumed"),
                _origin(one.source, one.why),
            ),
        )
        for name, one in population.parameters.items()
    )
    columns = tuple(say[head] for head in ("parameter", "value", "unit", "status", "source"))
    title = say["model parameters"].format(model=population.model)
    return Table("MODEL-PARAMETERS", title, columns, rows, prose=True)


def _origin(source_name: str, why: str | None) -> str:
    """The source and why; a source that only repeats the status is not told again."""
    said = "" if source_name in BUILT_IN_SOURCES else source_name
    return ". ".join(filter(None, (said, why)))
