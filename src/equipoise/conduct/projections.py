"""Ordinary tables beside the log, written in the same transaction.

By their constraints the database itself refuses what must never be: a slot used twice, a person
randomised twice, two bags of one code. They are filled and never changed; a correction is a further
row. ``rows`` alone says what an event adds, so that the log gives every row again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from equipoise.conduct.entry import Entry
from equipoise.conduct.events import (
    adjudication,
    data,
    deviations,
    disposition,
    infusion,
    participant,
    preparation,
    product,
    titration,
    trial,
    unblinding,
    values,
    visits,
)
from equipoise.conduct.events.event import Event

Row = tuple[str | int | None, ...]
Added = tuple[tuple[str, Row], ...]  # table and row

TABLES: Final[Mapping[str, str]] = {
    "staff": """
        person TEXT NOT NULL, role TEXT NOT NULL, site TEXT NOT NULL, since INTEGER NOT NULL,
        PRIMARY KEY (person, role, site, since)""",
    "slots": """
        slot TEXT PRIMARY KEY, stratum TEXT NOT NULL,
        position INTEGER NOT NULL CHECK (position > 0), commitment TEXT NOT NULL UNIQUE,
        UNIQUE (stratum, position), UNIQUE (slot, stratum, position)""",
    "participants": "participant TEXT PRIMARY KEY, site TEXT NOT NULL",
    "consents": """
        participant TEXT NOT NULL REFERENCES participants, form TEXT NOT NULL,
        language TEXT NOT NULL, PRIMARY KEY (participant, form, language)""",
    "randomisations": """
        participant TEXT PRIMARY KEY REFERENCES participants, slot TEXT NOT NULL UNIQUE,
        stratum TEXT NOT NULL, position INTEGER NOT NULL, UNIQUE (stratum, position),
        FOREIGN KEY (slot, stratum, position) REFERENCES slots (slot, stratum, position)""",
    "bags": """
        bag TEXT PRIMARY KEY, participant TEXT NOT NULL REFERENCES randomisations,
        encounter TEXT NOT NULL, number INTEGER NOT NULL CHECK (number > 0),
        UNIQUE (participant, encounter, number), UNIQUE (bag, participant, encounter)""",
    "infusions": """
        participant TEXT NOT NULL, encounter TEXT NOT NULL, bag TEXT NOT NULL UNIQUE,
        PRIMARY KEY (participant, encounter),
        FOREIGN KEY (bag, participant, encounter) REFERENCES bags (bag, participant, encounter)""",
    "other_bags": """
        participant TEXT NOT NULL REFERENCES randomisations, encounter TEXT NOT NULL,
        sequence INTEGER NOT NULL, bag TEXT NOT NULL REFERENCES bags,
        PRIMARY KEY (participant, encounter, sequence)""",
    "retractions": """
        participant TEXT NOT NULL REFERENCES randomisations, encounter TEXT NOT NULL,
        sequence INTEGER NOT NULL, PRIMARY KEY (participant, encounter, sequence)""",
    "lots": "lot TEXT PRIMARY KEY, place TEXT NOT NULL",
    "recorded": """
        participant TEXT NOT NULL REFERENCES participants, encounter TEXT NOT NULL,
        item TEXT NOT NULL, corrected INTEGER NOT NULL, value TEXT,
        PRIMARY KEY (participant, encounter, item, corrected)""",
    "query_turns": """
        participant TEXT NOT NULL REFERENCES participants, query TEXT NOT NULL,
        sequence INTEGER NOT NULL, turn TEXT NOT NULL,
        PRIMARY KEY (participant, query, sequence)""",
    "visits": """
        participant TEXT NOT NULL REFERENCES participants, encounter TEXT NOT NULL,
        corrected INTEGER NOT NULL, day TEXT, PRIMARY KEY (participant, encounter, corrected)""",
    "contacts": """
        participant TEXT NOT NULL REFERENCES randomisations, day TEXT NOT NULL,
        proposed INTEGER NOT NULL CHECK (proposed >= 0), PRIMARY KEY (participant, day)""",
    "doses_decided": """
        participant TEXT NOT NULL, day TEXT NOT NULL, decision TEXT NOT NULL,
        dose INTEGER NOT NULL CHECK (dose >= 0), PRIMARY KEY (participant, day),
        FOREIGN KEY (participant, day) REFERENCES contacts (participant, day)""",
    "doses_corrected": """
        participant TEXT NOT NULL REFERENCES randomisations, sequence INTEGER NOT NULL,
        day TEXT NOT NULL, dose INTEGER CHECK (dose >= 0), PRIMARY KEY (participant, sequence)""",
    "dossiers": """
        dossier TEXT PRIMARY KEY, participant TEXT NOT NULL REFERENCES participants,
        number INTEGER NOT NULL, known INTEGER NOT NULL, UNIQUE (participant, number, known)""",
    "verdicts": """
        dossier TEXT NOT NULL REFERENCES dossiers, person TEXT NOT NULL,
        PRIMARY KEY (dossier, person)""",
    "deviations": """
        participant TEXT NOT NULL REFERENCES participants, deviation TEXT NOT NULL, rule TEXT,
        PRIMARY KEY (participant, deviation), UNIQUE (participant, rule)""",
    "unblindings": """
        sequence INTEGER PRIMARY KEY, person TEXT NOT NULL,
        participant TEXT NOT NULL REFERENCES randomisations""",
    "withdrawals": """
        participant TEXT NOT NULL REFERENCES participants, sequence INTEGER NOT NULL, cause TEXT,
        PRIMARY KEY (participant, sequence)""",
    "cancelled": "participant TEXT PRIMARY KEY REFERENCES participants",
}
"""Name and columns, in the SQL that SQLite and PostgreSQL share; in the order of their references.

``corrected`` is 0 for what was recorded first, then the sequence of each correction.
"""


def rows(entry: Entry) -> Added:
    """What an entry adds to the tables."""
    adds = _ADDS.get(type(entry.event))
    return adds(entry, entry.event) if adds else ()


def _opened(entry: Entry, _: trial.TrialOpened) -> Added:
    return (("staff", (entry.envelope.actor, entry.envelope.role, "", entry.sequence)),)


def _appointed(entry: Entry, event: trial.StaffAppointed) -> Added:
    return (("staff", (event.person, event.given, event.place or "", entry.sequence)),)


def _deposited(_: Entry, event: trial.ListDeposited) -> Added:
    counts: dict[str, int] = {}
    added = []
    for slot, stratum, commitment in event.slots:
        counts[stratum] = counts.get(stratum, 0) + 1
        added.append(("slots", (slot, stratum, counts[stratum], commitment)))
    return tuple(added)


def _enrolled(entry: Entry, _: participant.Enrolled) -> Added:
    return (("participants", (entry.envelope.participant, entry.envelope.site)),)


def _consented(entry: Entry, event: participant.Consented | participant.ConsentedV1) -> Added:
    return (("consents", (entry.envelope.participant, event.form, event.language)),)


def _randomised(entry: Entry, event: participant.Randomised) -> Added:
    row = (entry.envelope.participant, event.slot, event.stratum, event.position)
    return (("randomisations", row),)


def _prepared(entry: Entry, event: preparation.DosePrepared | preparation.DosePreparedV1) -> Added:
    number = event.number if isinstance(event, preparation.DosePrepared) else 1
    return (("bags", (event.bag, entry.envelope.participant, event.encounter, number)),)


def _infused(entry: Entry, event: infusion.Infused) -> Added:
    return (("infusions", (entry.envelope.participant, event.encounter, event.bag)),)


def _other_bag(entry: Entry, event: infusion.OtherBagInfused) -> Added:
    row = (entry.envelope.participant, event.encounter, entry.sequence, event.bag)
    return (("other_bags", row),)


def _retracted(entry: Entry, event: infusion.DoseRetracted) -> Added:
    return (("retractions", (entry.envelope.participant, event.encounter, entry.sequence)),)


def _received(_: Entry, event: product.LotReceived) -> Added:
    return (("lots", (event.lot, event.place)),)


def _recorded(entry: Entry, event: values.ValueRecorded | values.ValueCorrected) -> Added:
    corrected = entry.sequence if isinstance(event, values.ValueCorrected) else 0
    who = entry.envelope.participant
    return (("recorded", (who, event.encounter, event.item, corrected, event.value)),)


def _visited(
    entry: Entry, event: visits.VisitHeld | visits.VisitMissed | visits.VisitCorrected
) -> Added:
    corrected = entry.sequence if isinstance(event, visits.VisitCorrected) else 0
    on = None if isinstance(event, visits.VisitMissed) or event.on is None else str(event.on)
    return (("visits", (entry.envelope.participant, event.encounter, corrected, on)),)


def _proposed(entry: Entry, event: titration.TitrationProposed) -> Added:
    return (("contacts", (entry.envelope.participant, str(event.on), event.proposed)),)


def _decided(entry: Entry, event: titration.DoseDecided) -> Added:
    row = (entry.envelope.participant, str(event.on), event.decision, event.dose)
    return (("doses_decided", row),)


def _dose_corrected(entry: Entry, event: titration.DoseCorrected) -> Added:
    row = (entry.envelope.participant, entry.sequence, str(event.on), event.dose)
    return (("doses_corrected", row),)


def _withdrawn(entry: Entry, event: participant.Withdrawn) -> Added:
    return (("withdrawals", (entry.envelope.participant, entry.sequence, event.cause)),)


def _disposed(entry: Entry, event: disposition.DispositionCorrected) -> Added:
    row = (entry.envelope.participant, entry.sequence, event.cause)
    return (("withdrawals", row),) if event.what == "withdrawal" else ()


def _cancelled(entry: Entry, _: participant.EnrolmentCancelled) -> Added:
    return (("cancelled", (entry.envelope.participant,)),)


def _turned(entry: Entry, event: data.QueryTurn) -> Added:
    row = (entry.envelope.participant, event.query, entry.sequence, type(event).__name__)
    return (("query_turns", row),)


def _deviated(entry: Entry, event: deviations.DeviationRecorded) -> Added:
    return (("deviations", (entry.envelope.participant, event.deviation, event.rule)),)


def _put_before(entry: Entry, event: adjudication.DossierPrepared) -> Added:
    row = (event.dossier, entry.envelope.participant, event.number, event.known)
    return (("dossiers", row),)


def _judged(entry: Entry, event: adjudication.VerdictGiven) -> Added:
    return (("verdicts", (event.dossier, entry.envelope.actor)),)


def _unblinded(entry: Entry, _: unblinding.AnyUnblinded) -> Added:
    row = (entry.sequence, entry.envelope.actor, entry.envelope.participant)
    return (("unblindings", row),)


_ADDS: Final[Mapping[type[Event], Callable[[Entry, Any], Added]]] = {
    trial.TrialOpened: _opened,
    trial.StaffAppointed: _appointed,
    trial.ListDeposited: _deposited,
    participant.Enrolled: _enrolled,
    participant.Consented: _consented,
    participant.ConsentedV1: _consented,
    participant.Randomised: _randomised,
    preparation.DosePrepared: _prepared,
    preparation.DosePreparedV1: _prepared,
    infusion.Infused: _infused,
    infusion.OtherBagInfused: _other_bag,
    infusion.DoseRetracted: _retracted,
    product.LotReceived: _received,
    values.ValueRecorded: _recorded,
    values.ValueCorrected: _recorded,
    visits.VisitHeld: _visited,
    visits.VisitMissed: _visited,
    visits.VisitCorrected: _visited,
    titration.TitrationProposed: _proposed,
    titration.DoseDecided: _decided,
    titration.DoseCorrected: _dose_corrected,
    participant.Withdrawn: _withdrawn,
    participant.EnrolmentCancelled: _cancelled,
    disposition.DispositionCorrected: _disposed,
    adjudication.DossierPrepared: _put_before,
    adjudication.VerdictGiven: _judged,
    unblinding.Unblinded: _unblinded,
    unblinding.UnblindedV1: _unblinded,
    deviations.DeviationRecorded: _deviated,
    **dict.fromkeys(get_args(data.QueryTurn), _turned),
}
