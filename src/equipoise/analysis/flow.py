"""The numbers of the CONSORT 2025 flow diagram, and the check that they add up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import polars as pl

from equipoise.analysis.endpoints import answers, find_endpoint, numbers
from equipoise.analysis.trial import Trial
from equipoise.errors import RecordsError
from equipoise.protocol.plan import BinaryEndpoint, NumberAnalysis, ProportionAnalysis
from equipoise.protocol.study import Criterion

SCHEMA: Final = {"stage": pl.String, "group": pl.String, "reason": pl.String, "n": pl.Int64}
NOT_JUDGED: Final = "not judged"
OTHER: Final = "other"


class Count(NamedTuple):
    """How many reached a stage; ``group`` is an arm or None for all, ``reason`` None for all."""

    stage: str
    group: str | None
    reason: str | None
    n: int


def consort_flow(trial: Trial) -> pl.DataFrame:
    """Participants at each stage: columns stage, group, reason, n.

    Stages: screened, excluded (by the first criterion that failed, in the protocol's order), in
    screening, randomised; then by arm and in total: all doses, some doses, no dose, treatment
    discontinued (by reason), withdrawn (by reason), completed, ongoing, analysed, not analysed (of
    the primary estimand, the first of the plan).

    Raises:
        RecordsError: The numbers do not add up.

    Source: CONSORT 2025 (Hopewell et al.: BMJ 2025;389:e081123), figure 1.
    """
    counts = [*_enrolment(trial)]
    for group, rows in trial.groups(trial.subjects):
        counts += _course(trial, group, rows)
    if problems := list(misfits(counts, list(trial.study.arms))):
        raise RecordsError("\n".join(problems))
    return pl.DataFrame(counts, schema=SCHEMA, orient="row")


def _enrolment(trial: Trial) -> Iterator[Count]:
    events = trial.records["disposition"]
    people = trial.records["participants"]["participant"]
    failed = events.filter(pl.col("event") == "screen failure")["participant"].unique()
    decided = set(failed) | set(trial.subjects["participant"])
    yield Count("screened", None, None, len(people))
    yield Count("excluded", None, None, len(failed))
    reasons = [_reason(trial, answered) for answered in _answers(trial, failed)]
    criteria = [criterion.id for criterion in trial.study.protocol.eligibility]
    for reason in (*criteria, NOT_JUDGED, OTHER):
        if reason in reasons:
            yield Count("excluded", None, reason, reasons.count(reason))
    yield Count("in screening", None, None, len(set(people) - decided))


def _answers(trial: Trial, people: pl.Series) -> list[dict[str, str]]:
    """For each of these people the answers to the criteria."""
    found: dict[str, dict[str, str]] = {person: {} for person in people.sort()}
    rows = trial.records["eligibility"].filter(pl.col("participant").is_in(people.implode()))
    for person, criterion, answer in rows.iter_rows():
        found[person][criterion] = answer
    return list(found.values())


def _reason(trial: Trial, answers: dict[str, str]) -> str:
    """The first criterion that excludes a person."""
    for criterion in trial.study.protocol.eligibility:
        if answers.get(criterion.id) == _excluding(criterion):
            return criterion.id
    return NOT_JUDGED if "unknown" in answers.values() else OTHER


def _excluding(criterion: Criterion) -> str:
    return "no" if criterion.kind == "inclusion" else "yes"


def _course(trial: Trial, group: str | None, rows: pl.DataFrame) -> Iterator[Count]:
    all_doses = rows["doses_given"] == rows["doses_planned"]
    some = (rows["doses_begun"] > 0) & ~all_doses
    yield Count("randomised", group, None, rows.height)
    yield Count("all doses", group, None, int(all_doses.sum()))
    yield Count("some doses", group, None, int(some.sum()))
    yield Count("no dose", group, None, int((rows["doses_begun"] == 0).sum()))
    events = trial.records["disposition"].join(rows.select("participant"), on="participant")
    for event in ("treatment discontinued", "withdrawn"):
        these = events.filter(pl.col("event") == event)
        yield Count(event, group, None, these["participant"].n_unique())
        for reason in these["reason"].unique().sort():
            yield Count(event, group, reason, int((these["reason"] == reason).sum()))
    left = rows["withdrawn_date"].is_not_null()
    yield Count("completed", group, None, int(rows["completed"].sum()))
    yield Count("ongoing", group, None, int((~left & ~rows["completed"]).sum()))
    if trial.plan.estimands:
        analysed = rows.join(_analysed(trial), on="participant", how="semi").height
        yield Count("analysed", group, None, analysed)
        yield Count("not analysed", group, None, rows.height - analysed)


def _analysed(trial: Trial) -> pl.DataFrame:
    """Participants who are counted by the primary analysis at its last encounter."""
    primary = trial.plan.estimands[0].analysis
    analysis = next(one for one in trial.plan.analyses if one.name == primary)
    members = trial.members(analysis.population)
    if isinstance(analysis, ProportionAnalysis) and analysis.missing == "non-responder":
        return members
    if not isinstance(analysis, ProportionAnalysis | NumberAnalysis):
        return members
    endpoint = find_endpoint(trial, analysis.endpoint)
    last = (analysis.encounters or endpoint.encounters)[-1]
    if isinstance(endpoint, BinaryEndpoint):
        seen = answers(endpoint, trial).filter(pl.col("answer").is_not_null())
    else:
        seen = numbers(endpoint, trial)
    return members.join(seen.filter(pl.col("encounter") == last), on="participant", how="semi")


_SUMS: Final = (
    ("randomised", ("all doses", "some doses", "no dose")),
    ("randomised", ("completed", "withdrawn", "ongoing")),
)


def misfits(counts: list[Count], arms: list[str]) -> Iterator[str]:
    """Sums of the flow that do not hold, one line each."""
    n = {(count.stage, count.group): count.n for count in counts if count.reason is None}
    parts = ("excluded", "in screening", "randomised")
    yield from _unequal("screened", n["screened", None], {p: n[p, None] for p in parts})
    by_arm = {arm: n["randomised", arm] for arm in arms}
    yield from _unequal("randomised", n["randomised", None], by_arm)
    for group in (*arms, None):
        for whole, stages in _SUMS:
            found = {stage: n[stage, group] for stage in stages}
            yield from _unequal(f"{whole} ({group or 'all'})", n[whole, group], found)
    for stage in ("excluded", "withdrawn", "treatment discontinued"):
        for group in {count.group for count in counts if count.stage == stage}:
            reasons = {
                str(count.reason): count.n
                for count in counts
                if (count.stage, count.group) == (stage, group) and count.reason is not None
            }
            yield from _unequal(f"{stage} ({group or 'all'})", n[stage, group], reasons)


def _unequal(what: str, whole: int, parts: dict[str, int]) -> Iterator[str]:
    if whole != sum(parts.values()):
        listed = " + ".join(f"{n} {name}" for name, n in parts.items()) or "nothing"
        yield (
            f"flow of participants: {whole} {what}, but {listed} make {sum(parts.values())}. "
            "Look for participants counted twice or not at all in participants and disposition."
        )
