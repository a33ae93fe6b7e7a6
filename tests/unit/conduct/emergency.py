"""The machines of an emergency: the investigator's and the vault's."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from equipoise.conduct import vault
from equipoise.conduct.commands.unblinding import Unblind
from equipoise.conduct.views import unblinding as views

SIGNER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
LOG = SIGNER.public_key().public_bytes_raw()
WHY = "anaphylaxis; the antidote depends on the arm"


class Emergency:
    """The investigator's and the vault's machines."""

    def __init__(self, scene, folder):
        self.scene, self.folder, self.key = scene, folder, vault.one_time_key()

    def ask(self, name="S1-001"):
        self.scene.do(
            Unblind(name, WHY, "passkey", key=self.key.public.hex()), self.scene.investigator
        )
        by = self.scene.investigator
        return views.glass(self.scene.log, name, by=by, key=self.key.public, private=b"s" * 32)

    def answer(self, asked, *, study=None):
        private, study = self.scene.keys["vault"].private, study or self.scene.log.study.name
        said = {"private": private, "listed": self.scene.sealed.fingerprint, "log": LOG}
        return vault.answer(study, asked, **said, register=self.folder)

    def arm(self, asked, answered, key=None):
        private = (key or self.key).private
        said = {"private": private, "listed": self.scene.sealed.fingerprint}
        return vault.arm(self.scene.log.study.name, asked, answered, **said)


def signed(broken, by=None):
    """The request for the key of this once, as the trial's machine signs it."""
    by, key = by or broken.scene.investigator, broken.key.public
    return views.glass(broken.scene.log, "S1-001", by=by, key=key, private=b"s" * 32)
