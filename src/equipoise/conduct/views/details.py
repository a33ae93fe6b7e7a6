"""The sealed personal details of a participant, for those at the site who may read them."""

from __future__ import annotations

from equipoise.conduct import reading
from equipoise.conduct.entry import read
from equipoise.conduct.events.participant import DetailsRecorded
from equipoise.conduct.log import Log
from equipoise.conduct.roles import READS, Actor
from equipoise.conduct.views.access import admit, of_site


def sealed_details(log: Log, name: str, *, by: Actor) -> str | None:
    """The details as recorded last, hexadecimal, for ``personal.decrypt``; None: there are none.

    Raises:
        NotPermittedError: Not a task of this person, no such participant, or of another site.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["personal"])
        of_site(reading.participant(session, name), by)
        events = [read(line).event for line in reading.about(session, "personal", name)]
    found = [event.sealed for event in events if isinstance(event, DetailsRecorded)]
    return found[-1] if found else None
