"""Characteristics by arm and in total."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.protocol import plan
from equipoise.protocol.form import Item
from equipoise.protocol.plan import CharacteristicsAnalysis


def characteristics(display: plan.Table, scene: Scene) -> Table:
    """A row or a few for each item; participants without a value are counted."""
    rows: list[Row] = []
    groups: tuple[str | None, ...] = (*scene.arms, None)
    sizes = [0] * len(groups)
    for name in display.analyses:
        analysis = scene.analysis(name)
        if not isinstance(analysis, CharacteristicsAnalysis):
            raise TypeError(f"{display.name}: {name} is not an analysis of characteristics")
        for item in analysis.items:
            rows += _item(display, scene, name, scene.study.items[item], groups)
        sizes = [scene.size(analysis.population, group) for group in groups]
    heads = (
        scene.say["arm n"].format(arm=scene.arm(group), n=n)
        for group, n in zip(groups, sizes, strict=True)
    )
    notes = (display.note(scene.lang),) if display.note else ()
    columns = (scene.say["characteristic"], *heads)
    return Table(display.name, display.title(scene.lang), columns, tuple(rows), notes)


def _item(
    display: plan.Table,
    scene: Scene,
    analysis: str,
    item: Item,
    groups: tuple[str | None, ...],
) -> Iterator[Row]:
    label = item.label(scene.lang)
    if item.kind == "number":
        unit = scene.item_unit(item.name)
        what = f"{label} ({unit})" if unit else label
        if len(display.show) > 1:
            yield Row(what)
        for show in display.show:
            cells = tuple(_summary(scene, analysis, item, group, show) for group in groups)
            text = scene.say[show] if len(display.show) > 1 else f"{what}, {scene.say[show]}"
            yield Row(text, cells, indent=int(len(display.show) > 1))
    else:
        codes = {code: words(scene.lang) for code, words in item.codes.items()}
        codes = codes or {"yes": scene.say["yes"]}
        yield Row(f"{label}, {scene.say['n percent']}")
        for code, words in codes.items():
            cells = tuple(_share(scene, analysis, item.name, group, code) for group in groups)
            yield Row(words, cells, indent=1)
    missing = [scene.value(analysis, "missing", endpoint=item.name, group=g) for g in groups]
    if any(missing):
        yield Row(scene.say["missing n"], tuple(map(rounding.count, missing)), indent=1)


def _summary(scene: Scene, analysis: str, item: Item, group: str | None, show: str) -> str:
    where = {"endpoint": item.name, "group": group}
    decimals = scene.item_decimals(item.name)
    if show == "mean-sd":
        mean, sd = (scene.value(analysis, name, **where) for name in ("mean", "sd"))
        return rounding.mean_sd(mean, sd, decimals=decimals)
    median, q1, q3 = (scene.value(analysis, name, **where) for name in ("median", "q1", "q3"))
    return rounding.estimate(median, q1, q3, decimals=decimals, to=scene.to)


def _share(scene: Scene, analysis: str, item: str, group: str | None, code: str) -> str:
    where = {"endpoint": item, "group": group, "level": code}
    events, percent = (scene.value(analysis, name, **where) for name in ("events", "percent"))
    return rounding.count_percent(events, percent)
