"""A whole trial, rehearsed: everybody's part is played in turn, day by day.

The simulator made the people, their readings and what they and their prescribers do. Everything
that is decided by a rule is decided by the clinic, from what was recorded there, and compared with
the simulator's answer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from equipoise.conduct import folder as trial_folder
from equipoise.conduct import keyfiles
from equipoise.conduct.commands.rehearsal import DeclareRehearsal
from equipoise.conduct.commands.trial import Appoint, DepositList, OpenBlind, OpenTrial
from equipoise.conduct.events.event import CHAINS
from equipoise.conduct.extract import extract
from equipoise.conduct.heads import signed_head
from equipoise.conduct.log import Log
from equipoise.conduct.roles import AT_SITE, Role
from equipoise.conduct.sealed import RECIPIENTS, Key, open_list, seal
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.protocol.whole import Study
from equipoise.records.tables import Records
from equipoise.rehearsal import close, course, events, product, screening
from equipoise.rehearsal.clinic import Clinic
from equipoise.rehearsal.comparison import demand_equal
from equipoise.rehearsal.people import ADMINISTRATOR, NEEDED, READERS, person
from equipoise.rehearsal.script import Person, persons
from equipoise.rules.allocation import LISTS

Progress = Callable[[str, float], None]
KEYS, HEADS = "keys", "heads"  # in the trial's folder


def rehearse(study: Study, records: Records, folder: Path, *, progress: Progress) -> Records:
    """Send everybody of the simulated records through the clinic, from consent to lock.

    Args:
        study: The study.
        records: What the simulator made.
        folder: The trial's folder, not there yet: log, study files, keys and signed heads.
        progress: Told what is being done, and how much of all is done, 0 to 1.

    Returns:
        The records that the clinic's log gives. They are the simulator's, of the same origin.

    Raises:
        RehearsalError: The clinic came to another answer than the simulator.
        ConductError: The trial does not allow what happens in the simulation.
    """
    trial_folder.make(study.folder, folder)
    with closing(SQLite(folder / trial_folder.FILE, durable=False)) as storage:
        clinic = live(Log(study, storage), records, folder / KEYS, progress=progress)
        progress("Extracting the records from the log", 0.9)
        private, listed = clinic.keys["custodian"].private, clinic.sealed.fingerprint
        found = extract(clinic.log, private=private, listed=listed)
        _sign_heads(clinic, folder)
    demand_equal(found, records)
    return Records(found.tables, records.origin)


def playable(study: Study) -> bool:
    """Whether the study's allocation has a list that can be sealed; minimisation has none."""
    return study.protocol.allocation.method in LISTS


def live(log: Log, records: Records, keys: Path, *, progress: Progress) -> Clinic:
    """Live the simulated records through in the clinic, until the blind is opened."""
    script = persons(log.study, records)
    calendar = sorted({(day, place) for place, who in enumerate(script) for day in who.days})
    first, last = calendar[0][0], calendar[-1][0]
    clinic = _built(log, records, keys, first - timedelta(days=1))
    _begin(clinic, last)
    for done, (day, place) in enumerate(calendar):
        if day != clinic.day:
            clinic.open(day)
            progress("In the clinic, from consent to lock", 0.85 * done / len(calendar))
        _live(clinic, script[place], day)
    _end(clinic, last + timedelta(days=1))
    return clinic


def _built(log: Log, records: Records, folder: Path, on: date) -> Clinic:
    """The custodian makes and seals the list, with the simulator's seed, apart from the clinic."""
    keys = {who: _key(who, folder) for who in RECIPIENTS}
    sealed = seal(
        log.study,
        {who: key.public for who, key in keys.items()},
        length=records["participants"]["randomised_date"].count(),
        seed=records.origin.seed or 0,
    )
    for path in (*folder.glob(f"*{keyfiles.PRIVATE}"), *folder.glob(f"*{keyfiles.SHARE}")):
        keyfiles.trust(path, sealed.fingerprint)
    return Clinic(log, keys, sealed, on)


def _key(who: str, folder: Path) -> Key:
    """A recipient's key pair, left beside the log: nobody is blinded to a rehearsal."""
    paths = {path.suffix: path for path in keyfiles.make(who, folder)}
    shares = [folder / f"{who}-{number}{keyfiles.SHARE}" for number in (1, 2)]
    paths_private = shares if keyfiles.SHARE in paths else [paths[keyfiles.PRIVATE]]
    return Key(
        keyfiles.read_private(*paths_private), keyfiles.read_public(paths[keyfiles.PUBLIC])[1]
    )


def _begin(clinic: Clinic, last: date) -> None:
    """Open the trial, appoint everybody, deposit the sealed list, release the lots."""
    clinic.do(OpenTrial(), ADMINISTRATOR)
    clinic.do(DeclareRehearsal(), ADMINISTRATOR)
    for role in NEEDED:
        for site in clinic.study.protocol.sites if role in AT_SITE else (None,):
            actor = person(role, site.name if site else None)
            clinic.do(Appoint(*actor), ADMINISTRATOR)
    for reader in READERS:
        clinic.do(Appoint(*reader), ADMINISTRATOR)
    listed = clinic.sealed
    deposit = DepositList.of(listed)
    clinic.do(deposit, person(Role.CUSTODIAN))
    product.stock(clinic, clinic.day, last)


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
    clinic.open(day)
    close.lock(clinic)
    private = clinic.keys["custodian"].private
    openings = open_list(clinic.study.name, clinic.sealed, "custodian", private)
    clinic.do(OpenBlind(openings), person(Role.CUSTODIAN))


def _sign_heads(clinic: Clinic, folder: Path) -> None:
    """Sign where each chain ends, for whoever wants to verify that the log is whole."""
    keyfiles.make(keyfiles.SIGNER, folder / KEYS)
    private = keyfiles.read_private(folder / KEYS / f"{keyfiles.SIGNER}{keyfiles.PRIVATE}")
    (folder / HEADS).mkdir()
    for chain in CHAINS:
        head = signed_head(clinic.log, chain, at=clinic.at(None), private=private)
        (folder / HEADS / f"{chain}.head.json").write_bytes(head)
