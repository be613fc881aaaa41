"""A part of a trajectory is done once more, on real screens, and takes the place of what was recorded before."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import pytest

from workbench.actions import TypeText
from workbench.desktop.atspi import open_accessibility
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.connection import connect
from workbench.desktop.x11.windows import X11Windows
from workbench.library.store import Library

EDITOR = "mousepad --disable-server"
PEOPLE_S = 0.3
PATIENCE_S = 60.0
LETTER = [
    ["click-role", "mousepad", "text"],
    ["type", "Dear Ada"],
    ["rest", 0.4],
    ["press", "ctrl", "End"],
    ["rest", 0.4],
    ["type", " and Bob"],
    ["rest", 0.4],
    ["press", "ctrl", "Home"],
    ["rest", 0.4],
]

Desk = Callable[..., PrivateDesktop]
pytestmark = pytest.mark.slow


def again(workbench: Any, desk: PrivateDesktop, *words: str) -> "subprocess.Popen[str]":
    """`record --again` on that desktop."""
    process: subprocess.Popen[str] = workbench.start("record", "--json", *words, environment=desk.environment())
    return process


def listens(recorder: "subprocess.Popen[str]") -> str:
    """The id of the recording, once the replay is over and it records."""
    assert recorder.stderr
    talk = []
    for line in recorder.stderr:
        if line.startswith("recording "):
            return line.split()[1]
        talk.append(line)
    raise AssertionError(f"it ended before it recorded: {''.join(talk)}")


def said(process: "subprocess.Popen[str]") -> Any:
    process.send_signal(signal.SIGINT)
    out, talk = process.communicate(timeout=120)
    assert process.returncode == 0, talk
    return json.loads(out)


def stands(desk: PrivateDesktop, text: str) -> bool:
    """Whether this comes to stand in the editor."""
    end_s = time.monotonic() + PATIENCE_S
    while (there := written(desk)) != text:
        assert time.monotonic() < end_s, f"{there!r} stands there"
    return True


def written(desk: PrivateDesktop) -> str:
    """What stands in the editor, nothing where it does not answer."""
    with closing(connect(desk.display)) as connection:
        opened = open_accessibility(bus_address=desk.bus_address, windows=X11Windows(connection))
        assert opened is not None
        with closing(opened):
            return next((each.value or "" for each in opened.walk("mousepad") if each.role == "text"), "")


def typed(steps: Sequence[Any]) -> list[str]:
    return [step.action.text for step in steps if isinstance(step.action, TypeText)]


def test_a_step_in_the_middle_is_recorded_again_and_the_rest_stays(
    workbench: Any, desk: Desk, perform: Callable[..., None]
) -> None:
    workbench.record(desk(EDITOR), LETTER, "--title", "Letter", pause_s=PEOPLE_S)
    assert workbench.json("show", "Letter")["title"] == "Letter"  # completes what the recorder has not yet
    with Library.open(workbench.library) as library:
        old = library.find("Letter")
    number = next(n for n, step in enumerate(old.steps, 1) if step.action == TypeText(" and Bob"))
    today = desk(EDITOR)
    recorder = again(workbench, today, "--again", "Letter", "--from", str(number), "--to", str(number))
    recording = listens(recorder)
    assert stands(today, "Dear Ada")
    perform(today, [["type", " and Cleo"], ["rest", 0.4]], pause_s=PEOPLE_S)
    answer = said(recorder)
    assert answer["trajectory"] == recording
    assert answer["again"] == {
        "trajectory": old.id,
        "revision": old.revision + 1,
        "first": number,
        "last": number,
        "steps": len(old.steps),
    }
    with Library.open(workbench.library) as library:
        new = library.get(old.id)
        assert typed(new.steps) == ["Dear Ada", " and Cleo"]
        assert [step for step in new.steps if not step.recorded_in] == [*old.steps[: number - 1], *old.steps[number:]]
        assert library.get(recording).steps[0].action == new.steps[number - 1].action
        assert library.events(recording)
        assert library.events(old.id)
        assert library.verify() == []
    fresh = desk(EDITOR)
    document = workbench.json("replay", old.id, environment=fresh.environment())
    assert document["outcome"] == "finished", document["reason"]
    assert stands(fresh, "Dear Ada and Cleo")
    workbench.json("edit", old.id, "--undo")
    with Library.open(workbench.library) as library:
        assert library.get(old.id).steps == old.steps


def test_where_the_replay_halts_on_the_way_nothing_is_recorded_or_changed(workbench: Any, desk: Desk) -> None:
    workbench.record(desk(EDITOR), LETTER, "--title", "Letter", pause_s=PEOPLE_S)
    elsewhere = desk("galculator")
    words = ("record", "--again", "Letter", "--from", "3", "--timeout", "2")
    done = workbench.run(*words, environment=elsewhere.environment())
    assert done.returncode == 1, done.stderr
    assert "ended at step 1" in done.stderr
    assert "nothing was recorded or changed" in done.stderr
    assert [each["title"] for each in workbench.json("list")] == ["Letter"]
    assert not [step for step in workbench.json("show", "Letter")["steps"] if step.get("recorded_in")]
