"""What a recomputation found: the printed words, the recomputed numbers, a verdict and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from equipoise.analysis.reproduce.words import VERDICTS, figure, say
from equipoise.protocol.model import Language, Text
from equipoise.protocol.published_checks import About, Verdict

COLON: Final[dict[Language, str]] = {"en": ": ", "zh": "："}
COMMA: Final[dict[Language, str]] = {"en": ", ", "zh": "，"}
SEMICOLON: Final[dict[Language, str]] = {"en": "; ", "zh": "；"}
MOST = 3  # recomputed numbers that are shown one by one where room is short


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
        printed: Words of the statement in question, as printed.
        claim: The same in digits and signs only; of all statements where several are checked.
        label: What it is about, in the study's words.
        where: Where these stand.
        expectation: What should hold.
        recomputed: The numbers found, unrounded.
        explanation: Why the verdict.
        about: What is compared: the print with itself, with an expectation, or with the registry.
    """

    id: str
    kind: str
    statements: tuple[str, ...]
    printed: str
    label: Text
    claim: Text
    where: Text
    expectation: Text
    recomputed: tuple[Recomputation, ...]
    verdict: Verdict
    explanation: Text
    about: About = "print"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method answers to its check."""

    verdict: Verdict
    explanation: Text
    recomputed: tuple[Recomputation, ...] = field(default=())


def verdict_of(agreements: list[bool]) -> Verdict:
    """Holds if all the ways of counting agree with the print, only if some do, not if none does."""
    if not agreements:
        return "cannot be checked"
    if all(agreements):
        return "holds"
    return "only if" if any(agreements) else "does not hold"


def to_rows(findings: tuple[Finding, ...], lang: Language = "en") -> list[dict[str, str]]:
    """The findings as rows of words for a table."""
    return [
        {
            "id": finding.id,
            "printed": finding.printed,
            "label": finding.label(lang),
            "claim": f"{finding.label(lang)}{COLON[lang]}{finding.claim(lang)}",
            "where": finding.where(lang),
            "expectation": finding.expectation(lang),
            "recomputed": SEMICOLON[lang].join(_shown(one, lang) for one in finding.recomputed),
            "verdict": VERDICTS[finding.verdict](lang),
            "explanation": finding.explanation(lang),
        }
        for finding in findings
    ]


def in_short(finding: Finding, lang: Language = "en") -> tuple[str, ...]:
    """The recomputed numbers on which the verdict rests; of more than three their range."""
    agreeing = finding.verdict in {"holds", "only if"}
    telling = [one for one in finding.recomputed if one.agrees is agreeing]
    shown = telling or finding.recomputed
    if len(shown) <= MOST:
        return tuple(_shown(one, lang) for one in shown)
    values = [one.value for one in shown]
    ends = {"lowest": figure(min(values)), "highest": figure(max(values))}
    words = say("range", n=len(values), **ends)(lang)
    quantities = {one.how(lang).rpartition(COMMA[lang])[2] for one in shown}
    return (f"{quantities.pop()}{COLON[lang]}{words}" if len(quantities) == 1 else words,)


def _shown(one: Recomputation, lang: Language) -> str:
    ends = f" [{figure(one.lower)}, {figure(one.upper)}]" if one.lower is not None else ""
    return f"{one.how(lang)}{COLON[lang]}{figure(one.value)}{ends}"
