"""Type 2 diabetes: glucose, insulin dose, HbA1c, insulin action, beta cells; a drug or cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from equipoise.protocol.whole import Study
    from equipoise.simulate.models import Meaning, Model

CELL_UNITS: Final = ("cells/kg", "cells")


def meanings(study: Study) -> Mapping[str, Meaning]:
    """What each parameter means; the effect of what the study gives has to be given."""
    from equipoise.simulate.models.type2.legend import CELLS, DRUG, MEANINGS

    if not any(arm.role == "experimental" for arm in study.arms.values()):
        return MEANINGS
    of_cells = study.protocol.dosing.amount.unit in CELL_UNITS
    needed = CELLS if of_cells else {"drug_hba1c": DRUG["drug_hba1c"]}
    return {**MEANINGS, **{name: replace(one, off=None) for name, one in needed.items()}}


def build(study: Study) -> Model:
    """Make the model ready for a study."""
    from equipoise.simulate.models.type2.model import Type2

    return Type2.of(study)
