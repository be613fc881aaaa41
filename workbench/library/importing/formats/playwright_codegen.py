"""What Playwright's recorder writes with `codegen --target jsonl`: a line about the browser, then a line per action.

The recorder keeps no places, times or pictures: an element is known by what its locator says, its bounds are empty.
What was done to the browser rather than on its page becomes a note.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from msgspec import Struct, field

from workbench.actions import (
    Action,
    Button,
    Check,
    Click,
    Condition,
    Hover,
    Modifier,
    Note,
    PressKeys,
    TypeText,
)
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.library.importing.assembling import Assembly, called, chord, joined, without_secret
from workbench.library.importing.collecting import place
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.pictures import Pictures
from workbench.library.importing.playwright_locators import Locator, Named, read
from workbench.library.importing.source import Source, decoded
from workbench.trajectory import Step, Target

TITLE = "Playwright codegen"

MOST_CLICKS = 20

_HEADER = re.compile(rb'\{"browserName":"[a-z]{1,20}","launchOptions":')
_BLANK = ("", "about:blank", "chrome://newtab/")
_MODIFIERS: dict[int, Modifier] = {2: "ctrl", 8: "shift", 1: "alt", 4: "super"}
"""The bits of `modifiers`, in the order of this program."""

_BUTTONS: dict[str, Button] = {"left": "left", "right": "right", "middle": "middle"}


class _Position(Struct):
    x: float
    y: float


class _Signal(Struct):
    name: str = ""


class _Line(Struct):
    name: str
    selector: str | None = None
    locator: Locator | None = None
    button: str | None = None
    modifiers: int = 0
    click_count: int = field(name="clickCount", default=1)
    position: _Position | None = None
    text: str | None = None
    key: str | None = None
    url: str | None = None
    value: str | None = None
    options: list[str] | None = None
    files: list[str] | None = None
    signals: list[_Signal] | None = None


def recognises(source: Source) -> bool:
    """Whether its first line is the recorder's and the second an action."""
    return not source.is_folder and _HEADER.match(source.start()) is not None


def items(source: Source) -> Iterator[Item]:
    """The one in the file."""
    yield Item(source.name, partial(_read, source))


def _read(source: Source, _pictures: Pictures) -> Draft:
    reading = _Reading()
    for number, line in source.lines():
        if not line.strip():
            continue
        what = f"{source.path} line {number}"
        if number == 1 and b'"name"' not in line[:20]:
            decoded(line, dict[str, Any], what=what)
            continue
        reading.take(decoded(line, _Line, what=what))
    if not reading.made.steps:
        raise BadInputError(f"{source.path} has no action; record it again")
    reading.made.remark_once("the recorder keeps no places, times and pictures: elements are known by role and name")
    return reading.made.draft(source.path.stem)


class _Reading:
    """The actions in their order."""

    def __init__(self) -> None:
        self.made = Assembly()
        self._clicked = ""

    def take(self, line: _Line) -> None:
        if line.name in ("openPage", "closePage", "navigate"):
            self._page(line)
        elif line.name.startswith("assert"):
            self._assert(line)
        elif line.selector is None:
            self.made.remark(f"{called(line.name)} was dropped: it has no counterpart")
        else:
            self._on_element(line, line.selector)
        if any(signal.name == "dialog" for signal in line.signals or ()):
            self.made.remark("a dialog of the page was answered here; the file does not say how")
        self._clicked = line.selector or "" if line.name in ("click", "fill") else ""

    def _put(self, action: Action, target: Target | None = None) -> None:
        self.made.add(Step("", action, target=target))

    def _page(self, line: _Line) -> None:
        url = line.url or ""
        if line.name == "closePage":
            self._put(Note("Close the page"))
        elif url not in _BLANK:
            self._put(Note(f"Go to {url}" if line.name == "navigate" else f"Open {url}"))

    def _on_element(self, line: _Line, selector: str) -> None:
        named = read(line.locator, selector)
        target = _target(named, line.position)
        if named.partly and target is not None:
            self.made.remark("the locator says more than a role, a name, a label or a text; that was not kept")
        if line.name == "fill":
            self._fill(line, selector, named, target)
            return
        found = _action(line, named)
        if found is None:
            self.made.remark(f"{called(line.name)} was dropped: it has no counterpart, or lacks what it needs")
        elif target is None and not isinstance(found, Note | PressKeys):
            self.made.remark(f"{called(line.name)} kept as a note: its locator has no role, name, label or text")
            self._put(Note(f"{line.name} on {selector}"))
        else:
            self._put(found, target)

    def _fill(self, line: _Line, selector: str, named: Named, target: Target | None) -> None:
        """A click for the focus, unless there was one just now, and the text."""
        if target is not None and self._clicked != selector:
            self.made.remark("fill sets a field's text; imported as a click on the field and typing")
            self._put(Click(), target)
        if line.text:
            self._put(TypeText(line.text), target)
            if named.element and named.element.password:
                self.made.steps[-1] = without_secret(self.made.steps[-1])
        else:
            self.made.remark("fill with nothing was dropped: how the field was emptied is not recorded")

    def _assert(self, line: _Line) -> None:
        named = read(line.locator, line.selector or "")
        condition = _condition(line, named)
        if condition is None:
            self.made.remark(f"{called(line.name)} was dropped: no check can say it")
        else:
            self._put(Check(condition))


def _action(line: _Line, named: Named) -> Action | None:
    match line.name:
        case "click":
            return _click(line)
        case "hover":
            return Hover()
        case "check" | "uncheck":
            return Click()
        case "press":
            return chord([*_modifiers(line.modifiers), *joined(line.key or "")])
        case "select":
            return Note(f"Choose {_listed(line.options)} in the list {named.words}".rstrip())
        case "setInputFiles":
            return Note(f"Upload {_listed(line.files)}")
    return None


def _click(line: _Line) -> Click | None:
    button = _BUTTONS.get(line.button or "left")
    if button is None or not 1 <= line.click_count <= MOST_CLICKS:
        return None
    return Click(button, line.click_count, _modifiers(line.modifiers))


def _condition(line: _Line, named: Named) -> Condition | None:
    name = named.element.name or named.element.label if named.element else ""
    role = named.element.role if named.element else ""
    match line.name:
        case "assertVisible" if name:
            return Condition(element=name, role=role or None)
        case "assertVisible" if named.text:
            return Condition(text=named.text.text)
        case "assertText" if line.text:
            return Condition(text=line.text)
        case "assertValue" if name and line.value is not None:
            return Condition(element=name, role=role or None, value=line.value)
    return None


def _target(named: Named, position: _Position | None) -> Target | None:
    """The element, with the place inside it where the recorder kept one."""
    if named.element is None and named.text is None:
        return None
    point = place(position.x, position.y) if position else None
    return Target(point or Point(0, 0), None, named.element, None, named.text)


def _modifiers(bits: int) -> tuple[Modifier, ...]:
    return tuple(name for bit, name in _MODIFIERS.items() if bits & bit)


def _listed(values: list[str] | None) -> str:
    return ", ".join(f"“{value}”" for value in values or ()) or "nothing"
