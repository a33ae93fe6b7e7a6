"""What stands in a report, free of the page it is put on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.analysis.displays.display import Figure, Table


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; ``lead`` is a bold word or two before them."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Narrow figures side by side."""

    figures: tuple[Numbered, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A display with its number: Table 1, Figure 2."""

    label: str
    display: Table | Figure

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        kind = "table" if isinstance(self.display, Table) else "figure"
        return f"{kind}-{self.display.name}".lower().replace("_", "-")


Block = Paragraph | Table | Figure
Placed = Paragraph | Numbered | Row


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what follows it."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A section whose displays have numbers and whose narrow figures stand in pairs."""

    name: str
    title: str
    blocks: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes:
        status: "Simulated", or nothing for records of real participants.
    """

    lang: str
    title: str
    subtitle: str
    identifiers: tuple[tuple[str, str], ...]
    status: str
    banner: str
    sections: tuple[PlacedSection, ...]


def placed(sections: tuple[Section, ...], *, table: str, figure: str) -> tuple[PlacedSection, ...]:
    """Number the displays through the whole report and pair narrow figures."""
    numbers = {"table": 0, "figure": 0}

    def number(display: Table | Figure) -> Numbered:
        kind = "table" if isinstance(display, Table) else "figure"
        numbers[kind] += 1
        word = table if kind == "table" else figure
        return Numbered(f"{word}\u00a0{numbers[kind]}", display)

    def place(blocks: tuple[Block, ...]) -> Iterator[Placed]:
        waiting: list[Numbered] = []
        for block in blocks:
            if isinstance(block, Figure) and not block.wide:
                waiting.append(number(block))
                continue
            if waiting:
                yield Row(tuple(waiting))
                waiting = []
            yield block if isinstance(block, Paragraph) else number(block)
        if waiting:
            yield Row(tuple(waiting))

    return tuple(
        PlacedSection(section.name, section.title, tuple(place(section.blocks)))
        for section in sections
        if section.blocks
    )


def figures(report: Report) -> Iterator[tuple[str, Figure]]:
    """Every drawing of a report, with its id."""
    for section in report.sections:
        for block in section.blocks:
            for one in block.figures if isinstance(block, Row) else (block,):
                if isinstance(one, Numbered) and isinstance(one.display, Figure):
                    yield one.anchor, one.display
