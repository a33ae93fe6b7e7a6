"""What a recomputation found: the printed words, the recomputed numbers, a verdict and why."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from equipoise.analysis.reproduce.words import VERDICTS, figure
from equipoise.protocol.model import Language, Text
from equipoise.protocol.published_checks import Verdict


@dataclass(frozen=True, slots=True)
class Recomputation:
    """One number that follows from other printed numbers.

    Attributes:
        how: The counts, method or rule, for people.
        value: Unrounded; an interval's estimate.
        lower: Lower end of the interval, or the lowest value that the rounding of the input allows.
        upper: Likewise.
        agrees: Whether it agrees with what was printed; None where that is not the question.
        method: Name of the method.
        events: Counted events by arm.
        n: Counted participants by arm.
    """

    how: Text
    value: float
    lower: float | None = None
    upper: float | None = None
    agrees: bool | None = None
    method: str = ""
    events: tuple[int, ...] = ()
    n: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one published number or of one question to several.

    Attributes:
        id: The check's id; the statement's own where no check names it.
        kind: The kind of check.
        statements: Ids of the published statements concerned, the one in question first.
        printed: Their words as printed.
        where: Where these stand.
        expectation: What should hold.
        recomputed: The numbers found, unrounded.
        explanation: Why the verdict.
    """

    id: str
    kind: str
    statements: tuple[str, ...]
    printed: str
    where: Text
    expectation: Text
    recomputed: tuple[Recomputation, ...]
    verdict: Verdict
    explanation: Text


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method answers to its check."""

    verdict: Verdict
    explanation: Text
    recomputed: tuple[Recomputation, ...] = field(default=())


def verdict_of(agreements: list[bool]) -> Verdict:
    """Holds if all the ways of counting agree with the print, only if some do, not if none does."""
    if all(agreements):
        return "holds"
    return "only if" if any(agreements) else "does not hold"


def to_rows(findings: tuple[Finding, ...], lang: Language = "en") -> list[dict[str, str]]:
    """The findings as rows of words for a table: printed, where, recomputed, verdict, why."""
    return [
        {
            "id": finding.id,
            "printed": finding.printed,
            "where": finding.where(lang),
            "expectation": finding.expectation(lang),
            "recomputed": "; ".join(_shown(one, lang) for one in finding.recomputed),
            "verdict": VERDICTS[finding.verdict](lang),
            "explanation": finding.explanation(lang),
        }
        for finding in findings
    ]


def to_frame(findings: tuple[Finding, ...]) -> pl.DataFrame:
    """One row a recomputed number, unrounded; a finding without any has one row with nulls."""
    rows = [
        {
            "finding": finding.id,
            "kind": finding.kind,
            "statement": finding.statements[0],
            "printed": finding.printed,
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


def _shown(one: Recomputation, lang: Language) -> str:
    ends = f" [{figure(one.lower)}, {figure(one.upper)}]" if one.lower is not None else ""
    return f"{one.how(lang)}: {figure(one.value)}{ends}"
