"""The events of a Playwright trace, version 8: one JSON object a line, as its trace viewer reads them.

Version 8 is what viewers since Playwright 1.53 read; newer ones take it for what it has become. What a step looked
like is the snapshot of a page that is nothing but the picture, with the target's bounds and point marked at the moment
of the action; the viewer adds a dot. Times are milliseconds, places pixels of the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from msgspec import to_builtins
from msgspec.structs import replace

from workbench.actions import Fail, TypeText, kind
from workbench.geometry import Point, Rect, Screen
from workbench.library.exporting.guide import is_hidden
from workbench.report.words import caption, describe, describe_target, sentence, tidy
from workbench.trajectory import Step, Trajectory

VERSION = 8
PAGE = "page@desktop"
FRAME = "frame@desktop"
SITE = "http://desktop.invalid/"
"""The address of the pages that show the pictures: one that can never be anybody's."""

START_MS = 1000
"""When a trace begins: viewers take a film from 0 on for none."""

RING_PX = 14

STEP_MS = 500
"""So long a step is shown to take; trajectories do not say."""

APART_MS = 200
"""Steps of the same moment are put so far apart."""

UNTIMED_MS = 1000
"""From step to step where no times are known."""

Event = dict[str, Any]
Phase = Literal["before", "input", "after"]

_HTTP: Event = {"httpVersion": "HTTP/1.1", "cookies": [], "headers": [], "headersSize": -1}


def opening(trajectory: Trajectory, size: tuple[int, int]) -> Event:
    """What the trace is of; `size` is width and height of the first picture."""
    seen = [step.observation.epoch_s for step in trajectory.steps if step.observation.epoch_s]
    return {
        "type": "context-options",
        "version": VERSION,
        "origin": "library",
        "browserName": "desktop",
        "platform": trajectory.platform,
        "wallTime": round((seen[0] if seen else trajectory.created) * 1000),
        "monotonicTime": START_MS,
        "title": tidy(trajectory.title),
        "sdkLanguage": "python",
        "contextId": trajectory.id,
        "options": {"viewport": {"width": size[0], "height": size[1]}, "deviceScaleFactor": 1},
    }


def before(step: Step, at_ms: int) -> Event:
    """A step begins; the whole action is among the parameters, but for what is typed into a password field."""
    return {
        "type": "before",
        "callId": step.id,
        "stepId": step.id,
        "startTime": at_ms,
        "title": sentence(describe(step) if is_hidden(step) else caption(step)),
        "class": "Desktop",
        "method": kind(step.action),
        "params": {"action": _action(step)},
        "pageId": PAGE,
        "beforeSnapshot": _snapshot_name(step, "before"),
    }


def _action(step: Step) -> dict[str, Any]:
    """The action as it is stored, without what was typed into a password field."""
    action = step.action
    if isinstance(action, TypeText) and action.secret is None and is_hidden(step):
        action = replace(action, text="")
    stored: dict[str, Any] = to_builtins(action)
    return stored


def pointed(step: Step, at: Point) -> Event:
    """Where it went, for the moment of the action."""
    return {"type": "input", "callId": step.id, "point": _place(at), "inputSnapshot": _snapshot_name(step, "input")}


def said(step: Step, at_ms: int) -> list[Event]:
    """What else is known, for the log of the step."""
    window = step.observation.window
    lines = [
        f"in the window “{tidy(window.title)}”" if window and window.title.strip() else "",
        f"on {describe_target(step.target)}" if step.target else "",
        f"ends on {describe_target(step.destination)}" if step.destination else "",
        f"privacy: {tidy(step.masked)}" if step.masked else "",
        f"thought: {tidy(step.thought, 2000)}" if step.thought.strip() else "",
    ]
    return [{"type": "log", "callId": step.id, "time": at_ms, "message": line} for line in lines if line]


def after(step: Step, at_ms: int) -> Event:
    """A step ends, as failed where it says so itself."""
    found: Event = {
        "type": "after",
        "callId": step.id,
        "endTime": at_ms,
        "afterSnapshot": _snapshot_name(step, "after"),
    }
    if isinstance(step.action, Fail):
        found["error"] = {"name": "Error", "message": step.action.reason or "The task could not be done."}
    return found


@dataclass(frozen=True)
class Pictured:
    """A picture in the trace: its file, and what it shows of the desktop."""

    file: str
    bounds: Rect

    def place(self, point: Point) -> Point:
        """The pixel of the picture at that place of the desktop."""
        return point.offset(-self.bounds.x, -self.bounds.y)


def snapshot(step: Step, phase: Phase, picture: Pictured, at_ms: int) -> Event:
    """A page that shows the picture; with the target marked at the moment of the `input`."""
    size = {"width": picture.bounds.width, "height": picture.bounds.height}
    marks = _marks(step, picture) if phase == "input" else []
    shown = [_image(picture, size), *marks]
    return {
        "type": "frame-snapshot",
        "snapshot": {
            "callId": step.id,
            "snapshotName": _snapshot_name(step, phase),
            "pageId": PAGE,
            "frameId": FRAME,
            "frameUrl": SITE,
            "doctype": "html",
            "html": ["HTML", {}, ["HEAD", {}], ["BODY", {"style": "margin:0;overflow:hidden"}, *shown]],
            "viewport": size,
            "timestamp": at_ms,
            "collectionTime": 0,
            "resourceOverrides": [],
            "isMainFrame": True,
        },
    }


def _image(picture: Pictured, size: dict[str, int]) -> object:
    sides = {side: str(length) for side, length in size.items()}
    return ["IMG", {"src": SITE + picture.file, "alt": "", "style": "display:block", **sides}]


def _marks(step: Step, picture: Pictured) -> list[object]:
    """The target's bounds, and rings around its point and around where a drag ends."""
    ends = [target for target in (step.target, step.destination) if target]
    boxes = [end.element.bounds for end in ends if end.element and end.element.bounds.area]
    rings = [Rect(end.point.x, end.point.y, 0, 0).grown(RING_PX) for end in ends]
    return [
        *(_mark(box, picture, "outline:2px solid #006ab1;background:#6fa8dc40") for box in boxes),
        *(_mark(ring, picture, "outline:2px solid #f44336;border-radius:50%") for ring in rings),
    ]


def _mark(place: Rect, picture: Pictured, style: str) -> object:
    corner = picture.place(Point(place.x, place.y))
    size = f"left:{corner.x}px;top:{corner.y}px;width:{place.width}px;height:{place.height}px"
    return ["DIV", {"style": f"position:absolute;{size};{style}"}]


def loaded(picture: Pictured, length: int) -> Event:
    """The picture as something that the page loaded, for `trace.network`; `length` in bytes."""
    return {
        "type": "resource-snapshot",
        "snapshot": {
            "pageref": PAGE,
            "startedDateTime": "1970-01-01T00:00:00.000Z",
            "time": 0,
            "request": {"method": "GET", "url": SITE + picture.file, **_HTTP, "queryString": [], "bodySize": 0},
            "response": {
                "status": 200,
                "statusText": "OK",
                **_HTTP,
                "content": {"size": length, "mimeType": "image/png", "_sha1": picture.file},
                "bodySize": length,
                "redirectURL": "",
            },
            "cache": {},
            "timings": {"send": -1, "wait": -1, "receive": -1},
            "_frameref": FRAME,
            "_monotonicTime": 0,
        },
    }


def film(picture: Pictured, at_ms: int) -> Event:
    """A picture of the film along the top."""
    return {
        "type": "screencast-frame",
        "pageId": PAGE,
        "sha1": picture.file,
        "width": picture.bounds.width,
        "height": picture.bounds.height,
        "timestamp": at_ms,
    }


def moments(trajectory: Trajectory) -> list[tuple[int, int]]:
    """When each step begins and ends."""
    clock = [step.observation.monotonic_ns for step in trajectory.steps]
    timed = clock == sorted(clock) and bool(clock) and clock[-1] > clock[0]
    starts: list[int] = []
    for place, now in enumerate(clock):
        at_ms = (now - clock[0]) // 1_000_000 if timed else place * UNTIMED_MS
        starts.append(max(START_MS + at_ms, starts[-1] + APART_MS if starts else 0))
    ends = [*starts[1:], starts[-1] + STEP_MS] if starts else []
    return [(start, min(start + STEP_MS, end)) for start, end in zip(starts, ends, strict=True)]


def _place(point: Point) -> Event:
    return {"x": point.x, "y": point.y}


def _snapshot_name(step: Step, phase: Phase) -> str:
    return f"{phase}@{step.id}"


def size_of(screens: Sequence[Screen]) -> tuple[int, int]:
    """Width and height of the screens together, where no picture tells; of a common screen where none is known."""
    right = max((screen.bounds.right for screen in screens), default=0)
    bottom = max((screen.bounds.bottom for screen in screens), default=0)
    return (right, bottom) if right > 0 and bottom > 0 else (1280, 720)
