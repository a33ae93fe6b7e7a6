"""Type 2 diabetes on insulin: glucose, HbA1c, insulin resistance, beta cells, effect of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.simulate.models.type2.parameters import Parameters

if TYPE_CHECKING:
    from equipoise.protocol.whole import Study
    from equipoise.simulate.models import Model


def names(_study: Study) -> tuple[str, ...]:
    """The parameters that ``population.yaml`` gives."""
    return Parameters._fields


def build(study: Study) -> Model:
    """Make the model ready for a study."""
    from equipoise.simulate.models.type2.model import Type2

    return Type2.of(study)
