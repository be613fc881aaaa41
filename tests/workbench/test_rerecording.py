"""Steps of another recording in the place of a stretch."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import editing, merging
from workbench.actions import Argument, Ask, Call, Click, TypeText
from workbench.errors import BadInputError
from workbench.rerecording import Stretch, before, note_of, spliced
from workbench.trajectory import Step, Trajectory, Variable


def stretches(draw, trajectory: Trajectory) -> Stretch:
    count = len(trajectory.steps)
    first = draw(st.integers(1, count + 1))
    last = draw(st.none() | st.integers(first, count)) if first <= count else None
    return Stretch(first, last)


def recorded(trajectory: Trajectory) -> Trajectory:
    steps = (msgspec.structs.replace(step, first_event=n, last_event=n) for n, step in enumerate(trajectory.steps, 1))
    return msgspec.structs.replace(trajectory, id="R", steps=tuple(steps), variables=())


@given(st.data())
def test_only_the_stretch_changes_and_the_new_steps_say_where_their_events_are(trajectories, data):
    old, recording = data.draw(trajectories()), recorded(data.draw(trajectories()))
    stretch = stretches(data.draw, old)
    new = spliced(old, stretch, recording)
    end = stretch.first - 1 + len(recording.steps)
    assert new.steps[: stretch.first - 1] == old.steps[: stretch.first - 1]
    assert new.steps[end:] == (() if stretch.last is None else old.steps[stretch.last :])
    for was, now in zip(recording.steps, new.steps[stretch.first - 1 : end], strict=True):
        assert msgspec.structs.replace(now, id=was.id, recorded_in="") == was
        assert now.recorded_in == "R"


@given(st.data())
def test_every_step_has_an_id_of_its_own_however_often_a_recording_is_put_in(trajectories, data):
    trajectory, recording = data.draw(trajectories()), recorded(data.draw(trajectories()))
    for _ in range(3):
        trajectory = spliced(trajectory, stretches(data.draw, trajectory), recording)
    ids = [step.id for step in trajectory.steps]
    assert len(ids) == len(set(ids))


@given(st.data())
def test_what_is_done_before_the_stretch_is_what_stands_before_it(trajectories, data):
    old, recording = data.draw(trajectories()), recorded(data.draw(trajectories()))
    stretch = stretches(data.draw, old)
    new = spliced(old, stretch, recording)
    part = before(old, stretch.first)
    assert part.steps == new.steps[: len(part.steps)]
    assert len(part.steps) == stretch.first - 1
    typed = [editing.typed_text(part, n) for n in range(1, stretch.first)]
    assert typed == [editing.typed_text(old, n) for n in range(1, stretch.first)]


@given(st.data())
def test_steps_of_two_recordings_never_become_one(trajectories, data):
    recording = recorded(data.draw(trajectories()))
    old = msgspec.structs.replace(recording, id="T")
    new = spliced(old, Stretch(len(old.steps) + 1), recording)
    assert not merging.can_merge(new, len(old.steps))


def test_a_variable_goes_with_its_last_use_and_stays_where_a_workflow_needs_it():
    call = Call("other", (Argument("to", "{{kept}}"),))
    steps = (Step("s1", call), Step("s2", TypeText("{{gone}}")), Step("s3", Click()))
    old = Trajectory("T", "T", steps, variables=(Variable("kept", "1"), Variable("gone", "2")))
    new = spliced(old, Stretch(2, 2), Trajectory("R", "R", (Step("s1", Click()),)))
    assert [variable.name for variable in new.variables] == ["kept"]


def test_a_step_that_came_from_a_third_recording_still_says_so():
    third = Trajectory("R", "R", (Step("s1", Click(), recorded_in="Q"),))
    new = spliced(Trajectory("T", "T", (Step("s1", Click()),)), Stretch(1), third)
    assert new.steps[0].recorded_in == "Q"


@pytest.mark.parametrize("stretch", [Stretch(0), Stretch(4), Stretch(2, 1), Stretch(1, 3), Stretch(3, 3)])
def test_a_stretch_that_is_not_there_is_refused(stretch):
    old = Trajectory("T", "T", (Step("s1", Click()), Step("s2", Click())))
    with pytest.raises(BadInputError, match="record"):
        spliced(old, stretch, Trajectory("R", "R", (Step("s1", Click()),)))


def test_a_recording_without_steps_takes_no_place():
    old = Trajectory("T", "T", (Step("s1", Click()),))
    with pytest.raises(BadInputError, match="nothing was recorded"):
        spliced(old, Stretch(1), Trajectory("R", "R"))


@pytest.mark.parametrize(
    ("stretch", "words"),
    [(Stretch(2), "step 2 and all that follow"), (Stretch(2, 2), "step 2"), (Stretch(2, 4), "steps 2 to 4")],
)
def test_the_history_says_what_was_recorded_again_and_where_it_is(stretch, words):
    assert note_of(stretch, Trajectory("R", "R")) == f"recorded again: {words}, as R"


def named(identifier: str, text: str, *more: Step) -> Trajectory:
    """Types the variable `name`, which stands for that text."""
    typed = Step("s1", TypeText("to {{name}}"), description="Type “to {{name}}”")
    return Trajectory(identifier, identifier, (typed, *more), variables=(Variable("name", text),))


def test_a_variable_of_the_recording_that_is_called_like_another_gets_a_name_of_its_own():
    more = (Step("s2", Call("other", (Argument("to", "{{name}}"),))), Step("s3", Ask("Who?", "name")))
    new = spliced(named("T", "Ada"), Stretch(2), named("R", "Bob", *more))
    assert new.variables == (Variable("name_2", "Bob"), Variable("name", "Ada"))
    assert [editing.typed_text(new, number) for number in (1, 2)] == ["to Ada", "to Bob"]
    assert new.steps[1].description == "Type “to {{name_2}}”"
    assert [step.action for step in new.steps[2:]] == [
        Call("other", (Argument("to", "{{name_2}}"),)),
        Ask("Who?", "name_2"),
    ]


def test_a_variable_that_stands_for_the_same_text_in_both_stays_one():
    new = spliced(named("T", "Ada"), Stretch(2), named("R", "Ada"))
    assert new.variables == (Variable("name", "Ada"),)
    assert new.steps[1].action == TypeText("to {{name}}")


def test_a_new_name_is_none_that_is_there_already():
    old = named("T", "Ada", Step("s2", TypeText("{{name_2}}")))
    old = msgspec.structs.replace(old, variables=(*old.variables, Variable("name_2", "Eve")))
    new = spliced(old, Stretch(3), named("R", "Bob"))
    assert [editing.typed_text(new, number) for number in (1, 2, 3)] == ["to Ada", "Eve", "to Bob"]
