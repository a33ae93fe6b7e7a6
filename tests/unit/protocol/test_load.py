import re
import shutil

import pytest

from equipoise import api
from equipoise.errors import StudyError
from equipoise.protocol.load import (
    SHIPPED,
    find_study,
    load_study,
    protocol_versions,
    shipped_studies,
)


def spoil(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_fluid_needs_a_vehicle(tmp_path):
    """Else not one bag could be made up, and only the bench would say so."""
    folder = shutil.copytree(SHIPPED / "nct02302599", tmp_path / "study")
    path = folder / "protocol-1.0.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("role: placebo") == 1
    path.write_text(text.replace("role: placebo", "role: active comparator"), encoding="utf-8")
    assert any("a bag is filled up with the vehicle" in one for one in problems(folder))


def problems(folder):
    with pytest.raises(StudyError) as caught:
        load_study(folder)
    return caught.value.problems


PROTOCOL, VITALS = "protocol-1.0.yaml", "forms/vitals.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (PROTOCOL, "140 <= SBP <= 179", "140 <= SPB <= 179", r"criterion I2: .*SPB.*Did you mean SBP\?"),
        (PROTOCOL, "140 <= SBP <= 179", "140 kg <= SBP", r"criterion I2: .*kg.*mmHg"),
        (PROTOCOL, "question: STROKE", "question: STROKE <", r"criterion E1: "),
        (PROTOCOL, "name: PLACEBO, label: {en: Placebo, zh", "name: TABLET, label: {en: Placebo, zh", r"the arm TABLET is given twice"),
        (PROTOCOL, "product: TABLET}", "product: TABLETS}", r"there is no product TABLETS. Did you mean TABLET\?"),
        (PROTOCOL, "name: WEEK4,", "name: WEEK12,", r"the encounter WEEK12 is given twice"),
        (PROTOCOL, "day: 28,", "day: 100,", r"order of their days"),
        (PROTOCOL, "forms: [vitals]", "forms: [vital]", r"there is no form vital. Did you mean vitals\?"),
        (PROTOCOL, "phase: II", "phases: II", r"there is no key of this name. Did you mean phase\?"),
        (PROTOCOL, "phase: II\n", "", r"the key 'phase' is missing"),
        (PROTOCOL, "unit: mg", "unit: mgg", r"no unit is written mgg"),
        (PROTOCOL, "source: synopsis}\n  encounters", "source: sinopsis}\n  encounters", r"there is no source sinopsis"),
        (PROTOCOL, "day: 0,", "day: zero,", r"should be a valid integer.*zero"),
        (PROTOCOL, "screening: SCREENING", "screening: SCREEN", r"no encounter SCREEN. Did you mean SCREENING"),
        (PROTOCOL, "source: synopsis}\n\nobj", "source: assumed}\n\nobj", r"an assumed value says `why`"),
        (VITALS, "unit: mmHg", "unit: mmhg", r"no unit is written mmhg. Did you mean mmHg\?"),
        (VITALS, "name: SBP", "name: AGE", r"the item AGE is also in forms/history.yaml"),
        (VITALS, "low: 60", "low: 600", r"low 600 is above high 280"),
        (VITALS, "SBP >= 80", "SBP >= AGE", r"check SBP_LOW"),
        ("cases/eligibility.yaml", "answer: no}", "answer: yes}", r"I1: the answer is no, the case says yes"),
        ("cases/eligibility.yaml", "{AGE: 17}", "{AG: 17}", r"does not ask for AG; it asks for AGE"),
        ("analysis.yaml", "item: SBP\n", "item: SBQ\n", r"no item SBQ. Did you mean SBP"),
        ("analysis.yaml", "question: SBP < 140", "question: SBP < ", r"endpoint CONTROLLED"),
        ("analysis.yaml", "encounters: [WEEK12]", "encounters: [WEEK13]", r"no encounter WEEK13. Did you mean WEEK12"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_file_line_and_what_to_do(template, file, old, new, message):
    text = (template / file).read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1

    spoil(template, file, old, new)
    found = problems(template)

    matching = [one for one in found if re.search(message, one)]
    assert matching, found
    told = int(matching[0].split(":")[1])
    assert matching[0].startswith(f"{file}:")
    assert line - 25 <= told <= line + 3


def test_all_problems_of_all_files_are_told_at_once(template):
    spoil(template, PROTOCOL, "phase: II", "phases: II")
    spoil(template, VITALS, "low: 60", "low: sixty")
    spoil(template, "analysis.yaml", "reference: PLACEBO", "reference: [")

    found = problems(template)

    assert {one.split(":")[0] for one in found} == {PROTOCOL, VITALS, "analysis.yaml"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"a: [", "not YAML"),
        ("a: 糖".encode("gb18030"), "is not UTF-8"),
        (b"- 1\n- 2\n", "valid dictionary"),
        (b"just words", "valid dictionary"),
    ],
)
def test_a_file_that_is_no_study_file_is_told(template, content, message):
    (template / VITALS).write_bytes(content)

    found = problems(template)

    assert any(one.startswith(f"{VITALS}:1:") and message in one for one in found), found


def test_a_folder_without_a_protocol_says_what_is_missing(tmp_path):
    with pytest.raises(StudyError, match=r"no file protocol-<version>.yaml here"):
        load_study(tmp_path)


def test_a_study_that_is_nowhere_names_those_that_are():
    with pytest.raises(StudyError, match=r"Did you mean nct02302599\?"):
        find_study("nct0230259")


def test_the_newest_protocol_is_read_and_an_older_one_on_demand(template):
    text = (template / PROTOCOL).read_text(encoding="utf-8")
    newer = text.replace('version: "1.0"', 'version: "1.10"').replace("value: 120", "value: 140")
    (template / "protocol-1.10.yaml").write_text(newer, encoding="utf-8")
    older = text.replace('version: "1.0"', 'version: "1.9"')
    (template / "protocol-1.9.yaml").write_text(older, encoding="utf-8")

    assert list(protocol_versions(template)) == ["1.0", "1.9", "1.10"]
    assert load_study(template).protocol.allocation.participants.value == 140
    assert load_study(template, version="1.9").protocol.allocation.participants.value == 120
    with pytest.raises(StudyError, match=r"no protocol 2.0; there is 1.0, 1.9, 1.10"):
        load_study(template, version="2.0")


def test_the_template_is_no_study_of_its_own():
    assert "template" not in shipped_studies()
    assert "nct02302599" in shipped_studies()


def test_an_unknown_value_blocks_the_step_that_needs_it(template):
    spoil(template, PROTOCOL, "value: 120", "value: unknown")
    participants = load_study(template).protocol.allocation.participants

    with pytest.raises(Exception, match=r"number of participants is unknown in the protocol"):
        participants.known("number of participants")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (PROTOCOL, "method: permuted-blocks", "method: permuted-block", r"Did you mean permuted-blocks"),
        (PROTOCOL, "sizes: [4, 6]", "sises: [4, 6]", r"has no parameter sises.*Did you mean sizes"),
        (PROTOCOL, "rule: fixed", "rule: fixd", r"Did you mean fixed"),
        ("population.yaml", "model: longitudinal", "model: longitudinel", r"Did you mean longitudinal"),
        ("population.yaml", "SBP_effect:", "SBP_efect:", r"no parameter SBP_efect.*Did you mean SBP_effect"),
        ("population.yaml", "  STROKE:", "  STROK:", r"STROK.*Did you mean STROKE"),
        ("population.yaml", "correlation: {value: 0, unit: \"1\", status: assumed, source: assumed, why: {en: example, zh: 示例}, low: 0, high: 0.9}", "correlation: {value: -0.5, unit: \"1\", status: assumed, source: assumed, why: example}", r"correlation is -0.5; it is at least 0"),
        ("population.yaml", "SBP_mean: {value: 152, unit: mmHg", "SBP_mean: {value: 152, unit: kg", r"SBP_mean is in kg; the model takes it in mmHg: mean at screening of SBP"),
        ("population.yaml", "half_time: {value: 14, unit: d, status: assumed, source: assumed, why: {en: example, zh: 示例}, low: 1,", "half_time: {value: 0, unit: d, status: assumed, source: assumed, why: example, low: 0,", r"half_time is 0; it is at least 0.01"),
    ],
)  # fmt: skip
def test_a_slip_in_a_method_is_told_with_file_and_line(template, file, old, new, message):
    text = (template / file).read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1

    spoil(template, file, old, new)
    with pytest.raises(StudyError) as caught:
        api.check(template)

    matching = [one for one in caught.value.problems if re.search(message, one)]
    assert matching, caught.value.problems
    assert re.match(rf"{re.escape(file)}:({line - 1}|{line}|{line + 1}):", matching[0]), matching


def test_minimisation_is_written_in_yaml(template):
    spoil(template, PROTOCOL, "method: permuted-blocks", "method: minimisation")
    spoil(template, PROTOCOL, "sizes: [4, 6]", "levels: [2], probability: 0.8")

    assert api.check(template).protocol.allocation.method == "minimisation"


def test_a_second_active_arm_is_not_simulated_as_if_it_were_the_first(template):
    arm = "  - {name: PLACEBO, label: {en: Placebo, zh: 安慰剂组}"
    high = "  - {name: HIGH, label: Tablet 10 mg, role: experimental, product: TABLET}\n"
    spoil(template, PROTOCOL, arm, high + arm)
    spoil(template, PROTOCOL, "sizes: [4, 6]", "sizes: [3, 6]")

    with pytest.raises(StudyError, match=r"TABLET, HIGH are active.*simulate with one active arm"):
        api.check(template)


def test_too_few_participants_are_refused(template):
    spoil(template, PROTOCOL, "value: 120", "value: -5")

    assert any("-5 participants are too few" in one for one in problems(template))


@pytest.fixture
def alike(tmp_path):
    """A copy of the example that takes numbers over from the reference study."""
    return api.new("alike", tmp_path, like="background-insulin")


def test_numbers_that_are_not_given_are_those_of_the_study_that_it_is_like(alike):
    mine, theirs = load_study(alike), load_study("nct02302599")
    found, given = mine.populated().parameters, theirs.populated().parameters

    assert found["glycation"] == given["glycation"]
    assert found["hba1c_mean"] != given["hba1c_mean"]
    assert not {"cells_beta", "raise_median", "inpatient_days"} & set(found)
    assert mine.files["nct02302599/population.yaml"] == theirs.files["population.yaml"]


def test_a_number_in_another_unit_than_the_model_takes_is_refused(alike):
    spoil(
        alike,
        "population.yaml",
        'hba1c_mean: {value: 8.0, unit: "%"',
        'hba1c_mean: {value: 64, unit: "mmol/mol"',
    )
    spoil(alike, "population.yaml", "low: 7.0, high: 10,", "low: 50, high: 80,")

    with pytest.raises(
        StudyError, match="hba1c_mean is in mmol/mol; the model takes it in %: mean HbA1c"
    ):
        api.check(alike)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("like: nct02302599", "like: nct02302598", "Did you mean nct02302599"),
        ("model: type-2-diabetes", "model: longitudinal", "has the model type-2-diabetes, not"),
    ],
)
def test_a_study_to_be_like_must_be_there_and_have_the_same_model(alike, old, new, message):
    spoil(alike, "population.yaml", old, new)

    (found,) = problems(alike)

    assert found.startswith("population.yaml:")
    assert message in found
