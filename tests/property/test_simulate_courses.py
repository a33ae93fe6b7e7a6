"""Laws of the virtual participants that hold for any parameters within their stated bounds."""

import dataclasses
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.protocol.load import load_study
from equipoise.rules.disposition import Limits
from equipoise.rules.dosing.titration import Bands
from equipoise.simulate.arrays import key_of
from equipoise.simulate.enrolment import Enrolment
from equipoise.simulate.models import People
from equipoise.simulate.models.type2.course import Rules, live
from equipoise.simulate.models.type2.model import NEVER, Type2
from equipoise.simulate.models.type2.person import DOSE, STEPS

KEY = key_of(11)
N = 80  # participants: more than a block, so that lanes are left over
compiles = settings(deadline=None, max_examples=30)

OTHER_TRIALS = {  # what the reference study has not
    "diet_day": (-14.0, 0.0),
    "drift_sd": (0.0, 0.2),
    "drift_time": (7.0, 365.0),
    "drug_hba1c": (-0.5, 2.0),
    "drug_sd": (0.0, 1.0),
    "drug_time": (1.0, 90.0),
}
unchanged = Rules(
    Bands((NEVER,) * 7, (0,) * 8, (0,) * 8, (0, 0), (NEVER, NEVER), (0, 0)),
    Limits(stop=-1, withdraw=NEVER, uncontrolled=NEVER),
)


@cache
def reference() -> tuple[Type2, People]:
    enrolment = Enrolment(load_study("nct02302599"))
    people = enrolment.enrol(range(1), 11).people
    return enrolment.model, first(people, slice(N))


def first(people: People, rows: object) -> People:
    return People(*(column[rows] for column in people))


def bounds() -> st.SearchStrategy[dict[str, float]]:
    ranges = {}
    for name, one in load_study("nct02302599").populated().parameters.items():
        low = one.value if one.low is None else one.low
        high = one.value if one.high is None else one.high
        ranges[name] = st.floats(low, high)
    ranges |= {name: st.floats(*ends) for name, ends in OTHER_TRIALS.items()}
    return st.fixed_dictionaries(ranges)


@compiles
@given(bounds(), st.integers(0, 2**64 - 1), st.sampled_from([0.0, 1e6, 5e6]))
def test_everything_is_finite_and_possible_for_any_parameters_in_their_bounds(values, seed, dose):
    model, people = reference()
    model = dataclasses.replace(model, parameters=model.parameters._replace(**values))
    screened = model.screen(people.persons, people.trials, key_of(seed))
    people = people._replace(hidden=screened.hidden, doses=np.full_like(people.doses, dose))

    lived = model.live(people, key_of(seed), daily=True)

    assert np.isfinite(screened.hidden).all()
    for item in STEPS:
        low, high = model.ranges.get(item, (0, 1))
        assert ((screened.recorded[item] >= low) & (screened.recorded[item] <= high)).all()
    for item, steps in lived.values.items():
        low, high = model.ranges[item]
        seen = steps[lived.done]
        assert ((seen >= low) & (seen <= high) & (seen == np.rint(seen))).all()
        assert np.isnan(steps[~lived.done]).all()
    readings = lived.glucose[~np.isnan(lived.glucose)]
    assert ((readings >= 11) & (readings <= 600)).all()


@compiles
@given(bounds(), st.integers(1, 60))
def test_more_insulin_never_raises_mean_fasting_glucose(values, more):
    model, people = reference()
    p = model.parameters._replace(**values)
    people = people._replace(hidden=model.screen(people.persons, people.trials, KEY).hidden.copy())
    people = people._replace(leaves=np.full(N, np.inf))
    p = p._replace(lost=0.0)

    less = live(people, model.schedule, unchanged, KEY, p, daily=True)
    people.hidden[:, DOSE] += more
    higher = live(people, model.schedule, unchanged, KEY, p, daily=True)

    fasting = [np.nanmean(course.glucose[:, :, 0], axis=1) for course in (less, higher)]
    assert (fasting[1] <= fasting[0] + 1e-9).all()


@compiles
@given(bounds(), st.integers(0, 2**64 - 1))
def test_before_the_first_dose_a_course_does_not_depend_on_the_arm(values, seed):
    model, people = reference()
    model = dataclasses.replace(model, parameters=model.parameters._replace(**values))
    hidden = model.screen(people.persons, people.trials, key_of(seed)).hidden
    amounts = np.where(np.arange(N)[:, None] % 2, 1e6, 0.0) * np.ones_like(people.doses)

    one = model.live(people._replace(hidden=hidden, doses=amounts), KEY, daily=True)
    other = model.live(people._replace(hidden=hidden, doses=1e6 - amounts), KEY, daily=True)

    before = slice(0, 1 - model.schedule.first)  # the first dose acts from the next day on
    np.testing.assert_array_equal(one.glucose[:, before], other.glucose[:, before])
    baseline = 1  # the encounter of the first dose, where everything is measured before it
    for item, steps in one.values.items():
        np.testing.assert_array_equal(steps[:, baseline], other.values[item][:, baseline])


@compiles
@given(st.lists(st.booleans(), min_size=N, max_size=N))
def test_swapping_the_labels_swaps_the_courses(labels):
    model, people = reference()
    values = {"drug_hba1c": 0.8, "drug_sd": 0.3}  # beside the cells: both follow the label
    model = dataclasses.replace(model, parameters=model.parameters._replace(**values))
    hidden = model.screen(people.persons, people.trials, KEY).hidden
    people = people._replace(hidden=hidden)
    cells = np.array(labels)

    def course(treated):
        doses = np.where(np.isnan(people.doses), np.nan, 1e6 * treated[:, None])
        return model.live(people._replace(doses=doses), KEY, daily=False).values["HBA1C"]

    given_, swapped = course(cells), course(~cells)
    everybody, nobody = course(np.ones(N, bool)), course(np.zeros(N, bool))
    np.testing.assert_array_equal(given_, np.where(cells[:, None], everybody, nobody))
    np.testing.assert_array_equal(swapped, np.where(cells[:, None], nobody, everybody))


@compiles
@given(st.permutations(range(N)), st.integers(1, N))
def test_a_participant_fares_the_same_in_any_company(order, size):
    model, people = reference()
    rows = np.array(order[:size])

    together = model.live(people, KEY, daily=False)
    apart = model.live(first(people, rows), KEY, daily=False)

    for item, steps in apart.values.items():
        np.testing.assert_array_equal(steps, together.values[item][rows])
    np.testing.assert_array_equal(apart.left, together.left[rows])
