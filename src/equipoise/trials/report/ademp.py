"""The report's sections: aims, data, estimands, methods, performance.

Source: the order of Morris, White, Crowther: Statistics in Medicine 2019;38:2074.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from math import isnan
from typing import Any, Final

from equipoise.analysis.displays import words as display_words
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.rounding import count, number
from equipoise.analysis.report.contents import Block, Paragraph, Report, Section, placed
from equipoise.protocol.model import Language
from equipoise.protocol.plan import ProportionAnalysis
from equipoise.trials.characteristics import Characteristics
from equipoise.trials.report.figures import by_scenario, by_size, over_sweep
from equipoise.trials.report.tables import analysis_of, method_name, participants, performance
from equipoise.trials.report.words import say
from equipoise.trials.shard import asked_of
from equipoise.trials.size import Size
from equipoise.trials.uncertainty import ENOUGH

LIBRARIES: Final = ("numpy", "scipy", "numba", "polars")


def report(found: Characteristics, lang: Language) -> Report:
    """Put the whole report together."""
    words, study = say(lang), found.study
    sections = (
        Section("findings", words["findings"], tuple(_findings(found, lang))),
        Section("aims", words["aims"], (Paragraph(words["aim"]),)),
        Section("data", words["data"], tuple(_data(found, lang))),
        Section("estimands", words["estimands"], tuple(_estimands(found, lang))),
        Section("methods", words["methods"], tuple(_methods(found, lang))),
        Section("performance", words["performance"], tuple(performance(found, lang))),
        Section("limits", words["limits"], tuple(_limits(found, lang))),
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


def main_analysis(found: Characteristics, lang: Language) -> str:
    """Which analysis is the main one, in a sentence."""
    key, analysis = found.main, analysis_of(found, found.main.quantity)
    endpoints = found.study.planned().endpoints
    return say(lang)["main analysis"].format(
        endpoint=next(one.label(lang) for one in endpoints if one.name == analysis.endpoint),
        analysis=analysis.label(lang),
        visit=found.study.encounters[key.encounter].label(lang),
        method=method_name(key.method, lang),
    )


def size_found(size: Size, trials: int, lang: Language) -> str:
    """The sample size that was found, in a sentence."""
    words = say(lang)
    said = words["size found"].format(
        wanted=number(100 * size.wanted, 0),
        n=size.participants,
        lower=count(size.lower),
        upper=words["unbounded"] if size.upper == float("inf") else count(size.upper),
        points=len(size.points),
        trials=f"{trials:,}",
    )
    near = min(size.points, key=lambda one: abs(one.participants - size.participants))
    if isnan(near.power.lower):
        return said
    lower, upper = (number(100 * one, 0) for one in (near.power.lower, near.power.upper))
    over = words["size over sets"].format(n=near.participants, lower=lower, upper=upper)
    return words["sentences"].format(first=said, then=over)


def uncertainty(found: Characteristics, lang: Language) -> str:
    """What is not known of the model's numbers, and what it does to the power, in plain words."""
    words, power = say(lang), found.outcomes[0].measure(found.main, "power")
    if found.sets == 1 or power is None:
        return words["one set"]
    if isnan(power.lower):
        return words["few trials"].format(sets=found.sets, trials=f"{ENOUGH * found.sets:,}")
    value, lower, upper = (number(100 * one, 1) for one in (power.value, power.lower, power.upper))
    return words["many sets"].format(
        sets=found.sets,
        label=found.outcomes[0].design.scenario.label(lang),
        power=value,
        lower=lower,
        upper=upper,
    )


def _findings(found: Characteristics, lang: Language) -> Iterator[Block]:
    yield Paragraph(main_analysis(found, lang))
    yield Paragraph(uncertainty(found, lang))
    if found.size:
        yield Paragraph(size_found(found.size, found.trials, lang))
        yield by_size(found.size, lang)
    if found.sweep:
        yield over_sweep(found.sweep, lang)
    if figure := by_scenario(found, lang):
        yield figure


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
        cells = (participants(outcome), "; ".join(changes) or words["nothing"])
        rows.append(Row(outcome.design.scenario.label(lang), cells))
    columns = (words["scenario"], words["participants"], words["differs"])
    yield Table("SCENARIOS", words["scenarios"], columns, tuple(rows), prose=True)


def _plain(value: Any) -> str:  # noqa: ANN401 - YAML
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_plain(inner)}" for key, inner in value.items())
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


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
        one = analysis_of(found, asked.analysis)
        missing = one.missing if isinstance(one, ProportionAnalysis) else "observed"
        cells = (
            populations[one.population](lang),
            study.encounters[asked.encounter].label(lang),
            words[missing],
            ", ".join(method_name(name, lang) for name in asked.methods),
        )
        rows.append(Row(one.label(lang), cells))
    columns = tuple(words[name] for name in ("analysis", "population", "visit", "missing", "by"))
    yield Table("ANALYSES", words["analyses"], columns, tuple(rows), prose=True)
    yield Paragraph(words["measures"])
    yield Paragraph(words["measures source"])
    if found.sets > 1:
        yield Paragraph(words["sets"].format(sets=found.sets))
        yield Paragraph(words["sets source"])


def _limits(found: Characteristics, lang: Language) -> Iterator[Block]:
    two = "two with sets" if found.sets > 1 else "two"
    for name in ("one", two, "three"):
        yield Paragraph(say(lang)[f"limit {name}"])


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
