"""Changing trajectories as pure functions."""

import pytest

from workbench import editing
from workbench.actions import Click, TypeText
from workbench.errors import BadInputError
from workbench.geometry import Rect
from workbench.trajectory import Element, Observation, Outcome, Step, Trajectory, Variable

FIELD = Element(app="Notes", window="Notes", role="text", name="Name", bounds=Rect(0, 0, 90, 20), value="hello")


@pytest.fixture
def trajectory() -> Trajectory:
    seen = Observation(frame="f0", focused=FIELD)
    typed = Step(
        id="s2",
        action=TypeText(text="hello"),
        observation=seen,
        outcome=Outcome(frame="f1", element=FIELD),
        description="type “hello”",
    )
    return Trajectory(
        id="T", title="Sample", steps=(Step(id="s1", action=Click()), typed, Step(id="s3", action=Click()))
    )


def test_a_variable_stands_for_the_text_that_was_typed(trajectory):
    changed = editing.with_variable(trajectory, 2, "name")
    assert changed.steps[1].action == TypeText(text="{{name}}")
    assert changed.variables == (Variable(name="name", default="hello"),)
    assert "{{name}}" in changed.steps[1].description


def test_two_steps_that_typed_the_same_can_share_a_variable(trajectory):
    twice = editing.with_step(trajectory, 3, trajectory.steps[1])
    changed = editing.with_variable(editing.with_variable(twice, 2, "name"), 3, "name")
    assert [step.action for step in changed.steps[1:]] == [TypeText(text="{{name}}")] * 2
    assert len(changed.variables) == 1


def test_one_variable_cannot_stand_for_two_texts(trajectory):
    other = editing.with_step(trajectory, 3, Step(id="s3", action=TypeText(text="other")))
    with pytest.raises(BadInputError, match="stands for another text"):
        editing.with_variable(editing.with_variable(other, 2, "name"), 3, "name")


@pytest.mark.parametrize("number", [1, 0, -1, 4])
def test_only_a_step_that_types_can_become_a_variable(number, trajectory):
    with pytest.raises(BadInputError):
        editing.with_variable(trajectory, number, "name")


@pytest.mark.parametrize("name", ["", "1a", "a b", "ü", "a-b", "{{a}}", "a\n"])
def test_a_variable_needs_a_name_that_a_replay_would_find(name, trajectory):
    with pytest.raises(BadInputError, match="no variable's name"):
        editing.with_variable(trajectory, 2, name)


def test_a_secret_leaves_nothing_of_the_text_in_the_step(trajectory):
    step = editing.with_secret(trajectory, 2, "notes.name").steps[1]
    assert step.action == TypeText(secret="notes.name")
    assert "hello" not in repr(step)
    assert (step.observation.frame, step.outcome.frame) == (None, None)


@pytest.mark.parametrize("name", ["", "A", "a b", "ü", "a" * 65, "a\n"])
def test_a_secret_needs_a_name_that_the_keyring_takes(name, trajectory):
    with pytest.raises(BadInputError, match="no secret's name"):
        editing.with_secret(trajectory, 2, name)


def test_steps_are_left_out_by_the_numbers_of_the_trajectory_as_it_was(trajectory):
    assert [step.id for step in editing.without_steps(trajectory, {1, 3}).steps] == ["s2"]


def test_the_typed_text_is_what_the_default_of_its_variable_says(trajectory):
    assert editing.typed_text(editing.with_variable(trajectory, 2, "name"), 2) == "hello"
    assert editing.typed_text(editing.with_secret(trajectory, 2, "name"), 2) == ""
