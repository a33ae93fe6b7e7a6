"""Laws of the lock: whatever is changed, signed, waived, approved, locked and unlocked, in whatever
order, the records are locked only when nothing is missing and every approval covers what is there.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from equipoise.conduct import sealed
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.checklist import COMPLETE, SIGNED, approvals
from equipoise.conduct.commands.lock import ApproveLock, AskToUnlock, Lock, Unlock, Waive
from equipoise.conduct.commands.participant import Consent, Screen
from equipoise.conduct.commands.queries import CancelQuery, RaiseQuery
from equipoise.conduct.commands.trial import DepositList, OpenBlind
from equipoise.conduct.commands.values import Correct, Record, Sign
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.verification import verify

from .conduct_machine import STUDY, TrialMachine

TODAY = PartialDate(2026, 1, 5)
CUSTODIAN = Actor("c", Role.CUSTODIAN)
MANAGER = Actor("d", Role.DATA_MANAGER)
STATISTICIAN = Actor("s", Role.STATISTICIAN)
INVESTIGATOR = Actor("i", Role.INVESTIGATOR, "S1")
APPROVERS = (MANAGER, STATISTICIAN, INVESTIGATOR)
BOTH = Actor("d", Role.STATISTICIAN)  # the data manager, in another role
WHO = "S1-1"
KEYS = {who: sealed.new_key() for who in sealed.RECIPIENTS}
LIST = sealed.seal(STUDY, {who: key.public for who, key in KEYS.items()}, length=2, seed=7)
OPENINGS = sealed.open_list(STUDY.name, LIST, "custodian", KEYS["custodian"].private)
RARELY = st.integers(0, 9).map(lambda n: n == 9)


class LockMachine(TrialMachine):
    """A screened person with one recorded value, and the people who close the trial."""

    STAFF = (CUSTODIAN, MANAGER, STATISTICIAN, BOTH, INVESTIGATOR)

    def __init__(self) -> None:
        super().__init__()
        self.change = 0  # number of the last change that approvals cover
        self.pressure = "150"
        self.signed = False  # and not touched since
        self.queries: list[str] = []  # open ones
        self.raised = 0
        self.waived: set[str] = set()
        self.approved: dict[Actor, int] = {}  # the change that each approval covers
        self.locked = self.opened = False
        self.asked: str | None = None  # who asked to unlock
        self.do(DepositList.of(LIST), CUSTODIAN)
        self.do(Consent(WHO, "icf-1", "zh", TODAY), INVESTIGATOR)
        self.do(Record(WHO, "SCREENING", "SBP", "150", TODAY, "mmHg"), INVESTIGATOR)
        for item, value, unit in (
            ("AGE", "50", "year"),
            ("SEX", "F", None),
            ("STROKE", "yes", None),
        ):
            self.do(Record(WHO, "SCREENING", item, value, TODAY, unit), INVESTIGATOR)
        self.do(Screen(WHO), INVESTIGATOR)

    def missing(self) -> set[str]:
        unsigned = set() if self.signed else {f"signatures {WHO} SCREENING"}
        return (unsigned | {f"queries {WHO} {q}" for q in self.queries}) - self.waived

    def standing(self) -> set[Actor]:
        return {by for by, covers in self.approved.items() if covers == self.change}

    @rule(value=st.sampled_from(["150", "151"]))
    def correct(self, value):
        other = value != self.pressure and not self.locked
        command = Correct(WHO, "SCREENING", "SBP", value, TODAY, "misread", "mmHg")
        self.expect(other, command, INVESTIGATOR)
        if other:
            self.pressure, self.signed = value, False
            self.change += 1

    @rule()
    def sign(self):
        free = not self.locked
        self.expect(free, Sign(WHO, None, COMPLETE, "passkey"), INVESTIGATOR)
        if free:
            self.signed = True
            self.change += 1

    @rule()
    def ask(self):
        free = not self.locked
        self.expect(free, RaiseQuery(WHO, "SCREENING", "SBP", "Is this right?"), MANAGER)
        if free:
            self.raised += 1
            self.queries.append(f"Q{self.raised}")
            self.change += 1

    @rule()
    def cancel(self):
        if self.queries:
            free = not self.locked
            self.expect(free, CancelQuery(WHO, self.queries[-1], "by mistake"), MANAGER)
            if free:
                self.queries.pop()
                self.change += 1

    @rule(item=st.sampled_from(["queries", "signatures", "visits"]))
    def waive(self, item):
        gaps = {gap for gap in self.missing() if gap.startswith(item)} if item != SIGNED else ()
        allowed = bool(gaps) and not self.locked
        self.expect(allowed, Waive(item, "the site is closed"), MANAGER)
        if allowed:
            self.waived |= gaps
            self.change += 1

    @rule(by=st.sampled_from([*APPROVERS, BOTH]))
    def approve(self, by):
        given = {one.role for one in self.standing()} | {one.person for one in self.standing()}
        allowed = not self.locked and not self.missing() and given.isdisjoint({by.role, by.person})
        self.expect(allowed, ApproveLock("passkey"), by)
        if allowed:
            self.approved[by] = self.change

    @rule()
    def lock(self):
        every = {one.role for one in self.standing()} >= {by.role for by in APPROVERS}
        allowed = not self.locked and not self.missing() and every
        self.expect(allowed, Lock(), MANAGER)
        if allowed:
            self.locked, self.asked = True, None

    @rule(by=st.permutations([*APPROVERS, BOTH]), lock=st.booleans())
    def everything_at_once(self, by, lock):
        """The way to the lock, so that what comes after it is seen as well."""
        if not self.locked:
            self.sign()
            self.waive("queries")
            for one in by:
                self.approve(one)
            if lock:
                self.lock()

    @rule()
    def ask_to_unlock(self):
        allowed = self.locked and not self.opened
        self.expect(allowed, AskToUnlock("a value is wrong"), MANAGER)
        if allowed:
            self.asked = MANAGER.person

    @rule(by=st.sampled_from([STATISTICIAN, BOTH]))
    def unlock(self, by):
        allowed = self.locked and not self.opened and self.asked not in (None, by.person)
        self.expect(allowed, Unlock("a value is wrong"), by)
        if allowed:
            self.locked, self.asked = False, None
            self.change += 1

    @rule(sure=RARELY)
    def open_the_blind(self, sure):
        if sure:
            allowed = self.locked and not self.opened
            self.expect(allowed, OpenBlind(OPENINGS), CUSTODIAN)
            self.opened = self.opened or allowed

    @invariant()
    def the_trial_is_locked_when_the_model_says_so(self):
        trial = self.log.trial()
        assert (trial.locked, trial.unsealed) == (self.locked, self.opened)

    @invariant()
    def an_approval_stands_until_anything_changes(self):
        found = approvals(self.log.trial(), [self.log.participant(WHO)])
        assert {one.by for one in found.values() if one} == self.standing()

    @invariant()
    def what_was_opened_is_locked(self):
        assert self.locked or not self.opened

    @invariant()
    def the_log_gives_every_table_again(self):
        verify(self.log)


TestLock = LockMachine.TestCase
TestLock.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
