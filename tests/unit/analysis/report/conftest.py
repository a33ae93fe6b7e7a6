from pathlib import Path

import pytest

from equipoise.analysis.analyse import analyse
from equipoise.analysis.displays import Scene
from equipoise.protocol.load import load_study
from equipoise.records import Origin, read_records

KNEE = Path(__file__).parents[3] / "data" / "knee"


@pytest.fixture(scope="session")
def knee() -> Scene:
    """The trial of tests/data/knee, three arms, worked out by hand: see its README."""
    study = load_study(KNEE / "study")
    return Scene(study, analyse(read_records(KNEE / "records", study), study))


@pytest.fixture(scope="session")
def origin(knee) -> Origin:
    """Virtual participants of seed 7."""
    files = dict(knee.study.files)
    return Origin("simulated", knee.study.name, "1.0", "0.1.0", 7, 0, files)
