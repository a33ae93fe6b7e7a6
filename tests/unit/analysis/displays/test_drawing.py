import re
from itertools import combinations

import pytest

from equipoise.analysis.displays.drawing import canvas, flow_chart
from equipoise.analysis.displays.drawing.flow_chart import Box, Chart

LONG = "Insulin with metformin, stable for at least 3 months without sufficient control (n = 22)"
CHINESE = "胰岛素联合二甲双胍0.5–1.0 U/kg/d稳定治疗至少3个月且控制不充分（n = 22）"


def line(sheet):
    axes = canvas.axes(sheet, 0.5, 0.5, 0.1, 0.1)
    axes.plot([0, 1], [0, 1], marker="o")
    axes.set_ylabel("胰岛素 <U/kg/d> & $x$")


def test_a_drawing_is_the_same_every_time():
    first, again = (canvas.svg("A", (3, 2), line, says="A line.") for _ in range(2))

    assert first == again


def test_two_drawings_on_a_page_share_no_id():
    first, second = (
        set(re.findall(r'id="([^"]+)"', canvas.svg(name, (3, 2), line, says="A line.")))
        for name in ("ONE", "TWO")
    )

    assert first
    assert not first & second


def test_every_reference_in_a_drawing_is_to_its_own_ids():
    drawing = canvas.svg("ONE", (3, 2), line, says="A line.")
    ids = set(re.findall(r'id="([^"]+)"', drawing))

    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', drawing)) <= ids


def test_text_stays_text_and_is_escaped():
    drawing = canvas.svg("A", (3, 2), line, says='Says "<b>" & more.')

    assert "胰岛素 &lt;U/kg/d&gt; &amp; $x$" in drawing
    assert "Says &quot;&lt;b&gt;&quot; &amp; more." in drawing
    assert "<script" not in drawing
    assert 'role="img"' in drawing


@pytest.mark.parametrize("text", [LONG, CHINESE, "Methoxypolyethyleneglycol-epoetin"])
@pytest.mark.parametrize("width", [12, 20, 40])
def test_wrapping_loses_no_letter_and_keeps_to_the_width(text, width):
    lines = canvas.wrapped(text, width)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for one in lines:
        assert canvas.ems(one) <= width + 1 or " " not in one  # a word is never broken


@pytest.mark.parametrize(
    ("heights", "gap"),
    [([1.0, 1.0, 1.0], 0.5), ([3.0, 1.0, 1.1], 0.5), ([0.0, 10.0], 1.0), ([2.0], 1.0), ([], 1.0)],
)
def test_labels_are_moved_apart_and_keep_their_order(heights, gap):
    placed = canvas.apart(heights, gap)

    for (old, new), (other_old, other_new) in combinations(zip(heights, placed, strict=True), 2):
        assert abs(new - other_new) >= gap - 1e-9
        assert old == other_old or (old < other_old) == (new < other_new)


def chart(arms: int) -> Chart:
    boxes = (Box("Allocated", (LONG,) * 2), Box("Completed", (CHINESE,)), Box("Analysed"))
    excluded = Box("Excluded", (LONG,) * 9)
    stages = ("Enrolment", "Allocation", "Follow-up", "Analysis")
    return Chart(stages, Box("Assessed"), excluded, Box("Randomised"), (boxes,) * arms)


@pytest.mark.parametrize("arms", [2, 3, 4, 5])
def test_no_box_of_the_flow_diagram_lies_on_another_or_off_the_page(arms):
    rows, height = flow_chart.layout(chart(arms))
    frames = [frame for row in rows for frame in row]

    for one, two in combinations(frames, 2):
        beside = one.left + one.width <= two.left or two.left + two.width <= one.left
        assert beside or one.bottom <= two.top or two.bottom <= one.top
    for frame in frames:
        assert frame.left >= 0
        assert frame.left + frame.width <= canvas.DOUBLE
        assert frame.bottom <= height


@pytest.mark.parametrize("arms", [2, 3, 4])
def test_a_box_is_as_deep_as_its_words_and_none_is_wider_than_it(arms):
    rows, _ = flow_chart.layout(chart(arms))

    for frame in (frame for row in rows for frame in row):
        room = (frame.width - flow_chart.PAD) * 72 / flow_chart.LETTERS
        assert frame.deep >= flow_chart.LINE * len(frame.lines)
        for words, _ in frame.lines:
            assert canvas.ems(words) <= room
