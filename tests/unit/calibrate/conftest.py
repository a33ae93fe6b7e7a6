import pytest

from equipoise.calibrate.fit import Aim


@pytest.fixture(scope="session")
def aim(reference) -> Aim:
    """A few trials of the reference study."""
    return Aim.of(reference, trials=6, seed=3)
