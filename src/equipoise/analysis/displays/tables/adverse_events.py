"""Adverse events by arm: participants with at least one, how often, then term by term."""

from __future__ import annotations

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.displays.tables.counts import heads, people, rates
from equipoise.protocol import plan


def adverse_events(display: plan.Table, scene: Scene) -> Table:
    """Categories first, then terms from the most frequent down."""
    rows: list[Row] = []
    for name in display.analyses:
        categories = [one for one in scene.seen(name, "endpoint") if one != "term"]
        rows.append(Row(f"{scene.say['participants events']}, {scene.say['n percent']}"))
        rows += [
            people(scene, name, scene.say[f"events {category}"], 1, endpoint=category)
            for category in categories
        ]
        rows.append(Row(scene.say["rate"]))
        rows += [
            rates(scene, name, scene.say[f"events {category}"], 1, endpoint=category)
            for category in categories[:2]
        ]
        terms = scene.seen(name, "level", endpoint="term")
        rows.append(Row(f"{scene.say['by term']}, {scene.say['n percent']}"))
        rows += [
            people(scene, name, term_label(scene, term), 1, endpoint="term", level=term)
            for term in terms
        ]
    columns = (scene.say["event"], *heads(scene, scene.analysis(display.analyses[0]).population))
    notes = [display.note(scene.lang)] if display.note else []
    notes += filter(None, (_none(scene, display.analyses[0], arm) for arm in scene.arms))
    return Table(display.name, display.title(scene.lang), columns, tuple(rows), tuple(notes))


def _none(scene: Scene, name: str, arm: str) -> str:
    """With which true share a row of no events in an arm is compatible, if there is such a row."""
    for category in scene.seen(name, "endpoint"):
        if category == "term":
            continue
        at = {"endpoint": category, "group": arm}
        if scene.value(name, "events", **at) == 0:
            n = rounding.count(scene.value(name, "n", **at))
            upper = scene.value(name, "upper", method="clopper-pearson", **at)
            return scene.say["no event"].format(
                row=scene.say[f"events {category}"],
                arm=scene.arm(arm),
                n=n,
                upper=rounding.number(upper, 1),
            )
    return ""


def term_label(scene: Scene, term: str) -> str:
    """The words of a term of the study's list; the term itself if it has none."""
    population = scene.study.population
    for one in population.adverse_events if population else ():
        if one.term == term:
            return one.label(scene.lang)
    return term.replace("_", " ")
