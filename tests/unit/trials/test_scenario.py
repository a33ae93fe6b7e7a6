from decimal import Decimal

import pytest

from equipoise.errors import StudyError
from equipoise.protocol.load import SHIPPED, load_study
from equipoise.protocol.plan import ProportionAnalysis
from equipoise.trials.scenario import Design, Scenario, nothing_missing, read_designs


def one(study, *options):
    return read_designs(study, None, options)[0].study


def test_without_a_file_the_only_scenario_is_the_study_as_planned(reference):
    designs = read_designs(reference)

    assert [design.scenario.name for design in designs] == ["PLANNED"]
    assert designs[0].study is reference


def test_an_option_changes_the_protocol_and_says_so(reference):
    participants = one(reference, "participants=160").protocol.allocation.participants

    assert (participants.value, participants.source) == (160, "assumed")
    assert participants.why("en") == "changed by --set participants=160"
    assert participants.why("zh") == "由--set participants=160更改"
    assert participants.conflicts == ()


def test_no_effect_sets_every_effect_of_the_cells_to_nothing(reference):
    parameters = one(reference, "effect=0").population.parameters

    names = ("cells_production", "cells_beta", "cells_sensitivity")
    assert [parameters[name].value for name in names] == [0, 0, 0]
    assert parameters["diet_meals"] == reference.population.parameters["diet_meals"]


def test_the_effect_of_a_drug_is_turned_like_that_of_cells():
    study = load_study(SHIPPED / "background-insulin")
    planned = study.population.parameters["drug_hba1c"].value

    assert one(study, "effect=0.5").population.parameters["drug_hba1c"].value == planned / 2


def test_drop_out_is_a_factor_on_the_rate_of_loss(reference):
    doubled = one(reference, "drop_out=2").population.parameters["lost"].value

    assert doubled == 2 * reference.population.parameters["lost"].value


def test_members_of_a_list_are_called_by_name_or_place(reference):
    changed = one(
        reference, "analysis.analyses.PRIMARY.missing=left out", "titration.bands.2.units=4"
    )

    primary = next(one for one in changed.plan.analyses if one.name == "PRIMARY")
    assert primary.missing == "left out"
    assert [band.units for band in changed.protocol.titration.bands] == [-2, 0, 4, 6]


def test_a_rule_for_missing_values_is_that_of_every_analysis_of_proportions(reference):
    changed = one(reference, "missing=left out")

    proportions = [a for a in changed.plan.analyses if isinstance(a, ProportionAnalysis)]
    assert {analysis.missing for analysis in proportions} == {"left out"}


def test_a_file_gives_scenarios_and_an_option_lies_over_each(reference, tmp_path):
    file = tmp_path / "scenarios.yaml"
    file.write_text(
        "scenarios:\n"
        "  - {name: A, effect: 0}\n"
        "  - name: B\n"
        "    titration: {every: 14}\n"
        "    change: {dosing.amount: 1.5e6}\n"
    )

    first, second = read_designs(reference, file, ["participants=120"])

    assert first.study.protocol.allocation.participants.value == 120
    assert second.study.protocol.allocation.participants.value == 120
    assert second.study.protocol.titration.every.value == 14
    assert second.study.protocol.dosing.amount.value == Decimal("1.5e6")
    assert second.study.protocol.dosing.amount.unit == "cells/kg"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("participants=abc", "--set participants=abc: scenarios.0.participants: should be a valid"),
        ("particpants=3", "Did you mean participants?"),
        ("effect=-1", "should be greater than or equal to 0, not -1"),
        ("effect", "give name=value"),
        ("parameters.cells_half_lif=3", "Did you mean cells_half_life?"),
        ("parameters.cells_half_life=30000", "outside its bounds"),
        ("allocation.participant=3", "there is no participant. Did you mean participants?"),
        ("analysis.analyses.PRIMAR.missing=left out", "Did you mean PRIMARY?"),
        ("allocation.method=permuted-block", "Did you mean permuted-blocks?"),
        ("blocks=[3]", "--set blocks=[3]: a block of 3 cannot hold the arms"),
        ("eligibility.I1.question=20 <= AGEE", "Did you mean AGE?"),
        ("titration.bands=[{at_least: 1}]", "bands start at_least 0 and rise"),
        ("titration.bands.9.units=1", "there is no 9; there is 0 to 3"),
        ("titration.every.value.x=1", "there is nothing below 7"),
    ],
)
def test_a_wrong_option_is_told_with_what_to_do(reference, option, message):
    with pytest.raises(StudyError) as raised:
        read_designs(reference, None, [option])

    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scenarios:\n  - name: A\n    efect: 0\n", "s.yaml:3: scenarios.0.efect: there is no key"),
        ("scenarios:\n  - name: A\n    participants: 1\n", "s.yaml:3: scenarios.0.participants: "),
        ("scenarios:\n  - {name: A}\n  - {name: A}\n", "two scenarios have one name"),
        ("scenarios: []\n", "give at least one"),
        (
            "scenarios:\n  - name: A\n    change:\n      arms.0.role: placbo\n",
            "s.yaml:4: arms.0.role: should be 'experimental'",
        ),
    ],
)
def test_a_wrong_scenario_file_is_told_by_file_and_line(reference, tmp_path, text, message):
    file = tmp_path / "s.yaml"
    file.write_text(text)

    with pytest.raises(StudyError) as raised:
        read_designs(reference, file)

    assert message in str(raised.value)


def test_where_nothing_is_missing_nobody_is_lost_and_no_visit_is_missed(reference):
    parameters = nothing_missing(Design(Scenario(), reference)).study.population.parameters

    assert (parameters["lost"].value, parameters["visit_missed"].value) == (0, 0)


SET = {"cells_beta": 0.4, "lost": 0.2, "gir_median": 3.0}


def under(study, *options):
    (design,) = read_designs(study, None, options, sets=(SET,))
    return design


def test_a_factor_multiplies_the_value_of_every_parameter_set(reference):
    (found,) = under(reference, "effect=0.5", "drop_out=3").sets

    assert found == {"cells_beta": 0.2, "lost": pytest.approx(0.6), "gir_median": 3.0}


@pytest.mark.parametrize("option", ["parameters.lost=0.3", "population.parameters.lost.value=0.3"])
def test_a_value_that_a_scenario_gives_holds_under_every_parameter_set(reference, option):
    design = under(reference, option)

    assert design.sets == ({"cells_beta": 0.4, "gir_median": 3.0},)
    assert design.study.population.parameters["lost"].value == 0.3


def test_nothing_is_missing_under_any_parameter_set(reference):
    (found,) = nothing_missing(under(reference)).sets

    assert found == {**SET, "lost": 0.0}
