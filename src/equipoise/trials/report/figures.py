"""Figures of operating characteristics: power by scenario, by size, and over a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from equipoise.analysis.displays.display import Figure
from equipoise.analysis.displays.drawing import canvas, whiskers
from equipoise.analysis.displays.drawing.whiskers import Whisker
from equipoise.analysis.displays.rounding import estimate, number
from equipoise.analysis.displays.words import words as display_words
from equipoise.protocol.model import Language
from equipoise.trials.characteristics import Characteristics, Sweep
from equipoise.trials.measured import Measured
from equipoise.trials.report.words import say
from equipoise.trials.size import Size

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

WIDTH = 1.96  # of 95 % Monte Carlo limits, standard errors


def over_sets(power: Measured) -> tuple[float, float, float] | None:
    """Power and the limits that hold 90 % of the parameter sets, percent, where there are some."""
    if isnan(power.lower):
        return None
    return 100 * power.value, 100 * power.lower, 100 * power.upper


def limits(power: Measured) -> tuple[float, float, float]:
    """Power and its 95 % Monte Carlo limits, percent."""
    away = WIDTH * power.mcse
    low, high = max(power.value - away, 0.0), min(power.value + away, 1.0)
    return 100 * power.value, 100 * low, 100 * high


def by_scenario(found: Characteristics, lang: Language) -> Figure | None:
    """The power of the main analysis in each scenario, where there are several."""
    words, rows = say(lang), []
    powers = [(one, one.measure(found.main, "power")) for one in found.outcomes]
    by_sets = all(over_sets(power) for _, power in powers if power)
    for outcome, power in powers:
        if power is not None:
            ends = over_sets(power) if by_sets else None
            drawn = ends or limits(power)
            text = estimate(*drawn, decimals=1, to="–")
            rows.append(Whisker(outcome.design.scenario.label(lang), *drawn, text))
    if len(rows) < 2:
        return None
    heads = (words["scenario"], words["power limits sets" if by_sets else "power limits"])
    says = "; ".join(f"{row.label} {row.text}" for row in rows)
    drawing = canvas.svg(
        "power-by-scenario",
        (canvas.DOUBLE, whiskers.height(rows)),
        lambda sheet: whiskers.draw(sheet, rows, axis=words["power axis"], heads=heads),
        says=says,
        mark=display_words(lang)["simulated"],
    )
    return Figure("POWER", words["power by scenario"], says, drawing, wide=True)


def by_size(size: Size, lang: Language) -> Figure:
    """Power against the number of participants, with the fitted curve and the size found."""
    words = say(lang)

    def draw(sheet: Sheet) -> None:
        by_sets = any(over_sets(one.power) for one in size.points)
        title = words["power text sets" if by_sets else "power text"]
        above = 0.14 + canvas.LINE * canvas.headline(sheet, title)
        plot = canvas.axes(sheet, 0.5, 0.45, 1.5, above)
        colour = canvas.LOOKS[0].colour
        sizes = [one.participants for one in size.points]
        reach = np.linspace(0.9 * min(sizes), 1.05 * max(*sizes, size.participants), 200)
        plot.plot(reach, [100 * size.curve.power(n) for n in reach], color=colour, lw=1.1)
        for one in size.points:
            value, low, high = limits(one.power)
            if ends := over_sets(one.power):
                plot.vlines(one.participants, *ends[1:], color=colour, lw=5, alpha=0.2)
            plot.vlines(one.participants, low, high, color=colour, lw=0.9)
            plot.plot([one.participants], [value], marker="o", color=colour)
        target = 100 * size.wanted
        plot.axhline(target, color=canvas.RULE, lw=0.8, zorder=0)
        plot.vlines(size.participants, 0, target, color=canvas.RULE, lw=0.8, zorder=0)
        plot.annotate(
            str(size.participants), (size.participants, 2), xytext=(3, 0),
            textcoords="offset points", size=7,
        )  # fmt: skip
        plot.set_ylim(0, 100)
        plot.set_xlim(reach[0], reach[-1])
        plot.set_xlabel(words["size axis"], labelpad=2)

    points = "; ".join(
        f"{one.participants}: {number(100 * one.power.value, 1)} %" for one in size.points
    )
    says = words["size says"].format(points=points)
    drawing = canvas.svg(
        "power-by-size",
        (canvas.DOUBLE, 2.9),
        draw,
        says=says,
        mark=display_words(lang)["simulated"],
    )
    return Figure("SIZE", words["size title"], says, drawing, wide=True)


def over_sweep(sweep: Sweep, lang: Language) -> Figure:
    """A heat map over two things, or a row of it over one."""
    words = say(lang)
    rows, columns = sweep.values if len(sweep.names) > 1 else (("",), *sweep.values)
    shape = len(rows), len(columns)
    power = np.array([100 * one.value for one in sweep.power]).reshape(shape)
    error = np.array([100 * one.mcse for one in sweep.power]).reshape(shape)
    names = " × ".join(sweep.names)

    def draw(sheet: Sheet) -> None:
        above = 0.14 + canvas.LINE * canvas.headline(sheet, words["power axis"])
        right = max(0.1, canvas.DOUBLE - 0.9 - 0.85 * shape[1])
        plot = canvas.axes(sheet, 0.9, 0.45, right, above)
        plot.imshow(power, vmin=0, vmax=100, cmap="Blues", aspect="auto")
        for row, column in product(range(shape[0]), range(shape[1])):
            ink = "white" if power[row, column] > 55 else canvas.INK
            text = f"{number(power[row, column], 1)}\n({number(error[row, column], 1)})"
            plot.text(column, row, text, color=ink, size=7, ha="center", va="center")
        _label(plot, sweep.names, rows, columns)

    size = (canvas.DOUBLE, 0.9 + 0.42 * shape[0])
    points = "; ".join(
        f"{', '.join(point)}: {number(100 * one.value, 1)} %"
        for point, one in zip(product(*sweep.values), sweep.power, strict=True)
    )
    says = words["sweep says"].format(names=names, points=points)
    drawing = canvas.svg(
        "power-over-sweep", size, draw, says=says, mark=display_words(lang)["simulated"]
    )
    title = words["sweep title"].format(names=names)
    return Figure("SWEEP", title, says, drawing, (words["sweep note"],), wide=True)


def _label(plot: object, names: Sequence[str], rows: Sequence[str], columns: Sequence[str]) -> None:
    from matplotlib.axes import Axes

    assert isinstance(plot, Axes)  # noqa: S101 - canvas.axes made it
    plot.set_xticks(range(len(columns)), columns)
    plot.set_yticks(range(len(rows)), rows)
    plot.tick_params(length=0)
    for spine in plot.spines.values():
        spine.set_visible(False)
    plot.set_xlabel(names[-1], labelpad=2)
    if len(names) > 1:
        plot.set_ylabel(names[0])
