import re

from equipoise.analysis.displays import FIGURES, Scene
from equipoise.analysis.displays.figures.flow import chart_of


def numbers(words: tuple[str, ...]) -> list[int]:
    return [int(found) for text in words for found in re.findall(r"=\s(\d+)\)", text)]


def test_the_boxes_show_the_numbers_of_the_flow(knee):
    chart = chart_of(knee)

    assert numbers((chart.assessed.head,)) == [14]
    assert numbers(chart.assessed.items) == [1]  # still in screening
    assert numbers((chart.excluded.head,)) == [2]
    assert numbers((chart.randomised.head,)) == [11]
    assert [numbers((arm[0].head,)) for arm in chart.arms] == [[4], [3], [4]]
    assert [numbers((arm[1].head,)) for arm in chart.arms] == [[2], [2], [4]]
    assert [numbers((arm[2].head,)) for arm in chart.arms] == [[4], [3], [4]]


def test_what_is_shown_adds_up(knee):
    chart = chart_of(knee)
    (screened,) = numbers((chart.assessed.head,))
    (excluded,) = numbers((chart.excluded.head,))
    (randomised,) = numbers((chart.randomised.head,))

    assert screened == excluded + randomised + sum(numbers(chart.assessed.items))
    assert excluded == sum(numbers(chart.excluded.items))
    assert randomised == sum(numbers(tuple(arm[0].head for arm in chart.arms)))
    for allocation, follow_up, _ in chart.arms:
        (allocated,) = numbers((allocation.head,))
        (completed,) = numbers((follow_up.head,))
        left = [item for item in follow_up.items if not item.startswith(" ")]
        assert allocated == sum(numbers(allocation.items))
        assert allocated == completed + numbers((left[0],))[0]
        assert sum(numbers(tuple(left))) == sum(numbers(follow_up.items)) / 2  # each by its reasons


def test_reasons_for_exclusion_are_the_criteria_in_words(knee):
    words = " ".join(chart_of(knee).excluded.items)

    assert "I1" not in words
    for criterion in knee.study.protocol.eligibility:
        if criterion.id in {"I1", "E1"}:
            assert criterion.text() in words


def test_the_diagram_is_described_in_words_and_drawn_in_both_languages(knee):
    (display,) = (one for one in knee.study.planned().displays if one.kind == "flow")
    chinese = Scene(knee.study, knee.results, lang="zh")

    (english,) = FIGURES["flow"](display, knee)
    (drawn,) = FIGURES["flow"](display, chinese)

    assert "14 people were assessed for eligibility, 2 excluded and 11 randomised" in (
        english.description
    )
    assert "接受资格评估（n\u00a0=\u00a014）" in drawn.svg
