import pytest


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        (["33.33", "14.29", "44.44", "27.27"], "holds"),
        (["33.34", "14.28", "44.45", "27.28"], "cannot be checked"),
    ],
)
def test_ratios_of_small_whole_numbers_are_told_by_their_digits(paper, printed, verdict):
    names = [f"down-{index}" for index, _ in enumerate(printed)]
    finding = paper.find(
        *(paper.percentage(name, value) for name, value in zip(names, printed, strict=True)),
        checks=[{"kind": "whole units", "reductions": names, "largest": 12}],
    )

    assert finding.verdict == verdict
