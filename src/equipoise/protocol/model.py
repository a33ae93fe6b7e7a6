"""The ground of the typed study: frozen models, texts in two languages, sourced values."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from equipoise.errors import UnknownValueError

T = TypeVar("T")
Language = Literal["en", "zh"]
UNKNOWN_WORD = "unknown"

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$", description="A short name.")]
ItemName = Annotated[
    str,
    Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$", description="A name that questions can use."),
]
SourceName = Annotated[
    str, Field(description="A key of `sources`, or assumed, calibrated, recomputed.")
]
BUILT_IN_SOURCES = ("assumed", "calibrated", "recomputed")


class Model(BaseModel):
    """A frozen part of a study; a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)


class Text(Model):
    """Words that people read, in English and Simplified Chinese."""

    en: str = Field(description="English.")
    zh: str | None = Field(
        None, description="Simplified Chinese; English is shown where it is not given."
    )

    def __call__(self, lang: str = "en") -> str:
        """The words in ``lang``; English where there is no translation."""
        return self.zh if lang == "zh" and self.zh else self.en

    def __str__(self) -> str:
        return self.en

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return bool(self.en)


def _as_text(value: object) -> object:
    return {"en": value} if isinstance(value, str) else value


Words = Annotated[Text, BeforeValidator(_as_text, json_schema_input_type=str | Text)]
Label = Annotated[Words, Field(description="What people call it.")]
Where = Annotated[Words | None, Field(description="Where in the source it stands.")]
Why = Annotated[Words | None, Field(description="Why this value, where it is not published.")]
KindOf = Annotated[T, Field(description="Kind of entry: it decides which keys there are.")]


class Claim(Model, Generic[T]):
    """What another source says of the same thing."""

    value: T = Field(description="What it says.")
    source: SourceName
    where: Where = None


class Sourced(Model, Generic[T]):
    """A value and where it comes from.

    ``unknown`` is a value too: it blocks the step that needs it. An assumed value says why. What
    other sources say stays beside it, under ``conflicts``, and is shown.
    """

    value: T | Literal["unknown"] = Field(description="The value, or `unknown`.")
    source: SourceName
    where: Where = None
    why: Why = None
    conflicts: tuple[Claim[T], ...] = Field((), description="What other sources say of it.")

    @model_validator(mode="after")
    def _assumed_says_why(self) -> Sourced[T]:
        if self.source == "assumed" and not self.why:
            raise ValueError("an assumed value says `why`")
        return self

    def known(self, what: str) -> T:
        """The value, for a step that cannot go on without it.

        Raises:
            UnknownValueError: The protocol says ``unknown``.
        """
        if self.value == UNKNOWN_WORD:
            raise UnknownValueError(
                f"{what} is unknown in the protocol (source: {self.source}). Give it a value."
            )
        return self.value  # type: ignore[return-value]  # the literal is excluded above
