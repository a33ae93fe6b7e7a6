"""The script of a rehearsal: what the simulated records say, by participant and day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from equipoise.protocol.whole import Study
from equipoise.records.tables import Records

Row = Mapping[str, Any]
WEEK = 7  # days between two uploads of a meter, where no contact asks for one earlier


@dataclass(frozen=True)
class Person:
    """What the simulated records say of one participant.

    Attributes:
        of: Rows by table.
    """

    study: Study
    name: str
    of: Mapping[str, list[Row]]

    @cached_property
    def about(self) -> Row:
        """The row in ``participants``."""
        return self.of["participants"][0]

    @property
    def site(self) -> str:
        """The site."""
        return str(self.about["site"])

    def on(self, table: str, wanted: object, column: str = "date") -> Iterator[Row]:
        """Rows of a table on a day, or with another wanted value in a column."""
        return (row for row in self.of[table] if row[column] == wanted)

    def visits(self, day: date) -> Iterator[Row]:
        """The visits after screening that are held, or found to be missed, on a day."""
        for row in self.of["visits"]:
            screening = row["encounter"] == self.study.protocol.screening
            happens = not screening and row["status"] != "after withdrawal"
            if happens and (row["date"] or row["planned_date"]) == day:
                yield row

    @cached_property
    def uploads(self) -> dict[date, list[Row]]:
        """The home readings by the day on which they reach the clinic.

        That is the next contact, or the next day of a week, and for the last ones the day on which
        the participant leaves.
        """
        if not self.of["glucose"]:
            return {}
        last = max(row["date"] for row in self.of["glucose"])
        contacts = {row["date"] for row in self.of["titration"]}
        found: dict[date, list[Row]] = {}
        for row in self.of["glucose"]:
            day = row["date"]
            while not (
                day in contacts
                or day == last
                or (day - self.about["consent_date"]).days % WEEK == 0
            ):
                day += timedelta(days=1)
            found.setdefault(day, []).append(row)
        return found

    @cached_property
    def days(self) -> frozenset[date]:
        """The days on which something happens in the clinic."""
        rows = [row for table in ("disposition", "titration", "visits") for row in self.of[table]]
        starts = [row["start_date"] for row in self.of["adverse_events"]]
        ends = [row["end_date"] for row in self.of["adverse_events"] if row["end_date"]]
        happens = [row["date"] or row["planned_date"] for row in rows]
        return frozenset((self.about["consent_date"], *happens, *starts, *ends, *self.uploads))


def persons(study: Study, records: Records) -> list[Person]:
    """Everybody, in the order of their screening numbers."""
    of: dict[str, dict[str, list[Row]]] = {}
    for name, frame in records.tables.items():
        for row in frame.iter_rows(named=True):
            of.setdefault(row["participant"], {table: [] for table in records.tables})
            of[row["participant"]][name].append(row)
    people = [Person(study, name, rows) for name, rows in of.items()]
    return sorted(people, key=lambda one: (one.about["consent_date"], number(one.name)))


def number(participant: str) -> int:
    """The screening number at the end of an identifier.

    >>> number("S1-012")
    12
    """
    return int(participant.rpartition("-")[2])
