"""How participants are allocated to arms: one method a file, found by its name in the protocol.

A method with a list, made before the trial, has

* ``check(ratio, *, <parameters>)``, which refuses what the method cannot do, and
* ``allocate(length, ratio, stream, <parameters>)``, the arm at each position.

A method that needs to know each participant has ``check``, ``init`` and ``step`` instead.
A stratified list is an independent list for each stratum.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from equipoise.answer import WORDS
from equipoise.errors import RuleError, nearest
from equipoise.rules.allocation import big_stick, minimisation, permuted_blocks, simple
from equipoise.rules.allocation.draws import Stream
from equipoise.rules.parameters import named, whole

LISTS: Final[Mapping[str, ModuleType]] = {
    "simple": simple,
    "permuted-blocks": permuted_blocks,
    "big-stick": big_stick,
}
METHODS: Final[Mapping[str, ModuleType]] = {**LISTS, "minimisation": minimisation}


def checked(method: str, parameters: Mapping[str, Any], ratio: tuple[int, ...]) -> dict[str, Any]:
    """Return the parameters of a method as it takes them, once they make sense with the ratio.

    Raises:
        RuleError: The method, a parameter or the ratio is not one that can be used.
    """
    if method not in METHODS:
        raise RuleError(
            f"there is no allocation method {method}; there are {', '.join(METHODS)}."
            + nearest(method, METHODS)
        )
    if len(ratio) < 2:
        raise RuleError(f"the ratio {ratio} has fewer than two arms; give each arm its share")
    for share in ratio:
        whole("a share of the ratio", share, least=1)
    check = METHODS[method].check
    values = named(method, check, parameters)
    check(ratio, **values)
    return values


def stratum_name(answers: Mapping[str, int]) -> str:
    """Name a stratum: each factor and its answer; nothing when there are no factors.

    >>> from equipoise.answer import NO, YES
    >>> stratum_name({"OLDER": YES, "SMOKER": NO})
    'OLDER=yes SMOKER=no'
    """
    return " ".join(f"{factor}={WORDS[answer]}" for factor, answer in answers.items())


def stream(seed: int, *, trial: int, stratum: int = 0) -> Stream:
    """Name a list by its seed, of 64 bits.

    Raises:
        RuleError: The seed, trial or stratum is negative or too large.
    """
    for name, value, bits in (("seed", seed, 64), ("trial", trial, 32), ("stratum", stratum, 32)):
        whole(name, value, least=0)
        if value >> bits:
            raise RuleError(f"{name} is {value}; give a number below 2**{bits}")
    return Stream((seed & 0xFFFFFFFF, seed >> 32), trial, stratum)


def allocation_list(
    method: str,
    parameters: Mapping[str, Any],
    ratio: tuple[int, ...],
    strata: int,
    length: int,
    *,
    seed: int,
    trial: int,
) -> list[list[int]]:
    """Allocation lists of a trial, real or simulated: for each stratum, the arm at each position.

    Args:
        method: Name in ``LISTS``.
        parameters: As the protocol gives them, e.g. ``{"sizes": [4, 6]}``.
        ratio: Share of each arm, e.g. ``(2, 1)``.
        strata: Number of strata, 1 if the allocation is not stratified.
        length: Positions in each stratum's list.
        seed: From 0 to 2**64 - 1; the same seed and trial give the same lists.
        trial: Number of the trial, 0 for the real one.

    Raises:
        RuleError: The method has no list, or something given cannot be used.

    >>> allocation_list("permuted-blocks", {"sizes": [2]}, (1, 1), 2, 6, seed=1, trial=0)
    [[0, 1, 0, 1, 0, 1], [1, 0, 1, 0, 1, 0]]
    """
    values = checked(method, parameters, ratio)
    if method not in LISTS:
        raise RuleError(f"{method} has no list: allocate each participant with its init and step")
    whole("strata", strata, least=1)
    whole("length", length, least=1)
    allocate = LISTS[method].allocate
    return [
        allocate(length, ratio, stream(seed, trial=trial, stratum=stratum), **values)
        for stratum in range(strata)
    ]
