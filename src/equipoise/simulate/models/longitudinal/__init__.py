"""A plain mixed-effects model for studies without physiology: levels, changes, residuals.

Each number that a form asks for has, at screening, a mean and a spread between persons
(``<ITEM>_mean``, ``<ITEM>_sd``) and a residual at each encounter (``<ITEM>_residual``). One that is
asked for again later also has a mean change by the last encounter in the placebo arm
(``<ITEM>_change``), how much more it changes in the experimental arm (``<ITEM>_effect``), and how
much persons differ in their change (``<ITEM>_change_sd``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from equipoise.protocol.whole import Study
    from equipoise.simulate.models import Meaning, Model

COMMON: Final = {
    "correlation": ("1", "correlation of persons' levels between items"),
    "half_time": ("d", "time to half of the change"),
    "visit_missed": ("share", "chance that a visit is missed"),
    "dose_missed": ("share", "chance that a later dose is missed"),
    "lost": ("1/year", "yearly rate of loss to follow-up"),
}
LEVEL: Final = {
    "mean": "mean at screening",
    "sd": "SD between persons",
    "residual": "SD of a person's residual at an encounter",
}
COURSE: Final = {
    "change": "mean change by the last encounter in the placebo arm",
    "effect": "how much more it changes in the experimental arm",
    "change_sd": "SD of the change between persons",
}


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


def meanings(study: Study) -> Mapping[str, Meaning]:
    """What each parameter means; all must be given."""
    from equipoise.simulate.models import Meaning

    known = {name: Meaning(*one) for name, one in COMMON.items()}
    for item, again in modelled(study).items():
        unit = study.items[item].unit or "1"
        for part, what in {**LEVEL, **(COURSE if again else {})}.items():
            known[f"{item}_{part}"] = Meaning(unit, f"{what} of {item}")
    return known


def build(study: Study) -> Model:
    """Make the model ready for a study."""
    from equipoise.simulate.models.longitudinal.model import (
        Longitudinal,
    )

    return Longitudinal.of(study)
