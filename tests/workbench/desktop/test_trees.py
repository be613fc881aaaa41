"""Elements from any tree: paths, searches, and answers of applications that die or hang."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from workbench.desktop.bounded import Bounded
from workbench.desktop.trees import NodeFacts, TreeAccessibility, descend
from workbench.geometry import Point, Rect
from workbench.trajectory import Element, PathNode, Window

WINDOW = Window("editor", "notes", Rect(0, 0, 400, 300), pid=12)
OTHER = Window("mail", "inbox", Rect(0, 0, 400, 300), pid=13)


@dataclass(eq=False)
class Node:
    """An element in memory."""

    role: str
    name: str = ""
    below: list["Node"] = field(default_factory=list)
    showing: bool = True
    value: str | None = None
    password: bool = False
    alive: bool = True
    above: "Node | None" = None

    def __post_init__(self) -> None:
        for child in self.below:
            child.above = self


class MemoryTree:
    """A tree of those, one application with one window."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.pointed: Node | None = None
        self.hang = threading.Event()
        self.hang.set()

    def facts(self, node: Node) -> NodeFacts | None:
        if not node.alive:
            return None
        states = ("enabled", "showing") if node.showing else ("enabled",)
        return NodeFacts(
            node.role,
            node.name,
            Rect(0, 0, 9, 9),
            str(id(node)),
            states,
            value=node.value,
            password=node.password,
        )

    def parent(self, node: Node) -> Node | None:
        return node.above

    def children(self, node: Node) -> Sequence[Node]:
        self.hang.wait(60)
        return node.below

    def index(self, node: Node, parent: Node) -> int:
        return parent.below.index(node)

    def roots(self, app: str) -> Sequence[Node]:
        return [self.root] if app == "editor" else []

    def window_of(self, root: Node) -> Window | None:
        return WINDOW if root is self.root else None

    def at(self, point: Point) -> Node | None:
        return self.pointed

    def focused(self) -> Node | None:
        return self.pointed

    def search(self, root: Node, role: str | None, name: str | None, until_s: float) -> Sequence[Node]:
        return list(descend(self, root, until_s))


@pytest.fixture
def tree() -> MemoryTree:
    return MemoryTree(
        Node(
            "frame",
            "notes",
            [
                Node("panel", "", [Node("push button", "Save"), Node("push button", "Open", showing=False)]),
                Node(
                    "panel",
                    "",
                    [Node("push button", "Save"), Node("password text", "Pin", value="4711", password=True)],
                ),
            ],
        )
    )


@pytest.fixture
def port(tree: MemoryTree) -> Iterator[TreeAccessibility[Node]]:
    port = TreeAccessibility(tree, Bounded(limit_s=30), kind="memory")
    yield port
    tree.hang.set()
    port.close()


def test_an_element_carries_its_path_from_the_window_to_its_parent(
    tree: MemoryTree, port: TreeAccessibility[Node]
) -> None:
    tree.pointed = tree.root.below[1].below[0]
    found = port.element_at(Point(3, 3), WINDOW)
    assert found is not None
    assert (found.app, found.window, found.role, found.name, found.index) == (
        "editor",
        "notes",
        "push button",
        "Save",
        0,
    )
    assert found.path == (PathNode("frame", "notes", 0), PathNode("panel", "", 1))


def test_an_element_of_another_application_is_not_answered(tree: MemoryTree, port: TreeAccessibility[Node]) -> None:
    tree.pointed = tree.root.below[0]
    assert port.element_at(Point(3, 3), OTHER) is None


def test_the_value_of_a_password_never_leaves_the_tree(tree: MemoryTree, port: TreeAccessibility[Node]) -> None:
    tree.pointed = tree.root.below[1].below[1]
    found = port.focused()
    assert found is not None
    assert found.password
    assert "4711" not in repr(found)
    assert "4711" not in repr(list(port.walk("editor")))


def test_find_answers_showing_elements_in_tree_order_up_to_the_limit(port: TreeAccessibility[Node]) -> None:
    saves = port.find(app="editor", role="push button", name="Save")
    assert [element.path[-1].index for element in saves] == [0, 1]
    assert port.find(app="editor", name="Open") == []
    assert len(port.find(app="editor", limit=1)) == 1
    assert port.find(app="nobody") == []


def test_walk_visits_every_showing_element_in_tree_order(port: TreeAccessibility[Node]) -> None:
    roles = [element.role for element in port.walk("editor")]
    assert roles == ["frame", "panel", "push button", "panel", "push button", "password text"]


def test_refresh_sees_what_changed_and_that_an_element_is_gone(tree: MemoryTree, port: TreeAccessibility[Node]) -> None:
    button = tree.root.below[0].below[0]
    [first, _second] = port.find(app="editor", name="Save")
    button.name = "Saved"
    refreshed = port.refresh(first)
    assert refreshed is not None
    assert refreshed.name == "Saved"
    button.alive = False
    assert port.refresh(first) is None
    assert port.refresh(Element("a", "b", "c", "d", Rect(0, 0, 1, 1), ref=("atspi", first.ref[1]))) is None


def test_an_application_speaks_when_its_window_has_anything_below(
    tree: MemoryTree, port: TreeAccessibility[Node]
) -> None:
    assert port.speaks_for("editor")
    assert not port.speaks_for("nobody")
    tree.root.below.clear()
    assert not port.speaks_for("editor")


def test_a_hung_application_answers_nothing_instead_of_hanging_the_asker(tree: MemoryTree) -> None:
    port = TreeAccessibility(tree, Bounded(limit_s=0.05), kind="memory")
    tree.hang.clear()
    assert port.find(app="editor", name="Save") == []
    assert not port.speaks_for("editor")
    tree.hang.set()
    port.close()


def test_a_search_that_runs_out_of_time_answers_nothing_rather_than_a_part(tree: MemoryTree) -> None:
    with pytest.raises(TimeoutError):
        list(descend(tree, tree.root, time.monotonic() - 1))


def test_a_tree_that_contains_itself_ends(tree: MemoryTree, port: TreeAccessibility[Node]) -> None:
    loop = tree.root.below[0]
    loop.below = [loop]
    assert len(list(port.walk("editor"))) > 1
