"""What became of every published number."""

from __future__ import annotations

from typing import Final

from equipoise.analysis.displays.display import Badge, Row, Table, Tone
from equipoise.analysis.displays.rounding import significant
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.reproduce import Finding, to_rows
from equipoise.analysis.reproduce.finding import Recomputation
from equipoise.protocol.published_checks import Verdict

TONES: Final[dict[Verdict, Tone]] = {
    "does not hold": "bad",
    "only if": "partly",
    "holds": "good",
    "cannot be checked": "plain",
}
SHOWN: Final = 3  # recomputed numbers of a finding that a reader is shown; the file has them all
WITH_LIMITS: Final = ("interval", "reanalysis")


def holding(scene: Scene) -> Table | None:
    """Every published statement: those that do not hold first."""
    if not scene.findings:
        return None
    say = scene.say
    words = to_rows(scene.findings, scene.lang)
    rows: list[Row] = []
    for verdict in TONES:
        these = [
            _row(scene, finding, row)
            for finding, row in zip(scene.findings, words, strict=True)
            if finding.verdict == verdict
        ]
        if these:
            rows += [Row(say["verdict n"].format(verdict=say[verdict], n=len(these))), *these]
    heads = ("printed", "expectation", "recomputed", "verdict", "why")
    columns = tuple(say[head] for head in heads)
    return Table("FINDINGS", say["findings title"], columns, tuple(rows), prose=True)


def _row(scene: Scene, finding: Finding, words: dict[str, str]) -> Row:
    badge = Badge(scene.say[finding.verdict], TONES[finding.verdict])
    found = _recomputed(scene, finding)
    cells = (words["expectation"], found, badge, words["explanation"])
    return Row(words["claim"], cells)


def _recomputed(scene: Scene, finding: Finding) -> str:
    """The recomputed numbers, those that agree with the print first."""
    order = sorted(finding.recomputed, key=lambda one: one.agrees is not True)
    shown = [_number(scene, finding, one) for one in order[:SHOWN]]
    more = len(order) - SHOWN
    return scene.listed([*shown, *([scene.say["more"].format(n=more)] if more > 0 else [])])


def _number(scene: Scene, finding: Finding, one: Recomputation) -> str:
    text = f"{one.how(scene.lang)}: {significant(one.value)}"
    if finding.kind in WITH_LIMITS and one.lower is not None:
        limits = f"{significant(one.lower)} {scene.to} {significant(one.upper)}"
        return f"{text} ({limits})"
    return text
