import numpy as np
import pytest

from equipoise.calibrate.reached import reached


@pytest.fixture(scope="module")
def found(aim):
    lives = aim.crowd.live()
    values = reached(aim.targets, lives)
    return lives, {target.id: row for target, row in zip(aim.targets, values, strict=True)}


def test_a_mean_is_of_the_completers_of_its_arm(found):
    lives, values = found
    hba1c = lives.value("HBA1C", "WEEK48")
    by_hand = [
        np.nanmean(hba1c[trial][lives.completed[trial] & (lives.arm[trial] == 0)])
        for trial in range(6)
    ]

    np.testing.assert_allclose(values["hba1c-week48-uc-msc"], by_hand)


def test_a_reduction_is_the_median_of_individual_ones(found):
    lives, values = found
    before, now = lives.value("INSULIN", "BASELINE"), lives.value("INSULIN", "WEEK9")
    chosen = lives.completed[0] & (lives.arm[0] == 1)
    by_hand = np.nanmedian(100 * (1 - now[0] / before[0])[chosen])

    assert values["reduction-week9-placebo"][0] == pytest.approx(by_hand)


def test_a_responder_is_one_by_the_plan_and_the_missing_are_none(found):
    lives, values = found
    hba1c, dose = lives.value("HBA1C", "WEEK48"), lives.value("INSULIN", "WEEK48")
    responds = (hba1c < 7.0) & (dose <= 0.5 * lives.value("INSULIN", "BASELINE"))
    by_hand = 100 * np.array([responds[k][lives.arm[k] == 0].mean() for k in range(6)])

    np.testing.assert_allclose(values["responders-uc-msc"], by_hand)


def test_t_is_that_of_scipy(found):
    from scipy import stats

    lives, values = found
    hba1c = np.where(lives.completed, lives.value("HBA1C", "WEEK20"), np.nan)[2]
    arm = lives.arm[2]
    t = stats.ttest_ind(hba1c[arm == 0], hba1c[arm == 1], nan_policy="omit").statistic

    assert values["hba1c-week20-p"][2] == pytest.approx(abs(t))


def test_completers_and_screened_are_counted(found):
    lives, values = found
    n = (lives.arm == 1).sum(axis=1)

    np.testing.assert_allclose(
        values["completed-PLACEBO"] * n / 100, ((lives.arm == 1) & lives.completed).sum(axis=1)
    )
    assert (values["screened"] > 91).all()
