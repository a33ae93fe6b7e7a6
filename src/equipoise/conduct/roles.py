"""Who may do what, who may read what, and which roles exclude each other: three tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from equipoise.conduct.events.event import CHAINS, Chain
from equipoise.errors import ConductError, NotPermittedError


class Role(StrEnum):
    """What a person is in this trial."""

    INVESTIGATOR = "investigator"
    SUB_INVESTIGATOR = "sub-investigator"
    NURSE = "study nurse"
    INFUSION_NURSE = "infusion nurse"
    PREPARER = "unblinded preparer"
    SECOND_CHECKER = "second checker"
    QUALIFIED_PERSON = "qualified person"
    DATA_MANAGER = "data manager"
    MONITOR = "monitor"
    STATISTICIAN = "trial statistician"
    COMMITTEE_STATISTICIAN = "committee statistician"
    COMMITTEE_MEMBER = "committee member"
    CUSTODIAN = "list custodian"
    ADJUDICATOR = "adjudicator"
    CHAIR = "adjudication chair"
    AUDITOR = "auditor"
    UNBLINDED_AUDITOR = "unblinded auditor"
    ADMINISTRATOR = "administrator"
    PARTICIPANT = "participant"


class Actor(NamedTuple):
    """A person acting in a role; ``site`` is None for roles of the whole trial."""

    person: str
    role: Role
    site: str | None = None


R = Role
PHYSICIANS: Final = frozenset({R.INVESTIGATOR, R.SUB_INVESTIGATOR})
ASSESSORS: Final = PHYSICIANS | {R.NURSE, R.INFUSION_NURSE}
MAKERS: Final = frozenset({R.PREPARER, R.SECOND_CHECKER})
OVERSEERS: Final = frozenset({R.DATA_MANAGER, R.MONITOR})
UNBLINDED: Final = MAKERS | {R.COMMITTEE_STATISTICIAN, R.UNBLINDED_AUDITOR, R.CUSTODIAN}
BLINDED: Final = frozenset(Role) - UNBLINDED
AT_SITE: Final = ASSESSORS | MAKERS
OF_A_SITE: Final = AT_SITE | {R.QUALIFIED_PERSON, R.PARTICIPANT}
"""Roles that can be of a site: a qualified person then has its lots alone, a participant goes by
its clock and its version of the protocol. All others are of the whole trial.
"""

MAY: Final[Mapping[str, frozenset[Role]]] = {
    "open trial": frozenset({R.ADMINISTRATOR}),
    "declare rehearsal": frozenset({R.ADMINISTRATOR}),
    "appoint": frozenset({R.ADMINISTRATOR}),
    "name staff": frozenset({R.ADMINISTRATOR}),
    "dismiss": frozenset({R.ADMINISTRATOR}),
    "amend": frozenset({R.ADMINISTRATOR}),
    "deposit list": frozenset({R.CUSTODIAN}),
    "consent": PHYSICIANS | {R.NURSE},
    "record": ASSESSORS,
    "record form": ASSESSORS,
    "form not done": ASSESSORS,
    "correct": ASSESSORS,
    "correct consent": PHYSICIANS | {R.NURSE},
    "cancel enrolment": PHYSICIANS | {R.NURSE},
    "screen": PHYSICIANS,
    "randomise": PHYSICIANS,
    "receive lot": frozenset({R.QUALIFIED_PERSON, R.PREPARER}),
    "correct lot": frozenset({R.QUALIFIED_PERSON, R.PREPARER}),
    "test lot": frozenset({R.QUALIFIED_PERSON}),
    "release lot": frozenset({R.QUALIFIED_PERSON}),
    "reject lot": frozenset({R.QUALIFIED_PERSON}),
    "recall lot": frozenset({R.QUALIFIED_PERSON}),
    "note stock": frozenset({R.PREPARER}),
    "prepare dose": frozenset({R.PREPARER}),
    "check dose": frozenset({R.SECOND_CHECKER}),
    "discard bag": MAKERS | {R.INFUSION_NURSE},
    "scan bag": frozenset({R.INFUSION_NURSE}),
    "infuse": frozenset({R.INFUSION_NURSE}),
    "infuse other bag": frozenset({R.INFUSION_NURSE}),
    "not infused": frozenset({R.INFUSION_NURSE}),
    "retract dose": PHYSICIANS | {R.INFUSION_NURSE},
    "observe": frozenset({R.INFUSION_NURSE}),
    "report adverse event": PHYSICIANS,
    "follow up adverse event": PHYSICIANS,
    "code adverse event": frozenset({R.DATA_MANAGER}),
    "file report": PHYSICIANS | {R.DATA_MANAGER},
    "prepare dossier": frozenset({R.DATA_MANAGER}),
    "give verdict": frozenset({R.ADJUDICATOR}),
    "settle disagreement": frozenset({R.CHAIR}),
    "unblind": frozenset({R.INVESTIGATOR}),
    "sign": frozenset({R.INVESTIGATOR}),
    "withdraw": PHYSICIANS,
    "hold visit": ASSESSORS,
    "miss visit": ASSESSORS,
    "correct visit": ASSESSORS,
    "record readings": ASSESSORS | {R.PARTICIPANT},
    "correct reading": ASSESSORS | {R.PARTICIPANT},
    "start dose": PHYSICIANS,
    "contact": PHYSICIANS | {R.NURSE},
    "decide dose": PHYSICIANS,
    "correct dose": PHYSICIANS,
    "discontinue treatment": PHYSICIANS,
    "stop medicine": PHYSICIANS,
    "restart medicine": PHYSICIANS,
    "complete study": PHYSICIANS,
    "contact late": ASSESSORS,
    "correct disposition": PHYSICIANS,
    "raise query": OVERSEERS,
    "query discrepancies": OVERSEERS,
    "answer query": ASSESSORS,
    "close query": OVERSEERS,
    "reopen query": OVERSEERS,
    "cancel query": OVERSEERS,
    "verify source": frozenset({R.MONITOR}),
    "review form": OVERSEERS,
    "freeze": frozenset({R.DATA_MANAGER}),
    "unfreeze": frozenset({R.DATA_MANAGER}),
    "record details": PHYSICIANS | {R.NURSE},
    "erase details": frozenset({R.INVESTIGATOR}),
    "record deviation": ASSESSORS | OVERSEERS,
    "review deviation": frozenset({R.DATA_MANAGER}),
    "waive": frozenset({R.DATA_MANAGER}),
    "approve lock": frozenset({R.INVESTIGATOR, R.DATA_MANAGER, R.STATISTICIAN}),
    "lock": frozenset({R.DATA_MANAGER}),
    "ask to unlock": frozenset({R.DATA_MANAGER}),
    "unlock": frozenset({R.STATISTICIAN, R.ADMINISTRATOR}),
    "open blind": frozenset({R.CUSTODIAN}),
}
"""Command to the roles that may give it. A command that is not here is given by nobody."""

_RECORDS: Final = ASSESSORS | {R.DATA_MANAGER, R.MONITOR, R.STATISTICIAN, R.AUDITOR}
READS: Final[Mapping[Chain, frozenset[Role]]] = {
    "main": _RECORDS | {R.UNBLINDED_AUDITOR},
    "vault": frozenset({R.UNBLINDED_AUDITOR}),
    "personal": PHYSICIANS | {R.NURSE},
}
"""Chain to the roles that may read it, at a site what is about its own people.

Who is not here sees only the views made for them.
"""

_NOTHING_ELSE: Final = (R.CUSTODIAN, R.COMMITTEE_MEMBER, R.QUALIFIED_PERSON, R.PARTICIPANT)
"""Who reads a closed pack by arm, or knows when a lot came or was recalled, sees no participant."""

EXCLUDE: Final[tuple[tuple[frozenset[Role], frozenset[Role]], ...]] = (
    (UNBLINDED, BLINDED),
    (AT_SITE, frozenset(Role) - AT_SITE),
    (frozenset({R.ADJUDICATOR, R.CHAIR}), frozenset({R.DATA_MANAGER})),
    (frozenset({R.ADJUDICATOR}), frozenset({R.CHAIR})),
    (frozenset({R.COMMITTEE_STATISTICIAN}), frozenset({R.UNBLINDED_AUDITOR})),
    *((frozenset({role}), frozenset(Role) - {role}) for role in _NOTHING_ELSE),
)
"""Pairs of sets: whoever ever had a role of one can never be given a role of the other.

So who was unblinded is never blinded again in this study, who opened a blind in an emergency judges
nothing for the whole trial, and who knows the arms of slots does not also know whose they are.
"""


def permit(role: Role, command: str) -> None:
    """Let the command pass, or refuse it before anything about the trial is looked at.

    Raises:
        NotPermittedError: The role may not give this command.
    """
    if role not in MAY.get(command, frozenset()):
        raise NotPermittedError(f"{role}: {command} is not a task of this role")


def readable(role: Role) -> tuple[Chain, ...]:
    """The chains that a role may read."""
    return tuple(chain for chain in CHAINS if role in READS[chain])


def compatible(person: str, held: Iterable[Role], given: Role) -> None:
    """Refuse a role that does not go with one the person has, or ever had.

    Raises:
        ConductError: The duties must be separate.
    """
    for role in held:
        for one, other in EXCLUDE:
            if (role in one and given in other) or (role in other and given in one):
                raise ConductError(f"{person} is or was {role}: the same person is never {given}")
