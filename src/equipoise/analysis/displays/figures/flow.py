"""The flow of participants.

Source: CONSORT 2025, figure 1 (Hopewell et al.: BMJ 2025;389:e081123).
"""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.displays.display import Figure
from equipoise.analysis.displays.drawing import canvas, flow_chart
from equipoise.analysis.displays.drawing.flow_chart import Box, Chart
from equipoise.analysis.displays.scene import Scene
from equipoise.protocol import plan
from equipoise.protocol.plan import ProportionAnalysis

INDENT = "   "


def flow(display: plan.Figure, scene: Scene) -> tuple[Figure, ...]:
    """The diagram for all arms."""
    chart = chart_of(scene)
    size = (canvas.DOUBLE, flow_chart.layout(chart)[1])
    says = _says(scene)
    drawing = canvas.svg(
        display.name, size, lambda sheet: flow_chart.draw(sheet, chart), says=says, mark=scene.mark
    )
    notes = [display.note(scene.lang)] if display.note else []
    if _reasons(scene, "excluded", None):
        notes.append(scene.say["first reason"])
    title = display.title(scene.lang)
    return (Figure(display.name, title, says, drawing, tuple(notes), wide=True),)


def chart_of(scene: Scene) -> Chart:
    """The boxes and what they say."""
    excluded = [
        scene.say["reason n"].format(reason=_excluded(scene, reason), n=n)
        for reason, n in _reasons(scene, "excluded", None)
    ]
    stages = [scene.say[name] for name in ("enrolment", "allocated stage", "follow-up stage")]
    arms = [(_allocation(scene, arm), _follow_up(scene, arm)) for arm in scene.arms]
    analysed: list[tuple[Box, ...]] = [()] * len(arms)
    if _n(scene, "analysed", scene.arms[0]) is not None:
        stages.append(scene.say["analysed stage"])
        analysed = [(_analysed(scene, arm),) for arm in scene.arms]
    waiting = _n(scene, "in screening", None)
    still = [scene.say["in screening"].format(n=waiting)] if waiting else []
    return Chart(
        tuple(stages),
        Box(scene.say["assessed"].format(n=_n(scene, "screened", None)), tuple(still)),
        Box(scene.say["excluded"].format(n=_n(scene, "excluded", None)), tuple(excluded)),
        Box(scene.say["randomised n"].format(n=_n(scene, "randomised", None))),
        tuple((*first, *last) for first, last in zip(arms, analysed, strict=True)),
    )


def _n(scene: Scene, stage: str, group: str | None) -> int | None:
    for row in scene.results.flow.iter_rows(named=True):
        if (row["stage"], row["group"], row["reason"]) == (stage, group, None):
            return int(row["n"])
    return None


def _reasons(scene: Scene, stage: str, group: str | None) -> list[tuple[str, int]]:
    return [
        (row["reason"], row["n"])
        for row in scene.results.flow.iter_rows(named=True)
        if (row["stage"], row["group"]) == (stage, group) and row["reason"] is not None
    ]


def _excluded(scene: Scene, reason: str) -> str:
    """A criterion's text; the flow's own words for other reasons."""
    for criterion in scene.study.protocol.eligibility:
        if criterion.id == reason:
            text = criterion.text(scene.lang)
            return scene.say["unmet"].format(text=text) if criterion.kind == "inclusion" else text
    return scene.say.get(f"reason {reason}", reason)


def _allocation(scene: Scene, arm: str) -> Box:
    randomised = _n(scene, "randomised", arm)
    items = [
        scene.say[stage].format(n=_n(scene, stage, arm))
        for stage in ("all doses", "some doses", "no dose")
        if stage == "all doses" or _n(scene, stage, arm)
    ]
    return Box(scene.say["allocated"].format(arm=scene.arm(arm), n=randomised), tuple(items))


def _follow_up(scene: Scene, arm: str) -> Box:
    items = [*_left(scene, "withdrawn", arm), *_left(scene, "treatment discontinued", arm)]
    if ongoing := _n(scene, "ongoing", arm):
        items.append(scene.say["ongoing n"].format(n=ongoing))
    completed = scene.say["completed n"].format(n=_n(scene, "completed", arm))
    return Box(completed, tuple(items))


def _left(scene: Scene, stage: str, arm: str) -> Iterator[str]:
    if stage == "treatment discontinued" and not _n(scene, stage, arm):
        return
    yield scene.say[f"{stage} n"].format(n=_n(scene, stage, arm))
    for reason, n in _reasons(scene, stage, arm):
        words = scene.say.get(f"reason {reason}", reason)
        yield INDENT + scene.say["reason n"].format(reason=words, n=n)


def _analysed(scene: Scene, arm: str) -> Box:
    primary = scene.study.planned().estimands[0].analysis
    analysis = scene.analysis(primary)
    items = []
    if left_out := _n(scene, "not analysed", arm):
        items.append(scene.say["not analysed n"].format(n=left_out))
    if isinstance(analysis, ProportionAnalysis):
        last = scene.seen(primary, "encounter")[-1]
        unjudged = scene.value(primary, "unjudged", group=arm, encounter=last)
        if unjudged:
            items.append(scene.say[f"unjudged {analysis.missing}"].format(n=f"{unjudged:.0f}"))
    return Box(scene.say["analysed n"].format(n=_n(scene, "analysed", arm)), tuple(items))


def _says(scene: Scene) -> str:
    first = scene.say["flow says"].format(
        screened=_n(scene, "screened", None),
        excluded=_n(scene, "excluded", None),
        randomised=_n(scene, "randomised", None),
    )
    arms = [
        scene.say["flow arm says"].format(
            arm=scene.arm(arm),
            randomised=_n(scene, "randomised", arm),
            completed=_n(scene, "completed", arm),
            withdrawn=_n(scene, "withdrawn", arm),
        )
        for arm in scene.arms
    ]
    return " ".join((first, *arms))
