"""Low home readings by arm."""

from __future__ import annotations

from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.displays.tables.counts import heads, people, rates
from equipoise.protocol import plan


def hypoglycaemia(display: plan.Table, scene: Scene) -> Table:
    """For each limit the participants, then the readings and their rate."""
    rows: list[Row] = []
    notes = [display.note(scene.lang)] if display.note else []
    diary = scene.study.protocol.diary
    for name in display.analyses:
        for level in scene.seen(name, "level"):
            rows.append(Row(f"{level} {diary.unit}" if diary else level))
            rows.append(people(scene, name, scene.say["people n percent"], 1, level=level))
            rows.append(rates(scene, name, scene.say["readings rate"], 1, level=level))
        note = scene.analysis(name).note
        notes += [note(scene.lang)] if note else []
    columns = (scene.say["limit"], *heads(scene, scene.analysis(display.analyses[0]).population))
    return Table(display.name, display.title(scene.lang), columns, tuple(rows), tuple(notes))
