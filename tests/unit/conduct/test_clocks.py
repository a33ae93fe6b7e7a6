"""The clocks of a serious adverse event: 24 hours, 7 and 15 days, from awareness."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct.clocks import duties, unreported_lows
from equipoise.conduct.events.safety import AdverseEventReported
from equipoise.conduct.state.safety import AdverseEvent, Version

from .adverse import FATAL, HEADACHE, SERIOUS, UNEXPECTED, but

BEIJING, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 1, 5, 12, tzinfo=BEIJING)


def version(account, aware: datetime, number: int = 1) -> Version:
    said = account._asdict() | {"aware": aware.isoformat()}
    return Version(
        AdverseEventReported(number, **said),
        aware.astimezone(ZoneInfo("UTC")),
        aware.tzinfo,
        "investigator",
        1,
    )


def dues(*versions, filings=()):
    """Recipient and deadline in the zone of the first version, of what is not sent."""
    event = AdverseEvent(1, versions, filings)
    zone = versions[0].zone
    return [(duty.to, duty.due.astimezone(zone)) for duty in duties(event) if duty.filed is None]


def test_an_event_that_is_not_serious_starts_no_clock():
    assert dues(version(HEADACHE, NOON)) == []


def test_a_serious_event_is_told_to_the_sponsor_within_24_hours_and_if_expected_to_nobody_else():
    assert dues(version(SERIOUS, NOON)) == [("sponsor", NOON + timedelta(hours=24))]


@pytest.mark.parametrize(("account", "days"), [(UNEXPECTED, 15), (FATAL, 7)])
def test_an_unexpected_reaction_is_told_to_the_authority_within_7_or_15_days(account, days):
    assert dues(version(account, NOON))[1] == ("authority", NOON + timedelta(days=days))


@pytest.mark.parametrize("unknown", ["death", "medically_important"])
def test_what_is_unknown_counts_at_its_worst(unknown):
    account = but(criteria={**HEADACHE.criteria, unknown: "unknown"}, expected="unknown")

    assert dues(version(account, NOON))[1] == (
        "authority",
        NOON + timedelta(days=7 if unknown == "death" else 15),
    )


def test_24_hours_pass_also_when_the_clocks_are_put_forward():
    """Berlin, 29 March 2026, 02:00 is 03:00: a day of 23 hours."""
    aware = datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN)
    (_, due), (_, authority) = dues(version(UNEXPECTED, aware))

    assert due.isoformat() == "2026-03-29T21:00:00+02:00"
    assert authority.isoformat() == "2026-04-12T20:00:00+02:00"  # the same time of day


def test_the_hour_that_comes_twice_is_told_apart():
    """Berlin, 25 October 2026: 02:30 is there twice, and 24 hours after each is an hour apart."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    second = first.replace(fold=1)
    ((_, one),), ((_, two),) = dues(version(SERIOUS, first)), dues(version(SERIOUS, second))

    assert (one.isoformat(), two.isoformat()) == (
        "2026-10-26T01:30:00+01:00",
        "2026-10-26T02:30:00+01:00",
    )


def test_what_becomes_known_just_before_midnight_is_due_just_before_midnight():
    aware = datetime(2026, 1, 31, 23, 59, tzinfo=BEIJING)
    (_, due), (_, authority) = dues(version(FATAL, aware))

    assert due.isoformat() == "2026-02-01T23:59:00+08:00"
    assert authority.isoformat() == "2026-02-07T23:59:00+08:00"


def test_an_upgrade_starts_the_clock_from_when_it_became_known():
    later = NOON + timedelta(days=3)

    assert dues(version(HEADACHE, NOON), version(SERIOUS, later)) == [
        ("sponsor", later + timedelta(hours=24))
    ]


def test_an_upgrade_to_fatal_adds_the_shorter_clock_and_stops_no_clock_that_runs():
    later = NOON + timedelta(days=12)
    found = dues(version(UNEXPECTED, NOON), version(FATAL, later))

    assert found == [
        ("sponsor", NOON + timedelta(hours=24)),
        ("authority", NOON + timedelta(days=15)),
        ("authority", later + timedelta(days=7)),
    ]


def test_a_downgrade_ends_the_clock_and_a_second_upgrade_starts_a_new_one():
    days = [NOON + timedelta(days=n) for n in range(3)]
    found = dues(version(SERIOUS, days[0]), version(HEADACHE, days[1]), version(SERIOUS, days[2]))

    assert dues(version(SERIOUS, days[0]), version(HEADACHE, days[1])) == []
    assert found == [("sponsor", days[2] + timedelta(hours=24))]


def test_awareness_corrected_to_an_earlier_time_makes_it_due_earlier():
    earlier = NOON - timedelta(hours=20)

    assert dues(version(SERIOUS, NOON), version(SERIOUS, earlier)) == [
        ("sponsor", earlier + timedelta(hours=24))
    ]


def test_a_reading_below_3_wants_an_event_that_covers_the_day():
    low = [(date(2026, 1, 5), Decimal("2.9")), (date(2026, 1, 6), Decimal("2.9"))]
    fine = [(date(2026, 1, 7), Decimal("3.0")), (date(2026, 1, 8), Decimal("3.8"))]
    reported = AdverseEvent(1, (version(HEADACHE._replace(term="HYPOGLYCAEMIA"), NOON),))

    assert unreported_lows(low + fine, ()) == [(date(2026, 1, 5), 2), (date(2026, 1, 6), 2)]
    assert unreported_lows(low + fine, (reported,)) == [(date(2026, 1, 6), 2)]
