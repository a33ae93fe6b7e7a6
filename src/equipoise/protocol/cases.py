"""Worked cases: what a criterion or an endpoint must answer, on both sides of every limit."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from equipoise.protocol.model import Model, Name

Recorded = int | Decimal | bool | str | None


class Case(Model):
    """Recorded values, by item or ``ITEM[ENCOUNTER]``, and the answer they demand.

    What is not given is missing.
    """

    given: dict[str, Recorded] = Field(description="Recorded values, by item or `ITEM[ENCOUNTER]`.")
    answer: Literal["yes", "no", "unknown"] = Field(description="The answer that they demand.")


class Cases(Model):
    """A file of the folder ``cases``."""

    criteria: dict[Name, tuple[Case, ...]] = Field({}, description="By criterion id.")
    endpoints: dict[Name, tuple[Case, ...]] = Field({}, description="By endpoint name.")
