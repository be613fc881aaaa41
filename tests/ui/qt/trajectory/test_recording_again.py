"""The viewer asks for steps to be recorded again, and says of which that was done."""

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ui.qt.trajectory.facts import details_of
from ui.qt.trajectory.filmstrip import places
from workbench.inputs import InputEvent
from workbench.library.store import Library, RecordingOpening
from workbench.rerecording import Stretch, spliced
from workbench.trajectory import Trajectory

AGAIN = (Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def test_the_step_and_all_that_follow_or_the_chosen_ones_are_asked_for(room, core, trajectory):
    asked = []
    core.record_again_wanted.connect(lambda *what: asked.append(what))
    room.go(3)
    QTest.keyClick(room.steps, *AGAIN)
    for row, keys in ((1, Qt.KeyboardModifier.NoModifier), (2, Qt.KeyboardModifier.ShiftModifier)):
        place = room.steps.visualRect(room.model.index(row)).center()
        QTest.mouseClick(room.steps.viewport(), Qt.MouseButton.LeftButton, keys, place)
    QTest.keyClick(room.steps, *AGAIN)
    assert asked == [(trajectory.id, 3, 0), (trajectory.id, 2, 3)]


def put_in(library: Library, trajectory: Trajectory) -> Trajectory:
    """A recording of one key in the place of step 2."""
    writer = library.begin_recording(RecordingOpening("Again"))
    writer.append([InputEvent(1, 1000, "key_down", keysym="q", text="q")], [])
    step = replace(trajectory.steps[1], id="s1", first_event=1, last_event=1)
    recording = writer.finish(Trajectory(writer.id, "Again", (step,)))
    return library.revise(spliced(trajectory, Stretch(2, 2), recording), note="recorded again")


def test_a_step_that_was_recorded_again_is_marked_and_has_its_own_raw_events(room, core, trajectory, until):
    with Library.open(core.library_folder) as library:
        new = put_in(library, trajectory)
    core.library_changed.emit(trajectory.id)
    until(lambda: room.edited.trajectory == new)
    room.go(2)
    said = room.model.data(room.model.index(1), Qt.ItemDataRole.AccessibleTextRole)
    assert said.endswith("recorded again")
    assert ("Recorded", f"again, as {new.steps[1].recorded_in}") in [
        (f.name, f.words) for f in details_of(new.steps[1])
    ]
    room.inspector.events.show_step(trajectory.id, new.steps[1])
    until(lambda: room.inspector.events.model.rowCount() == 1)
    with Library.open(core.library_folder) as library:
        library.delete(new.steps[1].recorded_in)
    room.inspector.events.forget()
    room.inspector.events.show_step(trajectory.id, new.steps[1])
    until(lambda: room.inspector.events.currentIndex() == 0)


def test_steps_of_two_clocks_stand_evenly_on_the_timeline(trajectory):
    steps = (*trajectory.steps[:2], replace(trajectory.steps[2], recorded_in="R"), trajectory.steps[3])
    apart = [replace(s, observation=replace(s.observation, monotonic_ns=n**3)) for n, s in enumerate(steps, 1)]
    assert places(apart) == (0, 1 / 3, 2 / 3, 1)
    assert places([replace(s, recorded_in="") for s in apart]) != (0, 1 / 3, 2 / 3, 1)
