"""Published group values and p values beside ours, in a table."""

from __future__ import annotations

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.beside.matches import Match, matches, p_between, quantity
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.protocol.published import PValue


def side_by_side(scene: Scene) -> Table | None:
    """Each published group value and p value beside ours."""
    found = matches(scene)
    if not found:
        return None
    rows: list[Row] = []
    for name in dict.fromkeys(match.analysis.name for match in found):
        these = [match for match in found if match.analysis.name == name]
        rows.append(Row(quantity(scene, these[0])))
        rows += [
            _visit(scene, encounter, [one for one in these if one.encounter == encounter])
            for encounter in dict.fromkeys(match.encounter for match in these)
        ]
    say, pair = scene.say, (scene.say["published"], scene.ours)
    spans = [(scene.arm(arm), 2) for arm in scene.arms] + [(say["p between"], 3)]
    last = (say["published"], say["recomputed"], scene.ours)
    columns = (say["visit"], *pair * len(scene.arms), *last)
    notes = (say["side by side note"],)
    return Table("SIDE_BY_SIDE", say["side by side"], columns, tuple(rows), notes, tuple(spans))


def _visit(scene: Scene, encounter: str, these: list[Match]) -> Row:
    cells: list[str] = []
    for arm in scene.arms:
        match = next((one for one in these if one.arm == arm), None)
        cells += [_printed(match), _found(scene, match)] if match else ["", ""]
    ids = {match.number.id for match in these}
    printed = p_between(scene, ids)
    ours = scene.seen(these[0].analysis.name, "method", statistic="p", encounter=encounter)
    method = _test(these[0], ours)
    p = scene.value(
        these[0].analysis.name, "p", group=scene.contrasts[0], encounter=encounter, method=method
    )
    cells += [
        f"{printed.comparison.replace('=', '')}{printed.value}" if printed else "",
        _recomputed_p(scene, printed) if printed else "",
        rounding.p_value(p) if printed else "",
    ]
    return Row(scene.visit(encounter), tuple(cells), indent=1)


def _test(match: Match, methods: list[str]) -> str:
    """The test that speaks of the statistic that is shown."""
    wanted = {"median": "wilcoxon", "mean": "t-test", "percent": "fisher"}[match.statistic]
    return wanted if wanted in methods else (methods or [""])[0]


def _printed(match: Match) -> str:
    """The printed number; a fall is a change below nil."""
    value = f"{match.number.value}"
    if match.number.statistic == "mean fall":
        value = f"{rounding.MINUS}{value}"
    return f"{value} ± {match.number.sd}" if match.number.sd is not None else value


def _found(scene: Scene, match: Match) -> str:
    name = match.analysis.name
    where = {"group": match.arm, "encounter": match.encounter}
    decimals = scene.decimals(scene.endpoint(match.analysis.endpoint))
    value = scene.value(name, match.statistic, **where)
    if match.statistic == "mean" and match.number.sd is not None:
        return rounding.mean_sd(value, scene.value(name, "sd", **where), decimals=decimals)
    return rounding.number(value, decimals)


def _recomputed_p(scene: Scene, printed: PValue) -> str:
    """The p values that follow from the printed numbers; they differ by test and by sets."""
    found = [
        one.value
        for finding in scene.findings
        if finding.statements[0] == printed.id and finding.kind in {"p of means", "p of counts"}
        for one in finding.recomputed
        if one.agrees is not None
    ]
    if not found:
        return rounding.MISSING
    ends = dict.fromkeys((rounding.p_value(min(found)), rounding.p_value(max(found))))
    return rounding.DASH.join(ends)
