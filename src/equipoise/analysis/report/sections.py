"""The sections of a report, in the order of a trial's publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from equipoise.analysis.displays import Row, Scene, Table, show
from equipoise.analysis.displays.beside import (
    TONES,
    agreement,
    directions,
    further,
    holding,
    primary_three_ways,
    side_by_side,
)
from equipoise.analysis.displays.tables import protocol
from equipoise.analysis.kinds.titration import CARRIED_OUT
from equipoise.analysis.report.contents import Block, Paragraph, Report, Section, placed
from equipoise.analysis.report.provenance import provenance
from equipoise.protocol.plan import Estimand, TitrationAnalysis
from equipoise.protocol.published_checks import About
from equipoise.records import Origin

PLANNED = ("participants", "baseline", "primary", "secondary", "safety")


def report(scene: Scene, origin: Origin, records: dict[str, str]) -> Report:
    """Put the whole report together.

    Args:
        scene: The study, its results and the language.
        origin: What made the records.
        records: SHA-256 of each file of the records, by name.
    """
    say, study = scene.say, scene.study
    sections = (
        Section("summary", say["summary"], tuple(_summary(scene))),
        *(Section(name, say[name], tuple(_planned(scene, name))) for name in PLANNED),
        Section("published", say["published numbers"], tuple(_published(scene))),
        Section("protocol", say["protocol"], tuple(_protocol(scene))),
        Section("provenance", say["provenance"], tuple(provenance(scene, origin, records))),
    )
    registered = [(one.registry, one.number) for one in study.protocol.registrations]
    return Report(
        lang=scene.lang,
        title=study.protocol.title(scene.lang),
        subtitle=f"{study.name} · {study.protocol.short_title(scene.lang)}",
        identifiers=(
            *registered,
            (say["protocol version"], study.protocol.version),
            (say["records"], say[f"{origin.kind} records"]),
        ),
        status=say["simulated"] if scene.simulated else "",
        banner=say["simulated banner"] if scene.simulated else "",
        sections=placed(sections, table=say["table"], figure=say["figure"]),
    )


def _summary(scene: Scene) -> Iterator[Block]:
    protocol_ = scene.study.protocol
    yield Paragraph(_sentence(protocol_.design(scene.lang), scene), _lead("design", scene))
    primary = next((one for one in protocol_.objectives if one.level == "primary"), None)
    if primary:
        yield Paragraph(_sentence(primary.text(scene.lang), scene), _lead("objective", scene))
    yield Paragraph(_flow(scene), _lead("participants", scene))
    three = primary_three_ways(scene)
    if three:
        yield three
    yield from (Paragraph(words, _lead("titration", scene)) for words in _titration(scene) if words)
    if scene.findings:
        yield Paragraph(_verdicts(scene), _lead("published numbers", scene))


def _lead(name: str, scene: Scene) -> str:
    return f"{scene.say[name]}{scene.say['stop']}"


def _sentence(text: str, scene: Scene) -> str:
    stop = scene.say["stop"]
    return text if text.endswith((".", stop)) else f"{text}{stop}"


def _flow(scene: Scene) -> str:
    def n(stage: str, group: str | None) -> int:
        flow = scene.results.flow.iter_rows(named=True)
        place = (stage, group, None)
        return next(
            int(row["n"]) for row in flow if (row["stage"], row["group"], row["reason"]) == place
        )

    arms = scene.listed(
        scene.say["arm count"].format(arm=scene.arm(arm), n=n("randomised", arm))
        for arm in scene.arms
    )
    return scene.say["summary flow"].format(
        screened=n("screened", None),
        randomised=n("randomised", None),
        completed=n("completed", None),
        arms=arms,
    )


def _verdicts(scene: Scene) -> str:
    parts = []
    for about in get_args(About):
        these = [finding for finding in scene.findings if finding.about == about]
        counts = Counter(TONES[finding.verdict] for finding in these)
        if these:
            tones = {tone: counts[tone] for tone in TONES.values()}
            parts.append(scene.say[f"summary {about}"].format(all=len(these), **tones))
    every = scene.say["summary checks"].format(all=len(scene.findings))
    return scene.say["between sentences"].join((every, *parts))


def _titration(scene: Scene) -> Iterator[str]:
    """A sentence for each analysis of a titration: what became of the proposals."""
    for analysis in scene.study.planned().analyses:
        if not isinstance(analysis, TitrationAnalysis):
            continue

        def n(name: str, proposal: str, level: str | None = None) -> int:
            where = {"endpoint": proposal, "group": None, "level": level}
            return int(scene.value(name, "occurrences", **where) or 0)

        if n(analysis.name, "contacts"):
            decided = {
                key: n(analysis.name, proposal, CARRIED_OUT)
                for key, proposal in (("rises_done", "rise"), ("cuts_done", "cut"))
            }
            yield scene.say["titration summary"].format(
                contacts=n(analysis.name, "contacts"),
                rises=n(analysis.name, "rise"),
                cuts=n(analysis.name, "cut"),
                **decided,
            )


def _planned(scene: Scene, section: str) -> Iterator[Block]:
    plan = scene.study.planned()
    if section == "primary":
        yield from (_estimand(scene, one) for one in plan.estimands[:1])
        if plan.multiplicity:
            yield Paragraph(plan.multiplicity(scene.lang), _lead("multiplicity", scene))
    if section == "secondary":
        yield from (_estimand(scene, one) for one in plan.estimands[1:])
    for display in plan.displays:
        if display.section == section:
            yield from show(display, scene)


def _estimand(scene: Scene, one: Estimand) -> Table:
    say, lang = scene.say, scene.lang
    rows = (
        Row(say["treatment"], (one.treatment(lang),)),
        Row(say["population"], (one.population(lang),)),
        Row(say["variable"], (one.variable(lang),)),
        *(
            Row(
                say["intercurrent"].format(event=event.event(lang)),
                (
                    say["aside"].format(
                        what=event.how(lang), aside=say[f"strategy {event.strategy}"]
                    ),
                ),
            )
            for event in one.intercurrent_events
        ),
        Row(say["summary measure"], (one.summary(lang),)),
        Row(say["missing values"], (one.missing(lang),)),
        *_analyses(scene, one),
    )
    notes = (one.why(lang),) if one.why else ()
    columns = (say["estimand"], say["definition"])
    return Table(f"ESTIMAND_{one.name}", one.label(lang), columns, rows, notes, prose=True)


def _analyses(scene: Scene, one: Estimand) -> Iterator[Row]:
    """The analyses of an estimand, by what they are for."""
    parts = (("main", (one.analysis,)), ("sensitivity", one.sensitivity))
    for key, names in (*parts, ("supplementary", one.supplementary)):
        if names:
            labels = (scene.analysis(name).label(scene.lang) for name in names)
            yield Row(scene.say[f"{key} analyses"], (scene.listed(labels),))


def _published(scene: Scene) -> Iterator[Block]:
    shown = (
        side_by_side(scene),
        further(scene),
        directions(scene),
        agreement(scene),
        holding(scene),
    )
    for block in shown:
        if block:
            yield block


def _protocol(scene: Scene) -> Iterator[Block]:
    study, lang, say = scene.study, scene.lang, scene.say
    yield Paragraph(say["badges"])
    for note in study.protocol.notes:
        yield Paragraph(note(lang), _lead("note", scene))
    yield protocol.design(study, lang)
    yield protocol.eligibility(study, lang)
    yield protocol.visits(study, lang)
    parameters = protocol.parameters(study, lang) if scene.simulated else None
    if parameters:
        yield parameters
    rows = tuple(
        Row(source(lang), (source.title(lang), source.citation(lang)))
        for source in study.protocol.sources.values()
    )
    columns = (say["source"], say["item"], say["remarks"])
    yield Table("SOURCES", say["sources"], columns, rows, prose=True)
