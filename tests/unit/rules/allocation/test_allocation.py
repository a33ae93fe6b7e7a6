from __future__ import annotations

import pytest

from equipoise.errors import RuleError
from equipoise.rules.allocation import allocation_list, checked, stream


def lists(method="permuted-blocks", parameters=None, ratio=(1, 1), **changed):
    plan = {"strata": 2, "length": 12, "seed": 7, "trial": 0} | changed
    values = {"sizes": [4, 6]} if parameters is None else parameters
    return allocation_list(method, values, ratio, **plan)


def test_each_stratum_has_its_own_list_of_the_asked_length():
    first, second = lists()

    assert len(first) == len(second) == 12
    assert first != second


def test_a_longer_list_begins_with_the_shorter():
    assert lists(length=40)[1][:12] == lists()[1]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"method": "permuted-block"}, "Did you mean permuted-blocks?"),
        ({"ratio": (1,)}, "fewer than two arms"),
        ({"ratio": (1, 0)}, "a share of the ratio is 0"),
        ({"strata": 0}, "strata is 0"),
        ({"length": 0}, "length is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**64}, r"below 2\*\*64"),
        ({"trial": 2**32}, r"below 2\*\*32"),
        (
            {"method": "minimisation", "parameters": {"levels": [2], "probability": 0.8}},
            "allocate each participant with its init and step",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(changed, message):
    with pytest.raises(RuleError, match=message.replace("?", r"\?")):
        lists(**changed)


@pytest.mark.parametrize(
    ("method", "parameters", "ratio", "message"),
    [
        ("simple", {"limit": 3}, (1, 1), "simple has no parameter limit; it has none"),
        ("permuted-blocks", {"sizes": [4, 5]}, (1, 1), "a block of 5 .* 1:1; give a multiple of 2"),
        ("permuted-blocks", {"sizes": [4]}, (2, 1), "2:1; give a multiple of 3"),
        ("permuted-blocks", {"sizes": []}, (1, 1), "list at least one block size"),
        ("permuted-blocks", {"sizes": 4}, (1, 1), "list at least one block size"),
        ("permuted-blocks", {"sizes": [0]}, (1, 1), "a block size is 0"),
        ("big-stick", {"limit": 0}, (1, 1), "limit is 0"),
        ("big-stick", {"limit": 3}, (2, 1), "allocates two arms 1:1, not 2:1"),
        ("big-stick", {"limit": 3}, (1, 1, 1), "allocates two arms 1:1, not 1:1:1"),
        ("minimisation", {"levels": [2], "probability": 0.8}, (2, 1), "equal arms, not 2:1"),
        ("minimisation", {"levels": [1], "probability": 0.8}, (1, 1), "number of levels is 1"),
        ("minimisation", {"levels": [], "probability": 0.8}, (1, 1), "each factor's number"),
        ("minimisation", {"levels": [2], "probability": 0.5}, (1, 1), "more than 1/2"),
        ("minimisation", {"levels": [2], "probability": 80}, (1, 1), "at most 1"),
    ],
)
def test_parameters_that_the_method_cannot_use_are_refused(method, parameters, ratio, message):
    with pytest.raises(RuleError, match=message):
        checked(method, parameters, ratio)


def test_all_64_bits_of_the_seed_reach_the_stream():
    assert stream(0x0123456789ABCDEF, trial=2, stratum=1) == ((0x89ABCDEF, 0x01234567), 2, 1)
