"""What is typed into the forms of an encounter."""

from __future__ import annotations

from datetime import date

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.forms import RecordForm
from equipoise.conduct.roles import Role
from equipoise.rehearsal.clinic import Clinic
from equipoise.rehearsal.people import person
from equipoise.rehearsal.script import Person, Row


def record(clinic: Clinic, who: Person, encounter: str, on: date) -> None:
    """Record every form of an encounter; what the simulator does not tell was not done."""
    nurse = person(Role.NURSE, who.site)
    rows = {row["item"]: row for row in who.of["measurements"] if row["encounter"] == encounter}
    for form in clinic.forms[encounter]:
        items = [item for item in form.items if not item.derived]
        values = {
            item.name: typed(rows.get(item.name), item.decimals)
            for item in items
            if item.name in rows or not item.ask_if
        }
        units = {item.name: item.unit for item in items if item.unit and item.name in values}
        clinic.do(RecordForm(who.name, encounter, form.form, values, partial(on), units), nurse)


def typed(row: Row | None, decimals: int) -> str | None:
    """A recorded value as it is typed; None is "not done".

    >>> typed({"value": 7.4, "text": None}, 1)
    '7.4'
    """
    if row is None:
        return None
    return str(row["text"]) if row["value"] is None else f"{row['value']:.{decimals}f}"


def partial(on: date) -> PartialDate:
    """A date, as the clinic writes it."""
    return PartialDate(on.year, on.month, on.day)
