import pytest

SHARES = {"percentages": ["share-a", "share-b"], "of": "p", "counted_in": "everyone"}


def shares(paper, a, b):
    return paper.percentage("share-a", a, arm="A"), paper.percentage("share-b", b, arm="B")


def test_tests_that_disagree_with_the_printed_p_are_named(paper):
    finding = paper.find(
        *shares(paper, "20", "4.3"),
        p_values=[paper.p_value("p", ">", "0.03")],
        checks=[{"kind": "p of counts", **SHARES}],
    )

    agreeing = [one.method for one in finding.recomputed if one.agrees]
    assert agreeing == ["χ², Yates", "Boschloo"]
    assert finding.verdict == "only if"
    assert "Disagrees: 9/45 v 2/46, χ²" in finding.explanation("en")


def test_percentages_without_counts_cannot_be_checked(paper):
    finding = paper.find(
        *shares(paper, "20", "4.55"),
        p_values=[paper.p_value("p", "<", "0.05")],
        checks=[{"kind": "p of counts", **SHARES}],
    )

    assert finding.verdict == "cannot be checked"


def test_every_table_that_gives_the_percentages_is_tested(paper):
    some = {"many": {"A": ["many"], "B": ["many"]}}
    finding = paper.find(
        *shares(paper, "20", "5"),
        paper.count("many", 200),
        sets=some,
        p_values=[paper.p_value("p", "<", "0.05")],
        checks=[{"kind": "p of counts", **SHARES, "counted_in": "many"}],
    )

    assert {one.events for one in finding.recomputed} == {
        (a, b) for a in (39, 40, 41) for b in (9, 10, 11)
    }


@pytest.mark.parametrize(("a", "b"), [("26.7", "4.3"), ("4.4", "26.1")])
def test_fragility_adds_events_where_they_are_fewer(paper, a, b):
    finding = paper.find(
        *shares(paper, a, b),
        p_values=[paper.p_value("p", "<", "0.05")],
        checks=[{"kind": "fragility", **SHARES, "denominators": "everyone"}],
    )

    p = [one.value for one in finding.recomputed]
    assert p == sorted(p)
    assert p[-2] < 0.05 <= p[-1]
    assert finding.verdict == "holds"  # nobody was left out of the count


def test_a_conclusion_that_never_stood_is_not_called_fragile(paper):
    finding = paper.find(
        *shares(paper, "20", "19.6"),
        p_values=[paper.p_value("p", "<", "0.05")],
        checks=[{"kind": "fragility", **SHARES}],
    )

    assert finding.verdict == "does not hold"
