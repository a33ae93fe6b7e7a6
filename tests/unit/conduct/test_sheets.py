"""Sealed codes on paper: the open sheets tell no arm, sheet and card together tell the right one."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pypdf
import pytest

from equipoise.analysis.report.pdf import has_chinese_letters
from equipoise.conduct import sealed, sheets
from equipoise.errors import OutputError, SealError


@pytest.fixture(scope="module")
def listed(study, keys):
    """A short list, and the same with the arms exchanged."""
    public = {who: key.public for who, key in keys.items()}
    other = replace(
        study,
        protocol=study.protocol.model_copy(update={"arms": tuple(reversed(study.protocol.arms))}),
    )
    return [sealed.seal(one, public, length=8, seed=5) for one in (study, other)]


def made(study, keys, one, seed=1):
    pick = random.Random(seed).choice  # noqa: S311  # drawn again the same
    return sheets.sheets(study, one, "vault", keys["vault"].private, pick=pick)


def written(study, keys, one, folder):
    """Text of each page of both files, and the bytes of the open one."""
    paths = sheets.write(study, made(study, keys, one), folder)
    texts = [[page.extract_text() for page in pypdf.PdfReader(path).pages] for path in paths]
    return (*texts, paths[0].read_bytes(), paths[1].read_bytes())


def test_sheet_and_card_together_tell_the_arm_of_the_list(study, keys, listed):
    for sheet in made(study, keys, listed[0]):
        found = list(study.arms)[sheet.codes.index(sheet.card)]
        box = listed[0].boxes[sheet.slot.slot]["vault"]
        arm, _ = sealed.open_slot(study.name, sheet.slot, box, "vault", keys["vault"].private)
        assert found == arm


def test_the_open_sheets_are_the_same_bytes_whichever_way_the_arms_are(
    study, keys, listed, tmp_path
):
    """But for the commitments, which hide the arm by their salt and are public already."""
    one, other = (made(study, keys, one) for one in listed)
    same = [sheet._replace(slot=first.slot) for sheet, first in zip(other, one, strict=True)]
    first = sheets.write(study, one, tmp_path / "1")
    second = sheets.write(study, same, tmp_path / "2")

    assert [s.card for s in one] != [s.card for s in other]
    assert first[0].read_bytes() == second[0].read_bytes()
    assert first[1].read_bytes() != second[1].read_bytes()


def test_every_open_page_has_every_arm_in_the_same_order_and_one_layout(
    study, keys, listed, tmp_path
):
    pages, cards, *_ = written(study, keys, listed[0], tmp_path)

    assert len(pages) == len(cards) == 16
    for page, sheet in zip(pages, made(study, keys, listed[0]), strict=True):
        places = [
            page.index(word) for word in ("Tablet", sheet.codes[0], "Placebo", sheet.codes[1])
        ]
        assert places == sorted(places)
        assert "紧急揭盲" in page or not has_chinese_letters()
    shapes = {
        tuple(map(len, page.replace(sheet.slot.stratum, "").splitlines()))
        for page, sheet in zip(pages, made(study, keys, listed[0]), strict=True)
    }
    assert len(shapes) == 1


def test_a_card_alone_tells_no_arm(study, keys, listed, tmp_path):
    """Nothing but its slot and its code differs from card to card."""
    _, cards, *_ = written(study, keys, listed[0], tmp_path)
    told = made(study, keys, listed[0])
    bare = {
        card.replace(sheet.slot.slot, "").replace(sheet.card, "").replace(sheet.slot.stratum, "")
        for card, sheet in zip(cards, told, strict=True)
    }

    assert len(bare) == 1
    words = [x for arm in study.protocol.arms for x in (arm.name, arm.label.en, arm.label.zh)]
    assert not [
        word
        for word in words
        for text in bare
        if word
        in text.replace(study.protocol.short_title.en, "").replace(
            study.protocol.short_title.zh, ""
        )
    ]


def test_codes_are_random_all_different_and_do_not_favour_an_arm(study, keys, listed):
    codes = [
        code for seed in range(30) for s in made(study, keys, listed[0], seed) for code in s.codes
    ]
    firsts = Counter(code[0] for code in codes)

    assert len(set(codes)) == len(codes)
    assert len(firsts) == 31
    assert max(firsts.values()) < 3 * len(codes) / 31


def test_another_key_opens_no_sheet(study, keys, listed):
    with pytest.raises(SealError):
        sheets.sheets(study, listed[0], "vault", keys["preparer"].private)


def test_an_arm_that_the_protocol_does_not_have_is_found_out(study, keys, listed):
    fewer = replace(
        study, protocol=study.protocol.model_copy(update={"arms": study.protocol.arms[:1]})
    )

    with pytest.raises(SealError, match="which the protocol has not"):
        sheets.sheets(fewer, listed[0], "vault", keys["vault"].private)


def test_cards_are_for_their_printer_alone_and_never_written_over(study, keys, listed, tmp_path):
    told = made(study, keys, listed[0])
    _, cards = sheets.write(study, told, tmp_path / "paper")

    assert cards.stat().st_mode & 0o077 == 0
    with pytest.raises(OutputError, match="never written over"):
        sheets.write(study, told, tmp_path / "paper")
