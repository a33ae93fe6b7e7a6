"""The arms' courses on the terminal and as JSON: means and SDs, visit by visit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console
from rich.table import Table

from equipoise.analysis.displays.rounding import number
from equipoise.analysis.displays.scene import pretty
from equipoise.protocol.model import Language, Text
from equipoise.trials.courses import MOST, Courses, Measured, Moment, Quantity, courses

if TYPE_CHECKING:
    from equipoise.protocol.whole import Study
    from equipoise.trials.characteristics import Characteristics, Progress

FIRST: Final = ("HBA1C", "INSULIN", "INSULIN_KG")  # shown alone where a study has them
WORDS: Final = {
    "baseline": Text(en="At baseline: mean (SD)", zh="基线：均数（标准差）"),
    "mean": Text(en="mean (SD)", zh="均数（标准差）"),
    "change": Text(en="change (SD)", zh="变化（标准差）"),
    "below": Text(en="< 7.0 %", zh="<7.0%"),
    "one": Text(en="One simulated trial, seed {seed}", zh="一项模拟试验，种子 {seed}"),
    "many": Text(
        en="Means over {trials:,} simulated trials, seed {seed}",
        zh="{trials:,} 项模拟试验的平均，种子 {seed}",
    ),
    "error": Text(
        en="Monte Carlo standard error at most {mean} of a mean, {change} of a change",
        zh="蒙特卡洛标准误：均数至多 {mean}，变化至多 {change}",
    ),
    "below_error": Text(en=", {below} points of a share", zh="，比例至多 {below} 个百分点"),
}


def of_one_trial(study: str, *, seed: int, trial: int) -> Courses:
    """The courses of one trial of a study, by its folder or name."""
    from equipoise import api

    return courses(api.check(study), trials=1, seed=seed, first=trial)


def of_scenarios(found: Characteristics, progress: Progress) -> tuple[Courses, ...]:
    """The courses of each scenario that was simulated."""
    trials = min(found.trials, MOST)
    return tuple(
        courses(outcome.design.study, trials=trials, seed=found.seed, progress=progress)
        for outcome in found.outcomes
    )


def write_courses(found: Characteristics, file: Path) -> None:
    """Write every moment of every scenario as CSV."""
    import polars as pl

    rows = [
        {"scenario": outcome.design.scenario.name, **row}
        for outcome, one in zip(found.outcomes, found.courses, strict=True)
        for row in one.rows()
    ]
    pl.DataFrame(rows, infer_schema_length=None).write_csv(file)


def show(found: Courses, lang: Language) -> None:
    """Print who was randomised, then each course."""
    console = Console(highlight=False)
    said = WORDS["one" if found.trials == 1 else "many"](lang)
    console.print(f"[bold]{said.format(trials=found.trials, seed=found.seed)}[/bold]")
    console.print(_at_baseline(found, lang))
    followed = [one for one in found.quantities if len(one.encounters) > 1]
    named = [one for name in FIRST for one in followed if one.name == name]
    for quantity in named or followed:
        console.print(f"[bold]{quantity.label(lang)}[/bold], {pretty(quantity.unit)}")
        console.print(_course(found, quantity, lang))
        if found.trials > 1:
            console.print(_errors(found, quantity, lang))


def _at_baseline(found: Courses, lang: Language) -> Table:
    table = Table(WORDS["baseline"](lang), box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0))
    for arm in found.study.arms.values():
        table.add_column(arm.label(lang), justify="right")
    for quantity in found.quantities:
        moments = found.of(quantity.name, quantity.baseline)
        unit = "" if quantity.unit == "1" else f", {pretty(quantity.unit)}"
        cells = [_with_sd(one.mean, one.sd, quantity.decimals) for one in moments]
        table.add_row(f"{quantity.label(lang)}{unit}", *cells)
    return table


def _course(found: Courses, quantity: Quantity, lang: Language) -> Table:
    table = Table("", "", box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0))
    heads = ["n", WORDS["mean"](lang), WORDS["change"](lang)]
    if any(one.below_target for one in found.of(quantity.name, quantity.baseline)):
        heads.append(WORDS["below"](lang))
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for encounter in quantity.encounters:
        visit = found.study.encounters[encounter].label(lang)
        for one in found.of(quantity.name, encounter):
            arm = found.study.arms[one.arm].label(lang)
            table.add_row(visit, arm, *_cells(one, quantity.decimals))
            visit = ""
    return table


def _cells(moment: Moment, decimals: int) -> Iterator[str]:
    yield number(moment.n, 0)
    yield _with_sd(moment.mean, moment.sd, decimals)
    yield _with_sd(moment.change, moment.change_sd, decimals)
    if moment.below_target:
        yield f"{number(moment.below_target.value, 1)} %"


def _with_sd(mean: Measured | None, sd: Measured | None, decimals: int) -> str:
    if mean is None or sd is None:
        return ""
    return f"{number(mean.value, decimals)} ({number(sd.value, decimals)})"


def _errors(found: Courses, quantity: Quantity, lang: Language) -> str:
    moments = [one for one in found.moments if one.quantity == quantity.name]
    shown = quantity.decimals + 1
    said = WORDS["error"](lang).format(
        mean=number(_largest(one.mean for one in moments), shown),
        change=number(_largest(one.change for one in moments), shown),
    )
    if any(one.below_target for one in moments):
        below = number(_largest(one.below_target for one in moments), 1)
        said += WORDS["below_error"](lang).format(below=below)
    return f"{said}\n"


def _largest(measured: Iterable[Measured | None]) -> float:
    return max((one.mcse for one in measured if one and one.mcse is not None), default=0.0)


def as_json(found: Courses) -> dict[str, Any]:
    """Every mean, SD and share with its Monte Carlo standard error, unrounded."""
    return {
        "kind": "simulated",
        "study": found.study.name,
        "seed": found.seed,
        "trials": found.trials,
        "moments": list(found.rows()),
    }


def courses_alone(study: Study, trials: int, seed: int, *, lang: Language, json_: bool) -> None:
    """Simulate and tell the courses of a study that has no plan of analysis."""
    from equipoise.cli.show import progress as bar

    with bar(quiet=json_) as progress:
        found = courses(study, trials=min(trials, MOST), seed=seed, progress=progress)
    if json_:
        print(json.dumps(as_json(found), indent=2, ensure_ascii=False))  # noqa: T201 - the answer
    else:
        show(found, lang)
