import pytest

from equipoise.calibrate.crowd import with_values
from equipoise.calibrate.writing import rewritten
from equipoise.protocol.bind import bind
from equipoise.protocol.population import Population
from equipoise.protocol.tree import read_tree

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
    new = rewritten(TEXT, {"lost": 0.31}, "fit: seed 1")

    expected = TEXT.replace('0.2, unit: "1/year"', '0.31, unit: "1/year"')
    assert new == expected.replace('source: "old"', 'source: "fit: seed 1"')


def test_blocks_are_written_like_lines():
    new = rewritten(TEXT, {"depot": 0.65}, "fit")

    assert '    value: 0.65\n    unit: share\n    status: calibrated\n    source: "fit"\n' in new
    assert "# seen elsewhere" in new
    assert "# a block as well" in new


def test_what_was_written_is_read_back(reference, tmp_path):
    values = {"lost": 0.234, "diet_decay": 77.0}
    path = tmp_path / "population.yaml"
    old = (reference.folder / path.name).read_text("utf-8")

    path.write_text(rewritten(old, values, "a test: nothing"), "utf-8")
    read, problems = bind(read_tree(path), Population)

    assert problems == []
    expected = with_values(reference, values).populated()
    for name, parameter in expected.parameters.items():
        assert read.parameters[name].value == pytest.approx(parameter.value)
    assert read.parameters["lost"].source == "a test: nothing"
    assert read.adverse_events == expected.adverse_events
