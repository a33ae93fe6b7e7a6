"""Virtual participants: a trial lived day by day, or very many, by the rules of the protocol.

Nothing is compiled, and Numba is not imported, before a trial is simulated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from equipoise.protocol.whole import Study
    from equipoise.simulate.endpoints import Endpoints

__all__ = ["simulate_endpoints", "simulate_trial"]


def simulate_trial(
    study: Study,
    *,
    seed: int,
    trial: int = 0,
    progress: Callable[[str, float], None] | None = None,
) -> dict[str, pl.DataFrame]:
    """Live one trial through and return its records; see ``equipoise.simulate.trial``."""
    from equipoise.simulate.trial import simulate_trial as live

    return live(study, seed=seed, trial=trial, progress=progress)


def simulate_endpoints(
    study: Study, trials: int, *, seed: int, first: int = 0, chunk: int = 100
) -> Iterator[Endpoints]:
    """Live many trials and keep their visits; see ``equipoise.simulate.endpoints``."""
    from equipoise.simulate.endpoints import simulate_endpoints as live

    return live(study, trials, seed=seed, first=first, chunk=chunk)
