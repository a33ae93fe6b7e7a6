"""Doses given, their amount, and time under observation, by arm."""

from __future__ import annotations

from dataclasses import replace

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.displays.tables.counts import groups, heads, people
from equipoise.protocol import plan


def exposure(display: plan.Table, scene: Scene) -> Table:
    """Participants by number of doses, then amount and weeks."""
    rows: list[Row] = []
    for name in display.analyses:
        rows.append(Row(f"{scene.say['doses given']}, {scene.say['n percent']}"))
        rows += [
            people(scene, name, level, 1, endpoint="doses given", level=level)
            for level in scene.seen(name, "level", endpoint="doses given")
        ]
        rows += [_amount(scene, name), _mean(scene, name, "weeks observed", 1.0, "weeks observed")]
    population = scene.analysis(display.analyses[0]).population
    columns = ("", *heads(scene, population))
    notes = (display.note(scene.lang),) if display.note else ()
    return Table(display.name, display.title(scene.lang), columns, tuple(rows), notes)


def _amount(scene: Scene, name: str) -> Row:
    """The total amount, in millions of its unit where it counts in millions."""
    units = scene.seen(name, "unit", endpoint="total amount", statistic="mean")
    largest = max(
        scene.value(name, "max", endpoint="total amount", group=group) or 0
        for group in groups(scene)
    )
    many = largest >= 1e6
    label = scene.say["total amount"].format(
        unit=f"10⁶ {units[0]}" if many and units else "".join(units)
    )
    row = _mean(scene, name, "total amount", 1e6 if many else 1.0, label)
    return replace(row, cells=(*row.cells[:-1], ""))  # arms are given different things


def _mean(scene: Scene, name: str, endpoint: str, per: float, label: str) -> Row:
    cells = []
    for group in groups(scene):
        mean, sd = (
            scene.value(name, part, endpoint=endpoint, group=group) for part in ("mean", "sd")
        )
        shown = (None if value is None else value / per for value in (mean, sd))
        cells.append(rounding.mean_sd(*shown, decimals=1))
    text = scene.say.get(label, label)
    return Row(f"{text}, {scene.say['mean-sd']}", tuple(cells))
