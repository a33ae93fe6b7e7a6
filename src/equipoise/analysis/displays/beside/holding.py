"""What became of every published number."""

from __future__ import annotations

from itertools import product
from typing import Final, get_args

from equipoise.analysis.displays.display import Badge, Row, Table, Tone
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.reproduce import Finding, to_rows
from equipoise.analysis.reproduce.finding import in_short
from equipoise.protocol.published_checks import About, Verdict

TONES: Final[dict[Verdict, Tone]] = {
    "does not hold": "bad",
    "only if": "partly",
    "holds": "good",
    "cannot be checked": "plain",
}


def holding(scene: Scene) -> Table | None:
    """Every check: the print against itself, then expectations, then the registry."""
    if not scene.findings:
        return None
    say = scene.say
    words = to_rows(scene.findings, scene.lang)
    rows: list[Row] = []
    for about, verdict in product(get_args(About), TONES):
        these = [
            _row(scene, finding, row)
            for finding, row in zip(scene.findings, words, strict=True)
            if (finding.about, finding.verdict) == (about, verdict)
        ]
        if these:
            head = say[f"about {about}"].format(verdict=say[verdict], n=len(these))
            rows += [Row(head), *these]
    heads = ("printed", "expectation", "recomputed", "verdict", "why")
    columns = tuple(say[head] for head in heads)
    return Table("FINDINGS", say["findings title"], columns, tuple(rows), prose=True)


def _row(scene: Scene, finding: Finding, words: dict[str, str]) -> Row:
    badge = Badge(scene.say[finding.verdict], TONES[finding.verdict])
    found = scene.listed(in_short(finding, scene.lang))
    return Row(words["claim"], (words["expectation"], found, badge, words["explanation"]))
