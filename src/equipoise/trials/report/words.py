"""The words of the report, and how measures are written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import isnan
from pathlib import Path

import yaml

from equipoise.analysis.displays.rounding import MISSING, number
from equipoise.analysis.displays.scene import pretty
from equipoise.protocol.model import Language
from equipoise.protocol.plan import Endpoint, NumberAnalysis, NumberEndpoint, ProportionAnalysis
from equipoise.protocol.whole import Study
from equipoise.trials.measured import Measured


@cache
def say(lang: Language) -> Mapping[str, str]:
    """The texts of a language, by name; ``texts/<lang>.yaml``."""
    path = Path(__file__).parent / "texts" / f"{lang}.yaml"
    texts: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return texts


def written(measured: Measured | None, *, scale: float = 1.0, decimals: int = 1) -> str:
    """A measure with its Monte Carlo standard error.

    >>> written(Measured(0.8633, 0.00344, 10000), scale=100)
    '86.3 (0.34)'
    """
    if measured is None:
        return MISSING
    value, error = scale * measured.value, scale * measured.mcse
    return f"{number(value, decimals)} ({number(error, decimals + 1)})"


def limits(measured: Measured | None, *, scale: float = 1.0, decimals: int = 1) -> str:
    """The limits between which 90 % of the parameter sets are; nothing where there are none.

    >>> limits(Measured(0.8633, 0.00344, 10000, 0.03, 0.8, 0.9), scale=100)
    '[80.0, 90.0]'
    """
    if measured is None or isnan(measured.lower):
        return ""
    lower, upper = (number(scale * edge, decimals) for edge in (measured.lower, measured.upper))
    return f"[{lower}, {upper}]"


def with_limits(measured: Measured | None, *, scale: float = 1.0, decimals: int = 1) -> str:
    """A measure with its Monte Carlo standard error and its limits."""
    parts = (
        written(measured, scale=scale, decimals=decimals),
        limits(measured, scale=scale, decimals=decimals).replace(" ", "\u00a0"),
    )
    return " ".join(filter(None, parts))


def decimals(study: Study, analysis: ProportionAnalysis | NumberAnalysis) -> int:
    """Decimals of the estimates: one more than recorded, two at most; one for percentages."""
    endpoint = _endpoint(study, analysis)
    if not isinstance(endpoint, NumberEndpoint) or endpoint.measure.startswith("percent"):
        return 1
    return min(study.items[endpoint.item].decimals + 1, 2)


def unit(study: Study, analysis: ProportionAnalysis | NumberAnalysis) -> str:
    """The unit of what an analysis estimates, as people write it."""
    endpoint = _endpoint(study, analysis)
    if not isinstance(endpoint, NumberEndpoint) or endpoint.measure.startswith("percent"):
        return "%"
    return pretty(study.items[endpoint.item].unit or "1")


def _endpoint(study: Study, analysis: ProportionAnalysis | NumberAnalysis) -> Endpoint:
    return next(one for one in study.planned().endpoints if one.name == analysis.endpoint)
