"""Sessions of ScreenAgent, in which people corrected what a model wanted to do on a remote desktop.

A folder is one session: a JSON file for every answer of the model, and the pictures they were about in `images/`. Each
has the answer (`LLM_response`), the person's correction (`LLM_response_editer`), and the `actions` of the correction.
`mouse_position` has `width` for x and `height` for y. Files with `_neg_` hold mistakes that were made up for training.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from workbench.actions import Action, Button, Click, Drag, Hover, Note, PressKeys, Scroll, TypeText, Wait
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.library.importing.collecting import (
    NO_ZONE,
    Collected,
    epoch_s,
    keys_of,
    notches,
    observed,
    picture,
    place,
    seconds,
    title_of,
)
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.source import Source
from workbench.trajectory import Observation, Step, Target

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures, Shot

TITLE = "ScreenAgent"

PICTURES = "images"

MADE_UP = "_neg_"

LARGEST_BYTES = 4 * 1024 * 1024
"""The longest file of one answer."""


class _Position(Struct):
    width: float
    height: float


class _Act(Struct):
    action_type: str
    element: str | None = None
    situation: str | None = None
    advice: str | None = None
    mouse_action_type: str | None = None
    mouse_button: str | None = None
    mouse_position: _Position | None = None
    scroll_repeat: float | None = None
    keyboard_key: str | list[str] | None = None
    keyboard_text: str | None = None
    wait_time: float | None = None


class _Answer(Struct):
    task_prompt: str
    saved_image_name: str
    video_width: float
    video_height: float
    actions: list[_Act]
    task_prompt_en: str | None = None
    said: str | None = field(default=None, name="LLM_response")
    corrected: str | None = field(default=None, name="LLM_response_editer")


_TIME = re.compile(r"(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d-\d{6})")
_CODE = re.compile(r"```(?:json)?.*?```", re.S)
_JUDGEMENTS = {
    "sub_task_success": "The subtask was judged to be done",
    "need_retry": "The subtask was judged not to be done yet",
    "need_reformulate": "The plan was judged not to fit",
}
_BUTTONS: dict[str, Button] = {"left": "left", "middle": "middle", "right": "right"}
_CLICKS = {"click": 1, "double_click": 2}
_SCROLLS = {"scroll_up": -1, "scroll_down": 1}


def recognises(source: Source) -> bool:
    """A folder with pictures in `images/` whose first file is such an answer."""
    try:
        names = _answers(source)
        if not names or source.entries.get(PICTURES) is not True:
            return False
        source.json(_Answer, names[0], limit=LARGEST_BYTES)
    except BadInputError:
        return False
    return True


def items(source: Source) -> Iterator[Item]:
    """The folder is one."""
    yield Item(source.name, partial(_read, source))


def _answers(source: Source) -> list[str]:
    """The files of the session in the order of their times, each once: its translation where there is one."""
    names = [name for name in source.files("*.json") if MADE_UP not in name and _TIME.match(name)]
    translated = {name.replace("_translate.json", ".json") for name in names if name.endswith("_translate.json")}
    return [name for name in names if name not in translated]


def _read(source: Source, pictures: "Pictures") -> Draft:
    reading = _Reading(source, pictures)
    for name in _answers(source):
        reading.take(name, source.json(_Answer, name, limit=LARGEST_BYTES))
    first = reading.first
    if first is None:
        raise BadInputError(f"{source.path} has no answers of ScreenAgent; name the folder of one session")
    reading.end()
    steps = tuple(reading.found.steps)
    return Draft(
        title=title_of(first.task_prompt_en or first.task_prompt, source.name),
        task=first.task_prompt,
        steps=steps,
        created=epoch_s(reading.started),
        seconds=reading.passed_s,
        screens=next((step.observation.screens for step in steps if step.observation.screens), ()),
        remarks=tuple(reading.found.remarks),
    )


class _Reading:
    """The answers of one session, one after the other."""

    def __init__(self, source: Source, pictures: "Pictures") -> None:
        self.found = Collected()
        self.first: _Answer | None = None
        self.started: datetime | None = None
        self.passed_s = 0.0
        self._source, self._pictures = source, pictures
        self._hand = _Hand()
        self._count = self._corrected = 0

    def take(self, name: str, answer: _Answer) -> None:
        """One answer: what the person made of it is taken; the thought of its first step tells both."""
        self.first = self.first or answer
        self._count += 1
        self._corrected += answer.said != answer.corrected
        before = len(self.found.steps)
        shot = picture(self._source, f"{PICTURES}/{answer.saved_image_name}", self._pictures)
        if shot is None:
            self.found.remark(f"{name}: its picture `saved_image_name` is not there")
        seen = self._seen(name, shot)
        if plan := _plan(answer.actions):
            self.found.add(Step("", plan, seen))
        for number, (act, following) in enumerate(zip(answer.actions, [*answer.actions[1:], None], strict=True), 1):
            made = self._hand.step(act, following, _Screen(answer.video_width, answer.video_height, shot))
            if isinstance(made, str):
                self.found.remark(f"{name} action {number}: {made}")
            elif made is not None:
                self.found.add(replace(made, observation=seen))
        if len(self.found.steps) > before:
            self.found.steps[before] = replace(self.found.steps[before], thought=_thought(answer))

    def end(self) -> None:
        """What there is to say of the whole."""
        self.found.remark_whole(NO_ZONE)
        if self._corrected:
            told = "the corrections were taken; what the model had said stands in the thoughts"
            self.found.remark_whole(f"a person corrected {self._corrected} of {self._count} answers: {told}")
        if made_up := len(self._source.files(f"*{MADE_UP}*.json")):
            self.found.remark_whole(f"{made_up} files of mistakes that were made up for training were left out")

    def _seen(self, name: str, shot: "Shot | None") -> Observation:
        found = _TIME.match(name)
        when = _time(found[1]) if found else None
        self.started = self.started or when
        if when and self.started:
            self.passed_s = max(self.passed_s, (when - self.started).total_seconds())
        return observed(shot, after_s=self.passed_s, at_s=epoch_s(when))


@dataclass(frozen=True)
class _Screen:
    """The screen that places are told on, and its picture."""

    width: float
    height: float
    shot: "Shot | None"

    def place(self, at: _Position | None) -> Point | None:
        """The pixel of the picture; None for a place that is not on it."""
        if at is None or not (self.width > 0 and self.height > 0):
            return None
        if self.shot is None:
            return place(at.width, at.height)
        return place(at.width * self.shot.width / self.width, at.height * self.shot.height / self.height, self.shot)


class _Hand:
    """Makes steps of actions; the pointer stays where the action before left it."""

    def __init__(self) -> None:
        self._pointer: Point | None = None

    def step(self, act: _Act, following: _Act | None, screen: _Screen) -> Step | str | None:
        """The step, why there is none, or None where other steps tell it."""
        if act.action_type == "PlanAction":
            return None
        if act.action_type == "MouseAction" and act.mouse_action_type not in _SCROLLS:
            return self._mouse(act, following, screen)
        action = _placeless(act)
        return Step("", action) if action else "it cannot be carried out and was dropped"

    def _mouse(self, act: _Act, following: _Act | None, screen: _Screen) -> Step | str | None:
        at, start = screen.place(act.mouse_position), self._pointer
        if at is None:
            return "its place is not on the picture; it was dropped"
        self._pointer = at
        button = _BUTTONS.get(act.mouse_button or "left")
        if act.mouse_action_type == "drag" and button:
            dragged = start and Step("", Drag(button=button), target=Target(start), destination=Target(at))
            return dragged or "a drag of which nobody knows where it began was dropped"
        if act.mouse_action_type == "move":
            return None if following and following.mouse_action_type == "drag" else Step("", Hover(), target=Target(at))
        if act.mouse_action_type not in _CLICKS or not button:
            return "it cannot be carried out and was dropped"
        return Step("", Click(button=button, count=_CLICKS[act.mouse_action_type]), target=Target(at))


def _plan(actions: list[_Act]) -> Note | None:
    parts = [act.element for act in actions if act.action_type == "PlanAction" and act.element]
    return Note("Plan:\n" + "\n".join(f"{number}. {part}" for number, part in enumerate(parts, 1))) if parts else None


def _placeless(act: _Act) -> Action | None:
    """An action that names no place; None for one that cannot be carried out."""
    if act.action_type == "EvaluateSubTaskAction":
        judged = _JUDGEMENTS.get(act.situation or "", act.situation or "")
        return Note(f"{judged}: {act.advice}" if act.advice else judged)
    if act.action_type == "WaitAction":
        return Wait(seconds(act.wait_time or 0.0))
    if act.action_type == "MouseAction":
        turned = notches((act.scroll_repeat or 0.0) * _SCROLLS.get(act.mouse_action_type or "", 0))
        return Scroll(dy=turned) if turned else None
    if act.action_type != "KeyboardAction":
        return None
    if act.keyboard_text is not None:
        return TypeText(act.keyboard_text)
    named = act.keyboard_key
    keys = keys_of(re.split(r"\+(?=.)", named) if isinstance(named, str) else named or [])
    return PressKeys(keys) if keys else None


def _thought(answer: _Answer) -> str:
    """What was said beside the actions; where a person corrected it, what the model had said too."""
    words = _CODE.sub("", answer.corrected or "").strip()
    if answer.said is None or answer.said == answer.corrected:
        return words
    return f"{words}\n\nThe model had said: {answer.said.strip()}".strip()


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d_%H-%M-%S-%f").replace(tzinfo=UTC)
    except ValueError:
        return None
