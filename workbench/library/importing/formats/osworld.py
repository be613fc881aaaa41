"""Folders in which OSWorld and what was made of it keep a run: `traj.jsonl`, a picture after every action, a score.

Each line has `step_num`, `action_timestamp`, `action`, `screenshot_file` and often `response`. An action is code for
pyautogui, one of the words WAIT, DONE and FAIL, an object of the action space `computer_13`, or an object that has the
code in `command` or `action`. The picture before a step is the one after the step before it, for the first
`initial_state.png` or `step_0….png` where there is one. What was asked is in `task.json` or a file named like the
folder, where there is one. Times have no zone and are taken as UTC.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from workbench.errors import BadInputError
from workbench.library.importing.collecting import NO_ZONE, Collected, picture, seconds, title_of
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.osworld_actions import program_of
from workbench.library.importing.pyautogui_steps import Around, add_steps
from workbench.library.importing.source import Source
from workbench.library.pyautogui_code.reading import CodeReader

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures, Shot

TITLE = "OSWorld"

FILES = ("traj.jsonl", "trajectory.jsonl")
TASKS = ("task.json", "task_config.json", "example.json", "config.json")
RESULT = "result.txt"

_PLACES = ("", "screenshots/", "images/")
_LINE = re.compile(rb'^\s*\{.*"(?:step_num|screenshot_file|action_timestamp)"\s*:', re.S)
_ERROR = re.compile(rb'^\s*\{\s*"Error"\s*:')
_STAMP = re.compile(r"(\d{8})@(\d{6})(\d{0,6})")
_SMALL_BYTES = 1024 * 1024


class _Line(Struct, rename={"error": "Error"}):
    action: Any = None
    action_timestamp: str | float | None = None
    screenshot_file: str | None = None
    response: Any = None
    natural_language_action: Any = None
    error: Any = None


class _Asked(Struct):
    instruction: str | None = None


@dataclass
class _Run:
    """What is known while the lines are read, one after the other."""

    collected: Collected = field(default_factory=Collected)
    reader: CodeReader = field(default_factory=CodeReader)
    before: "Shot | None" = None
    dated: bool = False
    started_s: float = 0.0
    ended_s: float = 0.0


def recognises(source: Source) -> bool:
    """Whether it is such a folder, or the file of lines in one."""
    if not source.is_folder:
        return source.name in FILES and _is_one(source, "")
    return any(_is_one(source, name) for name in FILES if name in source.entries)


def items(source: Source) -> Iterator[Item]:
    """The one run that it is."""
    folder = source.folder
    yield Item(folder.name, partial(_read, folder=folder))


def _is_one(source: Source, name: str) -> bool:
    start = source.start(name)
    return bool(_LINE.match(start) or _ERROR.match(start))


def _read(pictures: "Pictures", *, folder: Source) -> Draft:
    run = _Run(before=_initial(folder, pictures))
    lines = next((name for name in FILES if folder.has(name)), None)
    if lines is None:
        raise BadInputError(f"{folder.path} has none of {', '.join(FILES)}; it belongs to the recording")
    for number, line in folder.json_lines(_Line, lines):
        _add(run, line, f"{lines} {number}, ", _after(folder, line, pictures, run.collected))
    add_steps(run.collected, run.reader.finish(), Around(where="at the end, "))
    if run.dated:
        run.collected.remark_whole(NO_ZONE)
    _score(folder, run.collected)
    asked = _asked(folder)
    return Draft(
        title=title_of(asked, folder.name or TITLE),
        task=asked,
        steps=tuple(run.collected.steps),
        created=run.started_s,
        seconds=seconds(run.ended_s - run.started_s),
        screens=next((step.observation.screens for step in run.collected.steps if step.observation.screens), ()),
        remarks=tuple(run.collected.remarks),
    )


def _add(run: _Run, line: _Line, where: str, after: "Shot | None") -> None:
    before, run.before = run.before, after
    if line.error is not None:
        run.collected.remark(f"{where}the run broke off with an error")
        return
    at_s = _epoch_s(line.action_timestamp)
    run.dated = run.dated or (isinstance(line.action_timestamp, str) and at_s > 0)
    run.started_s = run.started_s or at_s
    run.ended_s = max(run.ended_s, at_s)
    around = Around(
        before,
        after,
        after_s=seconds(at_s - run.started_s) if at_s else 0.0,
        at_s=at_s,
        description=_words(line.natural_language_action),
        thought=_words(line.response),
        where=where,
    )
    try:
        reading = run.reader.follow(program_of(line.action))
    except BadInputError as error:
        run.collected.remark(f"{where}left out: {error}")
        return
    add_steps(run.collected, reading, around)


def _words(told: Any) -> str:
    return told if isinstance(told, str) else ""


def _after(folder: Source, line: _Line, pictures: "Pictures", collected: Collected) -> "Shot | None":
    if not line.screenshot_file:
        return None
    for place in _PLACES:
        found = picture(folder, place + line.screenshot_file, pictures)
        if found:
            return found
    collected.remark("its picture is not there")
    return None


def _initial(folder: Source, pictures: "Pictures") -> "Shot | None":
    names = [*folder.files("initial_state.png"), *folder.files("step_0.png"), *folder.files("step_0_*.png")]
    return pictures.file(folder, names[0]) if names else None


def _asked(folder: Source) -> str:
    for name in (*TASKS, f"{folder.name}.json"):
        if name in folder.entries and folder.has(name):
            try:
                found = folder.json(_Asked, name, limit=_SMALL_BYTES)
            except BadInputError:
                continue  # a file of that name that is something else tells no task
            if found.instruction:
                return found.instruction
    return ""


def _score(folder: Source, collected: Collected) -> None:
    if not folder.has(RESULT):
        return
    try:
        score = float(folder.text(RESULT, limit=100))
    except (ValueError, BadInputError):
        collected.remark_whole(f"{RESULT} holds no number")
        return
    collected.remark_whole(f"{RESULT} says {score:g}")


def _epoch_s(stamp: str | float | None) -> float:
    if isinstance(stamp, int | float):
        return float(stamp) if 0 < stamp < 2**40 else 0.0
    found = _STAMP.fullmatch(stamp or "")
    if not found:
        return 0.0
    try:
        when = datetime.strptime(f"{found[1]}{found[2]}{found[3].ljust(6, '0')}", "%Y%m%d%H%M%S%f")
    except ValueError:
        return 0.0
    return max(0.0, when.replace(tzinfo=UTC).timestamp())
