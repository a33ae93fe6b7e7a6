"""Packs for the data monitoring committee."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct import committee, pack, sealed
from equipoise.conduct.canonical import canonical
from equipoise.conduct.commands.participant import Withdraw
from equipoise.conduct.commands.safety import ReportAdverseEvent
from equipoise.conduct.commands.values import PartialDate
from equipoise.conduct.committee import Home, Material, Person, Reaction
from equipoise.conduct.views import committee as views
from equipoise.errors import ConductError, NotPermittedError, OutputError

from .adverse import HEADACHE, SERIOUS

NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
MILD = Reaction("HEADACHE", "mild", "no", "not related", "recovered", None)
GRAVE = Reaction(None, "severe", "yes", "related", "fatal", "related")


def person(number, *events, withdrawn=None):
    at = ("BASELINE",)
    values = (("SBP", "BASELINE", Decimal(140 + number)),)
    home = Home(10, number % 2, 0, number % 2, 0)
    return Person(f"R{number:04}", withdrawn, at, at, events, 73, values, home)


def material(*people):
    at = "2026-01-05T04:00:00.000000Z"
    consented, eligible = len(people) + 3, len(people)
    return Material(
        at, simulated=False, consented=consented, eligible=eligible, slots=(), people=people
    )


def told(made, table):
    (rows,) = (one.rows for one in made.tables if one.name == table)
    return {row.name: row.people for row in rows}


TWELVE = material(
    *(person(n, MILD) for n in range(6)),
    *(person(n, GRAVE, GRAVE) for n in range(6, 8)),
    *(person(n) for n in range(8, 12)),
)
ARMS = {f"R{n:04}": "TABLET" if n % 2 else "PLACEBO" for n in range(12)}


def test_the_closed_pack_counts_people_and_events_by_arm(study):
    made = committee.by_arm(study, TWELVE, ARMS)
    (events,) = (one.rows for one in made.tables if one.name == "events")

    assert (made.groups, made.sizes) == (("TABLET", "PLACEBO"), (6, 6))
    assert {row.name: (row.people, row.events) for row in events} == {
        "any": ((4, 4), (5, 5)),
        "serious": ((1, 1), (2, 2)),
        "severe": ((1, 1), (2, 2)),
        "related": ((1, 1), (2, 2)),
        "fatal": ((1, 1), (2, 2)),
    }
    assert told(made, "terms") == {"HEADACHE": (3, 3), "other": (1, 1)}


def test_the_open_pack_pools_and_leaves_small_counts_and_events_out(study):
    made = committee.pooled(study, TWELVE)

    assert made.groups == ("all",)
    assert told(made, "events") == {
        "any": (8,), "serious": (None,), "severe": (None,), "related": (None,), "fatal": (None,),
    }  # fmt: skip
    assert told(made, "terms") == {"HEADACHE": (6,), "other": (None,)}
    assert all(row.events is None for table in made.tables for row in table.rows)


def said(made, table):
    (rows,) = (one.rows for one in made.tables if one.name == table)
    return {row.name: (row.people, row.said) for row in rows}


def test_the_closed_pack_tells_exposure_rates_values_and_verdicts_by_arm(study):
    """12 people, 73 days each: 1.2 person-years an arm, with 5 events in each."""
    made = committee.by_arm(study, TWELVE, ARMS)

    assert said(made, "exposure") == {"person-years": ((6, 6), ("1.2", "1.2"))}
    assert said(made, "rates")["any"] == ((4, 4), ("417.0 (135.4–973.0)",) * 2)
    assert said(made, "values") == {
        "SBP BASELINE": ((6, 6), ("146.0 (143.5–148.5)", "145.0 (142.5–147.5)")),
    }
    assert told(made, "verdicts") == {
        "serious": (1, 1), "verdict related": (1, 1), "verdict not related": (0, 0),
        "not adjudicated": (0, 0),
    }  # fmt: skip


def test_the_open_pack_tells_no_value_of_few_people_and_no_rate(study):
    made = committee.pooled(study, TWELVE)
    few = committee.pooled(study, material(*(person(n) for n in range(4))))

    assert said(made, "values") == {"SBP BASELINE": ((12,), ("145.5 (142.8–148.2)",))}
    assert said(few, "values") == {"SBP BASELINE": ((None,), (None,))}
    nine = committee.pooled(study, TWELVE._replace(people=TWELVE.people[:9]))
    assert said(nine, "values") == {"SBP BASELINE": ((9,), (None,))}
    assert said(few, "exposure") == {"person-years": ((None,), (None,))}
    assert "rates" not in {table.name for table in made.tables}
    assert set(told(made, "verdicts").values()) == {(None,), (0,)}


def test_home_readings_are_counted_by_people_and_share(reference):
    made = committee.by_arm(reference, TWELVE, dict.fromkeys(ARMS, "UC-MSC"))

    assert said(made, "home")["level 1"] == ((6, 0), ("5.0 %", None))
    assert said(made, "home")["level 2"] == ((0, 0), ("0.0 %", None))


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        ({"death": 2, "other": 9, "adverse event": 6}, {"withdrawn": 17, "death": None, "adverse event": None, "other": 9}),
        ({"death": 2, "other": 9}, {"withdrawn": 11, "death": None, "other": None}),
        ({"death": 2}, {"withdrawn": None, "death": None}),
        ({"death": 1, "other": 1}, {"withdrawn": None, "death": None, "other": None}),
        ({"death": 4, "other": 4}, {"withdrawn": None, "death": None, "other": None}),
        ({"death": 5, "other": 6}, {"withdrawn": 11, "death": 5, "other": 6}),
        ({}, {"withdrawn": 0}),
    ],
)  # fmt: skip
def test_a_small_count_cannot_be_worked_out_from_the_whole(study, left, shown):
    people = [
        person(n, withdrawn=cause)
        for n, cause in enumerate(c for cause, count in left.items() for c in [cause] * count)
    ]
    made = told(committee.pooled(study, material(*people)), "withdrawal")

    assert {name: count for name, (count,) in made.items()} == shown


@pytest.mark.parametrize("arms", [{}, {**ARMS, "R0003": "OTHER"}])
def test_a_closed_pack_without_every_arm_is_refused(study, arms):
    with pytest.raises(ConductError, match="give its arm, one of TABLET, PLACEBO"):
        committee.by_arm(study, TWELVE, arms)


@pytest.fixture
def trial(scene):
    for n in range(6):
        scene.randomise(f"S1-{n:03}")
    scene.enrol("S1-099", AGE="17")
    scene.do(
        ReportAdverseEvent("S1-000", HEADACHE._replace(verbatim="Mrs Wang's head")),
        scene.investigator,
    )
    scene.do(ReportAdverseEvent("S1-001", SERIOUS), scene.investigator)
    left = Withdraw("S1-002", "other", PartialDate(2026, 1, 5), "moved")
    scene.do(left, scene.investigator)
    return scene


def test_the_committees_statistician_gets_slots_and_no_people_dates_or_words(trial):
    made = views.material(trial.log, by=trial.committee_statistician, at=NOON)
    said = canonical(made).decode()

    assert (made.consented, made.eligible, len(made.people)) == (7, 6, 6)
    for telling in ("S1-", "Wang", "moved", "investigator", "TABLET", "PLACEBO"):
        assert telling not in said
    assert set(Person._fields) == {
        "slot", "withdrawn", "seen", "doses", "events", "days", "values", "home",
    }  # fmt: skip
    assert set(Reaction._fields) == {
        "term", "severity", "serious", "causality", "outcome", "verdict",
    }  # fmt: skip
    assert all(one.slot < other.slot for one, other in pairwise(made.people))


def test_the_closed_pack_is_made_offline_with_opened_slots(
    trial, study, keys, sealed_list, tmp_path
):
    made = views.material(trial.log, by=trial.committee_statistician, at=NOON)
    boxes = sealed_list.boxes
    arms = {
        slot.slot: sealed.open_slot(
            study.name, slot, boxes[slot.slot]["vault"], "vault", keys["vault"].private
        )[0]
        for slot in made.slots
    }
    closed = committee.by_arm(study, made, arms)
    paths = pack.write(study, closed, tmp_path / "closed")

    assert sum(closed.sizes) == 6
    assert [path.name for path in paths] == ["closed.en.html", "closed.zh.html", "closed.json"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths)
    assert json.loads(paths[2].read_bytes())["groups"] == ["TABLET", "PLACEBO"]
    assert "药片组" in paths[1].read_text(encoding="utf-8")
    with pytest.raises(OutputError, match="there already"):
        pack.write(study, closed, tmp_path / "closed")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_open_pack_names_no_arm_and_nobody(trial, study, lang):
    page = pack.page(study, views.open_pack(trial.log, by=trial.committee_member, at=NOON), lang)

    telling = {"S1-", "Wang", "moved", "R0001", *study.arms}
    telling |= {words for arm in study.protocol.arms for words in (arm.label.en, arm.label.zh)}
    body = page.replace(study.protocol.short_title.en, "").replace(
        study.protocol.short_title.zh, ""
    )
    assert not [word for word in telling if word in body]
    assert page.startswith("<!doctype html>")


def test_members_are_given_aggregates_only(trial, staff):
    with pytest.raises(NotPermittedError):
        views.material(trial.log, by=trial.committee_member, at=NOON)
    for who in ("investigator", "preparer", "adjudicator", "custodian", "nurse"):
        with pytest.raises(NotPermittedError, match="there is nothing here for this role"):
            views.open_pack(trial.log, by=staff[who], at=NOON)


def test_a_pack_has_no_place_for_a_person():
    assert {field.name for field in fields(committee.Pack)} == {
        "kind", "study", "at", "simulated", "consented", "eligible", "groups", "sizes", "tables",
    }  # fmt: skip


def test_every_code_that_can_stand_in_a_pack_has_words_in_both_languages(study):
    from equipoise.conduct.commands.safety import terms
    from equipoise.conduct.pack import _labels
    from equipoise.records.schemas import WITHDRAWAL_REASONS

    codes = {*WITHDRAWAL_REASONS, *terms(study), *study.encounters, *study.arms, *committee._KINDS}
    for lang in ("en", "zh"):
        assert codes <= set(_labels(study, lang))


def test_packs_of_virtual_participants_say_so(study):
    real, virtual = TWELVE, TWELVE._replace(simulated=True)

    for lang, banner in (("en", "the participants are virtual"), ("zh", "参与者为虚拟参与者")):
        assert banner not in pack.page(study, committee.pooled(study, real), lang)
        assert banner in pack.page(study, committee.pooled(study, virtual), lang)
        assert banner in pack.page(study, committee.by_arm(study, virtual, ARMS), lang)
