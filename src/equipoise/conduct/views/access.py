"""Who is let in to look, and the one refusal."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.conduct import reading
from equipoise.conduct.roles import AT_SITE, Actor, Role
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.trial import Trial
from equipoise.conduct.storage.session import Session
from equipoise.errors import NotPermittedError


def admit(trial: Trial, by: Actor, roles: frozenset[Role]) -> None:
    """Let a person of one of the roles in.

    Raises:
        NotPermittedError: It is not a task of this person.
    """
    if by.role not in roles or by not in trial.staff:
        raise refused(by)


def of_site(who: Participant | None, by: Actor) -> Participant:
    """The participant, if this person may look at one of that site.

    Raises:
        NotPermittedError: There is none, or it is of another site.
    """
    if who is None or (by.role in AT_SITE and who.site != by.site):
        raise refused(by)
    return who


def own(session: Session, by: Actor) -> Iterator[Participant]:
    """Every participant whom a person may look at, by identifier."""
    for who in reading.everybody(session):
        if by.role not in AT_SITE or who.site == by.site:
            yield who


def not_randomised() -> NotPermittedError:
    """The refusal of the pharmacy: the same words for who is of another site or of none."""
    return NotPermittedError(
        "no participant of this site is randomised under this identifier; look it up in the "
        "request, and ask the site whether it has randomised"
    )


def refused(by: Actor) -> NotPermittedError:
    """The refusal: the same words whether or not what was asked for exists."""
    return NotPermittedError(f"{by.role}: there is nothing here for this role")
