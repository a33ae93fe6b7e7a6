import pytest

from equipoise.calibrate.writing import rewritten
from equipoise.protocol.bind import bind
from equipoise.protocol.model import Text
from equipoise.protocol.population import Population
from equipoise.protocol.tree import read_tree
from equipoise.simulate.enrolment import with_values

TEXT = """\
# Who comes.
model: type-2-diabetes
parameters:
  lost: {value: 0.2, unit: "1/year", status: calibrated, source: "old", low: 0.1, high: 0.5,
    why: "people move"}  # seen elsewhere
  # a block as well
  depot:
    value: 0.7
    unit: share
    status: calibrated
    source: old
recruitment: {first_day: "2020-01-01", screened_per_month: 3, source: assumed}
"""


def test_only_values_and_sources_change():
    new = rewritten(TEXT, {"lost": 0.31}, Text(en="fit: seed 1"))

    expected = TEXT.replace('0.2, unit: "1/year"', '0.31, unit: "1/year"')
    assert new == expected.replace('source: "old"', 'source: "fit: seed 1"')


def test_blocks_are_written_like_lines():
    new = rewritten(TEXT, {"depot": 0.65}, Text(en="fit"))

    assert '    value: 0.65\n    unit: share\n    status: calibrated\n    source: "fit"\n' in new
    assert "# seen elsewhere" in new
    assert "# a block as well" in new


def test_a_source_in_two_languages_is_written_in_both():
    source = Text(en="fit", zh="拟合")

    once = rewritten(TEXT, {"lost": 0.31}, source)
    again = rewritten(once, {"lost": 0.32}, source)

    assert 'source: {en: "fit", zh: "拟合"}, low: 0.1' in once
    assert again == once.replace("0.31", "0.32")


def test_a_source_in_two_lines_is_replaced_and_what_follows_stays():
    lines = "source:\n      en: old\n      zh: 旧\n    # then\n    low: 0.1\n"
    text = TEXT.replace("    source: old\n", f"    {lines}")

    new = rewritten(text, {"depot": 0.65}, Text(en="fit"))

    assert 'source:\n      "fit"\n    # then\n    low: 0.1\n' in new


def test_what_was_written_is_read_back(reference, tmp_path):
    source = Text(en="a test: nothing", zh="测试")
    values = {"lost": 0.234, "diet_decay": 77.0}
    path = tmp_path / "population.yaml"
    old = (reference.folder / path.name).read_text("utf-8")

    path.write_text(rewritten(old, values, source), "utf-8")
    read, problems = bind(read_tree(path), Population)

    assert problems == []
    expected = with_values(reference, values).populated()
    for name, parameter in expected.parameters.items():
        assert read.parameters[name].value == pytest.approx(parameter.value)
    assert read.parameters["lost"].source == source
    assert read.adverse_events == expected.adverse_events
