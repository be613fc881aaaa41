"""A trajectory as people follow it."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.actions import Click, Fail, Finish, Note, TypeText
from workbench.geometry import Point, Rect
from workbench.library.exporting.guide import Act, Aside, Heading, guide_of, whole_text, without_picture
from workbench.trajectory import Observation, Outcome, Step, Target, Trajectory


def of(*steps: Step) -> list[object]:
    return list(guide_of(Trajectory("T", "Title", steps)).blocks)


def test_steps_are_numbered_without_the_remarks_between_them(letter):
    guide = guide_of(letter)
    assert [act.number for act in guide.acts] == list(range(1, 11))
    assert [act.at for act in guide.acts] == [2, 3, 6, 7, 8, 9, 10, 11, 12, 13]


def test_a_short_remark_heads_a_chapter_and_any_other_is_a_remark(letter):
    remarks = [block for block in guide_of(letter).blocks if not isinstance(block, Act)]
    assert remarks == [
        Heading(1, "Begin the *letter*"),
        Aside(4, "Two lines, so no chapter"),
        Heading(5, "End it"),
        Aside(14, "The answer is “42”."),
    ]
    assert of(Step("s", Note("the end"))) == [Aside(1, "the end")]


def test_how_it_ended_is_said_where_there_is_something_to_say():
    assert of(Step("s", Finish())) == []
    assert of(Step("s", Fail("no paper"))) == [Aside(1, "Here it was given up: no paper.")]


def test_sentences_are_imperative_and_whole(letter):
    acts = guide_of(letter).acts
    assert acts[0].words == "Click the button “Save” in Mousepad."
    assert acts[2].words == "Press Ctrl+S 2 times in Mousepad."
    long = Step("s", Click(), description="x" * 100)
    assert of(long)[0].words == "X" + "x" * 99 + "."


def test_what_goes_into_a_password_field_is_in_no_sentence_even_if_its_description_says_it(letter):
    assert guide_of(letter).acts[-1].words == "Type a hidden text into the password field “Password” in Mousepad."
    assert whole_text(letter.steps[12]) == ""


def test_a_text_is_given_whole_only_where_the_sentence_cuts_it():
    assert whole_text(Step("s", TypeText("short\n"))) == ""
    assert whole_text(Step("s", TypeText("two\nlines"))) == "two\nlines"
    assert whole_text(Step("s", TypeText("x" * 61))) == "x" * 61


def test_a_step_without_a_picture_is_seen_in_what_the_one_before_left():
    first = Step("a", Click(), outcome=Outcome(frame="f1"))
    one, other = of(first, Step("b", Click()))
    assert (one.frame, other.frame) == (None, "f1")
    assert without_picture(one) != ()


def test_a_close_picture_stays_within_the_window_that_the_place_is_in(button):
    act = of(Step("s", Click(), Observation(frame="f1"), button))[0]
    view = act.view(Rect(0, 0, 640, 400))
    assert view == Rect(32, 22, 416, 276)
    outside = replace(button, point=Point(600, 380))
    assert of(Step("s", Click(), target=outside))[0].view(Rect(0, 0, 640, 400)).contains(Point(600, 380))


def test_a_place_outside_of_the_picture_is_shown_nowhere():
    act = of(Step("s", Click(), target=Target(Point(9000, 9000))))[0]
    assert act.view(Rect(0, 0, 640, 400)) is None


@settings(max_examples=25)
@given(data=st.data())
def test_any_trajectory_can_be_followed(trajectories, data):
    trajectory = data.draw(trajectories(st.just("f1")))
    guide = guide_of(trajectory)
    assert len(guide.blocks) <= len(trajectory.steps)
    for act in guide.acts:
        view = act.view(Rect(-5, 0, 640, 400))
        assert view is None or (view.area > 0 and Rect(-5, 0, 640, 400).intersection(view) == view)
