"""The course of a participant in each database: the tables' constraints hold there too."""

from __future__ import annotations

import pytest

from equipoise.conduct.commands.disposition import CompleteStudy
from equipoise.conduct.commands.titration import Contact, DecideDose
from equipoise.conduct.commands.visits import CorrectVisit, HoldVisit, MissVisit
from equipoise.conduct.events.titration import TitrationProposed
from equipoise.conduct.events.visits import VisitHeld
from equipoise.conduct.verification import verify
from equipoise.errors import ConflictError

NAME = "S1-001"


@pytest.fixture
def scene(any_scene):
    """The scene of this folder, in SQLite and in PostgreSQL."""
    return any_scene


def test_a_course_is_recorded_and_its_tables_rebuilt(begun):
    begun.do(Contact(NAME, begun.go(7)), begun.nurse)
    begun.do(DecideDose(NAME, begun.on(7), "accepted", 48))
    begun.do(HoldVisit(NAME, "WEEK4", begun.go(28)), begun.nurse)
    begun.do(CorrectVisit(NAME, "WEEK4", begun.on(27), "misread"), begun.nurse)
    begun.go(60)
    begun.do(MissVisit(NAME, "WEEK8", "was abroad"), begun.nurse)
    begun.do(HoldVisit(NAME, "WEEK48", begun.go(336)), begun.nurse)
    begun.do(CompleteStudy(NAME, begun.on(336)))

    verify(begun.log)


@pytest.mark.parametrize(
    ("kind", "command"),
    [(HoldVisit, HoldVisit(NAME, "BASELINE", None)), (Contact, Contact(NAME, None))],
)
def test_the_database_refuses_a_second_visit_or_contact_by_itself(begun, kind, command):
    """Even if the command let it pass."""
    begun.do(Contact(NAME, begun.go(7)), begun.nurse)
    twice = {
        HoldVisit: VisitHeld("BASELINE", begun.on(0)),
        Contact: TitrationProposed(begun.on(7), 0, "0", (0, 0), 48, 48),
    }
    tip = begun.log.tip("main")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "decide", lambda *_: (twice[kind],))
        with pytest.raises(ConflictError):
            begun.do(command, begun.nurse)
    assert begun.log.tip("main") == tip
