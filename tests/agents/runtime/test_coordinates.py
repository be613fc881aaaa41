"""Numbers of an answer, and the pixel that they mean."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.runtime.pointing.answers import LONGEST, numbers_of
from agents.runtime.pointing.coordinates import Convention, ImageRule, described, place, resized, unit, write
from agents.runtime.ports import ModelError
from workbench.errors import BadInputError
from workbench.geometry import Point

unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PLAIN = ImageRule()
QWEN = ImageRule(multiple=28, min_pixels=56 * 56, max_pixels=1_003_520)
SQUARE = ImageRule(fixed=896)

SIZES = st.tuples(st.integers(1, 4000), st.integers(1, 4000)).filter(lambda size: max(size) <= 60 * min(size))
RULES = st.one_of(
    st.builds(
        ImageRule,
        multiple=st.sampled_from([1, 14, 16, 28, 32]),
        min_pixels=st.integers(0, 100_000),
        max_pixels=st.just(0) | st.integers(500_000, 4_000_000),
    ),
    st.builds(ImageRule, fixed=st.integers(200, 1500)),
)
CONVENTIONS = st.builds(
    Convention,
    space=st.sampled_from(["original", "resized", "unit", "percent", "thousand"]),
    shape=st.sampled_from(["point", "box"]),
    order=st.sampled_from(["xy", "yx"]),
    letterbox=st.booleans(),
)


@unhurried
@given(SIZES, RULES, CONVENTIONS, st.floats(0, 1), st.floats(0, 1))
def test_a_place_that_was_written_is_found_within_one_unit(size, rule, convention, across, down):
    spot = across * size[0], down * size[1]
    found = place(write(spot, convention, sent=size, rule=rule), convention, sent=size, rule=rule)
    units = unit(convention, size, rule)
    assert abs(found.x + 0.5 - spot[0]) <= units[0] + 0.5
    assert abs(found.y + 0.5 - spot[1]) <= units[1] + 0.5


@unhurried
@given(SIZES, RULES, st.sampled_from(["percent", "thousand"]), st.floats(0, 1), st.floats(0, 1))
def test_a_place_in_the_middle_of_its_cell_is_found_within_half_a_unit(size, rule, space, across, down):
    convention = Convention(space=space, cells=True)
    spot = across * size[0] * 0.999, down * size[1] * 0.999
    found = place(write(spot, convention, sent=size, rule=rule), convention, sent=size, rule=rule)
    units = unit(convention, size, rule)
    assert abs(found.x + 0.5 - spot[0]) <= units[0] / 2 + 0.5
    assert abs(found.y + 0.5 - spot[1]) <= units[1] / 2 + 0.5


@unhurried
@given(SIZES, RULES)
def test_a_resized_picture_keeps_the_rule(size, rule):
    width, height = resized(size, rule)
    if rule.fixed:
        assert (width, height) == (rule.fixed, rule.fixed)
        return
    assert width % rule.multiple == height % rule.multiple == 0
    assert min(width, height) >= rule.multiple
    assert not rule.max_pixels or width * height <= rule.max_pixels or min(width, height) == rule.multiple
    assert width * height >= rule.min_pixels or width * height >= size[0] * size[1]


@pytest.mark.parametrize(
    ("size", "rule", "expected"),
    [
        ((1280, 800), PLAIN, (1280, 800)),
        ((1280, 800), QWEN, (1260, 784)),
        ((1920, 1080), QWEN, (1316, 728)),
        ((640, 480), QWEN, (644, 476)),
        ((30, 20), QWEN, (84, 56)),
        ((1, 1), QWEN, (56, 56)),
        ((768, 512), ImageRule(multiple=16, min_pixels=256, max_pixels=24576), (192, 128)),
        ((1920, 1080), SQUARE, (896, 896)),
    ],
)
def test_pictures_are_resized_as_the_families_do(size, rule, expected):
    assert resized(size, rule) == expected


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (-3, 4)])
def test_a_picture_without_pixels_cannot_be_resized(size):
    with pytest.raises(BadInputError, match="both sides must be at least 1"):
        resized(size, QWEN)


@pytest.mark.parametrize(
    ("numbers", "convention", "rule", "expected"),
    [
        ((640, 400), Convention(space="original"), PLAIN, Point(640, 400)),
        ((630, 392), Convention(space="resized"), QWEN, Point(640, 400)),
        ((0.5, 0.25), Convention(space="unit"), QWEN, Point(640, 200)),
        ((50, 25), Convention(space="percent"), QWEN, Point(640, 200)),
        ((50, 25), Convention(space="percent", cells=True), QWEN, Point(646, 204)),
        ((500, 250), Convention(space="thousand"), QWEN, Point(640, 200)),
        ((250, 500), Convention(space="thousand", order="yx"), QWEN, Point(640, 200)),
        ((400, 200, 600, 300), Convention(space="thousand", shape="box"), QWEN, Point(640, 200)),
        ((448, 168), Convention(space="resized", letterbox=True), SQUARE, Point(640, 0)),
        ((448, 728), Convention(space="resized", letterbox=True), SQUARE, Point(640, 799)),
        ((500, 500), Convention(space="thousand", letterbox=True), SQUARE, Point(640, 400)),
        ((1000, 1000), Convention(space="thousand"), PLAIN, Point(1279, 799)),
        ((0, 0), Convention(space="thousand"), PLAIN, Point(0, 0)),
    ],
)
def test_numbers_mean_a_pixel_of_the_picture_as_it_was_sent(numbers, convention, rule, expected):
    assert place(numbers, convention, sent=(1280, 800), rule=rule) == expected


@pytest.mark.parametrize(
    ("numbers", "convention", "rule", "said"),
    [
        ((1, 2, 3), Convention(), PLAIN, "2 numbers were expected"),
        ((1, 2, 3, 4), Convention(), PLAIN, "2 numbers were expected"),
        ((1, 2), Convention(shape="box"), PLAIN, "4 numbers were expected"),
        ((), Convention(), PLAIN, "2 numbers were expected"),
        ((math.nan, 2), Convention(), PLAIN, "2 numbers were expected"),
        ((math.inf, 2), Convention(), PLAIN, "2 numbers were expected"),
        ((1280, 500), Convention(), PLAIN, "outside the picture of 1280x800 pixels when read as points in 0 to 1000"),
        ((-5, 500), Convention(), PLAIN, "outside the picture"),
        ((1.2, 0.5), Convention(space="unit"), PLAIN, "outside the picture"),
        ((448, 20), Convention(space="resized", letterbox=True), SQUARE, "outside the picture"),
    ],
)
def test_numbers_that_are_no_place_in_the_picture_are_an_error(numbers, convention, rule, said):
    with pytest.raises(ModelError) as caught:
        place(numbers, convention, sent=(1280, 800), rule=rule)
    assert said in str(caught.value)


def test_a_convention_is_described_in_words():
    assert described(Convention()) == "points in 0 to 1000, x first"
    odd = Convention(space="resized", shape="box", order="yx", letterbox=True)
    assert described(odd) == "boxes in pixels of the resized picture, y first, with the bars around it"


ANSWERS = [
    ('{"x":12,"y":34}', "json", (12, 34)),
    ('```json\n{"why": "the button", "y": 34.5, "x": 12}\n```', "json", (12, 34.5)),
    ('{"action": {"x": 1, "y": 2}}', "json", (1, 2)),
    ("The button is at [12, 34].", "list", (12, 34)),
    ('{"point_2d": [12, 34], "label": "red"}', "list", (12, 34)),
    ('[{"bbox_2d": [1, 2, 30, 40]}]', "list", (1, 2, 30, 40)),
    ("(12,34)", "pair", (12, 34)),
    ("It is at ( 0.5 , 0.25 ).", "pair", (0.5, 0.25)),
    ("<point>12 34</point>", "tag", (12, 34)),
    ('<point x="12.5" y="34.0" alt="red">red</point>', "tag", (12.5, 34)),
    ("<|box_start|>[[1,2,30,40]]<|box_end|>", "box", (1, 2, 30, 40)),
    ("<|box_start|>(1,2),(30,40)<|box_end|>", "box", (1, 2, 30, 40)),
    ("<box>1 2 30 40</box>", "box", (1, 2, 30, 40)),
    ("<box>[[1, 2, 30, 40]]</box>", "box", (1, 2, 30, 40)),
    ("Thought: at 3 o'clock.\nAction: click(start_box='(12,34)')", "start_box", (12, 34)),
    ("click(start_box='<|box_start|>(12,34)<|box_end|>')", "start_box", (12, 34)),
    ('left_double(start_box="[1, 2, 30, 40]")', "start_box", (1, 2, 30, 40)),
    ("click(point='<point>12 34</point>')", "tag", (12, 34)),
    ("pyautogui.click(x=12, y=34)", "call", (12, 34)),
    ("pyautogui.click(12, 34)", "call", (12, 34)),
    ("click(x=0.5, y=0.25, button='left')", "call", (0.5, 0.25)),
]


@pytest.mark.parametrize(("text", "form", "numbers"), ANSWERS)
def test_an_answer_is_read_in_the_form_of_its_family(text, form, numbers):
    assert numbers_of(text, form) == numbers
    assert numbers_of(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I see 3 buttons on page 12.",
        "12 34",
        "12, 34",
        "[1, 2, 3]",
        "[1, 2, 3, 4, 5]",
        "(1, 2, 3)",
        '{"x": 1}',
        '{"x": "1", "y": "2"}',
        '{"x": true, "y": 2}',
        '{"x": NaN, "y": 2}',
        '{"x": 1e999, "y": 2}',
        '{"x": 1, "x": 2, "y": 3}',
        '{"x": 1, "y": 2',
        "[12.3.4, 5]",
        "(12345678, 3)",
        "[1, 2] or [3, 4]",
        "(1,2) (1,2)",
        '{"x":1,"y":2}{"x":1,"y":2}',
        "<point>1 2</point><point>3 4</point>",
        "pyautogui.click(1, 2); pyautogui.click(3, 4)",
        "[" * LONGEST + "1, 2]",
    ],
)
def test_an_answer_with_no_place_or_several_is_an_error_that_does_not_quote_it(text):
    with pytest.raises(ModelError) as caught:
        numbers_of(text)
    assert "ask again" in str(caught.value)
    assert len(text) < 3 or text not in str(caught.value)


@pytest.mark.parametrize("text", ["10 20 30.5 40", " 10 20\n30.5 40 ", "(10,20),(30.5,40)", "( 10, 20 ) (30.5, 40)\n"])
def test_a_box_whose_marks_were_control_tokens_is_read_where_it_stands_alone(text):
    assert numbers_of(text, "box") == (10, 20, 30.5, 40)


@pytest.mark.parametrize(
    "text",
    [
        "1 2 3",
        "1 2 3 4 5",
        "1 2 3 4 5 6 7 8",
        "button 2 1 2 3 4",
        "1 2 3 4.",
        "(1,2)",
        "(1,2),(3,4),(5,6)",
        "(1,2),(3,4),(5,6),(7,8)",
        "the button(1,2),(3,4)",
        "1 2 3 4 <box>5 6 7 8</box> <box>5 6 7 8</box>",
    ],
)
def test_a_box_without_marks_that_is_not_the_whole_answer_is_none(text):
    with pytest.raises(ModelError):
        numbers_of(text, "box")


def test_a_box_without_marks_is_read_only_where_a_box_was_asked_for():
    for text in ("1 2 3 4", "(1,2),(3,4)"):
        with pytest.raises(ModelError):
            numbers_of(text)


def test_an_answer_in_another_form_than_the_family_s_is_an_error():
    with pytest.raises(ModelError):
        numbers_of("[1, 2]", "json")


@unhurried
@given(st.text(alphabet='0123456789.-()[]{}<>"xy:,= \n|boxpoint/', max_size=60))
def test_whatever_a_model_says_gives_two_or_four_finite_numbers_or_an_error(text):
    try:
        numbers = numbers_of(text)
    except ModelError:
        return
    assert len(numbers) in (2, 4)
    assert all(map(math.isfinite, numbers))
