"""A committee's pack as files: HTML to read, JSON to count with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from equipoise.conduct.committee import Pack
from equipoise.errors import OutputError
from equipoise.protocol.model import Language
from equipoise.protocol.whole import Study

TEMPLATES: Final = Path(__file__).parent / "templates"


def write(study: Study, pack: Pack, folder: Path) -> list[Path]:
    """Write ``<kind>.en.html``, ``<kind>.zh.html`` and ``<kind>.json`` for their reader alone.

    Raises:
        OutputError: A file is there already.
    """
    languages: tuple[Language, ...] = ("en", "zh")
    contents = {f"{pack.kind}.{lang}.html": page(study, pack, lang) for lang in languages}
    contents[f"{pack.kind}.json"] = pack.json.decode() + "\n"
    paths = [folder / name for name in contents]
    for path in paths:
        if path.exists():
            raise OutputError(f"{path} is there already; give another folder")
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in zip(paths, contents.values(), strict=True):
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8", newline="\n")
    return paths


def page(study: Study, pack: Pack, lang: Language) -> str:
    """The pack as a page of HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    coded = (row.name for table in pack.tables if table.name == "terms" for row in table.rows)
    labels = {name: name for name in coded} | _labels(study, lang)
    return environment.get_template("pack.html").render(
        pack=pack, lang=lang, title=study.protocol.short_title(lang), say=labels.__getitem__
    )


def _labels(study: Study, lang: Language) -> dict[str, str]:
    """What every code of a pack is called."""
    labels = {name: words[lang] for name, words in _words().items()}
    labels |= {name: encounter.label(lang) for name, encounter in study.encounters.items()}
    labels |= {name: arm.label(lang) for name, arm in study.arms.items()}
    for name, item in study.items.items():
        unit = f" ({item.unit})" if item.unit not in (None, "1") else ""
        for at in study.collected[name]:
            labels[f"{name} {at}"] = f"{item.label(lang)}{unit}, {labels[at]}"
    own = study.population.adverse_events if study.population else ()
    return labels | {event.term: event.label(lang) for event in own}


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    text = (TEMPLATES / "pack.yaml").read_text(encoding="utf-8")
    words: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return words
