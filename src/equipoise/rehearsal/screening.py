"""Consent, screening and randomisation of one participant."""

from __future__ import annotations

from equipoise.conduct import views
from equipoise.conduct.commands.participant import Consent, Randomise, Screen
from equipoise.conduct.commands.visits import HoldVisit
from equipoise.conduct.consents import in_force
from equipoise.conduct.events.participant import Randomised, Screened
from equipoise.conduct.roles import Role
from equipoise.conduct.sealed import open_slot
from equipoise.conduct.state.trial import Slot
from equipoise.rehearsal.clinic import Clinic, agree, answer
from equipoise.rehearsal.forms import partial, record
from equipoise.rehearsal.people import person
from equipoise.rehearsal.script import Person


def screen(clinic: Clinic, who: Person) -> None:
    """Take consent, record the forms of screening, and judge eligibility."""
    physician, on = person(Role.INVESTIGATOR, who.site), who.about["consent_date"]
    used, here = in_force(clinic.study, on), clinic.study.protocol.screening
    form, language = (used.version, used.languages[0]) if used else ("icf-1", "zh")
    clinic.do(Consent(who.name, form, language, partial(on)), physician)
    clinic.do(HoldVisit(who.name, here, partial(on)), physician)
    record(clinic, who, here, on)
    judged = answer(clinic.do(Screen(who.name), physician), Screened)
    for row in who.of["eligibility"]:
        said = judged.answers.get(row["criterion"])
        agree(who.name, row["criterion"], clinic=said, simulated=row["answer"])


def randomise(clinic: Clinic, who: Person) -> None:
    """Give the participant the next slot; the preparer opens it and finds the simulator's arm."""
    physician, preparer = (person(role, who.site) for role in (Role.INVESTIGATOR, Role.PREPARER))
    given = answer(clinic.do(Randomise(who.name), physician), Randomised)
    agree(who.name, "the stratum", clinic=given.stratum, simulated=who.about["stratum"])
    dose = views.dose_to_prepare(clinic.log, who.name, by=preparer)
    slot, private = Slot(dose.slot, dose.stratum, dose.commitment), clinic.keys["preparer"].private
    arm, _ = open_slot(clinic.study.name, slot, dose.box, "preparer", private)
    agree(who.name, f"the arm of {slot.slot}", clinic=arm, simulated=who.about["arm"])
