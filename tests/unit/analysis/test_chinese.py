"""Whoever reads the report of the reference study in Chinese reads Chinese."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import BaseModel

from equipoise.analysis.displays import Table
from equipoise.analysis.displays.tables import protocol
from equipoise.analysis.displays.words import words
from equipoise.analysis.reproduce import names_of, reproduce, to_rows
from equipoise.protocol.load import SHIPPED, load_study
from equipoise.protocol.model import BUILT_IN_SOURCES, Text

CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z]{2}")
NAMES = re.compile(r"ClinicalTrials\.gov NCT\d+|HbA1c|UC-MSCs?|CD\d+|HLA-DR|(?<=\d) ?[a-zA-Z/]+")
# What is the same in every language: a registry's entry, a marker, a number with its unit.
CODE = ("question", "unit")  # columns of the question language and of symbols


def english(text: str) -> bool:
    """Whether a text has words and none of them is Chinese."""
    return not CHINESE.search(text) and bool(WORD.search(NAMES.sub("", text)))


def texts(part: object) -> Iterator[Text]:
    """Every text in two languages in a part of a study."""
    if isinstance(part, Text):
        yield part
    elif isinstance(part, BaseModel):
        for key in type(part).model_fields:
            yield from texts(getattr(part, key))
    elif isinstance(part, dict | list | tuple):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from texts(inner)


def read(table: Table) -> Iterator[str]:
    """What stands in a table of sentences, but for its columns of code."""
    skipped = [words("zh")[name] for name in CODE]
    yield from (table.title, *table.columns, *table.notes)
    for row in table.rows:
        yield row.label
        for column, cell in zip(table.columns[1:], row.cells, strict=False):
            if column not in skipped:
                yield str(cell)


@pytest.mark.parametrize("study", ["nct02302599", SHIPPED / "template"])
def test_every_word_of_a_shipped_study_is_there_in_chinese(study):
    whole = load_study(study)
    parts = (whole.protocol, whole.population, whole.plan, whole.published, whole.forms)

    left = [text.en for text in texts(parts) if english(text("zh"))]
    assert set(left) <= set(BUILT_IN_SOURCES)


@pytest.mark.parametrize("table", ["design", "eligibility", "visits", "parameters"])
def test_the_chinese_protocol_has_no_english_note(reference, table):
    shown = getattr(protocol, table)(reference, "zh")

    assert [text for text in read(shown) if english(text)] == []


def test_findings_on_published_numbers_are_told_in_chinese(reference):
    findings = reproduce(reference.published, names_of(reference))
    said = [
        row[key]
        for row in to_rows(findings, "zh")
        for key in ("label", "where", "expectation", "verdict", "explanation")
    ]

    assert len(said) > 100
    assert [text for text in said if english(text)] == []


def test_a_source_is_called_by_its_title_and_not_by_its_key(reference):
    shown = protocol.eligibility(reference, "zh")

    assert {str(row.cells[1]) for row in shown.rows if row.cells} == {"中文介绍", "注册信息"}


def test_a_note_in_one_language_is_shown_as_it_is_in_every_language(reference):
    first, *others = reference.protocol.eligibility
    noted = type(first).model_validate({**first.model_dump(), "why": "As printed."})
    changed = reference.protocol.model_copy(update={"eligibility": (noted, *others)})

    for lang in ("en", "zh"):
        shown = protocol.eligibility(replace(reference, protocol=changed), lang)
        assert shown.rows[1].cells[-1] == "As printed."
