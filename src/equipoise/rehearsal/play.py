"""A whole trial, rehearsed: everybody's part is played in turn, day by day.

The simulator made the people, their readings and what they and their prescribers do. Everything
that is decided by a rule is decided by the clinic, from what was recorded there, and compared with
the simulator's answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from equipoise.conduct.commands.trial import Appoint, DepositList, Lock, OpenBlind, OpenTrial
from equipoise.conduct.log import Log
from equipoise.conduct.roles import AT_SITE, Role
from equipoise.conduct.sealed import RECIPIENTS, SealedList, new_key, open_list, seal
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.protocol.whole import Study
from equipoise.records.tables import Records
from equipoise.rehearsal.clinic import Clinic
from equipoise.rehearsal.people import ADMINISTRATOR, NEEDED, person
from equipoise.rehearsal.screening import randomise, record, screen
from equipoise.rehearsal.script import Person, persons

Progress = Callable[[str, float], None]


def rehearse(study: Study, records: Records, path: Path, *, progress: Progress) -> Clinic:
    """Send everybody of the simulated records through the clinic, from consent to lock."""
    clinic = _built(study, records, path)
    script = persons(study, records)
    calendar = sorted({(day, place) for place, who in enumerate(script) for day in who.days})
    _begin(clinic, calendar[0][0])
    for done, (day, place) in enumerate(calendar):
        if day != clinic.now.date():
            clinic.open(day)
            progress(f"In the clinic on {day}", done / len(calendar))
        _live(clinic, script[place], day)
    _end(clinic, calendar[-1][0] + timedelta(days=1))
    return clinic


def _built(study: Study, records: Records, path: Path) -> Clinic:
    """The custodian makes and seals the list, apart from the clinic; its seed is the simulator's."""
    keys = {who: new_key() for who in RECIPIENTS}
    sealed = seal(
        study,
        {who: key.public for who, key in keys.items()},
        length=records["participants"]["randomised_date"].count(),
        seed=records.origin.seed or 0,
    )
    return Clinic(Log(study, SQLite(path, durable=False)), keys, sealed)


def _begin(clinic: Clinic, first: date) -> None:
    clinic.open(first - timedelta(days=1))
    clinic.do(OpenTrial(), ADMINISTRATOR)
    for role in NEEDED:
        for site in clinic.study.protocol.sites if role in AT_SITE else (None,):
            actor = person(role, site.name if site else None)
            clinic.do(Appoint(*actor), ADMINISTRATOR)
    listed = clinic.sealed
    deposit = DepositList(listed.slots, listed.boxes, listed.recipients)
    clinic.do(deposit, person(Role.CUSTODIAN))


def _live(clinic: Clinic, who: Person, day: date) -> None:
    """What happens to one participant on one day, in the order of the day."""
    if day == who.about["consent_date"]:
        screen(clinic, who)
    if day == who.about["randomised_date"]:
        randomise(clinic, who)
    for visit in who.on("visits", day):
        if visit["encounter"] != clinic.study.protocol.screening:
            record(clinic, who, visit["encounter"], day)


def _end(clinic: Clinic, day: date) -> None:
    clinic.open(day)
    clinic.do(Lock(), person(Role.DATA_MANAGER))
    private = clinic.keys["custodian"].private
    openings = open_list(clinic.study.name, clinic.sealed, "custodian", private)
    clinic.do(OpenBlind(openings), person(Role.CUSTODIAN))
