"""A trace that opens in Playwright's trace viewer: a film along the top, each step with its pictures.

Open it with `npx playwright show-trace FILE` or drop it on trace.playwright.dev, which reads it in the browser. Every
picture is in it once, without loss. The format cannot hold:

* windows, elements, crops, texts and every other witness: points and bounds are drawn, the rest is in words
* how long a step took, and the order of steps of the same moment but for their place: each takes half a second
* descriptions and thoughts but as lines of text; task, variables, commands, screens, revisions and runs
"""

import zipfile
from pathlib import Path

import msgspec

from workbench.library.exporting import png, trace_events
from workbench.library.exporting.material import Material
from workbench.library.exporting.trace_events import Event, Phase, Pictured
from workbench.library.importing.drafts import Remark
from workbench.trajectory import FrameId, Step, Trajectory

TITLE = "Playwright trace"
SUFFIX = ".zip"
SEVERAL = False
USES_RUNS = False

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the zip, so that the same trajectory makes the same file."""


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the zip and tell of the steps without a picture; see `material.Writer`."""
    (trajectory,) = material.trajectories
    with zipfile.ZipFile(path, "x") as archive:
        trace = _Trace(material, archive)
        for step, (start_ms, end_ms) in zip(trajectory.steps, trace_events.moments(trajectory), strict=True):
            trace.take(step, start_ms, end_ms)
            material.told()
        trace.close(trajectory)
    return tuple(trace.remarks)


class _Trace:
    """The events of one trace; pictures go into the zip as they come."""

    def __init__(self, material: Material, archive: zipfile.ZipFile) -> None:
        self.remarks: list[Remark] = []
        self._material, self._archive = material, archive
        self._events: list[Event] = []
        self._loaded: list[Event] = []
        self._pictures: dict[FrameId, Pictured] = {}
        self._shown: Pictured | None = None
        self._steps = 0

    def take(self, step: Step, start_ms: int, end_ms: int) -> None:
        """One step with its pictures."""
        self._steps += 1
        first, last = self._picture(step.observation.frame), self._picture(step.outcome.frame)
        point = first.place(step.target.point) if first and step.target else None
        self._events.append(trace_events.before(step, start_ms))
        self._show(step, "before", first, start_ms)
        if point:
            self._events.append(trace_events.pointed(step, point))
            self._show(step, "input", first, start_ms)
        self._events += trace_events.said(step, start_ms)
        self._events.append(trace_events.after(step, end_ms))
        self._show(step, "after", last, end_ms)
        if first is None and last is None:
            self.remarks.append(Remark(self._steps, "it has no picture"))

    def close(self, trajectory: Trajectory) -> None:
        """Write the events; the first of them says what came."""
        first = next(iter(self._pictures.values()), None)
        size = (first.bounds.width, first.bounds.height) if first else trace_events.size_of(trajectory.screens)
        encoder = msgspec.json.Encoder()
        events = [trace_events.opening(trajectory, size), *self._events]
        self._put("trace.trace", encoder.encode_lines(events), packed=zipfile.ZIP_DEFLATED)
        self._put("trace.network", encoder.encode_lines(self._loaded), packed=zipfile.ZIP_DEFLATED)

    def _show(self, step: Step, phase: Phase, picture: Pictured | None, at_ms: int) -> None:
        if picture is None:
            return
        if picture != self._shown:
            self._shown = picture
            self._events.append(trace_events.film(picture, at_ms))
        self._events.append(trace_events.snapshot(step, phase, picture, at_ms))

    def _picture(self, frame: FrameId | None) -> Pictured | None:
        """A picture that is in the zip, written the first time it is asked for."""
        if frame is None:
            return None
        if frame not in self._pictures:
            shown = self._material.picture(frame)
            picture, data = Pictured(f"{frame}.png", shown.bounds), png.encoded(shown)
            self._put(f"resources/{picture.file}", data, packed=zipfile.ZIP_STORED)
            self._loaded.append(trace_events.loaded(picture, len(data)))
            self._pictures[frame] = picture
        return self._pictures[frame]

    def _put(self, name: str, data: bytes, *, packed: int) -> None:
        entry = zipfile.ZipInfo(name, _LONG_AGO)
        entry.compress_type = packed
        self._archive.writestr(entry, data)
