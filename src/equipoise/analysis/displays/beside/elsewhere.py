"""Published numbers and directions that no visit and mean of ours matches by name, beside ours."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.reproduce.labels import claim_of
from equipoise.protocol.plan import NumberAnalysis
from equipoise.protocol.published import Counterpart, Direction, Number

Place = tuple[str, str | None]  # what a number is about, and the encounter of ours beside it


def further(scene: Scene) -> Table | None:
    """Published counts, shares and times whose counterpart the study names."""
    published = scene.study.published
    found: dict[Place, dict[str | None, Number]] = {}
    for number in published.numbers if published else ():
        for encounter in number.counterpart.encounters or (None,) if number.counterpart else ():
            found.setdefault((_about(scene, number), encounter), {})[number.arm] = number
    if not found:
        return None
    say, groups = scene.say, (*scene.arms, None)
    rows = tuple(_row(scene, place, numbers) for place, numbers in found.items())
    columns = (say["item"], *(say["published"], scene.ours) * len(groups))
    spans = tuple((scene.arm(group), 2) for group in groups)
    notes = (say["further note"],)
    return Table("FURTHER", say["further"], columns, rows, notes, spans)


def _about(scene: Scene, number: Number) -> str:
    if number.label:
        return number.label(scene.lang)
    return scene.endpoint(number.endpoint).label(scene.lang) if number.endpoint else number.id


def _row(scene: Scene, place: Place, numbers: dict[str | None, Number]) -> Row:
    about, encounter = place
    cells: list[str] = []
    for group in (*scene.arms, None):
        number = numbers.get(group)
        if number and number.counterpart:
            ours = _ours(scene, number, number.counterpart, encounter)
            cells += [claim_of(number)(scene.lang), ours]
        else:
            cells += ["", ""]
    when = f"{scene.say['comma']}{scene.visit(encounter)}" if encounter else ""
    return Row(f"{about}{when}", tuple(cells))


def _ours(scene: Scene, number: Number, one: Counterpart, encounter: str | None) -> str:
    """A count of the flow, a share, or a mean of an analysis."""
    if one.analysis is None:
        for stage, group, reason, n in scene.results.flow.iter_rows():
            if (stage, group, reason) == (one.stage, number.arm, one.reason):
                return f"{n}"
        return "0" if one.reason else rounding.MISSING
    where = {"group": number.arm, "encounter": encounter, "level": None}
    if one.endpoint:
        where["endpoint"] = one.endpoint

    def value(statistic: str) -> float | None:
        return scene.value(one.analysis or "", statistic, **where)

    if number.statistic == "mean":
        return rounding.mean_sd(value("mean"), value("sd"), decimals=1)
    share = f"{rounding.count(value('events'))}/{rounding.count(value('n'))}"
    return f"{share} ({rounding.number(value('percent'), 1)} %)"


def directions(scene: Scene) -> Table | None:
    """What is printed in words on how numbers went, beside our means."""
    published = scene.study.published
    found = published.directions if published else ()
    if not found:
        return None
    say = scene.say
    rows: list[Row] = []
    for endpoint in dict.fromkeys(one.endpoint for one in found):
        these = [one for one in found if one.endpoint == endpoint]
        what = scene.endpoint(endpoint)
        unit = f" ({scene.unit(what)})" if scene.unit(what) else ""
        rows.append(Row(f"{what.label(scene.lang)}{unit}"))
        rows += _spans(scene, these)
    columns = (say["visit"], *(say["published"], scene.ours) * len(scene.arms))
    spans = tuple((scene.arm(arm), 2) for arm in scene.arms)
    notes = (say["directions note"],)
    return Table("DIRECTIONS", say["directions"], columns, tuple(rows), notes, spans)


def _spans(scene: Scene, these: list[Direction]) -> Iterator[Row]:
    for encounters in dict.fromkeys(one.encounters for one in these):
        cells: list[str] = []
        for arm in scene.arms:
            said = [one for one in these if (one.arm, one.encounters) == (arm, encounters)]
            words = scene.listed(scene.say[f"direction {one.direction}"] for one in said)
            cells += [words, _means(scene, these[0].endpoint, encounters, arm) if said else ""]
        visits = (scene.visit(encounters[0]), scene.visit(encounters[-1]))
        yield Row(f" {rounding.DASH} ".join(visits), tuple(cells), indent=1)


def _means(scene: Scene, endpoint: str, encounters: tuple[str, ...], arm: str) -> str:
    """Our means at these encounters, one after another."""
    name = next(
        one.name
        for one in scene.study.planned().analyses
        if isinstance(one, NumberAnalysis) and one.endpoint == endpoint
    )
    decimals = scene.decimals(scene.endpoint(endpoint))
    means = (scene.value(name, "mean", group=arm, encounter=encounter) for encounter in encounters)
    return " → ".join(rounding.number(mean, decimals) for mean in means)
