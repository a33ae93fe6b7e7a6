"""Laws of the lots: whatever people do, in whatever order, no bag comes from a lot that is not
released, is past its expiry or used up, no stock falls below nothing, and a small model agrees.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from equipoise.conduct import sealed, views
from equipoise.conduct.bench import dose
from equipoise.conduct.bench.audit import findings
from equipoise.conduct.bench.notes import freeing, note
from equipoise.conduct.bench.stock import EMPTY, accounts, at_bench
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.lots import (
    RecallLot,
    ReceiveLot,
    RecordTest,
    RejectLot,
    ReleaseLot,
)
from equipoise.conduct.commands.participant import Consent, Randomise, Screen
from equipoise.conduct.commands.preparation import DiscardBag
from equipoise.conduct.commands.trial import Appoint, DepositList, OpenTrial
from equipoise.conduct.commands.values import Record
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.verification import verify
from equipoise.errors import ConductError, ConflictError
from equipoise.protocol.intervention import ReleaseTest
from equipoise.protocol.load import SHIPPED, load_study

IN_MEMORY = Path("/dev/shm")  # noqa: S108  # these laws do not ask for a disk
ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 1, 5)
ADMINISTRATOR = Actor("a", Role.ADMINISTRATOR)
CUSTODIAN = Actor("c", Role.CUSTODIAN)
INVESTIGATOR = Actor("i", Role.INVESTIGATOR, "S1")
PREPARER = Actor("p", Role.PREPARER, "S1")
QUALIFIED = Actor("q", Role.QUALIFIED_PERSON)
ASSAY = ReleaseTest(name="ASSAY", label="Assay", expected="conforms", source="assumed")
READ = load_study(SHIPPED / "template")
PRODUCTS = tuple(p.model_copy(update={"release_tests": (ASSAY,)}) for p in READ.protocol.products)
STUDY = replace(READ, protocol=READ.protocol.model_copy(update={"products": PRODUCTS}))
KEYS = {who: sealed.new_key() for who in sealed.RECIPIENTS}
LIST = sealed.seal(STUDY, {who: key.public for who, key in KEYS.items()}, length=4, seed=7)
PEOPLE = ("S1-0", "S1-1", "S1-2", "S1-3")
DOSES = st.sampled_from([(name, at) for name in PEOPLE for at in ("BASELINE",)])
NAMES = ("T-1", "T-2", "P-1", "P-2")
LOTS = st.sampled_from(NAMES)
EACH = 2  # tablets of 2.5 mg for a dose of 5 mg


@dataclass
class Model:
    """What the model knows of a lot."""

    product: str
    expiry: date
    left: int
    state: str = "quarantined"
    conforms: bool | None = None
    reserved: int = 0
    noted: int = 0
    used: int = 0

    @property
    def received(self) -> int:
        return self.left + self.used + self.noted

    @property
    def free(self) -> int:
        return self.received - self.reserved - self.noted


class LotMachine(RuleBasedStateMachine):
    """Four participants, the first dose of each, and up to two lots of either product."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None)
        self.log = Log(STUDY, SQLite(Path(self.folder.name) / "trial.sqlite"))
        self.lots: dict[str, Model] = {}
        self.bags: dict[tuple[str, str], str] = {}
        self.stock, self.day, self.count = EMPTY, FIRST, 0
        self.do(OpenTrial(), ADMINISTRATOR)
        for actor in (CUSTODIAN, INVESTIGATOR, PREPARER, QUALIFIED):
            self.do(Appoint(*actor), ADMINISTRATOR)
        self.do(DepositList.of(LIST), CUSTODIAN)
        on = PartialDate(FIRST.year, FIRST.month, FIRST.day)
        for name in PEOPLE:
            self.do(Consent(name, "icf-1", "en", on), INVESTIGATOR)
            values = (("AGE", "59", "year"), ("SBP", "150", "mmHg"), ("STROKE", "no", None))
            for item, value, unit in values:
                self.do(Record(name, "SCREENING", item, value, on, unit), INVESTIGATOR)
            self.do(Screen(name), INVESTIGATOR)
            self.do(Randomise(name), INVESTIGATOR)

    @initialize(units=st.lists(st.integers(2, 9), min_size=3, max_size=3))
    def good_lots_come(self, units):
        for lot, number, days in zip(("T-1", "T-2", "P-1"), units, (20, 40, 60), strict=True):
            self.receive(lot, number, days)
            self.test(lot, conforms=True)
            self.release(lot)

    def teardown(self) -> None:
        verify(self.log)
        said = {"private": KEYS["vault"].private, "listed": LIST.fingerprint}
        assert not list(findings(self.log, who="vault", **said))
        self.log.storage.close()
        self.folder.cleanup()

    def do(self, command, by):
        self.count += 1
        at = datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=ZONE)
        return self.log.append(command, by=by, at=at, command=f"c{self.count}")

    def expect(self, allowed, command, by=QUALIFIED):
        """Carry out what the model allows, and see refused what it does not."""
        if allowed:
            self.do(command, by)
            return
        before = self.log.tip("vault")
        with pytest.raises(ConductError):
            self.do(command, by)
        assert self.log.tip("vault") == before

    def bench(self):
        said = {"private": KEYS["preparer"].private, "listed": LIST.fingerprint}
        found = at_bench(self.log, by=PREPARER, known=self.stock, **said)
        self.stock = found.stock
        return found

    def is_(self, lot: str, state: str) -> bool:
        return lot in self.lots and self.lots[lot].state == state

    @rule(days=st.integers(1, 15))
    def time_passes(self, days):
        self.day += timedelta(days=days)

    @rule(lot=LOTS, units=st.integers(1, 7), days=st.integers(-5, 60))
    def receive(self, lot, units, days):
        product = "TABLET" if lot.startswith("T") else "PLACEBO"
        last = self.day + timedelta(days=days)
        expiry = PartialDate(last.year, last.month, last.day)
        new = lot not in self.lots
        self.expect(new, ReceiveLot(lot, product, "S1", units, expiry, "dry", content="2.5"))
        if new:
            self.lots[lot] = Model(product, last, units)

    @rule(lot=LOTS, conforms=st.sampled_from([True, True, True, False]))
    def test(self, lot, conforms):
        on = PartialDate(self.day.year, self.day.month, self.day.day)
        result = "conforms" if conforms else "does not conform"
        allowed = self.is_(lot, "quarantined")
        self.expect(allowed, RecordTest(lot, "ASSAY", result, on, reason="measured again"))
        if allowed:
            self.lots[lot].conforms = conforms

    @rule(lot=LOTS)
    def release(self, lot):
        model = self.lots.get(lot)
        allowed = bool(
            self.is_(lot, "quarantined") and model and model.conforms and self.day <= model.expiry
        )
        self.expect(allowed, ReleaseLot(lot, "passkey"))
        if allowed and model:
            model.state = "released"

    @rule(lot=LOTS)
    def reject(self, lot):
        allowed = self.is_(lot, "quarantined")
        self.expect(allowed, RejectLot(lot, "not as it should be"))
        if allowed:
            self.lots[lot].state = "rejected"

    @rule(lot=LOTS)
    def recall(self, lot):
        allowed = self.is_(lot, "released")
        self.expect(allowed, RecallLot(lot, "a complaint"))
        if allowed:
            self.lots[lot].state = "quarantined"

    def usable(self, product: str) -> str | None:
        """The lot that the model takes: of those that do, the first to expire."""
        found = [
            (model.expiry, name)
            for name, model in self.lots.items()
            if (model.product, model.state) == (product, "released")
            and self.day <= model.expiry
            and model.free >= EACH
        ]
        return min(found)[1] if found else None

    @rule(dose_of=DOSES)
    def prepare(self, dose_of):
        name, encounter = dose_of
        asked = views.dose_to_prepare(self.log, name, by=PREPARER)
        bench, begun = self.bench(), f"{self.day}T09:00"
        choice = {product: self.usable(product) for product in ("TABLET", "PLACEBO")}
        if None in choice.values():
            with pytest.raises(ConductError, match="no bag is made up"):
                dose.make_up(bench, asked, encounter=encounter, begun=begun)
            return
        made = dose.make_up(bench, asked, encounter=encounter, begun=begun)
        ((lot, units, _),) = made.sheet.taken
        assert (lot, units) == (choice[made.sheet.arm], EACH)
        self.expect(dose_of not in self.bags, made.command, PREPARER)
        if dose_of not in self.bags:
            self.bags[dose_of] = made.sheet.bag
            self.lots[lot].left -= EACH
            self.lots[lot].used += EACH
            for reserved in choice.values():
                self.lots[reserved].reserved += EACH

    @rule(dose_of=DOSES)
    def discard(self, dose_of):
        bag = self.bags.pop(dose_of, None)
        self.expect(bag is not None, DiscardBag(*dose_of, bag or "B-404", "spilled"), PREPARER)

    @rule(lot=LOTS, units=st.integers(1, 4), why=st.sampled_from(["destroyed", "returned"]))
    def take_away(self, lot, units, why):
        bench = self.bench()
        if lot in self.lots and self.lots[lot].left < units <= self.lots[lot].received:
            return  # more than is there: nobody at the shelf would note it
        if lot not in self.lots or units > self.lots[lot].left:
            with pytest.raises(ConductError):
                note(bench, lot, units, why=why, reason="as arranged")
            return
        self.do(note(bench, lot, units, why=why, reason="as arranged"), PREPARER)
        self.lots[lot].left -= units
        self.lots[lot].noted += units

    @rule()
    def free_what_no_bag_took(self):
        """Of four participants no lot has had many bags: nothing is freed, and one note filed."""
        self.do(freeing(self.bench(), reason="counted"), PREPARER)

    @rule(dose_of=DOSES, lot=LOTS)
    def a_bag_worked_out_before_a_recall_is_not_filed(self, dose_of, lot):
        name, encounter = dose_of
        short = None in (self.usable("TABLET"), self.usable("PLACEBO"))
        if short or dose_of in self.bags or not self.is_(lot, "released"):
            return
        asked = views.dose_to_prepare(self.log, name, by=PREPARER)
        made = dose.make_up(self.bench(), asked, encounter=encounter, begun=f"{self.day}T09:00")
        self.recall(lot)
        with pytest.raises(ConflictError):
            self.do(made.command, PREPARER)

    @invariant()
    def the_account_is_the_models_and_never_below_nothing(self):
        bench = self.bench()
        lots = bench.shelf.lots
        found = {one.lot: (lots[one.lot].state, one.left, one.free) for one in accounts(bench)}
        known = {name: (one.state, one.left, one.free) for name, one in self.lots.items()}
        assert found == known
        assert all(left >= 0 for _, left, _ in found.values())


LotMachine.TestCase.settings = settings(max_examples=20, stateful_step_count=40, deadline=None)
test_lots_behave_like_a_small_model = LotMachine.TestCase
