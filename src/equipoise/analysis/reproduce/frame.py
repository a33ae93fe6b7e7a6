"""The findings as a Polars frame."""

from __future__ import annotations

import polars as pl

from equipoise.analysis.reproduce.finding import Finding


def to_frame(findings: tuple[Finding, ...]) -> pl.DataFrame:
    """One row a recomputed number, unrounded; a finding without any has one row with nulls."""
    rows = [
        {
            "finding": finding.id,
            "kind": finding.kind,
            "statement": finding.statements[0],
            "printed": finding.printed,
            "claim": finding.claim("en"),
            "verdict": finding.verdict,
            "how_en": one.how("en") if one else None,
            "how_zh": one.how("zh") if one else None,
            "method": one.method if one else None,
            "events": list(one.events) if one else [],
            "n": list(one.n) if one else [],
            "value": one.value if one else None,
            "lower": one.lower if one else None,
            "upper": one.upper if one else None,
            "agrees": one.agrees if one else None,
            "explanation_en": finding.explanation("en"),
            "explanation_zh": finding.explanation("zh"),
        }
        for finding in findings
        for one in (finding.recomputed or (None,))
    ]
    return pl.DataFrame(rows, schema=_FRAME)


_FRAME = pl.Schema(
    {
        "finding": pl.String(),
        "kind": pl.String(),
        "statement": pl.String(),
        "printed": pl.String(),
        "claim": pl.String(),
        "verdict": pl.String(),
        "how_en": pl.String(),
        "how_zh": pl.String(),
        "method": pl.String(),
        "events": pl.List(pl.Int64()),
        "n": pl.List(pl.Int64()),
        "value": pl.Float64(),
        "lower": pl.Float64(),
        "upper": pl.Float64(),
        "agrees": pl.Boolean(),
        "explanation_en": pl.String(),
        "explanation_zh": pl.String(),
    }
)
