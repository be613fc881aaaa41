"""One control per line: parts are merged into wholes, labels into what they label, and groups stay together."""

import unicodedata
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from msgspec import structs

from agents.screen.listing import Role
from agents.screen.outline import Node, Sheet
from agents.screen.placing import Control, Group, in_rows, tabs_first
from agents.screen.roles import (
    FILLED,
    MENU_ROLES,
    NAMED_ONLY,
    PARTS,
    TEXTS,
    TICKED,
    WHOLE,
    WRITTEN,
    role_word,
    state_words,
)
from workbench.geometry import Rect, around
from workbench.locate.identity import TITLED_ROLES, called, role_of
from workbench.trajectory import Element

LONGEST_TEXT = 100
"""Printed text that is longer is no caption of anything; it is read off the screen by those who need it."""

_GAP_PX = 8
"""How far apart the pieces of one printed line are at most."""

_PARTS_TOLD = 4
"""Of how many texts a nameless control takes its name."""


@dataclass(frozen=True)
class _Around:
    """What a node stands in."""

    sheet: Sheet
    desktop: Rect
    groups: tuple[str, ...] = ()
    on_top: bool = False


def controls_of(root: Node, sheet: Sheet, desktop: Rect, *, on_top: bool) -> tuple[Control, ...]:
    """The controls below a toplevel in reading order: by rows, each group of the structure in one piece."""
    return _told_once(_gathered(root, _Around(sheet, desktop, on_top=on_top)).controls)


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """The text on one line, without characters that cannot be seen: control, direction and private ones."""
    seen = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text if _printed(sign))
    return " ".join(seen.split())


def _printed(sign: str) -> bool:
    return sign.isprintable() or unicodedata.category(sign) in ("Cc", "Zs")


def _gathered(node: Node, around_it: _Around) -> Group:
    control = _control(node, around_it)
    found = _below(node, control, around_it)
    below = tabs_first(found) if role_of(node.element) == "page tab list" else in_rows(found)
    if not control:
        return Group(around(*(group.bounds for group in below)), _flowing(_controls(below)))
    if control.role in WHOLE:
        control, below = _merged(control, below)
    own = (control,) if control.name or control.role not in NAMED_ONLY else ()
    return Group(control.element.bounds, (*own, *_controls(below)))


def _controls(groups: Iterable[Group]) -> tuple[Control, ...]:
    return tuple(control for group in groups for control in group.controls)


def _flowing(controls: Sequence[Control]) -> tuple[Control, ...]:
    """The controls with the pieces of one printed line put together."""
    found: list[Control] = []
    for control in controls:
        if found and _continues(found[-1], control):
            bounds = around(found[-1].element.bounds, control.element.bounds)
            name = f"{found[-1].name} {control.name}"
            element = structs.replace(found[-1].element, bounds=bounds, name=name)
            found[-1] = replace(found[-1], name=name, element=element)
        else:
            found.append(control)
    return tuple(found)


def _continues(one: Control, other: Control) -> bool:
    """Whether the other text goes on where the one ends; browsers cut lines where their style changes."""
    if not role_of(one.element) == role_of(other.element) == "static":
        return False
    end, start = one.element.bounds, other.element.bounds
    return end.y == start.y and end.height == start.height and 0 <= start.x - end.right + 2 <= _GAP_PX


def _below(node: Node, control: Control | None, around_it: _Around) -> list[Group]:
    """What stands below the node, group by group."""
    element = node.element
    sheet = around_it.sheet.inside(element, around_it.desktop)
    if sheet is None or (control and control.role in WRITTEN):
        return []
    on_top = around_it.on_top or sheet.area == around_it.desktop != around_it.sheet.area
    inside = _Around(sheet, around_it.desktop, _names(element, around_it.groups), on_top)
    found = [_gathered(child, inside) for child in node.children if not _of_closed_list(child, element)]
    return [group for group in found if group.controls]


def _names(element: Element, groups: tuple[str, ...]) -> tuple[str, ...]:
    name = "" if role_of(element) in TITLED_ROLES - {"page tab"} else clean(called(element))
    return (name, *groups) if name and name not in groups else groups


def _of_closed_list(child: Node, holder: Element) -> bool:
    """Whether the child is an entry of a list that is not open: it has its place inside the box."""
    if role_of(holder) != "combo box" or "expanded" in holder.states:
        return False
    return child.element.bounds.intersection(holder.bounds) is not None or not child.element.bounds.area


def _control(node: Node, around_it: _Around) -> Control | None:
    element = node.element
    role = role_word(element)
    shown = around_it.sheet.part(element) if role else None
    if role is None or shown is None or (role in MENU_ROLES and _is_mere_holder(node)):
        return None
    name, secret = _name(element, role), role == "password field"
    return Control(
        element=structs.replace(element, bounds=shown, value=None if secret else element.value),
        role=role,
        name=name,
        value="" if secret else _value(element, role, name),
        states=state_words(element, role),
        groups=around_it.groups,
        on_top=around_it.on_top,
    )


def _is_mere_holder(node: Node) -> bool:
    """Whether a menu is only the sheet on which the entries of a menu or list are shown."""
    return not clean(called(node.element)) and bool(node.children)


def _name(element: Element, role: Role) -> str:
    name = clean(called(element)) or _own(element)
    if role in FILLED:
        name = name.rstrip(":").rstrip() or name
    if not name and role not in NAMED_ONLY:
        name = clean(element.description)
    return name


def _own(element: Element) -> str:
    """The name of a field that is known by no label: one that says more than what is in the field."""
    name = clean(element.name)
    return "" if name.casefold() == clean(element.value or "").casefold() else name


def _value(element: Element, role: Role, name: str) -> str:
    value = clean(element.value or "")
    return "" if value == name or role in ("heading", "image") else value


def _merged(control: Control, below: Sequence[Group]) -> tuple[Control, list[Group]]:
    """The control with the texts that it is made of, and what stands inside it and can be acted on alone."""
    parts = [one for one in _controls(below) if _is_part(one, control)]
    if not control.name and control.role not in TICKED:
        between = " | " if role_of(control.element) == "table row" else " "
        inside = {one.name for one in _controls(below) if one not in parts}
        told = [name for name in dict.fromkeys(one.name for one in parts) if _says_something(name, besides=inside)]
        control = replace(control, name=between.join(told[:_PARTS_TOLD]))
    left = [Group(group.bounds, tuple(one for one in group.controls if one not in parts)) for group in below]
    return control, [group for group in left if group.controls]


def _is_part(one: Control, whole: Control) -> bool:
    """Whether the one is no more than a piece of the whole: a text, a picture, a cell that is only read."""
    if whole.role == "menu" or not whole.element.bounds.contains(one.element.bounds.centre):
        return False
    only_read = one.role == "cell" and not {"focusable", "selectable"} & set(one.element.states)
    return one.role in PARTS or (whole.role == "item" and only_read)


def _told_once(controls: Sequence[Control]) -> tuple[Control, ...]:
    """The controls without texts that are long, say nothing, or say what stands in another line."""
    told = {_key(one.name) for one in controls if one.role not in TEXTS}
    kept: list[Control] = []
    for one in controls:
        if one.role in TEXTS:
            if len(one.name) > LONGEST_TEXT or not _says_something(one.name) or _key(one.name) in told:
                continue
            told.add(_key(one.name))
        kept.append(one)
    return tuple(kept)


def _key(name: str) -> str:
    return name.casefold().rstrip(" :*")


def _says_something(name: str, besides: Container[str] = ()) -> bool:
    return name not in besides and any(sign.isalnum() for sign in name)
