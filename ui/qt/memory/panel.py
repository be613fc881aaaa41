"""The working memory panel: subgoals and steps live, what they cost, what the model sees, and what one may change."""

from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QStackedWidget,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from agents.memory.changes import Collapse, Edit, MemoryChange, Pin, Retrieve, Unpin
from agents.memory.tree import TASK, Fact, Node, NodeId, Recalled, Subgoal, WorkingMemory, is_open, walk
from agents.session.messages import AgentOrder
from ui.qt.core import Core
from ui.qt.memory.cost_delegate import CostDelegate
from ui.qt.memory.following import Follower, Told, cost_of, seen_by_model, told_by
from ui.qt.memory.tree_model import COST, NODE, WORDS, MemoryModel, kind_of, words_of
from ui.qt.theme.dressing import look
from workbench import events
from workbench.errors import BadInputError

_BAR_PX = 6
_ALL = 100
"""Percent of the budget: a bar paints at once whenever its value changes, which tokens do with every step."""

_SOON = "Takes effect before the model's next thought."


class MemoryPanel(QWidget):
    """Follows the events of a run through `hear`; `wanted` has the change that a person wants, as plain JSON."""

    wanted = Signal(dict)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self._follower = Follower()
        self._told = Told()
        self._editing: Callable[[str], MemoryChange] | None = None
        self._open_before: set[NodeId] = set()
        self._live = False
        self.setAccessibleName("Working memory")
        self._make()
        self._arrange()
        core.dress.changed.connect(self._draw)
        self._draw()
        self._refresh()

    def follow(self, order: AgentOrder) -> None:
        """A run begins."""
        self._follower, self._live = Follower(), True
        self._told = Told(mode=order.memory)
        run = self._follower
        self._core.tasks.soon(lambda: told_by(order.minds, order.memory), lambda told: self._reads(run, told))
        self._refresh()

    def hear(self, event: events.Event) -> None:
        """One more event of the run."""
        if isinstance(event, events.RunEnded):
            self._live = False
            self._choose()
        if isinstance(event, events.MemoryChanged) and event.change.get("by") == "person":
            self._hint.hide()
        if self._follower.hear(event):
            self._refresh()

    @property
    def memory(self) -> WorkingMemory | None:
        """The memory as it is now; None before a run."""
        return self._follower.memory

    def _make(self) -> None:
        self._model = MemoryModel(self._core.dress, self)
        self._tree = QTreeView()
        self._tree.setModel(self._model)
        self._tree.setAccessibleName("Subgoals, steps and pinned facts")
        self._tree.setItemDelegateForColumn(COST, CostDelegate(self._core.dress))
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._tree.setIndentation(14)
        self._tree.setHeaderHidden(True)
        header = self._tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(WORDS, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(COST, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.selectionModel().currentChanged.connect(self._choose)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName("The memory in the words in which the model is told of it")
        look(self._text, "mono")
        self._pages = QStackedWidget()
        self._pages.addWidget(self._tree)
        self._pages.addWidget(self._text)
        self._total = QLabel()
        self._total.setWordWrap(True)
        look(self._total, "faint")
        self._budget = QProgressBar()
        self._budget.setFixedHeight(_BAR_PX)
        self._budget.setRange(0, _ALL)
        self._budget.setAccessibleName("Share of the budget that the memory takes")
        self._line = QLineEdit()
        self._line.setAccessibleName("Words for the memory")
        self._line.returnPressed.connect(self._edited)
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        look(self._hint, "faint")
        self._tools = self._toolbar()

    def _toolbar(self) -> dict[str, QToolButton]:
        made = {
            "pin": self._tool("pin", "Pin a fact, or unpin the chosen one", self._pin),
            "edit": self._tool("edit", "Edit the chosen words", self._edit),
            "collapse": self._tool("up", "Collapse what is unfolded", self._collapse),
            "retrieve": self._tool("down", "Retrieve a closed subgoal", self._retrieve),
            "see": self._tool("eye", "What the model sees", self._see),
        }
        made["see"].setCheckable(True)
        return made

    def _tool(self, name: str, words: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setProperty("icon_name", name)
        button.setIconSize(QSize(16, 16))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _arrange(self) -> None:
        heading = QLabel("Working memory")
        look(heading, "heading")
        row = QHBoxLayout()
        row.setSpacing(2)
        for button in self._tools.values():
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addLayout(row)
        column.addWidget(self._pages, 1)
        for widget in (self._line, self._hint, self._budget, self._total):
            column.addWidget(widget)
        self._line.hide()
        self._hint.hide()

    def _draw(self) -> None:
        for button in self._tools.values():
            button.setIcon(self._core.dress.icon(str(button.property("icon_name"))))
        self._tree.viewport().update()

    def _reads(self, run: Follower, told: Told) -> None:
        if run is self._follower:
            self._told = told
            self._refresh()

    def _refresh(self) -> None:
        memory = self._follower.memory
        kept = self._kept()
        cost = cost_of(memory, self._told.mode) if memory else None
        self._model.show(memory, cost, most_tokens=self._told.budget_tokens)
        self._show_cost(cost.total if cost else 0)
        if memory is not None:
            self._unfold(memory, kept)
            self._text.setPlainText(self._seen(memory))
        self._choose()

    def _seen(self, memory: WorkingMemory) -> str:
        try:
            return seen_by_model(memory, self._told)
        except BadInputError as error:
            return str(error)

    def _show_cost(self, total: int) -> None:
        budget = self._told.budget_tokens
        self._budget.setVisible(bool(budget))
        self._budget.setValue(min(_ALL, _ALL * total // max(1, budget)))
        if self._follower.memory is None:
            self._total.setText("What the model keeps in mind appears here, subgoal by subgoal.")
        elif self._told.way == "choices":
            self._total.setText(f"About {total} tokens in all. This model is only told of the open subgoal.")
        else:
            of = f" of {budget}" if budget else ""
            self._total.setText(f"About {total}{of} tokens of the model's context.")
        if not self._follower.whole:
            self._total.setText(f"{self._total.text()} Parts of it were forgotten and are missing here.")

    def _kept(self) -> tuple[NodeId | None, set[NodeId]]:
        """The chosen node, and the closed subgoals that somebody unfolded."""
        chosen, root = self._chosen(), self._model.node(self._model.index(0, WORDS))
        memory = list(walk(root)) if root is not None else []
        unfolded = {node.id for node in memory if self._tree.isExpanded(self._model.where(node.id))}
        return (chosen.id if chosen else None), unfolded

    def _unfold(self, memory: WorkingMemory, kept: tuple[NodeId | None, set[NodeId]]) -> None:
        """What is open is unfolded, what closed just now folds, what a person unfolded stays so."""
        chosen, unfolded = kept
        opened = {node.id for node in walk(memory.root) if is_open(node)}
        for node in opened | (unfolded - (self._open_before - opened)):
            self._tree.setExpanded(self._model.where(node), True)
        self._open_before = opened
        if chosen is not None:
            self._tree.setCurrentIndex(self._model.where(chosen))

    def _chosen(self) -> Node | None:
        found = self._tree.currentIndex().data(NODE)
        return found if isinstance(found, Node) else None

    def _choose(self, _now: QModelIndex | None = None, _before: QModelIndex | None = None) -> None:
        """Say what can be done with the chosen node."""
        node = self._chosen()
        live = self._live and self._follower.memory is not None
        closed = isinstance(node, Subgoal) and node.state != "open"
        shown = self._shown_again()
        self._tools["pin"].setEnabled(live)
        self._tools["edit"].setEnabled(live and node is not None and not isinstance(node, Recalled))
        self._tools["retrieve"].setEnabled(live and closed and node is not None and node.id not in shown)
        self._tools["collapse"].setEnabled(live and isinstance(node, Subgoal) and (is_open(node) or node.id in shown))
        self._tools["see"].setEnabled(self._follower.memory is not None)

    def _shown_again(self) -> set[NodeId]:
        memory = self._follower.memory
        if memory is None:
            return set()
        return {each for node in walk(memory.root) if isinstance(node, Recalled) for each in node.subgoals}

    def _pin(self) -> None:
        node = self._chosen()
        if isinstance(node, Fact):
            self._want(Unpin(fact=node.id, by="person"))
            return
        hint = "Pin a fact: it stays in the prompt, whatever is folded. Enter pins it."
        self._ask("", hint, lambda words: Pin(words=words, by="person"))

    def _edit(self) -> None:
        node = self._chosen()
        if node is None or isinstance(node, Recalled):
            return
        closed = isinstance(node, Subgoal) and node.id != TASK and bool(node.summary)
        before = node.summary if closed and isinstance(node, Subgoal) else _own_words(node)
        make = partial(_summary_edit if closed else _words_edit, node.id)
        what = f"the summary of the {kind_of(node)}" if closed else f"the words of the {kind_of(node)}"
        self._ask(before, f"Edit {what}. Enter keeps them, Escape leaves them.", make)

    def _collapse(self) -> None:
        node = self._chosen()
        if node is not None:
            self._want(Collapse(node=node.id, by="person"))

    def _retrieve(self) -> None:
        node = self._chosen()
        if node is not None:
            self._want(Retrieve(subgoals=(node.id,), by="person"))

    def _see(self) -> None:
        self._pages.setCurrentWidget(self._text if self._tools["see"].isChecked() else self._tree)

    def _ask(self, before: str, hint: str, make: Callable[[str], MemoryChange]) -> None:
        self._editing = make
        self._line.setText(before)
        self._line.setAccessibleName(hint)
        self._hint.setText(hint)
        self._hint.show()
        self._line.show()
        self._line.setFocus()
        self._line.selectAll()

    def _edited(self) -> None:
        words, make = self._line.text().strip(), self._editing
        self._leave()
        if words and make is not None:
            self._want(make(words))

    def leave(self) -> bool:
        """Escape: leave the line that is edited; whether there was one."""
        was = self._editing is not None
        if was:
            self._leave()
        return was

    def _leave(self) -> None:
        self._editing = None
        self._line.hide()
        self._hint.hide()
        self._tree.setFocus()

    def _want(self, change: MemoryChange) -> None:
        self._hint.setText(_SOON)
        self._hint.show()
        self.wanted.emit(msgspec.to_builtins(change))


def _own_words(node: Node) -> str:
    return words_of(node) if isinstance(node, Recalled) else node.words


def _words_edit(node: NodeId, words: str) -> MemoryChange:
    return Edit(node=node, words=words, by="person")


def _summary_edit(node: NodeId, words: str) -> MemoryChange:
    return Edit(node=node, summary=words, by="person")
