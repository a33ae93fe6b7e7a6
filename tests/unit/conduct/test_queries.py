"""Queries: what the checks find, what people ask, and how it is settled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.queries import (
    AnswerQuery,
    CancelQuery,
    CloseQuery,
    QueryDiscrepancies,
    RaiseQuery,
    ReopenQuery,
)
from equipoise.conduct.commands.values import Correct, Record
from equipoise.conduct.discrepancies import discrepancies, unasked
from equipoise.conduct.views import oversight
from equipoise.errors import ConductError, NotPermittedError

TODAY = PartialDate(2026, 1, 5)
ASK = RaiseQuery("S1-001", "SCREENING", "SBP", "Is this the mean of three?")
ANSWER = AnswerQuery("S1-001", "Q1", "It is the first of three.")
CORRECT = Correct("S1-001", "SCREENING", "SBP", "151", TODAY, "misread", "mmHg")


@pytest.fixture
def low(scene):
    """A trial with a pressure that the form's check doubts, and an age that is not there yet."""
    scene.enrol("S1-001")
    scene.do(Record("S1-001", "BASELINE", "SBP", "75", TODAY, "mmHg"), scene.nurse)
    return scene


def found(scene, study):
    return [
        (one.encounter, one.item, one.check)
        for one in discrepancies(study, scene.log.participant("S1-001"))
    ]


def shown(scene, by=None):
    return oversight.queries(scene.log, by=by or scene.data_manager)


def test_the_checks_find_what_the_form_doubts(low, study):
    assert found(low, study) == [("BASELINE", "SBP", "SBP_LOW")]


def test_the_checks_find_what_is_missing_of_a_form_that_was_begun(scene, study):
    from equipoise.conduct.commands.participant import Consent

    scene.do(Consent("S1-001", "icf-1", "zh", TODAY), scene.nurse)
    assert found(scene, study) == []
    scene.do(Record("S1-001", "SCREENING", "AGE", "55", TODAY, "year"), scene.nurse)

    assert found(scene, study) == [
        ("SCREENING", "SEX", "missing"),
        ("SCREENING", "STROKE", "missing"),
    ]


def test_not_done_is_recorded_and_not_missing(scene, study):
    scene.enrol("S1-001", STROKE=None)

    assert found(scene, study) == []


def test_the_checks_find_a_value_that_a_narrower_form_does_not_allow_any_more(low, study):
    form = study.forms["forms/vitals.yaml"]
    (item,) = form.items
    narrow = item.model_copy(update={"low": 100})
    group = form.groups[0].model_copy(update={"items": (narrow,)})
    forms = {**study.forms, "forms/vitals.yaml": form.model_copy(update={"groups": (group,)})}

    assert found(low, replace(study, forms=forms)) == [("BASELINE", "SBP", "outside")]


def test_a_check_between_visits_names_every_value_that_it_needs(reference):
    """Weight at week 4 against weight at screening, in the reference study."""
    from equipoise.conduct.events.participant import Consented
    from equipoise.conduct.state.participant import Participant, Value
    from equipoise.protocol.question.terms import Reference

    weights = {"SCREENING": "60.0", "BASELINE": "132.0"}
    values = {
        Reference("WEIGHT", at): Value(text, TODAY, f"hash of {at}") for at, text in weights.items()
    }
    who = Participant("S1-001", "S1", consents=(Consented("icf-1", "zh", TODAY),), values=values)
    steady = [one for one in discrepancies(reference, who) if one.check == "WEIGHT_STEADY"]

    assert [one.needs for one in steady] == [("WEIGHT[BASELINE]", "WEIGHT[SCREENING]")]
    assert "kg" in steady[0].words("zh")


@pytest.mark.parametrize(
    ("day", "found"), [("2026-02-16", []), ("2026-02-23", []), ("2026-02-24", ["WEIGHT"])]
)
def test_a_value_of_another_day_than_its_visit_is_asked_about(reference, day, found):
    """Week 4 has a window of six days, so a week on either side is let pass."""
    from equipoise.conduct.state.participant import Participant, Value
    from equipoise.conduct.state.visits import Visits
    from equipoise.protocol.question.terms import Reference

    values = {Reference("WEIGHT", "WEEK4"): Value("60.0", PartialDate.parse(day), "hash")}
    who = Participant(
        "S1-001", "S1", values=values, visits=Visits({"WEEK4": PartialDate(2026, 2, 16)})
    )
    others = [one for one in discrepancies(reference, who) if one.check == "other day"]

    assert [one.item for one in others] == found
    for one in others:
        assert "is of 2026-02-24, and the visit was on 2026-02-16" in one.words("en")
        assert "2026-02-24" in one.words("zh")


def test_each_finding_is_asked_about_once_in_both_languages(low):
    low.do(QueryDiscrepancies("S1-001"), low.data_manager)

    (query,) = shown(low)
    assert (query.query, query.check, query.status) == ("Q1", "SBP_LOW", "open")
    assert query.words == {"en": "Below 80 mmHg. Please confirm.", "zh": "低于80 mmHg，请确认。"}
    with pytest.raises(ConductError, match="find nothing"):
        low.do(QueryDiscrepancies("S1-001"), low.monitor)


def test_what_was_settled_is_asked_again_only_for_another_value(low, study):
    low.do(QueryDiscrepancies("S1-001"), low.data_manager)
    low.do(ANSWER, low.nurse)
    low.do(CloseQuery("S1-001", "Q1"), low.data_manager)
    assert unasked(study, low.log.participant("S1-001")) == []

    low.do(
        Correct("S1-001", "BASELINE", "SBP", "76", TODAY, "misread once more", "mmHg"), low.nurse
    )
    assert [one.check for one in unasked(study, low.log.participant("S1-001"))] == ["SBP_LOW"]


def test_a_query_is_asked_answered_reopened_answered_and_closed(low):
    low.do(ASK, low.monitor)
    low.do(ANSWER, low.nurse)
    low.do(ReopenQuery("S1-001", "Q1", "the protocol asks for the mean"), low.data_manager)
    low.do(replace(ANSWER, text="Corrected."), low.investigator)
    low.do(CloseQuery("S1-001", "Q1"), low.monitor)

    (query,) = shown(low)
    assert [(turn.status, turn.person, turn.text) for turn in query.said] == [
        ("open", "monitor", None),
        ("answered", "nurse", "It is the first of three."),
        ("open", "data_manager", "the protocol asks for the mean"),
        ("answered", "investigator", "Corrected."),
        ("closed", "monitor", None),
    ]


def test_a_correction_marks_the_query_and_lets_it_be_closed(low):
    low.do(ASK, low.monitor)
    with pytest.raises(ConductError, match="not answered, and nothing changed"):
        low.do(CloseQuery("S1-001", "Q1"), low.monitor)
    assert not shown(low)[0].value_changed

    low.do(CORRECT, low.nurse)
    assert shown(low)[0].value_changed
    low.do(CloseQuery("S1-001", "Q1"), low.monitor)
    assert shown(low)[0].status == "closed"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (replace(ASK, item="SPB"), "no item SPB. Did you mean SBP"),
        (replace(ASK, encounter="WEEK5"), "not asked at WEEK5, but at SCREENING"),
        (replace(ASK, text=" "), "write 2 to 2000"),
        (replace(ASK, text="x" * 10_000_000), "write 2 to 2000"),
        (replace(ASK, text="a\0b"), "write 2 to 2000"),
        (replace(ASK, language="fr"), "en or zh"),
        (replace(ASK, participant="S1-404"), "no such participant"),
        (CloseQuery("S1-001", "Q9"), "no query 'Q9'"),
        (CancelQuery("S1-001", "x" * 10_000_000, "by mistake"), "no query 'xxx"),
        (ReopenQuery("S1-001", "Q1", "look again"), "no query 'Q1'"),
    ],
)
def test_a_query_that_makes_no_sense_is_a_clear_error_and_leaves_nothing(low, command, said):
    tip = low.log.tip("main")

    with pytest.raises(ConductError, match=said) as refused:
        low.do(command, low.data_manager)
    assert len(str(refused.value)) < 300
    assert low.log.tip("main") == tip


def test_the_site_does_not_close_and_the_monitor_does_not_answer(low):
    low.do(ASK, low.monitor)

    with pytest.raises(NotPermittedError):
        low.do(CloseQuery("S1-001", "Q1"), low.nurse)
    with pytest.raises(NotPermittedError):
        low.do(ANSWER, low.monitor)


def test_unfinished_queries_come_first_and_other_sites_see_none(low):
    low.do(ASK, low.monitor)
    low.do(CancelQuery("S1-001", "Q1", "asked by mistake"), low.monitor)
    low.do(ASK, low.monitor)

    assert [query.query for query in shown(low)] == ["Q2", "Q1"]
    assert shown(low) == shown(low, by=low.nurse)
    with pytest.raises(NotPermittedError, match="nothing here for this role"):
        shown(low, by=low.adjudicator)
