import pytest

CHECK = {"kind": "percentage", "of": "share", "largest": "all-a"}


def test_a_percentage_that_is_its_count_over_its_denominator_holds(paper):
    finding = paper.find(paper.percentage("share", "13.5", count=5, denominator=37), checks=[CHECK])

    assert finding.verdict == "holds"
    assert finding.recomputed[0].value == pytest.approx(13.5135, abs=1e-4)


def test_a_wrong_percentage_is_given_its_other_count(paper):
    finding = paper.find(paper.percentage("share", "14.3", count=5, denominator=42), checks=[CHECK])

    assert finding.verdict == "does not hold"
    assert [(one.events, one.n) for one in finding.recomputed] == [((5,), (42,)), ((6,), (42,))]


def test_a_percentage_that_no_count_over_its_denominator_gives_is_said_so(paper):
    finding = paper.find(paper.percentage("share", "50.4", count=5, denominator=10), checks=[CHECK])

    assert "No count over 10 gives 50.4 %" in finding.explanation("en")
    assert "No denominator up to 45 gives 50.4 % for a count of 5" in finding.explanation("en")


def test_a_percentage_is_looked_for_in_every_analysis_set(paper):
    few = {"few": {"A": ["few"], "B": ["few"]}}
    finding = paper.find(
        paper.percentage("share", "55.56", arm="A"),
        paper.count("few", 37),
        checks=[CHECK],
        sets=few,
    )

    assert finding.verdict == "only if"
    assert [(one.events, one.n) for one in finding.recomputed] == [((25,), (45,))]
    assert "5/9, 10/18, 15/27, 20/36, 25/45" in finding.explanation("en")
