"""The question of a run to the person: may this step happen, what is the answer, where is the place, shall it go on."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.orders.facts import batch_of
from ui.qt.parts.numbers import inset
from ui.qt.parts.picture_view import PictureView
from ui.qt.run.helm import Helm, Waiting
from ui.qt.run.modifying_form import ModifyingForm
from ui.qt.theme.dressing import look
from workbench.approval import MOST_SAME

SETTLES_MS = 350
"""A question that comes up while somebody types is not answered by the key that they were about to press."""

_ASKS = {
    "decision": "May this step happen?",
    "place": "Where is it? The place was not found for sure.",
    "pause": "The run waits for you.",
    "hands": "The desktop is yours: do this step, then continue.",
}


class Question(QWidget):
    """Shows what the helm waits for and gives the person's answer to it.

    `point_wanted` asks for a place in the picture, `moves` says whether the point in it may be moved.
    `pointed` has a place that is to become the target of the step.
    """

    point_wanted = Signal()
    moves = Signal(bool)
    pointed = Signal(object)

    def __init__(self, helm: Helm) -> None:
        super().__init__()
        self._helm = helm
        self._waiting: Waiting | None = None
        self.setAccessibleName("Question of the run")
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        look(self._words, "heading")
        self._pages = QStackedWidget()
        self._form = ModifyingForm()
        self._form.modified.connect(helm.modify)
        self._form.pointed.connect(self.pointed)
        self._form.left.connect(self._choices)
        self._settling = QTimer(self, singleShot=True, interval=SETTLES_MS)
        self._settling.timeout.connect(self._settled)
        self._make_pages()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._words)
        column.addWidget(self._pages)
        helm.changed.connect(self.refresh)
        self.refresh()

    @property
    def answerable(self) -> bool:
        """Whether a decision is up and its keys count."""
        decides = self._waiting is not None and self._waiting.kind == "decision"
        return decides and not self._settling.isActive() and self._pages.currentWidget() is self._decision

    def refresh(self) -> None:
        """Show what is waited for now."""
        waiting = self._helm.waiting
        if waiting == self._waiting and waiting is not None:
            return
        self._waiting = waiting
        self.setVisible(waiting is not None)
        self.moves.emit(waiting is not None and waiting.kind == "decision")
        if waiting is None:
            return
        self._words.setText(waiting.words if waiting.kind == "answer" else _ASKS[waiting.kind])
        self._show_batch(waiting)
        self._choices()
        self._pages.setEnabled(False)
        self._settling.start()

    def approve(self) -> None:
        """Let the step happen."""
        if self.answerable:
            self._helm.approve()

    def agree(self) -> None:
        """Enter: say yes to what is asked, whatever it is."""
        if self._settling.isActive():
            return
        page = self._pages.currentWidget()
        if page is self._ahead:
            self._approve_ahead()
        elif page is self._going:
            self._helm.go_on()
        else:
            self.approve()

    def approve_batch(self) -> None:
        """B: this step and those that history expects behind it, where it does."""
        asked = self._waiting.asked if self._waiting is not None else None
        if self.answerable and asked is not None and asked.event.batch is not None:
            self._helm.approve_batch(asked.event.batch.size)

    def take_over(self) -> None:
        """T."""
        if self.answerable:
            self._helm.take_over()

    def begin_modifying(self) -> None:
        """M: another step."""
        if self.answerable and self._waiting is not None and self._waiting.asked is not None:
            self._show(self._form)
            self._form.show_step(self._waiting.asked)

    def begin_rejecting(self) -> None:
        """R: words for the model."""
        if self.answerable:
            self._show(self._refusal)
            self._instead.clear()
            self._instead.setFocus()

    def begin_ahead(self) -> None:
        """N: how many more."""
        if self.answerable:
            self._show(self._ahead)
            self._count.setFocus()
            self._count.selectAll()

    def leave(self) -> bool:
        """Back to the choices; whether there was something to leave."""
        forms: tuple[QWidget, ...] = (self._form, self._refusal, self._ahead)
        inside = self._waiting is not None and self._pages.currentWidget() in forms
        if inside:
            self._choices()
        return inside

    def show_point(self, point: object) -> None:
        """The point was dragged in the picture: that is the beginning of another step."""
        self.begin_modifying()
        if self._pages.currentWidget() is self._form:
            self._form.show_point(point)  # type: ignore[arg-type]  # signals carry objects: it is a Point

    def _make_pages(self) -> None:
        self._decision = self._made_decision()
        self._refusal = self._made_line("What should be done instead?", "Reject", self._reject)
        self._instead = _line_in(self._refusal)
        self._ahead = self._made_ahead()
        self._asked = self._made_line("Your answer", "Answer", self._answer)
        self._place = self._made_place()
        self._going = self._made_going()
        for page in (self._decision, self._refusal, self._ahead, self._asked, self._place, self._going, self._form):
            self._pages.addWidget(page)

    def _made_decision(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        self._approve = _button("Approve", "Approve (Enter)", self.approve, kind="primary")
        grid.addWidget(self._approve, 0, 0, 1, 2)
        others = (
            ("Modify…", "Do something else instead (M)", self.begin_modifying),
            ("Reject…", "Refuse it, with words for the model (R)", self.begin_rejecting),
            ("Take over", "Do this step yourself (T)", self.take_over),
            ("Approve next…", "Approve this one and some more of its kind (N)", self.begin_ahead),
        )
        for number, (words, tip, act) in enumerate(others):
            grid.addWidget(_button(words, tip, act), 1 + number // 2, number % 2)
        self._batch_words = QLabel()
        self._batch_words.setTextFormat(Qt.TextFormat.PlainText)
        self._batch_words.setWordWrap(True)
        look(self._batch_words, "faint")
        self._batch = _button("Approve them all", "Approve this one and the steps below (B)", self.approve_batch)
        grid.addWidget(self._batch_words, 3, 0, 1, 2)
        grid.addWidget(self._batch, 4, 0, 1, 2)
        return page

    def _show_batch(self, waiting: Waiting) -> None:
        batch = waiting.asked.event.batch if waiting.asked else None
        for widget in (self._batch_words, self._batch):
            widget.setVisible(batch is not None)
        if batch is not None and waiting.asked is not None:
            self._batch_words.setText(f"Next, {batch_of(waiting.asked.event)}")
            self._batch.setText(f"Approve it and {batch.size} more")

    def _made_line(self, hint: str, words: str, act: Callable[[str], None]) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        line = QLineEdit()
        line.setPlaceholderText(hint)
        line.setAccessibleName(hint)
        line.returnPressed.connect(lambda: act(line.text()))
        row = QHBoxLayout()
        row.addWidget(_button(words, f"{words} (Enter)", lambda: act(line.text()), kind="primary"))
        if words == "Answer":
            row.addWidget(_button("I don't know", "Go on without an answer", partial(self._helm.answer, "")))
        else:
            row.addWidget(_button("Back", "Back to the choices (Escape)", self._choices))
        row.addStretch(1)
        column.addWidget(line)
        column.addLayout(row)
        return page

    def _made_ahead(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        self._count = QSpinBox()
        inset(self._count)
        self._count.setRange(1, MOST_SAME)
        self._count.setValue(3)
        self._count.setSuffix(" more")
        self._count.setAccessibleName("How many more steps of this kind")
        row.addWidget(self._count)
        row.addWidget(_button("Approve them", "Approve them (Enter)", self._approve_ahead, kind="primary"))
        row.addWidget(_button("Back", "Back to the choices (Escape)", self._choices))
        row.addStretch(1)
        return page

    def _made_place(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(
            _button("Show in picture", "Click on the place in the picture", self.point_wanted.emit, kind="primary")
        )
        self._on_desktop = _button(
            "Click on desktop",
            "Click on the place itself; nothing else happens there",
            partial(self._helm.point_at, None),
        )
        row.addWidget(self._on_desktop)
        row.addStretch(1)
        return page

    def _made_going(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        self._continue = _button("Continue", "Go on with the run (Enter)", self._helm.go_on, kind="primary")
        row.addWidget(self._continue)
        row.addStretch(1)
        return page

    def _choices(self) -> None:
        waiting = self._waiting
        if waiting is None:
            return
        pages = {"decision": self._decision, "answer": self._asked, "place": self._place}
        self._show(pages.get(waiting.kind, self._going))
        place = self._helm.place
        self._on_desktop.setVisible(place is not None and not place.private)
        if waiting.kind == "answer":
            _line_in(self._asked).clear()
        self._focus()

    def _show(self, page: QWidget) -> None:
        """Show the page, no taller than it needs to be."""
        for each in self._pages.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            policy = each.sizePolicy()
            shown = each is page
            policy.setVerticalPolicy(QSizePolicy.Policy.Preferred if shown else QSizePolicy.Policy.Ignored)
            each.setSizePolicy(policy)
        self._pages.setCurrentWidget(page)

    def _settled(self) -> None:
        self._pages.setEnabled(True)
        self._focus()

    def _focus(self) -> None:
        """Let the keyboard begin at the answer, unless somebody is writing elsewhere or acts in the picture already."""
        waiting, now = self._waiting, self.window().focusWidget()
        writing = isinstance(now, QLineEdit) and now.isVisible() and not self.isAncestorOf(now)
        if waiting is None or writing or (waiting.kind == "hands" and isinstance(now, PictureView)):
            return
        first = {"decision": self._approve, "answer": _line_in(self._asked)}.get(waiting.kind, self._continue)
        first.setFocus()

    def _reject(self, words: str) -> None:
        self._helm.reject(words)

    def _answer(self, words: str) -> None:
        self._helm.answer(words)

    def _approve_ahead(self) -> None:
        self._helm.approve(self._count.value())


def _button(words: str, tip: str, act: Callable[[], object], *, kind: str = "") -> QPushButton:
    button = QPushButton(words)
    button.setToolTip(tip)
    button.clicked.connect(lambda _checked=False: act())
    if kind:
        look(button, kind)
    return button


def _line_in(page: QWidget) -> QLineEdit:
    found = page.findChild(QLineEdit)
    assert found is not None
    return found
