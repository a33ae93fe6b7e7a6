"""Where a report comes from: seed, versions, and the hashes of what was read."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from equipoise.analysis.displays import Row, Scene, Table
from equipoise.analysis.report.contents import Block, Paragraph
from equipoise.analysis.report.pdf import has_chinese_letters
from equipoise.records import Origin

LIBRARIES: Final = ("numpy", "scipy", "polars", "numba", "matplotlib", "jinja2", "typst")


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in a folder, by name; none if there is no folder."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def provenance(scene: Scene, origin: Origin, records: Mapping[str, str]) -> Iterator[Block]:
    """Seed and versions, then the hashes of the files of the study and of the records."""
    say = scene.say
    if scene.lang == "zh" and not has_chinese_letters():
        yield Paragraph(say["no chinese font"])
    made = [
        Row(say["study"], (f"{origin.study} {origin.protocol_version}",)),
        Row(say["version of"].format(name="Equipoise"), (origin.equipoise,)),
        Row(say["version of"].format(name="Python"), (platform.python_version(),)),
        *(Row(say["version of"].format(name=name), (version(name),)) for name in LIBRARIES),
    ]
    if origin.seed is not None:
        made.insert(1, Row(say["seed"], (str(origin.seed),)))
        made.insert(2, Row(say["trial number"], (str(origin.trial),)))
        yield Paragraph(say["provenance says"])
    columns = (say["item"], say["value"])
    yield Table("MADE_WITH", say["made with"], columns, tuple(made), prose=True)
    for name, files in (("study files", origin.study_files), ("record files", records)):
        if files:
            rows = tuple(Row(file, (digest,)) for file, digest in files.items())
            title = say[name]
            columns = (say["file"], "SHA-256")
            yield Table(name.upper().replace(" ", "_"), title, columns, rows, prose=True)
