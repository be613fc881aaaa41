"""Pages of MiniWoB++ demonstrations: trees of nodes as the page's script dumped them around every event.

Places and sizes are CSS pixels of the page. Of a password field nothing that was typed is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, field

from workbench.library.importing.collecting import box
from workbench.library.importing.foreign_roles import role_of, role_of_input
from workbench.library.importing.native_elements import NOWHERE
from workbench.library.importing.source import decoded
from workbench.trajectory import Element, PathNode

if TYPE_CHECKING:
    from workbench.library.importing.source import Source

LONGEST_BYTES = 64 * 1024 * 1024
"""The longest demonstration; those that are known have five million bytes at most."""

TEXT = "t"
"""What a piece of text between elements is called."""

HIDDEN = "INPUT_password"
_INPUT = "INPUT_"
_WITH_VALUES = frozenset({"INPUT_text", "INPUT_number", "INPUT_time", "INPUT_date", "TEXTAREA", "SELECT"})


class Node(Struct):
    """One element or piece of text."""

    tag: str
    left: float = 0
    top: float = 0
    width: float = 0
    height: float = 0
    text: str | None = None
    value: str | bool | float | None = None
    focused: bool = False
    target: bool = field(name="recordingTarget", default=False)
    children: "list[Node]" = field(default_factory=list)

    @property
    def words(self) -> str:
        """Its own text, or that of the pieces directly in it."""
        pieces = [self.text or "", *(child.text or "" for child in self.children if child.tag == TEXT)]
        return " ".join(" ".join(pieces).split())

    @property
    def role(self) -> str:
        """In the words that trajectories use, the tag in small letters where they have none."""
        if self.tag.startswith(_INPUT):
            return role_of_input(self.tag.removeprefix(_INPUT))
        return role_of(self.tag) or self.tag.lower()

    def covers(self, x: float, y: float) -> bool:
        """Whether the place is on it, its edges included."""
        return self.left <= x <= self.left + self.width and self.top <= y <= self.top + self.height


class Act(Struct):
    """One event of the page: `timing` is 1 before the page heard of it and 3 after."""

    type: str
    timing: int = 1
    x: float | None = None
    y: float | None = None
    code: int = field(name="keyCode", default=0)
    character: int = field(name="charCode", default=0)


class State(Struct):
    """The page at a time in milliseconds, and the event that it was dumped at, None for the first."""

    time: float
    dom: msgspec.Raw
    action: Act | None = None

    def page(self, *, what: str) -> "Page":
        """The page; raises `BadInputError` for one that cannot be read."""
        return Page(decoded(bytes(self.dom), Node, what=what))


class Demonstration(Struct):
    """One demonstration: the task in words, the states, and how well it was done."""

    utterance: str
    states: list[State]
    task: str = field(name="taskName", default="")
    reward: float = field(name="rawReward", default=0)


@dataclass(frozen=True)
class _Seat:
    """A node, its parent's place in the list of all (-1: none), and which child of its kind it is there."""

    node: Node
    parent: int
    index: int


@dataclass(frozen=True)
class Page:
    """The nodes of a page, the root first."""

    root: Node

    @cached_property
    def seats(self) -> list[_Seat]:
        """Every node in the order of the page, parents before their children."""
        found: list[_Seat] = []
        waiting = [_Seat(self.root, -1, 0)]
        while waiting:
            seat = waiting.pop()
            counts: dict[str, int] = {}
            inside = []
            for child in seat.node.children:
                inside.append(_Seat(child, len(found), counts.get(child.tag, 0)))
                counts[child.tag] = counts.get(child.tag, 0) + 1
            found.append(seat)
            waiting.extend(reversed(inside))
        return found

    def nodes(self) -> Iterator[Node]:
        """All nodes but the pieces of text."""
        return (seat.node for seat in self.seats if seat.node.tag != TEXT)

    def smallest(self, x: float, y: float) -> Node | None:
        """The smallest node around a place."""
        inside = [node for node in self.nodes() if node.covers(x, y)]
        return min(inside, key=lambda node: node.width * node.height, default=None)

    @property
    def focused(self) -> Node | None:
        """The node with the keyboard focus; None where the page as a whole has it."""
        return next((node for node in self.nodes() if node.focused and node is not self.root), None)

    @property
    def target(self) -> Node | None:
        """The node that the event went to, where the page said so."""
        return next((node for node in self.nodes() if node.target), None)

    def element(self, node: Node) -> Element:
        """The node as an element, with the way to it."""
        place = next(number for number, seat in enumerate(self.seats) if seat.node is node)
        above = list(self._above(place))
        label = next((one.node.words for one in above if one.node.tag == "LABEL"), "")
        hidden = node.tag == HIDDEN
        valued = node.tag in _WITH_VALUES and isinstance(node.value, str)
        return Element(
            "",
            "",
            node.role,
            "" if valued or hidden else node.words,
            box(node.left, node.top, node.left + node.width, node.top + node.height) or NOWHERE,
            tuple(PathNode(seat.node.role, index=seat.index) for seat in reversed(above)),
            self.seats[place].index,
            label=label if node.tag.startswith(_INPUT) else "",
            states=("checked",) if node.value is True else (),
            value=node.value if valued and isinstance(node.value, str) else None,
            password=hidden,
        )

    def _above(self, place: int) -> Iterator[_Seat]:
        while (place := self.seats[place].parent) >= 0:
            yield self.seats[place]


def demonstration(source: "Source") -> Demonstration:
    """Read a file; raises `BadInputError` for one that is none."""
    return source.json(Demonstration, limit=LONGEST_BYTES)
