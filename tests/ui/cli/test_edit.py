"""`workbench-cli edit` does all that the window can, in the order in which it is asked for."""

import io
import json

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.actions import Check, Click, Condition, Drag, Note, TypeText, Wait
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent
from workbench.library.records import RecordingOpening
from workbench.library.store import Library
from workbench.trajectory import Element, Observation, Step, Target, Trajectory

WORD = "Swordfish-4711"
STEPS = (
    Step("s1", Click(), description="click Name"),
    Step("s2", TypeText("Ada Lovelace")),
    Step("s3", TypeText("London")),
    Step("s4", Click(), description="click Save"),
    Step("s5", Click(), description="click Close"),
)


def _read(library_path, identifier: str) -> Trajectory:
    with Library.open(library_path) as library:
        return library.get(identifier)


@pytest.fixture
def letter(library_path) -> str:
    with Library.open(library_path) as library:
        return library.save(Trajectory(library.new_id(), "Write a letter", STEPS)).id


@pytest.fixture
def steps_after(letter, cli, library_path):
    """The ids of the steps after an edit that must go well."""

    def edited(*options: str) -> list[str]:
        answer = cli("edit", letter, *options)
        assert (answer.code, answer.err) == (0, "")
        return [step.id for step in _read(library_path, letter).steps]

    return edited


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--trim", "2-4"], "s2 s3 s4"),
        (["--trim", "4-"], "s4 s5"),
        (["--delete-step", "2", "--delete-step", "3"], "s1 s4 s5"),
        (["--move", "5=1"], "s5 s1 s2 s3 s4"),
        (["--move", "5=1", "--delete-step", "1"], "s1 s2 s3 s4"),
        (["--delete-step", "1", "--move", "4=1"], "s5 s2 s3 s4"),
        (["--delete-step", "1", "--trim", "1-2", "--delete-step", "1"], "s3"),
        (["--insert-note", "2=Hello", "--delete-step", "3"], "s1 n1 s3 s4 s5"),
        (["--cut-text", "3=3", "--merge-next", "3"], "s1 s2 s3 s4 s5"),
    ],
)
def test_changes_are_made_in_the_order_in_which_they_are_given(steps_after, cli, options, left, letter):
    assert steps_after(*options) == left.split()
    assert cli("show", letter, "--json").json["revision"] == 2


@pytest.mark.parametrize(
    ("option", "number", "action"),
    [
        (("--insert-wait", "2=1.5"), 2, Wait(1.5)),
        (("--insert-wait", "6=window:Saved"), 6, Wait(until=Condition(window="Saved"))),
        (("--insert-check", "1=text:a;b;element:Save"), 1, Check(Condition(text="a;b", element="Save"))),
        (("--insert-note", "1=Now = then"), 1, Note("Now = then")),
        (("--chapter", "4=Saving"), 4, Note("Saving")),
        (("--type", "2={{who}} x"), 2, TypeText("{{who}} x")),
        (("--variable", "2=who"), 2, TypeText("{{who}}")),
        (("--cut-text", "2=4"), 3, TypeText("Lovelace")),
    ],
)
def test_every_change_of_a_step_can_be_asked_for_and_undone(letter, cli, library_path, option, number, action):
    before = cli("show", letter, "--json").json
    assert cli("edit", letter, *option).code == 0
    assert _read(library_path, letter).steps[number - 1].action == action
    assert cli("edit", letter, "--undo").code == 0
    assert cli("show", letter, "--json").json == before


def test_words_are_given_to_steps_and_chapters_are_renamed(letter, cli, library_path):
    assert cli("edit", letter, "--describe", "1=Go there", "--thought", "1=To write", "--chapter", "1=One").code == 0
    assert cli("edit", letter, "--chapter", "2=Two").code == 0
    steps = _read(library_path, letter).steps
    assert (steps[0].action, steps[1].description, steps[1].thought) == (Note("Two"), "Go there", "To write")
    assert len(steps) == 6


def test_the_history_names_what_was_changed(letter, cli, library_path):
    cli("edit", letter, "--trim", "1-3", "--move", "1=2", "--title", "A letter")
    with Library.open(library_path) as library:
        assert library.history(letter)[-1].note == "trim, move, title"


def test_a_split_makes_a_second_trajectory_and_merging_brings_the_first_one_back(letter, cli, library_path):
    whole = _read(library_path, letter)
    answer = cli("edit", letter, "--split", "3", "--json")
    (made,) = answer.json["made"]
    assert answer.json["steps"] == 2
    assert made in answer.err
    assert [step.id for step in _read(library_path, made).steps] == ["s3", "s4", "s5"]
    assert cli("edit", letter, "--merge", made).code == 0
    assert _read(library_path, letter).steps == whole.steps
    assert cli("verify", "--json").json["ok"]


def test_what_is_purged_of_one_half_is_purged_of_the_other(letter, cli, library_path):
    (made,) = cli("edit", letter, "--split", "3", "--json").json["made"]
    assert cli("edit", made, "--redact-text", "London", "--yes").code == 0
    assert b"London" not in b"".join(path.read_bytes() for path in library_path.rglob("*") if path.is_file())
    assert cli("verify", "--json").json["ok"]


@pytest.mark.parametrize(
    "options",
    [
        ["--trim", "3-2"],
        ["--trim", "2"],
        ["--trim", "1-9"],
        ["--split", "1"],
        ["--merge", "nobody"],
        ["--merge", "Write a letter"],
        ["--merge-next", "1"],
        ["--cut-text", "2=99"],
        ["--insert-wait", "1=soon"],
        ["--insert-wait", "1=0"],
        ["--insert-wait", "1=nan"],
        ["--insert-check", "1=Saved"],
        ["--insert-check", "1=text:a;text:b"],
        ["--insert-check", "1=text:"],
        ["--insert-note", "1= "],
        ["--chapter", "1= "],
        ["--move", "1"],
        ["--move", "1=0"],
        ["--point", "1=5"],
        ["--point", "1=5,5"],
        ["--point-end", "1=5,5"],
        ["--redact-region", "1=1,1,0x5"],
        ["--redact-region", "1=1,1,5x5"],
        ["--redact-text", "abc", "--yes"],
        ["--redact-text", "nowhere at all", "--yes"],
        ["--forget-step", "1", "--yes"],
        ["--forget-step", "9", "--yes"],
        ["--redact-text", "London", "--title", "x", "--yes"],
        ["--redact-text", "London", "--undo", "--yes"],
        ["--redact-text", "-", "--redact-text", "-", "--yes"],
        ["--insert-note", "1=x", "--variable", "1=who"],
        ["--title", "Other", "--delete-step", "9"],
        ["--split", "3", "--delete-step", "4"],
    ],
)
def test_what_cannot_be_done_is_one_line_and_changes_nothing(letter, cli, library_path, options):
    before = _read(library_path, letter)
    answer = cli("edit", letter, *options)
    assert (answer.code, len(answer.lines)) == (2, 1)
    assert _read(library_path, letter) == before
    assert len(cli("list", "--json").json) == 1


@pytest.mark.parametrize("option", [("--redact-text", "London"), ("--secret", "3=town")])
def test_what_cannot_be_undone_needs_a_yes(letter, cli, library_path, option):
    before = _read(library_path, letter)
    answer = cli("edit", letter, *option)
    assert answer.code == 3
    assert "--yes" in answer.lines[-1]
    assert "London" not in answer.err
    assert _read(library_path, letter) == before


@pytest.mark.parametrize(("word", "code"), [("y\n", 0), ("n\n", 3), ("", 3)])
def test_what_cannot_be_undone_is_asked_about_on_a_terminal(letter, cli, library_path, monkeypatch, word, code):
    monkeypatch.setattr("ui.cli.console.Console.interactive", True)
    monkeypatch.setattr("sys.stdin", io.StringIO(word))
    answer = cli("edit", letter, "--redact-text", "London")
    assert answer.code == code
    assert "1 place in its words, 0 in its history, input and runs" in answer.err
    assert ("London" in str(_read(library_path, letter).steps)) == bool(code)


@pytest.mark.parametrize("text", ["London", "London\n", "London\r\n"])
def test_a_text_is_read_from_standard_input(letter, cli, library_path, monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    answer = cli("edit", letter, "--redact-text", "-", "--yes", "--json")
    assert answer.code == 0
    assert answer.json["redacted"][0]["words"] == 1
    assert b"London" not in b"".join(path.read_bytes() for path in library_path.rglob("*") if path.is_file())


def test_a_secret_is_made_of_the_step_that_the_changes_before_left_there(letter, cli, library_path):
    assert cli("edit", letter, "--delete-step", "1", "--secret", "2=town", "--title", "Mail", "--yes").code == 0
    changed = _read(library_path, letter)
    assert (changed.title, changed.steps[1].action) == ("Mail", TypeText(secret="town"))
    assert b"London" not in b"".join(path.read_bytes() for path in library_path.rglob("*") if path.is_file())


def test_a_step_that_was_only_just_added_does_not_become_a_secret(letter, cli):
    answer = cli("edit", letter, "--cut-text", "2=3", "--secret", "3=name", "--yes")
    assert (answer.code, len(answer.lines)) == (2, 1)


@pytest.fixture
def pictured(library_path) -> str:
    """A recording: a click and a drag in pictures of a button, on one of which the word is printed."""
    with Library.open(library_path) as library:
        frames = []
        for texts in ((("Save", 40, 45),), (("Save", 40, 45), (WORD, 60, 80)), (("Save", 200, 80),)):
            pixels = np.full((100, 320, 4), 240, np.uint8)
            for text, x, y in texts:
                cv2.putText(pixels, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (10,) * 3, 1, cv2.LINE_AA)
            frames.append(library.frames.put(pixels, origin=Point(0, 0)))
        button = Element("notes", "Notes", "push button", "Save", Rect(30, 25, 80, 30))
        writer = library.begin_recording(RecordingOpening("Save"))
        kinds = ("button_down", "button_up") * 3
        writer.append([InputEvent(n, n * 10**6, kind, button="left") for n, kind in enumerate(kinds, 1)], [])
        target = Target(Point(50, 40), element=button)
        actions = (Click(), Drag(), Click())
        steps = [
            Step(f"s{n}", action, Observation(frame=frame), target, first_event=2 * n - 1, last_event=2 * n)
            for n, (action, frame) in enumerate(zip(actions, frames, strict=True), 1)
        ]
        steps[1] = Step(**{name: getattr(steps[1], name) for name in Step.__struct_fields__} | {"destination": target})
        return writer.finish(Trajectory(writer.id, "Save", tuple(steps))).id


def test_a_step_is_pointed_at_another_place_of_its_picture(pictured, cli, library_path):
    assert cli("edit", pictured, "--point", "1=90,40", "--point-end", "2=200,60").code == 0
    steps = _read(library_path, pictured).steps
    assert (steps[0].target.point, steps[0].target.element.name) == (Point(90, 40), "Save")
    assert steps[1].destination.point == Point(200, 60)


def test_a_region_is_covered_wherever_its_pixels_show(pictured, cli, library_path):
    answer = cli("edit", pictured, "--redact-region", "1=36,28,56,22".replace("56,22", "56x22"), "--yes", "--json")
    assert (answer.code, answer.json["redacted"]) == (0, [{"pictures": 3, "places": 3}])
    with Library.open(library_path) as library:
        frames = [step.observation.frame for step in library.get(pictured).steps]
        assert (library.frames.load(frames[0]).pixels[28:50, 36:92, :3] == 128).all()
        assert (library.frames.load(frames[2]).pixels[63:85, 196:252, :3] == 128).all()
        assert len(list(library.frames.all())) == 3
        assert library.verify() == []


def test_several_are_taken_out_together_by_the_numbers_of_before(pictured, cli, library_path):
    given = ("--forget-step", "1", "--redact-text", WORD, "--forget-step", "3")
    answer = cli("edit", pictured, *given, "--yes", "--json")
    assert answer.code == 0
    assert answer.json["redacted"][1]["pictures"] == 1
    with Library.open(library_path) as library:
        assert [step.id for step in library.get(pictured).steps] == ["s2"]
        assert [event.seq for event in library.events(pictured)] == [3, 4]
        assert library.verify() == []


_EDITS = st.sampled_from(
    [
        ("--trim", "1-2"), ("--delete-step", "1"), ("--move", "2=1"), ("--split", "2"), ("--insert-wait", "1=2"),
        ("--insert-note", "2=hi"), ("--chapter", "1=One"), ("--type", "2=Bob"), ("--variable", "2=who"),
        ("--cut-text", "2=2"), ("--describe", "1=Go"), ("--title", "Other"), ("--reviewed",), ("--merge", "Other one"),
        ("--merge-next", "1"), ("--insert-check", "1=text:Saved"), ("--thought", "1=why"), ("--task", "Do it"),
    ]
)  # fmt: skip


@given(edits=st.lists(st.lists(_EDITS, min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_changed_undo_brings_back_the_same_bytes(edits, cli, library_path):
    with Library.open(library_path) as library:
        letter = library.save(Trajectory(library.new_id(), f"Letter {library.new_id()}", STEPS)).id
        if "Other one" not in [summary.title for summary in library.summaries()]:
            library.save(Trajectory(library.new_id(), "Other one", STEPS[:2]))
        bodies = [library.history(letter)[0].body]
    for options in edits:
        answer = cli("edit", letter, *(word for option in options for word in option))
        assert answer.code in (0, 2)
        with Library.open(library_path) as library:
            if answer.code == 0:
                bodies.append(library.history(letter)[-1].body)
    for body in reversed(bodies[:-1]):
        assert cli("edit", letter, "--undo").code == 0
        shown = cli("show", letter, "--json").json
        with Library.open(library_path) as library:
            kept = library.history(letter)[shown["revision"] - 1]
            assert (kept.body, shown["title"]) == (body, json.loads(body)["title"])
            assert library.verify() == []
    assert cli("edit", letter, "--undo").code == 2
