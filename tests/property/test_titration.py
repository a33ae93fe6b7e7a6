"""Laws of titration: more glucose never means less insulin; compiled, the rule decides the same."""

from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from equipoise.rules import disposition
from equipoise.rules.disposition import Limits
from equipoise.rules.dosing import titration
from equipoise.rules.dosing.titration import Bands, Readings

compiled_dose = njit(titration.next_dose)
compiled_contact = njit(disposition.after_contact)
small = st.integers(-50, 50)


@st.composite
def tables(draw: st.DrawFn) -> Bands:
    edges = sorted(draw(st.sets(st.integers(20, 300), min_size=3, max_size=3)))
    rising = st.lists(small, min_size=4, max_size=4).map(sorted)
    cuts = st.lists(st.integers(-100, 0), min_size=2, max_size=2)
    return Bands(
        tuple(edges),
        tuple(draw(rising)),
        tuple(draw(rising)),
        (39, 30),
        (draw(st.integers(1, 5)), draw(st.integers(1, 5))),
        tuple(draw(cuts)),
    )


@st.composite
def periods(draw: st.DrawFn) -> Readings:
    number = draw(st.integers(0, 30))
    total = draw(st.integers(11 * number, 333 * number))
    lows = draw(st.integers(0, 9))
    return Readings(number, total, (lows, draw(st.integers(0, lows))))


doses = st.integers(0, 400)


@given(doses, periods(), tables(), st.integers(0, 500))
def test_more_glucose_never_means_less_insulin(dose, readings, bands, more):
    higher = readings._replace(total=readings.total + (more if readings.number else 0))

    assert titration.next_dose(dose, higher, bands) >= titration.next_dose(dose, readings, bands)


@given(doses, periods(), tables())
def test_one_more_low_reading_never_means_more_insulin(dose, readings, bands):
    lower = readings._replace(lows=(readings.lows[0] + 1, readings.lows[1] + 1))

    assert titration.next_dose(dose, lower, bands) <= titration.next_dose(dose, readings, bands)


@settings(deadline=None)  # the first call compiles
@given(doses, periods(), tables())
def test_compiled_the_table_proposes_the_same_dose(dose, readings, bands):
    assert compiled_dose(dose, readings, bands) == titration.next_dose(dose, readings, bands)


@settings(deadline=None)  # the first call compiles
@given(
    doses,
    st.integers(300, 2500),
    periods(),
    st.builds(Limits, st.integers(-1, 50), st.integers(50, 300), st.integers(40, 150)),
)
def test_compiled_the_limits_decide_the_same(dose, weight, readings, limits):
    decided = disposition.after_contact(dose, weight, readings, limits)

    assert compiled_contact(dose, weight, readings, limits) == decided
