"""What became of the doses that the titration proposed, by arm."""

from __future__ import annotations

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.displays.tables.counts import groups, heads
from equipoise.analysis.kinds.titration import CARRIED_OUT
from equipoise.protocol import plan

PROPOSALS = ("rise", "no change", "cut")


def titration(display: plan.Table, scene: Scene) -> Table:
    """Contacts, then each kind of proposal with the decisions on it."""
    rows: list[Row] = []
    for name in display.analyses:
        rows += [_contacts(scene, name), _each(scene, name)]
        for proposal in PROPOSALS:
            label = scene.say[f"proposed {proposal}"]
            rows.append(_count(scene, name, f"{label}, {scene.say['n percent']}", 0, proposal))
            rows += [
                _count(scene, name, scene.say[f"decision {level}"], 1, proposal, level)
                for level in sorted(scene.seen(name, "level", endpoint=proposal), key=_carried_out)
                if proposal != "no change"
            ]
    population = scene.analysis(display.analyses[0]).population
    columns = (scene.say["titration contacts"], *heads(scene, population))
    notes = [scene.say["note titration"]]
    notes += [display.note(scene.lang)] if display.note else []
    return Table(display.name, display.title(scene.lang), columns, tuple(rows), tuple(notes))


def _carried_out(level: str) -> tuple[bool, str]:
    """What was carried out first, then by decision."""
    return level != CARRIED_OUT, level


def _contacts(scene: Scene, name: str) -> Row:
    cells = (
        rounding.count(scene.value(name, "occurrences", endpoint="contacts", group=group))
        for group in groups(scene)
    )
    return Row(scene.say["contacts"], tuple(cells))


def _each(scene: Scene, name: str) -> Row:
    cells = []
    for group in groups(scene):
        mean, sd = (
            scene.value(name, part, endpoint="contacts a participant", group=group)
            for part in ("mean", "sd")
        )
        cells.append(rounding.mean_sd(mean, sd, decimals=1))
    return Row(f"{scene.say['contacts a participant']}, {scene.say['mean-sd']}", tuple(cells))


def _count(
    scene: Scene, name: str, label: str, indent: int, proposal: str, level: str | None = None
) -> Row:
    cells = []
    for group in groups(scene):
        where = {"endpoint": proposal, "group": group, "level": level}
        n = scene.value(name, "occurrences", **where) or 0
        cells.append(rounding.count_percent(n, scene.value(name, "percent", **where) if n else 0))
    return Row(label, tuple(cells), indent)
