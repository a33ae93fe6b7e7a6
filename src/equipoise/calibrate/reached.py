"""What simulated trials give for each target, trial by trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from equipoise.calibrate.lives import Lives
from equipoise.calibrate.targets import Target
from equipoise.protocol.plan import BinaryEndpoint
from equipoise.simulate.arrays import Array


def reached(targets: Sequence[Target], lives: Lives) -> Array:
    """The number that each trial would publish for each target, (targets, T).

    Not a number where a trial has nobody to count.
    """
    return np.array([_ONE[target.measure](target, lives) for target in targets])


def _counted(values: Array, target: Target, lives: Lives) -> Array:
    """The values of the arm, and of completers only where the target is of them."""
    member = (lives.arm == target.arm) | (target.arm < 0)
    if target.who == "completers":
        member = member & lives.completed
    return np.where(member, values, np.nan)


def _over_trials(summary: Callable[[Array], Array], values: Array) -> Array:
    found = np.full(values.shape[0], np.nan)
    some = (~np.isnan(values)).sum(axis=1) > 1
    found[some] = summary(values[some])
    return found


def _mean(target: Target, lives: Lives) -> Array:
    values = _counted(lives.value(target.subject, target.encounter), target, lives)
    return _over_trials(lambda some: np.nanmean(some, axis=1), values)


def _sd(target: Target, lives: Lives) -> Array:
    values = _counted(lives.value(target.subject, target.encounter), target, lives)
    return _over_trials(lambda some: np.nanstd(some, axis=1, ddof=1), values)


def _fall(target: Target, lives: Lives) -> Array:
    before = lives.value(target.subject, lives.study.protocol.baseline)
    fall = before - lives.value(target.subject, target.encounter)
    return _over_trials(lambda some: np.nanmean(some, axis=1), _counted(fall, target, lives))


def _reduction(target: Target, lives: Lives) -> Array:
    """Median of the individual percent reductions since baseline."""
    before = lives.value(target.subject, lives.study.protocol.baseline)
    now = lives.value(target.subject, target.encounter)
    percent = 100.0 * (before - now) / np.where(before > 0.0, before, np.nan)
    return _over_trials(lambda some: np.nanmedian(some, axis=1), _counted(percent, target, lives))


def _t(target: Target, lives: Lives) -> Array:
    """Student's t between the published arms, without its sign."""
    values = np.where(lives.completed, lives.value(target.subject, target.encounter), np.nan)
    published, arms = lives.study.published, list(lives.study.arms)
    names = published.arms if published else tuple(arms[:2])
    groups = [np.where(lives.arm == arms.index(name), values, np.nan) for name in names]
    n = np.array([(~np.isnan(one)).sum(axis=1) for one in groups])
    mean = np.array([np.nanmean(one, axis=1) for one in groups])
    within = np.nansum((np.array(groups) - mean[:, :, None]) ** 2, axis=(0, 2))
    error: Array = np.sqrt(within / (n.sum(axis=0) - 2) * (1.0 / n[0] + 1.0 / n[1]))
    t: Array = np.abs(mean[0] - mean[1]) / error
    return t


def _percentage(target: Target, lives: Lives) -> Array:
    plan = lives.study.planned().endpoints
    endpoint = next(
        one for one in plan if one.name == target.subject and isinstance(one, BinaryEndpoint)
    )
    answers = lives.answer(endpoint, target.encounter)
    if target.who == "everyone":
        answers = np.nan_to_num(answers)
    return _over_trials(
        lambda some: 100.0 * np.nanmean(some, axis=1), _counted(answers, target, lives)
    )


def _completed(target: Target, lives: Lives) -> Array:
    stayed = _counted(lives.completed.astype(np.float64), target, lives)
    return _over_trials(lambda some: 100.0 * np.nanmean(some, axis=1), stayed)


def _screened(target: Target, lives: Lives) -> Array:
    del target
    return lives.screened.astype(np.float64)


_ONE: Final[Mapping[str, Callable[[Target, Lives], Array]]] = {
    "mean": _mean,
    "SD": _sd,
    "mean fall": _fall,
    "median reduction": _reduction,
    "percentage": _percentage,
    "|t|": _t,
    "completed": _completed,
    "screened": _screened,
}
