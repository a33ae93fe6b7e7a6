"""How a dose of cells is made up to one bag: vials, volume of suspension, and vehicle."""

from __future__ import annotations

from typing import NamedTuple

from equipoise.errors import RuleError


class Product(NamedTuple):
    """What the lot and the protocol give."""

    vial: int  # cells in one vial
    vial_volume: int  # steps of 0.1 mL
    bag: int  # volume of every infusion, active or placebo; steps of 0.1 mL


class Bag(NamedTuple):
    """What the preparer takes."""

    vials: int  # to thaw
    suspension: int  # drawn from them; steps of 0.1 mL
    vehicle: int  # added to fill the bag; steps of 0.1 mL


def prepare(cells: int, product: Product) -> Bag:
    """Say what to take for a dose: whole vials, suspension to the nearest 0.1 mL, and vehicle.

    Args:
        cells: The dose.
        product: Vials of the lot and volume of the bag.

    Raises:
        RuleError: The vials hold nothing, or the dose needs more volume than the bag has.

    Source: 100 mL an infusion, placebo the same volume of vehicle: NCT02302599. Vials: assumed.

    >>> prepare(72_300_000, Product(vial=20_000_000, vial_volume=50, bag=1000))
    Bag(vials=4, suspension=181, vehicle=819)
    """
    if product.vial <= 0 or product.vial_volume <= 0:
        raise RuleError("a vial holds no cells or no volume; give the lot's counts above 0")
    vials = -(-cells // product.vial)
    suspension = (2 * cells * product.vial_volume + product.vial) // (2 * product.vial)
    if suspension > product.bag:
        raise RuleError("the dose does not fit into the bag; use a lot with more cells in 1 mL")
    return Bag(vials, suspension, product.bag - suspension)
