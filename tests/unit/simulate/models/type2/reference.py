"""The course of the type 2 model once more, in plain NumPy over participants.

The same equations, schedule and named random numbers as the compiled kernel, written as one would
without it: whole columns, ``np.where`` for every rule. It is the oracle of the kernel in the tests
and its peer in ``benchmarks/simulate_engines.py``; nothing in the package uses it. NumPy's own
logarithm, exponential and sine differ from the kernel's in the last bits.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from equipoise.simulate.models import ADVERSE_EVENT, LOST, STAYED, UNCONTROLLED
from equipoise.simulate.models.type2 import person as t
from equipoise.simulate.random import CONTACT, DAY, MEALS, METER, MISSED, VISIT

AGES = 12  # of red cells
MASK = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)


def philox(use, day, persons, trials, key):
    """Four random words for each person, (4, n)."""
    c = [np.full(persons.shape, use, np.uint64), np.full(persons.shape, day, np.uint64)]
    c += [persons.astype(np.uint64), trials.astype(np.uint64)]
    k0, k1 = key
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [
            (p1 >> SHIFT) ^ c[1] ^ np.uint64(k0),
            p1 & MASK,
            (p0 >> SHIFT) ^ c[3] ^ np.uint64(k1),
            p0 & MASK,
        ]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c


def uniform(word):
    return (word + 0.5) * 2.0**-32


def normals(first, second):
    radius, angle = np.sqrt(-2.0 * np.log(uniform(first))), 2.0 * np.pi * uniform(second)
    # the kernel takes the quarter turn from the two highest bits, and centres the rest on it
    angle -= np.pi / 4
    return radius * np.cos(angle), radius * np.sin(angle)


def begin(people, p):
    """Everybody at the steady state of their baseline."""
    x = people.hidden.T
    n = people.persons.size
    turnover = AGES / p.red_cell_life
    kept = turnover / (turnover + x[t.GLYCATION] * x[t.GLUCOSE])
    return SimpleNamespace(
        x=x, cells=np.zeros(n), swing=np.zeros(n), taken=p.adherence * x[t.DOSE],
        dose=x[t.DOSE].astype(np.int64), on_insulin=np.ones(n, bool), glucose=x[t.GLUCOSE].copy(),
        beta=np.ones(n), toxicity=np.zeros(n), gained=np.zeros(n),
        red=1.0 - kept ** np.arange(1, AGES + 1)[:, None],
        weight=np.rint(10.0 * x[t.WEIGHT]).astype(np.int64),
        count=np.zeros(n, np.int64), total=np.zeros(n, np.int64), lows=np.zeros((2, n), np.int64),
    )  # fmt: skip


def live_glucose(s, day, treated, z_swing, u_taken, p):
    x, since = s.x, day - int(p.diet_day)
    fade = (1.0 - p.diet_residual) * np.exp(-since / p.diet_decay) + p.diet_residual
    diet = (1.0 - np.exp(-since / 5.0)) * fade if since > 0 else 0.0
    drift = 1.0 + (1.0 - np.exp(-max(day, 0) / p.drift_time)) * x[t.DRIFT]
    drug = (1.0 - np.exp(-max(day, 0) / p.drug_time)) * treated
    s.effect = x[t.POTENCY] * s.cells / (s.cells + p.cells_half_effect)
    s.swing = p.day_memory * s.swing + p.day_sd * np.sqrt(1.0 - p.day_memory**2) * z_swing
    injected = np.where(u_taken < p.adherence, s.dose, 0.0)
    s.taken = p.depot * s.taken + (1.0 - p.depot) * injected
    effort = x[t.DIET] * diet
    drugs = np.where(s.on_insulin, 0.0, p.oral_drugs)
    s.sensitivity = np.clip(x[t.SENSITIVITY] * (1.0 + s.toxicity + s.gained), 0.02, 6.0)
    s.secretion = x[t.SECRETION] * s.beta
    share = (1.0 - p.diet_production * effort) * (1.0 - p.cells_production * s.effect)
    share = share * (1.0 - drugs) * drift * (1.0 - drug * x[t.DRUG_PRODUCTION])
    s.production = x[t.PRODUCTION] * np.clip(share, 0.25, 1.5)
    insulin = p.insulin_level * s.taken
    production = s.production * np.clip(1.0 + s.swing, 0.4, 2.0)
    a = p.effectiveness + s.sensitivity * p.overnight * insulin
    root = np.sqrt(a * a + 4.0 * s.sensitivity * s.secretion * production)
    s.fasting = np.clip(2.0 * production / (a + root), 1.5, 28.0)
    after_meals = (1.0 - p.overnight) * insulin + 2.0 * s.secretion * s.glucose
    meals = (1.0 - p.diet_meals * effort) * (1.0 - drug * x[t.DRUG_MEALS])
    appearance = x[t.APPEARANCE] * np.clip(meals, 0.3, 1.5)
    s.rise = np.clip(appearance / (p.effectiveness + s.sensitivity * after_meals), 0.0, 15.0)


def live_slowly(s, meals, day, p):
    x = s.x
    size = 1.0 + p.meal_sd * np.sqrt(12.0) * (meals - 0.5)
    today = np.minimum(s.fasting + s.rise * size, 33.3)
    s.glucose = s.glucose + 0.1 * (today - s.glucose)
    relief = (x[t.GLUCOSE] - s.glucose) / x[t.GLUCOSE]
    aim = (1.0 - p.beta_loss * max(day, 0) / 365.0) * (1.0 + p.cells_beta * s.effect)
    s.beta = np.clip(s.beta + (aim - s.beta) / p.beta_time, 0.2, 3.0)
    towards = p.sensitivity_glucose * relief - s.toxicity
    s.toxicity = np.clip(s.toxicity + towards / p.sensitivity_time, -0.5, 1.0)
    faded = s.gained * (1.0 - 1.0 / p.cells_sensitivity_time)
    s.gained = np.clip(faded + p.cells_sensitivity * s.effect, 0.0, 2.0)
    s.cells = s.cells * 0.5 ** (1.0 / p.cells_half_life)
    younger = np.vstack([np.zeros_like(today), s.red[:-1]])
    turnover = AGES / p.red_cell_life
    s.red += x[t.GLYCATION] * today * (1.0 - s.red) + turnover * (younger - s.red)


def read(s, glucose, noise, u_missed, below, p):
    """A home reading, 0.1 mmol/L, and whether it was taken; low ones are counted."""
    error = np.maximum(p.meter_absolute, p.meter_relative * glucose) * noise
    reading = np.clip(np.floor(10.0 * (glucose + error) + 0.5), 11.0, 333.0).astype(np.int64)
    done = u_missed >= p.reading_missed
    for limit in range(2):
        s.lows[limit] += done & (reading < below[limit])
    return reading, done


def percent(s):
    return 91.48 * s.red.mean(axis=0) + 2.152


def measure(s, name, p):
    """What a visit records, (items, n)."""
    z, e = philox(VISIT, *name), philox(VISIT + 1, *name)
    z_a1c, z_weight, z_c, z_gir = *normals(z[0], z[1]), *normals(z[2], z[3])
    z_fasting, z_6min, z_area, z_creatinine = *normals(e[0], e[1]), *normals(e[2], e[3])
    c_peptide = s.secretion * s.fasting / p.c_peptide_insulin
    fold = 1.0 + p.glucagon_fold * s.beta * (s.x[t.FASTING] / s.fasting) ** p.glucagon_glucose
    area = 30.0 * c_peptide * (1.0 + p.glucagon_area * (fold - 1.0))
    uptake = (p.effectiveness + s.sensitivity * p.clamp_insulin) * p.clamp_glucose
    gir = p.glucose_volume * 18.016 / 1440.0 * (uptake - p.clamp_production * s.production)
    shown = [
        10.0 * (s.x[t.WEIGHT] + p.weight_error * z_weight),
        10.0 * percent(s) * np.maximum(0.2, 1.0 + p.hba1c_error * z_a1c),
        s.dose,
        10.0 * s.fasting * np.maximum(0.2, 1.0 + p.fasting_error * z_fasting),
        100.0 * c_peptide * np.maximum(0.2, 1.0 + p.c_peptide_error * z_c),
        100.0 * c_peptide * fold * np.maximum(0.2, 1.0 + p.c_peptide_error * z_6min),
        10.0 * area * np.maximum(0.2, 1.0 + p.c_peptide_error * z_area),
        100.0 * np.maximum(0.0, gir) * np.maximum(0.2, 1.0 + p.gir_error * z_gir),
        s.x[t.CREATININE] * np.maximum(0.2, 1.0 + p.creatinine_error * z_creatinine),
    ]
    return np.rint(shown)


def hold_contact(s, out, day, at, inpatient, name, rules, p):
    bands, limits = rules
    w = philox(CONTACT, at, *name)
    here = day < out.left
    mine = here & s.on_insulin
    band = sum((s.total >= edge * s.count).astype(np.int64) for edge in bands.edges)
    change = np.array(bands.units)[band] + s.dose * np.array(bands.percents)[band] // 100
    proposed = np.where(s.count > 0, s.dose + change, s.dose)
    for limit in range(2):
        cut = np.minimum(proposed, s.dose + s.dose * bands.cuts[limit] // 100)
        proposed = np.where(s.lows[limit] >= bands.times[limit], cut, proposed)
    proposed = np.maximum(0, proposed)
    refused = (proposed > s.dose) & (uniform(w[0]) >= s.x[t.RAISES])
    after = np.where(refused, s.dose, proposed)
    stops = mine & (after * 1000 <= limits.stop * s.weight)
    high = (s.count > 0) & (s.total > limits.uncontrolled * s.count)
    withdraws = mine & ~stops & high & (after * 1000 > limits.withdraw * s.weight)
    weekly = p.lost * 7.0 / 365.0 * np.exp(np.minimum(6.0, p.lost_hba1c * (percent(s) - 8.0)))
    lost = here & ~stops & ~withdraws & (uniform(w[1]) < np.minimum(0.1, weekly))
    lost &= not inpatient
    s.dose = np.where(stops, 0, np.where(mine, after, s.dose))
    s.on_insulin &= ~stops
    out.stopped[stops] = day
    out.left[withdraws | lost] = day
    out.reason[withdraws], out.reason[lost] = UNCONTROLLED, LOST
    s.count[here], s.total[here], s.lows[:, here] = 0, 0, 0


def live(people, schedule, rules, key, p):
    """Visits (n, visits, items), left, reason, stopped, as the kernel's ``live`` gives them."""
    n, name = people.persons.size, (people.persons, people.trials, key)
    s, below = begin(people, p), rules.bands.below
    out = SimpleNamespace(
        visits=np.full((n, int(schedule.visit.max()) + 1, 9), np.nan),
        left=people.leaves.copy(),
        reason=np.where(np.isinf(people.leaves), STAYED, ADVERSE_EVENT),
        stopped=np.full(n, np.inf),
    )
    for at in range(schedule.visit.size):
        day = schedule.first + at
        w, m = philox(DAY, at, *name), philox(MEALS, at, *name)
        z_swing, z_meter = normals(w[0], w[1])
        live_glucose(s, day, people.doses[:, 0] > 0, z_swing, uniform(w[2]), p)
        reading, done = read(s, s.fasting, z_meter, uniform(w[3]), below, p)
        s.count, s.total = s.count + done, s.total + done * reading
        meals = [uniform(word) for word in m[:3]]
        if schedule.profile[at]:
            e, u = philox(METER, at, *name), philox(MISSED, at, *name)
            noise = *normals(e[0], e[1]), *normals(e[2], e[3])
            for point, share in enumerate((1.8, 1.6, 1.6, 0.8)):
                size = 1.0 + p.meal_sd * np.sqrt(12.0) * (meals[min(point, 2)] - 0.5)
                seen = s.fasting + share * s.rise * size
                read(s, seen, noise[point], uniform(u[point]), below, p)
        visit, infusion = schedule.visit[at], schedule.infusion[at]
        if visit >= 0:
            missed = uniform(philox(VISIT + 2, at, *name)[0]) < p.visit_missed
            if infusion >= 0:
                missed = np.isnan(people.doses[:, infusion])
            elif at + 1 == schedule.visit.size:  # who is still there comes to the last visit
                missed = np.zeros(n, bool)
            held = (day < out.left) & ~missed
            out.visits[held, visit] = measure(s, (at, *name), p).T[held]
            s.weight[held] = out.visits[held, visit, 0].astype(np.int64)
        if day == 0:
            units, per_kg = schedule.start
            s.dose = np.where(s.dose == 0, units + per_kg * s.weight // 1000, s.dose)
        if infusion >= 0:
            given = (day < out.left) & ~np.isnan(people.doses[:, infusion])
            s.cells += np.where(given, np.nan_to_num(people.doses[:, infusion]) * 1e-6, 0.0)
        if schedule.contact[at]:
            hold_contact(s, out, day, at, schedule.contact[at] == 2, name, rules, p)
        live_slowly(s, sum(meals) / 3.0, day, p)
    return out
