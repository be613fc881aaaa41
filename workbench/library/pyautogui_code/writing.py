"""Steps as code for pyautogui, one action in one line or a few.

What pyautogui cannot do is said and not written: buttons beside left, middle and right, keys that it has no name for,
and everything that looks at the screen or asks for a window.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from workbench.actions import Click, Drag, Hover, PressKeys, Scroll, TypeText, Wait, kind
from workbench.desktop.keysyms import character_of
from workbench.geometry import Point
from workbench.trajectory import Step

BUTTONS = ("left", "middle", "right")

DWELL_MS = Hover().dwell_ms

KEYS: dict[str, str] = {
    "ctrl": "ctrl", "shift": "shift", "alt": "alt", "super": "win", "Return": "enter", "Tab": "tab", "Escape": "esc",
    "space": "space", "BackSpace": "backspace", "Delete": "delete", "Insert": "insert", "Home": "home", "End": "end",
    "Page_Up": "pageup", "Page_Down": "pagedown", "Left": "left", "Right": "right", "Up": "up", "Down": "down",
    "Menu": "apps", "Print": "printscreen", "Pause": "pause", "Caps_Lock": "capslock", "Num_Lock": "numlock",
    "Scroll_Lock": "scrolllock", "Help": "help", "Clear": "clear", "Select": "select",
    "Execute": "execute", "KP_Add": "add", "KP_Subtract": "subtract", "KP_Multiply": "multiply",
    "KP_Divide": "divide", "KP_Decimal": "decimal", "KP_Separator": "separator", "XF86AudioMute": "volumemute",
    "XF86AudioLowerVolume": "volumedown", "XF86AudioRaiseVolume": "volumeup", "XF86AudioPlay": "playpause",
    "XF86AudioNext": "nexttrack", "XF86AudioPrev": "prevtrack", "XF86AudioStop": "stop", "XF86Back": "browserback",
    "XF86Forward": "browserforward", "XF86Refresh": "browserrefresh", "XF86HomePage": "browserhome",
    **{f"KP_{digit}": f"num{digit}" for digit in range(10)},
    **{f"F{number}": f"f{number}" for number in range(1, 25)},
}  # fmt: skip

ALIKE = {"Prior": "Page_Up", "Next": "Page_Down", "KP_Enter": "Return", "ISO_Left_Tab": "Tab"}
"""Keys that become others, which do the same nearly everywhere."""


@dataclass(frozen=True)
class Dialect:
    """How one format writes what formats write differently: a place, a text and a wait, each as code."""

    place: Callable[[Point], str]
    text: Callable[[TypeText], str]
    wait: Callable[[float], str]
    triple: str = "pyautogui.tripleClick"


@dataclass(frozen=True)
class Code:
    """The lines of one step, none where it cannot be done, and what of it is lost, in words."""

    lines: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def code_of(step: Step, dialect: Dialect) -> Code:
    """The lines that do one step."""
    writer = _WRITERS.get(type(step.action))
    return writer(step, dialect) if writer else Code(lost=(f"pyautogui cannot {kind(step.action).replace('_', ' ')}",))


def pixels(point: Point) -> str:
    """A place in pixels, as arguments."""
    return f"{point.x}, {point.y}"


def key_name(key: str) -> str | None:
    """What pyautogui calls a key; None for one that it cannot press."""
    character = character_of(key)
    typed = character if character.isascii() and character.isprintable() and character != " " else ""
    return KEYS.get(ALIKE.get(key, key)) or typed or None


def literal(text: str) -> str:
    """A text as Python writes it, on one line."""
    return repr(text)


def sleep(seconds: float) -> str:
    """A wait by the clock."""
    return f"time.sleep({seconds:g})" if float(f"{seconds:g}") == seconds else f"time.sleep({seconds!r})"


def _click(step: Step, dialect: Dialect) -> Code:
    action = cast(Click, step.action)
    if action.button not in BUTTONS:
        return Code(lost=(f"pyautogui has no {action.button} button",))
    name, more = _click_words(action, dialect)
    at = dialect.place(step.target.point) if step.target else ""
    call = f"{name}({', '.join(filter(None, (at, *more)))})"
    return _holding(action.modifiers, call)


def _click_words(action: Click, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    button = () if action.button == "left" else (f"button={action.button!r}",)
    match action.count, action.button:
        case 1, "left":
            return "pyautogui.click", ()
        case 1, _:
            return f"pyautogui.{action.button}Click", ()
        case 2, "left":
            return "pyautogui.doubleClick", ()
        case 3, "left":
            return dialect.triple, ()
        case _:
            return "pyautogui.click", (f"clicks={action.count}", *button)


def _hover(step: Step, dialect: Dialect) -> Code:
    if step.target is None:
        return Code(lost=("it rests on no place that is known",))
    line = f"pyautogui.moveTo({dialect.place(step.target.point)})"
    dwell_ms = cast(Hover, step.action).dwell_ms
    return Code((line if dwell_ms == DWELL_MS else f"{line}; {sleep(dwell_ms / 1000)}",))


def _drag(step: Step, dialect: Dialect) -> Code:
    action = cast(Drag, step.action)
    if step.target is None or step.destination is None:
        return Code(lost=("it drags between places that are not known",))
    if action.button not in BUTTONS:
        return Code(lost=(f"pyautogui has no {action.button} button",))
    lasts_ms = action.path[-1].at_ms if action.path else 0
    duration = f", duration={lasts_ms / 1000!r}" if lasts_ms > 0 else ""
    start = f"pyautogui.moveTo({dialect.place(step.target.point)})"
    end = f"pyautogui.dragTo({dialect.place(step.destination.point)}{duration}, button={action.button!r})"
    held = _holding(action.modifiers, start, end)
    return Code(held.lines, ("it drags in a straight line",) if len(action.path) > 1 else ())


def _scroll(step: Step, dialect: Dialect) -> Code:
    action = cast(Scroll, step.action)
    move = [f"pyautogui.moveTo({dialect.place(step.target.point)})"] if step.target else []
    turns = [f"pyautogui.scroll({-action.dy})"] if action.dy or not action.dx else []
    turns += [f"pyautogui.hscroll({action.dx})"] if action.dx else []
    return _holding(action.modifiers, *move, "; ".join(turns))


def _type(step: Step, dialect: Dialect) -> Code:
    action = cast(TypeText, step.action)
    beyond = sum(not (sign.isascii() and (sign.isprintable() or sign in "\n\t")) for sign in action.text)
    lost = (f"pyautogui types only what an American keyboard has; {beyond} characters are beyond",) if beyond else ()
    return Code((f"pyautogui.write({dialect.text(action)})",), lost)


def _press(step: Step, _: Dialect) -> Code:
    action = cast(PressKeys, step.action)
    names = [key_name(key) for key in action.keys]
    known = [name for name in names if name]
    if not known or len(known) < len(names):
        return Code(lost=("pyautogui has no name for one of its keys",))
    lost = tuple(f"{key} becomes {ALIKE[key]}" for key in action.keys if key in ALIKE)
    if len(known) == 1:
        times = f", presses={action.count}" if action.count != 1 else ""
        return Code((f"pyautogui.press({known[0]!r}{times})",), lost)
    line = f"pyautogui.hotkey({', '.join(map(repr, known))})"
    return Code((f"for _ in range({action.count}): {line}" if action.count != 1 else line,), lost)


def _wait(step: Step, dialect: Dialect) -> Code:
    action = cast(Wait, step.action)
    if action.until is not None:
        return Code(lost=("pyautogui cannot wait for something to appear",))
    return Code((dialect.wait(action.seconds),))


def _holding(modifiers: Sequence[str], *lines: str) -> Code:
    names = [KEYS[name] for name in modifiers]
    downs = [f"pyautogui.keyDown({name!r})" for name in names]
    ups = [f"pyautogui.keyUp({name!r})" for name in reversed(names)]
    return Code((*downs, *lines, *ups))


_WRITERS: dict[type[object], Callable[[Step, Dialect], Code]] = {
    Click: _click,
    Hover: _hover,
    Drag: _drag,
    Scroll: _scroll,
    TypeText: _type,
    PressKeys: _press,
    Wait: _wait,
}
