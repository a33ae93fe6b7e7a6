"""The report as a reader's browser shows it; skipped where there is no Chromium."""

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader

from equipoise.analysis.analyse import analyse
from equipoise.analysis.report import write_report
from equipoise.protocol.load import load_study
from equipoise.records import Origin, read_records

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
KNEE = Path(__file__).parents[1] / "data" / "knee"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module", params=["en", "zh"])
def report(request, tmp_path_factory) -> Path:
    study = load_study(KNEE / "study")
    results = analyse(read_records(KNEE / "records", study), study)
    folder = tmp_path_factory.mktemp(f"report-{request.param}")
    origin = Origin("simulated", study.name, "1.0", "0.1.0", 7, 0, dict(study.files))
    write_report(study, results, (), origin, folder, lang=request.param)
    return folder / "report.html"


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture(params=[375, 1280])
def page(browser, report, request):
    opened = browser.new_page(viewport={"width": request.param, "height": 800})
    opened.asked_for = []
    opened.on("request", lambda asked: opened.asked_for.append(asked.url))
    opened.complaints = []
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.goto(report.as_uri())
    yield opened
    opened.close()


def test_nothing_but_the_file_itself_is_asked_for(page, report):
    assert page.asked_for == [report.as_uri()]
    assert page.complaints == []


def test_the_page_never_scrolls_sideways(page):
    wide = page.evaluate("document.documentElement.scrollWidth")

    assert wide <= page.viewport_size["width"]


def test_that_the_results_are_simulated_is_always_in_sight(page):
    banner = page.locator(".banner")
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight / 2)")

    assert banner.is_visible()
    assert 0 <= banner.bounding_box()["y"] < page.viewport_size["height"]
    assert page.locator(".banner strong").inner_text().casefold() in {"simulated.", "模拟。"}


def test_headings_are_in_order_and_landmarks_are_there(page):
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")

    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    for landmark in ("header", "nav", "main", "footer"):
        assert page.locator(landmark).count() == 1


def test_every_figure_has_words_in_its_place(page):
    names = page.evaluate(
        "[...document.querySelectorAll('svg')].map("
        "svg => document.getElementById(svg.getAttribute('aria-labelledby'))?.textContent)"
    )

    assert names
    assert all(name and len(name) > 20 for name in names)


def test_no_words_of_the_flow_diagram_leave_their_box(page):
    outside = page.evaluate(
        """() => {
          const svg = document.querySelector('#figure-flow svg');
          const texts = [...svg.querySelectorAll('text')].map(t => t.getBBox());
          const sheet = svg.viewBox.baseVal;
          return texts.filter(t => t.x < 0 || t.x + t.width > sheet.width).length;
        }"""
    )

    assert outside == 0


def test_what_scrolls_can_be_reached_by_keyboard_and_has_a_name(page):
    unnamed = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(e => e.tabIndex !== 0 || "
        "!(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby'))).length"
    )

    assert unnamed == 0


def test_the_first_tab_leads_past_the_contents(page):
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#report"


def test_every_printed_page_says_that_the_results_are_simulated(page, report, tmp_path):
    page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    word = "模拟" if "zh" in report.parent.name else "Simulated"

    for sheet in PdfReader(tmp_path / "printed.pdf").pages:
        assert word in sheet.extract_text()[:200] + sheet.extract_text()[-200:]
