"""The accessibility port over any tree of elements: a backend reads the nodes, here is what to make of them."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Generic, Protocol, TypeVar

from workbench.desktop.bounded import Bounded
from workbench.geometry import Point, Rect
from workbench.trajectory import Element, PathNode, Window

MEMORY = 4000
"""How many nodes are remembered for `refresh`; the oldest are forgotten."""

MAX_DEPTH = 200
"""Deeper trees are broken ones: some toolkits answer with cycles."""

MAX_VALUE_CHARS = 100_000


@dataclass(frozen=True)
class NodeFacts:
    """What one node says about itself; `address` names it for as long as it lives, `bounds` are desktop pixels."""

    role: str
    name: str
    bounds: Rect
    address: str
    states: tuple[str, ...] = ()
    label: str = ""
    description: str = ""
    value: str | None = None
    password: bool = False


N = TypeVar("N")


class Tree(Protocol[N]):
    """Elements of running applications as a system offers them. A dead or silent node answers None or nothing."""

    def facts(self, node: N) -> NodeFacts | None:
        """What the node says; never the value of a password."""
        ...

    def parent(self, node: N) -> N | None:
        """The node above; None above a top-level window."""
        ...

    def children(self, node: N) -> Sequence[N]:
        """The nodes below, in the system's order."""
        ...

    def index(self, node: N, parent: N) -> int:
        """The place of the node among its parent's children, from 0."""
        ...

    def roots(self, app: str) -> Sequence[N]:
        """The top-level windows of the application."""
        ...

    def window_of(self, root: N) -> Window | None:
        """Which window a top-level node is."""
        ...

    def at(self, point: Point) -> N | None:
        """The deepest node that the system finds there."""
        ...

    def focused(self) -> N | None:
        """The node with the keyboard focus."""
        ...

    def search(self, root: N, role: str | None, name: str | None, until_s: float) -> Sequence[N]:
        """Nodes below that may have this role and name, in tree order; raises TimeoutError after `until_s`."""
        ...


def descend(tree: Tree[N], root: N, until_s: float) -> Iterator[N]:
    """All nodes below `root` in tree order; raises TimeoutError when `time.monotonic` passes `until_s`."""
    waiting = [(child, 1) for child in reversed(tree.children(root))]
    while waiting:
        if monotonic() > until_s:
            raise TimeoutError("the tree is too large to be read in time")
        node, depth = waiting.pop()
        yield node
        if depth < MAX_DEPTH:
            waiting += [(child, depth + 1) for child in reversed(tree.children(node))]


@dataclass(frozen=True)
class _Visit(Generic[N]):
    element: Element | None
    children: Sequence[N]


class TreeAccessibility(Generic[N]):
    """The `Accessibility` port. A search that runs out of time answers nothing rather than a part.

    A part would make the first of two look-alikes seem to be the only one.
    """

    def __init__(self, tree: Tree[N], bounded: Bounded, *, kind: str) -> None:
        self._tree = tree
        self._bounded = bounded
        self._kind = kind
        self._nodes: OrderedDict[str, N] = OrderedDict()
        self._cut_short = 0

    @property
    def unanswered(self) -> int:
        """How many questions were not answered in time so far."""
        return self._bounded.late + self._cut_short

    def element_at(self, point: Point, window: Window | None) -> Element | None:
        """The deepest element at the point; None when another application's element stands there."""

        def look(_until_s: float) -> Element | None:
            node = self._tree.at(point)
            return None if node is None else self._element(node, window)

        return self._bounded.ask(look, None)

    def focused(self) -> Element | None:
        """The element with the keyboard focus."""

        def look(_until_s: float) -> Element | None:
            node = self._tree.focused()
            return None if node is None else self._element(node, None)

        return self._bounded.ask(look, None)

    def find(self, *, app: str, role: str | None = None, name: str | None = None, limit: int = 50) -> list[Element]:
        """Showing elements with that role and exact name, in tree order; none at all when time runs out."""

        def look(until_s: float) -> list[Element]:
            found: list[Element] = []
            for root in self._tree.roots(app):
                for node in self._tree.search(root, role, name, until_s):
                    element = self._wanted(node, role, name)
                    found += [element] if element else []
                    if monotonic() > until_s:
                        raise TimeoutError
                    if len(found) >= limit:
                        return found
            return found

        try:
            return self._bounded.ask(look, [])
        except TimeoutError:
            self._cut_short += 1
            return []

    def walk(self, app: str) -> Iterator[Element]:
        """All showing elements of the application, windows included, lazily; ends early where it stops answering."""
        roots: Sequence[N] = self._bounded.ask(lambda _until_s: list(self._tree.roots(app)), [])
        waiting = [(root, 0) for root in reversed(roots)]
        while waiting:
            node, depth = waiting.pop()
            seen = self._bounded.ask(partial(self._visit, node), None)
            if seen is None:
                continue
            if seen.element is not None and "showing" in seen.element.states:
                yield seen.element
            if depth < MAX_DEPTH:
                waiting += [(child, depth + 1) for child in reversed(seen.children)]

    def refresh(self, element: Element) -> Element | None:
        """The same element as it is now; None when it is gone or was never seen by this desktop."""
        node = self._nodes.get(element.ref[1]) if element.ref and element.ref[0] == self._kind else None
        if node is None:
            return None
        return self._bounded.ask(lambda _until_s: self._element(node, None), None)

    def speaks_for(self, app: str) -> bool | None:
        """Whether a window of the application has anything below it; None where that was not answered in time."""
        return self._bounded.ask(
            lambda _until_s: any(self._tree.children(root) for root in self._tree.roots(app)), None
        )

    def close(self) -> None:
        """Forget all nodes and end the thread that asks."""
        self._nodes.clear()
        self._bounded.close()

    def _visit(self, node: N, _until_s: float) -> "_Visit[N] | None":
        return _Visit(self._element(node, None), self._tree.children(node))

    def _wanted(self, node: N, role: str | None, name: str | None) -> Element | None:
        facts = self._tree.facts(node)
        if facts is None or "showing" not in facts.states:
            return None
        if (role is not None and facts.role != role) or (name is not None and facts.name != name):
            return None
        return self._element(node, None)

    def _element(self, node: N, inside: Window | None) -> Element | None:
        """The node as an element; None when it died or stands in another window's application than `inside`."""
        facts = self._tree.facts(node)
        chain = self._ancestors(node)
        window = self._tree.window_of(chain[0] if chain else node)
        if facts is None or window is None or (inside is not None and not same_application(window, inside)):
            return None
        self._remember(facts.address, node)
        return Element(
            app=window.app, window=window.title, role=facts.role, name=facts.name, bounds=facts.bounds,
            path=self._path(chain), index=self._tree.index(node, chain[-1]) if chain else 0,
            label=facts.label, description=facts.description, states=facts.states,
            value=None if facts.password or facts.value is None else facts.value[:MAX_VALUE_CHARS],
            password=facts.password, ref=(self._kind, facts.address),
        )  # fmt: skip

    def _ancestors(self, node: N) -> list[N]:
        """From the window down to the parent."""
        chain: list[N] = []
        above = self._tree.parent(node)
        while above is not None and len(chain) < MAX_DEPTH:
            chain.append(above)
            above = self._tree.parent(above)
        return chain[::-1]

    def _path(self, chain: Sequence[N]) -> tuple[PathNode, ...]:
        found: list[PathNode] = []
        for place, node in enumerate(chain):
            facts = self._tree.facts(node)
            index = self._tree.index(node, chain[place - 1]) if place else 0
            found.append(PathNode(facts.role if facts else "", facts.name if facts else "", index))
        return tuple(found)

    def _remember(self, address: str, node: N) -> None:
        self._nodes[address] = node
        self._nodes.move_to_end(address)
        while len(self._nodes) > MEMORY:
            self._nodes.popitem(last=False)


def same_application(found: Window, asked: Window) -> bool:
    """Whether two descriptions are of one application: by process where both know it, else by name."""
    if found.handle is not None and found.handle == asked.handle:
        return True
    if found.pid is not None and asked.pid is not None:
        return found.pid == asked.pid
    return found.app == asked.app
