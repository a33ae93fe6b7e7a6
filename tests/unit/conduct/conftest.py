"""A small trial at one site, on SQLite and on a real PostgreSQL where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct import sealed, views, worksheet
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.checklist import COMPLETE, gaps
from equipoise.conduct.commands.lock import ApproveLock, Lock, Waive
from equipoise.conduct.commands.participant import Consent, Randomise, Screen
from equipoise.conduct.commands.preparation import PrepareDose
from equipoise.conduct.commands.trial import Appoint, DepositList, OpenTrial
from equipoise.conduct.commands.values import Record, Sign
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.state.trial import Slot
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.protocol.load import SHIPPED, load_study

from .emergency import Emergency

TODAY = PartialDate(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
MORNING = "2026-01-05T09:00"
SITE_ROLES = {
    "investigator": Role.INVESTIGATOR,
    "sub_investigator": Role.SUB_INVESTIGATOR,
    "nurse": Role.NURSE,
    "infusion_nurse": Role.INFUSION_NURSE,
    "preparer": Role.PREPARER,
    "checker": Role.SECOND_CHECKER,
}
TRIAL_ROLES = {
    "qualified_person": Role.QUALIFIED_PERSON,
    "data_manager": Role.DATA_MANAGER,
    "monitor": Role.MONITOR,
    "statistician": Role.STATISTICIAN,
    "committee_statistician": Role.COMMITTEE_STATISTICIAN,
    "committee_member": Role.COMMITTEE_MEMBER,
    "custodian": Role.CUSTODIAN,
    "adjudicator": Role.ADJUDICATOR,
    "second_adjudicator": Role.ADJUDICATOR,
    "chair": Role.CHAIR,
    "auditor": Role.AUDITOR,
    "unblinded_auditor": Role.UNBLINDED_AUDITOR,
}
STAFF = {
    "administrator": Actor("administrator", Role.ADMINISTRATOR),
    **{name: Actor(name, role, "S1") for name, role in SITE_ROLES.items()},
    **{name: Actor(name, role) for name, role in TRIAL_ROLES.items()},
}
ELIGIBLE = {"AGE": ("55", "year"), "SEX": ("F", None), "STROKE": ("no", None)}


@dataclass
class Scene:
    """A trial that tests act in: commands are numbered, the clock stands still."""

    log: Log
    keys: dict[str, sealed.Key]
    sealed: sealed.SealedList
    numbers: Iterator[int] = field(default_factory=count)

    def __getattr__(self, name: str) -> Actor:
        return STAFF[name]

    def do(self, command, by, *, named: str | None = None, expected: int | None = None):
        named = named or f"c{next(self.numbers)}"
        return self.log.append(command, by=by, at=NOON, command=named, expected=expected)

    def enrol(self, name: str, **values: str) -> None:
        """Consent and screening values of an eligible person of 55, unless told otherwise."""
        self.do(Consent(name, "icf-1", "zh", TODAY), self.investigator)
        said = ELIGIBLE | {"SBP": ("150", "mmHg")}
        for item, (value, unit) in said.items():
            given = values.get(item, value)
            self.do(Record(name, "SCREENING", item, given, TODAY, unit), self.investigator)
        self.do(Screen(name), self.investigator)

    def randomise(self, name: str, **values: str):
        self.enrol(name, **values)
        return self.do(Randomise(name), self.investigator)[0].event

    def open_slot(self, name: str) -> str:
        """The arm, as the preparer finds it."""
        dose = views.dose_to_prepare(self.log, name, by=self.preparer)
        slot = Slot(dose.slot, dose.stratum, dose.commitment)
        private = self.keys["preparer"].private
        return sealed.open_slot(self.log.study.name, slot, dose.box, "preparer", private)[0]

    def lock(self) -> None:
        """Sign, waive whatever else the checklist still has, approve and lock."""
        for name in self.people():
            if self.log.participant(name).held:
                self.do(Sign(name, None, COMPLETE, "passkey"), self.investigator)
        missing = gaps(
            self.log.study, self.log.trial(), map(self.log.participant, self.people()), NOON.date()
        )
        for item in dict.fromkeys(gap.item for gap in missing):
            self.do(Waive(item, "a trial of tests ends early"), self.data_manager)
        for by in (self.investigator, self.data_manager, self.statistician):
            if by.site is None or self.people():
                self.do(ApproveLock("passkey"), by)
        self.do(Lock(), self.data_manager)

    def people(self) -> list[str]:
        return views.participants(self.log, by=self.data_manager)

    def prepare(self, name: str, encounter: str, *, bag: str | None = None):
        """The preparer opens the slot, makes the bag up and files it."""
        bag = bag or worksheet.bag_code()
        said = {"arm": self.open_slot(name)}
        place = worksheet.Place(self.sealed.fingerprint, self.log.tip("vault").hash.hex())
        made = {"private": self.keys["preparer"].private, "place": place}
        filed = worksheet.filed(said, self.sealed.recipients, bag, **made)
        asked = PrepareDose(name, encounter, bag, MORNING, filed, self.log.tip("vault").sequence)
        return self.do(asked, self.preparer)


@pytest.fixture(scope="session")
def study():
    """The template study: two strata, four items, three criteria."""
    return load_study(SHIPPED / "template")


@pytest.fixture(scope="session")
def staff():
    return STAFF


@pytest.fixture(scope="session")
def keys():
    return {who: sealed.new_key() for who in sealed.RECIPIENTS}


@pytest.fixture(scope="session")
def sealed_list(study, keys):
    public = {who: key.public for who, key in keys.items()}
    return sealed.seal(study, public, length=40, seed=20260105)


@pytest.fixture(scope="session")
def long_list(study, keys):
    public = {who: key.public for who, key in keys.items()}
    return sealed.seal(study, public, length=600, seed=20260105)


@pytest.fixture
def opened(study, keys, sealed_list) -> Callable[..., Scene]:
    """Opens the trial in a storage: everybody appointed, the list deposited."""

    def opened(storage, listed=sealed_list) -> Scene:
        scene = Scene(Log(study, storage), keys, listed)
        scene.do(OpenTrial(), scene.administrator)
        for actor in list(STAFF.values())[1:]:
            scene.do(Appoint(*actor), scene.administrator)
        deposit = DepositList.of(listed)
        scene.do(deposit, scene.custodian)
        return scene

    return opened


@pytest.fixture
def quick_path() -> Iterator[Path]:
    """A folder in memory where there is one: killing a process does not test the disk."""
    memory = Path("/dev/shm")  # noqa: S108  # not a fixed name in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def sqlite(quick_path) -> Iterator[SQLite]:
    storage = SQLite(quick_path / "trial.sqlite")
    yield storage
    storage.close()


@pytest.fixture
def scene(opened, sqlite) -> Scene:
    return opened(sqlite)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of our own, in a temporary folder."""

    programs: Path
    folder: Path

    def run(self, program: str, *arguments: str) -> None:
        as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_owner, str(self.programs / program), "-D", str(self.folder / "data"), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
        )

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self.run("pg_ctl", "-w", "-o", options, "-l", str(self.folder / "log"), "start")

    def address(self, user: str, database: str) -> str:
        return f"host={self.folder} user={user} dbname={database}"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A real PostgreSQL, or the test is skipped."""
    pytest.importorskip("psycopg")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (str(places[-1]) if places else None)
    if found is None:
        pytest.skip("there is no PostgreSQL on this machine")
    folder = Path(tempfile.mkdtemp(prefix="equipoise-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    server = Server(Path(found).parent, folder)
    server.run("initdb", "-A", "trust", "-U", "postgres", "--no-sync")
    server.start()
    yield server
    server.run("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def postgresql_address(server, request) -> str:
    """A new database with the tables, for the application's role."""
    import psycopg

    from equipoise.conduct.storage.postgresql import install

    name = f"trial_{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(server.address("postgres", "postgres"), autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}".encode())
        if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = 'equipoise'").fetchone():
            db.execute("CREATE ROLE equipoise LOGIN")
    install(server.address("postgres", name), role="equipoise")
    return server.address("equipoise", name)


@pytest.fixture
def postgresql(postgresql_address):
    from equipoise.conduct.storage.postgresql import PostgreSQL

    storage = PostgreSQL(postgresql_address)
    yield storage
    storage.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_scene(request, opened) -> Scene:
    """The trial in each database."""
    return opened(request.getfixturevalue(request.param))


@pytest.fixture
def broken(scene, tmp_path) -> Emergency:
    """Two randomised participants, and the machines of an emergency."""
    scene.randomise("S1-001")
    scene.randomise("S1-002")
    return Emergency(scene, tmp_path / "register")
