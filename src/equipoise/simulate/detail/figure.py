"""A drawing of days: glucose every five minutes, one curve for each person or dose."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import TYPE_CHECKING, Final

import numpy as np

from equipoise.simulate.arrays import Array
from equipoise.simulate.detail.day import EVERY, Habits

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe M, Ito K. Color universal design, 2008 (vermilion darkened); apart by colour and by line
LOOKS: Final = (("#0072B2", "-"), ("#B84A00", "--"), ("#00785A", "-."), ("#A0497A", ":"))
STYLE: Final = {"svg.hashsalt": "equipoise", "svg.fonttype": "none", "font.size": 8.0}


def drawn(days: Mapping[str, Array], *, habits: Habits | None = None) -> str:
    """Draw days as an SVG file, with the meals and the limit of low glucose.

    Args:
        days: Label -> glucose every five minutes from midnight, mmol/L, (288,); at most four.
        habits: Whose meals are marked; the usual ones if not given.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    if len(days) > len(LOOKS):
        raise ValueError(f"{len(days)} days are given; a drawing takes up to {len(LOOKS)}")
    text = StringIO()
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]  # its stub knows no dictionary of objects
        sheet = Figure(figsize=(7.0, 3.1), layout="constrained")
        _draw(sheet.add_subplot(), days, habits or Habits())
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        sheet.savefig(text, format="svg", metadata=nothing)
    return text.getvalue()


def _draw(plot: Axes, days: Mapping[str, Array], habits: Habits) -> None:
    hours = np.arange(0, 24, EVERY / 60)
    for (label, glucose), (colour, line) in zip(days.items(), LOOKS, strict=False):
        plot.plot(hours, glucose, color=colour, linestyle=line, linewidth=1.4, label=label)
    plot.set_xlim(0, 24)
    plot.set_ylim(bottom=0)
    plot.axhline(3.9, color="#b8b8b8", linewidth=0.8, zorder=0)
    plot.text(23.9, 3.8, "3.9", color="#5a5a5a", ha="right", va="top")
    for minute, grams in zip(habits.minutes, habits.grams, strict=True):
        plot.axvline(minute / 60, color="#d8d8d8", linewidth=0.8, zorder=0)
        plot.text(minute / 60 + 0.15, 0.2, f"{grams:g} g", color="#5a5a5a")
    plot.set_xticks(range(0, 25, 3), [f"{hour:02}:00" for hour in range(0, 25, 3)])
    plot.set_ylabel("Plasma glucose, mmol/L")
    plot.set_title("Simulated days: Dalla Man meal model, type 2 diabetes", loc="left", size=8)
    plot.legend(frameon=False, ncols=len(days), loc="lower right", bbox_to_anchor=(1, 1))
    plot.spines[["top", "right"]].set_visible(False)
