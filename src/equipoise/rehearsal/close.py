"""What is done before the records are locked: queries, deviations, signatures, approvals."""

from __future__ import annotations

from typing import Final

from equipoise.answer import YES
from equipoise.conduct import clocks, reading
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.checklist import COMPLETE, gaps
from equipoise.conduct.codes import dossier_code
from equipoise.conduct.commands.adjudication import GiveVerdict, PrepareDossier
from equipoise.conduct.commands.deviations import RecordDeviation, ReviewDeviation
from equipoise.conduct.commands.lock import ApproveLock, Lock, Waive
from equipoise.conduct.commands.queries import AnswerQuery, CloseQuery, QueryDiscrepancies
from equipoise.conduct.commands.values import Sign
from equipoise.conduct.deviations import unrecorded
from equipoise.conduct.discrepancies import unasked
from equipoise.conduct.events.data import QueryRaised
from equipoise.conduct.events.deviations import DeviationRecorded
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.state.participant import Participant
from equipoise.rehearsal.clinic import Clinic, answer
from equipoise.rehearsal.people import METHOD, READERS, person

MANAGER: Final = person(Role.DATA_MANAGER)
_NARRATIVE: Final = "A serious event of a simulated person."
_AGREED: Final = "as the site saw it"
_WAIVED: Final = {
    "adverse events": "followed up until the end of the study",
    "observations": "the simulator knows nothing of the hours after a dose",
    "lows": "the simulator reports hypoglycaemia by rules of its own",
}


def lock(clinic: Clinic) -> None:
    """Bring the records of everybody to where they can be locked, and lock them."""
    people = _everybody(clinic)
    for who in people:
        _query(clinic, who)
        _report_deviations(clinic, who)
        _adjudicate(clinic, who)
        if who.values:
            clinic.do(Sign(who.id, None, COMPLETE, METHOD), person(Role.INVESTIGATOR, who.site))
    missing = gaps(clinic.study, clinic.log.trial(), _everybody(clinic), clinic.day)
    for item in dict.fromkeys(gap.item for gap in missing):
        if item in _WAIVED:
            clinic.do(Waive(item, _WAIVED[item]), MANAGER)
    sites = sorted({who.site for who in people if who.site})
    for by in (
        MANAGER,
        person(Role.STATISTICIAN),
        *(person(Role.INVESTIGATOR, site) for site in sites),
    ):
        clinic.do(ApproveLock(METHOD), by)
    clinic.do(Lock(), MANAGER)


def _everybody(clinic: Clinic) -> list[Participant]:
    with clinic.log.storage.reading() as session:
        return list(reading.everybody(session))


def _query(clinic: Clinic, who: Participant) -> None:
    """Ask about what the checks find; the site says that it is so, for nobody misread anything."""
    if not unasked(clinic.study, who):
        return
    for entry in clinic.do(QueryDiscrepancies(who.id), MANAGER):
        if isinstance(entry.event, QueryRaised):
            number, nurse = entry.event.query, person(Role.NURSE, who.site)
            clinic.do(AnswerQuery(who.id, number, "As in the source."), nurse)
            clinic.do(CloseQuery(who.id, number), MANAGER)


def _adjudicate(clinic: Clinic, who: Participant) -> None:
    """Both readers judge each serious event as the site did, for the simulator knows no more."""
    for event in who.adverse_events.events:
        if clocks.serious(event.now) == YES:
            code = dossier_code()
            clinic.do(PrepareDossier(who.id, event.number, code, _NARRATIVE), MANAGER)
            for reader in READERS:
                clinic.do(GiveVerdict(code, "yes", event.now.causality, _AGREED), reader)


def _report_deviations(clinic: Clinic, who: Participant) -> None:
    nurse: Actor = person(Role.NURSE, who.site)
    for found in unrecorded(clinic.study, who):
        today = PartialDate.parse(clinic.day.isoformat())
        words = (found.on or today, found.words("en"), found.rule)
        recorded = RecordDeviation(who.id, found.category, "minor", *words)
        number = answer(clinic.do(recorded, nurse), DeviationRecorded).deviation
        clinic.do(ReviewDeviation(who.id, number, "minor"), MANAGER)
