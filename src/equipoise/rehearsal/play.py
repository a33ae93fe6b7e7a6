"""A whole trial, rehearsed: everybody's part is played in turn, day by day.

The simulator made the people, their readings and what they and their prescribers do. Everything
that is decided by a rule is decided by the clinic, from what was recorded there, and compared with
the simulator's answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from equipoise.conduct.commands.trial import Appoint, DepositList, OpenBlind, OpenTrial
from equipoise.conduct.log import Log
from equipoise.conduct.roles import AT_SITE, Role
from equipoise.conduct.sealed import RECIPIENTS, new_key, open_list, seal
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.protocol.whole import Study
from equipoise.records.tables import Records
from equipoise.rehearsal import closing, course, events, product, screening
from equipoise.rehearsal.clinic import Clinic, morning
from equipoise.rehearsal.people import ADMINISTRATOR, NEEDED, person
from equipoise.rehearsal.script import Person, persons

Progress = Callable[[str, float], None]


def rehearse(study: Study, records: Records, path: Path, *, progress: Progress) -> Clinic:
    """Send everybody of the simulated records through the clinic, from consent to lock.

    Args:
        study: The study.
        records: What the simulator made.
        path: The SQLite file to keep the log in.
        progress: Told of each day.

    Raises:
        RehearsalError: The clinic came to another answer than the simulator.
    """
    script = persons(study, records)
    calendar = sorted({(day, place) for place, who in enumerate(script) for day in who.days})
    first, last = calendar[0][0], calendar[-1][0]
    clinic = _built(study, records, path, first - timedelta(days=1))
    _begin(clinic, last)
    for done, (day, place) in enumerate(calendar):
        if day != clinic.now.date():
            clinic.now = morning(day)
            progress(f"In the clinic on {day}", done / len(calendar))
        _live(clinic, script[place], day)
    _end(clinic, last + timedelta(days=1))
    return clinic


def _built(study: Study, records: Records, path: Path, on: date) -> Clinic:
    """The custodian makes and seals the list, with the simulator's seed, apart from the clinic."""
    keys = {who: new_key() for who in RECIPIENTS}
    sealed = seal(
        study,
        {who: key.public for who, key in keys.items()},
        length=records["participants"]["randomised_date"].count(),
        seed=records.origin.seed or 0,
    )
    return Clinic(Log(study, SQLite(path, durable=False)), keys, sealed, morning(on))


def _begin(clinic: Clinic, last: date) -> None:
    """Open the trial, appoint everybody, deposit the sealed list, release the lots."""
    clinic.do(OpenTrial(), ADMINISTRATOR)
    for role in NEEDED:
        for site in clinic.study.protocol.sites if role in AT_SITE else (None,):
            actor = person(role, site.name if site else None)
            clinic.do(Appoint(*actor), ADMINISTRATOR)
    listed = clinic.sealed
    deposit = DepositList(listed.slots, listed.boxes, listed.recipients)
    clinic.do(deposit, person(Role.CUSTODIAN))
    product.stock(clinic, clinic.now.date(), last)


def _live(clinic: Clinic, who: Person, day: date) -> None:
    """What happens to one participant on one day, in the order of the day."""
    if day == who.about["consent_date"]:
        screening.screen(clinic, who)
    course.upload(clinic, who, day)
    if day == who.about["randomised_date"]:
        screening.randomise(clinic, who)
    for visit in who.visits(day):
        course.visit(clinic, who, visit, day)
        for dose in who.on("doses", visit["encounter"], "encounter"):
            product.give(clinic, who, dose)
    if day == who.about["first_dose_date"]:
        course.start(clinic, who, day)
    for row in who.on("titration", day):
        course.contact(clinic, who, row)
    for row in who.on("adverse_events", day, "start_date"):
        events.report(clinic, who, row)
    for row in who.on("adverse_events", day, "end_date"):
        events.follow_up(clinic, who, row)
    events.end(clinic, who, day)


def _end(clinic: Clinic, day: date) -> None:
    """Lock the records, then open the list."""
    clinic.now = morning(day)
    closing.close(clinic)
    private = clinic.keys["custodian"].private
    openings = open_list(clinic.study.name, clinic.sealed, "custodian", private)
    clinic.do(OpenBlind(openings), person(Role.CUSTODIAN))
