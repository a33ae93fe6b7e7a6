"""The course of many participants, day by day from screening to the last visit.

Blocks of ``LANES`` persons live side by side. Every random number is named by what it is for, so
the course of a person is the same in any block, chunk or thread.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from equipoise.rules.disposition import Limits
from equipoise.rules.dosing.titration import Bands, Readings
from equipoise.simulate.arrays import Array, Key, Whole
from equipoise.simulate.compiled import compiled, inlined, unlocked
from equipoise.simulate.elementary import exp, log
from equipoise.simulate.models import (
    ADVERSE_EVENT,
    LOST,
    NOTES,
    OFF,
    STAYED,
    STOPPED,
    UNCONTROLLED,
    WITHDRAWN,
    People,
)
from equipoise.simulate.models.type2 import day as d
from equipoise.simulate.models.type2 import person as t
from equipoise.simulate.models.type2.contact import decide
from equipoise.simulate.models.type2.parameters import Parameters
from equipoise.simulate.models.type2.physiology import (
    COMPARTMENTS,
    diet_course,
    reached,
    young_to_old,
)
from equipoise.simulate.models.type2.readings import count_low_days, keep_readings
from equipoise.simulate.models.type2.visit import STEPS, glycated_percent, measure
from equipoise.simulate.random import CONTACT, LANES, VISIT, draw, uniform

MOST_LOST = 0.1  # chance of loss in a week, whatever the HbA1c


class Schedule(NamedTuple):
    """What happens on each day of the trial, by days since the first one."""

    first: int  # study day of the first entry
    visit: Whole  # number of the visit, or -1
    infusion: Whole  # number of the infusion, or -1
    contact: Whole  # 1 at a titration contact, 2 at one in hospital, else 0
    profile: Whole  # 1 on a five-point day, else 0
    start: tuple[int, int]  # dose with which those on none begin on day 0: U, and 0.01 U/kg


class Rules(NamedTuple):
    """The rules of the protocol that the course obeys."""

    bands: Bands
    limits: Limits


class Course(NamedTuple):
    """What became of n participants; daily arrays have no rows when they are not kept."""

    visits: Array  # recorded steps, (n, visits, items); not a number when missed or after leaving
    left: Array  # day of leaving, (n,); infinite when the participant stayed
    reason: Whole  # STAYED, ADVERSE_EVENT, LOST or UNCONTROLLED, (n,)
    stopped: Array  # day insulin was stopped, (n,); infinite when never
    glucose: Array  # home readings, 0.1 mmol/L, (n, days, 5); not a number when missed
    contacts: Array  # (n, days, 7), see ``NOTES``
    lows: Array  # days from day 0 on with a reading below each limit of the table, (2, n)


class Block(NamedTuple):
    """Up to ``LANES`` participants side by side."""

    start: int  # number of the first
    n: int  # how many lanes are in use
    s: Array  # state, see ``day.ROWS``
    h: Array  # glycated share of red cells, a row of lanes for each age
    z: Array  # noise of a five-point day
    persons: Whole
    trials: Whole
    weight: Whole  # as last recorded, 0.1 kg
    raises: Array  # chance that a rise is carried out


@compiled
def begin(start: int, people: People, p: Parameters) -> Block:
    """Put the participants from number ``start`` at the steady state of their baseline."""
    n = min(LANES, people.persons.size - start)
    s, h = np.zeros(len(d.ROWS) * LANES), np.zeros((COMPARTMENTS + 1) * LANES)
    persons, trials = np.zeros(LANES, np.int64), np.zeros(LANES, np.int64)
    weight, raises = np.zeros(LANES, np.int64), np.zeros(LANES)
    for lane in range(LANES):
        i = start + min(lane, n - 1)
        traits = people.hidden[i]
        persons[lane], trials[lane] = people.persons[i], people.trials[i]
        weight[lane], raises[lane] = int(np.rint(10.0 * traits[t.WEIGHT])), traits[t.RAISES]
        s[d.SENSITIVITY0 + lane], s[d.SECRETION0 + lane] = (
            traits[t.SENSITIVITY],
            traits[t.SECRETION],
        )
        s[d.PRODUCTION0 + lane], s[d.APPEARANCE0 + lane] = (
            traits[t.PRODUCTION],
            traits[t.APPEARANCE],
        )
        s[d.GLYCATION + lane], s[d.DIET + lane] = traits[t.GLYCATION], traits[t.DIET]
        s[d.POTENCY + lane], s[d.DRIFT + lane] = traits[t.POTENCY], traits[t.DRIFT]
        if people.doses[i, 0] > 0.0:
            s[d.DRUG_PRODUCTION + lane] = traits[t.DRUG_PRODUCTION]
            s[d.DRUG_MEALS + lane] = traits[t.DRUG_MEALS]
        s[d.GLUCOSE0 + lane] = s[d.GLUCOSE + lane] = traits[t.GLUCOSE]
        s[d.TAKEN + lane] = p.adherence * traits[t.DOSE]
        s[d.DOSE + lane], s[d.ON_INSULIN + lane], s[d.BETA + lane] = traits[t.DOSE], 1.0, 1.0
        young_to_old(h[lane::LANES], traits[t.GLUCOSE], traits[t.GLYCATION], p.red_cell_life)
    return Block(start, n, s, h, np.empty(8 * LANES), persons, trials, weight, raises)


@compiled
def hold_visit(
    block: Block,
    people: People,
    out: Course,
    day: int,
    at: int,
    schedule: Schedule,
    key: Key,
    p: Parameters,
) -> None:
    """Hold a visit: a participant misses it by chance, or because the infusion is not given.

    Who is still in the study comes to the last one: that is what completing it means.
    """
    visit, infusion = schedule.visit[at], schedule.infusion[at]
    for lane in range(block.n):
        i = block.start + lane
        chance = uniform(draw(VISIT + 2, at, block.persons[lane], block.trials[lane], key)[0])
        by_chance = chance < p.visit_missed and at + 1 < schedule.visit.size
        missed = np.isnan(people.doses[i, infusion]) if infusion >= 0 else by_chance
        if day < out.left[i] and not missed:
            name = at, block.persons[lane], block.trials[lane]
            measure(out.visits[i, visit], block.s, block.h, lane, people.hidden[i], name, key, p)
            block.weight[lane] = int(out.visits[i, visit, 0])


@compiled
def hold_contacts(
    block: Block,
    out: Course,
    day: int,
    at: int,
    inpatient: int,
    key: Key,
    rules: Rules,
    p: Parameters,
) -> None:
    """Hold a titration contact of every lane, and see who is lost before the next."""
    s, weight, raises = block.s, block.weight, block.raises
    persons, trials = block.persons, block.trials
    left, reason, stopped, contacts = out.left, out.reason, out.stopped, out.contacts
    daily = contacts.shape[0] > 0
    for lane in range(block.n):
        i = block.start + lane
        if day >= left[i]:
            continue
        w = draw(CONTACT, at, persons[lane], trials[lane], key)
        lows = (int(s[d.LOW + lane]), int(s[d.VERY_LOW + lane]))
        readings = Readings(int(s[d.COUNT + lane]), int(s[d.TOTAL + lane]), lows)
        before = int(s[d.DOSE + lane])
        proposed, after, decision = before, before, OFF
        if s[d.ON_INSULIN + lane] > 0.0:
            proposed, after, decision = decide(
                before, weight[lane], readings, uniform(w[0]), raises[lane], rules
            )
        if decision == STOPPED:
            s[d.ON_INSULIN + lane], stopped[i] = 0.0, day
        elif decision == WITHDRAWN:
            left[i], reason[i] = day, UNCONTROLLED
        elif (
            not inpatient
            and uniform(w[1]) < MOST_LOST  # spares most the work of the next line
            and uniform(w[1]) < lost_chance(glycated_percent(block.h, lane), p)
        ):
            left[i], reason[i] = day, LOST
        s[d.DOSE + lane] = after
        for row in (d.COUNT, d.TOTAL, d.LOW, d.VERY_LOW):
            s[row + lane] = 0.0
        if daily:
            contacts[i, at, 0], contacts[i, at, 1] = readings.number, readings.total
            contacts[i, at, 2], contacts[i, at, 3] = lows[0], before
            contacts[i, at, 4], contacts[i, at, 5] = proposed, after
            contacts[i, at, 6] = decision


@compiled
def begin_insulin(block: Block, start: tuple[int, int]) -> None:
    """Give those who are not on insulin the dose with which it begins."""
    for lane in range(block.n):
        if block.s[d.DOSE + lane] == 0.0:
            block.s[d.DOSE + lane] = start[0] + start[1] * block.weight[lane] // 1000


@inlined
def lost_chance(percent: float, p: Parameters) -> float:
    """Chance that a participant with this HbA1c, %, is lost to follow-up within a week."""
    return min(MOST_LOST, p.lost * 7.0 / 365.0 * exp(min(6.0, p.lost_hba1c * (percent - 8.0))))


@compiled
def infuse(block: Block, people: People, out: Course, day: int, infusion: int) -> None:
    """Give the cells, which act from the next day on."""
    for lane in range(block.n):
        given = people.doses[block.start + lane, infusion] * 1e-6
        if day < out.left[block.start + lane] and not np.isnan(given):
            block.s[d.CELLS + lane] += given


@compiled
def live_block(
    start: int,
    people: People,
    out: Course,
    schedule: Schedule,
    rules: Rules,
    key: Key,
    p: Parameters,
) -> None:
    """Live the whole course of up to ``LANES`` participants from number ``start``."""
    block = begin(start, people, p)
    kept = exp(-log(2.0) / p.cells_half_life)
    below = rules.bands.below[0], rules.bands.below[1]
    for at in range(schedule.visit.size):
        day = schedule.first + at
        d.draw_day(block.s, block.persons, block.trials, at, key)
        shares = diet_course(day, p), reached(day, p.drift_time), reached(day, p.drug_time)
        d.live_glucose(block.s, shares, p)
        d.read_fasting(block.s, below, p)
        if schedule.profile[at] == 1:
            d.draw_profile(block.z, block.persons, block.trials, at, key)
            for point in range(4):
                d.read_point(block.s, block.z, point, below, p)
        mine = slice(start, start + block.n)
        points = 5 if schedule.profile[at] == 1 else 1
        if day >= 0:
            count_low_days(out.lows[:, mine], out.left[mine], block.s, day, points, below)
        if out.glucose.shape[0] > 0:
            keep_readings(out.glucose[mine, at], out.left[mine], block.s, day, points)
        if schedule.visit[at] >= 0:
            hold_visit(block, people, out, day, at, schedule, key, p)
        if day == 0:
            begin_insulin(block, schedule.start)
        if schedule.infusion[at] >= 0:
            infuse(block, people, out, day, schedule.infusion[at])
        if schedule.contact[at] > 0:
            hold_contacts(block, out, day, at, schedule.contact[at] // 2, key, rules, p)
        d.live_slowly(block.s, block.h, day, kept, p)


@unlocked
def live_blocks(
    people: People, out: Course, schedule: Schedule, rules: Rules, key: Key, p: Parameters
) -> None:
    """Live the course of every participant, a block of lanes at a time."""
    for start in range(0, people.persons.size, LANES):
        live_block(start, people, out, schedule, rules, key, p)


def live(
    people: People,
    schedule: Schedule,
    rules: Rules,
    key: Key,
    p: Parameters,
    *,
    daily: bool = False,
) -> Course:
    """Live the course of n participants; ``daily`` keeps every home reading and contact.

    It holds no lock while it runs: threads may live different participants at the same time.
    """
    n, days = people.persons.size, schedule.visit.size
    kept = n if daily else 0
    out = Course(
        visits=np.full((n, int(schedule.visit.max()) + 1, len(STEPS)), np.nan),
        left=people.leaves.copy(),
        reason=np.where(np.isinf(people.leaves), STAYED, ADVERSE_EVENT),
        stopped=np.full(n, np.inf),
        glucose=np.full((kept, days, 5), np.nan),
        contacts=np.full((kept, days, len(NOTES)), np.nan),
        lows=np.zeros((2, n)),
    )
    live_blocks(people, out, schedule, rules, key, p)
    return out
