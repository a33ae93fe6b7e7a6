"""The validation page: what was fitted, what was predicted, and what the model cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, StrictUndefined

from equipoise.analysis.reproduce import names_of, reproduce
from equipoise.calibrate.tornado import Bar, tornado
from equipoise.protocol.whole import Study

Plain = Mapping[str, Any]
Row = Sequence[object]
FIRST: Final = 15  # levers shown
SHOWN: Final = ("hba1c-fall", "insulin-kg-week48", "gir-week48")  # beside the first two results
LIMITS: Final = {"at least": "≥ ", "at most": "≤ ", "": ""}


def page(study: Study, parts: Mapping[str, Plain], figure: str) -> str:
    """The page in Markdown, from the parts of a calibration; ``figure`` is the tornado's file."""
    # autoescape is for HTML; this is Markdown of our own words
    templates = Environment(undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701
    text = files("equipoise.calibrate").joinpath("validation.md.jinja").read_text(encoding="utf-8")
    fit, found = parts["fit"], parts["sensitivity"]
    targets = fit["targets"]
    chosen = _chosen(found["targets"])
    p_values = list(_p_values(study, parts["predictions"]))
    return templates.from_string(text).render(
        name=study.name.lower(),
        study=study.name,
        fit=fit,
        sets=parts["ensemble"],
        central=[row for row in targets if row["central"]],
        spreads=[row for row in targets if row["measure"] == "SD"],
        bounds=[row for row in targets if row["bound"]],
        table=_table,
        targets=_targets,
        not_used=[(f"`{one['id']}`", one["printed"]) for one in fit["not_used"]],
        parameters=list(_parameters(fit, parts["ensemble"])),
        earned=list(_earned(fit, parts["without"])),
        elsewhere=list(_elsewhere(parts["predictions"])),
        contradictions=list(_contradictions(study, targets)),
        p_values=[(*row, f"{share:.0f} %") for *row, share in p_values],
        rare=[f"{what}, {printed}" for what, printed, share in p_values if share < 20.0],
        figure=figure,
        moved_heads=["Moved", "By", *(found["targets"][place]["what"] for place in chosen)],
        moved=list(_moved(found, chosen)),
    )


def tornado_of(found: Plain, place: int) -> str:
    """The tornado figure of one result, as SVG."""
    bars = [
        Bar(one["lever"], one["step"], one["down"][place] or 0.0, one["up"][place] or 0.0)
        for one in found["effects"]
    ]
    target = found["targets"][place]
    return tornado(bars, axis=f"Change of: {target['what']} ({target['unit']})", name=target["id"])


def _table(heads: Sequence[str], rows: Iterable[Row]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _number(value: float | None, digits: int = 3) -> str:
    return "" if value is None else f"{value:.{digits}g}".replace("-", "−")


def _targets(rows: Iterable[Plain]) -> str:
    return _table(
        ("What", "n", "Published", "Error", "Fitted", "z"),
        (
            (
                row["what"].replace("|", "&#124;"),
                row["n"],
                LIMITS[row["bound"]] + _number(row["published"], 4),
                _number(row["error"]) + ("" if row["error_printed"] else r"\*"),
                _number(row["fitted"], 4),
                f"{row['z']:+.2f}".replace("-", "−"),
            )
            for row in rows
        ),
    )


def _parameters(fit: Plain, sets: Plain) -> Iterator[Row]:
    spread = {row["name"]: row for row in sets["parameters"]}
    for one in fit["parameters"]:
        middle = spread[one["name"]]
        yield (
            f"`{one['name']}`",
            one["unit"],
            _number(one["value"]),
            f"{_number(middle['low'])} to {_number(middle['high'])}",
            f"{_number(one['low'])} to {_number(one['high'])}",
        )


def _earned(fit: Plain, without: Plain) -> Iterator[Row]:
    yield "as fitted", f"{fit['sum_of_squares']:.1f}", f"{fit['worst']:.2f}"
    for one in without["parts"]:
        yield one["what"], f"{one['sum_of_squares']:.1f}", f"{one['worst']:.2f}"


def _elsewhere(predictions: Plain) -> Iterator[Row]:
    for one in predictions["elsewhere"]:
        yield one["what"], f"{one['measured']} ({one['source']})", one["predicted"], one["note"]


def _contradictions(study: Study, targets: Sequence[Plain]) -> Iterator[Row]:
    """Findings of ``reproduce`` that say of two targets or more that they cannot all be right."""
    known = {row["id"].split("@")[0] for row in targets}
    for finding in reproduce(study.published, names_of(study)) if study.published else ():
        several = len(known & set(finding.statements)) > 1
        if finding.verdict == "does not hold" and finding.about == "print" and several:
            yield finding.label, finding.claim, finding.explanation


def _p_values(study: Study, predictions: Plain) -> Iterator[tuple[str, str, float]]:
    for one in predictions["p_values"]:
        if not one["fitted"]:
            arm = str(study.arms[one["arm"]].label) if one["arm"] else "between arms"
            visit = study.encounters[one["encounter"]].label
            what = f"{_labels(study)[one['endpoint'] or one['item']]}, {visit}, {arm}"
            yield what, one["printed"], one["share"]


def _labels(study: Study) -> dict[str, str]:
    """What people call items and endpoints."""
    endpoints = study.plan.endpoints if study.plan else ()
    items = {name: str(item.label) for name, item in study.items.items()}
    return items | {one.name: str(one.label) for one in endpoints}


def _chosen(targets: Sequence[Plain]) -> list[int]:
    """Places of the results whose changes are shown."""
    more = (place for place, one in enumerate(targets) if one["id"].startswith(SHOWN) and place > 1)
    return [0, 1, *more]


def _moved(found: Plain, chosen: Sequence[int]) -> Iterator[Row]:
    """A row for each lever, those that move a result by most of its sampling errors first."""

    def size(effect: Plain) -> float:
        sides: tuple[Sequence[float | None], ...] = (effect["down"], effect["up"])
        errors: list[float] = [target["error"] for target in found["targets"]]
        return max(abs(side[place] or 0.0) / errors[place] for side in sides for place in chosen)

    for one in sorted(found["effects"], key=lambda effect: -size(effect))[:FIRST]:
        cells = (
            f"{_number(one['down'][place])} / {_number(one['up'][place])}"
            f" (± {_number(one['error'][place])})"
            for place in chosen
        )
        yield (one["lever"], one["step"], *cells)
