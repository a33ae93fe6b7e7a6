from equipoise.analysis.reproduce import reproduce, to_rows
from equipoise.analysis.reproduce.frame import to_frame


def test_a_statement_that_no_check_uses_is_listed_as_unchecked(paper):
    findings = {one.id: one for one in reproduce(paper.study(paper.number("alone", "3.12")))}

    assert findings["alone"].verdict == "cannot be checked"
    assert findings["alone"].kind == "no check"


def test_a_reading_is_shown_only_with_its_verdict(paper):
    readings = {"holds": {"en": "Fine."}, "does not hold": {"en": "A slip."}}
    parts = {"checks": [{"kind": "sum", "of": "both", "terms": ["all-a", "all-b"]}]}
    parts["checks"][0]["readings"] = readings

    assert paper.find(paper.count("both", 91), **parts).explanation("en").endswith("Fine.")
    assert paper.find(paper.count("both", 92), **parts).explanation("en").endswith("A slip.")


def test_rows_and_frame_tell_the_same_findings(paper):
    findings = reproduce(paper.study(paper.number("alone", "3.12")))

    rows, frame = to_rows(findings), to_frame(findings)

    assert [row["id"] for row in rows] == frame["finding"].to_list()
    assert frame["value"].null_count() == len(rows)
