"""From text to tokens."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from equipoise.errors import QuestionError

MAX_LENGTH: Final = 1000
KEYWORDS: Final = ("and", "or", "not", "in", "is", "missing", "known")

_KIND = Literal["number", "unit", "name", "keyword", "text", "sign", "end"]


class Token(NamedTuple):
    """A word of a question.

    Attributes:
        text: As written; of a quoted text, what is between the quotes.
        at: Characters before it.
        end: Characters up to and with its last.
    """

    kind: _KIND
    text: str
    at: int
    end: int


_PATTERN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?(?![0-9.]))
      | (?P<name>[A-Za-z][A-Za-z0-9_]*)
      | "(?P<double>[^"]*)" | '(?P<single>[^']*)'
      | (?P<sign><=|>=|!=|[-+*/<>=()\[\],])
    """,
    re.VERBOSE,
)
_UNIT: Final = re.compile(r"[ \t]*((?:%|[A-Za-zµμ][A-Za-z0-9µμ]*)(?:[./][A-Za-z0-9µμ]+)*)")

_INSTEAD: Final = {
    "==": "write =",
    "=<": "write <=",
    "=>": "write >=",
    "<>": "write !=",
    "&&": "write and",
    "||": "write or",
    "**": "write the factor twice",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "!": "write not",
    "&": "write and",
    "|": "write or",
    ".": "a number is written 0.5, and nothing has attributes",
    "%": "a percentage follows its number, as in 7.0 %",
    '"': "the quoted text has no end",
    "'": "the quoted text has no end",
}


def tokenise(text: str) -> list[Token]:
    """Cut a question into tokens; the last one is of kind ``end``.

    Raises:
        QuestionError: The text is too long, or something in it is no part of the language.

    >>> [token.text for token in tokenise("DOSE <= 0.5 U/kg/d")]
    ['DOSE', '<=', '0.5', 'U/kg/d', '']
    """
    if len(text) > MAX_LENGTH:
        raise QuestionError(
            f"the question has {len(text)} characters; {MAX_LENGTH} is the most. Divide it",
            MAX_LENGTH + 1,
        )
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        hint = _INSTEAD.get(text[at : at + 2])
        match = None if hint else _PATTERN.match(text, at)
        if match is None:
            raise _stranger(text, at)
        if match.lastgroup != "space":
            tokens.append(_token(match))
        at = match.end()
        unit = _UNIT.match(text, at) if match.lastgroup == "number" else None
        if unit and unit[1].casefold() not in KEYWORDS:
            tokens.append(Token("unit", unit[1], unit.start(1), unit.end()))
            at = unit.end()
    return [*tokens, Token("end", "", len(text), len(text))]


def _token(match: re.Match[str]) -> Token:
    kind, text = match.lastgroup, match[match.lastgroup or 0]
    if kind in {"double", "single"}:
        return Token("text", text, match.start(), match.end())
    if kind == "number":
        return Token("number", text, match.start(), match.end())
    if kind == "sign":
        return Token("sign", text, match.start(), match.end())
    if text.casefold() in KEYWORDS and text not in KEYWORDS:
        raise QuestionError(f"write {text.casefold()}, not {text}", match.start() + 1)
    return Token("keyword" if text in KEYWORDS else "name", text, match.start(), match.end())


def _stranger(text: str, at: int) -> QuestionError:
    number = re.compile(r"[0-9][0-9.eE]*").match(text, at)
    if number:
        return QuestionError(f"{number[0][:40]} is not a number; write it like 7 or 0.5", at + 1)
    found = text[at : at + 2] if text[at : at + 2] in _INSTEAD else text[at]
    hint = f": {_INSTEAD[found]}" if found in _INSTEAD else ""
    return QuestionError(f"{found} is not part of the question language{hint}", at + 1)
