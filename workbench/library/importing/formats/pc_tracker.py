"""Recordings of PC Tracker, with which the training data of PC Agent were recorded.

A folder has one `.jsonl` file per recording: a line per action with a time in whole seconds, the action in words,
the picture before it, and name and bounds of the element under the pointer. The task stands in the `.md` beside it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from workbench.actions import Action, Button, Click, Drag, Fail, Finish, PressKeys, Scroll, TypeText, Wait
from workbench.errors import BadInputError
from workbench.library.importing.collecting import (
    NO_ZONE,
    Collected,
    box,
    epoch_s,
    keys_of,
    notches,
    observed,
    picture,
    place,
    title_of,
)
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.source import Source
from workbench.trajectory import Element, Observation, Step, Target

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures, Shot

TITLE = "PC Tracker"

LOOKED_AT = 20
"""How many files of a folder are asked whether they are such a recording."""

START_BYTES = 64 * 1024

NO_NAME = "Unknown"
"""What the format writes where accessibility had no name for the element."""


class _Rect(Struct):
    left: float
    top: float
    right: float
    bottom: float


class _Line(Struct):
    timestamp: str
    action: str
    screenshot: str | None = None
    element: str | None = None
    rect: _Rect | None = None


_TIME = re.compile(r"\d{4}-\d\d-\d\d_\d\d:\d\d:\d\d")
_TASK = re.compile(r"^\*\*Description:\*\*(.*?)^(?:\*\*Level:\*\*|### )", re.S | re.M)
_NUMBER = r"(-?\d{1,9}(?:\.\d{1,9})?)"
_PAIR = rf"\({_NUMBER}, ?{_NUMBER}\)"
_CLICK = re.compile(rf"(?:(left|right|middle|double) )?click {_PAIR}")
_PRESS = re.compile(rf"press {_PAIR}")
_DRAG = re.compile(rf"drag to {_PAIR}")
_SCROLL = re.compile(rf"scroll {_PAIR}")
_KEY = re.compile(r"press key:? (.{1,40})", re.S)
_KEYS = re.compile(r"hotkey:? \((.{1,200})\)", re.S)
_TEXT = re.compile(r"type text:(?: (.*))?", re.S)
_WORDS: dict[str, Callable[[], Action]] = {"wait": Wait, "finish": Finish, "fail": lambda: Fail("")}
_BUTTONS: dict[str, Button] = {"right": "right", "middle": "middle"}
_KNOWN = (_CLICK, _PRESS, _DRAG, _SCROLL, _KEY, _KEYS, _TEXT)


def recognises(source: Source) -> bool:
    """A file whose first line is an action in this grammar, or a folder that has one."""
    try:
        names = source.files("*.jsonl")[:LOOKED_AT] if source.is_folder else [""]
    except BadInputError:
        return False
    return any(_is_log(source, name) for name in names)


def items(source: Source) -> Iterator[Item]:
    """One for every such file."""
    names = [name for name in (source.files("*.jsonl") if source.is_folder else [""]) if _is_log(source, name)]
    if not names:
        raise BadInputError(f"{source.path} has no recording of PC Tracker; name the folder with its .jsonl files")
    for name in names:
        yield Item(name or source.name, partial(_read, source, name))


def _is_log(source: Source, name: str) -> bool:
    first = source.start(name, count=START_BYTES).lstrip().partition(b"\n")[0]
    if not all(field in first for field in (b'"timestamp"', b'"action"', b'"screenshot"', b'"element"')):
        return False
    try:
        line = msgspec.json.decode(first, type=_Line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    known = line.action in _WORDS or any(pattern.fullmatch(line.action) for pattern in _KNOWN)
    return known and _TIME.fullmatch(line.timestamp) is not None


def _read(source: Source, name: str, pictures: "Pictures") -> Draft:
    reading = _Reading(source, pictures)
    for number, line in source.json_lines(_Line, name):
        reading.take(number, line)
    reading.end()
    task = _task(source, name)
    return Draft(
        title=title_of(task, PurePath(name or source.name).stem),
        task=task,
        steps=tuple(reading.found.steps),
        created=epoch_s(reading.started),
        seconds=reading.passed_s,
        screens=reading.found.steps[0].observation.screens if reading.found.steps else (),
        remarks=tuple(reading.found.remarks),
    )


def _task(source: Source, name: str) -> str:
    told = source.start(f"{name.removesuffix('.jsonl')}.md", count=START_BYTES) if name else b""
    found = _TASK.search(told.decode("utf-8-sig", errors="replace"))
    return found[1].strip() if found else ""


@dataclass(frozen=True)
class _Moment:
    """One line with what was seen before its action."""

    number: int
    line: _Line
    shot: "Shot | None"
    seen: Observation


class _Reading:
    """The lines of one file, one after the other; a press waits for the drag that follows it."""

    def __init__(self, source: Source, pictures: "Pictures") -> None:
        self.found = Collected()
        self.started: datetime | None = None
        self.passed_s = 0.0
        self._source, self._pictures = source, pictures
        self._pressed: Step | None = None
        self._shown: Shot | None = None
        self.found.remark_whole(f"{NO_ZONE}, in whole seconds")
        if not source.is_folder:
            self.found.remark_whole("its pictures and its task lie beside the file: name the folder to have them too")

    def take(self, number: int, line: _Line) -> None:
        """One line of the file."""
        drag, press, click = (pattern.fullmatch(line.action) for pattern in (_DRAG, _PRESS, _CLICK))
        if drag:
            self._drag(number, float(drag[1]), float(drag[2]))
            return
        self.end()
        moment = self._moment(number, line)
        if press:
            self._pressed, self._shown = self._pointing(moment, Drag(), press[1], press[2]), moment.shot
        elif click:
            self._add(self._pointing(moment, _click(click[1]), click[2], click[3]))
        else:
            self._placeless(moment)

    def end(self) -> None:
        """What was pressed is not dragged."""
        if self._pressed is not None:
            self.found.remark("a press that no drag follows was dropped")
        self._pressed = None

    def _drag(self, number: int, x: float, y: float) -> None:
        pressed, self._pressed = self._pressed, None
        end = place(x, y, self._shown)
        if pressed is None or end is None:
            self.found.remark(
                f"line {number}: a drag without its press, or to a place that is not on its picture, was dropped"
            )
        else:
            self.found.add(replace(pressed, destination=Target(end)))

    def _pointing(self, moment: _Moment, action: Action, x: str, y: str) -> Step | None:
        at = place(float(x), float(y), moment.shot)
        if at is None:
            self.found.remark(f"line {moment.number}: a place outside of the picture was dropped with its action")
            return None
        return Step("", action, moment.seen, Target(at, element=_element(moment.line)))

    def _placeless(self, moment: _Moment) -> None:
        action = _placeless(moment.line.action)
        if action is None:
            self.found.remark(f"line {moment.number}: an `action` that cannot be carried out was dropped")
        else:
            self._add(Step("", action, moment.seen))

    def _add(self, step: Step | None) -> None:
        if step is not None:
            self.found.add(step)

    def _moment(self, number: int, line: _Line) -> _Moment:
        when = _time(line.timestamp)
        if when is None:
            self.found.remark(f"line {number}: its `timestamp` is none")
        elif self.started is None:
            self.started = when
        if when and self.started:
            self.passed_s = max(self.passed_s, (when - self.started).total_seconds())
        shot = picture(self._source, line.screenshot or "", self._pictures) if self._source.is_folder else None
        if shot is None and self._source.is_folder:
            self.found.remark(f"line {number}: its `screenshot` is not there")
        return _Moment(number, line, shot, observed(shot, after_s=self.passed_s, at_s=epoch_s(when)))


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d_%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _click(word: str | None) -> Click:
    return Click(button=_BUTTONS.get(word or "", "left"), count=2 if word == "double" else 1)


def _element(line: _Line) -> Element | None:
    bounds = box(line.rect.left, line.rect.top, line.rect.right, line.rect.bottom) if line.rect else None
    if bounds is None:
        return None
    name = line.element if line.element and line.element != NO_NAME else ""
    return Element(app="", window="", role="unknown", name=name, bounds=bounds)


def _placeless(action: str) -> Action | None:
    """An action that names no place; None for one that cannot be read."""
    if action in _WORDS:
        return _WORDS[action]()
    if text := _TEXT.fullmatch(action):
        return TypeText(text[1] or "")
    if scroll := _SCROLL.fullmatch(action):
        # the format counts turns as pynput does: up is positive
        across, up = notches(float(scroll[1])), notches(float(scroll[2]))
        return None if across is None or up is None else Scroll(across, -up)
    key, several = _KEY.fullmatch(action), _KEYS.fullmatch(action)
    named = [key[1]] if key else re.split(r",\s+", several[1]) if several else []
    keys = keys_of(named)
    return PressKeys(keys) if keys else None
