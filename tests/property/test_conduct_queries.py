"""Laws of the queries: whatever is asked, answered and corrected, in whatever order, the log and a
small model of it agree on where each query stands and whether its value changed.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.oversight import Freeze, Unfreeze, VerifySource
from equipoise.conduct.commands.participant import Consent
from equipoise.conduct.commands.queries import (
    AnswerQuery,
    CancelQuery,
    CloseQuery,
    QueryDiscrepancies,
    RaiseQuery,
    ReopenQuery,
    changed,
)
from equipoise.conduct.commands.values import Correct, Record
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.verification import verify
from equipoise.protocol.question.terms import Reference

from .conduct_machine import TrialMachine

TODAY = PartialDate(2026, 1, 5)
MANAGER = Actor("d", Role.DATA_MANAGER)
MONITOR = Actor("m", Role.MONITOR)
NURSE = Actor("n", Role.NURSE, "S1")
WHO, AT_BASELINE = "S1-1", "BASELINE"
NUMBERS = st.sampled_from([f"Q{n}" for n in range(1, 6)])
PRESSURES = st.sampled_from(["75", "79", "120", None])  # the form doubts what is below 80


class QueryMachine(TrialMachine):
    """One participant, one value, and up to a handful of queries about it."""

    STAFF = (MANAGER, MONITOR, NURSE)

    def __init__(self) -> None:
        super().__init__()
        self.status: dict[str, str] = {}
        self.asked_at: dict[str, int] = {}  # version of the value when it was asked
        self.by_check: set[str] = set()
        self.value: str | None = None
        self.version = 0  # of the value; 0: not recorded
        self.verified: int | None = None
        self.frozen = False
        self.do(Consent(WHO, "icf-1", "zh", TODAY), NURSE)

    def raised(self) -> str:
        number = f"Q{len(self.status) + 1}"
        self.status[number], self.asked_at[number] = "open", self.version
        return number

    @rule(value=PRESSURES)
    def record(self, value):
        new = self.version == 0 and not self.frozen
        self.expect(new, Record(WHO, AT_BASELINE, "SBP", value, TODAY, "mmHg"), NURSE)
        if new:
            self.value, self.version = value, 1

    @rule(value=PRESSURES)
    def correct(self, value):
        other = self.version > 0 and value != self.value and not self.frozen
        command = Correct(WHO, AT_BASELINE, "SBP", value, TODAY, "misread", "mmHg")
        self.expect(other, command, NURSE)
        if other:
            self.value, self.version = value, self.version + 1

    @rule(by=st.sampled_from([MANAGER, MONITOR]))
    def ask(self, by):
        self.do(RaiseQuery(WHO, AT_BASELINE, "SBP", "Is this right?"), by)
        self.raised()

    @rule()
    def ask_what_the_check_finds(self):
        doubtful = self.value is not None and int(self.value) < 80
        known = any(
            self.status[number] in ("open", "answered") or self.asked_at[number] == self.version
            for number in self.by_check
        )
        self.expect(doubtful and not known, QueryDiscrepancies(WHO), MANAGER)
        if doubtful and not known:
            self.by_check.add(self.raised())

    @rule(number=NUMBERS)
    def answer(self, number):
        waits = self.status.get(number) == "open"
        self.expect(waits, AnswerQuery(WHO, number, "It is."), NURSE)
        if waits:
            self.status[number] = "answered"

    @rule(number=NUMBERS)
    def close(self, number):
        moved = self.asked_at.get(number) != self.version
        status = self.status.get(number)
        done = status == "answered" or (status == "open" and moved)
        self.expect(done, CloseQuery(WHO, number), MONITOR)
        if done:
            self.status[number] = "closed"

    @rule(number=NUMBERS)
    def reopen(self, number):
        answered = self.status.get(number) == "answered"
        self.expect(answered, ReopenQuery(WHO, number, "please look again"), MANAGER)
        if answered:
            self.status[number] = "open"

    @rule(number=NUMBERS)
    def cancel(self, number):
        unfinished = self.status.get(number) in ("open", "answered")
        self.expect(unfinished, CancelQuery(WHO, number, "asked by mistake"), MANAGER)
        if unfinished:
            self.status[number] = "cancelled"

    @rule()
    def verify_source(self):
        there = self.version > 0
        self.expect(there, VerifySource(WHO, AT_BASELINE, "vitals"), MONITOR)
        if there:
            self.verified = self.version

    @rule()
    def freeze_or_unfreeze(self):
        other = Unfreeze(WHO, "not finished") if self.frozen else Freeze(WHO)
        same = Freeze(WHO) if self.frozen else Unfreeze(WHO, "not finished")
        self.expect(allowed=False, command=same, by=MANAGER)
        self.do(other, MANAGER)
        self.frozen = not self.frozen

    @invariant()
    def every_query_stands_where_the_model_says(self):
        who = self.log.participant(WHO)
        queries = who.oversight.queries
        assert {number: query.status for number, query in queries.items()} == self.status
        for number, query in queries.items():
            assert changed(who, query) == (self.asked_at[number] != self.version)

    @invariant()
    def a_verification_holds_until_the_value_changes(self):
        who = self.log.participant(WHO)
        key = Reference("SBP", AT_BASELINE)
        holds = key in who.values and who.oversight.verified.get(key) == who.values[key].hash
        assert holds == (self.version > 0 and self.verified == self.version)

    @invariant()
    def the_log_gives_every_table_again(self):
        verify(self.log)


TestQueries = QueryMachine.TestCase
TestQueries.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
