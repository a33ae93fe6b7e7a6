import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from equipoise.protocol.load import SHIPPED, load_study
from equipoise.protocol.whole import Study

# Machines are shared and noisy: no example fails for being slow.
settings.register_profile("equipoise", deadline=None)
settings.load_profile("equipoise")


@pytest.fixture(scope="session")
def reference() -> Study:
    """The reference study."""
    return load_study("nct02302599")


@pytest.fixture
def template(tmp_path) -> Path:
    """A copy of the template study that a test may spoil."""
    return shutil.copytree(SHIPPED / "template", tmp_path / "study")
