import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from pypdf import PdfReader

from equipoise.analysis.report import inline_html, write_report


@pytest.fixture(scope="module")
def written(knee, origin, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    (folder / "records").mkdir()
    (folder / "records" / "visits.csv").write_text("participant\n")
    write_report(knee.study, knee.results, (), origin, folder)
    return folder


@pytest.fixture(scope="module")
def html(written) -> str:
    return (written / "report.html").read_text(encoding="utf-8")


class Outline(HTMLParser):
    """Headings, ids and what is fetched or run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("href", "src", "xlink:href", "aria-labelledby"):
            if name in given:
                self.targets.append(given[name] if name != "aria-labelledby" else f"#{given[name]}")


def test_the_page_fetches_and_runs_nothing(html):
    outline = Outline(html)

    assert not outline.tags & {"script", "link", "iframe", "img", "object"}
    assert all(target.startswith("#") for target in outline.targets)
    assert "@import" not in html
    assert "url(http" not in html


def test_ids_are_unique_and_every_link_leads_somewhere(html):
    outline = Outline(html)

    assert len(outline.ids) == len(set(outline.ids))
    assert {target[1:] for target in outline.targets} <= set(outline.ids)


def test_headings_go_down_one_level_at_a_time(html):
    headings = Outline(html).headings

    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(headings))


def test_virtual_participants_are_called_simulated_on_every_page(written, html):
    pages = PdfReader(written / "report.pdf").pages

    assert 'class="banner"' in html
    assert all("Simulated" in page.extract_text() for page in pages)
    for drawing in (written / "figures").glob("*.svg"):
        assert ">Simulated</text>" in drawing.read_text(encoding="utf-8")


def test_real_participants_are_not_called_simulated(knee, origin, tmp_path):
    write_report(knee.study, knee.results, (), replace(origin, kind="conducted"), tmp_path)

    assert "Simulated" not in (tmp_path / "report.html").read_text(encoding="utf-8")
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "report.pdf").pages)
    assert "imulated" not in text


def test_the_same_results_give_the_same_bytes(knee, origin, written, tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "visits.csv").write_text("participant\n")

    again = write_report(knee.study, knee.results, (), origin, tmp_path)

    assert len(again) == 2 + 2 * len(list((tmp_path / "figures").glob("*.svg")))
    for path in again:
        assert path.read_bytes() == (written / path.relative_to(tmp_path)).read_bytes(), path.name


def test_the_pdf_is_tagged_and_has_a_title_and_a_language(written):
    root = PdfReader(written / "report.pdf").trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert PdfReader(written / "report.pdf").metadata.title.startswith("Simulated: ")


def test_seed_versions_and_hashes_are_in_the_report(html, origin):
    assert re.search(r"Seed</th><td[^>]*>7</td>", html)
    assert origin.equipoise in html
    assert re.search(r"visits\.csv</th><td[^>]*>[0-9a-f]{64}<", html)
    for digest in origin.study_files.values():
        assert digest in html


def test_both_languages_have_the_same_tables_and_figures(knee, origin, html, tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "visits.csv").write_text("participant\n")
    write_report(knee.study, knee.results, (), origin, tmp_path, lang="zh")
    chinese = (tmp_path / "report.html").read_text(encoding="utf-8")

    assert 'lang="zh-Hans"' in chinese
    assert "模拟" in chinese
    anchors = [one for one in Outline(html).ids if re.match("(table|figure)-", one)]
    assert [one for one in Outline(chinese).ids if re.match("(table|figure)-", one)] == anchors


def test_words_of_the_study_are_escaped(knee, origin, tmp_path):
    evil = '<script>alert("x")</script> & #set $x$'
    title = knee.study.protocol.title.model_copy(update={"en": evil})
    protocol = knee.study.protocol.model_copy(update={"title": title, "short_title": title})
    study = replace(knee.study, protocol=protocol)

    write_report(study, knee.results, (), origin, tmp_path)

    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in html
    first = PdfReader(tmp_path / "report.pdf").pages[0].extract_text()
    assert "#set $x$" in first


def test_a_notebook_shows_the_tables_and_figures_and_that_they_are_simulated(knee, origin):
    shown = inline_html(knee.study, knee.results, (), origin)

    assert "<strong>Simulated.</strong>" in shown
    assert "<table>" in shown
    assert "<svg" in shown
