"""A recording that others made: PC Tracker's example session, with its pictures (GAIR-NLP/PC-Agent, MIT)."""

import json
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from agents.completion.completing import complete
from workbench.actions import Click, Finish, Note, TypeText
from workbench.geometry import Point, Rect
from workbench.report.words import describe
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Trajectory, Window

FOLDER = Path(__file__).parents[4] / "shared/data/pc_tracker/postprocess/data/events_example"
"""Beside the checkout, where somebody has put it; never part of it."""
TASK = 'create a new blank slide with title "Hello, world" on desktop.'


@pytest.fixture
def session(library) -> Trajectory:
    if not FOLDER.is_dir():
        pytest.skip("PC Tracker's example session is not on this machine")
    import cv2

    lines = [json.loads(line) for line in next(FOLDER.glob("*.jsonl")).read_text().splitlines()]
    pictures = [cv2.imread(str(FOLDER / line["screenshot"])) for line in lines]
    frames = [library.frames.put(cv2.cvtColor(each, cv2.COLOR_BGR2BGRA), origin=Point(0, 0)) for each in pictures]
    after = [*frames[1:], frames[-1]]
    steps = [step(f"s{at}", line, frames[at], after[at]) for at, line in enumerate(lines)]
    return library.save(Trajectory(library.new_id(), "A session", tuple(steps), task=TASK))


def step(name: str, line: dict, before: str, after: str) -> Step:
    window = Window("windows", "Desktop", Rect(0, 0, 1920, 1080))
    seen, outcome = Observation(frame=before, window=window), Outcome(frame=after, window=window)
    words = line["action"]
    if clicked := re.match(r"click \((\d+), (\d+)\)", words):
        box = line["rect"]
        bounds = Rect(box["left"], box["top"], box["right"] - box["left"], box["bottom"] - box["top"])
        called = line["element"] if line["element"] != "Unknown" else ""
        element = Element("windows", "Desktop", "push button", called, bounds)
        made = Step(
            name, Click(), seen, Target(Point(int(clicked[1]), int(clicked[2])), window, element), None, outcome
        )
    else:
        typed = words.partition("type text: ")[2]
        made = Step(name, TypeText(typed) if typed else Finish(), seen, outcome=outcome)
    return replace(made, description=describe(made))


def test_a_recording_of_others_gets_thoughts_and_chapters_that_can_be_read(library, session):
    done = complete(library, session.id)
    thoughts = [each.thought for each in done.trajectory.steps if not isinstance(each.action, Note)]
    assert len(thoughts) == len(session.steps)
    assert all(re.fullmatch(r"[A-Z“].*[.!?…”]", words) for words in thoughts)
    assert thoughts[0].startswith("The task is: Create a new blank slide")
    assert "The task gives “Hello, world”, which I enter." in thoughts[4]
    assert done.trajectory.task == TASK
    assert not done.proposal.task
