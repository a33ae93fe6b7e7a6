"""The words of tables, figures and reports that are not the study's own, by language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from equipoise.protocol.model import Language


@cache
def words(lang: Language) -> Mapping[str, str]:
    """The texts of a language, by name; ``texts/<lang>.yaml``."""
    path = Path(__file__).parent / "texts" / f"{lang}.yaml"
    texts: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return texts
