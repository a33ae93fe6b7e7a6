from dataclasses import replace

import numpy as np
import pytest

from equipoise.calibrate import calibrate
from equipoise.calibrate.fit import Free, fit, judge
from equipoise.errors import StudyError
from equipoise.simulate.enrolment import with_values

TRUE = {"gir_median": 3.25, "lost": 0.3}
OTHERS = (
    "diet_production", "diet_meals", "diet_decay", "diet_residual", "diet_sd", "oral_drugs",
    "cells_half_life", "cells_half_effect", "cells_beta", "cells_sensitivity", "cells_sd_log",
    "raise_median",
)  # fmt: skip


def silent(stage, done):
    assert 0.0 <= done <= 1.0


@pytest.fixture(scope="module")
def toy(aim, reference):
    """Targets that a world with known values gives, and the two parameters that are fitted."""
    found = aim.reached(TRUE)
    targets = tuple(
        target._replace(value=float(value)) if not target.bound else target
        for target, value in zip(aim.targets, found, strict=True)
    )
    return replace(aim, targets=targets), Free.of(reference, OTHERS)


def test_known_values_are_recovered_from_what_they_gave(toy, reference):
    aim, free = toy
    known = reference.populated().parameters
    start = free.at({name: known[name].value for name in free.names})

    done = fit(aim, free, start, silent)

    assert done.values["gir_median"] == pytest.approx(TRUE["gir_median"], abs=0.08)
    assert done.values["lost"] == pytest.approx(TRUE["lost"], abs=0.06)
    assert done.sum_of_squares < 0.2 * float((aim.z(aim.reached({})) ** 2).sum())


def test_judging_leaves_the_values_and_takes_slopes(toy, reference):
    aim, free = toy
    done = judge(aim, free, free.at(TRUE), silent)

    assert done.values == pytest.approx(TRUE)
    assert done.slopes.shape == (len(aim.targets), 2)
    gir = [target.id for target in aim.targets].index("gir-baseline-placebo")
    assert done.slopes[gir, free.names.index("gir_median")] > 0


def test_a_bound_is_met_from_one_side(aim):
    place = [target.id for target in aim.targets].index("hba1c-week9-p")
    found = np.array([target.value for target in aim.targets])
    found[place] += 3.0
    above = aim.z(found)[place]
    found[place] -= 4.0

    assert above == 0.0
    assert aim.z(found)[place] == pytest.approx(-1.0)


def test_a_held_parameter_is_not_fitted(reference):
    free = Free.of(reference, OTHERS)

    assert set(free.names) == set(TRUE)


def test_holding_what_does_not_exist_is_refused(reference):
    with pytest.raises(StudyError, match="Did you mean diet_decay"):
        Free.of(reference, ("diet_decai",))


def test_calibrating_holds_what_is_fixed(reference):
    held = {name: reference.populated().parameters[name].value for name in OTHERS}

    done = calibrate(reference, trials=2, seed=1, fixed=held | {"lost": 0.4}, refit=False)

    assert done.free.names == ("gir_median",)
    assert done.aim.crowd.study.populated().parameters["lost"].value == 0.4
    assert done.worst >= 0.0


def test_the_scale_runs_from_low_to_high(reference):
    free = Free.of(reference)
    low = with_values(reference, free.values(np.zeros(len(free.names)))).populated().parameters

    assert all(
        one.value == pytest.approx(one.low) for one in low.values() if one.status == "calibrated"
    )
