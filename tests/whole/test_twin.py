"""The twin test: the vectorised simulator and the clinic come to the same answers.

The same people are lived through twice. The simulator does it in compiled loops over everybody; in
the clinic each command is given by a person in turn, and ``conduct`` decides from what is recorded
there. Eligibility, stratum, arm, dose, proposals, stops and every table of the records must be the
same, row by row. ``rehearse`` compares them as it goes; nothing is forced.

That it can fail is tested too: a rule that is changed in the clinic alone is found, with the first
participant and day on which it matters.
"""

from __future__ import annotations

import shutil

import pytest

from equipoise import api
from equipoise.conduct import judgement, titrating
from equipoise.conduct.bench import contents
from equipoise.conduct.bench import dose as bench
from equipoise.conduct.events.trial import StaffAppointed
from equipoise.conduct.folder import log_of
from equipoise.errors import RehearsalError
from equipoise.protocol.load import SHIPPED, load_study
from equipoise.rehearsal import play, rehearse
from equipoise.rules import disposition

KEYS = ("custodian-1.share", "custodian-2.share")


def silent(stage, done):
    """Show no progress."""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The reference study with 8 participants."""
    folder = tmp_path_factory.mktemp("small") / "study"
    shutil.copytree(SHIPPED / "nct02302599", folder)
    protocol = folder / "protocol-1.0.yaml"
    text = protocol.read_text(encoding="utf-8")
    changed = text.replace("  participants:\n    value: 91\n", "  participants:\n    value: 8\n")
    protocol.write_text(changed, encoding="utf-8")
    return load_study(folder)


@pytest.fixture(scope="module")
def twins(small, tmp_path_factory):
    """A simulated trial, and the folder of the same trial in the clinic."""
    records = api.simulate_trial(small, seed=2)
    folder = tmp_path_factory.mktemp("twins") / "trial"
    return records, rehearse(small, records, folder, progress=silent), folder


def test_the_clinic_comes_to_the_answers_of_the_simulator(twins):
    simulated, conducted, _ = twins

    assert conducted == simulated
    assert simulated["titration"].height > 200
    assert {"accepted", "rejected"} <= set(simulated["titration"]["decision"])


@pytest.mark.parametrize("seed", [3, 4])
def test_other_people_are_treated_alike_too(small, seed, tmp_path):
    records = api.simulate_trial(small, seed=seed)

    assert rehearse(small, records, tmp_path / "trial", progress=silent) == records


def test_strata_and_tablets_are_the_same_in_both(tmp_path):
    study = load_study(SHIPPED / "template")
    records = api.simulate_trial(study, seed=5)

    assert rehearse(study, records, tmp_path / "trial", progress=silent) == records
    assert set(records["participants"]["stratum"].drop_nulls()) == {"OLDER=no", "OLDER=yes"}


def changed(folder, *replacements):
    """A copy of the template study with its protocol changed."""
    shutil.copytree(SHIPPED / "template", folder)
    protocol = folder / "protocol-1.0.yaml"
    text = protocol.read_text(encoding="utf-8").replace("value: 120", "value: 12")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    protocol.write_text(text, encoding="utf-8")
    return load_study(folder)


def test_sites_on_two_continents_share_one_list_by_big_stick(tmp_path):
    site = "timezone: Asia/Shanghai}"
    other = "  - {name: S2, label: {en: Site 2, zh: 中心2}, timezone: America/New_York}"
    study = changed(
        tmp_path / "study",
        (site, f"{site}\n{other}"),
        ("permuted-blocks\n  parameters: {sizes: [4, 6]}", "big-stick\n  parameters: {limit: 2}"),
    )
    records = api.simulate_trial(study, seed=1)

    assert rehearse(study, records, tmp_path / "trial", progress=silent) == records
    assert set(records["participants"]["site"]) == {"S1", "S2"}
    zones = {entry.envelope.zone for entry in log_of(tmp_path / "trial").entries("main")}
    assert zones == {"Asia/Shanghai", "America/New_York"}


def test_titration_begins_and_ends_where_the_protocol_says_in_both(small, tmp_path):
    shutil.copytree(small.folder, tmp_path / "study")
    protocol = tmp_path / "study" / "protocol-1.0.yaml"
    text = protocol.read_text(encoding="utf-8")
    limits = "  first: WEEK4\n  last: WEEK32\n  target_low: {value: 4.4"
    protocol.write_text(text.replace("  target_low: {value: 4.4", limits), encoding="utf-8")
    study = load_study(tmp_path / "study")
    records = api.simulate_trial(study, seed=2)

    assert rehearse(study, records, tmp_path / "trial", progress=silent) == records
    contacts = records["titration"].join(records["participants"], on="participant")
    days = (contacts["date"] - contacts["first_dose_date"]).dt.total_days()
    assert (days.min(), days.max()) == (28, 224)


def test_minimisation_has_no_list_to_seal_and_is_analysed_as_simulated(tmp_path):
    plan = "minimisation\n  parameters: {levels: [2], probability: 0.8}"
    changed(tmp_path / "study", ("permuted-blocks\n  parameters: {sizes: [4, 6]}", plan))
    trial = api.run(tmp_path / "study", out=tmp_path / "out")

    assert trial.log is None
    assert trial.simulated


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nct02302599", "background-insulin"])
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_whole_trials_are_the_same_in_both(name, seed, tmp_path):
    study = load_study(SHIPPED / name)
    records = api.simulate_trial(study, seed=seed)

    assert rehearse(study, records, tmp_path / "trial", progress=silent) == records


def test_the_records_are_extracted_from_the_folder_alone_and_called_simulated(twins):
    simulated, _, folder = twins
    extracted = api.extract(folder, *(folder / "keys" / name for name in KEYS))

    assert extracted.origin.kind == "simulated"
    assert all(frame.equals(simulated[name]) for name, frame in extracted.tables.items())


def test_everybody_in_the_log_is_a_virtual_person(twins):
    _, _, folder = twins
    entries = log_of(folder).entries("main")
    appointed = [entry.event.person for entry in entries if isinstance(entry.event, StaffAppointed)]

    assert len(appointed) > 8
    assert all(name.startswith("virtual-") for name in appointed)
    assert all(entry.envelope.actor.startswith("virtual-") for entry in entries)


def found_with(monkeypatch, small, tmp_path, records, *planted):
    """The difference that is found when something is changed in the clinic alone."""
    monkeypatch.setattr(*planted)
    with pytest.raises(RehearsalError) as found:
        rehearse(small, records, tmp_path / "trial", progress=silent)
    return str(found.value)


def test_a_band_of_titration_changed_in_the_clinic_alone_is_found(
    monkeypatch, small, tmp_path, twins
):
    rule = titrating.TITRATIONS["bands"]

    def shifted(planned):
        bands = rule.from_protocol(planned)
        return bands._replace(edges=(bands.edges[0], bands.edges[1] + 1, *bands.edges[2:]))

    class Other:
        next_dose = staticmethod(rule.next_dose)
        from_protocol = staticmethod(shifted)

    told = found_with(
        monkeypatch, small, tmp_path, twins[0], titrating, "TITRATIONS", {"bands": Other}
    )
    assert "contact of" in told
    assert "the proposed dose is" in told


def test_a_limit_of_stopping_changed_in_the_clinic_alone_is_found(
    monkeypatch, small, tmp_path, twins
):
    def stopped(*_):
        return disposition.STOP_INSULIN

    told = found_with(monkeypatch, small, tmp_path, twins[0], titrating, "following", stopped)
    assert "what follows is stop insulin" in told


def test_a_criterion_changed_in_the_clinic_alone_is_found(monkeypatch, small, tmp_path, twins):
    asked = judgement.value_of

    def rounded(column, text):
        return asked(column, "6.9" if column.name == "HBA1C" else text)

    told = found_with(monkeypatch, small, tmp_path, twins[0], judgement, "value_of", rounded)
    assert "I3 is no in the clinic and yes in the simulator" in told


def test_another_list_in_the_clinic_is_found(monkeypatch, small, tmp_path, twins):
    seal = play.seal

    def other(*given, seed, **named):
        return seal(*given, seed=seed + 1, **named)

    told = found_with(monkeypatch, small, tmp_path, twins[0], play, "seal", other)
    assert "the arm of R0" in told


def test_another_dose_in_the_clinic_is_found(monkeypatch, small, tmp_path, twins):
    dose = bench.planned_dose

    def more(dosing, *, weight):
        return dose(dosing, weight=weight) + 100_000

    monkeypatch.setattr(contents, "planned_dose", more)
    told = found_with(monkeypatch, small, tmp_path, twins[0], bench, "planned_dose", more)
    assert "dose of BASELINE: the amount is" in told
