"""What Equipoise does, as functions: the command line and notebooks call these.

import equipoise
trial = equipoise.run()
trial
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace as replace_field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.api.trial import LOG
from equipoise.api.trial import Trial as Trial
from equipoise.checking import check as check
from equipoise.errors import OutputError, StudyError
from equipoise.output import free_folder, whole_folder, write_manifest
from equipoise.protocol.load import TEMPLATE, find_study, load_study, shipped_studies
from equipoise.protocol.model import Language
from equipoise.protocol.whole import Study
from equipoise.records import Origin, Records, read_records, write_records

if TYPE_CHECKING:
    from equipoise.analysis import Results
    from equipoise.analysis.reproduce import Finding

Progress = Callable[[str, float], None]  # what is being done, and how much of all is done, 0 to 1
REFERENCE = "nct02302599"
RECORDS = "records"


def _silent(stage: str, done: float) -> None:
    """Show no progress."""


def simulate_trial(
    study: str | Path | Study = REFERENCE,
    *,
    seed: int = 1,
    trial: int = 0,
    progress: Progress = _silent,
) -> Records:
    """Let virtual participants live through one trial; same seed and trial, same records."""
    from equipoise.simulate import simulate_trial as live

    read = study if isinstance(study, Study) else check(study)
    tables = live(read, seed=seed, trial=trial, progress=progress)
    return Records(tables, _origin(read, seed, trial))


def _origin(study: Study, seed: int, trial: int) -> Origin:
    return Origin(
        kind="simulated",
        study=study.name,
        protocol_version=study.protocol.version,
        equipoise=version("equipoise"),
        seed=seed,
        trial=trial,
        study_files=dict(sorted(study.files.items())),
    )


def reproduce(study: str | Path | Study = REFERENCE) -> tuple[Finding, ...]:
    """Recompute what was published of a study.

    Raises:
        StudyError: The study has no published results.
    """
    from equipoise.analysis.reproduce import names_of
    from equipoise.analysis.reproduce import reproduce as recompute

    read = study if isinstance(study, Study) else load_study(study)
    if read.published is None:
        raise StudyError(f"{read.folder}: there is no published.yaml; nothing to reproduce.")
    return recompute(read.published, names_of(read))


def findings_as_json(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """The findings as plain values, numbers unrounded and words in both languages."""
    from pydantic import TypeAdapter

    from equipoise.analysis.reproduce import Finding

    plain: list[dict[str, Any]] = TypeAdapter(tuple[Finding, ...]).dump_python(
        findings, mode="json"
    )
    return list(plain)


def analyse(records: Records, study: str | Path | Study = REFERENCE) -> Results:
    """Analyse records as the study's plan says; every statistic, unrounded."""
    from equipoise.analysis import analyse as work_out

    return work_out(records, study if isinstance(study, Study) else load_study(study))


def run(
    study: str | Path = REFERENCE,
    *,
    seed: int = 1,
    out: str | Path | None = None,
    replace: bool = False,
    lang: Language = "en",
    progress: Progress = _silent,
) -> Trial:
    """Simulate a trial, conduct it, analyse it, reproduce what was published, write it all down.

    The virtual participants go through the clinic, from consent to lock, under a sealed allocation
    that is opened at lock; the records that are analysed are extracted from the clinic's log. Only
    where the protocol allocates by minimisation, which has no list to seal, the simulator's records
    are analysed as they are.

    Args:
        study: A study folder or the name of a shipped study.
        seed: Same seed, same bytes in the records.
        out: Folder for the results; `equipoise-output`, or the next free name, if not given.
        replace: Whether an earlier folder of results at ``out`` may be replaced.
        lang: Language of the report.
        progress: Told of each stage.
    """
    from equipoise.rehearsal import playable, rehearse

    read = check(study)
    read.planned()
    target = Path(out) if out else free_folder()
    with whole_folder(target, replace=replace) as folder:
        records = simulate_trial(read, seed=seed, progress=_part(progress, 0.02, 0.2))
        if playable(read):
            conducted = _part(progress, 0.2, 0.75)
            records = rehearse(read, records, folder / LOG, progress=conducted)
        trial = _finish(read, records, folder, lang, _part(progress, 0.75, 1.0))
    return replace_field(trial, folder=target)


def extract(trial: str | Path, *keys: str | Path) -> Records:
    """The records of a conducted trial, from its log, once the blind was opened.

    Args:
        trial: The trial's folder.
        keys: The file of a private key that the list was sealed for, or two shares of the
            custodian's: the amounts stand in worksheets that it opens. Beside it ``equipoise
            trust`` noted which list is the right one.

    Raises:
        LogError: There is no trial in the folder.
        ConductError: The blind was not opened, or something that the records need is missing.
        SealError: The key does not open the worksheets, or the list is another.
    """
    from equipoise.conduct.extract import extract as from_log
    from equipoise.conduct.folder import log_of
    from equipoise.conduct.keyfiles import read_private, trusted

    paths = [Path(key) for key in keys]
    private = read_private(*paths)
    return from_log(log_of(Path(trial)), private=private, listed=trusted(*paths))


def extract_to(
    trial: str | Path, *keys: str | Path, out: str | Path | None = None, replace: bool = False
) -> Path:
    """Extract the records of a conducted trial and write them; their folder."""
    target = Path(out) if out else free_folder(Path("equipoise-records"))
    with whole_folder(target, replace=replace) as folder:
        records = extract(trial, *keys)
        write_records(records, folder / RECORDS)
        write_manifest(folder, records.origin)
    return target / RECORDS


def simulate_to(
    study: str | Path = REFERENCE,
    *,
    seed: int = 1,
    trial: int = 0,
    out: str | Path | None = None,
    replace: bool = False,
    progress: Progress = _silent,
) -> Path:
    """Simulate one trial and write its records; their folder."""
    target = Path(out) if out else free_folder(Path("equipoise-records"))
    with whole_folder(target, replace=replace) as folder:
        records = simulate_trial(study, seed=seed, trial=trial, progress=progress)
        write_records(records, folder / RECORDS)
        write_manifest(folder, records.origin)
    return target / RECORDS


def analyse_to(
    records: str | Path,
    study: str | Path = REFERENCE,
    *,
    out: str | Path | None = None,
    replace: bool = False,
    lang: Language = "en",
    progress: Progress = _silent,
) -> Trial:
    """Analyse a folder of records and write the report."""
    read = check(study)
    found = read_records(records, read)
    target = Path(out) if out else free_folder()
    with whole_folder(target, replace=replace) as folder:
        trial = _finish(read, found, folder, lang, progress)
    return replace_field(trial, folder=target)


def _part(progress: Progress, start: float, end: float) -> Progress:
    return lambda stage, done: progress(stage, start + (end - start) * done)


def _finish(
    study: Study, records: Records, folder: Path, lang: Language, progress: Progress
) -> Trial:
    """From records to the report, all written to ``folder``."""
    from equipoise.analysis.report import write_report

    progress("Writing the records", 0.0)
    write_records(records, folder / RECORDS)
    progress("Analysing", 0.1)
    results = analyse(records, study)
    results.write(folder / "results")
    progress("Recomputing what was published", 0.3)
    findings = reproduce(study) if study.published else ()
    progress("Drawing figures and writing the report", 0.5)
    write_report(study, results, findings, records.origin, folder, lang=lang)
    progress("Hashing", 0.98)
    write_manifest(folder, records.origin)
    progress("Done", 1.0)
    return Trial(study, records, results, findings, folder, lang)


def studies() -> list[dict[str, str]]:
    """The studies that come with Equipoise."""
    listed = []
    for name in shipped_studies():
        protocol = load_study(name).protocol
        row = {"name": name, "version": protocol.version, "title": protocol.title.en}
        listed.append(row | {"title_zh": protocol.title("zh")})
    return listed


def new(name: str, parent: Path, *, like: str | None = None) -> Path:
    """Make a study folder under ``parent`` that passes ``check`` and ``run``.

    Args:
        name: Name of the study and its folder.
        parent: Where the folder is made.
        like: A study to copy; a commented example if not given.

    Raises:
        OutputError: The name cannot be a study's, or the folder exists.
        StudyError: There is no study to copy.
    """
    source = find_study(like) if like else TEMPLATE
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,39}", name):
        raise OutputError(
            f"{name!r} cannot name a study: letters, digits, - and _, starting with a letter."
        )
    folder = parent / name
    if folder.exists():
        raise OutputError(f"{folder} exists already. Choose another name.")
    with whole_folder(folder) as partial:
        shutil.copytree(source, partial, dirs_exist_ok=True)
        for path in partial.glob("protocol-*.yaml"):
            text = path.read_text(encoding="utf-8")
            text = re.sub(r"^study: \S+", f"study: {name}", text, count=1, flags=re.MULTILINE)
            path.write_text(text, encoding="utf-8")
        write_schemas(partial / "schemas")
    return folder


def write_schemas(folder: Path) -> list[Path]:
    """Write the JSON Schema of each kind of study file to ``folder``."""
    from equipoise.protocol.schema import SCHEMAS, json_schema

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in SCHEMAS:
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(json_schema(name), indent=2) + "\n", encoding="utf-8")
        written.append(path)
    return written
