from __future__ import annotations

from itertools import product

import pytest

from equipoise.conduct import views
from equipoise.conduct.commands.adjudication import (
    GiveVerdict,
    PrepareDossier,
    SettleDisagreement,
)
from equipoise.conduct.commands.amendment import Amend
from equipoise.conduct.commands.command import Command
from equipoise.conduct.commands.corrections import (
    CancelEnrolment,
    CorrectConsent,
    CorrectDisposition,
    CorrectDose,
    RetractDose,
)
from equipoise.conduct.commands.deviations import RecordDeviation, ReviewDeviation
from equipoise.conduct.commands.diary import CorrectReading, RecordReadings
from equipoise.conduct.commands.disposition import (
    CompleteStudy,
    ContactLate,
    DiscontinueTreatment,
    RestartMedicine,
    StopMedicine,
)
from equipoise.conduct.commands.forms import FormNotDone, RecordForm
from equipoise.conduct.commands.infusion import Infuse, InfuseOtherBag, NotInfused, Observe, ScanBag
from equipoise.conduct.commands.lock import ApproveLock, AskToUnlock, Lock, Unlock, Waive
from equipoise.conduct.commands.lots import (
    CorrectLot,
    RecallLot,
    ReceiveLot,
    RecordTest,
    RejectLot,
    ReleaseLot,
)
from equipoise.conduct.commands.oversight import Freeze, ReviewForm, Unfreeze, VerifySource
from equipoise.conduct.commands.participant import (
    Consent,
    EraseDetails,
    Randomise,
    RecordDetails,
    Screen,
    Withdraw,
)
from equipoise.conduct.commands.preparation import CheckDose, DiscardBag, PrepareDose
from equipoise.conduct.commands.queries import (
    AnswerQuery,
    CancelQuery,
    CloseQuery,
    QueryDiscrepancies,
    RaiseQuery,
    ReopenQuery,
)
from equipoise.conduct.commands.rehearsal import DeclareRehearsal
from equipoise.conduct.commands.safety import (
    Account,
    CodeAdverseEvent,
    FileReport,
    FollowUpAdverseEvent,
    ReportAdverseEvent,
)
from equipoise.conduct.commands.staff import Dismiss, NameStaff
from equipoise.conduct.commands.stock import NoteStock
from equipoise.conduct.commands.titration import Contact, DecideDose, StartDose
from equipoise.conduct.commands.trial import Appoint, DepositList, OpenBlind, OpenTrial
from equipoise.conduct.commands.unblinding import Unblind
from equipoise.conduct.commands.values import Correct, PartialDate, Record, Sign
from equipoise.conduct.commands.visits import CorrectVisit, HoldVisit, MissVisit
from equipoise.conduct.events.event import CHAINS
from equipoise.conduct.roles import BLINDED, MAY, READS, UNBLINDED, Actor, Role, compatible
from equipoise.errors import ConductError, NotPermittedError

TODAY = PartialDate(2026, 1, 5)
RASH = Account(
    None, "rash", TODAY, "mild", {}, "related", "no", "none", "unknown", "2026-01-05T12:00+08:00"
)


def commands(name):
    """One of each command, about a participant."""
    return (
        OpenTrial(),
        DeclareRehearsal(),
        Appoint("somebody", Role.MONITOR),
        NameStaff("somebody", "Some Body"),
        Dismiss("somebody", Role.MONITOR, "left the institute"),
        Amend("2026-17", "longer follow-up"),
        DepositList("", (), (), {}, {}),
        Consent(name, "icf-1", "zh", TODAY),
        Record(name, "BASELINE", "SBP", "150", TODAY, "mmHg"),
        RecordForm(name, "BASELINE", "vitals", {"SBP": "150"}, TODAY, {"SBP": "mmHg"}),
        FormNotDone(name, "BASELINE", "vitals", TODAY, "the cuff was broken"),
        Correct(name, "SCREENING", "SBP", "151", TODAY, "misread", "mmHg"),
        CorrectConsent(name, "icf-1", "zh", TODAY, "misread"),
        CancelEnrolment(name, "mistyped"),
        Screen(name),
        Randomise(name),
        ReceiveLot("L1", "TABLET", "S1", 100, TODAY, "below 25 °C", content="5"),
        CorrectLot("L1", 90, TODAY, "below 25 °C", "miscounted", content="5"),
        RecordTest("L1", "ASSAY", "5.0", TODAY),
        ReleaseLot("L1", "passkey"),
        RejectLot("L1", "broken seal"),
        RecallLot("L1", "a complaint"),
        NoteStock("N-22222222", {}, 1),
        PrepareDose(name, "BASELINE", "B-22222222", "2026-01-05T09:00", {}, 1),
        CheckDose(name, "BASELINE", "B-22222222"),
        DiscardBag(name, "BASELINE", "B-22222222", "spilled"),
        ScanBag(name, "BASELINE", "B-22222222"),
        Infuse(name, "BASELINE", "B-22222222", "2026-01-05T10:00", "2026-01-05T11:00"),
        InfuseOtherBag(name, "BASELINE", "B-22222222", "2026-01-05T10:00", "2026-01-05T11:00"),
        NotInfused(name, "BASELINE", "did not come"),
        RetractDose(name, "BASELINE", "another participant's"),
        Observe(name, "BASELINE", 15, "2026-01-05T10:15", {}, {}),
        ReportAdverseEvent(name, RASH),
        FollowUpAdverseEvent(name, 1, RASH, "a letter came"),
        CodeAdverseEvent(name, 1, "Rash", "MedDRA 27.0", "10037844"),
        FileReport(name, 1, "sponsor", "2026-01-05T12:00+08:00"),
        PrepareDossier(name, 1, "D-23456789", "a rash"),
        GiveVerdict("D-23456789", "yes", "related", "as I see it"),
        SettleDisagreement("D-23456789", "yes", "related", "as I see it"),
        Unblind(name, "anaphylaxis", "passkey", key="00" * 32),
        Sign(name, "SCREENING", "reviewed", "password"),
        Withdraw(name, "other", TODAY, "moved away"),
        HoldVisit(name, "WEEK4", TODAY),
        MissVisit(name, "WEEK4", "was abroad"),
        CorrectVisit(name, "BASELINE", TODAY, "misread"),
        RecordReadings(name, (("2026-01-05", "fasting", "6.1"),), "page 1"),
        CorrectReading(name, TODAY, "fasting", "6.2", "misread"),
        StartDose(name, TODAY, 10),
        Contact(name, TODAY),
        DecideDose(name, TODAY, "accepted", 12),
        CorrectDose(name, TODAY, "mistyped", 12, "changed"),
        DiscontinueTreatment(name, "other", TODAY, "wishes so"),
        StopMedicine(name, TODAY, "low readings"),
        RestartMedicine(name, TODAY, 10, "high readings"),
        CompleteStudy(name, TODAY),
        ContactLate(name, TODAY, "nothing", "asked by telephone"),
        CorrectDisposition(name, "withdrawal", "mistyped"),
        RaiseQuery(name, "SCREENING", "SBP", "Is this right?"),
        QueryDiscrepancies(name),
        AnswerQuery(name, "Q1", "It is."),
        CloseQuery(name, "Q1"),
        ReopenQuery(name, "Q1", "please look again"),
        CancelQuery(name, "Q1", "asked by mistake"),
        VerifySource(name, "SCREENING", "vitals"),
        ReviewForm(name, "SCREENING", "vitals"),
        Freeze(name),
        Unfreeze(name, "a value is wrong"),
        RecordDetails(name, "00" * 100),
        EraseDetails(name, "asked to be forgotten"),
        RecordDeviation(name, "visit", "minor", TODAY, "came a day late"),
        ReviewDeviation(name, "D1", "minor"),
        Waive("signatures", "the site is closed"),
        ApproveLock("passkey"),
        Lock(),
        AskToUnlock("a value is wrong"),
        Unlock("a value is wrong"),
        OpenBlind({}),
    )


FORBIDDEN = [
    (role, command)
    for role, command in product(Role, commands("S1-001"))
    if role not in MAY[command.NAME]
]


def test_every_command_stands_in_the_table_of_roles():
    def kinds(of):
        return [kind for sub in of.__subclasses__() for kind in (sub, *kinds(sub))]

    assert {kind.NAME for kind in kinds(Command)} == set(MAY)
    assert [command.NAME for command in commands("x")] == list(MAY)


def test_every_forbidden_pair_is_refused_and_the_refusal_tells_nothing(scene, staff):
    """The same words whether the participant exists or not, was randomised or not."""
    scene.randomise("S1-001")
    by_role = {actor.role: actor for actor in staff.values()}

    def refusal(command, role):
        with pytest.raises(NotPermittedError) as refused:
            scene.do(command, by_role.get(role, Actor("p", role)))
        return str(refused.value)

    before = scene.log.tip("main")
    assert len(FORBIDDEN) > 200
    for role, command in FORBIDDEN:
        (nobody,) = (c for c in commands("S1-404") if c.NAME == command.NAME)
        said = refusal(command, role)
        assert said == refusal(nobody, role) == f"{role}: {command.NAME} is not a task of this role"
    assert scene.log.tip("main") == before


def test_a_person_of_another_site_finds_no_participant(scene, staff, study):
    """The words do not tell whether the participant exists."""
    scene.randomise("S1-001")
    site = study.protocol.sites[0]
    two = study.protocol.model_copy(
        update={"sites": (site, site.model_copy(update={"name": "S2"}))}
    )
    from dataclasses import replace

    scene.log = replace(scene.log, study=replace(study, protocol=two))
    visitor = Actor("visitor", Role.INVESTIGATOR, "S2")
    scene.do(Appoint(*visitor), scene.administrator)

    def refusal(name, expected=None):
        sign = Sign(name, "SCREENING", "reviewed", "password")
        with pytest.raises(ConductError) as refused:
            scene.do(sign, visitor, expected=expected)
        return str(refused.value)

    assert refusal("S1-001") == refusal("S1-404")
    assert refusal("S1-001", expected=999) == refusal("S1-404", expected=999)


def test_nobody_of_a_site_is_given_the_log_of_all_sites(scene):
    assert b"".join(views.chain(scene.log, "main", by=scene.monitor))
    for by, chain in product((scene.investigator, scene.nurse, scene.preparer), CHAINS):
        with pytest.raises(NotPermittedError, match="there is nothing here"):
            views.chain(scene.log, chain, by=by)


def test_blinded_roles_read_no_vault():
    assert READS["vault"] <= UNBLINDED
    assert not READS["vault"] & BLINDED


@pytest.mark.parametrize("unblinded", sorted(UNBLINDED))
@pytest.mark.parametrize("blinded", sorted(BLINDED))
def test_who_was_unblinded_is_never_blinded_again(unblinded, blinded):
    for held, given in ((unblinded, blinded), (blinded, unblinded)):
        with pytest.raises(ConductError, match="the same person is never"):
            compatible("somebody", [held], given)


def test_the_custodian_is_nothing_else_and_the_adjudicator_not_of_a_site(scene):
    for person, role, site in (
        ("custodian", Role.PREPARER, "S1"),
        ("adjudicator", Role.NURSE, "S1"),
        ("preparer", Role.NURSE, "S1"),
        ("nurse", Role.PREPARER, "S1"),
    ):
        with pytest.raises(ConductError, match="the same person is never"):
            scene.do(Appoint(person, role, site), scene.administrator)


@pytest.mark.parametrize(
    ("held", "given"),
    [
        (Role.MONITOR, Role.INVESTIGATOR),  # would stay a blinded monitor after an emergency
        (Role.COMMITTEE_MEMBER, Role.STATISTICIAN),  # has read the closed pack, arm by arm
        (Role.COMMITTEE_STATISTICIAN, Role.PREPARER),  # arms of slots, and whose slots they are
        (Role.COMMITTEE_STATISTICIAN, Role.UNBLINDED_AUDITOR),
        (Role.QUALIFIED_PERSON, Role.AUDITOR),  # recalled a lot, and reads which bags went then
    ],
)
def test_two_halves_of_what_tells_an_arm_are_not_in_one_hand(held, given):
    for first, second in ((held, given), (given, held)):
        with pytest.raises(ConductError, match="the same person is never"):
            compatible("somebody", [first], second)


def test_a_nurse_may_also_give_infusions(scene):
    scene.do(Appoint("nurse", Role.INFUSION_NURSE, "S1"), scene.administrator)

    assert Actor("nurse", Role.INFUSION_NURSE, "S1") in scene.log.trial().staff


def test_the_preparer_is_not_the_second_checker_of_the_same_bag(scene):
    scene.do(Appoint("preparer", Role.SECOND_CHECKER, "S1"), scene.administrator)
    scene.randomise("S1-001")
    scene.prepare("S1-001", "BASELINE", bag="B-22222222")
    both = Actor("preparer", Role.SECOND_CHECKER, "S1")

    with pytest.raises(ConductError, match="second person"):
        scene.do(CheckDose("S1-001", "BASELINE", "B-22222222"), both)
