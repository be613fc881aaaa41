"""Completing on the command line."""

import pytest

from workbench.actions import Click, TypeText
from workbench.geometry import Point, Rect
from workbench.library.records import RecordingOpening
from workbench.library.store import Library
from workbench.report.words import describe
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Window

PLACE = Rect(0, 0, 80, 20)


@pytest.fixture
def recorded(library_path) -> str:
    """A recording that nobody gave a title or a task."""
    window = Window("notes", "Form", PLACE)
    field = Target(Point(3, 3), window, Element("notes", "Form", "text", "Name", PLACE))
    button = Target(Point(3, 3), window, Element("notes", "Form", "push button", "OK", PLACE))
    steps = [Step("s1", TypeText("Ada"), Observation(window=window), field)]
    steps += [Step("s2", Click(), Observation(window=window), button)]
    told = tuple(Step(s.id, s.action, s.observation, s.target, description=describe(s)) for s in steps)
    with Library.open(library_path) as library:
        library.begin_recording(RecordingOpening(title="")).close()
        (name,) = library.unfinished()
        return library.complete_recording(Trajectory(name, "Type “Ada” and 1 more", told)).id


def test_steps_get_thoughts_and_a_name_is_proposed_as_a_command(recorded, cli):
    answer = cli("complete", recorded)
    assert answer.code == 0
    assert f"{recorded}@2" in answer.out
    assert "2 thoughts" in answer.out
    assert f"workbench-cli edit {recorded} --title 'Fill in “Name” with “Ada” in Notes'" in answer.out
    shown = cli("show", recorded, "--json").json
    assert not shown.get("task")
    assert "nothing was missing" in cli("complete", recorded).out


def test_the_answer_as_json_says_what_was_added_and_proposed(recorded, cli):
    found = cli("complete", recorded, "--json").json
    assert (found["trajectory"], found["revision"], found["thoughts"], found["chapters"]) == (recorded, 2, 2, 0)
    assert found["proposed"]["task"] == "Fill in “Name” with “Ada”, then click “OK” in Notes."


def test_all_completes_the_whole_library(recorded, cli):
    found = cli("complete", "--all", "--json").json
    assert [one["trajectory"] for one in found] == [recorded]


@pytest.mark.parametrize("arguments", [(), ("--all", "T"), ("nothing of that name",)])
def test_what_is_not_named_well_is_one_line_of_help(arguments, recorded, cli):
    answer = cli("complete", *arguments)
    assert (answer.code, len(answer.lines)) == (2, 1)


def test_a_model_that_is_not_there_changes_nothing(recorded, cli):
    assert cli("complete", recorded, "--model", "nobody").code == 4
    assert cli("show", recorded, "--json").json["revision"] == 1


def test_a_model_that_can_only_choose_controls_is_refused(recorded, cli):
    from agents.runtime.models import built_in

    if not built_in.comes_along():
        pytest.skip("the built-in model is not part of this checkout")
    answer = cli("complete", recorded, "--model", built_in.NAME)
    assert answer.code == 2
    assert "writes no sentences" in answer.err
