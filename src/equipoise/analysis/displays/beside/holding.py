"""What became of every published number."""

from __future__ import annotations

from typing import Final

from equipoise.analysis.displays.display import Badge, Row, Table, Tone
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.reproduce import Finding, to_rows
from equipoise.protocol.published_checks import Verdict

TONES: Final[dict[Verdict, Tone]] = {
    "holds": "good",
    "only if": "partly",
    "does not hold": "bad",
    "cannot be checked": "plain",
}


def holding(scene: Scene) -> Table | None:
    """What became of every published number."""
    if not scene.findings:
        return None
    say = scene.say
    rows = tuple(
        Row(
            row["claim"],
            (row["expectation"], row["recomputed"], _badge(finding, row), row["explanation"]),
        )
        for finding, row in zip(scene.findings, to_rows(scene.findings, scene.lang), strict=True)
    )
    columns = tuple(
        say[head] for head in ("printed", "expectation", "recomputed", "verdict", "why")
    )
    return Table("FINDINGS", say["findings title"], columns, rows, prose=True)


def _badge(finding: Finding, row: dict[str, str]) -> Badge:
    return Badge(row["verdict"], TONES[finding.verdict])
