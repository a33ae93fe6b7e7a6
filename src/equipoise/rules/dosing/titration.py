"""Titration of a daily dose by home glucose readings: a table of bands, and cuts for low readings.

Glucose is in whole steps of 0.1 mmol/L and the dose in whole units, as they are recorded, so that a
reading on a limit is decided the same way everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from equipoise.errors import RuleError
from equipoise.protocol.intervention import Titration


class Bands(NamedTuple):
    """A titration table: ``edges`` cut the scale of fasting glucose into bands.

    Units and percents never fall from band to band, and cuts are never above 0: more glucose never
    means less insulin.

    Source: target 4.4-7.0 mmol/L: NCT02302599. The size of each change is not published; it is the
    study's to assume.
    """

    edges: Sequence[int]  # lower limit of the second and each later band, rising; 0.1 mmol/L
    units: Sequence[int]  # change in each band; U
    percents: Sequence[int]  # and change as a share of the dose; %
    below: Sequence[int]  # limits of low readings; 0.1 mmol/L
    times: Sequence[int]  # with this many readings below the limit ...
    cuts: Sequence[int]  # ... the dose changes by at least this share; %


class Readings(NamedTuple):
    """What the home readings since the last contact come to."""

    number: int  # fasting readings
    total: int  # their sum, 0.1 mmol/L
    lows: Sequence[int]  # readings of any time of day below each limit of ``Bands.below``


def next_dose(dose: int, readings: Readings, bands: Bands) -> int:
    """The daily dose that the table proposes, U.

    The mean fasting reading names the band; low readings only ever lower the proposal. A share of
    the dose is rounded towards less insulin. Without fasting readings the dose stays, unless
    readings were low.

    Args:
        dose: Present daily dose, U.
        readings: Readings since the last contact.
        bands: The titration table.

    >>> bands = Bands((44, 71), (-2, 0, 2), (0, 0, 0), below=(39,), times=(1,), cuts=(-10,))
    >>> next_dose(40, Readings(number=3, total=3 * 82, lows=(0,)), bands)
    42
    >>> next_dose(40, Readings(number=3, total=3 * 82, lows=(1,)), bands)
    36
    """
    proposed = dose
    if readings.number > 0:
        band = 0
        while band < len(bands.edges) and readings.total >= bands.edges[band] * readings.number:
            band += 1
        proposed = dose + bands.units[band] + dose * bands.percents[band] // 100
    for limit in range(len(bands.below)):
        if readings.lows[limit] >= bands.times[limit]:
            proposed = min(proposed, dose + dose * bands.cuts[limit] // 100)
    return max(0, proposed)


def from_protocol(titration: Titration) -> Bands:
    """The table as the protocol gives it.

    Raises:
        RuleError: It is not in mmol/L, a limit has more than one decimal, or a higher band has the
            smaller change: then more glucose would mean less insulin.
    """
    if titration.unit != "mmol/L":
        raise RuleError(f"titration is in {titration.unit}; home readings are in mmol/L")
    bands, lows = titration.bands, titration.hypoglycaemia
    for lower, higher in pairwise(bands):
        if higher.units < lower.units or higher.percent < lower.percent:
            raise RuleError(
                f"titration: from {higher.at_least} mmol/L up the change is smaller than below; "
                f"units and percent must not fall from band to band"
            )
    return Bands(
        edges=tuple(tenths(band.at_least) for band in bands[1:]),
        units=tuple(band.units for band in bands),
        percents=tuple(band.percent for band in bands),
        below=tuple(tenths(low.below) for low in lows),
        times=tuple(low.readings for low in lows),
        cuts=tuple(low.percent for low in lows),
    )


def tenths(glucose: Decimal) -> int:
    """Whole steps of 0.1 mmol/L.

    Raises:
        RuleError: The value falls between two steps.

    >>> tenths(Decimal("4.4"))
    44
    """
    steps = glucose * 10
    if steps != int(steps):
        raise RuleError(f"{glucose} mmol/L is given; readings have one decimal, limits too")
    return int(steps)
