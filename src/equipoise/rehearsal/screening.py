"""Consent, screening and randomisation of one participant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from equipoise.conduct import views
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.forms import RecordForm
from equipoise.conduct.commands.participant import Consent, Randomise, Screen
from equipoise.conduct.consents import in_force
from equipoise.conduct.events.participant import Randomised, Screened
from equipoise.conduct.roles import Role
from equipoise.conduct.sealed import open_slot
from equipoise.conduct.state.trial import Slot
from equipoise.rehearsal.clinic import Clinic, agree, answer
from equipoise.rehearsal.people import person
from equipoise.rehearsal.script import Person, Row

CONSENT, LANGUAGE = "consent-1.0", "zh"


def screen(clinic: Clinic, who: Person) -> None:
    """Take consent, record the forms of screening, and judge eligibility."""
    physician = person(Role.INVESTIGATOR, who.site)
    on = who.about["consent_date"]
    form = in_force(clinic.study, on)
    version, language = (form.version, form.languages[0]) if form else (CONSENT, LANGUAGE)
    clinic.do(Consent(who.name, version, language, partial(on)), physician)
    record(clinic, who, clinic.study.protocol.screening, on)
    judged = answer(clinic.do(Screen(who.name), physician), Screened)
    for row in who.of["eligibility"]:
        criterion = row["criterion"]
        agree(who.name, criterion, clinic=judged.answers.get(criterion), simulated=row["answer"])


def randomise(clinic: Clinic, who: Person) -> None:
    """Give the participant the next slot; the preparer opens it and finds the simulator's arm."""
    physician, preparer = (person(role, who.site) for role in (Role.INVESTIGATOR, Role.PREPARER))
    given = answer(clinic.do(Randomise(who.name), physician), Randomised)
    agree(who.name, "the stratum", clinic=given.stratum, simulated=who.about["stratum"])
    dose = views.dose_to_prepare(clinic.log, who.name, by=preparer)
    slot = Slot(dose.slot, dose.stratum, dose.commitment)
    private = clinic.keys["preparer"].private
    arm, _ = open_slot(clinic.study.name, slot, dose.box, "preparer", private)
    agree(who.name, f"the arm of {slot.slot}", clinic=arm, simulated=who.about["arm"])


def record(clinic: Clinic, who: Person, encounter: str, on: date) -> None:
    """Record every form of an encounter; what the simulator does not tell was not done."""
    study, nurse = clinic.study, person(Role.NURSE, who.site)
    rows = {row["item"]: row for row in who.of["measurements"] if row["encounter"] == encounter}
    asked = {
        form
        for activity in study.protocol.activities
        if encounter in activity.encounters
        for form in activity.forms
    }
    for form in study.forms.values():
        if form.form in asked:
            items = [item for item in form.items if not item.derived]
            values = {
                item.name: text(rows.get(item.name), item.decimals)
                for item in items
                if item.name in rows or not item.ask_if
            }
            units = {item.name: item.unit for item in items if item.unit and item.name in values}
            clinic.do(RecordForm(who.name, encounter, form.form, values, units, partial(on)), nurse)


def text(row: Row | None, decimals: int) -> str | None:
    """A recorded value as it is typed.

    >>> text({"value": 7.4, "text": None}, 1)
    '7.4'
    """
    if row is None or row["value"] is None:
        return None if row is None else row["text"]
    return f"{row['value']:.{decimals}f}"


def partial(on: date) -> PartialDate:
    """A date, as the clinic writes it."""
    return PartialDate(on.year, on.month, on.day)
