import dataclasses

import numpy as np
import pytest

from equipoise.rules.dosing.titration import Readings, next_dose
from equipoise.simulate.models import ACCEPTED, NOTES, OFF, REJECTED, STOPPED, WITHDRAWN

CELLS = 1e6


@pytest.fixture(scope="module")
def daily(crowd):
    return crowd.live(CELLS, daily=True, rows=slice(0, 80))


def same(one, other):
    return all(
        np.array_equal(a, b, equal_nan=True)
        for a, b in zip(
            [*one.values.values(), *one[2:5]], [*other.values.values(), *other[2:5]], strict=True
        )
    )


def test_a_course_is_the_same_alone_and_in_a_crowd(crowd):
    crowded = crowd.live(CELLS)
    alone = crowd.live(CELLS, rows=slice(100, 101))

    for item, steps in alone.values.items():
        np.testing.assert_array_equal(steps[0], crowded.values[item][100])
    assert alone.left[0] == crowded.left[100]


def test_keeping_every_day_changes_nothing(crowd, daily):
    assert same(crowd.live(CELLS, rows=slice(0, 80)), daily)


def test_before_the_first_infusion_the_course_does_not_depend_on_the_arm(crowd, daily):
    placebo = crowd.live(0.0, daily=True, rows=slice(0, 80))

    np.testing.assert_array_equal(placebo.glucose[:, :15], daily.glucose[:, :15])
    assert not np.array_equal(placebo.glucose, daily.glucose, equal_nan=True)


def test_cells_of_no_effect_are_placebo(crowd):
    effects = ("cells_production", "cells_beta", "cells_sensitivity")
    idle = crowd.model.parameters._replace(**dict.fromkeys(effects, 0.0))
    crowd = crowd._replace(model=dataclasses.replace(crowd.model, parameters=idle))

    assert same(crowd.live(CELLS), crowd.live(0.0))


def test_cells_lower_hba1c_and_insulin_and_raise_the_clamp_rate_on_average(crowd):
    cells, placebo = crowd.live(CELLS).values, crowd.live(0.0).values

    assert np.nanmean(cells["HBA1C"][:, -1]) < np.nanmean(placebo["HBA1C"][:, -1])
    assert np.nanmean(cells["INSULIN"][:, -1]) < np.nanmean(placebo["INSULIN"][:, -1])
    assert np.nanmean(cells["GIR"][:, -1]) > np.nanmean(placebo["GIR"][:, -1])


def test_nothing_drifts_on_average_during_the_run_in(crowd, daily):
    fasting = daily.glucose[:, :14, 0]

    assert np.nanmean(fasting[:, 7:]) == pytest.approx(np.nanmean(fasting[:, :7]), rel=0.05)


def test_about_fifteen_readings_a_week_are_asked_for_and_most_are_done(crowd, daily):
    week = daily.glucose[:, 0:7]
    asked = 7 + 4 * 2

    assert np.isfinite(week).sum(axis=(1, 2)).max() <= asked
    missed = 1 - np.isfinite(week).sum() / (asked * len(week))
    assert missed == pytest.approx(crowd.model.parameters.reading_missed, abs=0.03)


def test_nothing_is_recorded_after_leaving(crowd, daily):
    first = crowd.model.schedule.first
    for k in np.flatnonzero(np.isfinite(daily.left)):
        gone = int(daily.left[k]) - first
        assert np.isnan(daily.contacts[k, gone + 1 :]).all()
        assert np.isnan(daily.glucose[k, gone + 1 :]).all()
    assert np.isfinite(daily.left).any()


def test_every_proposal_follows_from_the_recorded_readings_by_the_rule_of_the_clinic(crowd, daily):
    bands, number = crowd.model.rules.bands, 0
    column = {name: k for k, name in enumerate(NOTES)}
    for k, contacts in enumerate(daily.contacts):
        since = 0
        for at in np.flatnonzero(~np.isnan(contacts[:, 0])):
            readings = daily.glucose[k, since : at + 1]
            fasting = readings[:, 0][~np.isnan(readings[:, 0])].astype(int)
            lows = tuple(int((readings < limit).sum()) for limit in bands.below)
            since, note = at + 1, contacts[at]
            if note[column["decision"]] == OFF:
                continue
            period = Readings(fasting.size, int(fasting.sum()), lows)
            assert note[column["proposed"]] == next_dose(int(note[column["before"]]), period, bands)
            number += 1
    assert number > 1000


def test_the_prescriber_rejects_rises_only(daily):
    before, proposed, after, decision = np.moveaxis(daily.contacts[:, :, 3:], 2, 0)
    rejected = decision == REJECTED

    assert (after[rejected] == before[rejected]).all()
    assert (proposed[rejected] > before[rejected]).all()
    assert (after[decision == ACCEPTED] == proposed[decision == ACCEPTED]).all()
    assert (after[decision == STOPPED] == 0).all()
    assert set(np.unique(decision[~np.isnan(decision)])) <= {
        ACCEPTED, REJECTED, STOPPED, WITHDRAWN, OFF,
    }  # fmt: skip


def test_a_stopped_participant_takes_no_insulin_again(crowd, daily):
    first = crowd.model.schedule.first
    for k in np.flatnonzero(np.isfinite(daily.stopped)):
        later = daily.contacts[k, int(daily.stopped[k]) - first + 1 :, 5]
        assert (later[~np.isnan(later)] == 0).all()
    assert np.isfinite(daily.stopped).any()
