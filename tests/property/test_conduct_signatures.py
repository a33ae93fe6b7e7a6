"""Laws of signatures: one stands until something that it covers is recorded or corrected, and for
ever falls then, even when the old value comes back.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.participant import Consent
from equipoise.conduct.commands.safety import Account, ReportAdverseEvent
from equipoise.conduct.commands.values import MEANINGS, Correct, Record, Sign
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.verification import verify
from equipoise.rules.safety import Criteria

from .conduct_machine import TrialMachine

TODAY = PartialDate(2026, 1, 5)
INVESTIGATOR = Actor("i", Role.INVESTIGATOR, "S1")
WHO = "S1-1"
ENCOUNTERS = st.sampled_from(["SCREENING", "BASELINE", "BASELINE"])
HEADACHE = Account(
    term="HEADACHE",
    verbatim=None,
    start=TODAY,
    severity="mild",
    criteria=dict.fromkeys(Criteria._fields, "no"),
    causality="possibly related",
    expected="yes",
    action="none",
    outcome="recovering",
    aware="2026-01-05T09:00+08:00",
)
VALUES = st.sampled_from(["150", "151", None])


class SignatureMachine(TrialMachine):
    """One item at three encounters, adverse events, and one investigator who signs."""

    STAFF = (INVESTIGATOR,)

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str | None] = {}
        self.events = 0
        self.signed: list[tuple[str | None, bool]] = []  # what each covers; whether it stands
        self.do(Consent(WHO, "icf-1", "zh", TODAY))

    def changed(self, encounter: str) -> None:
        self.signed = [
            (covers, stands and covers not in (None, encounter)) for covers, stands in self.signed
        ]

    @rule(encounter=ENCOUNTERS, value=VALUES)
    def record(self, encounter, value):
        new = encounter not in self.values
        unit = "mmHg"
        self.expect(new, Record(WHO, encounter, "SBP", value, TODAY, unit))
        if new:
            self.values[encounter] = value
            self.changed(encounter)

    @rule(encounter=ENCOUNTERS, value=VALUES)
    def correct(self, encounter, value):
        other = encounter in self.values and self.values[encounter] != value
        self.expect(other, Correct(WHO, encounter, "SBP", value, TODAY, "misread", "mmHg"))
        if other:
            self.values[encounter] = value
            self.changed(encounter)

    @rule()
    def report_an_adverse_event(self):
        self.do(ReportAdverseEvent(WHO, HEADACHE))
        self.events += 1
        self.changed("outside visits")

    @rule(encounter=st.none() | ENCOUNTERS, meaning=st.sampled_from(MEANINGS))
    def sign(self, encounter, meaning):
        something = encounter is None or encounter in self.values  # there is a consent to sign for
        self.expect(something, Sign(WHO, encounter, meaning, "passkey"))
        if something:
            self.signed.append((encounter, True))

    @invariant()
    def every_signature_stands_as_the_model_says(self):
        who = self.log.participant(WHO)
        assert [(s.encounter, who.stands(s)) for s in who.signatures] == self.signed

    @invariant()
    def the_log_holds(self):
        verify(self.log)


TestSignatures = SignatureMachine.TestCase
TestSignatures.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
