"""What a command mends before it opens a library: recordings cut short, and steps left for later."""

import pytest

from workbench.actions import Click
from workbench.geometry import Point
from workbench.inputs import InputEvent
from workbench.library.store import Library, RecordingOpening
from workbench.trajectory import Step, Target, Trajectory

CLICK = (
    InputEvent(seq=1, monotonic_ns=10_000_000, kind="button_down", point=Point(5, 5), button="left"),
    InputEvent(seq=2, monotonic_ns=20_000_000, kind="button_up", point=Point(5, 5), button="left"),
)


@pytest.fixture
def cut_short(library_path) -> str:
    """A recording of one click whose writer went away before it had steps."""
    with Library.open(library_path) as library:
        writer = library.begin_recording(RecordingOpening(title="Cut short", started_ns=1, epoch_s=1.0))
        writer.append(CLICK, ())
        writer.close()
        return writer.id


def test_a_recording_that_was_cut_short_is_made_into_steps_and_named_once(cut_short, cli):
    first = cli("list", "--json")
    assert [(entry["id"], entry["steps"]) for entry in first.json] == [(cut_short, 1)]
    assert cut_short in first.err
    assert cli("list").err == ""


def test_a_recording_that_still_runs_is_left_alone(library_path, cli):
    with Library.open(library_path) as library:
        writer = library.begin_recording(RecordingOpening(title="Running"))
        try:
            writer.append(CLICK, ())
            (entry,) = cli("list", "--json").json
            assert (entry["id"], entry["state"]) == (writer.id, "recording")
        finally:
            writer.close()


def test_steps_that_were_left_for_later_are_completed_when_they_are_used(cut_short, cli):
    cli("list")
    assert "completing 1 recorded steps" in cli("show", cut_short).err
    again = cli("show", cut_short, "--json")
    assert again.err == ""
    assert again.json["steps"][0]["description"].startswith("click")


def test_an_earlier_revision_is_shown_as_it_was(cut_short, cli):
    cli("show", cut_short)
    assert "description" not in cli("show", f"{cut_short}@1", "--json").json["steps"][0]


def test_steps_that_were_never_recorded_here_are_left_as_they_are(library_path, cli):
    with Library.open(library_path) as library:
        step = Step(id="s1", action=Click(), target=Target(point=Point(1, 1)))
        made = library.save(Trajectory(id=library.new_id(), title="Made", steps=(step,)))
    assert cli("show", made.id).err == ""
    assert cli("show", made.id, "--json").json["revision"] == 1


def test_the_library_of_the_settings_is_used_where_nothing_else_chooses_one(tmp_path, cli, monkeypatch):
    monkeypatch.delenv("WORKBENCH_LIBRARY")
    monkeypatch.setenv("WORKBENCH_SETTINGS", str(tmp_path / "settings.toml"))
    assert cli("settings", "set", "library.folder", str(tmp_path / "chosen")).code == 0
    assert cli("list").code == 0
    assert (tmp_path / "chosen" / "library.db").is_file()
