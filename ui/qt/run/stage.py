"""A run while it goes on and afterwards: its steps to the left, its screen in the middle, its memory to the right."""

import time
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ui.orders.modifying import with_point
from ui.qt.conducting import Place
from ui.qt.core import Core
from ui.qt.memory.panel import MemoryPanel
from ui.qt.run.helm import Helm
from ui.qt.run.names import Names
from ui.qt.run.outcome import OutcomeBar
from ui.qt.run.question import Question
from ui.qt.run.screen_pane import ScreenPane
from ui.qt.run.step_card import StepCard
from ui.qt.run.step_delegate import StepDelegate
from ui.qt.run.steps import CROP, StepsModel
from ui.qt.theme.dressing import look
from workbench import events
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.report.words import tidy
from workbench.trajectory import Step

_TWICE_MS = 1500
"""Escape ends a run when it is pressed twice within this time."""

_TICK_MS = 500
_LONGEST_TASK = 160
_STARTING = "starting …"
_NARROWEST_PX, _SCREEN_PX = 240, 320


class RunStage(QWidget):
    """Everything of one run; `left` asks for the page where another one is begun."""

    left = Signal()

    def __init__(self, core: Core, helm: Helm) -> None:
        super().__init__()
        self._core, self._helm = core, helm
        self._said = ""
        self._lent: tuple[str, ...] = ()
        self._make()
        self._arrange()
        self._keys()
        self._connect()

    def begin(self) -> None:
        """The run that the helm has just begun."""
        order = self._helm.order
        assert order is not None
        self._said, self._lent = _STARTING, ()
        self.steps.clear()
        self._card.show_story(None)
        self.pane.begin(None)
        self.memory.follow(order)
        self.outcome.hide()
        self._task.setText(tidy(order.task, _LONGEST_TASK))
        self._facts.setText(self._about())
        self._ticking.start()
        self._tick()

    def _make(self) -> None:
        self.steps = StepsModel(self._core.pictures, self)
        self.list = QListView()
        self.list.setAccessibleName("Steps of the run")
        self.list.setModel(self.steps)
        self._delegate = StepDelegate(self._core.dress)
        self.list.setItemDelegate(self._delegate)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.selectionModel().currentChanged.connect(self._choose)
        self.steps.dataChanged.connect(lambda *_: self._show_chosen())
        self.question = Question(self._helm)
        self._names = Names(self._core, self)
        self._card = StepCard(self._core.dress, self._names.called)
        self.pane = ScreenPane(self._core)
        self.memory = MemoryPanel(self._core)
        self.outcome = OutcomeBar(self._core, self._helm)
        self._task, self._status, self._facts = QLabel(), QLabel(), QLabel()
        for label, kind in ((self._task, "heading"), (self._status, ""), (self._facts, "faint")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            look(label, kind)
        self._task.setWordWrap(True)
        self._facts.setWordWrap(True)
        self._stop = QPushButton("Stop")
        self._stop.setToolTip("End the run; what was done is kept (Escape twice)")
        look(self._stop, "danger")
        self._ticking = QTimer(self, interval=_TICK_MS)
        self._ending = QTimer(self, singleShot=True, interval=_TWICE_MS)

    def _arrange(self) -> None:
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setChildrenCollapsible(False)
        for part in (self._left(), self.pane, self.memory):
            part.setMinimumWidth(_SCREEN_PX if part is self.pane else _NARROWEST_PX)
            panes.addWidget(part)
        panes.setStretchFactor(1, 1)
        panes.setSizes([340, 520, 330])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self.outcome)
        column.addWidget(panes, 1)

    def _head(self) -> QWidget:
        head = QFrame()
        look(head, "bar")
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self._task, self._facts):
            words.addWidget(label)
        row.addLayout(words, 1)
        row.addWidget(self._status)
        row.addWidget(self._stop)
        return head

    def _left(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._card)
        column.addStretch(1)
        around = QScrollArea()
        around.setAccessibleName("The step in detail")
        look(around, "read")
        around.setWidget(inside)
        around.setWidgetResizable(True)
        around.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        asked = QFrame()
        look(asked, "bar")
        row = QVBoxLayout(asked)
        row.setContentsMargins(16, 12, 16, 12)
        row.addWidget(self.question)
        self._asked = asked
        below.addWidget(asked)
        below.addWidget(around, 1)
        left = QSplitter(Qt.Orientation.Vertical)
        left.setChildrenCollapsible(False)
        left.addWidget(self.list)
        left.addWidget(lower)
        left.setSizes([240, 420])
        return left

    def _keys(self) -> None:
        acts = {
            "Return": self._enter,
            "Enter": self._enter,
            "M": self.question.begin_modifying,
            "R": self.question.begin_rejecting,
            "T": self.question.take_over,
            "N": self.question.begin_ahead,
            "B": self.question.approve_batch,
            "Escape": self._escape,
        }
        for key, act in acts.items():
            shortcut = QShortcut(QKeySequence(key), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)

    def _connect(self) -> None:
        helm = self._helm
        helm.heard.connect(self._hear)
        self._names.changed.connect(self._named)
        helm.changed.connect(self._refresh)
        helm.placed.connect(self._placed)
        helm.over.connect(self._over)
        self.question.moves.connect(self.pane.let_move)
        self.question.pointed.connect(self._point_at)
        self.question.point_wanted.connect(self.pane.pick)
        self.pane.moved.connect(self.question.show_point)
        self.pane.picked.connect(helm.point_at)
        self.memory.wanted.connect(self._change_memory)
        self.outcome.left.connect(self.left)
        self._stop.clicked.connect(helm.stop)
        self._ticking.timeout.connect(self._tick)

    def _hear(self, event: events.Event) -> None:
        self.memory.hear(event)
        followed = self.list.currentIndex().row() in (-1, self.steps.rowCount() - 1)
        self.steps.hear(event)
        match event:
            case events.StepProposed() if followed:
                self._go_to(self.steps.rowCount() - 1)
            case events.ApprovalAsked() | events.PersonAsked() | events.DriftAsked() | events.TakeOverBegan():
                self._go_to(self.steps.row_of(event.index))
            case events.ExperienceLent():
                self._lent = tuple(dict.fromkeys(loan.lent for loan in event.loans if not loan.refused))
                self._facts.setText(self._about())
            case events.Progress():
                self._said = event.text
                self._facts.setText(self._about())
        self._show_chosen()

    def _go_to(self, row: int) -> None:
        if row >= 0:
            self.list.setCurrentIndex(self.steps.index(row))
            self.list.scrollTo(self.steps.index(row))

    def _choose(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show_chosen(picked=self.list.hasFocus())

    def _show_chosen(self, *, picked: bool = False) -> None:
        index = self.list.currentIndex()
        story = self.steps.story(index.row())
        self._card.show_story(story, index.data(CROP) if index.isValid() else None)
        waiting = self._helm.waiting
        asked = waiting is not None and waiting.kind in ("decision", "place")
        self.pane.show_story(story, now=picked or asked)

    def _refresh(self) -> None:
        waiting = self._helm.waiting
        self._asked.setVisible(waiting is not None)
        self._stop.setVisible(self._helm.running)
        self._stop.setEnabled(not self._helm.stopping)
        self.pane.lend(self._helm.hand if waiting is not None else None)
        if self._helm.running and (waiting is None or waiting.kind == "hands"):
            self.pane.watch()
        else:
            self._show_chosen()
        self._tick()

    def _tick(self) -> None:
        self._status.setText(self._doing())

    def _doing(self) -> str:
        """What goes on now, in a few words."""
        helm = self._helm
        if not helm.running:
            return ""
        if helm.stopping:
            return "stopping …"
        if self._ending.isActive():
            return "Escape once more stops the run"
        if helm.waiting is not None:
            return "waits for you"
        if helm.thinking_since_s is not None:
            return f"thinking … {time.monotonic() - helm.thinking_since_s:.0f} s"
        return "working …" if self.steps.rowCount() else self._said

    def _about(self) -> str:
        order, place = self._helm.order, self._helm.place
        if order is None:
            return ""
        shown = ", ".join(tidy(self._names.called(each), 40) for each in self._lent)
        shown = shown or ", ".join(tidy(each.title, 40) for each in order.exemplars)
        where = "private desktop" if place is not None and place.private else "this desktop" if place else ""
        said = tidy(self._said, 100) if self._helm.running and self._said != _STARTING else ""
        parts = [order.minds.planner, where, f"shown: {shown}" if shown else "", f"memory {order.memory}", said]
        return " · ".join(filter(None, parts))

    def _named(self) -> None:
        """Somebody knows what was lent by name now."""
        self._facts.setText(self._about())
        self._show_chosen()

    def _placed(self, place: Place) -> None:
        self.pane.begin(place)
        self._facts.setText(self._about())

    def _over(self, told: list[events.Event]) -> None:
        self._ticking.stop()
        self.pane.end()
        self.outcome.show_end(told)
        self.list.scrollTo(self.list.currentIndex())
        self._tick()

    def _enter(self) -> None:
        """Enter does what the line or button is for that has the keyboard, else it says yes to the question."""
        match QApplication.focusWidget():
            case QLineEdit() as line:
                line.returnPressed.emit()
            case QAbstractButton() as button:
                button.click()
            case _:
                self.question.agree()

    def _escape(self) -> None:
        """Leave what was begun, else end the run at the second time."""
        left = self.pane.leave() or self.memory.leave() or self.question.leave()
        if left or not self._helm.running:
            return
        if self._ending.isActive():
            self._helm.stop()
            return
        self._ending.start()
        self._tick()

    def _point_at(self, point: Point) -> None:
        """Make the place that was pointed at the target of the step: its witnesses are made in the background."""
        waiting = self._helm.waiting
        asked = waiting.asked if waiting else None
        if asked is None or asked.proposed is None:
            return
        make = partial(with_point, asked.proposed.step, point, asked=asked.event)

        def made(step: Step) -> None:
            if self._helm.waiting is waiting:  # it may have been answered meanwhile, and a later step ask now
                self._helm.modify(step)

        self._core.tasks.with_library(lambda library: make(load=library.frames.load), made)

    def _change_memory(self, change: dict[str, object]) -> None:
        if not self._helm.change_memory(change):
            self._core.notices.error(BadInputError("no run goes on whose memory could be changed; begin one"))
