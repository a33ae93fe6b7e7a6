import numpy as np
import pytest

from equipoise.answer import YES
from equipoise.errors import StudyError
from equipoise.rules.allocation import allocation_list
from equipoise.simulate.enrolment import Enrolment

SEED = 7


def test_each_trial_randomises_as_many_as_planned(reference, enrolled):
    assert enrolled.chosen.size == 3 * reference.protocol.allocation.participants.value


def test_everybody_randomised_is_eligible_and_nobody_eligible_is_left_out(enrolled):
    chosen = np.zeros(enrolled.screened.persons.size, dtype=bool)
    chosen[enrolled.chosen] = True

    assert ((enrolled.screened.eligible == YES) == chosen).all()


def test_screening_ends_with_the_last_one_randomised(enrolled):
    for trial in range(3):
        rows = np.flatnonzero(enrolled.screened.trials == trial)
        assert rows[-1] in enrolled.chosen


def test_the_arms_are_those_of_the_protocols_list(reference, enrolled):
    plan = reference.protocol.allocation
    listed = allocation_list(plan.method, plan.parameters, (1, 1), 1, 91, seed=SEED, trial=1)

    assert enrolled.arm[91:182].tolist() == listed[0]


def test_a_trial_is_the_same_alone_and_among_others(enrolment, enrolled):
    alone = enrolment.enrol(range(1, 2), SEED)

    np.testing.assert_array_equal(alone.people.persons, enrolled.people.persons[91:182])
    np.testing.assert_array_equal(alone.people.hidden, enrolled.people.hidden[91:182])
    np.testing.assert_array_equal(alone.arm, enrolled.arm[91:182])


def test_placebo_gets_no_cells_and_everybody_the_first_infusion(reference, enrolled):
    placebo = enrolled.arm == list(reference.arms).index("PLACEBO")

    assert np.nanmax(enrolled.people.doses[placebo]) == 0
    assert np.nanmin(enrolled.people.doses[~placebo]) == 1e6
    assert not np.isnan(enrolled.people.doses[:, 0]).any()


def test_criteria_that_nobody_can_meet_end_with_what_to_do(reference, monkeypatch):
    population = reference.populated()
    ill = {**population.prevalence, "TUMOUR": population.prevalence["METFORMIN"]}
    all_ill = {name: share.model_copy(update={"value": 1.0}) for name, share in ill.items()}
    monkeypatch.setitem(
        reference.__dict__, "population", population.model_copy(update={"prevalence": all_ill})
    )

    with pytest.raises(StudyError, match="0 were eligible"):
        Enrolment(reference).enrol(range(1), SEED)


def test_a_finding_that_is_never_given_is_named(reference, monkeypatch):
    population = reference.populated()
    fewer = {name: one for name, one in population.prevalence.items() if name != "TUMOUR"}
    monkeypatch.setitem(
        reference.__dict__, "population", population.model_copy(update={"prevalence": fewer})
    )

    with pytest.raises(StudyError, match="E2 cannot be judged"):
        Enrolment(reference).enrol(range(1), SEED)


def test_compiled_criteria_give_the_same_answers(reference, enrolled):
    compiled = Enrolment(reference, many=True).enrol(range(3), SEED)

    for name, answers in enrolled.screened.answers.items():
        np.testing.assert_array_equal(compiled.screened.answers[name], answers)
    np.testing.assert_array_equal(compiled.people.hidden, enrolled.people.hidden)
