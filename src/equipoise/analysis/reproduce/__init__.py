"""Recompute every published number of a study that can be recomputed, and say what holds and why.

The study is only data (``published.yaml``); each kind of check has its method here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from equipoise.analysis.reproduce.arithmetic import (
    check_agreement,
    check_quotient,
    check_ratio,
    check_sum,
)
from equipoise.analysis.reproduce.counts import check_percentage
from equipoise.analysis.reproduce.digits import check_whole_units
from equipoise.analysis.reproduce.finding import (
    Answer,
    Finding,
    Recomputation,
    in_short,
    to_rows,
)
from equipoise.analysis.reproduce.intervals import check_interval
from equipoise.analysis.reproduce.labels import Names, claim_of, label_of, names_of
from equipoise.analysis.reproduce.mean_tests import check_means, check_within
from equipoise.analysis.reproduce.proportion_tests import check_counts
from equipoise.analysis.reproduce.spread import check_spread, check_upper_limit
from equipoise.analysis.reproduce.trial_size import check_power
from equipoise.analysis.reproduce.words import say, series, together
from equipoise.protocol.model import Text
from equipoise.protocol.published import AnyStatement, Published, PValue, Statement
from equipoise.protocol.published_checks import AnyCheck, MeansCheck, Verdict

__all__ = [
    "CHECKS",
    "Finding",
    "Names",
    "Recomputation",
    "in_short",
    "names_of",
    "reproduce",
    "to_rows",
]

NO_NAMES: Final = Names()
CHECKS: Final[dict[str, Callable[[Published, Any], Answer]]] = {
    "percentage": check_percentage,
    "interval": check_interval,
    "p of counts": check_counts,
    "reanalysis": check_counts,
    "fragility": check_counts,
    "p of means": check_means,
    "p within arm": check_within,
    "sum": check_sum,
    "agreement": check_agreement,
    "ratio of means": check_ratio,
    "whole units": check_whole_units,
    "quotient": check_quotient,
    "spread": check_spread,
    "upper limit": check_upper_limit,
    "power": check_power,
}


def reproduce(published: Published, names: Names = NO_NAMES) -> tuple[Finding, ...]:
    """Put every check of the study to its published numbers.

    A p value between arms that no check names is tried against the means it compares; any other
    statement that no check uses is listed as one that cannot be checked.

    Args:
        published: What was published.
        names: Labels of what the statements are about.

    Returns:
        One finding a check, in the order of the file, then one for each statement left.
    """
    labels = {**names.arms, **published.arm_labels}
    published = published.model_copy(update={"arm_labels": labels})
    findings = [_finding(published, check, names) for check in published.checks]
    used = {name for check in published.checks for name in check.references}
    for p_value in published.p_values:
        if p_value.id not in used and p_value.contrast == "between arms":
            check = MeansCheck(
                kind="p of means",
                id=p_value.id,
                of=p_value.id,
                expectation=say("follows from means"),
            )
            findings.append(_finding(published, check, names))
            used |= {p_value.id, *p_value.compares}
    left = [statement for statement in published.statements if statement.id not in used]
    return (*findings, *(_unchecked(published, statement, names) for statement in left))


def _finding(published: Published, check: AnyCheck, names: Names) -> Finding:
    answer = CHECKS[check.kind](published, check)
    doubtful = check.ambiguous and answer.verdict == "does not hold"
    verdict: Verdict = "only if" if doubtful else answer.verdict
    reading = check.readings.get(verdict)
    statements = [one for one in published.statements if one.id in check.references]
    statements.sort(key=lambda statement: check.references.index(statement.id))
    asked = statements[:1] if hasattr(check, "of") else statements
    label = label_of(asked[0], names) if len(asked) == 1 else Text(en=check.id)
    return Finding(
        id=check.id,
        kind=check.kind,
        statements=tuple(statement.id for statement in statements),
        printed=statements[0].printed,
        label=check.label or label,
        claim=series(claim_of(each) for each in asked),
        where=_where(published, statements[0]),
        expectation=check.expectation,
        recomputed=answer.recomputed,
        verdict=verdict,
        explanation=together([answer.explanation, *([reading] if reading else [])]),
        about=check.about,
    )


def _where(published: Published, statement: Statement) -> Text:
    return published.passage(statement.passage).where


def _unchecked(published: Published, statement: AnyStatement, names: Names) -> Finding:
    why = say("no means" if isinstance(statement, PValue) else "nothing printed")
    return Finding(
        id=statement.id,
        kind="no check",
        statements=(statement.id,),
        printed=statement.printed,
        label=label_of(statement, names),
        claim=claim_of(statement),
        where=_where(published, statement),
        expectation=why,
        recomputed=(),
        verdict="cannot be checked",
        explanation=why,
    )
