"""Targets of a calibration: every published number that virtual participants have too.

Who was counted is not always printed. Here: the largest analysis set of ``published.yaml`` is
everyone, the smallest those who completed; baseline means are of everyone, later ones of
completers; a percentage is of the first set in which its digits are those of a whole count. A
number without an encounter stands for each encounter after those that have a number of their own,
or else for the last.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

from scipy import stats

from equipoise.errors import StudyError
from equipoise.protocol.model import Text
from equipoise.protocol.plan import BinaryEndpoint
from equipoise.protocol.published import Number, Published
from equipoise.protocol.published_checks import Term, term_name
from equipoise.protocol.whole import Study

Measure = Literal[
    "mean", "mean fall", "median reduction", "percentage", "SD", "|t|", "completed", "screened"
]
Who = Literal["everyone", "completers"]


class Target(NamedTuple):
    """A published number and its sampling error.

    Attributes:
        id: Of the number in ``published.yaml``, with the encounter where it stands for several.
        measure: What it is of the recorded values.
        subject: Item or binary endpoint.
        encounter: Empty for what has none.
        arm: Place of the arm among the protocol's arms; -1 for all.
        who: Participants counted; of everyone, the missing count as no.
        n: How many they were.
        value: As published; means in the item's unit, else percent.
        error: Its standard error, or None where nothing printed gives one: then it is the standard
            deviation of the same number over simulated trials.
        bound: "at least" or "at most" where only that is published; a value beyond it fits.
    """

    id: str
    measure: Measure
    subject: str
    encounter: str
    arm: int
    who: Who
    n: int
    value: float
    error: float | None
    bound: Literal["", "at least", "at most"] = ""

    @property
    def central(self) -> bool:
        """Whether it is a published mean, median, percentage or count; not an SD or a p value."""
        return self.measure not in {"SD", "|t|"}

    def unit(self, study: Study) -> str:
        """In which a change of it is told."""
        if self.measure in {"mean", "mean fall", "SD"}:
            return study.items[self.subject].unit or "1"
        return {"|t|": "1", "screened": "people"}.get(self.measure, "percentage points")

    def words(self, study: Study) -> str:
        """What it is about: ``HbA1c, week 48, UC-MSC``."""
        if self.measure == "screened":
            return "Screened for each trial"
        plan = study.plan.endpoints if study.plan else ()
        labels: dict[str, Text] = {one.name: one.label for one in plan}
        labels |= {name: item.label for name, item in study.items.items()}
        named = str(labels.get(self.subject, Text(en="Completed the trial")))
        kind = {"mean fall": "fall of ", "median reduction": "median reduction of ", "SD": "SD of "}
        kind["|t|"] = "|t| of "
        visit = f", {study.encounters[self.encounter].label}" if self.encounter else ""
        arm = str(list(study.arms.values())[self.arm].label) if self.arm >= 0 else "between arms"
        return f"{kind.get(self.measure, '')}{named}{visit}, {arm}"


class Sets(NamedTuple):
    """How many participants each arm had."""

    everyone: dict[str, int]
    completers: dict[str, int]
    between: tuple[dict[str, int], ...]  # other sets; their members are not known one by one


def targets_of(study: Study) -> tuple[Target, ...]:
    """Every target that the published numbers of a study give.

    Raises:
        StudyError: There are no published numbers, or no analysis set says who was counted.
    """
    published = study.published
    if published is None or not published.analysis_sets:
        raise StudyError(
            f"{study.folder}: calibrating needs published.yaml, with `analysis_sets` that say how "
            f"many were randomised and how many completed."
        )
    sets = _sets(published)
    found: dict[tuple[object, ...], Target] = {}
    made = (
        *_numbers(study, published, sets),
        *_p_values(study, published, sets),
        *_flow(study, sets),
    )
    for target in made:
        found.setdefault(target[1:6], target)  # what is printed twice counts once
    return tuple(found.values())


def unused(study: Study) -> tuple[Number, ...]:
    """Published numbers about an item or endpoint that are no targets."""
    numbers = study.published.numbers if study.published else ()
    used = {target.id.split("@")[0] for target in targets_of(study)}
    seen: set[tuple[object, ...]] = set()
    left = []
    for number in numbers:
        key = (
            number.item,
            number.endpoint,
            number.encounter,
            number.arm,
            number.statistic,
            number.value,
        )
        if (number.item or number.endpoint) and number.id not in used and key not in seen:
            left.append(number)
        seen.add(key)
    return tuple(left)


def _sets(published: Published) -> Sets:
    sizes = [
        {arm: _count(published, terms) for arm, terms in one.n.items()}
        for one in published.analysis_sets
    ]
    sizes.sort(key=lambda one: -sum(one.values()))
    return Sets(sizes[0], sizes[-1], tuple(sizes[1:-1]))


def _count(published: Published, terms: tuple[Term, ...]) -> int:
    total = 0
    for term in terms:
        value = int(published.number(term_name(term)).value)
        total += -value if str(term).startswith("-") else value
    return total


def _numbers(study: Study, published: Published, sets: Sets) -> Iterator[Target]:
    for number in published.numbers:
        if number.arm not in study.arms:
            continue
        if (
            number.item
            and number.encounter
            and number.statistic in {"mean", "mean fall", "reduction"}
        ):
            yield from _means(study, number, sets)
        elif number.endpoint and number.statistic in {"percentage", "count"}:
            yield from _percentages(study, published, number, sets)


def _means(study: Study, number: Number, sets: Sets) -> Iterator[Target]:
    """A mean with its SD, a mean fall or a median reduction."""
    item, encounter, arm = str(number.item), str(number.encounter), str(number.arm)
    who: Who = "everyone" if encounter == study.protocol.baseline else "completers"
    n = (sets.everyone if who == "everyone" else sets.completers)[arm]
    measures: dict[str, Measure] = {"mean fall": "mean fall", "reduction": "median reduction"}
    sd = float(number.sd) if number.sd is not None else None
    error = sd / math.sqrt(n) if sd is not None else None
    place = list(study.arms).index(arm)
    measure = measures.get(number.statistic, "mean")
    yield Target(number.id, measure, item, encounter, place, who, n, float(number.value), error)
    if sd is not None:
        error = sd / math.sqrt(2 * (n - 1))
        yield Target(f"{number.id}@sd", "SD", item, encounter, place, who, n, sd, error)


def _percentages(
    study: Study, published: Published, number: Number, sets: Sets
) -> Iterator[Target]:
    """A percentage of participants, or a count of nobody."""
    arm, plan = str(number.arm), study.plan.endpoints if study.plan else ()
    endpoint = next((one for one in plan if one.name == number.endpoint), None)
    if not isinstance(endpoint, BinaryEndpoint):
        return
    who, n = _counted(published, number, sets)
    percent = (
        100.0 * float(number.value) / n if number.statistic == "count" else float(number.value)
    )
    share = percent / 100.0 if 0.0 < percent < 100.0 else (percent / 100.0 * n + 0.5) / (n + 1)
    error = 100.0 * math.sqrt(share * (1.0 - share) / n)
    for encounter in _encounters(published, number, endpoint):
        name = number.id if number.encounter else f"{number.id}@{encounter}"
        place = list(study.arms).index(arm)
        yield Target(name, "percentage", endpoint.name, encounter, place, who, n, percent, error)


def _counted(published: Published, number: Number, sets: Sets) -> tuple[Who, int]:
    """Who a percentage is of, and how many they were."""
    arm = str(number.arm)
    if number.denominator is not None:
        whole = number.denominator == sets.everyone[arm]
        return ("everyone" if whole else "completers"), number.denominator
    if number.statistic == "count":  # as the other arm's percentage of the same endpoint
        other = [
            one for one in published.numbers if one.endpoint == number.endpoint and one.denominator
        ]
        whole = bool(other) and other[0].denominator == sets.everyone[str(other[0].arm)]
        return ("everyone", sets.everyone[arm]) if whole else ("completers", sets.completers[arm])
    if not number.about:
        for size in (sets.everyone, *sets.between):
            if _is_count(number.value, size[arm]):
                return "everyone", size[arm]
    return "completers", sets.completers[arm]


def _is_count(percent: Decimal, n: int) -> bool:
    """Whether a printed percentage is a whole count of n, to its digits."""
    count = round(float(percent) * n / 100.0)
    return round(Decimal(100 * count) / n, max(2, -int(percent.as_tuple().exponent))) == percent


def _encounters(published: Published, number: Number, endpoint: BinaryEndpoint) -> tuple[str, ...]:
    if number.encounter:
        return (number.encounter,)
    own = [
        endpoint.encounters.index(one.encounter)
        for one in published.numbers
        if one.endpoint == number.endpoint and one.arm == number.arm and one.encounter
    ]
    return endpoint.encounters[max(own) + 1 :] if own else endpoint.encounters[-1:]


def _p_values(study: Study, published: Published, sets: Sets) -> Iterator[Target]:
    """Printed p values between arms of means that are not printed: a bound of their t statistic."""
    freedom = sum(sets.completers.values()) - 2
    for one in published.p_values:
        known = one.item in study.items and one.encounter in study.encounters
        if known and one.contrast == "between arms" and not one.compares and one.comparison != "=":
            limit = float(stats.t.isf(float(one.value) / 2.0, freedom))
            bound: Literal["at least", "at most"] = (
                "at least" if one.comparison == "<" else "at most"
            )
            item, encounter, n = str(one.item), str(one.encounter), freedom + 2
            yield Target(one.id, "|t|", item, encounter, -1, "completers", n, limit, 1.0, bound)


def _flow(study: Study, sets: Sets) -> Iterator[Target]:
    """Who completed, by arm, and how many were screened."""
    for arm, n in sets.everyone.items():
        share = sets.completers[arm] / n
        error = 100.0 * math.sqrt(share * (1.0 - share) / n)
        place = list(study.arms).index(arm)
        yield Target(
            f"completed-{arm}", "completed", "", "", place, "everyone", n, 100 * share, error
        )
    screened, n = study.protocol.allocation.screened, sum(sets.everyone.values())
    if screened is not None:
        people = int(screened.known("allocation.screened"))
        error = math.sqrt(people * (people - n) / n)  # waiting for n eligible of share n / people
        yield Target("screened", "screened", "", "", -1, "everyone", n, float(people), error)
