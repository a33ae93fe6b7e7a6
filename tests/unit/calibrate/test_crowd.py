import numpy as np

from equipoise.calibrate.crowd import Crowd
from equipoise.simulate.enrolment import with_values


def test_without_a_change_the_same_lives_are_lived(aim, reference):
    first = aim.crowd.live().value("HBA1C", "WEEK48")
    again = aim.crowd.live(with_values(reference, {})).value("HBA1C", "WEEK48")

    np.testing.assert_array_equal(first, again)


def test_placebo_participants_do_not_feel_a_change_of_the_cells(aim, reference):
    before = aim.crowd.live()
    after = aim.crowd.live(with_values(reference, {"cells_beta": 0.1}))

    placebo = before.arm == 1
    old, new = before.value("HBA1C", "WEEK48"), after.value("HBA1C", "WEEK48")
    np.testing.assert_array_equal(old[placebo], new[placebo])
    assert (old[~placebo] != new[~placebo]).any()


def test_a_shortcut_gives_the_trials_that_enrolling_again_gives(reference):
    changed = with_values(reference, {"gir_median": 3.3, "diet_sd": 0.6})
    quick = Crowd(reference, range(2), 5).live(changed)
    whole = Crowd(changed, range(2), 5).live()

    for item, encounter in (("GIR", "WEEK48"), ("INSULIN_KG", "WEEK9"), ("HBA1C", "BASELINE")):
        np.testing.assert_array_equal(quick.value(item, encounter), whole.value(item, encounter))


def test_other_people_come_when_screening_changes(reference):
    changed = with_values(reference, {"hba1c_mean": 9.3})
    moved = Crowd(reference, range(2), 5).live(changed)
    whole = Crowd(changed, range(2), 5).live()

    np.testing.assert_array_equal(moved.screened, whole.screened)
    assert np.nanmean(moved.value("HBA1C", "BASELINE")) > 9.0
