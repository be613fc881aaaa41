"""One line of plain English for every step and action.

The lines name things as a person sees them (“click the button “Save” in Mousepad”), start in lower case and end
without a full stop. Control and direction-changing characters never get through, long names and texts are cut, and
secrets appear by name only.
"""

import unicodedata
from collections.abc import Callable, Sequence
from typing import cast

from workbench.actions import (
    Action,
    Activate,
    Ask,
    Call,
    Check,
    Click,
    Condition,
    Drag,
    Fail,
    Finish,
    Hover,
    Note,
    PressKeys,
    Read,
    Scroll,
    TypeText,
    Wait,
)
from workbench.trajectory import Element, Step, Target

LONGEST_CHARACTERS = 60
"""Names and texts longer than this are cut, with an ellipsis."""

ON_TEXT_PX = 10
"""A point that is no farther from a text is on it; beyond, the text may belong to the neighbour."""

NO_FIELDS = frozenset({"push button", "toggle button", "check box", "radio button", "menu item", "page tab", "frame"})
"""What may have the focus while somebody types to the window as a whole."""

_ROLES = {
    "push button": "button",
    "toggle button": "button",
    "check box": "checkbox",
    "check menu item": "menu item",
    "radio menu item": "menu item",
    "radio button": "option",
    "page tab": "tab",
    "text": "field",
    "entry": "field",
    "edit": "field",
    "password text": "password field",
    "table cell": "cell",
    "tree item": "item",
    "list item": "item",
    "label": "label",
    "static": "text",
    "document web": "page",
    "drawing area": "drawing",
    "unknown": "element",
    "filler": "area",
    "panel": "area",
    "combo box": "list",
    "spin button": "number field",
    "push button menu": "menu button",
}

_PARTS = {
    "tool bar": "toolbar",
    "menu": "menu",
    "popup menu": "menu",
    "menu bar": "menu bar",
    "dialog": "dialog",
    "alert": "message",
    "file chooser": "file dialog",
    "page tab list": "tabs",
    "status bar": "status bar",
    "list": "list",
    "tree": "tree",
    "table": "table",
    "tree table": "table",
}
"""Parts of a window by which people say where something is."""

_KEYS = {
    "ctrl": "Ctrl",
    "shift": "Shift",
    "alt": "Alt",
    "super": "Super",
    "Return": "Enter",
    "KP_Enter": "Enter",
    "BackSpace": "Backspace",
    "space": "Space",
    "Prior": "Page Up",
    "Next": "Page Down",
    "Escape": "Escape",
    "plus": "+",
    "minus": "-",
    "comma": ",",
    "period": ".",
    "slash": "/",
    "equal": "=",
    "asterisk": "*",
    "question": "?",
}

_SIGNS = {"\n": "⏎", "\t": "⇥", "\r": "⏎"}


def caption(step: Step) -> str:
    """What to call the step: the description that it carries, else `describe`."""
    return tidy(step.description) or describe(step)


def describe(step: Step) -> str:
    """What the step does, to what and in which application, worked out from its action and target."""
    return _LINES[type(step.action)](step)


def describe_placed(step: Step) -> str:
    """`describe`, with the part of the window where the target is: “… the button “Save” in the toolbar of Mousepad”."""
    line, part = describe(step), describe_part(step.target)
    if not part or describe_target(step.target) not in line:
        return line
    app = _in_app(step.target, step)
    head = line.removesuffix(app) if app else line
    return f"{head} in {part}" + (f" of{app.removeprefix(' in')}" if head != line else "")


def describe_part(target: Target | None) -> str:
    """The part of the window that holds the target: “the toolbar”, “the menu “File””; empty where none is telling."""
    if target is None or target.element is None:
        return ""
    found = ((node, _PARTS.get(node.role.replace("_", " ").lower())) for node in reversed(target.element.path))
    node, kind = next(((node, kind) for node, kind in found if kind), (None, ""))
    if node is None:
        return ""
    return f"the {kind} {quoted(node.name.strip())}" if node.name.strip() else f"the {kind}"


def describe_action(action: Action) -> str:
    """What the action does, without saying where."""
    return describe(Step(id="", action=action))


def sentence(text: str) -> str:
    """The line with a capital first letter and a full stop, for reading in prose."""
    whole = text[:1].upper() + text[1:]
    return whole if not whole or whole[-1] in ".!?…" else f"{whole}."


def duration(elapsed_ms: float) -> str:
    """A time as people say it: `340 ms`, `8.4 s`, `2 min 5 s`."""
    if elapsed_ms < 1000:
        return f"{elapsed_ms:.0f} ms"
    if elapsed_ms < 60_000:
        return f"{elapsed_ms / 1000:.1f} s"
    return f"{elapsed_ms // 60_000:.0f} min {elapsed_ms % 60_000 / 1000:.0f} s"


def tidy(text: str, longest: int = LONGEST_CHARACTERS) -> str:
    """The text on one line without control or direction-changing characters, cut to `longest` characters."""
    shown = (
        text if text.isprintable() else "".join(" " if c.isspace() else c for c in text if c.isspace() or is_shown(c))
    )
    line = " ".join(shown.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def quoted(text: str, longest: int = LONGEST_CHARACTERS) -> str:
    """The text in quotation marks, line ends and tabs as signs, the rest as `tidy` leaves it."""
    line = "".join(_SIGNS.get(c, c) for c in text.replace("\r\n", "\n"))
    kept = "".join(c for c in line if is_shown(c))
    return f"“{kept if len(kept) <= longest else kept[: longest - 1] + '…'}”"


def named_workflows(titles: Sequence[str]) -> str:
    """`the workflow “Save as”`, or all of them."""
    named = [f"“{tidy(title)}”" for title in titles]
    return f"the workflow {named[0]}" if len(named) == 1 else f"the workflows {', '.join(named[:-1])} and {named[-1]}"


def is_shown(character: str) -> bool:
    """Whether a character can be put before a reader: none that are invisible, unassigned or turn the line around."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def describe_target(target: Target | None) -> str:
    """The target as a person would name it: “the button “Save”, “the text “Total”, or the place in pixels."""
    if target is None:
        return "nothing in particular"
    if target.element and (named := _element(target.element)):
        return named
    what = f"the {_role(target.element)}" if target.element else "the place"
    if target.text and target.text.text.strip():
        printed = quoted(target.text.text.strip())
        return printed if target.text.bounds.grown(ON_TEXT_PX).contains(target.point) else f"{what} near {printed}"
    return f"{what} at {target.point.x}, {target.point.y}"


def describe_keys(keys: tuple[str, ...]) -> str:
    """Keys as they are printed on a keyboard: `Ctrl+S`, `Alt+F4`, `Page Down`."""
    return "+".join(_key(key, alone=len(keys) == 1) for key in keys)


def describe_app(app: str) -> str:
    """The application as people write it: with a capital letter where its own name has none."""
    name = tidy(app)
    return name[:1].upper() + name[1:] if name.islower() else name


def describe_condition(condition: Condition) -> str:
    """What has to be seen for the condition to hold."""
    parts = [
        f"a window called {quoted(condition.window)}" if condition.window is not None else "",
        f"the application {describe_app(condition.app)}" if condition.app is not None else "",
        _condition_element(condition),
        f"the printed text {quoted(condition.text)}" if condition.text is not None else "",
    ]
    seen = " and ".join(part for part in parts if part) or "the desktop"
    return f"{seen} is there" if condition.present else f"{seen} is gone"


def _condition_element(condition: Condition) -> str:
    if condition.element is None and condition.role is None and condition.value is None:
        return ""
    role = _ROLES.get(condition.role or "", condition.role or "element")
    name = f" {quoted(condition.element)}" if condition.element else ""
    value = f" with the value {quoted(condition.value)}" if condition.value is not None else ""
    return f"the {role}{name}{value}"


def _key(key: str, *, alone: bool) -> str:
    if len(key) == 1:
        return key if alone else key.upper()
    return _KEYS.get(key) or tidy(key.replace("_", " "))


def _role(element: Element) -> str:
    role = element.role.replace("_", " ").replace("-", " ").strip().lower()
    return "password field" if element.password else _ROLES.get(role, tidy(role) or "element")


def _element(element: Element) -> str:
    name = element.name.strip() or element.label.strip()
    return f"the {_role(element)} {quoted(name)}" if name else ""


def _in_app(target: Target | None, step: Step) -> str:
    window = (target.window if target else None) or step.observation.window
    element = target.element if target else None
    app = (element.app if element else "") or (window.app if window else "")
    return f" in {describe_app(app)}" if app.strip() else ""


def _at_target(step: Step) -> str:
    return describe_target(step.target) + _in_app(step.target, step)


def _click(step: Step) -> str:
    action = cast(Click, step.action)
    verb = {1: "click", 2: "double-click", 3: "triple-click"}.get(action.count, f"click {action.count} times")
    button = "" if action.button == "left" else f"{action.button}-"
    where = f" {_at_target(step)}" if step.target else ""
    return f"{_held(action.modifiers)}{button}{verb}{where}"


def _held(modifiers: tuple[str, ...]) -> str:
    return describe_keys(tuple(modifiers)) + "+" if modifiers else ""


def _hover(step: Step) -> str:
    return f"rest the pointer on {_at_target(step)}"


def _drag(step: Step) -> str:
    action = cast(Drag, step.action)
    button = "" if action.button == "left" else f" with the {action.button} button"
    goal = f" to {describe_target(step.destination)}" if step.destination else ""
    return f"{_held(action.modifiers)}drag {describe_target(step.target)}{goal}{button}{_in_app(step.target, step)}"


def _scroll(step: Step) -> str:
    action = cast(Scroll, step.action)
    ways = [
        (action.dy, "down", "up"),
        (action.dx, "right", "left"),
    ]
    turns = [f"{forth if n > 0 else back} {_count(abs(n), 'notch', 'notches')}" for n, forth, back in ways if n]
    over = f" over {_at_target(step)}" if step.target else ""
    return f"{_held(action.modifiers)}scroll {' and '.join(turns) or 'nowhere'}{over}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _type_text(step: Step) -> str:
    action = cast(TypeText, step.action)
    field = (step.target.element if step.target else None) or step.observation.focused
    into = _into(step, field)
    if action.secret is not None:
        return f"type the secret {quoted(action.secret)}{into}"
    hidden = field is not None and field.password
    return f"type a hidden text{into}" if hidden else f"type {quoted(action.text)}{into}"


def _into(step: Step, field: Element | None) -> str:
    if field is not None and field.role in NO_FIELDS:
        return _in_app(step.target, step)
    if field is None:
        return (f" into {describe_target(step.target)}" if step.target else "") + _in_app(step.target, step)
    where = _element(field) or f"the {_role(field)}"
    return f" into {where}" + (f" in {describe_app(field.app)}" if field.app.strip() else "")


def _press_keys(step: Step) -> str:
    action = cast(PressKeys, step.action)
    times = "" if action.count == 1 else f" {action.count} times"
    return f"press {describe_keys(action.keys)}{times}{_in_app(step.target, step)}"


def _activate(step: Step) -> str:
    action = cast(Activate, step.action)
    window = f"the window {quoted(action.title)} of " if action.title.strip() else ""
    return f"bring {window}{describe_app(action.app)} to the front"


def _wait(step: Step) -> str:
    action = cast(Wait, step.action)
    if action.until:
        return f"wait until {describe_condition(action.until)}"
    return f"wait {action.seconds:g} {'second' if action.seconds == 1 else 'seconds'}"


def _check(step: Step) -> str:
    return f"check that {describe_condition(cast(Check, step.action).that)}"


def _read(step: Step) -> str:
    return f"read {_at_target(step)} into {quoted(cast(Read, step.action).variable)}"


def _call(step: Step) -> str:
    action = cast(Call, step.action)
    given = ", ".join(f"{tidy(a.name)} = {quoted(a.value)}" for a in action.arguments)
    return f"carry out the workflow {quoted(action.workflow)}" + (f" with {given}" if given else "")


def _ask(step: Step) -> str:
    return f"ask the person {quoted(cast(Ask, step.action).question)}"


def _note(step: Step) -> str:
    return f"note {quoted(cast(Note, step.action).text)}"


def _finish(step: Step) -> str:
    answer = cast(Finish, step.action).answer
    return f"finish with the answer {quoted(answer)}" if answer.strip() else "finish"


def _fail(step: Step) -> str:
    return f"give up: {tidy(cast(Fail, step.action).reason) or 'no reason given'}"


_LINES: dict[type[object], Callable[[Step], str]] = {
    Click: _click,
    Hover: _hover,
    Drag: _drag,
    Scroll: _scroll,
    TypeText: _type_text,
    PressKeys: _press_keys,
    Activate: _activate,
    Wait: _wait,
    Check: _check,
    Read: _read,
    Call: _call,
    Ask: _ask,
    Note: _note,
    Finish: _finish,
    Fail: _fail,
}
