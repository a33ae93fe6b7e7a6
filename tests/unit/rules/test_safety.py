from __future__ import annotations

from datetime import UTC, datetime

import pytest

from equipoise.answer import NO, UNKNOWN, YES
from equipoise.errors import RuleError
from equipoise.rules.safety import (
    Criteria,
    authority_due,
    expedited,
    hypoglycaemia_level,
    serious,
    sponsor_due,
)

AWARE = datetime(2014, 2, 26, 22, 30, tzinfo=UTC)
NONE = Criteria(NO, NO, NO, NO, NO, NO)


@pytest.mark.parametrize("criterion", Criteria._fields)
def test_each_criterion_alone_makes_an_event_serious(criterion):
    assert serious(NONE._replace(**{criterion: YES})) == YES


def test_an_unjudged_criterion_leaves_seriousness_unknown_unless_another_holds():
    unjudged = NONE._replace(disability=UNKNOWN)

    assert serious(NONE) == NO
    assert serious(unjudged) == UNKNOWN
    assert serious(unjudged._replace(hospitalisation=YES)) == YES


def test_a_reaction_is_expedited_only_if_serious_related_and_unexpected():
    assert expedited(YES, YES, YES) == YES
    assert [expedited(NO, YES, YES), expedited(YES, NO, YES), expedited(YES, YES, NO)] == [NO] * 3
    assert expedited(YES, UNKNOWN, YES) == UNKNOWN


def test_the_site_has_24_hours_to_tell_the_sponsor():
    due = sponsor_due(NONE._replace(hospitalisation=YES), AWARE)

    assert due == datetime(2014, 2, 27, 22, 30, tzinfo=UTC)


def test_an_event_that_is_not_serious_has_no_clock():
    assert sponsor_due(NONE, AWARE) is None
    assert authority_due(NONE, related=YES, unexpected=YES, aware=AWARE) is None


@pytest.mark.parametrize(
    ("criterion", "day"),
    [("death", 5), ("life_threatening", 5), ("hospitalisation", 13), ("medically_important", 13)],
)
def test_fatal_or_life_threatening_reactions_have_7_days_and_others_15(criterion, day):
    found = authority_due(
        NONE._replace(**{criterion: YES}), related=YES, unexpected=YES, aware=AWARE
    )

    assert found == datetime(2014, 3, day, 22, 30, tzinfo=UTC)


def test_the_shorter_clock_runs_while_the_answers_are_unknown():
    found = authority_due(
        NONE._replace(life_threatening=UNKNOWN), related=UNKNOWN, unexpected=UNKNOWN, aware=AWARE
    )

    assert found == datetime(2014, 3, 5, 22, 30, tzinfo=UTC)


def test_a_time_without_a_zone_starts_no_clock():
    with pytest.raises(RuleError, match="has no time zone"):
        sponsor_due(NONE._replace(death=YES), AWARE.replace(tzinfo=None))


@pytest.mark.parametrize(("glucose", "level"), [(39, 0), (38, 1), (30, 1), (29, 2)])
def test_levels_of_hypoglycaemia_begin_below_3_9_and_below_3_0(glucose, level):
    assert hypoglycaemia_level(glucose, NO) == level
    assert hypoglycaemia_level(glucose, UNKNOWN) == level


def test_a_severe_event_is_level_3_at_any_glucose():
    assert hypoglycaemia_level(45, YES) == 3
