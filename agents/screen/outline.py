"""What stands on the screen as a tree: the elements of a walk, each under its ancestor, with the part that shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agents.screen.roles import CLIPPING_ROLES, MENU_ROLES, role_word
from workbench.geometry import Rect
from workbench.locate.identity import role_of
from workbench.trajectory import Element, Window

LEAST_PX = 6
"""What shows less than this of its width or height, and not all of it, is scrolled out."""


@dataclass
class Node:
    """An element and those of its descendants that stand directly below it, in the order of the walk."""

    element: Element
    children: "list[Node]" = field(default_factory=list)


def outlined(elements: Iterable[Element]) -> list[Node]:
    """The trees of a walk, which names parents before their children; ancestors that were not named are skipped."""
    roots: list[Node] = []
    way: list[Node] = []
    for element in elements:
        while way and not _above(way[-1].element, element):
            way.pop()
        node = Node(element)
        (way[-1].children if way else roots).append(node)
        way.append(node)
    return roots


def _above(upper: Element, lower: Element) -> bool:
    depth = len(upper.path)
    if depth >= len(lower.path) or upper.window != lower.window:
        return False
    node = lower.path[depth]
    return (node.role, node.index) == (upper.role, upper.index) and lower.path[:depth] == upper.path


@dataclass(frozen=True)
class Sheet:
    """What limits where an element can be seen: the area it is shown in, and the windows that lie on top."""

    area: Rect
    covers: tuple[Rect, ...] = ()

    def part(self, element: Element) -> Rect | None:
        """The part of the element that shows; None where that is nothing, or too little to be hit."""
        shown = element.bounds.intersection(self.area)
        if shown is None or any(cover.contains(shown.centre) for cover in self.covers):
            return None
        whole = element.bounds
        thin = shown.width < min(LEAST_PX, whole.width) or shown.height < min(LEAST_PX, whole.height)
        return None if thin else shown

    def inside(self, element: Element, desktop: Rect) -> "Sheet | None":
        """The sheet for the children of the element; None where none of them can show."""
        if role_word(element) in MENU_ROLES or role_of(element) == "combo box":
            # open menus and lists lie on top of everything, wherever they were opened
            return Sheet(desktop)
        if role_of(element) not in CLIPPING_ROLES or not element.bounds.area:
            return self
        area = element.bounds.intersection(self.area)
        return Sheet(area, self.covers) if area else None


def window_of(root: Element, windows: Sequence[Window]) -> Window | None:
    """The window of the screen that a toplevel is; None for menus and the like, which the screen does not list."""
    own = [window for window in windows if window.app == root.app and _same_place(root.bounds, window.bounds)]
    titled = [window for window in own if window.title == root.window]
    return next(iter(titled or own), None)


def _same_place(one: Rect, other: Rect) -> bool:
    shared = one.intersection(other)
    return shared is not None and shared.area * 2 >= max(one.area, other.area)
