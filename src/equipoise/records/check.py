"""The border: what records must be before anything is computed from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from equipoise.protocol.whole import Study
from equipoise.records.rules import Rule, general_rules, study_rules
from equipoise.records.schemas import TABLES
from equipoise.records.tables import misshapen

SHOWN = 20  # problems of one kind that are told one by one


def check_records(tables: Mapping[str, pl.DataFrame], study: Study | None = None) -> list[str]:
    """Every problem of these tables, one a line: the table, the row, what is wrong, what to do.

    Args:
        tables: Tables by name.
        study: The study they belong to; without it only the tables themselves are checked.

    Returns:
        No line at all if they are records of the study.
    """
    problems = misshapen(tables)
    if problems:
        return problems
    for name, table in TABLES.items():
        problems += _keys(name, tables[name])
        problems += _told(tables, _column_rules(name, table.required, table.codes))
    problems += _told(tables, general_rules(tables))
    if study is not None and not problems:
        problems += _told(tables, study_rules(study))
    return problems


def _column_rules(
    name: str, required: Iterable[str], codes: Mapping[str, tuple[str, ...]]
) -> Iterable[Rule]:
    columns = TABLES[name].columns
    for column in required:
        yield Rule(name, pl.col(column).is_null(), f"{column} is missing; it is always recorded")
    for column, allowed in codes.items():
        wrong = ~pl.col(column).is_in(list(allowed))
        yield Rule(name, wrong, f"{column} is {{{column}}}; it can be {', '.join(allowed)}")
    for column, kind in columns.items():
        if kind == pl.Float64:
            wrong = ~pl.col(column).is_finite()
            yield Rule(name, wrong, f"{column} is {{{column}}}; leave it empty if it is not known")
        if kind == pl.Date:
            wrong = ~pl.col(column).dt.year().is_between(1950, 2100)
            yield Rule(name, wrong, f"{column} is {{{column}}}; the year cannot be right")


def _keys(name: str, frame: pl.DataFrame) -> list[str]:
    """Rows that are given more than once."""
    key = list(TABLES[name].key)
    twice = frame.group_by(key).len("times").filter(pl.col("times") > 1).sort(key)
    return _lines(
        name, twice, f"{', '.join(key)} name a row, and this one is there {{times}} times; keep one"
    )


def _told(tables: Mapping[str, pl.DataFrame], rules: Iterable[Rule]) -> list[str]:
    return [
        line
        for rule in rules
        for line in _lines(rule.table, tables[rule.table].filter(rule.wrong), rule.says)
    ]


def _lines(name: str, rows: pl.DataFrame, says: str) -> list[str]:
    key = TABLES[name].key
    rows = rows.sort(key)
    lines = [
        f"{name}: {' '.join(str(row[column]) for column in key)}: {says.format(**row)}"
        for row in rows.head(SHOWN).iter_rows(named=True)
    ]
    if rows.height > SHOWN:
        lines.append(f"{name}: and {rows.height - SHOWN} more rows like the one above")
    return lines
