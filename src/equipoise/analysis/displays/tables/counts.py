"""How many participants: a row of counts by arm and in total, shared by the tables of safety."""

from __future__ import annotations

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.display import Row
from equipoise.analysis.displays.scene import Scene

OCCURRENCES = "exact-poisson"


def groups(scene: Scene) -> tuple[str | None, ...]:
    """The arms, and all of them together."""
    return (*scene.arms, None)


def heads(scene: Scene, population: str) -> list[str]:
    """Arm and number of participants, for the head of a column."""
    return [
        scene.say["arm n"].format(arm=scene.arm(group), n=scene.size(population, group))
        for group in groups(scene)
    ]


def people(scene: Scene, analysis: str, label: str, indent: int, **where: str | None) -> Row:
    """Participants and their percentage, in each arm and in total."""
    cells = tuple(
        rounding.count_percent(
            scene.value(analysis, "events", group=group, **where),
            scene.value(analysis, "percent", group=group, **where),
        )
        for group in groups(scene)
    )
    return Row(label, cells, indent)


def rates(scene: Scene, analysis: str, label: str, indent: int, **where: str | None) -> Row:
    """Occurrences and their rate, in each arm and in total."""
    cells = []
    for group in groups(scene):
        found = {"group": group, **where}
        occurrences = scene.value(analysis, "occurrences", **found)
        parts = (
            scene.value(analysis, name, method=OCCURRENCES, **found)
            for name in ("rate", "lower", "upper")
        )
        rate = rounding.estimate(*parts, decimals=1, to=scene.to)
        cells.append(f"{rounding.count(occurrences)}; {rate}")
    return Row(label, tuple(cells), indent)
