"""What the state machines of the conduct share: a trial in memory, and a way to ask of it."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis.stateful import RuleBasedStateMachine

from equipoise.conduct.commands.trial import Appoint, OpenTrial
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.errors import ConductError
from equipoise.protocol.load import SHIPPED, load_study

IN_MEMORY = Path("/dev/shm")  # noqa: S108  # these laws do not ask for a disk
STUDY = load_study(SHIPPED / "template")
ADMINISTRATOR = Actor("a", Role.ADMINISTRATOR)


class TrialMachine(RuleBasedStateMachine):
    """A trial of the template study, opened, with the staff that a machine names."""

    STAFF: tuple[Actor, ...] = ()
    CHAIN = "main"  # in which a refused command must leave nothing
    at = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None)
        self.log = Log(STUDY, SQLite(Path(self.folder.name) / "trial.sqlite"))
        self.count = 0
        self.do(OpenTrial(), ADMINISTRATOR)
        for actor in self.STAFF:
            self.do(Appoint(*actor), ADMINISTRATOR)

    def teardown(self) -> None:
        self.log.storage.close()
        self.folder.cleanup()

    def do(self, command, by=None):
        self.count += 1
        return self.log.append(
            command, by=by or self.STAFF[-1], at=self.at, command=f"c{self.count}"
        )

    def expect(self, allowed, command, by=None):
        """Carry out what the model allows, and see refused what it does not."""
        if allowed:
            return self.do(command, by)
        before = self.log.tip(self.CHAIN)
        with pytest.raises(ConductError) as refused:
            self.do(command, by)
        assert refused.type is ConductError  # by the command; not only by the database
        assert self.log.tip(self.CHAIN) == before
        return ()
