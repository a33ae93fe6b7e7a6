"""Laws of adverse events: clocks against a small model told version by version, and the fold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.clocks import duties
from equipoise.conduct.entry import Entry, Envelope
from equipoise.conduct.events.safety import AdverseEventReported, ReportFiled
from equipoise.conduct.state.safety import AdverseEvent, AdverseEvents, Filing, Version
from equipoise.rules.safety import Criteria

START = datetime(2026, 3, 20, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")  # its clocks go forward on 29 March
ANSWERS = st.sampled_from(["no", "unknown", "yes"])
RANK = {"no": 0, "unknown": 1, "yes": 2}


def said(number, criteria, causality, expected, aware):
    return AdverseEventReported(
        number=number,
        term="HEADACHE",
        verbatim=None,
        start=PartialDate(2026, 3, 20),
        time=None,
        end=None,
        severity="mild",
        criteria=criteria,
        causality=causality,
        expected=expected,
        action="none",
        outcome="unknown",
        aware=aware.isoformat(),
    )


@st.composite
def versions(draw):
    criteria = draw(st.fixed_dictionaries(dict.fromkeys(Criteria._fields, ANSWERS)))
    if draw(st.booleans()):  # not serious is rare by chance, and matters
        criteria = dict.fromkeys(Criteria._fields, "no")
    aware = START + timedelta(minutes=draw(st.integers(0, 20 * 24 * 60)))
    causality = draw(st.sampled_from(["related", "possibly related", "not related"]))
    event = said(1, criteria, causality, draw(ANSWERS), aware)
    return Version(event, aware, ZONE, "investigator", 1)


HISTORIES = st.lists(versions(), min_size=1, max_size=6)


def levels(event):
    """How pressing each report is, straight from ICH E2A."""
    worst = max(RANK[answer] for answer in event.criteria.values())
    urgent = max(RANK[event.criteria[name]] for name in ("death", "life_threatening"))
    susar = worst and event.causality != "not related" and event.expected != "yes"
    return {"sponsor": int(worst > 0), "authority": (1 + (urgent > 0)) if susar else 0}


def model(history, filed_after):
    """The earliest open deadline of each recipient, with the clocks run version by version.

    Args:
        filed_after: By recipient, after which versions a report was sent.
    """
    clocks = (("sponsor", 1), ("authority", 1), ("authority", 2))
    running, open_ = dict.fromkeys(clocks), dict.fromkeys(clocks, False)
    for number, version in enumerate(history, start=1):
        for clock in clocks:
            to, level = clock
            if levels(version.said)[to] < level:
                running[clock], open_[clock] = None, False
            elif running[clock] is None:
                running[clock], open_[clock] = version.aware, True
            else:
                running[clock] = min(running[clock], version.aware)
            if number in filed_after[to]:
                open_[clock] = False
    dues = {"sponsor": [], "authority": []}
    for (to, level), aware in running.items():
        if open_[to, level]:
            local = aware.astimezone(ZONE) + timedelta(days=15 if level == 1 else 7)
            due = aware + timedelta(hours=24) if to == "sponsor" else local.astimezone(UTC)
            dues[to].append(due)
    return {to: min(some, default=None) for to, some in dues.items()}


def earliest(history, filings=()):
    open_ = [duty for duty in duties(AdverseEvent(1, tuple(history), filings)) if not duty.filed]
    return {
        to: min((duty.due for duty in open_ if duty.to == to), default=None)
        for to in ("sponsor", "authority")
    }


FILED = st.fixed_dictionaries(
    {to: st.sets(st.integers(1, 6), max_size=2) for to in ("sponsor", "authority")}
)


@given(HISTORIES, FILED)
def test_clocks_agree_with_a_model_that_runs_them_version_by_version(history, filed):
    filings = tuple(
        Filing(to, START + timedelta(days=40), after, "")
        for to, some in filed.items()
        for after in sorted(some)
        if after <= len(history)
    )

    assert earliest(history, filings) == model(history, filed)


@given(HISTORIES, st.data())
def test_worse_facts_never_make_a_deadline_later(history, data):
    place = data.draw(st.integers(0, len(history) - 1))
    name = data.draw(st.sampled_from(Criteria._fields))
    event = history[place].said
    worse = said(1, {**event.criteria, name: "yes"}, "related", "no", history[place].aware)
    graver = [*history[:place], history[place]._replace(said=worse), *history[place + 1 :]]

    for to, due in earliest(history).items():
        assert due is None or earliest(graver)[to] <= due


@given(HISTORIES)
def test_a_follow_up_that_changes_nothing_moves_no_deadline(history):
    again = history[-1]._replace(aware=START + timedelta(days=30))

    assert earliest([*history, again]) == earliest(history)


@given(HISTORIES, st.sampled_from(["sponsor", "authority"]))
def test_a_report_of_what_is_known_now_leaves_nothing_due_to_its_recipient(history, to):
    filing = Filing(to, START + timedelta(days=40), len(history), "")

    assert earliest(history, (filing,))[to] is None


def entry(sequence, event):
    said = dict.fromkeys(Envelope.__struct_fields__, "x") | {"zone": "Europe/Berlin"}
    return Entry("main", sequence, sequence - 1, Envelope(**said), event, b"")


@st.composite
def reports(draw):
    """A history of several events as the log tells it."""
    events, count = [], 0
    for _ in range(draw(st.integers(1, 12))):
        number = draw(st.integers(1, count + 1))
        if number <= count and draw(st.booleans()):
            events.append(ReportFiled(number, "sponsor", START.isoformat(), ""))
            continue
        count = max(count, number)
        events.append(draw(versions()).said)
        events[-1] = said(
            number, events[-1].criteria, events[-1].causality, events[-1].expected, START
        )
    return [entry(place, event) for place, event in enumerate(events, start=1)]


@given(reports(), st.integers(0, 12))
def test_recalling_in_two_steps_is_recalling_at_once_and_earlier_versions_stay(entries, cut):
    def recalled(known, some):
        for one in some:
            known = known.after(one)
        return known

    half = recalled(AdverseEvents(), entries[:cut])
    whole = recalled(half, entries[cut:])

    assert whole == recalled(AdverseEvents(), entries)
    for before, after in zip(half.events, whole.events, strict=False):
        assert after.versions[: len(before.versions)] == before.versions
    kept = [version.said for event in whole.events for version in event.versions]
    assert len(kept) == sum(isinstance(one.event, AdverseEventReported) for one in entries)
