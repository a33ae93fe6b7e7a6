"""Logarithm, exponential, sine and cosine that give the same bits on every processor.

A C library may round the last bit otherwise than the next one, and its calls keep a loop over
participants from becoming SIMD. These are polynomials; their error is below 1e-8.

Source: range reduction and series as in Muller: Elementary Functions, 3rd ed., Birkhäuser 2016.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from equipoise.simulate.compiled import inlined

_LN2 = math.log(2.0)
_ROOT2 = math.sqrt(2.0)
_MANTISSA = 0x000FFFFFFFFFFFFF
_ONE = 0x3FF0000000000000


def _from_bits(typing_context: Any, bits: Any) -> Any:  # noqa: ANN401, ARG001 - numba's signature
    """The float64 with these 64 bits."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


def _to_bits(typing_context: Any, number: Any) -> Any:  # noqa: ANN401, ARG001 - numba's signature
    """The 64 bits of this float64."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


from_bits = cast("Callable[[int], float]", intrinsic(_from_bits))
to_bits = cast("Callable[[float], int]", intrinsic(_to_bits))


@inlined
def log(x: float) -> float:
    """Natural logarithm of a positive, normal number."""
    bits = to_bits(x)
    exponent = ((bits >> 52) & 0x7FF) - 1023
    mantissa = from_bits((bits & _MANTISSA) | _ONE)
    large = mantissa > _ROOT2
    mantissa = mantissa * 0.5 if large else mantissa
    power = from_bits(exponent + 0x4330000000000400) - 4503599627371520.0
    power = power + 1.0 if large else power
    s = (mantissa - 1.0) / (mantissa + 1.0)
    t = s * s
    series = 1.0 + t * (1 / 3 + t * (1 / 5 + t * (1 / 7 + t * (1 / 9 + t * (1 / 11)))))
    return power * _LN2 + 2.0 * s * series


@inlined
def exp(x: float) -> float:
    """Exponential of a number from -700 to 700."""
    shifted = x / _LN2 + 6755399441055744.0
    whole = shifted - 6755399441055744.0
    r = (x - whole * 0.693147180369123816490) - whole * 1.90821492927058770002e-10
    series = 1 + r * (
        1
        + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040))))))
    )
    return series * from_bits((to_bits(shifted) + 1023) << 52)


@inlined
def sine_cosine(quarter: int, angle: float) -> tuple[float, float]:
    """Sine and cosine of ``angle`` (-pi/4 to pi/4) plus ``quarter`` (0 to 3) quarter turns."""
    t = angle * angle
    s = angle * (1 + t * (-1 / 6 + t * (1 / 120 + t * (-1 / 5040 + t / 362880))))
    c = 1 + t * (-1 / 2 + t * (1 / 24 + t * (-1 / 720 + t * (1 / 40320 - t / 3628800))))
    odd = (quarter & 1) != 0
    sine = c if odd else s
    cosine = s if odd else c
    sine = -sine if quarter >= 2 else sine
    cosine = -cosine if quarter in (1, 2) else cosine
    return sine, cosine
