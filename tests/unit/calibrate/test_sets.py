import shutil

import numpy as np
import pytest

from equipoise.calibrate import ensemble
from equipoise.calibrate.fit import Free, judge
from equipoise.calibrate.sets import FILE, sets_around, written
from equipoise.errors import StudyError
from equipoise.protocol.load import load_study


def silent(*_):
    """Show no progress."""


@pytest.fixture(scope="module")
def sets(aim, reference):
    names = Free.of(reference).names
    free = Free.of(reference, tuple(set(names) - {"gir_median", "lost"}))
    known = reference.populated().parameters
    start = free.at({name: known[name].value for name in free.names})
    fit = judge(aim, free, start, silent)
    return sets_around(fit, keep=5, seed=1, progress=silent)


@pytest.fixture
def copied(reference, tmp_path):
    return load_study(shutil.copytree(reference.folder, tmp_path / "study"))


def test_sets_lie_within_the_bounds(sets, reference):
    known = reference.populated().parameters

    assert len(sets.values) == 5
    for one in sets.values:
        assert all(known[name].low <= value <= known[name].high for name, value in one.items())


def test_kept_sets_fit_about_as_well_and_differ(sets):
    distances = (sets.aim.z(sets.found[0]) ** 2).sum(), (sets.aim.z(sets.found[4]) ** 2).sum()

    assert sets.drawn >= 5
    assert sets.found.shape == (5, len(sets.aim.targets))
    assert len({one["lost"] for one in sets.values}) == 5
    assert abs(distances[0] - distances[1]) < 8.0


def test_what_was_written_is_the_study_once_for_each_set(sets, copied):
    (copied.folder / FILE).write_text(written(sets, "a test"), "utf-8")

    studies = ensemble(copied)

    assert len(studies) == 5
    for study, values in zip(studies, sets.values, strict=True):
        parameters = study.populated().parameters
        assert parameters["lost"].value == pytest.approx(values["lost"])
        assert parameters["depot"] == copied.populated().parameters["depot"]


def test_a_study_without_sets_is_itself(copied):
    (copied.folder / FILE).unlink(missing_ok=True)

    assert ensemble(copied) == [copied]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parameters: [lots]\nsets: [[0.1]]\n", "no parameter lots"),
        ("parameters: [lost]\nsets: [[0.1, 0.2]]\n", "give 1 values"),
        ("parameters: [lost]\n", "sets"),
    ],
)
def test_sets_that_do_not_fit_the_study_are_refused(copied, text, message):
    (copied.folder / FILE).write_text(text, "utf-8")

    with pytest.raises(StudyError, match=message):
        ensemble(copied)


def test_the_committed_sets_can_be_used(reference):
    studies = ensemble(reference)
    values = np.array([one.populated().parameters["diet_decay"].value for one in studies])

    assert len(studies) >= 20
    assert values.std() > 0
