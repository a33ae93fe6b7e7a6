"""The same script, twice, with the arms exchanged: no blinded person may see a different byte.

Both worlds hold the same sealed list (that two lists cannot be told apart is tested in
``test_sealed``); in the second the preparer finds the other arm in every box, and acts on it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from equipoise.conduct import views
from equipoise.conduct.bench import dose
from equipoise.conduct.canonical import canonical
from equipoise.conduct.commands.disposition import ContactLate
from equipoise.conduct.commands.infusion import Infuse
from equipoise.conduct.commands.lock import Lock
from equipoise.conduct.commands.participant import Consent, Randomise, Withdraw
from equipoise.conduct.commands.preparation import PrepareDose
from equipoise.conduct.commands.values import Correct, PartialDate, Record, Sign
from equipoise.conduct.events.infusion import DoseMissed, Infused
from equipoise.conduct.events.preparation import BagDiscarded, DoseChecked, WorksheetFiled
from equipoise.conduct.events.values import Signed
from equipoise.conduct.heads import signed_head
from equipoise.conduct.portable import export_log
from equipoise.conduct.projections import TABLES
from equipoise.conduct.roles import BLINDED
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.worksheet import read
from equipoise.errors import ConductError

from . import two_worlds_data as data
from . import two_worlds_followup as followup
from . import two_worlds_keeper as keeper
from . import two_worlds_product as product
from . import two_worlds_safety as safety

TODAY = PartialDate(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
PEOPLE = [f"S1-{n:03}" for n in range(6)]


class World:
    """A trial, what the arms are in it, and all that blinded people came to see."""

    def __init__(self, scene, *, swapped: bool) -> None:
        self.scene, self.swapped, self.seen = scene, swapped, []
        self.arms: dict[str, str] = {}  # as far as the preparer found them out

    def do(self, command, by):
        """Give a command; who is blinded sees the answer or the refusal."""
        try:
            said = [repr(entry) for entry in self.scene.do(command, by)]
        except ConductError as refusal:
            said = [type(refusal).__name__, str(refusal)]
        if by.role in BLINDED:
            self.seen.append((by.person, said))

    def prepare(self, name: str, encounter: str) -> None:
        if self.scene.log.participant(name).randomised is None:
            return
        product.prepare(self, name, encounter, bag=product.random_code(name, encounter))

    def look(self, actor) -> None:
        """Everything that a person can ask to be shown, allowed or not."""
        log = self.scene.log
        asks = [lambda: canonical(views.participants(log, by=actor))]
        for name in [*PEOPLE, "S1-404"]:
            asks += [
                lambda name=name: views.shown(views.participant(log, name, by=actor)),
                lambda name=name: views.shown(views.dose_to_prepare(log, name, by=actor)),
            ]
        asks += [
            lambda chain=chain: b"".join(views.chain(log, chain, by=actor))
            for chain in ("main", "vault")
        ]
        asks += data.asks(log, [*PEOPLE, "S1-404"], actor)
        asks += followup.asks(log, [*PEOPLE, "S1-404"], actor)
        asks += product.asks(log, PEOPLE, actor)
        asks += safety.asks(log, [*PEOPLE, "S1-404"], actor)
        asks += keeper.asks(log, [*PEOPLE[:2], "S1-404"], actor)
        for number, ask in enumerate(asks):
            try:
                self.seen.append((actor.person, number, ask()))
            except ConductError as refusal:
                self.seen.append((actor.person, number, str(refusal)))


def play(world: World, staff, folder) -> list:
    """A small trial, from consent to lock, with mistakes in it."""
    scene, do = world.scene, world.do
    blinded = [actor for actor in staff.values() if actor.role in BLINDED]
    product.receive(world)
    for number, name in enumerate(PEOPLE):
        scene.enrol(name, AGE="70" if number % 3 == 0 else "50")
        do(Randomise(name), scene.investigator)
        do(Randomise(name), scene.sub_investigator)
        world.prepare(name, "BASELINE")
        world.prepare(name, "BASELINE")
        do(Record(name, "BASELINE", "SBP", f"{140 + number}", TODAY, "mmHg"), scene.nurse)
        do(Correct(name, "BASELINE", "SBP", "139", TODAY, "misread", "mmHg"), scene.nurse)
        do(Sign(name, "BASELINE", "reviewed", "password"), scene.investigator)
        do(PrepareDose(name, "WEEK4", "B-22222222", "2026-01-05T09:00", {}, 1), scene.nurse)
    world.prepare(PEOPLE[1], "WEEK4")
    product.play(world, PEOPLE)
    safety.play(world, PEOPLE)
    followup.play(world, PEOPLE)
    data.play(world, PEOPLE)
    do(Withdraw(PEOPLE[2], "adverse event", TODAY, "rash"), scene.investigator)
    world.prepare(PEOPLE[2], "WEEK4")
    do(ContactLate(PEOPLE[2], TODAY, "nothing", "feels well"), scene.nurse)
    do(Consent(PEOPLE[2], "icf-1", "en", TODAY), scene.investigator)
    keeper.ask_for_everything(world, staff, PEOPLE[3])
    do(Lock(), scene.data_manager)
    scene.lock()
    do(Record(PEOPLE[0], "WEEK4", "SBP", "140", TODAY, "mmHg"), scene.nurse)
    for actor in blinded:
        world.look(actor)
    (exported,) = export_log(scene.log, folder, ["main"])
    world.seen.append(exported.read_bytes())
    world.seen.append(signed_head(scene.log, "main", at=NOON, private=b"s" * 32))
    world.seen += keeper.kept(scene.log, folder.with_name("backup"))
    with scene.log.storage.reading() as session:
        world.seen += [
            (table, sorted(map(repr, session.rows(f"SELECT * FROM {table}"))))  # noqa: S608
            for table in TABLES
        ]
    return world.seen


@pytest.fixture
def worlds(opened, staff, quick_path):
    """Play the script in both worlds, with a leak where one is planted."""
    made = []

    def worlds(plant=None):
        seen = []
        for swapped in (False, True):
            folder = quick_path / f"{swapped}"
            folder.mkdir()
            world = World(opened(SQLite(folder / "trial.sqlite")), swapped=swapped)
            made.append(world)
            with pytest.MonkeyPatch.context() as patch:
                if plant:
                    plant(patch, world)
                seen.append(play(world, staff, folder / "out"))
        return seen

    worlds.made = made
    yield worlds
    for world in made:
        world.scene.log.storage.close()


def test_blinded_people_see_the_same_bytes_whichever_way_the_arms_are(worlds, keys):
    first, second = worlds()

    assert len(first) > 200
    assert first == second
    happened = {type(entry.event) for entry in worlds.made[0].scene.log.entries("main")}
    assert happened >= {DoseChecked, Infused, BagDiscarded, DoseMissed}
    assert _worksheets(worlds.made[0], keys) != _worksheets(worlds.made[1], keys)


def _worksheets(world, keys):
    events = [entry.event for entry in world.scene.log.entries("vault")]
    sheets = [event for event in events if isinstance(event, WorksheetFiled)]
    return [read(e.sealed["vault"], keys["vault"].private, e.bag)["arm"] for e in sheets]


def _decides(patch, kind, change):
    """Let a command record something else than it should."""
    decide = kind.decide
    patch.setattr(kind, "decide", lambda self, now: change(self, decide(self, now)))


def dose_volume(patch, world):
    """The nurse's record takes the volume from the worksheet."""

    def change(command, events):
        volume = "10" if world.arms[command.participant] == "TABLET" else "0"
        return (structs.replace(events[0], infused=volume), *events[1:])

    _decides(patch, Infuse, change)


def _made_up(patch, change):
    """Let the bench make bags up in another way than it should."""
    make_up = dose.make_up

    def changed(bench, asked, **said):
        made = make_up(bench, asked, **said)
        return make_up(bench, asked, **(said | change(bench, made.sheet)))

    patch.setattr(dose, "make_up", changed)


def lot_expiry(patch, world):
    """The bag's code is made from the expiry of the lot."""

    def change(bench, sheet):
        expiry = bench.shelf.lots[sheet.taken[0].lot].received.expiry
        return {"bag": f"{sheet.bag[:-1]}{expiry.year % 10}"}

    _made_up(patch, change)


def thaw_time(patch, world):
    """The clock of a placebo starts later, for nothing is thawed."""
    later = {"TABLET": "2026-01-05T09:00", "PLACEBO": "2026-01-05T09:20"}
    _made_up(patch, lambda _, sheet: {"begun": later[sheet.arm]})


def stock_in_the_open(patch, world):
    """The qualified person is shown what is left of a lot."""
    lots = product.shown.lots

    def with_stock(log, *, by):
        bench = product.bench_of(world.scene)
        return [lot._replace(units=bench.left(lot.lot)) for lot in lots(log, by=by)]

    patch.setattr(product.shown, "lots", with_stock)


def audit_count(patch, world):
    """Opening a vial leaves one more line in the blinded log."""

    def change(command, events):
        if world.arms[command.participant] == "TABLET":
            return (*events, Signed(command.encounter, "vial opened", "", "password"))
        return events

    _decides(patch, PrepareDose, change)


def hash_of_the_sealed(patch, world):
    """The blinded line carries a hash that covers the sealed worksheet."""
    patch.setattr(PrepareDose, "SEALED", ())


def sort_order(patch, world):
    """Participants are listed in the order of the database, grouped by arm."""
    listed = views.participants

    def by_arm(log, *, by):
        return sorted(listed(log, by=by), key=world.arms.__getitem__)

    patch.setattr(views, "participants", by_arm)


def stock_out_message(patch, world):
    """Randomising is refused when the active product is used up."""
    decide = Randomise.decide

    def refuse(self, now):
        if list(world.arms.values()).count("TABLET") >= 2:
            raise ConductError("no released lot is in stock")
        return decide(self, now)

    patch.setattr(Randomise, "decide", refuse)


def ciphertext_length(patch, world):
    """A blinded view tells how long the sealed worksheets are, and they are not padded."""
    blinded = views._blinded

    def with_length(who, names):
        lengths = {e: str(len(world.arms[who.id])) for e in who.prepared}
        return replace(blinded(who, names), bags=lengths)

    patch.setattr(views, "_blinded", with_length)


LEAKS = [
    dose_volume,
    lot_expiry,
    thaw_time,
    stock_in_the_open,
    audit_count,
    hash_of_the_sealed,
    sort_order,
    stock_out_message,
    ciphertext_length,
    *followup.LEAKS,
    *safety.LEAKS,
    *data.LEAKS,
    *keeper.LEAKS,
]


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.__name__)
def test_a_planted_leak_is_found(worlds, leak):
    first, second = worlds(leak)

    assert first != second
