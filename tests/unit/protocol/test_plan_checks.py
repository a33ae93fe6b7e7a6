from pathlib import Path

import pytest

from equipoise.protocol.load import load_study
from equipoise.protocol.plan import Plan
from equipoise.protocol.plan_checks import check_plan
from equipoise.protocol.whole import Study

KNEE = Path(__file__).parents[2] / "data" / "knee"


@pytest.fixture(scope="module")
def knee() -> Study:
    return load_study(KNEE / "study")


def test_a_plan_that_fits_has_no_misfits(knee):
    assert check_plan(knee.planned(), knee) == []


def test_the_plan_of_the_reference_study_fits(reference):
    assert check_plan(reference.planned(), reference) == []


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("reference",), "PLACEBOO", "no arm PLACEBOO. Did you mean PLACEBO?"),
        (("populations", 0, "source"), "paper", "no source paper"),
        (("populations", 1, "name"), "RANDOMISED", "RANDOMISED is there already"),
        (("estimands", 0, "analysis"), "RELIEV", "no analysis RELIEV. Did you mean RELIEF?"),
        (("estimands", 0, "endpoint"), "PAINLESS", "no endpoint PAINLESS"),
        (("estimands", 0, "sensitivity"), ("OTHER",), "no analysis OTHER"),
        (("endpoints", 0, "name"), "EASE", "an objective of the protocol needs RELIEF"),
        (("endpoints", 1, "item"), "SEX", "SEX is a code, not a number"),
        (("endpoints", 1, "item"), "AGE", "AGE is not collected at DAY0; it is at SCREEN"),
        (("analyses", 0, "items"), ("AGE", "SIX"), "no item SIX. Did you mean SEX?"),
        (("analyses", 0, "items"), ("SINCE",), "SINCE is a date: not summarised"),
        (("analyses", 0, "encounter"), "DAY1", "no encounter DAY1. Did you mean DAY0?"),
        (("analyses", 1, "population"), "EVERYONE", "no population EVERYONE"),
        (("analyses", 1, "endpoint"), "PAIN", "PAIN is a number endpoint; proportion needs"),
        (("analyses", 1, "encounters"), ("DAY0",), "no encounter of RELIEF DAY0"),
        (("analyses", 7, "point"), "bedtime", "no point of the diary bedtime"),
        (("displays", 1, "analyses"), ("RELEIF",), "no analysis RELEIF. Did you mean RELIEF?"),
        (
            ("displays", 1, "analyses"),
            ("EVENTS",),
            "EVENTS is of kind adverse-events",
        ),
        (("displays", 1, "analyses"), (), "shows no analysis"),
        (("displays", 1, "encounters"), ("WEEK9",), "no encounter WEEK9"),
    ],
)
def test_a_misfit_is_told_with_its_place(knee, place, value, said):
    whole = knee.planned().model_dump()
    part = whole
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value

    misfits = check_plan(Plan.model_validate(whole), knee)

    assert any(said in message for _, message in misfits), misfits
    assert place[:1] in {found[:1] for found, _ in misfits}
