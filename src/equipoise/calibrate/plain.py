"""Results of a calibration as plain values, for JSON, tables and the validation page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from equipoise.calibrate.fit import Fit
from equipoise.calibrate.sensitivity import Effect
from equipoise.calibrate.sets import Sets
from equipoise.calibrate.targets import Target, unused
from equipoise.calibrate.unfitted import Printed
from equipoise.calibrate.world import Prediction
from equipoise.protocol.whole import Study

Plain = dict[str, Any]


def plain_fit(fit: Fit, study: Study) -> Plain:
    """Each target with its fitted value and z, each parameter before and after.

    Args:
        fit: The fit.
        study: As it was before.
    """
    targets = [
        _target(target, study)
        | {"error": _number(error), "fitted": _number(found), "z": _number(z)}
        for target, error, found, z in zip(
            fit.aim.targets, fit.aim.errors, fit.found, fit.z, strict=True
        )
    ]
    known = study.populated().parameters
    parameters = [
        {"name": name, "unit": known[name].unit, "low": known[name].low, "high": known[name].high,
         "before": known[name].value, "value": value}
        for name, value in fit.values.items()
    ]  # fmt: skip
    left = [{"id": one.id, "printed": one.claim} for one in unused(study)]
    return {
        "study": study.name,
        "seed": fit.aim.crowd.seed,
        "trials": len(fit.aim.crowd.trials),
        "evaluations": fit.evaluations,
        "sum_of_squares": _number(fit.sum_of_squares),
        "worst": _number(fit.worst),
        "parameters": parameters,
        "targets": targets,
        "not_used": left,
    }


def plain_sets(sets: Sets, study: Study) -> Plain:
    """Median and middle 80 % of each parameter and each target over the sets."""
    values = np.array([list(one.values()) for one in sets.values])
    central = [target.central for target in sets.aim.targets]
    worst = [np.abs(sets.aim.z(found)[central]).max() for found in sets.found]
    return {
        "kept": len(sets.values),
        "drawn": sets.drawn,
        "worst": _middle(np.array(worst)),
        "parameters": [
            {"name": name} | _middle(values[:, place]) for place, name in enumerate(sets.free.names)
        ],
        "targets": [
            _target(target, study) | _middle(sets.found[:, place])
            for place, target in enumerate(sets.aim.targets)
        ],
    }


def plain_sensitivity(fit: Fit, effects: Sequence[Effect], study: Study) -> Plain:
    """The effect of each lever on each published mean, median or percentage."""
    targets, errors = fit.aim.targets, fit.aim.errors
    chosen = [place for place, target in enumerate(targets) if target.central]
    return {
        "targets": [
            _target(targets[place], study) | {"error": _number(errors[place])} for place in chosen
        ],
        "effects": [
            {"lever": one.lever, "step": one.step}
            | {
                name: [_number(values[place]) for place in chosen]
                for name, values in (("down", one.down), ("up", one.up), ("error", one.error))
            }
            for one in effects
        ],
    }


def plain_predictions(found: Sequence[Prediction], printed: Sequence[Printed]) -> Plain:
    """What was not used in the fit, and what the model says of it."""
    return {
        "elsewhere": [one._asdict() for one in found],
        "p_values": [
            {"id": one.statement.id, "printed": one.statement.claim, "share": _number(one.share),
             "item": one.statement.item, "endpoint": one.statement.endpoint,
             "encounter": one.statement.encounter,
             "arm": one.statement.arm, "contrast": one.statement.contrast,
             "fitted": one.statement.contrast == "between arms" and not one.statement.compares}
            for one in printed
        ],
    }  # fmt: skip


def _target(target: Target, study: Study) -> Plain:
    return {
        "id": target.id,
        "what": target.words(study),
        "unit": target.unit(study),
        "measure": target.measure,
        "central": target.central,
        "bound": target.bound,
        "who": target.who,
        "n": target.n,
        "published": _number(target.value),
        "error_printed": target.error is not None,
    }


def _middle(values: Any) -> Plain:  # noqa: ANN401  # an array
    low, median, high = np.nanquantile(values, (0.1, 0.5, 0.9))
    return {"low": _number(low), "median": _number(median), "high": _number(high)}


def _number(value: float) -> float | None:
    """Five digits, which is more than simulation gives."""
    return float(f"{value:.5g}") if math.isfinite(value) else None
