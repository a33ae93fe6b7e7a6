"""What is typed for a command of a trial, and what is told of what it recorded."""

from __future__ import annotations

import pytest
import typer

from equipoise.cli.saying import parts, told
from equipoise.errors import ConductError


def test_parts_of_a_table_are_given_one_by_one_or_as_json():
    one_by_one = parts(["form=vitals", "values.SBP=150", "values.DBP=9e1", "units.SBP=mmHg"])
    as_json = parts(["form=vitals", 'values={"SBP": 150, "DBP": 9e1}', 'units={"SBP": "mmHg"}'])

    assert one_by_one == as_json
    assert as_json["values"] == {"SBP": "150", "DBP": "9e1"}


def test_numbers_of_json_stay_as_they_are_written():
    assert parts(['values={"HBA1C": 8.10}', "rows=[1.0, true, null]"]) == {
        "values": {"HBA1C": "8.10"},
        "rows": ["1.0", True, None],
    }


def test_what_begins_like_json_and_is_none_is_text():
    assert parts(
        ["units.WEIGHT=[lb_av]", "text=[sic", "reason={unclear} page", f"x={'[' * 9999}"]
    ) == {
        "units": {"WEIGHT": "[lb_av]"},
        "text": "[sic",
        "reason": "{unclear} page",
        "x": "[" * 9999,
    }


def test_what_is_typed_goes_before_a_file_and_null_is_none(tmp_path):
    file = tmp_path / "event.json"
    file.write_text('{"participant": "S1-01", "account": {"term": "RASH", "outcome": "unknown"}}')

    assert parts([f"@{file}", "account.outcome=recovered", "account.term=null"]) == {
        "participant": "S1-01",
        "account": {"term": None, "outcome": "recovered"},
    }


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["on=2026-01-05", "on=2026-01-06"], "on is given twice"),
        (["values=150", "values.SBP=150"], r"values.SBP: give a table"),
        (["@nowhere.json"], "nowhere.json cannot be read as JSON: No such file"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_plain_words(typed, message):
    with pytest.raises(ConductError, match=message):
        parts(typed)


@pytest.mark.parametrize("content", [b"[1, 2]", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_holds_no_table_is_refused(tmp_path, content):
    (tmp_path / "some.json").write_bytes(content)
    with pytest.raises(ConductError):
        parts([f"@{tmp_path}/some.json"])


def test_a_word_without_a_name_is_told_about_quotes():
    with pytest.raises(typer.BadParameter, match="a value with a blank goes into quotes"):
        parts(["role=study", "nurse"])


def test_a_time_is_told_by_the_clock_of_the_site():
    said = {"aware": "2025-04-02T01:00:00.000000Z", "started": "2025-04-02T09:00"}

    assert told(said, "Asia/Shanghai") == "aware 2025-04-02T09:00+08:00; started 2025-04-02T09:00"


def test_only_what_is_short_is_told():
    said = {"slot": "R0001", "answers": {"I1": "yes", "E1": "no"}, "box": "0" * 61, "note": None}

    assert told(said) == "slot R0001; answers I1 yes, E1 no"
