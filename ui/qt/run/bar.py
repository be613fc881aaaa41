"""The approval bar: one line above all other programs while the run needs a person who looks elsewhere."""

from collections.abc import Callable, Mapping
from typing import Literal

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from ui.orders.facts import batch_of, confidence_of, risk_of
from ui.qt.core import Core
from ui.qt.parts.floating import Floating
from ui.qt.parts.key_names import keys_in_words
from ui.qt.parts.numbers import inset
from ui.qt.parts.unseen import keep_unseen
from ui.qt.run import everywhere
from ui.qt.run.helm import Helm, Waiting
from ui.qt.run.question import SETTLES_MS
from ui.qt.theme.dressing import look
from workbench.approval import MOST_SAME
from workbench.errors import UnavailableError
from workbench.events import ApprovalAsked
from workbench.report.words import caption, tidy

Page = Literal["choices", "words", "ahead"]

_LONGEST = 120
_TOP_PX = 24
_PLACE = "approval bar"

_SAYS = {
    "place": "The place was not found: show it in the window, or on the desktop.",
    "pause": "The run waits for you.",
    "hands": "The desktop is yours: do this step, then continue.",
}


class ApprovalBar(Floating):
    """Frameless and always on top; it never takes the keyboard by itself, and stays where it was dragged to.

    `wanted` asks for the main window, `modify_wanted` for another step there. Pictures of the desktop do not show it.
    """

    wanted = Signal()
    modify_wanted = Signal()

    def __init__(self, core: Core, helm: Helm, state: QSettings) -> None:
        super().__init__()
        self._core, self._helm, self._state = core, helm, state
        self._marked = False
        self._shown: Waiting | None = None
        self.setWindowTitle("Approval")
        self.setAccessibleName("Approval of a run")
        look(self, "card")
        self._settling = QTimer(self, singleShot=True, interval=SETTLES_MS)
        self._settling.timeout.connect(lambda: self._row.setEnabled(True))
        self._make()
        self._arrange()
        self._keys()

    def set_wanted(self, *, wanted: bool) -> None:
        """Show it with what the run waits for now, or put it away."""
        if not wanted or self._helm.waiting is None:
            self.hide()
            return
        if self._helm.waiting != self._shown or not self.isVisible():
            self._show(self._helm.waiting)
        if not self.isVisible():
            self._keep_unseen()
            self.adjustSize()
            self.put(self._standing())
            self.show()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Name the keys that do the same whichever program has the keyboard, by what they do."""
        tips = {
            self._approve: (everywhere.APPROVE, "Approve (Enter{})"),
            self._continue: (everywhere.APPROVE, "Go on with the run (Enter{})"),
            self._reject: (everywhere.REJECT, "Refuse it, with words for the model (R; without words{})"),
            self._take: (everywhere.TAKE_OVER, "Do this step yourself (T{})"),
            self._stop: (everywhere.STOP, "End the run; what was done is kept{}"),
        }
        for button, (word, tip) in tips.items():
            key = keys_in_words(keys.get(word, ""))
            button.setToolTip(tip.format(f"; {key} everywhere" if key else ""))

    def dropped(self) -> None:
        """It comes back to this place."""
        self._state.setValue(_PLACE, self.pos())

    def _make(self) -> None:
        self._caption = QLabel()
        self._risk = QLabel()
        for label in (self._caption, self._risk):
            label.setTextFormat(Qt.TextFormat.PlainText)
        look(self._caption, "heading")
        look(self._risk, "faint")
        self._words = QLineEdit()
        self._words.setMinimumWidth(320)
        self._words.returnPressed.connect(self._said)
        self._count = QSpinBox()
        inset(self._count)
        self._count.setRange(1, MOST_SAME)
        self._count.setValue(3)
        self._count.setSuffix(" more")
        self._count.setAccessibleName("How many more steps of this kind")
        self._approve = _button("Approve", "Approve (Enter)", self._helm.approve)
        self._batch = _button("Approve them all", "Approve this one and those that come next (B)", self._approve_batch)
        self._ahead = _button("Approve next…", "Approve this one and some more of its kind (N)", self._begin_ahead)
        self._those = _button("Approve them", "Approve them (Enter)", self._approve_ahead)
        self._modify = _button("Modify…", "Do something else instead, in the window (M)", self.modify_wanted.emit)
        self._reject = _button("Reject…", "Refuse it, with words for the model (R)", self._begin_rejecting)
        self._take = _button("Take over", "Do this step yourself (T)", self._helm.take_over)
        self._continue = _button("Continue", "Go on with the run (Enter)", self._helm.go_on)
        self._answer = _button("Answer", "Answer (Enter)", self._said)
        self._here = _button("Click on it", "Click on the place on the desktop", lambda: self._helm.point_at(None))
        self._window = _button("Open window", "Show everything, and change the step there (W)", self.wanted.emit)
        self._stop = _button("Stop", "End the run; what was done is kept", self._helm.stop)
        for button in (self._approve, self._those, self._continue, self._answer):
            look(button, "primary")
        look(self._stop, "danger")

    def _arrange(self) -> None:
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._count)
        for button in (self._approve, self._those, self._answer, self._continue, self._here):
            row.addWidget(button)
        for button in (self._batch, self._ahead, self._modify, self._reject, self._take):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._window)
        row.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        for widget in (self._caption, self._risk, self._row):
            column.addWidget(widget)

    def _keys(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "Return": self._enter,
            "Enter": self._enter,
            "R": self._begin_rejecting,
            "T": self._helm.take_over,
            "N": self._begin_ahead,
            "B": self._approve_batch,
            "M": self.modify_wanted.emit,
            "W": self.wanted.emit,
            "Escape": self._back,
        }
        for key, act in acts.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda act=act: act() if self._row.isEnabled() else None)

    def _show(self, waiting: Waiting) -> None:
        self._shown = waiting
        asked = waiting.asked
        step = asked.proposed.step if asked and asked.proposed else None
        words = caption(step) if step else waiting.words or _SAYS.get(waiting.kind, "")
        self._caption.setText(tidy(f"Step {waiting.index}: {words}", _LONGEST))
        self._risk.setText(tidy(_risk(asked.event), _LONGEST) if asked else "")
        self._risk.setVisible(asked is not None)
        self._offer(waiting, _first_page(waiting))
        self._row.setEnabled(False)
        self._settling.start()

    def _offer(self, waiting: Waiting, page: Page) -> None:
        decides = waiting.kind == "decision"
        chooses, writes = decides and page == "choices", page == "words"
        place = self._helm.place
        self._words.clear()
        self._words.setVisible(writes)
        self._words.setPlaceholderText("What should be done instead?" if decides else "Your answer")
        self._words.setAccessibleName(self._words.placeholderText())
        for button in (self._approve, self._ahead, self._modify, self._take):
            button.setVisible(chooses)
        self._offer_batch(waiting, chooses=chooses)
        self._count.setVisible(page == "ahead")
        self._those.setVisible(page == "ahead")
        self._reject.setVisible(decides and page != "ahead")
        self._answer.setVisible(waiting.kind == "answer")
        self._continue.setVisible(waiting.kind in ("pause", "hands"))
        self._here.setVisible(waiting.kind == "place" and place is not None and not place.private)
        self.adjustSize()

    def _offer_batch(self, waiting: Waiting, *, chooses: bool) -> None:
        batch = waiting.asked.event.batch if waiting.asked else None
        self._batch.setVisible(chooses and batch is not None)
        if batch is not None and waiting.asked is not None:
            self._batch.setText(f"Approve it and {batch.size} more")
            self._batch.setToolTip(f"{batch_of(waiting.asked.event)} (B)")

    def _approve_batch(self) -> None:
        waiting = self._helm.waiting
        batch = waiting.asked.event.batch if waiting is not None and waiting.asked else None
        if batch is not None:
            self._helm.approve_batch(batch.size)

    def _begin_rejecting(self) -> None:
        waiting = self._helm.waiting
        if waiting is None or waiting.kind != "decision":
            return
        if self._words.isVisible():
            self._said()
            return
        self._offer(waiting, "words")
        self.activateWindow()
        self._words.setFocus()

    def _begin_ahead(self) -> None:
        waiting = self._helm.waiting
        if waiting is None or waiting.kind != "decision":
            return
        self._offer(waiting, "ahead")
        self.activateWindow()
        self._count.setFocus()
        self._count.selectAll()

    def _approve_ahead(self) -> None:
        self._helm.approve(self._count.value())

    def _said(self) -> None:
        waiting = self._helm.waiting
        if waiting is not None and waiting.kind == "decision":
            self._helm.reject(self._words.text())
        else:
            self._helm.answer(self._words.text())

    def _enter(self) -> None:
        if self._words.isVisible():
            self._said()
        elif self._count.isVisible():
            self._approve_ahead()
        elif self._helm.waiting is not None and self._helm.waiting.kind == "decision":
            self._helm.approve()
        else:
            self._helm.go_on()

    def _back(self) -> None:
        if self._helm.waiting is not None:
            self._offer(self._helm.waiting, _first_page(self._helm.waiting))

    def _keep_unseen(self) -> None:
        """Mark it before it is shown for the first time; without the mark it would stand in the pictures."""
        if self._marked:
            return
        self._marked = True
        try:
            keep_unseen(self)
        except UnavailableError as error:
            self._core.notices.error(error)

    def _standing(self) -> QPoint:
        """Where it was left, unless no screen is there any more; else above the middle of the screen."""
        kept = self._state.value(_PLACE)
        if isinstance(kept, QPoint) and QGuiApplication.screenAt(kept) is not None:
            return kept
        area = QGuiApplication.primaryScreen().availableGeometry()
        return QPoint(area.center().x() - self.width() // 2, area.top() + _TOP_PX)


def _first_page(waiting: Waiting) -> Page:
    return "words" if waiting.kind == "answer" else "choices"


def _risk(asked: ApprovalAsked) -> str:
    sure = confidence_of(asked)
    return f"{risk_of(asked)}; confidence {sure}" if sure else risk_of(asked)


def _button(words: str, tip: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(words)
    button.setToolTip(tip)
    button.clicked.connect(lambda _checked=False: act())
    return button
