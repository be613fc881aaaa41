"""Recordings of ShowUI-Aloha: the log of input with its video, and the traces that it learnt from them.

A log begins with comment lines (`# Input Recording Log`, `# Metadata: {…}`) and then has one object per line with the
time since the video began, a message such as `LClick at (955, 101)` or `Hotkey: SHIFT+S`, and the active window as
`process - title`. Coordinates are logical: the screens' sizes are in pixels beside their scale factor. Keys are named,
letters in capitals; only with Shift are they capitals. A folder with a log and a video is read whole, a log alone
without pictures. A trace has an agent's words for each step and no places: its steps are notes.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from workbench.actions import Button, Note
from workbench.desktop.keysyms import MODIFIERS
from workbench.errors import BadInputError
from workbench.geometry import Rect, Screen
from workbench.inputs import Sighting
from workbench.keynames import keysym
from workbench.library.importing import filming
from workbench.library.importing.collecting import NO_ZONE, box, epoch_s, lacks_zone, moment, title_of
from workbench.library.importing.drafts import Draft, Item, Remark
from workbench.library.importing.moments import moments
from workbench.library.importing.native_elements import NOWHERE
from workbench.library.importing.source import Source, decoded
from workbench.library.importing.tape import Key, Losses, Scale, Spot, Tape
from workbench.library.records import RecordingOpening
from workbench.library.transfer import WholeRecording
from workbench.trajectory import Step, Window

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures, Video

TITLE = "ShowUI-Aloha"

HEAD = b"# Input Recording Log"
METADATA = b"# Metadata:"

_AT = re.compile(r"([A-Za-z]+) at \((-?\d{1,9}), *(-?\d{1,9})\)")
_CLOCK = re.compile(r"(\d{1,4}):(\d\d):(\d\d(?:\.\d{1,9})?)")
_SIDES: dict[str, Button] = {"L": "left", "R": "right", "M": "middle"}
_WINDOW = re.compile(r"(?:Initial )?Active Window: (.*)", re.DOTALL)
_TRACE = re.compile(rb'\s*\{\s*"trajectory"\s*:\s*\[\s*\{\s*"step_idx"')
_CAPTION = re.compile(rb'"caption"\s*:\s*\{')
LOGS = ("*.txt", "*.log", "*.json")


class Screens(Struct):
    """One screen, in pixels."""

    x0: float = 0
    y0: float = 0
    width: float = 0
    height: float = 0
    scale_factor: float = 1


class Metadata(Struct):
    """What stands before the lines."""

    video_start_time: str = ""
    screen_info: dict[str, Screens] = msgspec.field(default_factory=dict)


class Line(Struct):
    """One line."""

    timestamp: str
    message: str


class Caption(Struct):
    """An agent's words for one step."""

    observation: str = ""
    think: str = ""
    action: str = ""
    expectation: str = ""


class TraceStep(Struct):
    """One step of a trace."""

    caption: Caption


class Trace(Struct):
    """A trace."""

    trajectory: list[TraceStep]


@dataclass(frozen=True)
class _Desk:
    """The screens, and what turns the log's coordinates into pixels."""

    scale: Scale = field(default_factory=Scale)
    screens: tuple[Screen, ...] = ()


def recognises(source: Source) -> bool:
    """Whether it is such a log, a trace, or a folder with a log and a video."""
    if source.is_folder:
        return filming.video_in(source, Losses()) is not None and bool(_logs(source))
    start = source.start()
    return start.startswith(HEAD) or bool(_TRACE.match(start) and _CAPTION.search(start))


def items(source: Source) -> Iterator[Item]:
    """Every log of the folder, or the one file."""
    if source.is_folder:
        for name in _logs(source):
            yield Item(name, partial(_read_log, source, name))
    elif source.start().startswith(HEAD):
        yield Item(source.name, partial(_read_log, source, ""))
    else:
        yield Item(source.name, partial(_read_trace, source))


def _logs(source: Source) -> list[str]:
    return [name for pattern in LOGS for name in source.files(pattern) if source.start(name).startswith(HEAD)]


def _read_trace(source: Source, _: "Pictures") -> Draft:
    captions = [step.caption for step in source.json(Trace).trajectory]
    steps = tuple(
        Step(f"s{number}", Note(caption.action), description=caption.action, thought=_thought(caption))
        for number, caption in enumerate(captions, start=1)
    )
    remark = Remark(0, "a trace says nothing but words: its steps became notes")
    return Draft(title_of(source.path.stem, source.name), steps=steps, remarks=(remark,))


def _thought(caption: Caption) -> str:
    return "\n".join(filter(None, [caption.observation, caption.think, caption.expectation]))


def _read_log(source: Source, name: str, pictures: "Pictures") -> Draft:
    losses = Losses()
    metadata = _metadata(source, name)
    if lacks_zone(metadata.video_start_time):
        losses.add(NO_ZONE)
    film = filming.video_in(source, losses) if source.is_folder else None
    with filming.opened(source, film, pictures, losses) as video:
        desk = _desk(metadata.screen_info, video, losses)
        log = _Log(Tape(desk.scale, 0.0, losses))
        for number, line in _lines(source, name):
            log.take(line, f"line {number}")
        return _draft(log, video, desk, _told(source, name, metadata))


def _told(source: Source, name: str, metadata: Metadata) -> RecordingOpening:
    created = epoch_s(moment(metadata.video_start_time))
    stem = (name or source.name).rpartition(".")[0] or source.name
    return RecordingOpening(title_of(stem, source.name), epoch_s=created)


def _metadata(source: Source, name: str) -> Metadata:
    for number, line in source.lines(name):
        if line.startswith(METADATA):
            what = f"{source.path / name if name else source.path} line {number}"
            return decoded(line.removeprefix(METADATA), Metadata, what=what)
        if not line.startswith(b"#"):
            break
    return Metadata()


def _lines(source: Source, name: str) -> Iterator[tuple[int, Line]]:
    for number, line in source.lines(name):
        if line.strip() and not line.startswith(b"#"):
            yield number, decoded(line, Line, what=f"{source.path / name if name else source.path} line {number}")


def _desk(told: Mapping[str, Screens], video: "Video | None", losses: Losses) -> _Desk:
    """With a video its pixels, those of the first screen; otherwise the pixels of that screen."""
    first = next(iter(told.values()), Screens())
    factor = first.scale_factor if 0.1 <= first.scale_factor <= 10 else 1.0
    if video is not None:
        size = video.size
        scale = filming.scale_to(size, first.width / factor, first.height / factor, losses)
        return _Desk(scale, (Screen("recorded", Rect(0, 0, *size), primary=True),))
    return _Desk(Scale(factor, factor), tuple(_screens(told)))


def _screens(told: Mapping[str, Screens]) -> Iterator[Screen]:
    for number, (name, one) in enumerate(told.items()):
        bounds = box(one.x0, one.y0, one.x0 + one.width, one.y0 + one.height)
        if bounds is not None and 0.1 <= one.scale_factor <= 10:
            yield Screen(name, bounds, one.scale_factor, primary=number == 0)


def _draft(log: "_Log", video: "Video | None", desk: _Desk, opening: RecordingOpening) -> Draft:
    taped, sightings = log.tape.taped(), []
    for look in moments(taped.events):
        at_s = log.tape.seconds(look.at_ns)
        shot = video.at(at_s) if video else None
        window = log.window(at_s)
        epoch = opening.epoch_s + at_s if opening.epoch_s else 0.0
        sightings.append(
            Sighting(
                look.seq,
                look.at_ns,
                before=look.before,
                frame=shot.frame if shot else None,
                window=window,
                active=window,
                screens=desk.screens,
                epoch_s=epoch,
            )
        )
    opening = msgspec.structs.replace(opening, screens=desk.screens)
    return Draft(
        opening.title,
        recording=WholeRecording(opening, taped.events, tuple(sightings)),
        created=opening.epoch_s,
        seconds=taped.events[-1].monotonic_ns / 1e9 if taped.events else 0.0,
        screens=desk.screens,
        remarks=tuple(log.tape.losses.remarks()),
    )


@dataclass
class _Log:
    """Reads lines in their order."""

    tape: Tape
    windows: list[tuple[float, Window]] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    is_down: bool = False

    def take(self, line: Line, where: str) -> None:
        """Read one message."""
        spot = Spot(_seconds(line.timestamp, where), where)
        message = line.message.strip()
        if (front := _WINDOW.fullmatch(message)) is not None:
            self.windows.append((spot.at_s, _window(front[1])))
        elif (placed := _AT.fullmatch(message)) is not None:
            self._pointed(placed[1], Spot(spot.at_s, where, float(placed[2]), float(placed[3])))
        elif message.startswith(("Key Press:", "Hotkey:")):
            self._pressed(message.partition(":")[2].strip(), spot)
        elif message.startswith("Key Release:"):
            self._released(message.partition(":")[2].strip(), spot)
        elif not message.startswith("{"):
            self.tape.losses.add("a message of an unknown kind was left out", where)

    def window(self, at_s: float) -> Window | None:
        """The one that was active then."""
        place = bisect_right(self.windows, at_s, key=lambda known: known[0])
        return self.windows[place - 1][1] if place else None

    def _pointed(self, what: str, spot: Spot) -> None:
        button = _SIDES.get(what[0]) if what[1:2].isupper() else None  # `LClick`, but `Move`
        match what.removeprefix(what[0]) if button else what:
            case "Click" | "Release" as half:
                self._button(spot, button, down=half == "Click")
            case "ScrollDown":
                self.tape.wheel(spot, 0, 1)
            case "ScrollUp":
                self.tape.wheel(spot, 0, -1)
            case "DragStart":
                self._drag_from(spot, button or "left")
            case "DragMove" | "Move":
                self.tape.move(spot)
            case "DragEnd":
                self._button(spot, button or "left", down=False)
            case _:
                self.tape.losses.add("a message of an unknown kind was left out", spot.where)

    def _drag_from(self, spot: Spot, button: Button) -> None:
        """A press, unless the log has told it as a click that was not released yet."""
        if not self.is_down:
            self._button(spot, button, down=True)

    def _button(self, spot: Spot, button: Button | None, *, down: bool) -> None:
        if self.tape.button(spot, button, down=down):
            self.is_down = down

    def _pressed(self, words: str, spot: Spot) -> None:
        """Keys joined by `+`: the modifiers among them go down unless they are down, then the key."""
        names = re.split(r"\+(?=.)", words)
        for name in names:
            found = keysym(name.strip())
            if found is None:
                self.tape.key(spot, None, down=True)
            elif found in MODIFIERS:
                if found not in self.held:
                    self.held.add(found)
                    self.tape.key(spot, Key(found), down=True)
            else:
                self.tape.key(spot, self._key(found), down=True)

    def _released(self, words: str, spot: Spot) -> None:
        found = keysym(words)
        if found is not None:
            self.held.discard(found)
            self.tape.key(spot, self._key(found), down=False)

    def _key(self, name: str) -> Key:
        """A letter is a capital with Shift alone; what Shift makes of other keys depends on a layout nobody named."""
        if name == "space":
            return Key(name, " ")
        if len(name) != 1:
            return Key(name)
        letter = name.upper() if "shift" in self.held else name.lower()
        return Key(letter, letter if letter.isalpha() or "shift" not in self.held else "")


def _window(words: str) -> Window:
    app, _, title = words.partition(" - ")
    return Window(app.strip(), title.strip(), NOWHERE)


def _seconds(clock: str, where: str) -> float:
    found = _CLOCK.fullmatch(clock.strip())
    if found is None:
        raise BadInputError(f"the time in {where} of the log is none; get the recording again")
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])
