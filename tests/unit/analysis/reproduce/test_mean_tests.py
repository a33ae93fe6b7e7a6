import pytest
from scipy import stats

from equipoise.statistics.means import t_test_from_summary


def means(paper, a, b, **more):
    return paper.number("mean-a", a, **more), paper.number("mean-b", b, **more)


def test_a_p_value_between_arms_is_tried_without_being_named_by_a_check(paper):
    finding = paper.find(
        *means(paper, "7.5", "8.2", sd="1.1"),
        p_values=[paper.p_value("p", "<", "0.05", "mean-a", "mean-b")],
    )

    assert finding.kind == "p of means"
    assert finding.verdict == "holds"


def test_the_range_of_p_comes_from_the_rounding_of_means_and_sds(paper):
    finding = paper.find(
        *means(paper, "7.5", "8.2", sd="1.1"),
        p_values=[paper.p_value("p", "=", "0.1", "mean-a", "mean-b")],
    )

    student = finding.recomputed[0]
    ends = [
        t_test_from_summary((difference, 0), (sd, sd), (45, 46)).p
        for difference, sd in ((0.8, 1.05), (0.6, 1.15))
    ]
    assert (student.lower, student.upper) == pytest.approx(ends)


def test_an_exact_p_inside_the_range_agrees(paper):
    finding = paper.find(
        *means(paper, "7.5", "8.2", sd="1.1"),
        p_values=[paper.p_value("p", "=", "0.00912", "mean-a", "mean-b")],
    )

    assert finding.verdict == "holds"


def test_means_that_may_be_equal_allow_a_p_of_one(paper):
    finding = paper.find(
        *means(paper, "8", "8", sd="1.1"),
        p_values=[paper.p_value("p", ">", "0.9", "mean-a", "mean-b")],
    )

    assert finding.recomputed[0].upper == pytest.approx(1.0)


@pytest.mark.parametrize(("comparison", "side"), [("<", "below"), (">", "above")])
def test_without_sds_the_limit_of_the_sd_gives_exactly_the_printed_p(paper, comparison, side):
    finding = paper.find(
        *means(paper, "3.97", "3.26"),
        p_values=[paper.p_value("p", comparison, "0.05", "mean-a", "mean-b")],
    )

    sd = finding.recomputed[0].value
    assert t_test_from_summary((3.97, 3.26), (sd, sd), (45, 46)).p == pytest.approx(0.05)
    assert f"is {side} " in finding.explanation("en")
    assert finding.verdict == "only if"


def test_a_p_value_whose_means_are_not_printed_cannot_be_checked(paper):
    finding = paper.find(p_values=[paper.p_value("p", "<", "0.05")])

    assert finding.verdict == "cannot be checked"


@pytest.mark.parametrize(
    ("change", "comparison", "verdict"),
    [("7.00", "<", "holds"), ("7.00", ">", "does not hold"), ("8.89", ">", "holds")],
)
def test_some_changes_within_an_arm_decide_at_any_correlation(paper, change, comparison, verdict):
    finding = paper.find(
        *means(paper, change, "8.89", sd="1.1"),
        p_values=[
            paper.p_value(
                "p", comparison, "0.05", "mean-a", "mean-b", contrast="within arm", arm="A"
            )
        ],
        checks=[{"kind": "p within arm", "of": "p"}],
    )

    assert finding.verdict == verdict


def test_the_limit_of_the_correlation_gives_exactly_the_printed_p(paper):
    finding = paper.find(
        *means(paper, "8.50", "8.89", sd="1.11"),
        p_values=[
            paper.p_value("p", "<", "0.05", "mean-a", "mean-b", contrast="within arm", arm="A")
        ],
        checks=[{"kind": "p within arm", "of": "p"}],
    )

    r, n = finding.recomputed[0].value, 45
    sd = (2 * 1.11**2 * (1 - r)) ** 0.5

    assert 2 * stats.t.sf(0.39 / (sd / n**0.5), n - 1) == pytest.approx(0.05)
    assert "above" in finding.explanation("en")
