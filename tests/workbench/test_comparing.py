"""Steps of two attempts beside each other."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from workbench import editing
from workbench.actions import TypeText, Wait
from workbench.comparing import aligned, of_run
from workbench.events import RunEnded, RunStarted, StepEnded, StepProposed
from workbench.geometry import Point
from workbench.report.story import story_of
from workbench.trajectory import Step, Target


@given(st.data())
def test_every_step_of_both_sides_stands_once_and_in_order(trajectories, data):
    one, other = data.draw(trajectories()), data.draw(trajectories())
    pairs = aligned(one.steps, other.steps)
    assert [pair.left for pair in pairs if pair.left] == list(range(1, len(one.steps) + 1))
    assert [pair.right for pair in pairs if pair.right] == list(range(1, len(other.steps) + 1))
    assert all(pair.left or pair.right for pair in pairs)


@given(st.data())
def test_an_attempt_differs_in_nothing_from_itself(trajectories, data):
    trajectory = data.draw(trajectories())
    assert {pair.change for pair in aligned(trajectory.steps, trajectory.steps)} == {"same"}


@given(st.data())
def test_a_step_that_was_left_out_stands_alone_on_its_side(trajectories, data):
    trajectory = data.draw(trajectories())
    number = data.draw(st.integers(1, len(trajectory.steps)))
    other = editing.without_steps(trajectory, {number})
    changes = [pair.change for pair in aligned(trajectory.steps, other.steps)]
    assert sorted(changes) == sorted(["left", *["same"] * len(other.steps)])


def test_another_text_is_a_change_of_the_same_step():
    one, other = [Step("a", Wait(1.0)), Step("b", TypeText("Ada"))], [Step("c", TypeText("Bob"))]
    pairs = aligned(one, other)
    assert [(pair.left, pair.right, pair.change, pair.differs) for pair in pairs] == [
        (1, None, "left", ()),
        (2, 1, "changed", ("text",)),
    ]


@given(st.data())
def test_pixels_alone_make_no_difference(trajectories, data):
    trajectory = data.draw(trajectories())
    moved = tuple(
        msgspec.structs.replace(step, id=f"m{step.id}", target=step.target and _elsewhere(step.target))
        for step in trajectory.steps
    )
    assert {pair.change for pair in aligned(trajectory.steps, moved)} == {"same"}


def _elsewhere(target: Target) -> Target:
    return msgspec.structs.replace(target, point=Point(target.point.x + 300, 7))


def test_a_run_is_told_by_what_was_seen_in_it():
    step = Step("s1", TypeText("Ada"))
    events = [
        RunStarted(run="R", trajectory="T", title="Letter"),
        StepProposed(index=1, step=step, frame="today"),
        StepEnded(index=1, status="done", frame="after", verified_by="text"),
        RunEnded(outcome="finished"),
    ]
    told = of_run(story_of(events))
    assert (told.id, told.title) == ("R", "Letter (run)")
    assert (told.steps[0].observation.frame, told.steps[0].outcome.frame) == ("today", "after")
    assert aligned([step], told.steps)[0].change == "same"
