"""Sealed codes on paper, for an emergency without a computer: two PDF files, made with the list.

For each slot two pages belong together. The *sheet*, which lies open at the site, gives every arm a
random code of its own. The *card*, folded into an opaque envelope, holds one code and no arm. Both
are needed: the arm is the one whose code is on the card. Codes are drawn before it is looked up
which arm is the slot's, so that the sheets are the same bytes whatever the arms are, and a card
alone is as random as a coin. A card that stands on no line of its sheet is damaged or exchanged.
This file runs where the list is made, never on the server.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from secrets import choice
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from equipoise.conduct.codes import code
from equipoise.conduct.sealed import SealedList, open_slot
from equipoise.conduct.state.trial import Slot
from equipoise.errors import OutputError, SealError
from equipoise.protocol.whole import Study

TEMPLATES: Final = Path(__file__).parent / "templates"
LETTERS: Final = 8  # of a code, in two groups: with 31 letters one in 850 thousand million
_CREATED: Final = 0  # a time in the file would tell two printings apart

Pick = Callable[[Sequence[str]], str]


class Sheet(NamedTuple):
    """The two pages of a slot.

    Attributes:
        codes: Of every arm, in the protocol's order: on the sheet.
        card: The code of the slot's own arm: in the envelope.
    """

    slot: Slot
    codes: tuple[str, ...]
    card: str


def sheets(
    study: Study,
    listed: SealedList,
    who: str,
    private: bytes,
    *,
    pick: Pick = choice,
) -> list[Sheet]:
    """Draw the codes of every slot; every commitment is verified on the way.

    Args:
        study: As planned.
        listed: The sealed list.
        who: The recipient whose key it is.
        private: A key that opens the list.
        pick: Chooses a letter; the system's generator unless a test says otherwise.

    Raises:
        SealError: A slot does not open, or does not hold what was committed to.
    """
    return [
        Sheet(slot, codes, codes[_place(study, listed, slot, who, private)])
        for slot, codes in zip(listed.slots, _codes(study, listed, pick), strict=True)
    ]


def _codes(study: Study, listed: SealedList, pick: Pick) -> Iterator[tuple[str, ...]]:
    """Codes for all arms of each slot, all different."""
    for _ in listed.slots:
        codes: dict[str, None] = {}
        while len(codes) < len(study.arms):
            codes[f"{code(LETTERS // 2, pick=pick)}-{code(LETTERS // 2, pick=pick)}"] = None
        yield tuple(codes)


def _place(study: Study, listed: SealedList, slot: Slot, who: str, private: bytes) -> int:
    arm, _ = open_slot(study.name, slot, listed.boxes[slot.slot][who], who, private)
    if arm not in study.arms:
        raise SealError(f"{slot.slot}: the list has an arm {arm}, which the protocol has not")
    return list(study.arms).index(arm)


def write(study: Study, made: Sequence[Sheet], folder: Path) -> tuple[Path, Path]:
    """Write ``sheets.pdf``, which anybody may see, and ``cards.pdf``, for the envelopes.

    Raises:
        OutputError: A file is there already, or the typesetter refuses.
    """
    sheets_file, cards_file = folder / "sheets.pdf", folder / "cards.pdf"
    for path in (sheets_file, cards_file):
        if path.exists():
            raise OutputError(f"{path} is there already; codes are never written over")
    folder.mkdir(parents=True, exist_ok=True)
    common = {"study": study.name, "title": study.protocol.short_title.model_dump()}
    arms = [arm.label.model_dump() for arm in study.arms.values()]
    sheets_said = [
        {**_heading(sheet), "codes": sheet.codes, "commitment": sheet.slot.commitment}
        for sheet in made
    ]
    cards_said = [{**_heading(sheet), "card": sheet.card} for sheet in made]
    _typeset("sheet", {**common, "arms": arms, "pages": sheets_said}, sheets_file)
    _typeset("card", {**common, "pages": cards_said}, cards_file)
    return sheets_file, cards_file


def _heading(sheet: Sheet) -> dict[str, str]:
    return {"slot": sheet.slot.slot, "stratum": sheet.slot.stratum}


def _typeset(name: str, said: Mapping[str, object], target: Path) -> None:
    import typst

    with TemporaryDirectory() as folder:
        root = Path(folder)
        template = (TEMPLATES / f"{name}.typ").read_text(encoding="utf-8")
        (root / "page.typ").write_text(template, encoding="utf-8")
        (root / "said.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        try:
            made = typst.compile(root / "page.typ", timestamp=_CREATED)
        except typst.TypstError as error:
            raise OutputError(f"{target.name} cannot be typeset: {error.diagnostic}") from error
    mode = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(mode, "wb") as file:
        file.write(made)
