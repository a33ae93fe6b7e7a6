"""Numbers by visit: each arm, and the difference between arms."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.protocol import plan
from equipoise.protocol.plan import NumberAnalysis

BETWEEN = {  # for each summary: the method of the difference, and that of its p value
    "mean-sd": ("t-test", "t-test"),
    "median-quartiles": ("hodges-lehmann", "wilcoxon"),
}
WITHIN = "paired-t-test"


def number(display: plan.Table, scene: Scene) -> Table:
    """For each analysis and visit one row for each way of summarising."""
    analyses = [scene.analysis(name) for name in display.analyses]
    chosen = [one for one in analyses if isinstance(one, NumberAnalysis)]
    within = any(WITHIN in one.methods for one in chosen)
    rows: list[Row] = []
    for analysis in chosen:
        rows += _analysis(display, scene, analysis, within=within)
    say = scene.say
    each = (say["n"], say["summarised"], *([say["p within"]] if within else []))
    pair = (say["estimate interval"], say["p"])
    spans = [(scene.arm(arm), len(each)) for arm in scene.arms]
    spans += [(scene.contrast(contrast), 2) for contrast in scene.contrasts]
    columns = (say["visit"], *each * len(scene.arms), *pair * len(scene.contrasts))
    notes = [say[f"note {show}"] for show in display.show]
    notes += [say["note within"]] * within
    notes += [display.note(scene.lang)] if display.note else []
    title = display.title(scene.lang)
    return Table(display.name, title, columns, tuple(rows), tuple(notes), tuple(spans))


def _analysis(
    display: plan.Table, scene: Scene, analysis: NumberAnalysis, *, within: bool
) -> Iterator[Row]:
    endpoint = scene.endpoint(analysis.endpoint)
    unit = scene.unit(endpoint)
    label = analysis.label(scene.lang)
    yield Row(f"{label} ({unit})" if unit else label)
    for encounter in scene.encounters(display, analysis.name):
        for show in display.show:
            first = show == display.show[0]
            cells: list[str] = []
            for arm in scene.arms:
                cells += summary(scene, analysis, show, encounter, arm)
                if within:
                    cells.append(_within(scene, analysis, encounter, arm) if first else "")
            for contrast in scene.contrasts:
                cells += difference(scene, analysis, show, encounter, contrast)
            label = scene.visit(encounter) if first else scene.say[show]
            yield Row(label, tuple(cells), indent=1 if first else 2)


def summary(
    scene: Scene, analysis: NumberAnalysis, show: str, encounter: str, arm: str
) -> list[str]:
    """How many were observed in an arm, and the summary of their values."""
    where = {"encounter": encounter, "group": arm}
    decimals, name = scene.decimals(scene.endpoint(analysis.endpoint)), analysis.name
    if show == "mean-sd":
        mean, sd = (scene.value(name, part, **where) for part in ("mean", "sd"))
        n = scene.value(name, "n", **where)
        return [rounding.count(n), rounding.mean_sd(mean, sd, decimals=decimals)]
    median, q1, q3 = (scene.value(name, part, **where) for part in ("median", "q1", "q3"))
    return ["", rounding.estimate(median, q1, q3, decimals=decimals, to=scene.to)]


def _within(scene: Scene, analysis: NumberAnalysis, encounter: str, arm: str) -> str:
    if encounter == scene.study.protocol.baseline or WITHIN not in analysis.methods:
        return ""
    where = {"encounter": encounter, "group": arm, "method": WITHIN}
    return rounding.p_value(scene.value(analysis.name, "p", **where))


def difference(
    scene: Scene, analysis: NumberAnalysis, show: str, encounter: str, contrast: str
) -> list[str]:
    """The difference between two arms that goes with a summary, and its p value."""
    if encounter == scene.study.protocol.baseline:
        return ["", ""]
    interval, test = BETWEEN[show]
    decimals = scene.decimals(scene.endpoint(analysis.endpoint))
    where = {"encounter": encounter, "group": contrast}
    parts = (
        scene.value(analysis.name, part, method=interval, **where)
        for part in ("estimate", "lower", "upper")
    )
    p = scene.value(analysis.name, "p", method=test, **where)
    asked = {*analysis.methods}
    return [
        rounding.estimate(*parts, decimals=decimals, to=scene.to) if interval in asked else "",
        rounding.p_value(p) if test in asked else "",
    ]
