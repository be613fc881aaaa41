"""Real applications on a real X screen: what was done comes out as steps, whatever the recorder was made of."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from recorder.complete import complete, is_complete, recover
from recorder.messages import AddNote, Event, ForgetLast, Pause, Resume
from recorder.options import RecordingOptions
from recorder.session import record_in_child
from workbench.actions import Click, Drag, Note, PressKeys, TypeText
from workbench.geometry import Point
from workbench.library.store import Library

WAIT_S = 60.0


def test_buttons_of_a_calculator_become_clicks_on_named_buttons_with_what_followed(
    desk: Any, record: Any, tmp_path: Path
) -> None:
    with desk.running("galculator"), record(desk, tmp_path) as made:
        for name in ("7", "*", "6", "="):
            desk.click(desk.element("galculator", name))
            made.settle(desk)
        result = made.stop()
    steps = made.trajectory().steps
    assert [step.action for step in steps] == [Click()] * 4
    assert [step.target.element.name for step in steps if step.target and step.target.element] == ["7", "*", "6", "="]
    assert (result.steps, result.dropped) == (4, 0)
    for step in steps:
        assert step.by_program
        assert step.observation.frame
        assert step.outcome.frame
        assert step.outcome.window
        assert step.outcome.window.app == "galculator"


def test_completion_adds_witnesses_changes_and_descriptions_once(desk: Any, record: Any, tmp_path: Path) -> None:
    with desk.running("galculator"), record(desk, tmp_path) as made:
        desk.click(desk.element("galculator", "8"))
        made.settle(desk)
        made.stop()
    with Library.open(tmp_path) as library:
        assert not is_complete(library.get(made.child.trajectory))
        first = complete(library, made.child.trajectory)
        again = complete(library, made.child.trajectory)
    (step,) = first.steps
    assert step.target
    assert step.target.crop
    assert step.outcome.changed
    assert "8" in step.description
    assert first.title.startswith("Click the button “8”")
    assert again == first


def test_text_corrections_and_shortcuts_in_an_editor(desk: Any, record: Any, tmp_path: Path) -> None:
    with desk.running("mousepad"), record(desk, tmp_path) as made:
        desk.type("Hello wrld")
        for _ in range(3):
            desk.key("BackSpace")
        desk.type("orld\nnext.")
        made.settle(desk)
        desk.key("a", "Control_L")
        made.settle(desk)
        made.stop()
    typed, shortcut = made.trajectory().steps
    assert typed.action == TypeText("Hello world\nnext.")
    assert shortcut.action == PressKeys(("ctrl", "a"))
    assert typed.outcome.element
    assert typed.outcome.element.value == "Hello world\nnext."


def test_marking_text_with_the_mouse_is_a_drag(desk: Any, record: Any, tmp_path: Path) -> None:
    with desk.running("mousepad"), record(desk, tmp_path) as made:
        field = desk.element("mousepad", role="text").bounds
        desk.move(Point(field.x + 20, field.y + 20))
        desk.send(4, 1)
        for dx in range(20, 140, 20):
            desk.move(Point(field.x + 20 + dx, field.y + 20))
        desk.send(5, 1)
        made.settle(desk)
        made.stop()
    (step,) = made.trajectory().steps
    assert isinstance(step.action, Drag)
    assert step.destination
    assert step.destination.point == Point(field.x + 140, field.y + 20)
    assert step.destination.window


def test_pause_note_and_forget_do_what_they_say(desk: Any, record: Any, tmp_path: Path) -> None:
    with desk.running("mousepad"), record(desk, tmp_path) as made:
        desk.type("kept")
        made.settle(desk)
        made.child.send(AddNote("a remark"))
        made.did("note")
        noted_s = time.monotonic()
        made.child.send(Pause())
        made.did("pause")
        desk.type("unheard")
        desk.clear()
        desk.key("n", "Control_L", "Alt_L")
        made.did("note", 2)  # without effect now, but heard after everything before it
        made.child.send(Resume())
        made.did("resume")
        desk.type("wrongword")
        made.settle(desk)
        desk.clear()
        made.settle(desk)
        made.child.send(ForgetLast(time.monotonic() - noted_s))
        made.did("forget")
        desk.type("end")
        made.settle(desk)
        made.stop()
    actions = [step.action for step in made.trajectory().steps]
    assert actions == [TypeText("kept"), Note("a remark"), TypeText("end")]
    assert made.bytes_of("wrongword") == []
    assert made.bytes_of("unheard") == []


@pytest.mark.parametrize("by_hotkey", [False, True], ids=["by order", "by hotkey"])
def test_a_recorder_that_is_kept_waiting_tells_by_the_time_what_was_done_in_a_pause(
    desk: Any, record: Any, tmp_path: Path, by_hotkey: bool
) -> None:
    def steer(made: Any, order: Pause | Resume) -> None:
        desk.key("p", "Control_L", "Alt_L") if by_hotkey else made.child.send(order)

    with desk.running("mousepad"), record(desk, tmp_path) as made:
        os.kill(made.child.process.pid, signal.SIGSTOP)
        standing = Path(f"/proc/{made.child.process.pid}/status")
        desk.until(lambda: "T (stopped)" in standing.read_text())
        desk.type("foe ")
        steer(made, Pause())
        desk.type("unkind")
        desk.key("BackSpace", times=6)
        desk.until(lambda: (field := desk.accessibility.focused()) is not None and field.value == "foe ")
        steer(made, Resume())
        os.kill(made.child.process.pid, signal.SIGCONT)
        made.did("resume")
        desk.type("water")
        made.settle(desk)
        made.stop()
    with Library.open(tmp_path) as library:
        events = library.events(made.child.trajectory)
    assert "".join(event.text for event in events if event.kind == "key_down").endswith("water")
    assert not {event.keysym for event in events} & {*"unkid", "BackSpace"}
    assert made.bytes_of("unkind") == []


def test_the_hotkeys_steer_and_never_become_steps(desk: Any, record: Any, tmp_path: Path) -> None:
    with desk.running("mousepad"), record(desk, tmp_path) as made:
        desk.type("one")
        made.settle(desk)
        desk.key("n", "Control_L", "Alt_L")
        desk.key("p", "Control_L", "Alt_L")
        made.did("pause")
        desk.type("x")
        desk.key("p", "Control_L", "Alt_L")
        made.did("resume")
        desk.type("two")
        desk.key("s", "Control_L", "Alt_L")
        result = made.child.wait(WAIT_S)
    assert result is not None
    assert [step.action for step in made.trajectory().steps] == [
        TypeText("one"),
        Note("Marked here"),
        TypeText("two"),
    ]


def test_excluded_applications_leave_neither_events_nor_pixels(desk: Any, record: Any, tmp_path: Path) -> None:
    with desk.running("galculator"), record(desk, tmp_path, exclude=("mousepad",)) as made:
        desk.click(desk.element("galculator", "1"))
        made.settle(desk)
        with desk.running("mousepad"):
            desk.type("confidential")
            bounds = desk.windows.active().bounds
            desk.press(bounds.centre)
            desk.until(lambda: "excluded" in made.kinds())
            made.moment()
            desk.press(Point(5, 795))
            made.settle(desk)
        made.stop()
    steps = made.trajectory().steps
    assert [step.action for step in steps] == [Click(), Click()]
    assert "left out" in steps[1].masked
    assert made.bytes_of("confidential") == []
    with Library.open(tmp_path) as library:
        frame = library.frames.load(steps[1].observation.frame or "")
        inside = frame.crop(bounds.grown(-4))
        assert (inside[:, :, :3].reshape(-1, 3) == inside[0, 0, :3]).all()


def test_people_only_leaves_out_what_programs_type(desk: Any, record: Any, tmp_path: Path) -> None:
    with desk.running("mousepad"), record(desk, tmp_path, people_only=True) as made:
        desk.type("robot")
        made.moment()
        result = made.stop()
    assert (result.events, result.steps) == (0, 0)


def test_without_frames_no_pixel_is_kept(desk: Any, record: Any, tmp_path: Path) -> None:
    with desk.running("galculator"), record(desk, tmp_path, frames=False) as made:
        desk.click(desk.element("galculator", "1"))
        made.settle(desk)
        made.stop()
    (step,) = made.trajectory().steps
    assert step.target
    assert step.target.element
    assert (step.observation.frame, step.outcome.frame) == (None, None)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_recording_that_is_told_to_end_keeps_what_was_recorded(
    desk: Any, record: Any, tmp_path: Path, ending: int
) -> None:
    with desk.running("mousepad"), record(desk, tmp_path) as made:
        desk.type("kept")
        os.kill(made.child.process.pid, ending)
        result = made.child.wait(WAIT_S)
    assert result is not None
    assert [step.action for step in made.trajectory().steps] == [TypeText("kept")]
    assert made.child.sentence == ""


def test_a_recording_whose_starter_goes_away_keeps_what_was_recorded(desk: Any, record: Any, tmp_path: Path) -> None:
    with desk.running("mousepad"), record(desk, tmp_path) as made:
        desk.type("kept")
        assert made.child.process.stdin
        made.child.process.stdin.close()
        result = made.child.wait(WAIT_S)
    assert result is not None
    assert [step.action for step in made.trajectory().steps] == [TypeText("kept")]


def test_a_recording_that_is_killed_loses_nothing_that_it_wrote(desk: Any, record: Any, tmp_path: Path) -> None:
    def is_written() -> bool:
        with Library.open(tmp_path) as library:
            events = library.events(made.child.trajectory)
        return "".join(event.text for event in events if event.kind == "key_down") == "everything"

    with desk.running("mousepad"), record(desk, tmp_path) as made:
        desk.type("everything", pause_s=0.02)
        desk.until(is_written)  # keys wait until it is known that they went to no password field
        made.child.process.kill()
        result = made.child.wait(WAIT_S)
    assert result is not None
    assert "signal 9" in made.child.sentence
    assert [step.action for step in made.trajectory().steps] == [TypeText("everything")]
    with Library.open(tmp_path) as library:
        assert recover(library) == []


def test_a_display_that_is_not_there_is_one_clear_line(desk: Any, record: Any, tmp_path: Path) -> None:
    environment = {**desk.environment, "DISPLAY": ":279"}
    heard: list[Event] = []
    child = record_in_child(RecordingOptions(), library=tmp_path, environment=environment, on_event=heard.append)
    with child, pytest.raises(Exception, match="no X server answers at display :279"):
        child.wait(WAIT_S)
    child.join()
