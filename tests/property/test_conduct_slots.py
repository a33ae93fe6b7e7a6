"""Laws of the slots and signatures: whatever people do, in whatever order, the log and a small
model of it agree, and the log rebuilds everything that is stored beside it.
"""

from __future__ import annotations

from collections import defaultdict

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from equipoise.conduct import sealed
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.checklist import COMPLETE, gaps
from equipoise.conduct.commands.lock import ApproveLock, Lock, Waive
from equipoise.conduct.commands.participant import Consent, Randomise, Screen, Withdraw
from equipoise.conduct.commands.trial import DepositList
from equipoise.conduct.commands.values import Correct, Record, Sign
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.verification import verify

from .conduct_machine import STUDY, TrialMachine

TODAY = PartialDate(2026, 1, 5)
CUSTODIAN = Actor("c", Role.CUSTODIAN)
MANAGER = Actor("d", Role.DATA_MANAGER)
STATISTICIAN = Actor("s", Role.STATISTICIAN)
INVESTIGATOR = Actor("i", Role.INVESTIGATOR, "S1")
KEYS = {who: sealed.new_key().public for who in sealed.RECIPIENTS}
LIST = sealed.seal(STUDY, KEYS, length=2, seed=7)  # short, so that strata run out
PEOPLE = st.sampled_from([f"S1-{n}" for n in range(5)])
UNITS = {"AGE": "year", "SBP": "mmHg", "STROKE": None}
VALUES = {"AGE": ("17", "59", "60", None), "SBP": ("139", "150"), "STROKE": ("no", "yes")}
ITEM_VALUES = st.sampled_from([(item, v) for item, values in VALUES.items() for v in values])


class Person:
    """What the model knows of a participant."""

    def __init__(self) -> None:
        self.values: dict[str, str | None] = {}
        self.screened: dict[str, str | None] | None = None
        self.stratum: str | None = None
        self.left = False
        self.signed: dict[str, str | None] | None = None
        self.touched = False  # since it was signed

    def eligible(self) -> bool:
        age = self.values.get("AGE")
        old_enough = age is not None and int(age) >= 18
        return old_enough and (self.values.get("SBP"), self.values.get("STROKE")) == ("150", "no")


class SlotMachine(TrialMachine):
    """A trial with two strata of two slots, and three people who are ready for one."""

    STAFF = (CUSTODIAN, MANAGER, STATISTICIAN, INVESTIGATOR)

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, Person] = {}
        self.used: dict[str, int] = defaultdict(int)
        self.locked = False
        self.do(DepositList.of(LIST), CUSTODIAN)

    @initialize()
    def three_people_are_ready(self):
        for name in ("S1-0", "S1-1", "S1-2"):
            self.consent(name)
            for said in (("AGE", "59"), ("SBP", "150"), ("STROKE", "no")):
                self.record(name, said)
            self.screen(name)

    def active(self, name: str) -> bool:
        return name in self.people and not self.people[name].left and not self.locked

    @rule(name=PEOPLE)
    def consent(self, name):
        new = name not in self.people and not self.locked
        self.expect(new, Consent(name, "icf-1", "en", TODAY))
        if new:
            self.people[name] = Person()

    @rule(name=PEOPLE, said=ITEM_VALUES)
    def record(self, name, said):
        item, value = said
        here = name in self.people and not self.locked
        new = here and item not in self.people[name].values
        self.expect(new, Record(name, "SCREENING", item, value, TODAY, UNITS[item]))
        if new:
            self.people[name].values[item] = value
            self.people[name].touched = True

    @rule(name=PEOPLE, said=ITEM_VALUES)
    def correct(self, name, said):
        item, value = said
        known = self.people[name].values if name in self.people and not self.locked else {}
        changed = item in known and known[item] != value
        self.expect(changed, Correct(name, "SCREENING", item, value, TODAY, "misread", UNITS[item]))
        if changed:
            known[item] = value
            self.people[name].touched = True

    @rule(name=PEOPLE)
    def sign(self, name):
        some = name in self.people and bool(self.people[name].values) and not self.locked
        self.expect(some, Sign(name, "SCREENING", "reviewed", "password"))
        if some:
            self.people[name].signed = dict(self.people[name].values)
            self.people[name].touched = False

    @rule(name=PEOPLE)
    def screen(self, name):
        free = self.active(name) and self.people[name].stratum is None
        self.expect(free, Screen(name))
        if free:
            self.people[name].screened = dict(self.people[name].values)

    @rule(name=PEOPLE)
    def randomise(self, name):
        who = self.people.get(name, Person())
        stratum = f"OLDER={'yes' if int(who.values.get('AGE') or 0) >= 60 else 'no'}"
        judged_now = who.screened is not None and _same_answers(who.screened, who.values)
        free = self.active(name) and who.stratum is None and judged_now and who.eligible()
        allowed = free and self.used[stratum] < 2
        entries = self.expect(allowed, Randomise(name))
        if allowed:
            self.used[stratum] += 1
            who.stratum = stratum
            given = entries[0].event
            assert (given.stratum, given.position) == (stratum, self.used[stratum])

    @rule(name=PEOPLE)
    def withdraw(self, name):
        stays = self.active(name)
        self.expect(stays, Withdraw(name, "other", TODAY, "moved away"))
        if stays:
            self.people[name].left = True

    @rule(sure=st.integers(0, 9))
    def lock(self, sure):
        if sure == 9 and not self.locked:
            self.waive_and_approve()
        if sure == 9:
            self.expect(not self.locked, Lock(), MANAGER)
            self.locked = True

    def waive_and_approve(self):
        for name, person in self.people.items():
            if person.values or person.left:
                self.do(Sign(name, None, COMPLETE, "passkey"), INVESTIGATOR)
                person.touched = False
        people = [self.log.participant(name) for name in self.people]
        missing = gaps(STUDY, self.log.trial(), people, self.at.date())
        for item in dict.fromkeys(gap.item for gap in missing):
            self.do(Waive(item, "the model ends here"), MANAGER)
        for by in (MANAGER, STATISTICIAN, INVESTIGATOR):
            self.do(ApproveLock("passkey"), by)

    @invariant()
    def signatures_stand_while_nothing_was_touched(self):
        for name, person in self.people.items():
            who = self.log.participant(name)
            for signature in who.signatures[-1:]:
                assert who.stands(signature) == (not person.touched)

    @invariant()
    def every_slot_is_used_once_and_in_order(self):
        trial = self.log.trial()
        assert dict(trial.taken) == {stratum: n for stratum, n in self.used.items() if n}

    @invariant()
    def the_log_gives_every_table_again(self):
        verify(self.log)


def _same_answers(then, now):
    """Whether every criterion has the same answer from both sets of values."""

    def answers(values):
        age, pressure, stroke = (values.get(item) for item in ("AGE", "SBP", "STROKE"))
        return (
            None if age is None else 18 <= int(age) <= 80,
            None if pressure is None else 140 <= int(pressure) <= 179,
            stroke,
        )

    return answers(then) == answers(now)


TestSlots = SlotMachine.TestCase
TestSlots.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
