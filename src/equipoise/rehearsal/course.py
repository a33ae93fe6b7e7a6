"""Visits, home readings and titration of one participant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from equipoise.conduct import titrating
from equipoise.conduct.commands.diary import RecordReadings
from equipoise.conduct.commands.titration import Contact, DecideDose, StartDose
from equipoise.conduct.commands.visits import HoldVisit, MissVisit
from equipoise.conduct.events.titration import DoseStarted, TitrationProposed
from equipoise.conduct.roles import Role
from equipoise.rehearsal.clinic import Clinic, agree, answer
from equipoise.rehearsal.forms import partial, record
from equipoise.rehearsal.people import person
from equipoise.rehearsal.script import Person, Row
from equipoise.rules import disposition
from equipoise.rules.dosing.titration import Readings

METER: Final = "meter of the virtual participant"
MISSED: Final = "The virtual participant did not come."
WHY: Final = {
    "rejected": "The virtual prescriber does not carry out the rise.",
    "stopped": "The dose is at or below the protocol's limit of stopping.",
    "withdrawn": "Glucose is not controlled, above the protocol's limit of the dose.",
}
FOLLOWS: Final = {"stopped": disposition.STOP_INSULIN, "withdrawn": disposition.WITHDRAW}


def upload(clinic: Clinic, who: Person, day: date) -> None:
    """Read the participant's meter out."""
    if rows := who.uploads.get(day):
        readings = tuple((str(row["date"]), row["point"], f"{row['value']:.1f}") for row in rows)
        clinic.do(RecordReadings(who.name, readings, METER), person(Role.NURSE, who.site))


def visit(clinic: Clinic, who: Person, planned: Row, day: date) -> None:
    """Hold a visit and record its forms, or record that it was missed."""
    nurse, encounter = person(Role.NURSE, who.site), planned["encounter"]
    if planned["status"] == "missed":
        clinic.do(MissVisit(who.name, encounter, MISSED), nurse)
    elif planned["status"] == "done":
        clinic.do(HoldVisit(who.name, encounter, partial(day)), nurse)
        record(clinic, who, encounter, day)


def start(clinic: Clinic, who: Person, day: date) -> None:
    """Begin with the titrated medicine, where the protocol lets those begin who take none."""
    plan, contacts = clinic.study.protocol.titration, who.of["titration"]
    recorded = clinic.log.participant(who.name)
    if plan is None or plan.start is None or not contacts or recorded is None:
        return
    if titrating.dose(clinic.study, recorded, str(day)) == 0:
        dose = int(contacts[0]["dose_before"])
        begun = clinic.do(
            StartDose(who.name, partial(day), dose), person(Role.INVESTIGATOR, who.site)
        )
        said = answer(begun, DoseStarted).proposed
        agree(who.name, "the dose to begin with", clinic=said, simulated=dose)


def contact(clinic: Clinic, who: Person, row: Row) -> None:
    """Hold a contact: the clinic proposes by its rule, the virtual prescriber decides."""
    on, where = partial(row["date"]), f"{who.name}, contact of {row['date']}"
    held = clinic.do(Contact(who.name, on), person(Role.NURSE, who.site))
    said = answer(held, TitrationProposed)
    for what, in_clinic, simulated in (
        ("the number of fasting readings", said.fasting, row["readings"]),
        ("the number of low readings", sum(said.lows[:1]), row["lows"]),
        ("the dose before", said.before, row["dose_before"]),
        ("the proposed dose", said.proposed, row["proposed"]),
    ):
        agree(where, what, clinic=in_clinic, simulated=simulated)
    decision, dose = row["decision"], int(row["dose_after"])
    meant = min(said.before, said.proposed) if decision == "stopped" else dose
    follows = disposition.WORDS[FOLLOWS.get(decision, disposition.CONTINUE)]
    agree(where, "what follows", clinic=_follows(clinic, who, said, meant), simulated=follows)
    physician = person(Role.INVESTIGATOR, who.site)
    clinic.do(DecideDose(who.name, on, decision, dose, WHY.get(decision)), physician)


def _follows(clinic: Clinic, who: Person, said: TitrationProposed, dose: int) -> str:
    """What the clinic's rule demands at a dose: go on, stop, or leave the study."""
    recorded = clinic.log.participant(who.name)
    if recorded is None:
        return "nothing is recorded"
    weight = titrating.weight(clinic.study, recorded, str(said.on))
    readings = Readings(said.fasting, int(Decimal(said.total) * 10), said.lows)
    return disposition.WORDS[titrating.following(clinic.study, dose, weight, readings)]
