import pytest

from equipoise.simulate.enrolment import Enrolment
from equipoise.trials.lived import Chunk, Ready, live_trials


@pytest.fixture(scope="session")
def chunk(reference) -> Chunk:
    """Three trials of the reference study."""
    return live_trials(Ready(Enrolment(reference)), range(5, 8), seed=3)
