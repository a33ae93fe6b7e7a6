"""From tokens to a tree: the grammar, lowest precedence first.

::

    question    = conjunction { "or" conjunction }
    conjunction = denial { "and" denial }
    denial      = "not" denial | comparison
    comparison  = sum { ("<" | "<=" | ">" | ">=" | "=" | "!=") sum }
                | sum ["not"] "in" "(" sum { "," sum } ")"
                | sum "is" ["not"] ("missing" | "known")
    sum         = product { ("+" | "-") product }
    product     = factor { ("*" | "/") factor }
    factor      = "-" factor | NUMBER [UNIT] | 'TEXT' | ITEM ["[" ENCOUNTER "]"]
                | FUNCTION "(" question { "," question } ")" | "(" question ")"
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from equipoise.errors import QuestionError, nearest
from equipoise.protocol.question.tokens import Token, tokenise

MAX_DEPTH: Final = 40
MOST_SHOWN: Final = 80
FUNCTIONS: Final = ("min", "max", "mean")
COMPARISONS: Final = ("<", "<=", ">", ">=", "=", "!=")


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a question, from character ``at`` up to ``end`` of its text."""

    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, with the unit that is written behind it, if any."""

    value: Fraction
    unit: Token | None


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A quoted code or date."""

    text: str


@dataclass(frozen=True, slots=True)
class Mention(Node):
    """An item, at the encounter in brackets, if any."""

    item: Token
    encounter: Token | None


@dataclass(frozen=True, slots=True)
class Operation(Node):
    """Arithmetic, logic, a function, ``in``, ``missing`` or ``known``, and what it is applied to.

    ``signs`` has the sign between each part of a ``comparison`` and the next, as in
    ``4.4 <= X <= 7.0``.
    """

    name: str
    parts: tuple[Node, ...]
    depth: int
    signs: tuple[str, ...] = ()


def written(node: Node, text: str) -> str:
    """The part as it stands in the text, shortened if it is long."""
    part = text[node.at : node.end]
    return part if len(part) <= MOST_SHOWN else f"{part[:MOST_SHOWN]}..."


def parse(text: str) -> Node:
    """Read a question or a quantity.

    Raises:
        QuestionError: The text does not follow the grammar, or is nested too deeply.
    """
    parser = _Parser(tokenise(text))
    node = parser.question()
    found = parser.token
    if found.kind != "end":
        raise QuestionError(
            f"{_shown(found)} cannot stand here; the question was complete", found.at + 1
        )
    return node


def _shown(token: Token) -> str:
    return token.text[:40] if token.kind != "end" else "the end of the question"


class _Parser:
    """A recursive descent over the tokens of one question."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    @property
    def token(self) -> Token:
        return self._tokens[self._next]

    def take(self, *texts: str) -> Token | None:
        """Step over the next token if it is one of these signs or keywords."""
        token = self.token
        if token.kind not in {"sign", "keyword"} or token.text not in texts:
            return None
        self._next += 1
        return token

    def demand(self, *texts: str) -> Token:
        token = self.take(*texts)
        if token is None:
            wanted = " or ".join(texts)
            raise QuestionError(f"expected {wanted}, found {_shown(self.token)}", self.token.at + 1)
        return token

    def deeper(self) -> None:
        self._depth += 1
        _limit(self._depth, self.token.at)

    def question(self) -> Node:
        self.deeper()
        parts = [self.conjunction()]
        while self.take("or"):
            parts.append(self.conjunction())
        self._depth -= 1
        return _joined("or", parts)

    def conjunction(self) -> Node:
        parts = [self.denial()]
        while self.take("and"):
            parts.append(self.denial())
        return _joined("and", parts)

    def denial(self) -> Node:
        sign = self.take("not")
        if sign is None:
            return self.comparison()
        self.deeper()
        denied = self.denial()
        self._depth -= 1
        return _operation("not", [denied], at=sign.at)

    def comparison(self) -> Node:
        first = self.sum()
        if self.take("is"):
            return self.presence(first)
        negated = self.take("not")
        if negated or self.take("in"):
            if negated:
                self.demand("in")
            return self.within(first, negated=negated is not None)
        values, signs = [first], []
        while sign := self.take(*COMPARISONS):
            signs.append(sign.text)
            values.append(self.sum())
        if not signs:
            return first
        return _operation("comparison", values, signs=tuple(signs))

    def presence(self, item: Node) -> Node:
        negated = self.take("not") is not None
        word = self.demand("missing", "known")
        name = "missing" if (word.text == "missing") != negated else "known"
        return _operation(name, [item], end=word.end)

    def within(self, value: Node, *, negated: bool) -> Node:
        self.demand("(")
        options, end = self.listed(self.sum)
        found = _operation("in", [value, *options], end=end)
        return _operation("not", [found]) if negated else found

    def listed(self, part: Callable[[], Node]) -> tuple[list[Node], int]:
        parts = [part()]
        while self.take(","):
            parts.append(part())
        return parts, self.demand(")").end

    def sum(self) -> Node:
        return self.chain(("+", "-"), self.product)

    def product(self) -> Node:
        return self.chain(("*", "/"), self.factor)

    def chain(self, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
        """Read parts with signs between them as a tree that leans to the left."""
        node = part()
        while sign := self.take(*signs):
            node = _operation(sign.text, [node, part()])
        return node

    def factor(self) -> Node:
        minus = self.take("-")
        if minus:
            self.deeper()
            operand = self.factor()
            self._depth -= 1
            return _operation("negative", [operand], at=minus.at)
        bracket = self.take("(")
        if bracket:
            node = self.question()
            return replace(node, at=bracket.at, end=self.demand(")").end)
        token = self.token
        if token.kind == "number":
            return self.literal()
        if token.kind == "name":
            return self.named()
        if token.kind == "text":
            self._next += 1
            return Text(token.at, token.end, token.text)
        raise QuestionError(f"expected an item or a value, found {_shown(token)}", token.at + 1)

    def literal(self) -> Node:
        number = self.token
        self._next += 1
        unit = self.token if self.token.kind == "unit" else None
        self._next += unit is not None
        return Literal(number.at, (unit or number).end, Fraction(number.text), unit)

    def named(self) -> Node:
        name = self.token
        self._next += 1
        if self.take("("):
            return self.call(name)
        if not self.take("["):
            return Mention(name.at, name.end, name, None)
        encounter = self.token
        if encounter.kind != "name":
            raise QuestionError(
                f"expected an encounter, found {_shown(encounter)}", encounter.at + 1
            )
        self._next += 1
        return Mention(name.at, self.demand("]").end, name, encounter)

    def call(self, name: Token) -> Node:
        if name.text not in FUNCTIONS:
            raise QuestionError(
                f"{name.text[:40]} is not a function; there are {', '.join(FUNCTIONS)}."
                f"{nearest(name.text, FUNCTIONS)}",
                name.at + 1,
            )
        parts, end = self.listed(self.question)
        return _operation(name.text, parts, at=name.at, end=end)


def _joined(name: str, parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else _operation(name, parts)


def _operation(
    name: str,
    parts: list[Node],
    *,
    at: int | None = None,
    end: int | None = None,
    signs: tuple[str, ...] = (),
) -> Operation:
    start = parts[0].at if at is None else at
    depth = 1 + max(part.depth if isinstance(part, Operation) else 0 for part in parts)
    _limit(depth, start)
    return Operation(start, parts[-1].end if end is None else end, name, tuple(parts), depth, signs)


def _limit(depth: int, at: int) -> None:
    if depth > MAX_DEPTH:
        raise QuestionError(f"the question is nested more than {MAX_DEPTH} deep. Divide it", at + 1)
