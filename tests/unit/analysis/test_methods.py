from typing import get_args

from equipoise.analysis.kinds import METHODS
from equipoise.analysis.kinds.number import _INTERVALS as BETWEEN_NUMBERS
from equipoise.analysis.kinds.number import _TESTS as NUMBER_TESTS
from equipoise.analysis.kinds.proportion import _INTERVALS as BETWEEN_PROPORTIONS
from equipoise.analysis.kinds.proportion import _TESTS as PROPORTION_TESTS
from equipoise.protocol.plan import (
    Analysis,
    Figure,
    NumberMethod,
    ProportionMethod,
    Table,
)
from equipoise.protocol.plan_checks import SHOWS


def kinds(model) -> set[str]:
    return set(get_args(model.model_fields["kind"].annotation))


def test_every_kind_of_analysis_that_a_plan_can_name_has_its_method():
    union, *_ = get_args(Analysis)

    assert set().union(*(kinds(model) for model in get_args(union))) == set(METHODS)


def test_every_method_that_a_plan_can_name_is_there():
    proportions = {*BETWEEN_PROPORTIONS, *PROPORTION_TESTS}
    numbers = {*BETWEEN_NUMBERS, *NUMBER_TESTS, "paired-t-test"}

    assert proportions == set(get_args(ProportionMethod))
    assert numbers == set(get_args(NumberMethod))


def test_every_kind_of_display_but_the_flow_says_what_it_shows():
    assert {*kinds(Table), *kinds(Figure)} - {"flow"} == set(SHOWS)
    assert {kind for shown in SHOWS.values() for kind in shown} == set(METHODS)
