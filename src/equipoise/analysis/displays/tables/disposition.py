"""How participants left the trial or the treatment, by arm."""

from __future__ import annotations

from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.displays.tables.counts import groups, heads, people
from equipoise.protocol import plan


def disposition(display: plan.Table, scene: Scene) -> Table:
    """A row for each thing that happened, under it its reasons; reasons nobody had are left out."""
    rows: list[Row] = []
    for name in display.analyses:
        for event in scene.seen(name, "endpoint"):
            label = scene.say[f"event {event}"]
            rows.append(people(scene, name, label, 0, endpoint=event, level=None))
            rows += [
                people(scene, name, scene.say[f"reason {level}"], 1, endpoint=event, level=level)
                for level in scene.seen(name, "level", endpoint=event)
                if any(
                    scene.value(name, "events", endpoint=event, level=level, group=group)
                    for group in groups(scene)
                )
            ]
    population = scene.analysis(display.analyses[0]).population
    columns = (scene.say["event n percent"], *heads(scene, population))
    notes = (display.note(scene.lang),) if display.note else ()
    return Table(display.name, display.title(scene.lang), columns, tuple(rows), notes)
