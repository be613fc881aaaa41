"""Which object is under a point, for toolkits that answer only half."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.desktop.atspi.roles import MENU_ITEMS
from workbench.desktop.atspi.tree import Facts, Ref, Tree
from workbench.geometry import Point

_DEPTH = 60
_MOST_CHILDREN = 120
"""In tables the headers come first; they are what toolkits forget."""

_HOLLOW = frozenset(("page tab", "menu", "combo box"))
"""What holds children outside its own bounds."""


@dataclass(frozen=True)
class Hit:
    """The object under a point and those passed on the way to it, from the toplevel down; its facts where known.

    `popup` is what opens over all windows: what is in it may be gone a moment later.
    """

    ref: Ref
    trail: tuple[Ref, ...]
    facts: Facts | None = None
    popup: bool = False


def hit(tree: Tree, toplevel: Ref, point: Point, *, deadline: float, expected: Sequence[Ref] = ()) -> Hit:
    """The deepest object of the toplevel at the point, the toplevel itself where nothing else is there.

    Objects are asked for what they see at the point; where one stops although a child covers the point, the children's
    bounds decide. `expected` is the way that led to a place nearby; where it is right it saves time, nothing else.
    """
    asked = tuple(expected) if expected and expected[0] == toplevel else (toplevel,)
    seen = dict(zip(asked, tree.at_point(asked, point, deadline=deadline), strict=True))
    way = [toplevel]
    while len(way) < _DEPTH:
        below = seen[way[-1]] if way[-1] in seen else tree.at_point(way[-1:], point, deadline=deadline)[0]
        if below in way or below is None:
            below = _covering_child(tree, way[-1], point, deadline)
        if below is None or below in way:
            break
        way.append(below)
    return Hit(way[-1], tuple(way[:-1]))


def _covering_child(tree: Tree, ref: Ref, point: Point, deadline: float) -> Ref | None:
    children = tree.children(ref, deadline=deadline)[:_MOST_CHILDREN]
    bounds = tree.bounds(children, deadline=deadline)
    near = [child for child, box in zip(children, bounds, strict=True) if not box.area or box.contains(point)]
    facts = tree.facts(near, deadline=deadline)
    found = smallest(facts, point)
    if found:
        return found.ref
    hollow = [one.ref for one in facts if one and one.role in _HOLLOW and one.showing]
    inner = [below for refs in tree.children_of(hollow, deadline=deadline) for below in refs]
    deeper = smallest(tree.facts(inner[:_MOST_CHILDREN], deadline=deadline), point)
    return deeper.ref if deeper else None


def open_menu_item(tree: Tree, toplevels: Sequence[Ref], point: Point, *, deadline: float) -> Hit | None:
    """The item of an open menu at the point; None where no menu is open there."""
    for toplevel in toplevels:
        items = tree.matches(toplevel, roles=MENU_ITEMS, states=("showing",), deadline=deadline) or []
        found = smallest(tree.facts(items, deadline=deadline), point)
        if found:
            return Hit(found.ref, (), found)
    return None


def smallest(candidates: Iterable[Facts | None], point: Point) -> Facts | None:
    """The smallest showing one whose bounds contain the point; of equals the last, which is drawn on top."""
    covering = [one for one in candidates if one and one.showing and one.bounds.contains(point)]
    return min(reversed(covering), key=lambda one: one.bounds.area, default=None)
