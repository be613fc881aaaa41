"""One step of two neighbours, and two of one."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import editing, merging
from workbench.actions import Click, Note, PressKeys, Scroll, TypeText, Wait
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.trajectory import Observation, Outcome, Step, Target, Trajectory, Variable, Window

WINDOW = Window("notes", "Notes", Rect(0, 0, 400, 300))


def two(first, second, *, apart_ms: int = 100, points=((5, 5), (5, 5))) -> Trajectory:
    targets = [Target(Point(*point)) if isinstance(first, Click | Scroll) else None for point in points]
    steps = tuple(
        Step(f"s{n}", action, Observation(monotonic_ns=(1 + n * apart_ms) * 10**6, window=WINDOW), target)
        for n, (action, target) in enumerate(zip((first, second), targets, strict=True))
    )
    return Trajectory("T", "T", steps, variables=(Variable("name", "x"),))


def typed(trajectory: Trajectory) -> str:
    return "".join(editing.typed_text(trajectory, number) for number in range(1, len(trajectory.steps) + 1))


@given(st.data())
def test_a_merge_keeps_what_is_typed_and_every_other_step(trajectories, data):
    trajectory = data.draw(trajectories())
    number = data.draw(st.integers(1, len(trajectory.steps)))
    again = msgspec.structs.replace(trajectory.steps[number - 1], id="again", outcome=Outcome(frame="later"))
    steps = (*trajectory.steps[:number], again, *trajectory.steps[number:])
    trajectory = msgspec.structs.replace(trajectory, steps=steps)
    if not merging.can_merge(trajectory, number):
        assert not isinstance(again.action, Wait | PressKeys | Scroll)
        return
    merged = merging.merged(trajectory, number)
    assert typed(merged) == typed(trajectory)
    assert merged.steps[: number - 1] == trajectory.steps[: number - 1]
    assert merged.steps[number:] == trajectory.steps[number + 1 :]
    assert merged.steps[number - 1].outcome == trajectory.steps[number].outcome


@given(st.data())
def test_a_text_that_was_cut_in_two_is_the_same_once_it_is_merged_again(trajectories, data):
    trajectory = data.draw(trajectories())
    number = data.draw(st.integers(1, len(trajectory.steps)))
    text = data.draw(st.text(alphabet="ab", min_size=2) | st.just("a{{amount}}b"))
    step = msgspec.structs.replace(trajectory.steps[number - 1], action=TypeText(text), target=None)
    trajectory = editing.with_step(trajectory, number, step)
    at = data.draw(st.integers(1, len(text) - 1))
    try:
        cut = merging.split_text(trajectory, number, at)
    except BadInputError:
        assert "{{amount}}" in text
        return
    assert typed(cut) == typed(trajectory)
    back = merging.merged(cut, number)
    assert [step.action for step in back.steps] == [step.action for step in trajectory.steps]
    assert back.steps[number - 1].outcome == trajectory.steps[number - 1].outcome


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (Click(), Click(), Click(count=2)),
        (PressKeys(("Tab",)), PressKeys(("Tab",), 2), PressKeys(("Tab",), 3)),
        (Scroll(dy=1), Scroll(dy=2), Scroll(dy=3)),
        (Wait(1.0), Wait(0.5), Wait(1.5)),
        (TypeText("a{{name}}"), TypeText("b"), TypeText("a{{name}}b")),
    ],
)
def test_the_same_done_twice_becomes_one_step(first, second, together):
    assert [step.action for step in merging.merged(two(first, second), 1).steps] == [together]


@pytest.mark.parametrize(
    ("trajectory", "why"),
    [
        (two(Click(), Click(), apart_ms=900), "double-click is something else"),
        (two(Click(), Click(), points=((5, 5), (50, 5))), "differ in place"),
        (two(Click(), Click(button="right")), "differ in place"),
        (two(Click(count=2), Click(count=2)), "more than 3 clicks"),
        (two(TypeText("a"), TypeText(secret="mail")), "step of its own"),
        (two(TypeText("{{na"), TypeText("me}}")), "read as a variable"),
        (two(Scroll(dy=1), Scroll(dy=-1)), "the other way"),
        (two(PressKeys(("Tab",)), PressKeys(("Up",))), "the keys differ"),
        (two(Note("a"), Note("b")), "only typing"),
        (two(Note("a"), Wait(1.0)), "different things"),
    ],
)
def test_what_would_mean_something_else_is_refused_with_the_reason(trajectory, why):
    assert not merging.can_merge(trajectory, 1)
    with pytest.raises(BadInputError, match=why):
        merging.merged(trajectory, 1)


def test_texts_for_different_windows_stay_apart():
    trajectory = two(TypeText("a"), TypeText("b"))
    other = msgspec.structs.replace(WINDOW, app="mail")
    seen = msgspec.structs.replace(trajectory.steps[1].observation, window=other)
    moved = editing.with_step(trajectory, 2, msgspec.structs.replace(trajectory.steps[1], observation=seen))
    with pytest.raises(BadInputError, match="different fields"):
        merging.merged(moved, 1)


def test_a_merged_step_keeps_the_events_of_both():
    trajectory = two(TypeText("a"), TypeText("b"))
    numbered = [msgspec.structs.replace(s, first_event=n, last_event=n + 3) for n, s in enumerate(trajectory.steps, 1)]
    merged = merging.merged(msgspec.structs.replace(trajectory, steps=tuple(numbered)), 1).steps[0]
    assert (merged.first_event, merged.last_event) == (1, 5)


@pytest.mark.parametrize("at", [0, 1, 9])
def test_a_cut_needs_something_on_both_sides(at):
    with pytest.raises(BadInputError, match="one side"):
        merging.split_text(two(TypeText("a"), Wait()), 1, at)
