"""What a scenario can turn in each disease model, by the names in ``population.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from equipoise.errors import StudyError
from equipoise.protocol.whole import Study


class Levers(NamedTuple):
    """Parameters of a disease model, by what they do; ``*`` stands for any item."""

    effect: tuple[str, ...]  # each proportional to what the experimental product does
    loss: tuple[str, ...]  # rate of loss to follow-up
    missed: tuple[str, ...]  # chance that a visit is missed


LEVERS: Final[Mapping[str, Levers]] = {
    "type-2-diabetes": Levers(
        effect=("cells_production", "cells_beta", "cells_sensitivity", "drug_hba1c", "drug_sd"),
        loss=("lost",),
        missed=("visit_missed",),
    ),
    "longitudinal": Levers(effect=("*_effect",), loss=("lost",), missed=("visit_missed",)),
}


def levers(study: Study) -> Levers:
    """The levers of the study's disease model.

    Raises:
        StudyError: The model has none; its parameters are then changed by name.
    """
    model = study.populated().model
    if model not in LEVERS:
        raise StudyError(
            f"population.yaml: for the model {model} change parameters by their names; effect and "
            f"drop_out are only known of {', '.join(LEVERS)}."
        )
    names = study.populated().parameters
    return Levers(*(_found(patterns, names) for patterns in LEVERS[model]))


def _found(patterns: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if any(fnmatchcase(name, one) for one in patterns))
