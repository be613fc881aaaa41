"""Playwright traces: whole by the rules of the viewer, with every picture, and nothing that was to stay at home."""

import io
import json
import re
import zipfile
from dataclasses import dataclass

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from workbench.actions import Action, Click, Fail, Note, TypeText, Wait
from workbench.desktop.ports import Frame
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.library.exporting.formats import playwright_trace
from workbench.library.exporting.guide import is_hidden
from workbench.trajectory import Observation, Outcome, Step, Target, Trajectory

VERSION = 8
KINDS = {"context-options", "before", "input", "log", "after", "frame-snapshot", "screencast-frame"}


@dataclass
class Trace:
    """A trace read as its viewer reads it: by the type of each event."""

    names: list[str]
    events: list[dict]
    pictures: dict[str, np.ndarray]
    network: list[dict]

    def all(self, kind):
        return [event for event in self.events if event["type"] == kind]


def read(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        lists = [lines(archive.read(f"trace.{name}")) for name in ("trace", "network")]
        pictures = {
            name.removeprefix("resources/"): np.asarray(Image.open(io.BytesIO(archive.read(name))).convert("RGB"))
            for name in names
            if name.startswith("resources/")
        }
    return Trace(names, lists[0], pictures, lists[1])


def lines(data):
    return [json.loads(line) for line in data.decode().split("\n") if line]


def check(trace):
    """What the viewer takes for granted."""
    first, *others = trace.events
    assert (first["type"], first["version"], first["origin"]) == ("context-options", VERSION, "library")
    assert {event["type"] for event in others} <= KINDS
    assert trace.names.count("trace.trace") == trace.names.count("trace.network") == 1
    starts = {event["callId"]: event["startTime"] for event in trace.all("before")}
    ends = {event["callId"]: event["endTime"] for event in trace.all("after")}
    assert starts.keys() == ends.keys()
    assert len(starts) == len(trace.all("before"))
    assert all(first["monotonicTime"] <= starts[call] < ends[call] for call in starts)
    assert list(starts.values()) == sorted(starts.values())
    check_pictures(trace, starts)


def check_pictures(trace, calls):
    named = {
        event[f"{phase}Snapshot"]
        for event in trace.events
        for phase in ("before", "input", "after")
        if f"{phase}Snapshot" in event
    }
    loaded = {
        entry["snapshot"]["request"]["url"]: entry["snapshot"]["response"]["content"]["_sha1"]
        for entry in trace.network
    }
    for event in trace.all("frame-snapshot"):
        shown = event["snapshot"]
        assert shown["callId"] in calls
        assert shown["snapshotName"] in named
        assert shown["isMainFrame"]
        assert shown["timestamp"] > 0
        tag, sides = shown["html"][3][2][:2]
        picture = trace.pictures[loaded[sides["src"]]]
        assert (tag, picture.shape[:2]) == ("IMG", (int(sides["height"]), int(sides["width"])))
        assert shown["viewport"] == {"width": picture.shape[1], "height": picture.shape[0]}
    film = trace.all("screencast-frame")
    assert {event["sha1"] for event in film} == set(trace.pictures)
    assert [event["timestamp"] for event in film] == sorted(event["timestamp"] for event in film)


def images(trace, call, phase):
    return [e["snapshot"] for e in trace.all("frame-snapshot") if e["snapshot"]["snapshotName"] == f"{phase}@{call}"]


def test_a_real_recording_becomes_a_whole_trace_with_every_picture_once(export, recorded):
    trajectory, picture = recorded
    done = export("playwright-trace", trajectory, picture)
    trace = read(done.path)
    check(trace)
    assert len(done.told) == len(trajectory.steps) == len(trace.all("before"))
    frames = {f for step in trajectory.steps for f in (step.observation.frame, step.outcome.frame) if f}
    assert set(trace.pictures) == {f"{frame}.png" for frame in frames}
    for frame in frames:
        assert (trace.pictures[f"{frame}.png"][..., ::-1] == picture(frame).pixels[..., :3]).all()


def test_a_step_shows_what_was_before_where_it_went_and_what_came_after(export, letter):
    trace = read(export("playwright-trace", letter).path)
    check(trace)
    (before,), (at,), (after,) = (images(trace, "s2", phase) for phase in ("before", "input", "after"))
    assert "f1.png" in str(before["html"])
    assert "f2.png" in str(after["html"])
    assert len(before["html"][3]) == 3
    outline, ring = (mark[1]["style"] for mark in at["html"][3][3:])
    assert "left:80px;top:70px;width:60px;height:24px" in outline
    assert "border-radius:50%" in ring
    pointed = {event["callId"]: event["point"] for event in trace.all("input")}
    assert pointed["s2"] == {"x": 100, "y": 80}
    assert images(trace, "s1", "after") == []
    assert len(images(trace, "s7", "input")[0]["html"][3]) == 3 + 3  # a box, and both ends of the drag


def test_places_are_those_of_the_picture_wherever_its_corner_is(export):
    pixels = np.full((60, 80, 4), 9, np.uint8)
    step = Step("s1", Click(), Observation(frame="f"), Target(Point(-20, 10)))
    done = export("playwright-trace", Trajectory("T", "t", (step,)), lambda _: Frame(pixels, Point(-50, -5), 0))
    trace = read(done.path)
    check(trace)
    assert trace.all("input")[0]["point"] == {"x": 30, "y": 15}
    assert trace.events[0]["options"]["viewport"] == {"width": 80, "height": 60}


def test_titles_say_the_step_and_parameters_hold_the_whole_action(export, letter):
    trace = read(export("playwright-trace", letter).path)
    told = trace.all("before")
    assert [msgspec.convert(event["params"]["action"], Action) for event in told] == [
        told_action(s) for s in letter.steps
    ]
    assert "hunter2" in str(letter)
    assert "hunter2" not in str(trace)
    assert told[1]["title"] == "Click the button “Save” in Mousepad."
    assert told[1]["method"] == "click"
    log = [event["message"] for event in trace.all("log") if event["callId"] == "s2"]
    assert log == [
        "in the window “Letter - Mousepad”",
        "on the button “Save”",
        "privacy: a clock",
        "thought: The letter is to be saved.",
    ]


def test_secrets_are_names(export, letter):
    trace = read(export("playwright-trace", letter).path)
    secret = next(event for event in trace.all("before") if event["callId"] == "s12")
    assert secret["params"]["action"] == {"kind": "type_text", "secret": "bank-login"}


def test_a_task_that_failed_is_an_error_with_its_reason(export):
    steps = (Step("s1", Fail("no paper")), Step("s2", Fail("")))
    trace = read(export("playwright-trace", Trajectory("T", "t", steps)).path)
    assert [event["error"]["message"] for event in trace.all("after")] == ["no paper", "The task could not be done."]


def test_steps_without_a_picture_are_remarked_and_need_none(export):
    place = Target(Point(1, 1))
    steps = (Step("s1", Note("x")), Step("s2", Wait(1), Observation(frame="f1")), Step("s3", Click(), target=place))
    done = export("playwright-trace", Trajectory("T", "t", steps))
    assert [remark.step for remark in done.remarks] == [1, 3]
    check(read(done.path))


def test_a_trajectory_without_steps_is_an_empty_trace(export):
    check(read(export("playwright-trace", Trajectory("T", "t")).path))


@pytest.mark.parametrize(
    ("clock", "starts"),
    [
        ((5_000_000_000, 6_500_000_000, 6_500_000_000), [1000, 2500, 2700]),
        ((0, 0, 0), [1000, 2000, 3000]),
        ((3, 2, 1), [1000, 2000, 3000]),
    ],
)
def test_times_are_kept_where_they_rise_and_made_up_where_there_are_none(export, clock, starts):
    steps = tuple(Step(f"s{n}", Wait(1), Observation(monotonic_ns=now)) for n, now in enumerate(clock))
    trace = read(export("playwright-trace", Trajectory("T", "t", steps)).path)
    assert [event["startTime"] for event in trace.all("before")] == starts


def test_the_same_trajectory_makes_the_same_file(export, letter):
    path = export("playwright-trace", letter).path
    first = path.read_bytes()
    path.unlink()
    assert export("playwright-trace", letter).path.read_bytes() == first


def test_a_picture_that_is_missing_is_an_error(export, letter):
    with pytest.raises(BadInputError, match="missing"):
        export("playwright-trace", replace(letter, steps=(Step("s1", Note("x"), outcome=Outcome("f77")),)))


def test_nothing_in_it_leads_to_the_network(export, letter):
    path = export("playwright-trace", letter).path
    with zipfile.ZipFile(path) as archive:
        text = (archive.read("trace.trace") + archive.read("trace.network")).decode()
    assert set(re.findall(r"https?://[^/\"]+", text)) == {"http://desktop.invalid"}


def test_what_the_format_cannot_hold_is_said_where_it_is_written():
    said = playwright_trace.__doc__
    assert "cannot hold" in said
    for word in ("windows", "elements", "crops", "how long", "descriptions", "task", "variables", "commands", "runs"):
        assert word in said


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_trajectory_comes_back_in_what_the_format_holds(export, trajectories, data, tmp_path):
    any_one = data.draw(trajectories(st.sampled_from(["f1", "f2", "f3"])))
    steps = tuple(replace(step, id=f"s{n}") for n, step in enumerate(any_one.steps, 1))
    (tmp_path / "out-playwright-trace").unlink(missing_ok=True)
    trace = read(export("playwright-trace", replace(any_one, steps=steps)).path)
    check(trace)
    assert [back(trace, event) for event in trace.all("before")] == [held(step) for step in steps]


def told_action(step):
    """The action as a trace tells it: without what was typed into a password field."""
    field = (step.target and step.target.element) or step.observation.focused
    hidden = isinstance(step.action, TypeText) and step.action.secret is None and is_hidden(step)
    assert not hidden or field.password
    return replace(step.action, text="") if hidden else step.action


def back(trace, event):
    call = event["callId"]
    frames = [images(trace, call, phase) for phase in ("before", "after")]
    point = next((e["point"] for e in trace.all("input") if e["callId"] == call), None)
    shown = [re.search(r"(f\d)\.png", str(found[0]["html"]))[1] if found else None for found in frames]
    return call, msgspec.convert(event["params"]["action"], Action), *shown, point


def held(step):
    point = {"x": step.target.point.x, "y": step.target.point.y} if step.target and step.observation.frame else None
    return step.id, told_action(step), step.observation.frame, step.outcome.frame, point
