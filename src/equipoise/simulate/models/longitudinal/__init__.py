"""A plain mixed-effects model for studies without physiology: levels, changes, residuals.

Each number that a form asks for has, at screening, a mean and a spread between persons
(``<ITEM>_mean``, ``<ITEM>_sd``) and a residual at each encounter (``<ITEM>_residual``). One that is
asked for again later also has a mean change by the last encounter in the placebo arm
(``<ITEM>_change``), how much more it changes in the experimental arm (``<ITEM>_effect``), and how
much persons differ in their change (``<ITEM>_change_sd``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from equipoise.protocol.whole import Study
    from equipoise.simulate.models import Model

# correlation of persons' levels between items; days to half of a change; chances; yearly hazard
COMMON = ("correlation", "half_time", "visit_missed", "dose_missed", "lost")
LEVEL = ("mean", "sd", "residual")
COURSE = ("change", "effect", "change_sd")


def modelled(study: Study) -> dict[str, bool]:
    """The items that the model gives values for, and whether they are asked for again later."""
    screening = study.protocol.screening
    return {
        item.name: study.collected[item.name] != (screening,)
        for item in study.items.values()
        if item.kind == "number"
        and item.derived is None
        and item.name not in study.populated().prevalence
    }


def names(study: Study) -> tuple[str, ...]:
    """The parameters that ``population.yaml`` gives."""
    parts = {item: (*LEVEL, *COURSE) if again else LEVEL for item, again in modelled(study).items()}
    return (*COMMON, *(f"{item}_{part}" for item, kinds in parts.items() for part in kinds))


def build(study: Study) -> Model:
    """Make the model ready for a study."""
    from equipoise.simulate.models.longitudinal.model import (
        Longitudinal,
    )

    return Longitudinal.of(study)
