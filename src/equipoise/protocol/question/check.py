"""Names, units and types of a question, checked against the data dictionary."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from equipoise.errors import QuestionError, UnitError, nearest
from equipoise.protocol.column import Column
from equipoise.protocol.question import amounts
from equipoise.protocol.question.amounts import Value
from equipoise.protocol.question.terms import (
    Absent,
    Answer,
    Combined,
    Compared,
    Constant,
    Count,
    Reference,
)
from equipoise.protocol.question.tree import (
    FUNCTIONS,
    Literal,
    Mention,
    Node,
    Operation,
    Text,
    written,
)
from equipoise.units import parse_unit

LAST_DAY: Final = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Checker:
    """What names in one question mean.

    Attributes:
        text: The question.
        columns: The data dictionary.
        encounters: All encounters of the study.
        here: The encounter at which an item without brackets is meant.
        needs: The references met so far, with their places; filled while checking.
    """

    text: str
    columns: Mapping[str, Column]
    encounters: Collection[str]
    here: str | None
    needs: dict[Reference, int]

    def answer(self, node: Node) -> Answer:
        """What a part that must be yes, no or unknown means."""
        if isinstance(node, Operation):
            if node.name in {"and", "or", "not"}:
                return Combined(node.name, tuple(self.answer(part) for part in node.parts))  # type: ignore[arg-type]  # mypy does not narrow a str by membership
            if node.name in {"missing", "known"}:
                return self._presence(node)
            if node.name == "in":
                value = self.value(node.parts[0])
                found = [self._compared("=", value, self.value(part)) for part in node.parts[1:]]
                return found[0] if len(found) == 1 else Combined("or", tuple(found))
            if node.name == "comparison":
                return self._comparison(node)
        value = self.value(node)
        if value.kind == "yesno":
            return Compared("=", value.amount, Constant(Fraction(1)), self._written(node), node.at)
        raise QuestionError(
            f"{self._written(node)} is {_ARTICLES[value.kind]}, not an answer; compare it",
            node.at + 1,
        )

    def value(self, node: Node) -> Value:
        """What a part that must be a value means."""
        if isinstance(node, Literal):
            return self._literal(node)
        if isinstance(node, Text):
            return Value(node, "quoted", Constant(Fraction(0)))
        if isinstance(node, Mention):
            return self._mention(node)
        if not isinstance(node, Operation) or node.name not in _VALUES:
            raise QuestionError(
                f"{self._written(node)} is an answer and cannot be used as a value", node.at + 1
            )
        parts = [self.value(part) for part in node.parts]
        for part in parts:
            if part.kind not in {"number", "date"}:
                raise QuestionError(
                    f"{self._written(part.node)} is {_ARTICLES[part.kind]}, "
                    f"and {node.name} takes numbers",
                    part.node.at + 1,
                )
        return amounts.calculate(node, parts, self.text)

    def _presence(self, node: Operation) -> Answer:
        part = node.parts[0]
        if not isinstance(part, Mention):
            raise QuestionError(
                f"{self._written(part)} is not an item; only an item is missing or known",
                part.at + 1,
            )
        amount = self._mention(part).amount
        absent = Absent(amount.need if isinstance(amount, Count) else 0)
        return absent if node.name == "missing" else Combined("not", (absent,))

    def _comparison(self, node: Operation) -> Answer:
        values = [self.value(part) for part in node.parts]
        found = [
            self._compared(sign, left, right)
            for sign, left, right in zip(node.signs, values, values[1:], strict=False)
        ]
        return found[0] if len(found) == 1 else Combined("and", tuple(found))

    def _compared(self, sign: str, left: Value, right: Value) -> Compared:
        text = f"{self._written(left.node)} {sign} {self._written(right.node)}"
        at = left.node.at
        for value in (left, right):
            if value.kind in {"yesno", "text"}:
                raise QuestionError(
                    f"{self._written(value.node)} is {_ARTICLES[value.kind]}: {_ALONE[value.kind]}",
                    value.node.at + 1,
                )
        left, right = self._unquoted(left, right), self._unquoted(right, left)
        if left.kind != right.kind:
            raise QuestionError(
                f"{self._written(left.node)} is {_ARTICLES[left.kind]} and "
                f"{self._written(right.node)} is {_ARTICLES[right.kind]}: they cannot be compared",
                right.node.at + 1,
            )
        if left.kind == "code":
            if sign not in {"=", "!="}:
                raise QuestionError(f"codes have no order: {text}; write = or !=", at + 1)
            if left.codes != right.codes:
                raise QuestionError(f"the two items of {text} have different codes", at + 1)
        elif left.kind == "number":
            left, right = amounts.aligned(left, right, self.text)
        return Compared(sign, left.amount, right.amount, text, at)

    def _unquoted(self, value: Value, other: Value) -> Value:
        """A quoted text as what it is compared with: a code of an item, or a date."""
        node = value.node
        if not isinstance(node, Text):
            return value
        shown = f'"{node.text[:40]}"'
        if other.kind == "code":
            if node.text not in other.codes:
                raise QuestionError(
                    f"{shown} is not a code of {self._written(other.node)}; there are "
                    f"{', '.join(other.codes)}.{nearest(node.text, other.codes)}",
                    node.at + 1,
                )
            place = Fraction(other.codes.index(node.text))
            return Value(node, "code", Constant(place), codes=other.codes)
        if other.kind == "date":
            return Value(node, "date", Constant(Fraction(_day(node, shown))))
        raise QuestionError(
            f"{shown} is quoted: a code or a date, but {self._written(other.node)} "
            f"is {_ARTICLES[other.kind]}",
            node.at + 1,
        )

    def _literal(self, node: Literal) -> Value:
        if node.unit is None:
            return Value(node, "number", Constant(node.value))
        try:
            unit = parse_unit(node.unit.text)
        except UnitError as error:
            raise QuestionError(str(error), node.unit.at + 1) from error
        return Value(node, "number", Constant(node.value), unit)

    def _mention(self, node: Mention) -> Value:
        column = self.columns.get(node.item.text)
        if column is None:
            raise QuestionError(self._unknown_item(node), node.at + 1)
        need = self.needs.setdefault(self._reference(node, column), len(self.needs))
        if column.kind == "number":
            low, high = column.counts
            count = Count(need, Fraction(1, 10**column.decimals), low, high)
            unit = parse_unit(column.unit)
            return Value(node, "number", count, unit, conversions=column.conversions)
        low, high = {
            "code": (0, len(column.codes) - 1),
            "date": (1, LAST_DAY),
            "yesno": (0, 1),
            "text": (0, 0),
        }[column.kind]
        return Value(node, column.kind, Count(need, Fraction(1), low, high), codes=column.codes)

    def _unknown_item(self, node: Mention) -> str:
        name = node.item.text
        holders = [column.name for column in self.columns.values() if name in column.codes]
        if holders and node.encounter is None:
            return f'no item has the name {name}. A code is quoted: {holders[0]} = "{name}"'
        return f"no item has the name {name[:40]}.{nearest(name, self.columns)}"

    def _reference(self, node: Mention, column: Column) -> Reference:
        encounter = node.encounter.text if node.encounter else self.here
        at = (node.encounter or node.item).at + 1
        where = ", ".join(column.encounters) or "no encounter"
        if encounter is None:
            raise QuestionError(
                f"{column.name} is meant at no encounter; write {column.name}[ENCOUNTER]. "
                f"It is collected at {where}",
                at,
            )
        if encounter not in self.encounters:
            raise QuestionError(
                f"no encounter has the name {encounter[:40]}.{nearest(encounter, self.encounters)}",
                at,
            )
        if encounter not in column.encounters:
            raise QuestionError(
                f"{column.name} is not collected at {encounter}; it is collected at {where}", at
            )
        return Reference(column.name, encounter)

    def _written(self, node: Node) -> str:
        return written(node, self.text)


def _day(node: Text, shown: str) -> int:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", node.text):
            return date.fromisoformat(node.text).toordinal()
    except ValueError:
        pass
    raise QuestionError(f'{shown} is not a date; write it like "2024-02-29"', node.at + 1)


_VALUES: Final = {"+", "-", "*", "/", "negative", *FUNCTIONS}
_ARTICLES: Final = {
    "number": "a number",
    "code": "a coded item",
    "date": "a date",
    "yesno": "a yes/no item",
    "text": "free text",
    "quoted": "a quoted text",
}
_ALONE: Final = {
    "yesno": "it stands alone or behind not",
    "text": "it can only be missing or known",
}
