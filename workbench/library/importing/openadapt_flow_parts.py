"""What recordings and bundles of openadapt-flow have in common: how they write actions, elements, texts and keys."""

import re
from collections.abc import Mapping

from msgspec import Struct

from workbench.actions import Action, Button, Click, Drag, PressKeys, Scroll, TypeText
from workbench.geometry import Point, Rect
from workbench.library.importing.collecting import keys_of, notches, secret_name
from workbench.trajectory import Element

PIXELS_PER_NOTCH = 100
"""A wheel is turned by pixels there; browsers scroll so far for one notch."""

KINDS = frozenset(
    {"click", "double_click", "right_click", "drag", "type", "select_option", "key", "hotkey", "wait", "scroll"}
)

_CLICKS: dict[str, tuple[Button, int]] = {
    "click": ("left", 1),
    "double_click": ("left", 2),
    "right_click": ("right", 1),
}


class Structural(Struct):
    """What accessibility or the document called an element."""

    role: str | None = None
    name: str | None = None
    window_name: str | None = None


def pointing(kind: str) -> Action | None:
    """The action of a kind that has a place; None for another kind."""
    if kind == "drag":
        return Drag()
    button, count = _CLICKS.get(kind, ("left", 0))
    return Click(button=button, count=count) if count else None


def pressed(key: str | None, modifiers: list[str]) -> PressKeys | None:
    """Keys, of which `key` may name several with `+` between; None where one is unknown."""
    keys = keys_of([*modifiers, *re.split(r"\+(?=.)", key or "")])
    return PressKeys(keys) if keys else None


def scrolled(dx_px: float, dy_px: float) -> Scroll | None:
    """Notches for pixels; None where nothing or more than anybody turns is turned."""
    across, down = notches(dx_px / PIXELS_PER_NOTCH), notches(dy_px / PIXELS_PER_NOTCH)
    return None if across is None or down is None or not (across or down) else Scroll(across, down)


def typed(text: str | None, param: str | None, names: Mapping[str, str], *, secret: bool) -> TypeText:
    """Literal text, a variable by its parameter's name, or a secret, whose text is dropped even where it is given."""
    if secret:
        return TypeText(secret=secret_name(param or ""))
    name = names.get(param) if param else None
    return TypeText("{{" + name + "}}") if name else TypeText(text or "")


def masked(action: TypeText) -> str:
    """What is said to be left out."""
    return "the text is a secret, which the recording does not hold" if action.secret is not None else ""


def element_of(found: Structural | None, at: Point) -> Element | None:
    """The element at a place; its bounds have no area, since the format does not tell them."""
    if found is None or not (found.role or found.name):
        return None
    role, window = found.role or "unknown", found.window_name or ""
    return Element(app="", window=window, role=role, name=found.name or "", bounds=Rect(at.x, at.y, 0, 0))
