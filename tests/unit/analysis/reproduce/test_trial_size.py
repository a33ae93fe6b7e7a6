import pytest

from equipoise.analysis.reproduce.trial_size import approximate_size


@pytest.mark.parametrize(
    ("p", "wanted", "expected"),
    # R 4.2.2: power.prop.test(p1 = , p2 = , power = )
    [((0.2, 0.0455), 0.8, 70), ((0.2, 0.0455), 0.9, 93), ((0.5, 0.75), 0.9, 77)],
)
def test_the_usual_formula_agrees_with_r(p, wanted, expected):
    assert approximate_size(p, wanted) == expected


def test_a_large_difference_has_enough_power(paper):
    finding = paper.find(
        paper.percentage("share-a", "60", arm="A"),
        paper.percentage("share-b", "10", arm="B"),
        checks=[
            {
                "kind": "power",
                "percentages": ["share-a", "share-b"],
                "analysis_set": "everyone",
                "targets": [80],
            }
        ],
    )

    assert finding.verdict == "holds"
    assert all(one.value > 0.99 for one in finding.recomputed if one.n == (45, 46))
