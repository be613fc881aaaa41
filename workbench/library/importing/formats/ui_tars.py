"""Sessions that UI-TARS-desktop exports: a page of HTML with one JSON of the whole session in each script element.

Places are fractions of the picture, which the tool has already brought to the size that the model saw; the pictures
are in the JSON. The words of the agent become thoughts, the tool's five notches of the wheel are stated as a remark.
"""

import re
from collections.abc import Iterator
from functools import partial

import msgspec
from msgspec import Struct, field

from workbench.actions import Action, Ask, Click, Drag, Fail, Finish, Hover, Note, Scroll, TypeText, Wait
from workbench.errors import BadInputError
from workbench.library.importing.assembling import Assembly, called, chord
from workbench.library.importing.collecting import title_of
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.pictures import Pictures, Shot
from workbench.library.importing.source import Source, decoded
from workbench.trajectory import Step, Target

TITLE = "UI-TARS desktop"

NOTCHES = 5
"""So many notches the tool turns the wheel; the file names a direction only."""

WAIT_S = 5.0
"""So long the tool waits; the file does not say."""

_OPENING = re.compile(rb'<script\s+type="ui_tars_web_dump"[^>]{0,80}>')
_SEARCHED_BYTES = 16 * 1024 * 1024
"""How far into a page its session is looked for; the viewer's own scripts may stand before it."""

_FIRST_BYTES = 1024

_CLICKS: dict[str, Action] = {
    "click": Click(), "left_click": Click(), "left_single": Click(), "left_double": Click(count=2),
    "double_click": Click(count=2), "right_click": Click("right"), "right_single": Click("right"),
    "middle_click": Click("middle"), "hover": Hover(), "mouse_move": Hover(),
}  # fmt: skip
_DRAGS = ("drag", "left_click_drag", "select")
_WAYS = {
    "up": Scroll(dy=-NOTCHES),
    "down": Scroll(dy=NOTCHES),
    "left": Scroll(dx=-NOTCHES),
    "right": Scroll(dx=NOTCHES),
}


class _Inputs(Struct):
    content: str | None = None
    start_box: str | list[float] | None = None
    end_box: str | list[float] | None = None
    key: str | None = None
    hotkey: str | None = None
    direction: str | None = None


class _Parsed(Struct):
    action_type: str = ""
    action_inputs: _Inputs = field(default_factory=_Inputs)
    thought: str | None = None
    reflection: str | None = None


class _Timing(Struct):
    end: float = 0


class _Context(Struct):
    scale_factor: float | None = field(name="scaleFactor", default=None)


class _Message(Struct):
    sender: str = field(name="from", default="")
    value: str | None = None
    timing: _Timing | None = None
    screenshot: str | None = field(name="screenshotBase64", default=None)
    context: _Context | None = field(name="screenshotContext", default=None)
    parsed: list[_Parsed] | None = field(name="predictionParsed", default=None)


class _Error(Struct):
    code: int | None = None


class _Session(Struct):
    conversations: list[_Message]
    instruction: str | None = None
    status: str | None = None
    error: _Error | None = None


def recognises(source: Source) -> bool:
    """Whether it is a page with such a script element."""
    if source.is_folder or not source.name.lower().endswith((".html", ".htm")):
        return False
    if not source.start(count=_FIRST_BYTES).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return False
    return _OPENING.search(source.start(count=_SEARCHED_BYTES)) is not None


def items(source: Source) -> Iterator[Item]:
    """One for each session in the page."""
    data = source.data()
    dumps = [dump for found in _OPENING.finditer(data) if (dump := _dump(data, found.end()))]
    if not dumps:
        raise BadInputError(f"{source.path} holds no session; export it again")
    for number, (start, end) in enumerate(dumps, 1):
        name = source.name if len(dumps) == 1 else f"{source.name} session {number}"
        yield Item(name, partial(_read, memoryview(data)[start:end], f"{source.path} session {number}"))


def _dump(data: bytes, start: int) -> tuple[int, int] | None:
    """Where the JSON stands: on one line, which may hold a closing tag as text; otherwise until that tag."""
    while data[start : start + 1] in (b"\n", b"\r", b" ", b"\t"):
        start += 1
    line_end, tag = data.find(b"\n", start), data.find(b"</script>", start)
    line_end, tag = (len(data) if at < 0 else at for at in (line_end, tag))
    end = line_end if data[start:line_end].rstrip().endswith(b"}") else tag
    return (start, end) if end > start else None


def _read(text: memoryview, what: str, pictures: Pictures) -> Draft:
    session = decoded(bytes(text), _Session, what=what)
    task = session.instruction or next((m.value for m in session.conversations if _is_said(m) and m.value), "")
    reading = _Reading(pictures, what, task)
    for number, message in enumerate(session.conversations, 1):
        reading.take(message, number)
    reading.finish(session)
    return reading.made.draft(title_of(task, "UI-TARS session"), task=task)


def _is_said(message: _Message) -> bool:
    return message.sender == "human" and not message.screenshot and message.value not in (None, "", "<image>")


class _Reading:
    """The conversation, message by message."""

    def __init__(self, pictures: Pictures, what: str, task: str) -> None:
        self.made = Assembly()
        self._pictures, self._what, self._task = pictures, what, task
        self._shot: Shot | None = None
        self._at_s: float | None = None

    def take(self, message: _Message, number: int) -> None:
        if message.screenshot:
            self._see(message, f"{self._what} conversation {number}")
        elif _is_said(message) and message.value != self._task:
            self._put(Step("", Note(message.value or "")))
        for parsed in message.parsed or ():
            self._act(parsed)

    def finish(self, session: _Session) -> None:
        ended = bool(self.made.steps) and isinstance(self.made.steps[-1].action, Finish | Fail | Ask)
        if session.status in ("error", "max_loop") and not ended:
            code = f" {session.error.code}" if session.error and session.error.code is not None else ""
            self._put(Step("", Fail(f"the session ended with {session.status}{code}")))
        elif session.status == "user_stopped":
            self.made.remark_once("the session was stopped by its user")

    def _see(self, message: _Message, what: str) -> None:
        shot = self._pictures.base64(message.screenshot or "", what=what)
        self.made.ended(shot.frame)
        self._shot = shot
        self._at_s = message.timing.end / 1000 if message.timing else None
        scale = message.context.scale_factor if message.context else None
        if scale not in (None, 0, 1):
            self.made.remark_once(f"scaleFactor {scale:g}: places are pixels of the pictures, the screen may have more")

    def _put(self, step: Step) -> None:
        self.made.add(msgspec.structs.replace(step, observation=self.made.observed(self._shot, self._at_s)))

    def _act(self, parsed: _Parsed) -> None:
        kind, inputs = parsed.action_type.strip().lower(), parsed.action_inputs
        thought = "\n".join(part.strip() for part in (parsed.reflection, parsed.thought) if part and part.strip())
        if kind == "scroll":
            self._scroll(inputs, thought)
        elif kind in _CLICKS or kind in _DRAGS:
            self._point(kind, inputs, thought)
        else:
            self._other(kind, inputs, thought)

    def _point(self, kind: str, inputs: _Inputs, thought: str) -> None:
        target = self._target(inputs.start_box)
        end = self._target(inputs.end_box) if kind in _DRAGS else None
        if target is None or (kind in _DRAGS and end is None):
            self.made.remark(f"{kind} was dropped: start_box or end_box is no place in the picture")
            return
        action = _CLICKS.get(kind, Drag())
        self._put(Step("", action, target=target, destination=end, thought=thought))

    def _scroll(self, inputs: _Inputs, thought: str) -> None:
        action = _WAYS.get((inputs.direction or "").strip().lower())
        if action is None:
            self.made.remark("scroll was dropped: its direction is none")
            return
        self.made.remark(f"scroll has a direction only: {NOTCHES} notches, as the tool turns")
        self._put(Step("", action, target=self._target(inputs.start_box), thought=thought))

    def _other(self, kind: str, inputs: _Inputs, thought: str) -> None:
        found = self._actions(kind, inputs, thought)
        if not found:
            self.made.remark(f"{called(kind)} was dropped: it has no counterpart, or lacks its key or content")
        for place, action in enumerate(found):
            self._put(Step("", action, thought="" if place else thought))

    def _target(self, box: str | list[float] | None) -> Target | None:
        """The middle of a box of fractions."""
        numbers = _numbers(box)
        if self._shot is None or len(numbers) not in (2, 4) or not all(0 <= number <= 1 for number in numbers):
            return None
        x, y = (numbers[0] + numbers[-2]) / 2, (numbers[1] + numbers[-1]) / 2
        return Target(self._shot.at(x, y))

    def _actions(self, kind: str, inputs: _Inputs, thought: str) -> list[Action]:
        match kind:
            case "type":
                return self._typed(inputs.content or "")
            case "hotkey" | "press":
                return self._keys(kind, inputs.key or inputs.hotkey or "")
            case "wait":
                return [Wait(WAIT_S)]
            case "finished":
                return [Finish(inputs.content or "")]
            case "call_user":
                return [Ask(inputs.content or thought or "The agent needs the person.")]
            case "error_env":
                return [Fail("the agent reported an error of its environment")]
            case "navigate":
                return [Note(f"Go to {inputs.content}")] if inputs.content else []
            case "navigate_back":
                return [Note("Go back in the browser")]
        return []

    def _typed(self, content: str) -> list[Action]:
        """The text, and Return where it ends in a line end, as the tool does it."""
        text = content.strip(" \t")
        entered = text.endswith(("\n", "\\n"))
        text = text.removesuffix("\n").removesuffix("\\n").strip()
        typed: list[Action] = [TypeText(text)] if text else []
        pressed = chord(["Return"]) if entered else None
        return [*typed, pressed] if pressed else typed

    def _keys(self, kind: str, keys: str) -> list[Action]:
        pressed = chord(key for key in re.split(r"[\s+]+", keys.strip()) if key)
        if pressed and kind == "press":
            self.made.remark("press holds keys down; imported as pressed and released")
        return [pressed] if pressed else []


def _numbers(box: str | list[float] | None) -> list[float]:
    if not isinstance(box, str):
        return box or []
    try:
        return msgspec.json.decode(box.replace("(", "[").replace(")", "]"), type=list[float])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return []
