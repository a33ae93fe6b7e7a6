"""Days of which a part is unknown: where they are taken, and what becomes of them."""

from __future__ import annotations

from datetime import date

import pytest

from equipoise.conduct import sealed
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.participant import Consent, Withdraw
from equipoise.conduct.commands.safety import ReportAdverseEvent
from equipoise.conduct.commands.trial import OpenBlind
from equipoise.conduct.commands.values import Record
from equipoise.conduct.extract import extract
from equipoise.errors import ConductError
from equipoise.records.check import check_records

from .adverse import HEADACHE

TODAY = PartialDate(2026, 1, 5)


def test_a_day_of_which_a_part_is_unknown_is_null_and_stops_nothing(scene, study):
    scene.randomise("S1-001")
    january = PartialDate(2026, 1)
    scene.do(Record("S1-001", "BASELINE", "SBP", "150", january, "mmHg"), scene.nurse)
    begun = HEADACHE._replace(start=january, outcome="recovered", end=TODAY)
    scene.do(ReportAdverseEvent("S1-001", begun), scene.investigator)
    scene.lock()
    private = scene.keys["custodian"].private
    openings = sealed.open_list(study.name, scene.sealed, "custodian", private)
    scene.do(OpenBlind(openings), scene.custodian)
    records = extract(scene.log, private=private, listed=scene.sealed.fingerprint)

    dates = records["measurements"].filter(encounter="BASELINE")["date"].to_list()
    assert dates == [None]
    events = records["adverse_events"].select("start_date", "end_date").rows()
    assert events == [(None, date(2026, 1, 5))]
    assert check_records(records.tables, study) == []


@pytest.mark.parametrize(
    "command",
    [
        Consent("S1-001", "icf-1", "zh", PartialDate(2026, 1)),
        Withdraw("S1-002", "other", PartialDate(2025), "moved away"),
    ],
)
def test_a_day_that_the_records_need_is_given_whole(scene, command):
    scene.enrol("S1-002")
    with pytest.raises(ConductError, match="give the whole date"):
        scene.do(command, scene.investigator)
