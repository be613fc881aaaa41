"""A working memory as a tree for a view: every node with its words, its state and what it costs."""

from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from agents.memory.tree import (
    Entry,
    Fact,
    Node,
    NodeId,
    Recalled,
    Remark,
    Subgoal,
    WorkingMemory,
)
from ui.qt.memory.following import Cost
from ui.qt.parts.tips import plain_tip
from ui.qt.theme.dressing import Dress
from ui.qt.theme.icons import icon
from workbench.report.words import tidy

NODE = Qt.ItemDataRole.UserRole + 1
TOKENS = Qt.ItemDataRole.UserRole + 2
SHARE = Qt.ItemDataRole.UserRole + 3

WORDS, COST = 0, 1
COLUMNS = 2

LONGEST = 300

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass
class _Place:
    """A node of the memory in the tree that is shown; `tokens` include those of everything below it."""

    node: Node
    parent: "_Place | None"
    row: int
    tokens: int = 0
    children: list["_Place"] = field(default_factory=list)


class MemoryModel(QAbstractItemModel):
    """Shows one memory at a time. `NODE` is the node, `TOKENS` what it costs with all below, `SHARE` of the whole."""

    def __init__(self, dress: Dress, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dress = dress
        self._root: _Place | None = None
        self._places: dict[NodeId, _Place] = {}
        self._most = 1
        self._icons: dict[tuple[str, str], QIcon] = {}

    def show(self, memory: WorkingMemory | None, cost: Cost | None = None, *, most_tokens: int = 0) -> None:
        """Show the memory; shares are those of `most_tokens`, or of what all of it costs."""
        self.beginResetModel()
        self._places = {}
        self._most = max(1, most_tokens or (cost.total if cost else 1))
        tokens = cost.by_node if cost else {}
        self._root = self._placed(memory.root, None, 0, tokens=tokens) if memory else None
        self.endResetModel()

    def where(self, node: NodeId) -> QModelIndex:
        """The index of a node; an invalid one where there is none."""
        place = self._places.get(node)
        return self.createIndex(place.row, WORDS, place.node.id) if place else QModelIndex()

    def node(self, index: Index) -> Node | None:
        """The node at an index."""
        place = self._place(index)
        return place.node if place else None

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """The task is the only row of the first level."""
        above = self._place(parent)
        if not 0 <= column < COLUMNS:
            return QModelIndex()
        if above is None:
            return self.createIndex(0, column, self._root.node.id) if self._root and row == 0 else QModelIndex()
        if row >= len(above.children):
            return QModelIndex()
        return self.createIndex(row, column, above.children[row].node.id)

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]  # Qt has a second one for objects
        """What it was done for."""
        place = self._place(index)
        above = place.parent if place else None
        return self.createIndex(above.row, WORDS, above.node.id) if above else QModelIndex()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """What was done for it."""
        if parent.isValid() and parent.column() != WORDS:
            return 0
        place = self._place(parent)
        return len(place.children) if place else int(self._root is not None)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        """Words and cost."""
        return COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What the columns are."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("Subgoals and steps", "Tokens")[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words, state and cost of a node."""
        place = self._place(index)
        if place is None:
            return None
        if role == NODE:
            return place.node
        if index.column() == COST:
            return self._cost(place, role)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return tidy(words_of(place.node), LONGEST)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(tidy(more_of(place.node), LONGEST))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{kind_of(place.node)}: {words_of(place.node)}"
            case Qt.ItemDataRole.DecorationRole:
                return self._icon(place.node)
        return None

    def _place(self, index: Index) -> _Place | None:
        return self._places.get(index.internalId()) if index.isValid() else None

    def _cost(self, place: _Place, role: int) -> object:
        match role:
            case _ if role == TOKENS:
                return place.tokens
            case Qt.ItemDataRole.DisplayRole:
                return str(place.tokens)
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return f"{place.tokens} tokens of the prompt"
            case _ if role == SHARE:
                return min(1.0, place.tokens / self._most)
        return None

    def _icon(self, node: Node) -> QIcon:
        wanted = self._mark(node)
        if wanted not in self._icons:
            self._icons[wanted] = icon(*wanted)
        return self._icons[wanted]

    def _mark(self, node: Node) -> tuple[str, str]:
        """The name and the colour of a node's icon."""
        colours = self._dress.colours
        match node:
            case Subgoal(state="met"):
                return "check", colours.good
            case Subgoal(state="abandoned"):
                return "cross", colours.bad
            case Subgoal():
                return "target", colours.accent
            case Entry(verified=False):
                return "cross", colours.faint
            case Entry():
                return "step", colours.faint
            case Fact():
                return "pin", colours.warning
            case Recalled():
                return "eye", colours.faint
        return "note", colours.faint

    def _placed(self, node: Node, parent: _Place | None, row: int, *, tokens: dict[NodeId, int]) -> _Place:
        place = _Place(node, parent, row, tokens.get(node.id, 0))
        self._places[node.id] = place
        if isinstance(node, Subgoal):
            place.children = [
                self._placed(child, place, number, tokens=tokens) for number, child in enumerate(node.children)
            ]
            place.tokens += sum(child.tokens for child in place.children)
        return place


def words_of(node: Node) -> str:
    """A node in one line."""
    match node:
        case Subgoal(id=0):
            return node.words
        case Subgoal(state="open"):
            return node.words
        case Subgoal():
            return f"{node.words} – {node.summary}" if node.summary else node.words
        case Recalled():
            return f"unfolded again: {', '.join(str(each) for each in node.subgoals)}"
        case Entry():
            return f"{node.words} → {node.observed}" if node.observed else node.words
        case Remark(by="person"):
            return f"you: {node.words}"
    return node.words


def more_of(node: Node) -> str:
    """What a node is, and what one line has no room for."""
    parts = [f"{kind_of(node)} {node.id}: {words_of(node)}" if node.id else words_of(node)]
    if isinstance(node, Subgoal) and node.reason:
        parts.append(f"because {node.reason}")
    if isinstance(node, Subgoal) and node.folded:
        parts.append(f"so far: {node.summary}")
    return "; ".join(parts)


def kind_of(node: Node) -> str:
    """What a node is, in words."""
    match node:
        case Subgoal(id=0):
            return "task"
        case Subgoal():
            return {"open": "open subgoal", "met": "met subgoal", "abandoned": "abandoned subgoal"}[node.state]
        case Entry():
            return {True: "step", False: "failed step", None: "step, unproven"}[node.verified]
        case Fact():
            return "pinned fact"
        case Recalled():
            return "retrieved"
    return "remark"
