"""Emergency unblinding: recorded first, then shown once, to one person, of one participant."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct import sealed, vault
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.participant import Withdraw
from equipoise.conduct.commands.unblinding import Unblind
from equipoise.conduct.commands.values import Record
from equipoise.conduct.events.event import CHAINS
from equipoise.conduct.projections import TABLES
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.verification import verify
from equipoise.conduct.views import unblinding as views
from equipoise.errors import ConductError, NotPermittedError, SealError

from .emergency import WHY, signed

TODAY = PartialDate(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_investigator_alone_learns_the_arm_that_the_preparer_finds(broken):
    asked = broken.ask()

    assert broken.arm(asked, broken.answer(asked)) == broken.scene.open_slot("S1-001")


def test_no_arm_stands_in_the_log_the_tables_the_request_or_the_register(broken):
    asked = broken.ask()
    arm = broken.arm(asked, answered := broken.answer(asked))
    log = broken.scene.log
    kept = [line.line for chain in CHAINS for line in log.lines(chain)][20:]
    with log.storage.reading() as session:
        kept += [repr(list(session.rows(f"SELECT * FROM {table}"))) for table in TABLES]  # noqa: S608
    assert asked.arms == ("TABLET", "PLACEBO")  # of all, as the list was sealed with
    kept += [
        repr(asked._replace(arms=())),
        answered,
        *(path.read_text() for path in broken.folder.iterdir()),
    ]

    assert len(kept) > 30
    assert not [text for text in kept if arm in text]
    assert log.tip("vault").sequence == 1  # the boxes; nothing was added
    verify(log)


def test_it_is_recorded_before_anything_is_handed_out(broken):
    with pytest.raises(NotPermittedError):
        signed(broken)


def test_the_vault_answers_a_line_once_and_a_repeated_request_is_recorded_again(broken):
    asked = broken.ask()
    broken.answer(asked)
    with pytest.raises(SealError, match="answered already"):
        broken.answer(asked)
    again = broken.ask()

    assert broken.arm(again, broken.answer(again))
    assert len(broken.scene.log.participant("S1-001").unblindings.openings) == 2
    assert len(list(broken.folder.iterdir())) == 2


def test_the_answer_opens_for_the_key_of_the_line_alone(broken):
    asked = broken.ask()
    answered = broken.answer(asked)

    for key in (vault.one_time_key(), broken.scene.keys["vault"], broken.scene.keys["preparer"]):
        with pytest.raises(SealError):
            broken.arm(asked, answered, key)


def test_all_answers_have_one_length(broken):
    answers = [broken.answer(broken.ask(name)) for name in ("S1-001", "S1-002") * 3]

    assert {len(one) for one in answers} == {2 * (sealed.LENGTH + 48)}


def test_it_works_at_any_hour_after_leaving_and_after_lock(broken):
    scene = broken.scene
    scene.do(Withdraw("S1-001", "adverse event", TODAY, "collapsed"), scene.investigator)
    asked = broken.ask()
    assert broken.arm(asked, broken.answer(asked))
    scene.lock()
    night = datetime(2026, 1, 6, 3, 7, tzinfo=ZoneInfo("Asia/Shanghai"))
    command = Unblind("S1-001", WHY, "passkey", key=broken.key.public.hex())
    scene.log.append(command, by=scene.investigator, at=night, command="night")
    asked = signed(broken)

    assert broken.arm(asked, broken.answer(asked))


def test_nobody_else_is_handed_the_request_not_even_another_investigator(broken, staff):
    broken.ask()
    for by in (*staff.values(), Actor("other", Role.INVESTIGATOR, "S1")):
        if by == broken.scene.investigator:
            continue
        with pytest.raises(NotPermittedError, match="there is nothing here for this role"):
            signed(broken, by)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (Unblind("S1-404", WHY, "passkey", key="00" * 32), "no such participant"),
        (Unblind("S1-003", WHY, "passkey", key="00" * 32), "not randomised"),
        (Unblind("S1-001", "", "passkey", key="00" * 32), "give the reason"),
        (Unblind("S1-001", WHY, "passkey"), "give the key"),
        (
            Unblind("S1-001", WHY, "passkey", key="00" * 32, opened="2026-01-05T03:00+08:00"),
            "give the key",
        ),
        (Unblind("S1-001", WHY, "passkey", key="xyz"), "hexadecimal"),
        (Unblind("S1-001", WHY, "passkey", key="00" * 33), "hexadecimal"),
        (Unblind("S1-001", WHY, "passkey", opened="2026-01-05T13:00+08:00"), "not come yet"),
        (Unblind("S1-001", WHY, "passkey", opened="last night"), "write it as"),
    ],
)
def test_an_unblinding_that_cannot_be_is_refused(broken, command, said):
    broken.scene.enrol("S1-003")
    tip = broken.scene.log.tip("main")

    with pytest.raises(ConductError, match=said):
        broken.scene.do(command, broken.scene.investigator)
    assert broken.scene.log.tip("main") == tip


def test_the_notice_tells_no_arm_and_no_slot_in_either_language(broken, study):
    asked = broken.ask()
    broken.answer(asked)
    (notice,) = views.notices(broken.scene.log, by=broken.scene.data_manager)

    for lang in ("en", "zh"):
        words = notice.words(lang)
        assert {"S1-001", WHY, "investigator"} <= {
            x for x in ("S1-001", WHY, "investigator") if x in words
        }
        assert not [
            x
            for arm in study.protocol.arms
            for x in (arm.name, arm.label.en, arm.label.zh)
            if x in words
        ]
        assert asked.slot.slot not in words


def test_what_the_person_records_afterwards_is_flagged_for_that_participant_alone(broken):
    scene = broken.scene

    def record(name, by, minutes):
        at = NOON + timedelta(minutes=minutes)
        encounter = "BASELINE" if minutes < 20 else "WEEK4"
        asked = Record(name, encounter, "SBP", "140", TODAY, "mmHg")
        scene.log.append(asked, by=by, at=at, command=f"r{name}{minutes}")

    record("S1-001", scene.investigator, -5)
    broken.ask("S1-001")
    record("S1-001", scene.investigator, 30)
    record("S1-002", scene.investigator, 31)
    record("S1-002", scene.nurse, 10)
    (flagged,) = views.assessments(scene.log, "S1-001", by=scene.monitor)

    assert (flagged.what, flagged.by, flagged.at) == (
        "ValueRecorded",
        "investigator",
        "2026-01-05T12:30+08:00",
    )
    assert views.assessments(scene.log, "S1-002", by=scene.monitor) == []


def test_paper_opened_in_the_night_flags_what_was_recorded_before_it_was_told(broken):
    scene = broken.scene
    asked = Record("S1-001", "BASELINE", "SBP", "140", TODAY, "mmHg")
    late = NOON + timedelta(minutes=2)
    scene.log.append(asked, by=scene.investigator, at=late, command="r1")
    told = Unblind("S1-001", WHY, "passkey", opened="2026-01-05T12:01+08:00")
    at = NOON + timedelta(hours=2)
    scene.log.append(told, by=scene.investigator, at=at, command="u1")

    assert [one.what for one in views.assessments(scene.log, "S1-001", by=scene.monitor)][-1] == (
        "ValueRecorded"
    )
    (notice,) = views.notices(scene.log, by=scene.monitor)
    assert (notice.on_paper, notice.at) == (True, "2026-01-05T12:01+08:00")
    with pytest.raises(NotPermittedError):  # nothing to ask the vault with
        signed(broken)


@pytest.mark.parametrize("at", ["2026-01-05T11:59+08:00", "2025-12-31T09:00", "1999-01-01T09:00"])
def test_no_envelope_is_opened_before_there_was_one(broken, at):
    with pytest.raises(ConductError, match=r"is before S1-001 was randomised; which time is it"):
        broken.scene.do(Unblind("S1-001", WHY, "passkey", opened=at), broken.scene.investigator)


def test_the_register_is_readable_by_the_vault_alone(broken):
    broken.answer(broken.ask())
    (path,) = broken.folder.iterdir()

    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("role", [Role.STATISTICIAN, Role.DATA_MANAGER, Role.MONITOR])
def test_who_opened_a_blind_is_given_no_blinded_role_of_the_whole_trial(broken, role):
    from equipoise.conduct.commands.trial import Appoint

    broken.ask()

    with pytest.raises(ConductError, match="is or was investigator: the same person is never"):
        broken.scene.do(Appoint("investigator", role), broken.scene.administrator)


def test_who_knows_the_arm_does_not_write_it_where_the_blinded_read(broken):
    """A net for slips of the pen: about this participant, by this person, an arm by its name."""
    do, investigator = broken.scene.do, broken.scene.investigator

    def withdraw(name, reason):
        return Withdraw(name, "adverse event", TODAY, reason)

    broken.ask()
    for reason in ("a rash, from the placebo?", "皮疹，安慰剂"):
        with pytest.raises(ConductError, match="you know the arm of S1-001"):
            do(withdraw("S1-001", reason), investigator)
    do(withdraw("S1-001", "a rash after the placebos of a cousin"), investigator)
    with pytest.raises(ConductError, match="you know the arm of S1-001"):
        do(withdraw("S1-002", "like S1-001, who is on ＰＬＡＣＥＢＯ"), investigator)
    do(
        Withdraw("S1-002", "other", TODAY, "believes to be on placebo"),
        broken.scene.sub_investigator,
    )


@pytest.mark.parametrize("paper", [True, False])
def test_the_reason_of_an_unblinding_names_no_arm(broken, paper):
    """Who opened the paper knows it already, and everybody is sent the reason."""
    how = {"opened": "2026-01-05T12:00+08:00"} if paper else {"key": broken.key.public.hex()}
    for reason in ("the card says placebo", "因为安慰剂", "pla\N{SOFT HYPHEN}cebo"):
        asked = Unblind("S1-001", reason, "passkey", **how)
        with pytest.raises(ConductError, match="everybody reads the reason, and it says"):
            broken.scene.do(asked, broken.scene.investigator)
