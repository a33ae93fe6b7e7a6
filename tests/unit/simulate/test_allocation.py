import numpy as np
import pytest

from equipoise.rules.allocation import allocation_list, minimisation, stream
from equipoise.rules.allocation.draws import draw
from equipoise.simulate.allocation import allocation

SEED = 7
LISTS = {"simple": {}, "permuted-blocks": {"sizes": (4, 6)}, "big-stick": {"limit": 2}}


def protocol_with(reference, method, parameters, factors):
    plan = reference.protocol.allocation
    changed = {
        "method": method,
        "parameters": parameters,
        "strata": plan.strata + (None,) * factors,
    }
    return reference.protocol.model_copy(update={"allocation": plan.model_copy(update=changed)})


@pytest.mark.parametrize("method", LISTS)
@pytest.mark.parametrize("many", [False, True])
def test_everybody_gets_the_next_arm_of_the_list_of_their_stratum(reference, method, many):
    protocol = protocol_with(reference, method, LISTS[method], factors=1)
    allocate = allocation(protocol, SEED, many=many)
    stratum = np.arange(91) % 3 % 2

    for trial in (0, 5, 2**31):
        arms = allocate(trial, stratum)
        plan = method, LISTS[method], (1, 1), 2, 91
        for number, listed in enumerate(allocation_list(*plan, seed=SEED, trial=trial)):
            mine = arms[stratum == number]
            assert mine.tolist() == listed[: mine.size]


def test_minimisation_goes_on_from_those_who_came_before(reference):
    rule = minimisation.Plan(2, (2, 2), 0.8)
    parameters = {"levels": rule.levels, "probability": rule.probability}
    protocol = protocol_with(reference, "minimisation", parameters, factors=2)
    stratum = np.arange(40) % 4

    arms = allocation(protocol, SEED, many=True)(3, stratum)

    counts = minimisation.init(rule)
    for number in range(40):
        levels = (number % 4 // 2, number % 2)
        words = draw(stream(SEED, trial=3), number)
        counts, arm = minimisation.step(counts, levels, rule, words)
        assert arms[number] == arm
