"""A shard: some trials of one study, lived and analysed. It can run anywhere; it has no state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Final, NamedTuple

import numpy as np

from equipoise.errors import OutputError, StudyError, nearest
from equipoise.protocol.plan import NumberAnalysis, ProportionAnalysis
from equipoise.protocol.whole import Study
from equipoise.simulate.enrolment import Enrolment
from equipoise.trials import means, proportions
from equipoise.trials.finding import Finding, table
from equipoise.trials.lived import Chunk, Ready, live_trials
from equipoise.trials.packed import code_digest, unpack

QUICK: Final = ("miettinen-nurminen", "wald", "fisher", "chi-squared", "t-test")
SCREENED: Final = "screened"
COMPLETED: Final = "completed"
TITRATED: Final = "titrated"
LOW: Final = "low "  # and the limit
PARTICIPANTS: Final = 25_000  # lived at a time: memory is that of so many


class Asked(NamedTuple):
    """One analysis of the plan that is carried out, where, and how."""

    analysis: str
    encounter: str
    methods: tuple[str, ...]


class Shard(NamedTuple):
    """What one worker is told: all that its result depends on."""

    study: str  # packed
    asked: tuple[Asked, ...]
    seed: int
    trials: range  # their numbers
    code: str  # digest of the code that is to run
    parameters: int  # number of the parameter set
    values: Mapping[str, float]  # of that set, by name; the study's own where it has none
    many: bool = False  # whether compiling the questions pays; changes no result


def asked_of(
    study: Study, analyses: tuple[str, ...], methods: tuple[str, ...]
) -> tuple[Asked, ...]:
    """Each analysis of proportions or numbers at its last encounter, by the methods asked for.

    Args:
        study: The study.
        analyses: Names of the analyses; all that can be if empty.
        methods: Methods; those of each analysis that are quick if empty.

    Raises:
        StudyError: There is no such analysis, or it is of another kind.
    """
    plan = study.planned()
    can = {
        one.name: one
        for one in plan.analyses
        if isinstance(one, ProportionAnalysis | NumberAnalysis)
    }
    for name in analyses:
        if name not in can:
            raise StudyError(
                f"analyses: there is no analysis {name} of proportions or numbers; there is "
                f"{', '.join(can)}.{nearest(name, can)}"
            )
    encounters = {endpoint.name: endpoint.encounters for endpoint in plan.endpoints}
    found = []
    for name in analyses or can:
        one = can[name]
        mine = proportions.METHODS if isinstance(one, ProportionAnalysis) else means.METHODS
        wanted = methods or tuple(method for method in one.methods if method in QUICK)
        last = (one.encounters or encounters[one.endpoint])[-1]
        found.append(Asked(name, last, tuple(method for method in wanted if method in mine)))
    return tuple(found)


def live_shard(shard: Shard) -> bytes:
    """Live and analyse the trials of a shard; the table of findings as a Parquet file.

    Raises:
        OutputError: This process has other code than the one that asks.
    """
    if shard.code != code_digest():
        raise OutputError(
            "a worker has another version of Equipoise, or of a library that it computes with; "
            "install the same as here"
        )
    ready = _ready(shard.study, many=shard.many).under(shard.values)
    chunk = live_trials(ready, shard.trials, shard.seed)
    found = table(findings(chunk, shard.asked), shard.trials, shard.parameters)
    written = BytesIO()
    found.write_parquet(written, compression="zstd", statistics=False)
    return written.getvalue()


@lru_cache(maxsize=2)
def _ready(study: str, *, many: bool) -> Ready:
    """A study made ready, once in each process."""
    return Ready(Enrolment(unpack(study), many=many))


def findings(chunk: Chunk, asked: tuple[Asked, ...]) -> Iterator[Finding]:
    """What is counted in every trial, then each analysis."""
    yield from counted(chunk)
    analyses = {one.name: one for one in chunk.study.planned().analyses}
    for name, encounter, methods in asked:
        analysis = analyses[name]
        if isinstance(analysis, ProportionAnalysis):
            yield from proportions.proportion(analysis, encounter, methods, chunk)
        elif isinstance(analysis, NumberAnalysis):
            yield from means.number(analysis, encounter, methods, chunk)


def counted(chunk: Chunk) -> Iterator[Finding]:
    """What participants go through.

    People screened; by arm who completed, in percent, the mean dose of what is titrated, and days
    with low home readings in a year.
    """
    people = chunk.place(chunk.enrolled.screened.trials)
    screened = np.bincount(people, minlength=len(chunk.trials)).astype(np.float64)
    randomised = chunk.by_arm()
    yield Finding(SCREENED, "", "", "", randomised.sum(axis=1), screened)
    share = 100 * chunk.by_arm(np.isinf(chunk.lived.left)) / np.maximum(randomised, 1)
    dose = chunk.titrated()
    n, mean, _ = means.summaries(dose, ~np.isnan(dose), chunk)
    for place, arm in enumerate(chunk.study.arms):
        yield Finding(COMPLETED, "", arm, "", randomised[:, place], share[:, place])
        if chunk.study.protocol.titration is not None:
            yield Finding(TITRATED, "", arm, "", n[:, place], mean[:, place])
    years = chunk.by_arm(chunk.years)
    for limit, days in chunk.low_days().items():
        rate = chunk.by_arm(days) / np.where(years > 0, years, np.nan)
        for place, arm in enumerate(chunk.study.arms):
            yield Finding(f"{LOW}{limit}", "", arm, "", randomised[:, place], rate[:, place])
