"""Calibration: fit virtual participants to what was published, and say what that leaves open.

Targets come from ``published.yaml``; the parameters that ``population.yaml`` marks as calibrated
are fitted to all of them at once. An ensemble of sets that fit as well carries the uncertainty into
forecasts: ``ensemble(study)`` gives the study once with each, ``parameter_sets(study)`` the values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from equipoise.calibrate.fit import Fit, Progress
    from equipoise.protocol.whole import Study

__all__ = ["calibrate", "ensemble", "parameter_sets"]


def calibrate(
    study: Study,
    *,
    trials: int = 100,
    seed: int = 1,
    fixed: Mapping[str, float] | None = None,
    refit: bool = True,
    progress: Progress = lambda stage, done: None,  # noqa: ARG005  # shows nothing
) -> Fit:
    """Fit the calibrated parameters of a study's population to its published results.

    Args:
        study: The study, with ``published.yaml`` and ``population.yaml``.
        trials: Trials that are lived for each set of parameters.
        seed: Names the virtual people.
        fixed: Parameters that are held at a value.
        refit: Whether to fit; otherwise the present parameters are judged.
        progress: Told what is being done, and how much of all is done, 0 to 1.

    Raises:
        StudyError: The study cannot be calibrated; says what to change.
    """
    from equipoise.calibrate.fit import Aim, Free, fit, judge
    from equipoise.simulate.enrolment import with_values

    held = dict(fixed or {})
    free = Free.of(study, tuple(held))
    progress("Enrolling virtual people", 0.0)
    aim = Aim.of(study, trials=trials, seed=seed).held(with_values(study, held))
    known = study.populated().parameters
    start = free.at({name: known[name].value for name in free.names})
    return fit(aim, free, start, progress) if refit else judge(aim, free, start, progress)


def ensemble(study: Study) -> list[Study]:
    """The study once for each parameter set of its ``ensemble.yaml``; itself where it has none."""
    from equipoise.calibrate.sets import ensemble as read

    return read(study)


def parameter_sets(study: Study) -> tuple[dict[str, float], ...]:
    """The parameter sets of the study's ``ensemble.yaml``, by name; none where it has none."""
    from equipoise.calibrate.sets import parameter_sets as read

    return read(study)
