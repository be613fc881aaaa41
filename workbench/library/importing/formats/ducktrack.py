"""Raw recordings of DuckTrack and of AgentNetTool, which grew from it.

A folder has `metadata.json`, `events.jsonl` with one input event per line, and the video of the main screen. Times are
seconds of one clock without a date; `video_start_timestamp` (AgentNetTool) or the first start that OBS reported
(DuckTrack) says where the video begins, and recording pauses the video too. Coordinates are those of a screen of
`screen_width` and `screen_height`, the video may be larger or smaller. `scroll_direction` says how DuckTrack turns the
wheel when it plays the recording; what was recorded is what applications got.

A folder that only has AgentNetTool's own `reduced_events_complete.jsonl` is read as a format of steps.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from workbench.geometry import Rect, Screen
from workbench.inputs import InputEvent, Sighting
from workbench.library.importing import filming
from workbench.library.importing.collecting import NO_ZONE, epoch_s, lacks_zone, moment, title_of
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.ducktrack_clues import Clues, clues_of
from workbench.library.importing.ducktrack_reduced import COMPLETE, PLAIN, steps_of
from workbench.library.importing.moments import gaps_ns, moments
from workbench.library.importing.pynput_words import BUTTONS, PLATFORMS, key, turned
from workbench.library.importing.source import Source
from workbench.library.importing.tape import Losses, Scale, Spot, Tape, Taped
from workbench.library.importing.truncated import json_lines
from workbench.library.records import RecordingOpening
from workbench.library.transfer import WholeRecording

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures, Shot, Video

TITLE = "DuckTrack and AgentNetTool"

EVENTS, METADATA, TASK, README = "events.jsonl", "metadata.json", "task_name.json", "README.md"
STARTED = "OBS_WEBSOCKET_OUTPUT_STARTED"
LONGEST_README = 64 * 1024


class Metadata(Struct):
    """What is known of the computer and the recording."""

    system: str = ""
    screen_width: float = 0
    screen_height: float = 0
    start_time: str = ""
    video_start_timestamp: float | None = None
    obs_record_state_timings: dict[str, list[float]] = msgspec.field(default_factory=dict)

    @property
    def platform(self) -> str:
        """As `sys.platform` says it."""
        return PLATFORMS.get(self.system, self.system.lower())

    @property
    def created(self) -> float:
        """When recording began, in seconds since 1970 as if its clock showed UTC; 0 where it is not said."""
        return epoch_s(moment(self.start_time))

    @property
    def video_start_s(self) -> float | None:
        """Where the video begins by the clock of the events; None where it is not said."""
        if self.video_start_timestamp is not None:
            return self.video_start_timestamp
        return next(iter(self.obs_record_state_timings.get(STARTED, [])), None)


class TaskName(Struct):
    """What the person was to do."""

    task_name: str | None = None
    description: str | None = None


class Event(Struct):
    """One line of `events.jsonl`."""

    time_stamp: float
    action: str
    x: float | None = None
    y: float | None = None
    button: str = ""
    pressed: bool = False
    dx: float = 0
    dy: float = 0
    name: str | None = None


@dataclass(frozen=True)
class _Told:
    """What is said about the recording as a whole."""

    title: str
    task: str
    metadata: Metadata

    def draft(self, losses: Losses, *, screens: tuple[Screen, ...]) -> Draft:
        """The trajectory without what happened in it."""
        created, platform = self.metadata.created, self.metadata.platform
        remarks = tuple(losses.remarks())
        return Draft(self.title, self.task, created=created, platform=platform, screens=screens, remarks=remarks)


def recognises(source: Source) -> bool:
    """Whether it is a folder with metadata of a screen and lines of events with their times."""
    if not source.is_folder or b'"screen_width"' not in source.start(METADATA):
        return False
    lines = {EVENTS: b'"time_stamp"', COMPLETE: b'"event_start_idx"', PLAIN: b'"start_time"'}
    return any(mark in source.start(name) for name, mark in lines.items())


def items(source: Source) -> Iterator[Item]:
    """The one recording."""
    yield Item(source.name, partial(_read, source))


def _read(source: Source, pictures: "Pictures") -> Draft:
    told, losses = _told(source), Losses()
    if lacks_zone(told.metadata.start_time):
        losses.add(NO_ZONE)
    name = filming.video_in(source, losses)
    if name and told.metadata.video_start_s is None:
        losses.add("nothing says when the video begins, so that it was not used")
        name = None
    with filming.opened(source, name, pictures, losses) as video:
        scale, screens = _screen(told.metadata, video, losses)
        film = _Film(video, told.metadata.video_start_s or 0.0)
        if source.has(EVENTS):
            return _recording(source, told, Tape(scale, losses=losses), _Seen(film, screens))
        steps = steps_of(source, scale, film.shot, losses, platform=told.metadata.platform)
        return replace(told.draft(losses, screens=screens), steps=steps)


def _told(source: Source) -> _Told:
    metadata = source.json(Metadata, METADATA)
    named = source.json(TaskName, TASK) if source.has(TASK) else TaskName()
    readme = source.text(README, limit=LONGEST_README).strip() if source.has(README) else ""
    task = named.description or named.task_name or readme
    return _Told(title_of(named.task_name or readme, source.name), task.strip(), metadata)


def _screen(metadata: Metadata, video: "Video | None", losses: Losses) -> tuple[Scale, tuple[Screen, ...]]:
    width, height = metadata.screen_width, metadata.screen_height
    if video is not None:
        size = video.size
        bounds = Rect(0, 0, *size)
        return filming.scale_to(size, width, height, losses), (Screen("recorded", bounds, primary=True),)
    if 0 < width < 1e5 and 0 < height < 1e5:
        return Scale(), (Screen("recorded", Rect(0, 0, round(width), round(height)), primary=True),)
    return Scale(), ()


@dataclass
class _Film:
    """The video by the clock of the events; `gaps` are where it stood still and for how long, those to come."""

    video: "Video | None"
    start_s: float
    gaps: deque[tuple[float, float]] = field(default_factory=deque)

    def shot(self, at_s: float) -> "Shot | None":
        """What was on the screen; None before the video begins and where there is none. Times must not fall."""
        if self.video is None:
            return None
        while self.gaps and sum(self.gaps[0]) <= at_s:
            self.start_s += self.gaps.popleft()[1]
        still_s = max(0.0, at_s - self.gaps[0][0]) if self.gaps else 0.0
        return self.video.at(at_s - self.start_s - still_s)


@dataclass(frozen=True)
class _Seen:
    """Where sightings come from."""

    film: _Film
    screens: tuple[Screen, ...]

    def sightings(self, taped: Taped, tape: Tape, clues: Clues, created: float) -> Iterator[Sighting]:
        """What was on the desktop at every moment that a step may show."""
        self.film.gaps.extend((tape.seconds(start), length / 1e9) for start, length in gaps_ns(taped.events))
        for look in moments(taped.events):
            at_s = tape.seconds(look.at_ns)
            shot = self.film.shot(at_s)
            window = clues.window(at_s)
            yield Sighting(
                look.seq,
                look.at_ns,
                before=look.before,
                frame=shot.frame if shot else None,
                window=window,
                active=window,
                element=clues.elements.get(look.seq) if look.before else None,
                screens=self.screens,
                epoch_s=created + look.at_ns / 1e9 if created else 0.0,
            )


def _recording(source: Source, told: _Told, tape: Tape, seen: _Seen) -> Draft:
    for number, event in json_lines(source, Event, EVENTS, tape.losses):
        _take(tape, event, f"line {number}", told.metadata.platform)
    taped = tape.taped()
    _check_places(taped.events, seen.screens, tape.losses)
    clues = clues_of(source, taped, tape)
    sightings = tuple(seen.sightings(taped, tape, clues, told.metadata.created))
    draft = told.draft(tape.losses, screens=seen.screens)
    opening = RecordingOpening(
        draft.title, draft.task, draft.platform, screens=draft.screens, epoch_s=told.metadata.created
    )
    seconds = taped.events[-1].monotonic_ns / 1e9 if taped.events else 0.0
    return replace(draft, recording=WholeRecording(opening, taped.events, sightings), seconds=seconds)


def _take(tape: Tape, event: Event, where: str, platform: str) -> None:
    spot = Spot(event.time_stamp, where, event.x, event.y)
    match event.action:
        case "move":
            tape.move(spot)
        case "click":
            tape.button(spot, BUTTONS.get(event.button), down=event.pressed)
        case "scroll":
            tape.wheel(spot, *turned(event.dx, event.dy, platform=platform))
        case "press" | "release":
            tape.key(spot, key(event.name), down=event.action == "press")
        case "pause" | "resume":
            tape.mark("pause" if event.action == "pause" else "resume", spot)
        case _:
            tape.losses.add("an event of an unknown kind was left out", where)


def _check_places(events: Sequence[InputEvent], screens: Sequence[Screen], losses: Losses) -> None:
    """Count presses outside of the recorded screen, which no picture shows."""
    for event in events if screens else ():
        if event.kind == "button_down" and event.point and not screens[0].bounds.contains(event.point):
            losses.add("a button was pressed outside of the recorded screen", f"event {event.seq}")
