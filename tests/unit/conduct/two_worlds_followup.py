"""Visits, diary, titration and disposition in the two-world test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from msgspec import structs

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.diary import CorrectReading, RecordReadings
from equipoise.conduct.commands.disposition import (
    CompleteStudy,
    DiscontinueTreatment,
    RestartMedicine,
    StopMedicine,
)
from equipoise.conduct.commands.titration import Contact, DecideDose, StartDose
from equipoise.conduct.commands.trial import Appoint
from equipoise.conduct.commands.visits import CorrectVisit, HoldVisit, MissVisit
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.views import followup as shown
from equipoise.protocol.load import load_study

DAY = date(2026, 1, 5)
TODAY = PartialDate(2026, 1, 5)


@cache
def reference():
    return load_study("nct02302599").protocol


def titrated(study):
    """The study with the diary and the titration of the reference study, on items of its own."""
    of = reference()
    titration = of.titration.model_copy(update={"item": "SBP", "weight": "AGE"})
    protocol = study.protocol.model_copy(update={"diary": of.diary, "titration": titration})
    return replace(study, protocol=protocol)


def play(world, people: list[str]) -> None:
    """What the staff and the participants do between the visits, with mistakes in it."""
    do, scene = world.do, world.scene
    scene.log = replace(scene.log, study=titrated(scene.log.study))
    nurse, physician = scene.nurse, scene.investigator
    for number, name in enumerate(people):
        patient = Actor(name, Role.PARTICIPANT)
        do(Appoint(*patient), scene.administrator)
        do(HoldVisit(name, "BASELINE", TODAY), nurse)
        do(HoldVisit(name, "WEEK4", PartialDate(2026, 2, 2)), nurse)
        rows = (("2026-01-05", "fasting", f"{4 + 2 * number}.5"), ("2026-01-05", "lunch", "3.1"))
        do(RecordReadings(name, rows, "diary"), patient)
        do(RecordReadings(people[0], rows, "diary"), patient)
        do(CorrectReading(name, TODAY, "lunch", "3.0", "misread"), nurse)
        do(StartDose(name, TODAY, 10), physician)
        do(Contact(name, TODAY), nurse)
        do(Contact(name, TODAY), nurse)
        do(DecideDose(name, TODAY, "changed", 10, "low readings"), physician)
        world.seen.append((name, repr(shown.own_page(scene.log, DAY, by=patient))))
    do(CorrectVisit(people[0], "BASELINE", None, "did not come"), nurse)
    do(MissVisit(people[0], "WEEK4", "will be abroad"), nurse)
    do(StopMedicine(people[1], TODAY, "low readings"), physician)
    do(RestartMedicine(people[1], TODAY, 8, "high readings"), physician)
    do(DiscontinueTreatment(people[1], "other", TODAY, "wishes so"), physician)
    do(CompleteStudy(people[1], TODAY), physician)


def asks(log, people: list[str], actor):
    """Every view of the course, asked by a person, allowed or not."""
    yield lambda: repr(shown.work_list(log, DAY, by=actor))
    yield lambda: repr(shown.own_page(log, DAY, by=actor))
    for name in people:
        yield lambda name=name: repr(shown.follow_up(log, name, DAY, by=actor))


def proposal_by_arm(patch, world):
    """Who gets the active product is proposed a smaller dose."""
    decide = Contact.decide

    def lower(self, now):
        (event,) = decide(self, now)
        active = world.arms.get(self.participant) == "TABLET"
        return (structs.replace(event, proposed=event.proposed - active),)

    patch.setattr(Contact, "decide", lower)


def order_of_tasks(patch, world):
    """Tasks stand in the order of the arms."""
    listed = shown.work_list

    def by_arm(log, on, *, by):
        tasks = listed(log, on, by=by)
        return tuple(sorted(tasks, key=lambda task: world.arms.get(task.participant, "")))

    patch.setattr(shown, "work_list", by_arm)


LEAKS = (proposal_by_arm, order_of_tasks)
