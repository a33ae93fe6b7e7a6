from pathlib import Path

import pytest

from equipoise.analysis.report import pdf
from equipoise.protocol.load import TEMPLATE, load_study
from equipoise.trials.characteristics import (
    Bench,
    Characteristics,
    Designs,
    characterise,
    main_finding,
    search,
    sweep,
)
from equipoise.trials.crew import Here
from equipoise.trials.report import write_report
from equipoise.trials.report.ademp import report
from equipoise.trials.report.words import say, written
from equipoise.trials.scenario import read_designs


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> Characteristics:
    folder = tmp_path_factory.mktemp("many")
    study, options = load_study(TEMPLATE), ["analyses=[SBP_CHANGE, CONTROLLED]"]
    file = folder / "scenarios.yaml"
    file.write_text(
        "scenarios:\n"
        "  - {name: PLANNED, label: {en: As planned, zh: 按方案}}\n"
        "  - {name: NO_EFFECT, label: {en: No effect, zh: 无效应}, effect: 0}\n"
    )
    designs = read_designs(study, file, options)
    key = main_finding(designs[0])
    asked = Designs(study, None, tuple(options))
    bench = Bench((Here(), 1), seed=1, trials=60, work=folder)
    outcomes = tuple(characterise(bench, designs))
    return Characteristics(
        study=study,
        seed=1,
        trials=60,
        main=key,
        outcomes=outcomes,
        truth_trials=60,
        size=search(bench, asked, key=key, wanted=0.8),
        sweep=sweep(bench, asked, key=key, over=["participants=20,40", "effect=0,1"]),
    )


def test_the_report_has_the_parts_of_ademp_in_order(found):
    names = [section.name for section in report(found, "en").sections]

    assert names == [
        "findings", "aims", "data", "estimands", "methods", "performance", "limits", "provenance",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_says_simulated_and_that_it_is_a_hypothesis_generator(found, lang, tmp_path):
    if lang == "zh" and not pdf.has_chinese_letters():
        pytest.skip("no Chinese font for the PDF")
    files = write_report(found, tmp_path, lang=lang)

    page = Path(files[0]).read_text(encoding="utf-8")
    assert say(lang)["banner"] in page
    assert 'data-status="' in page
    assert files[1].read_bytes().startswith(b"%PDF")
    assert {file.suffix for file in files[2:]} == {".svg"}
    status = "Simulated" if lang == "en" else "模拟"
    assert all(status in file.read_text(encoding="utf-8") for file in files[2:])


def test_both_languages_say_the_same_things():
    assert say("en").keys() == say("zh").keys()


def test_a_measure_is_written_with_its_monte_carlo_error(found):
    power = found.outcomes[0].measure(found.main, "power")

    assert written(power, scale=100) == f"{100 * power.value:.1f} ({100 * power.mcse:.2f})"
    assert written(None) == "–"


def test_the_size_search_starts_from_the_plan_and_reports_its_points(found):
    assert len(found.size.points) >= 3
    assert found.size.lower <= found.size.participants <= found.size.upper + 2


def test_a_sweep_has_a_power_for_each_pair_of_values(found):
    assert found.sweep.names == ("participants", "effect")
    assert len(found.sweep.power) == 4
    no_effect, effect = found.sweep.power[2:]
    assert no_effect.value < effect.value
