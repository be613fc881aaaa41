"""Where controls stand: in which order people read them, and what tells those apart that are called the same."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.screen.listing import Role, State
from workbench.geometry import Rect
from workbench.trajectory import Element

_SAME_ROW = 0.5
"""Tops that differ by less than this share of the smaller height stand in one row."""


@dataclass(frozen=True)
class Control:
    """What becomes one line; `element` has the bounds of the part that shows.

    `groups` are the names of what it stands in, the nearest first. `on_top` says that it stands in a menu or a dialog.
    """

    element: Element
    role: Role
    name: str = ""
    value: str = ""
    states: tuple[State, ...] = ()
    groups: tuple[str, ...] = ()
    on_top: bool = False


@dataclass(frozen=True)
class Group:
    """Controls that stay together, in reading order, and the room that they take."""

    bounds: Rect
    controls: tuple[Control, ...]


def tabs_first(groups: Sequence[Group]) -> list[Group]:
    """The groups of a row of tabs: the tabs themselves, then what the open one holds; some toolkits mix them."""
    heads = [Group(group.bounds, group.controls[:1]) for group in groups if _is_tab(group)]
    rest = [Group(group.bounds, group.controls[_is_tab(group) :]) for group in groups]
    return [*in_rows(heads), *(group for group in rest if group.controls)]


def _is_tab(group: Group) -> bool:
    return bool(group.controls) and group.controls[0].role == "tab"


def in_rows(groups: Iterable[Group]) -> list[Group]:
    """The groups from top to bottom, those of one row from left to right."""
    rows: list[list[Group]] = []
    for group in sorted(groups, key=lambda one: (one.bounds.y, one.bounds.x)):
        if rows and _in_one_row(rows[-1][0].bounds, group.bounds):
            rows[-1].append(group)
        else:
            rows.append([group])
    return [group for row in rows for group in sorted(row, key=lambda one: one.bounds.x)]


def _in_one_row(first: Rect, other: Rect) -> bool:
    return other.y - first.y < _SAME_ROW * min(first.height, other.height)


def told_apart(controls: Sequence[Control]) -> list[str]:
    """For each control what it is near, empty where it has a name that no other of its role has.

    The first that tells all of one name apart: the group that they stand in, what stands to their left in the row, the
    heading above; where none does, the group, else the row, else the heading, unless it is the same for all. What has
    no name goes by the row, else by the group.
    """
    alike: dict[tuple[Role, str], list[int]] = defaultdict(list)
    for place, control in enumerate(controls):
        alike[control.role, control.name].append(place)
    found = [""] * len(controls)
    for (_, name), places in alike.items():
        if not name:
            for place in places:
                found[place] = _left_of(controls, place) or next(iter(controls[place].groups), "")
        elif len(places) > 1:
            for place, words in zip(places, _distinctions(controls, places), strict=True):
                found[place] = words
    return found


def _distinctions(controls: Sequence[Control], places: Sequence[int]) -> list[str]:
    """What tells these controls of one name apart."""
    groups = _differing([[name for name in controls[p].groups if name != controls[p].name] for p in places])
    rows = [_left_of(controls, place) for place in places]
    headings = [_heading_of(controls, place) for place in places]
    for words in (groups, rows, headings):
        if len(set(words)) == len(words):
            return words
    words = [next(filter(None, said), "") for said in zip(groups, rows, headings, strict=True)]
    return words if len(set(words)) > 1 else [""] * len(words)


def _differing(chains: Sequence[Sequence[str]]) -> list[str]:
    """Of each chain the first name that not all have; nothing where a chain has none."""
    shared = {
        name for name, times in Counter(n for chain in chains for n in set(chain)).items() if times == len(chains)
    }
    return [next((name for name in chain if name not in shared), "") for chain in chains]


def _left_of(controls: Sequence[Control], place: int) -> str:
    """The name of the first thing in the same row of the same part of the window."""
    control = controls[place]
    row = [one for one in controls if one.name and one.name != control.name and _stands_left(one, control)]
    return min(row, key=lambda one: one.element.bounds.x).name.rstrip(" :") if row else ""


def _stands_left(one: Control, other: Control) -> bool:
    above, bounds, here = other.element.path[:-2], other.element.bounds, one.element.bounds
    in_row = abs(here.centre.y - bounds.centre.y) * 2 < max(bounds.height, 1)
    return in_row and here.x < bounds.x and one.element.path[: len(above)] == above


def _heading_of(controls: Sequence[Control], place: int) -> str:
    """The name of the last heading before it."""
    return next((one.name for one in reversed(controls[:place]) if one.role == "heading" and one.name), "")
