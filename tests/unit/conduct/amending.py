"""The template study with a version 1.1 of its protocol."""

from __future__ import annotations

import shutil
from shutil import ignore_patterns

from equipoise.protocol.load import SHIPPED, load_study

SECOND = "  - {version: icf-2, languages: [zh], since: '2026-01-05', reconsent: true, source: synopsis}\n"
UNUSED = ("analysis.yaml", "population.yaml", "cases")  # would have to change with the protocol
WEEK24 = "  - {name: WEEK24, label: Week 24, epoch: TREATMENT, day: 168, source: synopsis}\n"
CHANGES = (
    ('version: "1.0"', 'version: "1.1"'),
    ("source: synopsis}\n\neligibility:", f"source: synopsis}}\n{SECOND}\neligibility:"),
    ("question: 18 <= AGE <= 80", "question: 18 <= AGE <= 75"),
    ("screening: SCREENING", f"{WEEK24}screening: SCREENING"),
    ("[SCREENING, BASELINE, WEEK4, WEEK12], forms", "[SCREENING, BASELINE, WEEK12, WEEK24], forms"),
)


def changed(folder, *changes, forms=()):
    """The template study with a version 1.1 beside the first."""
    shutil.copytree(SHIPPED / "template", folder, ignore=ignore_patterns(*UNUSED))
    protocol = (folder / "protocol-1.0.yaml").read_text()
    for before, after in changes:
        assert protocol.count(before) == 1
        protocol = protocol.replace(before, after)
    (folder / "protocol-1.1.yaml").write_text(protocol)
    for before, after in forms:
        path = folder / "forms/vitals.yaml"
        path.write_text(path.read_text().replace(before, after))
    return load_study(folder)
