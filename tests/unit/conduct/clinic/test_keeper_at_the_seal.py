"""The keeper shows one thing and another: to the bench, to the vault, to who opens worksheets."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from equipoise.conduct import sealed, vault
from equipoise.conduct.bench import dose
from equipoise.conduct.bench.audit import findings
from equipoise.conduct.bench.exposure import exposures
from equipoise.conduct.commands.preparation import DiscardBag
from equipoise.conduct.commands.unblinding import Unblind
from equipoise.conduct.events.participant import Randomised
from equipoise.conduct.events.trial import BlindOpened, ListDeposited
from equipoise.conduct.views import unblinding
from equipoise.errors import EquipoiseError, LogError, SealError
from equipoise.protocol.load import load_study

from .keeping import add, copied, database, drop_triggers, rewrite
from .pharmacy import NAME, bench, both_arms, give, make_up, prepare
from .test_two_worlds_of_the_keeper import answer


class Served:
    """A database server of the keeper's: its first transaction shows another state than the rest."""

    def __init__(self, true, false):
        self.true, self.false, self.asked = true, false, 0

    @contextmanager
    def reading(self):
        self.asked += 1
        storage = self.false if self.asked == 1 else self.true
        with storage.reading() as session:
            yield session


def test_the_keys_that_are_sealed_for_are_those_that_were_verified(pharmacy, quick_path):
    """Else the bench would see the true list, and seal for a key of the keeper's."""
    evil = sealed.new_key().public.hex()

    def exchanged(entry):
        match entry.event:
            case ListDeposited(slots, recipients):
                return [ListDeposited(slots, {**recipients, "vault": evil})]
        return [entry.event]

    with copied(pharmacy, quick_path / "false.sqlite") as false:
        rewrite(false, "main", exchanged)
        served = Served(pharmacy.log.storage, false.log.storage)
        log = replace(pharmacy.log, storage=served)
        clinic = replace(pharmacy, scene=replace(pharmacy.scene, log=log))
        with pytest.raises(SealError, match="arms or keys were exchanged"):
            bench(clinic)
    assert served.asked == 1


def test_a_file_is_hashed_as_it_was_read(pharmacy, tmp_path):
    """A pipe stands for a file server that shows one content first and another afterwards."""
    people = both_arms(pharmacy)
    made = {name: prepare(pharmacy, name) for name in people.values()}
    folder = tmp_path / "study"
    shutil.copytree(pharmacy.study.folder, folder)
    path = folder / pharmacy.study.protocol_file
    true = path.read_bytes()
    dose = b"    value: 1.0e6\n    unit: cells/kg"
    assert true.count(dose) == 1
    path.unlink()
    os.mkfifo(path)

    def feed():
        with path.open("wb") as pipe:
            pipe.write(true.replace(dose, dose.replace(b"1.0e6", b"1.1e6")))

    thread = threading.Thread(target=feed)
    thread.start()
    study = load_study(folder)
    thread.join()
    assert study.files[study.protocol_file] != pharmacy.study.files[study.protocol_file]
    log = replace(pharmacy.log, study=study)
    clinic = replace(pharmacy, scene=replace(pharmacy.scene, log=log))
    told = [answer(clinic, name, made[name].bag) for name in people.values()]
    assert told[0] == told[1] != "it agrees"


@pytest.mark.parametrize("arm", ["UC-MSC", "PLACEBO"])
def test_no_second_bag_is_made_up_by_another_slot_than_the_first(pharmacy, arm):
    """Else the preparer would object, or not, by whether the two slots are of one arm."""
    people = both_arms(pharmacy)
    sheet = prepare(pharmacy)
    pharmacy.do(DiscardBag(NAME, "BASELINE", sheet.bag, "spilled"), pharmacy.infusion_nurse)
    other = pharmacy.log.participant(people[arm]).randomised.slot
    free = next(
        slot.slot
        for slot in reversed(pharmacy.sealed.slots)
        if slot.slot not in {pharmacy.log.participant(NAME).randomised.slot, other}
    )
    add(pharmacy, Randomised(free, "all", 9), NAME)
    with pytest.raises(SealError, match=rf"{free} of {NAME}: bag {sheet.bag} was for {NAME} and R"):
        make_up(pharmacy)


def test_the_audit_says_that_a_person_had_two_slots(pharmacy, monkeypatch):
    both_arms(pharmacy)
    sheet = prepare(pharmacy)
    pharmacy.do(DiscardBag(NAME, "BASELINE", sheet.bag, "spilled"), pharmacy.infusion_nurse)
    monkeypatch.setattr(dose, "_slot", lambda *_: pharmacy.sealed.slots[-1])
    monkeypatch.setattr(dose, "_arm", lambda *_: "PLACEBO")
    again = prepare(pharmacy)
    key = {"private": pharmacy.keys["vault"].private, "listed": pharmacy.sealed.fingerprint}
    assert list(findings(pharmacy.log, who="vault", **key)) == [
        f"bag {again.bag}: {NAME} and {again.slot} do not belong together"
    ]


def test_nothing_is_signed_that_has_another_hash_than_the_database_says(pharmacy):
    """Else the keeper has an honest unblinding of one sign his own line about another."""
    person, once = both_arms(pharmacy)["PLACEBO"], vault.one_time_key()
    with database(pharmacy) as db:
        drop_triggers(db, "main")
        told = "x'" + "ab" * 32 + "'"
        db.execute(
            "CREATE TRIGGER keeper AFTER INSERT ON main BEGIN "  # noqa: S608
            f"UPDATE main SET hash = {told} WHERE sequence = NEW.sequence; END"
        )
    pharmacy.do(Unblind(person, "anaphylaxis", "passkey", key=once.public.hex()))

    asked = {"by": pharmacy.investigator, "key": once.public, "private": b"s" * 32}
    with pytest.raises(LogError, match="is not what the log's hashes say"):
        unblinding.glass(pharmacy.log, person, **asked)


def test_the_vault_answers_no_line_that_follows_something_else_than_a_line(pharmacy, tmp_path):
    person, once = both_arms(pharmacy)["PLACEBO"], vault.one_time_key()
    pharmacy.do(Unblind(person, "anaphylaxis", "passkey", key=once.public.hex()))
    signer = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
    asked = unblinding.glass(
        pharmacy.log, person, by=pharmacy.investigator, key=once.public, private=b"s" * 32
    )
    longer = asked._replace(
        before=asked.before + asked.line[:4].encode().hex(), line=asked.line[4:]
    )
    with pytest.raises(SealError, match="not a line that the log has signed"):
        vault.answer(
            pharmacy.study.name, longer, private=pharmacy.keys["vault"].private,
            listed=pharmacy.sealed.fingerprint,
            log=signer.public_key().public_bytes_raw(), register=tmp_path / "register",
        )  # fmt: skip


@pytest.mark.parametrize("guess", ["UC-MSC", "PLACEBO"])
def test_a_list_that_was_opened_beside_the_true_one_answers_no_guess(pharmacy, quick_path, guess):
    """In a copy: deposited his own, opened it, then deposited the true one."""
    people = both_arms(pharmacy)
    for name in people.values():
        give(pharmacy, name)
    told = []
    for name in people.values():
        with copied(pharmacy, quick_path / f"{name}.sqlite") as copy:
            records, mine = {}, []
            for slot in copy.log.trial().slots:
                said = {"arm": guess, "slot": slot.slot, "stratum": slot.stratum}
                record = b"k" * 32 + sealed.padded(said, sealed.LENGTH - sealed.SALT)
                records[slot.slot] = record.hex()
                mine.append((slot.slot, slot.stratum, sha256(record).hexdigest()))

            def forge(entry, name=name, mine=tuple(mine), records=records):
                if isinstance(entry.event, ListDeposited):
                    his = ListDeposited(mine, entry.event.recipients)
                    return [his, BlindOpened(records), entry.event]
                other = entry.envelope.participant in set(people.values()) - {name}
                return [] if other and type(entry.event).__name__ == "Infused" else [entry.event]

            rewrite(copy, "main", forge)
            key = {"private": copy.keys["custodian"].private, "listed": copy.sealed.fingerprint}
            with pytest.raises(EquipoiseError) as refused:
                exposures(copy.log, who="custodian", **key)
            told.append(str(refused.value))
    assert told[0] == told[1]
