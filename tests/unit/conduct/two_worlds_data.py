"""Oversight in the two-world test: queries, verification, deviations, the way to the lock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands import lock, queries
from equipoise.conduct.commands.deviations import RecordDeviation, ReviewDeviation
from equipoise.conduct.commands.oversight import Freeze, ReviewForm, Unfreeze, VerifySource
from equipoise.conduct.commands.participant import RecordDetails
from equipoise.conduct.commands.staff import Dismiss, NameStaff
from equipoise.conduct.commands.trial import Appoint
from equipoise.conduct.commands.values import Record
from equipoise.conduct.roles import Role
from equipoise.conduct.views import oversight
from equipoise.conduct.views.details import sealed_details

TODAY = PartialDate(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
MOVED = "moved to another ward"


def play(world, people: list[str]) -> None:
    """Everything that becomes of recorded values, with mistakes in it."""
    do, staff = world.do, world.scene
    manager, monitor, nurse = staff.data_manager, staff.monitor, staff.nurse
    for name in people[:4]:
        do(RecordDetails(name, "00" * 1052), nurse)
        do(Record(name, "WEEK12", "SBP", "75", TODAY, "mmHg"), nurse)
        do(queries.QueryDiscrepancies(name), manager)
        do(queries.QueryDiscrepancies(name), monitor)
        do(queries.AnswerQuery(name, "Q1", "Measured twice."), nurse)
        do(VerifySource(name, "SCREENING", "history"), monitor)
        do(ReviewForm(name, "WEEK12", "vitals"), manager)
    do(queries.ReopenQuery(people[0], "Q1", "please give both values"), manager)
    do(queries.CloseQuery(people[1], "Q1"), monitor)
    do(queries.CancelQuery(people[2], "Q1", "asked by mistake"), manager)
    do(queries.RaiseQuery(people[3], "WEEK12", "SBP", "哪一侧？", language="zh"), monitor)
    do(queries.CloseQuery(people[3], "Q2"), monitor)
    do(RecordDeviation(people[0], "procedure", "minor", TODAY, "no rest before"), nurse)
    do(ReviewDeviation(people[0], "D1", "major"), manager)
    do(Freeze(people[1], "WEEK12"), manager)
    do(Record(people[1], "WEEK12", "SBP", "76", TODAY, "mmHg"), nurse)
    do(Unfreeze(people[1], "the nurse asked", "WEEK12"), manager)
    do(NameStaff("nurse", "Nora Nie"), staff.administrator)
    do(Dismiss("infusion_nurse", Role.INFUSION_NURSE, MOVED, "S1"), staff.administrator)
    do(Appoint("infusion_nurse", Role.INFUSION_NURSE, "S1"), staff.administrator)
    do(lock.Waive("queries", "cannot be settled any more", ("S1-404 Q1",)), manager)
    do(lock.ApproveLock("passkey"), staff.statistician)
    do(lock.AskToUnlock("too early"), manager)


def asks(log, people: list[str], actor) -> list:
    """Everything about oversight that a person can ask to be shown, allowed or not."""
    return [
        lambda: oversight.queries(log, by=actor),
        lambda: oversight.deviations(log, by=actor),
        lambda: oversight.checklist(log, by=actor, at=NOON),
        lambda: oversight.staff(log, by=actor),
        lambda: oversight.reconsents(log, by=actor, at=NOON),
        lambda: oversight.versions(log, by=actor),
        lambda: oversight.screened_under(log, by=actor),
        *(lambda name=name: oversight.forms(log, name, by=actor) for name in people),
        *(lambda name=name: sealed_details(log, name, by=actor) for name in people),
    ]


def queries_of_one_arm(patch, world):
    """The checks are stricter with those who get the active product."""
    found = queries.unasked

    def strict(study, who):
        return found(study, who) if world.arms.get(who.id) == "TABLET" else found(study, who)[1:]

    patch.setattr(queries, "unasked", strict)


def message_of_the_checklist(patch, world):
    """The refused lock counts what is missing arm by arm."""
    told = lock.told

    def by_arm(missing):
        active = [gap for gap in missing if world.arms.get(gap.name.split()[0]) == "TABLET"]
        return f"{told(missing)} ({len(active)} of one arm)"

    patch.setattr(lock, "told", by_arm)


def deviations_of_one_arm(patch, world):
    """A dose that was missed counts only where it held something."""
    found = oversight.unrecorded

    def told(study, who):
        return [
            one
            for one in found(study, who)
            if one.category != "treatment" or world.arms.get(who.id) == "TABLET"
        ]

    patch.setattr(oversight, "unrecorded", told)


LEAKS = [queries_of_one_arm, message_of_the_checklist, deviations_of_one_arm]
