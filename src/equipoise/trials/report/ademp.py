"""The report's sections: aims, data, estimands, methods, performance.

Source: the order of Morris, White, Crowther: Statistics in Medicine 2019;38:2074.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, Final

from equipoise.analysis.displays import words as display_words
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.rounding import count, number
from equipoise.analysis.displays.scene import pretty
from equipoise.analysis.report.contents import Block, Paragraph, Report, Section, placed
from equipoise.protocol.model import Language
from equipoise.protocol.plan import NumberAnalysis, ProportionAnalysis
from equipoise.trials.characteristics import Characteristics, Outcome
from equipoise.trials.performance import Key
from equipoise.trials.report.figures import by_scenario, by_size, over_sweep
from equipoise.trials.report.words import decimals, say, unit, written
from equipoise.trials.shard import COMPLETED, SCREENED, TITRATED, asked_of
from equipoise.trials.size import Size

LIBRARIES: Final = ("numpy", "scipy", "numba", "polars")
PARTS: Final = (  # measure, scale of a share, and whether it is in the unit of the analysis
    ("mean", 1.0),
    ("power", 100.0),
    ("bias", 1.0),
    ("coverage", 100.0),
    ("empirical SE", 1.0),
    ("model SE", 1.0),
)


def report(found: Characteristics, lang: Language) -> Report:
    """Put the whole report together."""
    words, study = say(lang), found.study
    sections = (
        Section("findings", words["findings"], tuple(_findings(found, lang))),
        Section("aims", words["aims"], (Paragraph(words["aim"]),)),
        Section("data", words["data"], tuple(_data(found, lang))),
        Section("estimands", words["estimands"], tuple(_estimands(found, lang))),
        Section("methods", words["methods"], tuple(_methods(found, lang))),
        Section("performance", words["performance"], tuple(_performance(found, lang))),
        Section("limits", words["limits"], tuple(_limits(lang))),
        Section("provenance", words["provenance"], (_provenance(found, lang),)),
    )
    frame = display_words.words(lang)
    title = study.protocol.short_title(lang)
    return Report(
        lang=lang,
        title=words["title"].format(study=title),
        subtitle=f"{study.name} · {title}",
        identifiers=(
            (words["protocol version"], study.protocol.version),
            (words["trials"], f"{found.trials:,}"),
            (words["seed"], str(found.seed)),
        ),
        status=frame["simulated"],
        banner=words["banner"],
        sections=placed(sections, table=frame["table"], figure=frame["figure"]),
    )


def _method(name: str, lang: Language) -> str:
    return display_words.words(lang).get(f"method {name}", name)


def main_analysis(found: Characteristics, lang: Language) -> str:
    """Which analysis is the main one, in a sentence."""
    key, analysis = found.main, _analysis(found, found.main.quantity)
    endpoints = found.study.planned().endpoints
    return say(lang)["main analysis"].format(
        endpoint=next(one.label(lang) for one in endpoints if one.name == analysis.endpoint),
        analysis=analysis.label(lang),
        visit=found.study.encounters[key.encounter].label(lang),
        method=_method(key.method, lang),
    )


def size_found(size: Size, trials: int, lang: Language) -> str:
    """The sample size that was found, in a sentence."""
    words = say(lang)
    return words["size found"].format(
        wanted=number(100 * size.wanted, 0),
        n=size.participants,
        lower=count(size.lower),
        upper=words["unbounded"] if size.upper == float("inf") else count(size.upper),
        points=len(size.points),
        trials=f"{trials:,}",
    )


def _findings(found: Characteristics, lang: Language) -> Iterator[Block]:
    yield Paragraph(main_analysis(found, lang))
    if found.size:
        yield Paragraph(size_found(found.size, found.trials, lang))
        yield by_size(found.size, lang)
    if found.sweep:
        yield over_sweep(found.sweep, lang)
    if figure := by_scenario(found, lang):
        yield figure


def _analysis(found: Characteristics, name: str) -> ProportionAnalysis | NumberAnalysis:
    analysis = next(one for one in found.study.planned().analyses if one.name == name)
    assert isinstance(analysis, ProportionAnalysis | NumberAnalysis)  # noqa: S101 - asked_of looked
    return analysis


def _data(found: Characteristics, lang: Language) -> Iterator[Block]:
    words, population = say(lang), found.study.populated()
    by = Counter(parameter.status for parameter in population.parameters.values())
    yield Paragraph(
        words["model"].format(
            model=population.model,
            parameters=len(population.parameters),
            **{status: by[status] for status in ("known", "calibrated", "assumed")},
        )
    )
    rows = []
    for outcome in found.outcomes:
        given = outcome.design.scenario.model_dump(exclude_defaults=True, mode="json")
        changes = [
            f"{key}: {_plain(value)}"
            for key, value in given.items()
            if key not in {"name", "label"}
        ]
        cells = (_participants(outcome), "; ".join(changes) or words["nothing"])
        rows.append(Row(outcome.design.scenario.label(lang), cells))
    columns = (words["scenario"], words["participants"], words["differs"])
    yield Table("SCENARIOS", words["scenarios"], columns, tuple(rows), prose=True)


def _plain(value: Any) -> str:  # noqa: ANN401 - YAML
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_plain(inner)}" for key, inner in value.items())
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _participants(outcome: Outcome) -> str:
    return str(outcome.design.study.protocol.allocation.participants.value)


def _estimands(found: Characteristics, lang: Language) -> Iterator[Block]:
    words = say(lang)
    for one in found.study.planned().estimands:
        rows = tuple(
            Row(words[name], (getattr(one, name)(lang),))
            for name in ("population", "variable", "summary", "missing")
        )
        columns = (words["estimand"], words["definition"])
        yield Table(f"ESTIMAND_{one.name}", one.label(lang), columns, rows, prose=True)
    text = words["truth text"].format(n=f"{found.truth_trials:,}")
    yield Paragraph(text if found.truth_trials else words["no truth"], f"{words['truth']}.")


def _methods(found: Characteristics, lang: Language) -> Iterator[Block]:
    words, study = say(lang), found.study
    populations = {one.name: one.label for one in study.planned().populations}
    scenario = found.outcomes[0].design.scenario
    rows = []
    for asked in asked_of(study, scenario.analyses, scenario.methods):
        one = _analysis(found, asked.analysis)
        missing = one.missing if isinstance(one, ProportionAnalysis) else "observed"
        cells = (
            populations[one.population](lang),
            study.encounters[asked.encounter].label(lang),
            words[missing],
            ", ".join(_method(name, lang) for name in asked.methods),
        )
        rows.append(Row(one.label(lang), cells))
    columns = tuple(words[name] for name in ("analysis", "population", "visit", "missing", "by"))
    yield Table("ANALYSES", words["analyses"], columns, tuple(rows), prose=True)
    yield Paragraph(words["measures"])
    yield Paragraph(words["measures source"])


def _performance(found: Characteristics, lang: Language) -> Iterator[Block]:
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
        analysis = _analysis(found, key.quantity)
        if (key.quantity, key.group) != last:
            rows.append(Row(f"{analysis.label(lang)} ({unit(found.study, analysis)})"))
            last = key.quantity, key.group
        cells = tuple(
            written(
                outcome.measure(key, measure),
                scale=scale,
                decimals=1 if scale > 1 else decimals(found.study, analysis),
            )
            for measure, scale in PARTS
        )
        strong = key == found.main
        rows.append(Row(_method(key.method, lang), cells, indent=1, strong=strong))
    heads = ("method", "estimate", "power", "bias", "coverage", "empirical", "model se")
    title = words["of scenario"].format(label=label, participants=_participants(outcome))
    name = f"METHODS_{outcome.design.scenario.name}"
    return Table(name, title, tuple(words[head] for head in heads), tuple(rows))


def _by_arm(found: Characteristics, outcome: Outcome, lang: Language) -> Table:
    """For each quantity its mean in each arm."""
    words, study = say(lang), found.study
    rows: dict[str, dict[str, str]] = {}
    for key in _keys(outcome):
        if key.method:
            continue
        digits, label = 1, words.get(key.quantity, "")
        if key.quantity == TITRATED and study.protocol.titration is not None:
            item = study.items[study.protocol.titration.item]
            label = label.format(item=item.label(lang), unit=pretty(item.unit or "1"))
        elif key.quantity not in {SCREENED, COMPLETED}:
            analysis = _analysis(found, key.quantity)
            label = f"{analysis.label(lang)} ({unit(study, analysis)})"
            digits = decimals(study, analysis)
        cell = written(outcome.measure(key, "mean"), decimals=digits)
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


def _limits(lang: Language) -> Iterator[Block]:
    for number_ in ("one", "two", "three"):
        yield Paragraph(say(lang)[f"limit {number_}"])


def _provenance(found: Characteristics, lang: Language) -> Table:
    words, study = say(lang), found.study
    versions = [("Equipoise", version("equipoise")), ("Python", platform.python_version())]
    versions += [(name, version(name)) for name in LIBRARIES]
    rows = [
        Row(words["seed"], (str(found.seed),)),
        Row(words["trials"], (f"{found.trials:,}",)),
        *(Row(words["version of"].format(name=name), (text,)) for name, text in versions),
        *(Row(words["hash"].format(name=name), (text,)) for name, text in study.files.items()),
    ]
    return Table("MADE", words["made"], (words["item"], words["value"]), tuple(rows), prose=True)
