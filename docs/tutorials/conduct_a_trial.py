"""A small trial conducted by hand, role by role, from sealing the list to opening it at lock.

    python docs/tutorials/conduct_a_trial.py

It takes place in a temporary folder, with the study that `equipoise new` makes: a tablet against
placebo in high blood pressure. Everybody in it is invented and is called by their role. It is one
file, longer than others, so that it can be read from top to bottom.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from equipoise.conduct import sealed, shares, vault, views
from equipoise.conduct.bench import dose as bench
from equipoise.conduct.bench.stock import at_bench
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.checklist import COMPLETE
from equipoise.conduct.codes import dossier_code
from equipoise.conduct.commands.adjudication import (
    GiveVerdict,
    PrepareDossier,
    SettleDisagreement,
)
from equipoise.conduct.commands.command import Command
from equipoise.conduct.commands.deviations import RecordDeviation, ReviewDeviation
from equipoise.conduct.commands.disposition import CompleteStudy
from equipoise.conduct.commands.forms import RecordForm
from equipoise.conduct.commands.infusion import Infuse, ScanBag
from equipoise.conduct.commands.lock import ApproveLock, Lock
from equipoise.conduct.commands.lots import ReceiveLot, ReleaseLot
from equipoise.conduct.commands.participant import Consent, Randomise, Screen
from equipoise.conduct.commands.preparation import CheckDose
from equipoise.conduct.commands.queries import AnswerQuery, CloseQuery, QueryDiscrepancies
from equipoise.conduct.commands.safety import (
    Account,
    FileReport,
    FollowUpAdverseEvent,
    ReportAdverseEvent,
)
from equipoise.conduct.commands.trial import Appoint, DepositList, OpenBlind, OpenTrial
from equipoise.conduct.commands.unblinding import Unblind
from equipoise.conduct.commands.values import Correct, Sign
from equipoise.conduct.commands.visits import HoldVisit
from equipoise.conduct.extract import extract
from equipoise.conduct.keyfiles import signing_key
from equipoise.conduct.log import Log
from equipoise.conduct.roles import AT_SITE, Actor, Role
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.verification import verify
from equipoise.conduct.views import adjudication, oversight, product, safety, unblinding
from equipoise.errors import ConductError
from equipoise.protocol.load import TEMPLATE, load_study
from equipoise.protocol.whole import Study
from equipoise.rules.safety import Criteria

MORNING = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
SIGNED_WITH = "password and one-time code"


def somebody(role: Role) -> Actor:
    """The person of a role; at site S1 where it is a role of sites."""
    return Actor(role.replace(" ", "-"), role, "S1" if role in AT_SITE else None)


INVESTIGATOR, NURSE = somebody(Role.INVESTIGATOR), somebody(Role.NURSE)
PREPARER, CHECKER = somebody(Role.PREPARER), somebody(Role.SECOND_CHECKER)
HANDS_OUT, QUALIFIED = somebody(Role.INFUSION_NURSE), somebody(Role.QUALIFIED_PERSON)
MANAGER, STATISTICIAN = somebody(Role.DATA_MANAGER), somebody(Role.STATISTICIAN)
CUSTODIAN, ADMINISTRATOR = somebody(Role.CUSTODIAN), somebody(Role.ADMINISTRATOR)
READERS = tuple(Actor(f"reader-{number}", Role.ADJUDICATOR) for number in (1, 2))
CHAIR = somebody(Role.CHAIR)
OTHERS = (
    *(INVESTIGATOR, NURSE, PREPARER, CHECKER, HANDS_OUT, QUALIFIED, MANAGER, STATISTICIAN),
    *(*READERS, CHAIR),
)


@dataclass
class Clinic:
    """The trial's log, and a clock that we turn."""

    log: Log
    now: datetime
    numbers: count[int]

    @property
    def today(self) -> PartialDate:
        return PartialDate(self.now.year, self.now.month, self.now.day)

    @property
    def minute(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M")

    def do(self, command: Command, by: Actor) -> list[Any]:
        """Give a command; what it recorded."""
        self.now += timedelta(minutes=1)
        name = f"command-{next(self.numbers)}"
        entries = self.log.append(command, by=by, at=self.now, command=name)
        return [entry.event for entry in entries]

    def refused(self, command: Command, by: Actor) -> None:
        """Give a command that is refused, and show why."""
        try:
            self.do(command, by)
        except ConductError as refusal:
            print(f"  refused to the {by.role}: {refusal}")
        else:
            raise AssertionError(f"{command} was not refused")


def custodian_seals(study: Study) -> tuple[sealed.SealedList, dict[str, sealed.Key], Sequence[str]]:
    """1. The list custodian makes the list away from the trial's machine, and seals it."""
    keys = {holder: sealed.new_key() for holder in sealed.RECIPIENTS}
    public = {holder: key.public for holder, key in keys.items()}
    listed = sealed.seal(study, public, length=8, seed=20260303)
    print(f"1. {len(listed.slots)} slots sealed; each for {', '.join(sealed.RECIPIENTS)}")
    held_by_three = shares.split(keys["custodian"].private)
    return listed, {who: keys[who] for who in ("preparer", "vault")}, held_by_three


def administrator_opens(study: Study, folder: Path, listed: sealed.SealedList) -> Clinic:
    """2. The administrator opens the trial and appoints everybody; the sealed list is deposited."""
    clinic = Clinic(Log(study, SQLite(folder / "trial.sqlite")), MORNING, count(1))
    clinic.do(OpenTrial(), ADMINISTRATOR)
    for actor in (*OTHERS, CUSTODIAN):
        clinic.do(Appoint(*actor), ADMINISTRATOR)
    print("2. The trial is open; duties stay apart:")
    clinic.refused(Appoint(PREPARER.person, Role.NURSE, "S1"), ADMINISTRATOR)
    clinic.do(DepositList.of(listed), CUSTODIAN)
    return clinic


def qualified_person_releases(clinic: Clinic) -> None:
    """3. Lots come in and are released."""
    expiry = PartialDate(2027, 6, 30)
    for name in ("TABLET", "PLACEBO"):
        received = ReceiveLot(f"LOT-{name}", name, "S1", 200, expiry, "below 25 °C", content="5")
        clinic.do(received, QUALIFIED)
        clinic.do(ReleaseLot(f"LOT-{name}", SIGNED_WITH), QUALIFIED)
    print("3. Two lots are released, by the qualified person alone:")
    clinic.refused(ReleaseLot("LOT-TABLET", SIGNED_WITH), NURSE)


def site_screens(clinic: Clinic) -> None:
    """4, 5. Three people are screened; the two with high blood pressure are randomised."""
    print("4. Screening")
    people = (("S1-01", "55", "152"), ("S1-02", "67", "161"), ("S1-03", "48", "128"))
    for name, age, pressure in people:
        clinic.do(Consent(name, "icf-1", "zh", clinic.today), INVESTIGATOR)
        clinic.do(HoldVisit(name, "SCREENING", clinic.today), NURSE)
        said, units = {"AGE": age, "SEX": "F", "STROKE": "no"}, {"AGE": "year"}
        history = RecordForm(name, "SCREENING", "history", said, clinic.today, units)
        clinic.do(history, NURSE)
        vitals(clinic, name, "SCREENING", pressure)
        (judged,) = clinic.do(Screen(name), INVESTIGATOR)
        print(f"  {name}: eligible {judged.eligible}, by {judged.answers}")
    clinic.refused(Randomise("S1-03"), INVESTIGATOR)
    clinic.now += timedelta(days=12)
    for name in ("S1-01", "S1-02"):  # the next sealed slot; nobody here knows its arm
        (given,) = clinic.do(Randomise(name), INVESTIGATOR)
        print(f"5. {name}: {given.slot}, stratum {given.stratum}")


def vitals(clinic: Clinic, name: str, encounter: str, pressure: str) -> None:
    """The blood pressure of a visit."""
    form = RecordForm(name, encounter, "vitals", {"SBP": pressure}, clinic.today, {"SBP": "mmHg"})
    clinic.do(form, NURSE)


def pharmacy_prepares(
    clinic: Clinic, name: str, encounter: str, key: sealed.Key, listed: str
) -> None:
    """6. The preparer opens the slot at the bench, another person checks, a third hands it out.

    ``listed`` is the fingerprint of the list, which the custodian read out to them.
    """
    at = at_bench(clinic.log, by=PREPARER, private=key.private, listed=listed)
    asked = views.dose_to_prepare(clinic.log, name, by=PREPARER)
    made = bench.make_up(at, asked, encounter=encounter, begun=clinic.minute)
    clinic.do(made.command, PREPARER)
    bag = made.sheet.bag
    if (name, encounter) == ("S1-01", "BASELINE"):
        clinic.refused(Infuse(name, encounter, bag, clinic.minute, clinic.minute), HANDS_OUT)
    checked = product.bag_to_check(clinic.log, name, encounter, by=CHECKER)
    bench.check(at_bench(clinic.log, by=PREPARER, private=key.private, listed=listed), checked)
    clinic.do(CheckDose(name, encounter, bag), CHECKER)
    clinic.now += timedelta(minutes=5)
    clinic.do(ScanBag(name, encounter, bag), HANDS_OUT)
    clinic.do(Infuse(name, encounter, bag, clinic.minute, clinic.minute), HANDS_OUT)


def site_follows(clinic: Clinic, key: sealed.Key, listed: str) -> None:
    """7. Two visits; a misread value, and the query about it."""
    print("6. Doses are made up, checked and handed out by three people:")
    for name in ("S1-01", "S1-02"):
        clinic.do(HoldVisit(name, "BASELINE", clinic.today), NURSE)
        vitals(clinic, name, "BASELINE", "150")
        pharmacy_prepares(clinic, name, "BASELINE", key, listed)
    clinic.now += timedelta(days=28)
    for name, pressure in (("S1-01", "141"), ("S1-02", "66")):
        clinic.do(HoldVisit(name, "WEEK4", clinic.today), NURSE)
        vitals(clinic, name, "WEEK4", pressure)
        pharmacy_prepares(clinic, name, "WEEK4", key, listed)
    (raised,) = clinic.do(QueryDiscrepancies("S1-02"), MANAGER)
    print(f"7. Query {raised.query} about S1-02")
    misread = Correct("S1-02", "WEEK4", "SBP", "166", clinic.today, "misread", "mmHg")
    clinic.do(misread, NURSE)
    clinic.do(AnswerQuery("S1-02", raised.query, "Misread; it is 166."), NURSE)
    clinic.do(CloseQuery("S1-02", raised.query), MANAGER)


def investigator_reports(clinic: Clinic) -> None:
    """8. A serious adverse event: clocks start to run; the blind is opened for one participant."""
    no = dict.fromkeys(Criteria._fields, "no")
    account = Account(
        term=None,
        verbatim="Collapse with low blood pressure",
        start=clinic.today,
        severity="severe",
        criteria=no | {"hospitalisation": "yes"},
        causality="possibly related",
        expected="no",
        action="dose not given",
        outcome="not recovered",
        aware=clinic.now.isoformat(timespec="minutes"),
    )
    (reported,) = clinic.do(ReportAdverseEvent("S1-01", account), INVESTIGATOR)
    print(f"8. Event {reported.number} of S1-01 is reported. The clocks run:")
    for task in safety.tasks(clinic.log, by=INVESTIGATOR, at=clinic.now):
        print(f"  {task.what}, due {task.due}")
        sent = FileReport("S1-01", 1, task.what.removeprefix("report to "), clinic.now.isoformat())
        clinic.do(sent, INVESTIGATOR)
    coded = account._replace(term="DIZZINESS", outcome="recovered", end=clinic.today)
    follow_up = FollowUpAdverseEvent("S1-01", 1, coded, "recovered after an hour; coded")
    clinic.do(follow_up, INVESTIGATOR)


def readers_judge(clinic: Clinic) -> None:
    """9. Two blinded readers judge the event from a dossier that tells nobody; they disagree."""
    code, story = dossier_code(), "A woman of 55 collapsed at home and was in hospital for a night."
    clinic.do(PrepareDossier("S1-01", 1, code, story), MANAGER)
    for reader, causality in zip(READERS, ("not related", "possibly related"), strict=True):
        clinic.do(GiveVerdict(code, "yes", causality, "from the narrative"), reader)
    shown = adjudication.dossier(clinic.log, code, by=CHAIR)
    print("9. The chair reads both verdicts, without names, and decides:")
    print(f"  {'; '.join(causality for _, causality, _ in shown.verdicts)}")
    clinic.do(SettleDisagreement(code, "yes", "possibly related", "the timing"), CHAIR)


def investigator_opens_the_blind(
    clinic: Clinic, folder: Path, key: sealed.Key, listed: str
) -> None:
    """10. In an emergency the investigator alone opens the blind of one participant.

    The vault is a service of its own; the trial's machine passes on sealed bytes only.
    """
    study, signer, once = clinic.log.study.name, signing_key(), vault.one_time_key()
    clinic.do(
        Unblind("S1-01", "collapse, decision on rescue", "passkey", once.public.hex()), INVESTIGATOR
    )
    asked = unblinding.glass(
        clinic.log, "S1-01", by=INVESTIGATOR, key=once.public, private=signer.private
    )
    register = folder / "register"
    answer = vault.answer(
        study, asked, private=key.private, listed=listed, log=signer.public, register=register
    )
    arm = vault.arm(study, asked, answer, private=once.private, listed=listed)
    print(f"10. The investigator, and nobody else, reads: {arm}")
    (notice,) = unblinding.notices(clinic.log, by=MANAGER)
    print(
        f"  everybody else: {notice.by} opened the blind of {notice.participant}: {notice.reason}"
    )


def site_ends(clinic: Clinic) -> None:
    """11. The last visits, ten days late: the rules of the protocol see it."""
    clinic.now += timedelta(days=66)
    for name, pressure in (("S1-01", "137"), ("S1-02", "158")):
        clinic.do(HoldVisit(name, "WEEK12", clinic.today), NURSE)
        vitals(clinic, name, "WEEK12", pressure)
        clinic.do(CompleteStudy(name, clinic.today), INVESTIGATOR)


def manager_locks(clinic: Clinic) -> None:
    """12. The checklist says what is missing; then everybody signs, and the records are locked."""
    print("12. Lock")
    clinic.refused(Lock(), MANAGER)
    for found in oversight.deviations(clinic.log, by=MANAGER):
        why = "The participant was travelling."
        recorded = RecordDeviation(
            found.participant, found.category, "minor", clinic.today, why, found.rule
        )
        (noted,) = clinic.do(recorded, NURSE)
        clinic.do(ReviewDeviation(found.participant, noted.deviation, "minor"), MANAGER)
    for name in ("S1-01", "S1-02", "S1-03"):
        clinic.do(Sign(name, None, COMPLETE, SIGNED_WITH), INVESTIGATOR)
    for approver in (INVESTIGATOR, MANAGER, STATISTICIAN):
        clinic.do(ApproveLock(SIGNED_WITH), approver)
    clinic.do(Lock(), MANAGER)
    late = Correct("S1-01", "WEEK4", "SBP", "139", clinic.today, "too late", "mmHg")
    clinic.refused(late, NURSE)


def custodian_opens(
    clinic: Clinic, listed: sealed.SealedList, held: Sequence[str], vault_key: sealed.Key
) -> None:
    """13. Two of three shares open the list; every commitment is held against what it says."""
    private = shares.join(held[0], held[2])
    openings = sealed.open_list(clinic.log.study.name, listed, "custodian", private)
    clinic.do(OpenBlind(openings), CUSTODIAN)
    tips = verify(clinic.log)
    print(f"13. The list is open and the log verified: {tips['main'].sequence} entries")
    records = extract(clinic.log, private=vault_key.private, listed=listed.fingerprint)
    for row in records["participants"].select("participant", "arm").iter_rows(named=True):
        print(f"  {row['participant']}: {row['arm'] or 'not randomised'}")


def main() -> None:
    """Conduct the trial."""
    study = load_study(TEMPLATE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        listed, keys, held = custodian_seals(study)
        clinic = administrator_opens(study, folder, listed)
        qualified_person_releases(clinic)
        site_screens(clinic)
        site_follows(clinic, keys["preparer"], listed.fingerprint)
        investigator_reports(clinic)
        readers_judge(clinic)
        investigator_opens_the_blind(clinic, folder, keys["vault"], listed.fingerprint)
        site_ends(clinic)
        manager_locks(clinic)
        custodian_opens(clinic, listed, held, keys["vault"])


if __name__ == "__main__":
    main()
