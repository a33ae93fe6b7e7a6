"""Whether a screened person may be randomised.

Every inclusion criterion must hold, and no exclusion criterion. The answers are those of
``equipoise.answer``: no, unknown, yes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from equipoise.answer import NO, UNKNOWN, YES
from equipoise.errors import RuleError


class Reasons(NamedTuple):
    """Why a person is not eligible, or not yet."""

    failing: tuple[str, ...]  # criteria that exclude the person
    unjudged: tuple[str, ...]  # criteria that cannot be judged: each opens a query


def eligible(inclusion: Sequence[int], exclusion: Sequence[int]) -> int:
    """Answer yes, no, or unknown: one failing criterion decides, whatever else is still unknown.

    Args:
        inclusion: For each inclusion criterion, whether it holds.
        exclusion: For each exclusion criterion, whether it holds.

    Compiled, they may be arrays or tuples, but not empty tuples.

    Source: Kleene's three-valued *and*: Introduction to Metamathematics, 1952, section 64.

    >>> eligible((YES, YES), (NO,)) == YES
    True
    >>> eligible((YES, UNKNOWN), (NO,)) == UNKNOWN
    True
    >>> eligible((YES, UNKNOWN), (YES,)) == NO
    True
    """
    answer = YES
    for holds in inclusion:
        answer = min(answer, holds)
    for holds in exclusion:
        answer = min(answer, YES - holds)
    return answer


def reasons(inclusion: Mapping[str, int], exclusion: Mapping[str, int]) -> Reasons:
    """List the criteria that fail and those that cannot be judged, in the protocol's order.

    Args:
        inclusion: Answer to each inclusion criterion, by its identifier.
        exclusion: Answer to each exclusion criterion, by its identifier.

    Raises:
        RuleError: An answer is not no, unknown or yes. (Python's ``True`` would read as "unknown".)

    >>> reasons({"I1": YES, "I2": NO}, {"E1": UNKNOWN})
    Reasons(failing=('I2',), unjudged=('E1',))
    """
    answers = {**inclusion, **exclusion}
    for criterion, answer in answers.items():
        if isinstance(answer, bool) or answer not in (NO, UNKNOWN, YES):
            raise RuleError(
                f"criterion {criterion} was answered {answer!r}; "
                f"give equipoise.answer.NO, UNKNOWN or YES"
            )
    fails = [name for name, holds in inclusion.items() if holds == NO]
    fails += [name for name, holds in exclusion.items() if holds == YES]
    unjudged = [name for name, answer in answers.items() if answer == UNKNOWN]
    return Reasons(tuple(fails), tuple(unjudged))
