"""What a display is given: the study, what was found, and the language it speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from equipoise.analysis.displays.drawing import canvas
from equipoise.analysis.displays.words import words
from equipoise.protocol import plan
from equipoise.protocol.model import Language
from equipoise.protocol.plan import Analysis, Endpoint, NumberEndpoint
from equipoise.protocol.whole import Study

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from equipoise.analysis.reproduce import Finding
    from equipoise.analysis.results import Results

Found = dict[str, object]


def _with(rows: list[Found], where: dict[str, str | None]) -> list[Found]:
    """The rows that have these values in these columns."""
    return [row for row in rows if all(row[name] == wanted for name, wanted in where.items())]


def pretty(unit: str) -> str:
    """A unit as people write it; nothing for ratios.

    >>> pretty("kg/m2"), pretty("umol/L"), pretty("ng.min/mL"), pretty("1")
    ('kg/m²', 'µmol/L', 'ng·min/mL', '')
    """
    if unit == "1":
        return ""
    return re.sub(r"\bu(?=[a-zA-Z])", "µ", unit).replace("m2", "m²").replace(".", "·")


@dataclass(frozen=True)
class Scene:
    """The study, its results, what became of its published numbers, and the reader's language."""

    study: Study
    results: Results
    findings: tuple[Finding, ...] = ()
    lang: Language = "en"
    simulated: bool = True

    @property
    def say(self) -> Mapping[str, str]:
        """The words of the language."""
        return words(self.lang)

    @cached_property
    def _by_analysis(self) -> dict[str, list[Found]]:
        found: dict[str, list[Found]] = {}
        for row in self.results.results.iter_rows(named=True):
            found.setdefault(row["analysis"], []).append(row)
        return found

    @cached_property
    def _by_statistic(self) -> dict[tuple[str, str], list[Found]]:
        found: dict[tuple[str, str], list[Found]] = {}
        for row in self.results.results.iter_rows(named=True):
            found.setdefault((row["analysis"], row["statistic"]), []).append(row)
        return found

    def value(self, analysis: str, statistic: str, **where: str | None) -> float | None:
        """The value of a result; None if it was not computed or cannot be.

        Raises:
            LookupError: More than one result is meant.
        """
        found = _with(self._by_statistic.get((analysis, statistic), []), where)
        if len(found) > 1:
            raise LookupError(f"{len(found)} results {analysis} {statistic} {where}")
        value = found[0]["value"] if found else None
        return float(value) if isinstance(value, int | float) else None

    def seen(self, analysis: str, column: str, **where: str | None) -> list[str]:
        """The different values of a column, in the order of the results."""
        found = (row[column] for row in _with(self._by_analysis.get(analysis, []), where))
        return list(dict.fromkeys(str(value) for value in found if value is not None))

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms, in the protocol's order."""
        return tuple(self.study.arms)

    def arm(self, name: str | None) -> str:
        """An arm's label; of all arms together for None."""
        return self.say["total"] if name is None else self.study.arms[name].label(self.lang)

    def look(self, arm: str) -> canvas.Look:
        """How an arm is drawn."""
        return canvas.LOOKS[self.arms.index(arm) % len(canvas.LOOKS)]

    @property
    def contrasts(self) -> tuple[str, ...]:
        """The comparisons, ``A v B``, each arm with the reference."""
        reference = self.study.planned().reference
        return tuple(f"{arm} v {reference}" for arm in self.arms if arm != reference)

    def size(self, population: str, group: str | None) -> int:
        """How many participants of a population are in an arm, or in all."""
        flags = self.results.subjects.select("arm", f"in_{population}").iter_rows()
        return sum(belongs and group in {None, arm} for arm, belongs in flags)

    def methods(self, analysis: str, statistic: str, **where: str | None) -> list[str]:
        """The methods that gave a statistic, in the plan's order."""
        return self.seen(analysis, "method", statistic=statistic, **where)

    def method(self, name: str) -> str:
        """A method's name as people write it."""
        return self.say.get(f"method {name}", name)

    def encounters(self, display: plan.Display, analysis: str) -> list[str]:
        """The encounters of a display that an analysis has results for."""
        found = self.seen(analysis, "encounter")
        return [name for name in found if not display.encounters or name in display.encounters]

    def contrast(self, name: str) -> str:
        """A comparison in words: one arm minus the other."""
        return self.say["minus"].join(self.arm(arm) for arm in name.split(" v "))

    def visit(self, name: str) -> str:
        """An encounter's label, without what is done at it."""
        return self.study.encounters[name].label(self.lang).split(",")[0].split("，")[0]

    def week(self, encounter: str) -> float:
        """Weeks from the first dose to the planned day of an encounter."""
        return self.study.encounters[encounter].day / 7

    def analysis(self, name: str) -> Analysis:
        """The analysis of this name in the plan."""
        return next(one for one in self.study.planned().analyses if one.name == name)

    def endpoint(self, name: str) -> Endpoint:
        """The endpoint of this name in the plan."""
        return next(one for one in self.study.planned().endpoints if one.name == name)

    def decimals(self, endpoint: Endpoint) -> int:
        """Decimals of means of an endpoint: one more than recorded, two at most."""
        if not isinstance(endpoint, NumberEndpoint) or endpoint.measure.startswith("percent"):
            return 1
        return self.item_decimals(endpoint.item)

    def item_decimals(self, item: str) -> int:
        """Decimals of means of an item: one more than recorded, two at most."""
        return min(self.study.items[item].decimals + 1, 2)

    def unit(self, endpoint: Endpoint) -> str:
        """The unit of an endpoint's values as people write it; nothing for ratios."""
        if not isinstance(endpoint, NumberEndpoint):
            return "%"
        if endpoint.measure.startswith("percent"):
            return "%"
        unit = self.item_unit(endpoint.item)
        of_percent = endpoint.measure == "change" and unit == "%"
        return self.say["percentage points"] if of_percent else unit

    def item_unit(self, item: str) -> str:
        """The unit of an item as people write it; nothing for ratios."""
        unit = self.study.items[item].unit or "1"
        return self.say.get(f"unit {unit}", pretty(unit))

    def listed(self, words: Iterable[str]) -> str:
        """Words as a list."""
        return self.say["list"].join(words)

    @property
    def ours(self) -> str:
        """What the results of these records are called beside published ones."""
        return self.say["simulated" if self.simulated else "this trial"]

    @property
    def mark(self) -> str:
        """What is written under every drawing: that it is simulated, if it is."""
        return self.say["simulated"] if self.simulated else ""

    @property
    def to(self) -> str:
        """The word between two limits."""
        return self.say["to"]
