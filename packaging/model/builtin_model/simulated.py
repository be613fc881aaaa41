"""Small simulated programs with composite tasks: state machines of screens, on which an agent and a user can act.

A task tells two values and what is to become of them, and none of the controls by which that is done. The names of
the controls are drawn anew for every program, among others that have nothing to do with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from agents.screen.listing import ElementList, Line, Role, numbered
from agents.screen.reading import Read
from builtin_model.data.labels import code, label, number, person
from workbench.actions import Action, Click, TypeText
from workbench.geometry import Point, Rect
from workbench.trajectory import Element, Step, Target, Trajectory

Values = tuple[str, str]
Deed = Literal["click", "type"]

_SYSTEM_ROLES: Mapping[Role, str] = {
    "button": "push button",
    "field": "entry",
    "tab": "page tab",
    "menu item": "menu item",
    "item": "list item",
    "checkbox": "check box",
    "link": "link",
    "text": "label",
}
_FILLERS: tuple[Role, ...] = ("button", "link", "field", "tab", "checkbox", "item")
_TITLES = ("Overview", "Entry", "Confirmation", "Results")
_BEGIN = ("New", "Create…", "Add entry", "Begin", "Insert record", "Compose", "Open form")
_COMMIT = ("Save", "Apply", "Store", "Submit", "Post", "Done", "Keep changes")
_CONFIRM = ("OK", "Yes", "Continue", "Proceed", "I am sure")
_SEARCH = ("Search", "Find", "Filter", "Look for")
_GO = ("Go", "Start", "Show results", "Run")
_FIELDS = (
    ("Full name", "Phone number"),
    ("Title", "Price"),
    ("Recipient", "Subject"),
    ("Guest", "Room"),
    ("Article", "Quantity"),
    ("Patient", "Ward"),
    ("Driver", "Plate"),
    ("Caption", "Code"),
)
"""What the first and the second value go into."""
_TASKS = (
    "add {a} with {b}",
    "register {a}, {b}",
    "take {a} down under {b}",
    "note that {a} has {b}",
    "we need {a} in the records with {b}",
    "put {b} on file for {a}",
    "have {a} entered with {b}",
)
_LOOKUPS = ("mark {a} with {b}", "give {a} the note {b}", "attach {b} to {a}")


@dataclass(frozen=True)
class Act:
    """What a user does on one screen; `name` and `text` may hold {a} and {b} for the values of the task."""

    deed: Deed
    role: Role
    name: str
    text: str = ""


@dataclass(frozen=True)
class Program:
    """Its task, what a user does for it screen by screen, and what else stands on the screens.

    After the last act of a screen the next one comes; after the last of all, the first one again, and the values of
    all fields are kept.
    """

    app: str
    task: str
    screens: tuple[tuple[Act, ...], ...]
    others: tuple[tuple[tuple[Role, str], ...], ...]

    def told(self, values: Values) -> str:
        """The task with these values."""
        return _with(self.task, values)


@dataclass
class Stage:
    """One program while somebody works with it; `kept` is what was stored, once for each time."""

    program: Program
    values: Values
    screen: int = 0
    focus: str = ""
    filled: dict[str, str] = field(default_factory=dict)
    kept: list[dict[str, str]] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Whether exactly what the task wants was stored, and stored once."""
        acts = [act for acts in self.program.screens for act in acts if act.deed == "type"]
        wanted = {act.name: _with(act.text, self.values) for act in acts}
        return self.kept == [wanted]

    def read(self) -> Read:
        """The screen as the product reads one."""
        lines = numbered(self._lines())
        title = _TITLES[self.screen % len(_TITLES)]
        elements = {line.ref: _element(self.program.app, title, line, row) for row, line in enumerate(lines)}
        return Read(ElementList(self.program.app, title, lines), elements)

    def act(self, action: Action, line: Line | None) -> bool:
        """Do it, at a line where it has one; whether anything on the screen is different then."""
        before = (self.screen, self.focus, dict(self.filled), len(self.kept))
        if isinstance(action, Click) and line is not None and action.button == "left":
            self._click(line)
        elif isinstance(action, TypeText) and self.focus:
            self.filled[self.focus] = action.text
        return before != (self.screen, self.focus, self.filled, len(self.kept))

    def _click(self, line: Line) -> None:
        self.focus = line.name if line.role == "field" else ""
        last = self.program.screens[self.screen][-1]
        if (line.role, line.name) != (last.role, _with(last.name, self.values)):
            return
        self.screen += 1
        if self.screen == len(self.program.screens):
            self.kept.append(dict(self.filled))
            self.screen, self.filled = 0, {}

    def _lines(self) -> list[Line]:
        acts = self.program.screens[self.screen]
        own = [(act.role, _with(act.name, self.values)) for act in acts]
        rest = self.program.others[self.screen]
        rng = Random(f"{self.program.app} {self.screen}")  # noqa: S311 - the same screen has to look the same
        places = sorted(rng.sample(range(len(own) + len(rest)), len(own)))
        found = list(rest)
        for place, one in zip(places, own, strict=True):
            found.insert(place, one)
        lines = [self._line(role, name) for role, name in found]
        return [*lines, *(Line("", "text", "Stored") for _ in self.kept[:1])]

    def _line(self, role: Role, name: str) -> Line:
        focused = ("focused",) if role == "field" and name == self.focus else ()
        return Line("", role, name, self.filled.get(name, "") if role == "field" else "", focused)  # type: ignore[arg-type]  # the tuple holds states only


def program(rng: Random) -> Program:
    """A program that no other seed gives."""
    first, second = rng.choice(_FIELDS)
    entry = (Act("type", "field", first, "{a}"), Act("type", "field", second, "{b}"), _button(rng, _COMMIT))
    begin = _button(rng, _BEGIN)
    menu = Act("click", rng.choice(("tab", "menu item", "link")), label(rng, "test"))
    sure = (_button(rng, _CONFIRM),)
    lookup = (Act("type", "field", rng.choice(_SEARCH), "{a}"), _button(rng, _GO))
    found = (Act("click", "item", "{a}"),)
    note = (Act("type", "field", second, "{b}"), _button(rng, _COMMIT))
    task, screens = rng.choice(
        (
            (_TASKS, ((begin,), entry)),
            (_TASKS, ((begin,), entry, sure)),
            (_TASKS, ((menu,), (begin,), entry)),
            (_TASKS, ((begin,), (*entry[:1], _button(rng, _GO)), note)),
            (_LOOKUPS, (lookup, found, note)),
        )
    )
    own = {act.name for acts in screens for act in acts}
    others = tuple(_others(rng, own) for _ in screens)
    return Program(label(rng, "test").lower().split(" ")[0] or "app", rng.choice(task), screens, others)


def values_for(rng: Random) -> Values:
    """A name and something else, as they might stand in a task."""
    return person(rng, "test"), rng.choice((number, code))(rng, "test")


def recorded(program: Program, values: Values) -> Trajectory:
    """What a user's work looks like as a recording; raises ValueError where the program does not come to its end."""
    stage = Stage(program, values)
    steps: list[Step] = []
    for act in [act for acts in program.screens for act in acts]:
        read = stage.read()
        name = _with(act.name, values)
        line = next(line for line in read.shown.lines if (line.role, line.name) == (act.role, name))
        stage.act(Click(), line)
        action: Action = Click()
        if act.deed == "type":
            action = TypeText(_with(act.text, values))
            stage.act(action, line)
        element = read.elements[line.ref]
        steps.append(Step(f"s{len(steps) + 1}", action, target=Target(element.bounds.centre, element=element)))
    if not stage.reached:
        raise ValueError(f"what a user does in {program} does not do its task")
    return Trajectory("recorded", "recorded", tuple(steps), task=program.told(values))


def _button(rng: Random, names: tuple[str, ...]) -> Act:
    return Act("click", "button", rng.choice(names))


def _others(rng: Random, own: set[str]) -> tuple[tuple[Role, str], ...]:
    names = {label(rng, "test"): rng.choice(_FILLERS) for _ in range(rng.randint(5, 16))}
    return tuple((role, name) for name, role in names.items() if name not in own)


def _with(words: str, values: Values) -> str:
    return words.replace("{a}", values[0]).replace("{b}", values[1])


def _element(app: str, title: str, line: Line, row: int) -> Element:
    bounds = Rect(10, 10 + 24 * row, 200, 20)
    states = ("enabled", "sensitive", "showing", "visible")
    ref = (app, f"{title} {line.role} {line.name}")
    return Element(app, title, _SYSTEM_ROLES[line.role], line.name, bounds, states=states, value=line.value, ref=ref)


ORIGIN = Point(0, 0)
"""Where the desktop of the simulation begins."""
