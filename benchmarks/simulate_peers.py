"""How do a simulated person-day and a simulated trial compare with other open simulators?

    uv venv --python 3.11 /tmp/peers
    uv pip sync --python /tmp/peers/bin/python requirements/benchmarks.txt
    PYTHONPATH=src /tmp/peers/bin/python benchmarks/simulate_peers.py

A person-day is one of the meal model, minute by minute, glucose every five minutes: detail mode;
the same equations, people and day in JAX with diffrax (Tsit5, step of a minute and adaptive; its
glucose is compared with ours); simglucose (type 1 diabetes, UVA/Padova 2008, a similar model, one
person at a time). A trial is one of the reference study, lived day by day with its criteria, rules
and visits; refua-clinical draws one outcome for each of 180 participants, so the kinds differ and
only the cost is set side by side. A peer that is not installed is left out, with its error.

Answer, as seen on two virtual Xeon processors that others used too (medians of 3 rounds, processor
time): a person-day takes 0.7 ms here, 2.9 ms in diffrax with a step of a minute and 1.9 ms adaptive
(their glucose is ours within 0.001 mg/dL), and 8 s in simglucose; a trial takes 2.3 ms here, 26 ms
in refua-clinical.
"""

from __future__ import annotations

import statistics
import time
import warnings
from functools import partial
from itertools import pairwise

import numpy as np

from equipoise.protocol.load import load_study
from equipoise.simulate import simulate_endpoints
from equipoise.simulate.detail import day, meal_model
from equipoise.simulate.enrolment import Enrolment
from equipoise.simulate.models.type2 import person

SEED, PEOPLE, ROUNDS = 1, 364, 3
STUDY = load_study("nct02302599")
HABITS = day.Habits()


def people():
    """Bodies, states at midnight and daily insulin, pmol/kg, of virtual participants."""
    traits = Enrolment(STUDY).enrol(range(4), SEED).people.hidden[:PEOPLE]
    found = [day.body_of(one, HABITS) for one in traits]
    doses = traits[:, person.DOSE] * day.PMOL / traits[:, person.WEIGHT]
    return [body for _, body in found], [y for y, _ in found], doses


def detail_mode(bodies, starts, doses):
    return np.array(
        [
            day.live_days(y.copy(), 1, dose, HABITS, body, 1)
            for body, y, dose in zip(bodies, starts, doses, strict=True)
        ]
    )


def slopes(_t, y, told):
    """The equations of ``meal_model.slopes``, for JAX."""
    import jax.numpy as jnp

    b, eaten, injected = told
    gp, gt, liver, ip, i1, i2, x, answer, portal, solid, liquid, gut, s1, s2 = y
    left, eaten = solid + liquid, jnp.maximum(eaten, 1.0)
    a, c = 2.5 / (eaten * (1 - b.most_left)), 2.5 / (eaten * b.least_left)
    bend = jnp.tanh(a * (left - b.most_left * eaten)) - jnp.tanh(c * (left - b.least_left * eaten))
    empty = (b.kmin + 0.5 * (b.kmax - b.kmin) * (bend + 2.0)) * liquid
    glucose, insulin = gp / b.glucose_volume, ip / b.insulin_volume
    production = jnp.maximum(0.0, b.kp1 - b.kp2 * gp - b.kp3 * i2 - b.kp4 * portal)
    use = jnp.maximum(0.0, b.vm0 + b.vmx * x) * gt / (b.km0 + gt)
    lost = b.brain * jnp.minimum(1.0, glucose / 36.0) + b.ke1 * jnp.maximum(0.0, gp - b.ke2)
    d_gp = production + b.absorbed * b.kabs * gut / b.weight - lost - b.k1 * gp + b.k2 * gt
    secreted = b.gamma * portal
    kept = jnp.clip(b.extraction - b.m5 * (secreted - b.secretion), 0.0, 0.9)
    asked = jnp.maximum(-b.secretion, b.beta * (glucose - b.threshold))
    rise = b.per_rise * jnp.maximum(0.0, d_gp / b.glucose_volume)
    return jnp.stack([
        d_gp, b.k1 * gp - b.k2 * gt - use,
        secreted + b.m2 * ip - (b.m1 + kept * b.m1 / (1.0 - kept)) * liver,
        b.m1 * liver - (b.m2 + b.m4) * ip + b.fast_uptake * s1 + b.slow_uptake * s2,
        b.ki * (insulin - i1), b.ki * (i1 - i2), b.p2u * (insulin - b.usual_insulin - x),
        b.alpha * (asked - answer), answer + b.secretion + rise - secreted,
        -b.kmax * solid, b.kmax * solid - empty, empty - b.kabs * gut,
        injected - (b.dissolving + b.fast_uptake) * s1, b.dissolving * s1 - b.slow_uptake * s2,
    ])  # fmt: skip


def diffrax_day(bodies, starts, doses, *, adaptive):
    """A function that lives the same day for everybody at once."""
    import diffrax
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003 - its own signature
    control = diffrax.ConstantStepSize()
    if adaptive:
        control = diffrax.PIDController(rtol=1e-5, atol=1e-5)
    cuts = [0, *HABITS.minutes, day.DAY]

    def one(body, y, dose):
        eaten, shown = 0.0, []
        for number, (begin, end) in enumerate(pairwise(cuts)):
            if number:
                grams = HABITS.grams[number - 1]
                share = (1.0 - HABITS.overnight) * grams / sum(HABITS.grams)
                y = y.at[meal_model.SOLID].add(1000.0 * grams)
                y = y.at[meal_model.SKIN1].add(share * dose)
                eaten = y[meal_model.SOLID] + y[meal_model.LIQUID]
            told = body, eaten, HABITS.overnight * dose / day.DAY
            kept = diffrax.SaveAt(ts=jnp.arange(begin, end + 1, day.EVERY, dtype=float))
            found = diffrax.diffeqsolve(
                diffrax.ODETerm(slopes), diffrax.Tsit5(), float(begin), float(end), 1.0, y, told,
                saveat=kept, stepsize_controller=control,
            )  # fmt: skip
            shown.append(found.ys[:-1, meal_model.PLASMA] / body.glucose_volume)
            y = found.ys[-1]
        return jnp.concatenate(shown)

    bodies = meal_model.Body(*(jnp.array(column) for column in zip(*bodies, strict=True)))
    everybody = jax.jit(jax.vmap(one))
    return lambda: np.asarray(everybody(bodies, jnp.array(np.array(starts)), jnp.array(doses)))


def simglucose_day():
    """One day of one person of simglucose's patient model, without its controller and sensor."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from simglucose.patient.t1dpatient import Action, T1DPatient
    meals = dict(zip(HABITS.minutes, HABITS.grams, strict=True))
    one = T1DPatient.withName("adult#001")
    basal = one._params.u2ss * one._params.BW / 6000  # noqa: SLF001 - its own example does so
    for minute in range(day.DAY):
        one.step(Action(CHO=meals.get(minute, 0.0), insulin=basal))


def refua_trials(trials):
    from refua_clinical import ClinicalStudy

    ClinicalStudy.default().simulate(replicates=trials, seed=SEED)


def our_trials(trials):
    for _ in simulate_endpoints(STUDY, trials, seed=SEED):
        pass


def cost(work, units):
    """Seconds of the clock and of the processor for each unit."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - wall) / units, (time.process_time() - processor) / units


def main():
    crowd = people()
    ours = partial(detail_mode, *crowd)
    works = {
        "person-day, detail mode": (ours, PEOPLE),
        "trial, ours": (partial(our_trials, 500), 500),
    }
    try:
        for adaptive in (False, True):
            name = f"person-day, diffrax, {'adaptive' if adaptive else 'a minute'}"
            works[name] = (diffrax_day(*crowd, adaptive=adaptive), PEOPLE)
            apart = np.abs(works[name][0]() - ours()).max()
            print(f"{name}: at most {apart:.1g} mg/dL from ours")
    except ImportError as error:
        print(f"diffrax: {error}")
    for name, work, units in (
        ("person-day, simglucose", simglucose_day, 1),
        ("trial, refua-clinical", partial(refua_trials, 20), 20),
    ):
        try:
            work()
            works[name] = (work, units)
        except ImportError as error:
            print(f"{name}: {error}")
    for work, _ in works.values():
        work()  # compiled, and warm
    found = [{name: cost(*work) for name, work in works.items()} for _ in range(ROUNDS)]
    for name in sorted(works):
        wall, processor = (statistics.median(one[name][k] for one in found) for k in (0, 1))
        mine = "trial, ours" if name.startswith("trial") else "person-day, detail mode"
        times = statistics.median(one[name][1] / one[mine][1] for one in found)
        print(
            f"{name:30} {1e3 * wall:10.2f} ms by the clock, "
            f"{1e3 * processor:10.2f} ms of processor time ({times:.3g} x ours)"
        )


if __name__ == "__main__":
    main()
