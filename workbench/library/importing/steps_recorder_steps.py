"""From what Windows Steps Recorder says of an action to steps: its English words, its place, its elements."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from msgspec.structs import replace

from workbench.actions import Action, Button, Click, Drag, Note, PressKeys, Scroll, TypeText
from workbench.geometry import Point, Rect, Screen
from workbench.library.importing.collecting import Collected, box, keys_of, observed, place
from workbench.library.importing.foreign_roles import role_of
from workbench.library.importing.steps_recorder_xml import Act, Attributes, Report, bounds_of
from workbench.trajectory import Element, PathNode, Step, Target, Variable, Window

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures, Shot
    from workbench.library.importing.web_archive import Part

DAY_S = 24 * 3600

HIDDEN = "password"
"""The name that is proposed for what was typed into a password field."""

_TIME = re.compile(r"(\d{1,2})[:.](\d\d)[:.](\d\d)(?:\W{0,3}([ap])\.?m)?", re.I)
_KEYS = re.compile(r"\[([^\[\]]{0,2000})\]\s*$")
_CLICK = re.compile(r"\b(?:(left|right|middle) )?(?:(double) )?(?:click|tap)\b")
_WHEEL = re.compile(r"\b(?:wheel|scroll)\b.*\b(up|down|left|right)\b")
_DRAG = re.compile(r"\bdrag (start|end)\b")
_BUTTONS: dict[str, Button] = {"left": "left", "right": "right", "middle": "middle"}
_WHEELS = {"up": Scroll(dy=-1), "down": Scroll(dy=1), "left": Scroll(dx=-1), "right": Scroll(dx=1)}

_KINDS = (
    "Button,Calendar,CheckBox,ComboBox,Edit,Hyperlink,Image,ListItem,List,Menu,MenuBar,MenuItem,ProgressBar,"
    "RadioButton,ScrollBar,Slider,Spinner,StatusBar,Tab,TabItem,Text,ToolBar,ToolTip,Tree,TreeItem,Custom,Group,Thumb,"
    "DataGrid,DataItem,Document,SplitButton,Window,Pane,Header,HeaderItem,Table,TitleBar,Separator,SemanticZoom,AppBar"
)
"""The control types of UI Automation; the first has the number 50000."""

_TYPES = _KINDS.split(",")

_OWN_ROLES = {
    "edit": "text", "text": "label", "hyperlink": "link", "tab": "page tab list", "pane": "panel", "custom": "panel",
    "thumb": "filler", "datagrid": "table", "dataitem": "table row", "document": "document text",
    "splitbutton": "push button", "headeritem": "table column header", "titlebar": "title bar", "header": "header",
    "semanticzoom": "panel", "appbar": "tool bar",
}  # fmt: skip
"""Where Windows means something else than others by the same word; as the workbench's own reading of Windows has it."""


@dataclass(frozen=True)
class _Place:
    """Where an action was: the picture, what part of the desktop it shows, and the pointer on the desktop."""

    shot: "Shot | None"
    shown: Rect | None
    pointer: tuple[float, float] | None

    def on_picture(self, x: float, y: float) -> tuple[float, float]:
        """A place of the desktop in pixels of the picture."""
        if self.shown is None:
            return x, y
        across = self.shot.width / self.shown.width if self.shot else 1.0
        down = self.shot.height / self.shown.height if self.shot else 1.0
        return (x - self.shown.x) * across, (y - self.shown.y) * down

    @property
    def point(self) -> Point | None:
        """The pointer in the picture; None where it is not on it."""
        return place(*self.on_picture(*self.pointer), self.shot) if self.pointer else None

    def bounds(self, level: Attributes) -> Rect:
        """Where an element is in the picture; without area where that is not told."""
        told = bounds_of(level, self.pointer)
        if told is None:
            return Rect(0, 0, 0, 0)
        found = box(*self.on_picture(told.x, told.y), *self.on_picture(told.right, told.bottom))
        return found or Rect(0, 0, 0, 0)


class Reading:
    """The actions of one report, one after the other; the start of a drag waits for its end."""

    def __init__(self, shown: "Mapping[str, Part]", pictures: "Pictures", what: str) -> None:
        self.found = Collected()
        self.variables: list[Variable] = []
        self.screens: tuple[Screen, ...] = ()
        self.passed_s = 0.0
        self._shown, self._pictures, self._what = shown, pictures, what
        self._began_s: float | None = None
        self._pressed: Step | None = None

    def take(self, number: int, act: Act) -> None:
        """One action; those of which nothing can be made become notes."""
        at = self._place(number, act)
        self._pass(act.attributes.get("Time", ""))
        step = self._step(act, at)
        words = _words(act)
        if (drag := _DRAG.search(words)) and step.target:
            self._drag(number, step, drag[1])
            return
        self._let_go()
        if "comment" in words or "UserComment" in act.texts:
            comment = act.texts.get("UserComment") or act.texts.get("Description", "")
            self.found.add(replace(step, action=Note(comment.strip()), description=""))
        elif "keyboard" in words:
            self._type(number, act, step)
        else:
            self._point(number, act, step, words)

    def end(self, report: Report) -> None:
        """What there is to say of the whole."""
        self._let_go()
        missed = report.session.get("MissedActionCount", "0")
        if missed.isdecimal() and int(missed[:9]):
            self.found.remark_whole(f"the recorder itself missed {int(missed[:9])} actions")

    def _point(self, number: int, act: Act, step: Step, words: str) -> None:
        action = _pointing(words)
        if action is None or (isinstance(action, Click) and step.target is None):
            told = (act.texts.get("Description") or act.texts.get("Action") or "").strip()
            self.found.remark(f"action {number}: its words could not be read as an action and became a note")
            self.found.add(replace(step, action=Note(told), description=""))
            return
        if isinstance(action, Scroll):
            self.found.remark(f"action {number}: how far the wheel was turned is not told; one notch stands for it")
        self.found.add(replace(step, action=action))

    def _type(self, number: int, act: Act, step: Step) -> None:
        """Keys with names as they are told; a variable for every text between them, which is not told."""
        bracket = _KEYS.search(act.texts.get("Description", ""))
        told = [keys_of(re.split(r"[-+](?=.)", word)) for word in bracket[1].split()] if bracket else []
        if step.target and step.target.element and step.target.element.password:
            masked = "what was typed into a password field is not in the file"
            self.found.add(replace(step, action=TypeText(secret=HIDDEN), masked=masked))
            return
        parts = [(keys, sum(1 for _ in same)) for keys, same in groupby(told or [None])]
        for keys, count in parts:
            action: Action = PressKeys(keys, count) if keys else self._unknown_text(number)
            self.found.add(replace(step, action=action, description=step.description if len(parts) == 1 else ""))

    def _unknown_text(self, number: int) -> TypeText:
        name = f"text_{len(self.variables) + 1}"
        self.variables.append(Variable(name, description=f"what was typed in action {number}"))
        self.found.remark(f"action {number}: what was typed is not in the file; the variable {name} stands for it")
        return TypeText("{{" + name + "}}")

    def _drag(self, number: int, step: Step, which: str) -> None:
        if which == "start":
            self._let_go()
            self._pressed = replace(step, action=Drag())
            return
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            self.found.remark(f"action {number}: the end of a drag without its start was dropped")
        else:
            self.found.add(replace(pressed, destination=step.target))

    def _let_go(self) -> None:
        if self._pressed is not None:
            self.found.remark("the start of a drag without its end was dropped")
        self._pressed = None

    def _step(self, act: Act, at: _Place) -> Step:
        """All but the action."""
        element, window, point = _element(act, at), _window(act, at), at.point
        seen = replace(observed(at.shot, after_s=self.passed_s), window=window)
        target = Target(point, window=window, element=element) if point else None
        return Step("", Note(""), seen, target, description=act.texts.get("Description", "").strip())

    def _place(self, number: int, act: Act) -> _Place:
        name = act.texts.get("ScreenshotFileName", "").strip()
        part = self._shown.get(name.replace("\\", "/").rpartition("/")[2].lower())
        if part is None:
            self.found.remark(f"action {number}: its picture is not in the file")
        shot = self._pictures.encoded(part.data(), what=f"{self._what} {name[:80]!r}") if part else None
        screen, pointer = act.numbers("ScreenCoordsXYWH", 4), act.numbers("CursorCoordsXY", 2)
        shown = box(screen[0], screen[1], screen[0] + screen[2], screen[1] + screen[3]) if screen else None
        self.screens = self.screens or (shot.screens if shot else ())
        return _Place(shot, shown if shown and shown.area else None, (pointer[0], pointer[1]) if pointer else None)

    def _pass(self, time: str) -> None:
        """The clock of the day; a smaller time than the last is of the next day."""
        now_s = _clock_s(time)
        if now_s is None:
            return
        self._began_s = now_s if self._began_s is None else self._began_s
        days, since_s = divmod(self.passed_s, DAY_S)
        passed_s = (now_s - self._began_s) % DAY_S
        self.passed_s = (days + (passed_s < since_s)) * DAY_S + passed_s


def _clock_s(time: str) -> float | None:
    found = _TIME.search(time)
    if found is None:
        return None
    hour = int(found[1]) % 12 + 12 * (found[4].lower() == "p") if found[4] else int(found[1])
    return float(hour * 3600 + int(found[2]) * 60 + int(found[3]))


def _words(act: Act) -> str:
    """What was done in small letters, without the names of what it was done to."""
    told = re.split(r'["“«„]', act.texts.get("Description", ""), maxsplit=1)[0]
    return f"{act.texts.get('Action', '')} | {told}"[:300].lower()


def _pointing(words: str) -> Action | None:
    if wheel := _WHEEL.search(words):
        return _WHEELS[wheel[1]]
    clicks = list(_CLICK.finditer(words))
    if not clicks:
        return None
    button = next((click[1] for click in clicks if click[1]), "left")
    return Click(button=_BUTTONS[button], count=2 if any(click[2] for click in clicks) else 1)


def _element(act: Act, at: _Place) -> Element | None:
    if not act.levels:
        return None
    own, *outer = act.levels
    path = tuple(PathNode(_role(level), level.get("Name", "")) for level in reversed(outer))
    role = _role(own)
    return Element(
        app=_app(act),
        window=outer[-1].get("Name", "") if outer else "",
        role=role,
        name=own.get("Name", ""),
        bounds=at.bounds(own),
        path=path,
        password=own.get("IsPassword", "").strip().lower() in ("true", "1", "-1"),
    )


def _window(act: Act, at: _Place) -> Window | None:
    """The outermost element, where the application is told; the desktop of Windows is no window."""
    app = _app(act)
    if not app or not act.levels:
        return None
    return Window(app=app, title=act.levels[-1].get("Name", ""), bounds=at.bounds(act.levels[-1]))


def _app(act: Act) -> str:
    """The program's file name without `.exe`, in small letters, as the workbench names applications on Windows."""
    return act.attributes.get("FileName", "").replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")


def _role(level: Attributes) -> str:
    kind = level.get("ControlType", "").strip()
    if kind.isdecimal() and 0 <= int(kind[:6]) - 50000 < len(_TYPES):
        kind = _TYPES[int(kind[:6]) - 50000]
    kind = kind.removeprefix("UIA_").removesuffix("ControlTypeId")
    for name in (kind, level.get("LocalizedControlType", "")):
        plain = re.sub(r"[^a-z]", "", name.lower())
        if role := _OWN_ROLES.get(plain) or role_of(plain):
            return role
    return "unknown"
