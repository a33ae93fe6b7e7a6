from __future__ import annotations

import pytest

from equipoise.rules.visits import EARLY, IN_WINDOW, LATE, Window, study_day, timing


@pytest.mark.parametrize(
    ("day", "found"), [(59, EARLY), (60, IN_WINDOW), (63, IN_WINDOW), (70, IN_WINDOW), (71, LATE)]
)
def test_both_ends_of_a_window_belong_to_it(day, found):
    assert timing(day, Window(day=63, before=3, after=7)) == found


def test_there_is_no_study_day_0():
    assert [study_day(day) for day in (-2, -1, 0, 1)] == [-2, -1, 1, 2]
