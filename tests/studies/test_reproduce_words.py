"""How what is recomputed is told: rows, labels and the frame, in both languages."""

from __future__ import annotations

import pytest

from equipoise.analysis.reproduce import to_rows
from equipoise.analysis.reproduce.frame import to_frame


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rows_are_filled_in_in_both_languages(findings, lang):
    rows = to_rows(tuple(findings.values()), lang)

    assert len(rows) == len(findings)
    assert all(row["explanation"] and row["verdict"] and row["claim"] for row in rows)
    assert not any("{" in text for row in rows for text in row.values())


def test_chinese_rows_are_in_chinese(findings):
    rows = to_rows(tuple(findings.values()), "zh")

    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in row["verdict"]) for row in rows)


def test_every_label_is_in_words_of_both_languages(reference, findings):
    names = {*findings, *reference.items, *reference.arms, *reference.encounters} - {"UC-MSC"}

    for finding in findings.values():
        parts = {part.strip() for part in finding.label("en").split(",")}
        assert not parts & names, finding.id
        assert any("\u4e00" <= letter <= "\u9fff" for letter in finding.label("zh")), finding.id
        assert len(finding.label("en")) <= 75, finding.id


def test_no_two_claims_of_the_same_words_have_the_same_label(findings):
    shown = [(finding.label("en"), finding.claim("en")) for finding in findings.values()]

    assert len(set(shown)) == len(shown)


def test_the_frame_has_one_row_for_each_recomputed_number(findings):
    frame = to_frame(tuple(findings.values()))

    expected = sum(max(1, len(finding.recomputed)) for finding in findings.values())
    assert frame.height == expected
    assert frame["value"].drop_nulls().is_finite().all()
