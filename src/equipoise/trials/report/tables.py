"""Tables of the report: how each analysis performs, and what participants go through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from equipoise.analysis.displays import words as display_words
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import pretty
from equipoise.analysis.report.contents import Block
from equipoise.protocol.model import Language
from equipoise.protocol.plan import NumberAnalysis, ProportionAnalysis
from equipoise.trials.characteristics import Characteristics, Outcome
from equipoise.trials.performance import Key
from equipoise.trials.report.words import decimals, say, unit, with_limits, written
from equipoise.trials.shard import COMPLETED, LOW, SCREENED, TITRATED

PARTS: Final = (  # measure, scale, and how it is written: there is no room for all limits
    ("mean", 1.0, with_limits),
    ("power", 100.0, with_limits),
    ("bias", 1.0, with_limits),
    ("coverage", 100.0, with_limits),
    ("empirical SE", 1.0, written),
    ("model SE", 1.0, written),
)


def method_name(name: str, lang: Language) -> str:
    """What a method is called."""
    return display_words.words(lang).get(f"method {name}", name)


def analysis_of(found: Characteristics, name: str) -> ProportionAnalysis | NumberAnalysis:
    """An analysis that was carried out, by its name."""
    analysis = next(one for one in found.study.planned().analyses if one.name == name)
    assert isinstance(analysis, ProportionAnalysis | NumberAnalysis)  # noqa: S101 - asked_of looked
    return analysis


def participants(outcome: Outcome) -> str:
    """How many are randomised."""
    return str(outcome.design.study.protocol.allocation.participants.value)


def performance(found: Characteristics, lang: Language) -> Iterator[Block]:
    """The two tables of each scenario."""
    for outcome in found.outcomes:
        yield _by_method(found, outcome, lang)
        yield _by_arm(found, outcome, lang)


def _keys(outcome: Outcome) -> list[Key]:
    names = outcome.measures.select(*Key._fields).unique(maintain_order=True)
    return [Key(*row) for row in names.iter_rows()]


def _by_method(found: Characteristics, outcome: Outcome, lang: Language) -> Table:
    """For each analysis and method its measures."""
    words, label = say(lang), outcome.design.scenario.label(lang)
    rows: list[Row] = []
    last = ("", "")
    for key in _keys(outcome):
        if not key.method:
            continue
        analysis = analysis_of(found, key.quantity)
        if (key.quantity, key.group) != last:
            rows.append(Row(f"{analysis.label(lang)} ({unit(found.study, analysis)})"))
            last = key.quantity, key.group
        cells = tuple(
            write(
                outcome.measure(key, measure),
                scale=scale,
                decimals=1 if scale > 1 else decimals(found.study, analysis),
            )
            for measure, scale, write in PARTS
        )
        strong = key == found.main
        rows.append(Row(method_name(key.method, lang), cells, indent=1, strong=strong))
    heads = ("method", "estimate", "power", "bias", "coverage", "empirical", "model se")
    title = words["of scenario"].format(label=label, participants=participants(outcome))
    name = f"METHODS_{outcome.design.scenario.name}"
    return Table(name, title, tuple(words[head] for head in heads), tuple(rows))


def _by_arm(found: Characteristics, outcome: Outcome, lang: Language) -> Table:
    """For each quantity its mean in each arm."""
    words, study = say(lang), found.study
    rows: dict[str, dict[str, str]] = {}
    for key in _keys(outcome):
        if not key.method:
            label, digits = _quantity(found, key.quantity, lang)
            cell = with_limits(outcome.measure(key, "mean"), decimals=digits)
            rows.setdefault(label, {})[key.group] = cell
    groups = (*study.arms, "")
    columns = (
        words["quantity"],
        *(study.arms[arm].label(lang) for arm in study.arms),
        words["all"],
    )
    cells = (
        Row(label, tuple(values.get(group, "") for group in groups))
        for label, values in rows.items()
    )
    title = words["by arm"].format(label=outcome.design.scenario.label(lang))
    return Table(f"ARMS_{outcome.design.scenario.name}", title, columns, tuple(cells))


def _quantity(found: Characteristics, name: str, lang: Language) -> tuple[str, int]:
    """What is counted in each arm, and with how many decimals it is written."""
    words, study = say(lang), found.study
    titration = study.protocol.titration
    if name in {SCREENED, COMPLETED}:
        return words[name], 1
    if titration and name == TITRATED:
        item = study.items[titration.item]
        return words[name].format(item=item.label(lang), unit=pretty(item.unit or "1")), 1
    if titration and name.startswith(LOW):
        limit = name.removeprefix(LOW)
        return words["low"].format(limit=limit, unit=pretty(titration.unit)), 1
    analysis = analysis_of(found, name)
    return f"{analysis.label(lang)} ({unit(study, analysis)})", decimals(study, analysis)
