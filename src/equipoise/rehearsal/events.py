"""Adverse events of one participant, and the end of the treatment and of the study."""

from __future__ import annotations

from datetime import date
from typing import Final

from equipoise.conduct import clocks
from equipoise.conduct.commands.disposition import CompleteStudy, DiscontinueTreatment
from equipoise.conduct.commands.participant import Withdraw
from equipoise.conduct.commands.safety import (
    Account,
    FileReport,
    FollowUpAdverseEvent,
    ReportAdverseEvent,
)
from equipoise.conduct.roles import Role
from equipoise.rehearsal.clinic import Clinic
from equipoise.rehearsal.forms import partial
from equipoise.rehearsal.people import person
from equipoise.rehearsal.script import Person, Row
from equipoise.rules.safety import Criteria

ENDED: Final = "The event has ended."
LEFT: Final = "The virtual participant leaves."


def report(clinic: Clinic, who: Person, row: Row) -> None:
    """Report an event on the day on which it starts, as far as it is known then."""
    over = row["end_date"] is None or row["end_date"] == row["start_date"]
    account = _account(clinic, who, row, row["outcome"] if over else "not recovered", over=over)
    clinic.do(ReportAdverseEvent(who.name, account), person(Role.INVESTIGATOR, who.site))
    _send(clinic, who, row)


def follow_up(clinic: Clinic, who: Person, row: Row) -> None:
    """Report that an event has ended."""
    if row["end_date"] != row["start_date"]:
        account = _account(clinic, who, row, row["outcome"], over=True)
        command = FollowUpAdverseEvent(who.name, row["number"], account, ENDED)
        clinic.do(command, person(Role.INVESTIGATOR, who.site))
        _send(clinic, who, row)


def _send(clinic: Clinic, who: Person, row: Row) -> None:
    """Send the reports that the event makes due, at once."""
    recorded = clinic.log.participant(who.name)
    event = recorded.adverse_events.of(row["number"]) if recorded else None
    due = clocks.duties(event) if event else ()
    for to in {duty.to: None for duty in due if duty.filed is None}:
        sent = FileReport(who.name, row["number"], to, clinic.at(who.site).isoformat())
        clinic.do(sent, person(Role.INVESTIGATOR, who.site))


def _account(clinic: Clinic, who: Person, row: Row, outcome: str, *, over: bool) -> Account:
    """The simulator does not say which criterion makes an event serious, nor what is expected."""
    criteria = dict.fromkeys(Criteria._fields, "no")
    if row["serious"]:
        criteria["medically_important"] = "yes"
    return Account(
        term=row["term"],
        verbatim=None,
        start=partial(row["start_date"]),
        severity=row["severity"],
        criteria=criteria,
        causality=row["causality"],
        expected="unknown",
        action=row["action"],
        outcome=outcome,
        aware=clinic.at(who.site).isoformat(),
        end=partial(row["end_date"]) if over and row["end_date"] else None,
    )


def end(clinic: Clinic, who: Person, day: date) -> None:
    """What ends on a day: treatment, or study; a contact that ends it said so already."""
    physician, on = person(Role.INVESTIGATOR, who.site), partial(day)
    happens = {row["event"]: row["reason"] for row in who.on("disposition", day)}
    if "treatment discontinued" in happens and "withdrawn" not in happens:
        cause = happens["treatment discontinued"]
        clinic.do(DiscontinueTreatment(who.name, cause, on, LEFT), physician)
    decided = any(row["decision"] == "withdrawn" for row in who.on("titration", day))
    if "withdrawn" in happens and not decided:
        clinic.do(Withdraw(who.name, happens["withdrawn"], on, LEFT), physician)
    if "completed" in happens:
        clinic.do(CompleteStudy(who.name, on), physician)
