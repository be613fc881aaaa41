"""The review page: what was recorded, step by step, and what can be taken out of it before it is kept."""

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from agents.completion.naming import NOTHING
from ui.qt.core import Core
from ui.qt.parts.picture_view import Mark, PictureView
from ui.qt.parts.pictures import Picture
from ui.qt.parts.tips import plain_tip
from ui.qt.recording.changes import ChangeBar, open_once, question
from ui.qt.recording.crops import area_of, ask_crop, point_of
from ui.qt.recording.reviewing import Review
from ui.qt.recording.standing import counted, masked
from ui.qt.recording.steps import StepDelegate, StepModel
from ui.qt.recording.wanted import Discard, Keep
from ui.qt.theme.dressing import look
from workbench.report.words import duration
from workbench.trajectory import Step

LIST_PX = 340
"""How narrow the list of steps may become."""

KEEP = "Keep it in the library, as one that a person has looked at"
KEEP_AND_OPEN = "Keep it, and look at it step by step"


class ReviewPage(QWidget):
    """Takes a `Review` in and emits what the person wants as one of `ui.qt.recording.wanted`."""

    wanted = Signal(object)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self._review: Review | None = None
        self._offered = NOTHING
        self._busy = self._undoable = False
        self._model = StepModel(self)
        self._model.wanted.connect(lambda step: ask_crop(core, step, self._model.arrived))
        self._heading = QLabel("Look it over")
        self._summary, self._remark, self._masked = QLabel(), QLabel(), QLabel()
        self._progress = QProgressBar()
        self._title, self._task = QLineEdit(), QLineEdit()
        self._list, self._picture = QListView(), PictureView("The picture before the step, with its place marked")
        self._changes = ChangeBar(core)
        self._discard = QPushButton("D&iscard…")
        self._open = QPushButton("Keep and &open")
        self._keep = QPushButton("&Keep")
        self._arrange()
        self._connect()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the steps; a focus proxy would keep Tab from the fields above them."""
        super().focusInEvent(event)
        self._list.setFocus(event.reason())

    def show_review(
        self, review: Review, *, undoable: bool = False, pictures_changed: bool = False, waiting: bool = False
    ) -> None:
        """Show the recording as it is now; title and task stay as they are edited here while it is the same one.

        `waiting` says that its steps are still being completed: until then nothing can be changed or kept.
        """
        if self._review is None or self._review.trajectory.id != review.trajectory.id:
            self._title.setText(review.trajectory.title)
            self._task.setText(review.trajectory.task)
            self._offered = NOTHING
        else:
            self._follow_purge(review)
        if not waiting:
            self._offer(review, purged=pictures_changed)
        row = max(0, self._list.currentIndex().row())
        self._review = review
        self._undoable = undoable
        self._model.show_steps(review.trajectory.steps, afresh=pictures_changed)
        self._tell(waiting=waiting)
        if review.trajectory.steps:
            self._list.setCurrentIndex(self._model.index(min(row, len(review.trajectory.steps) - 1)))
        self._show_step()

    def begin_anew(self) -> None:
        """Forget the recording that was shown."""
        self._review = None
        self._model.show_steps((), afresh=True)
        self._picture.show_picture(None)
        self._allow()

    def show_purpose(self, replaces: str) -> None:
        """Say which steps of another trajectory the recording is to replace; nothing where it is one of its own."""
        self._heading.setText(f"Look over what replaces {replaces}" if replaces else "Look it over")
        self._keep.setText("&Put in place" if replaces else "&Keep")
        self._open.setVisible(not replaces)

    def show_busy(self, words: str) -> None:
        """Say that something is being done, during which nothing can be changed; nothing says that it is over."""
        self._busy = bool(words)
        self._remark.setText(words)
        self._remark.setVisible(bool(words))
        self._allow()

    @property
    def step(self) -> Step | None:
        """The step that is chosen."""
        row = self._list.currentIndex().row()
        return self._model.steps[row] if 0 <= row < len(self._model.steps) else None

    def _follow_purge(self, review: Review) -> None:
        """What was purged must not come back from a field of this page."""
        assert self._review is not None, "there is one to compare with"
        old, new = self._review.trajectory, review.trajectory
        if old.title != new.title:
            self._title.setText(new.title)
        if old.task != new.task:
            self._task.setText(new.task)

    def _offer(self, review: Review, *, purged: bool) -> None:
        """Put what the steps amount to into the fields that nobody has written in, for a person to take or change.

        What was made of words that are purged goes, even where a person has written on in it.
        """
        old, new, kept = self._offered, review.proposal, review.trajectory
        self._offered = new
        for field, was, text, own in (
            (self._title, old.title, new.title, kept.title),
            (self._task, old.task, new.task, kept.task),
        ):
            if was != text and (purged or not field.isModified()):
                field.setText(text or own)

    def _tell(self, *, waiting: bool) -> None:
        review = self._review
        assert review is not None, "there is one to tell of"
        took = duration(review.trajectory.seconds * 1000)
        self._summary.setText(f"{counted(len(review.trajectory.steps), 'step')} in {took}")
        hidden = masked(review.seen)
        self._masked.setText(hidden)
        self._masked.setVisible(bool(hidden))
        self._progress.setVisible(waiting)
        if waiting:
            steps = counted(len(review.trajectory.steps), "step")
            words = f"Reading from the pictures how {steps} can be found again; then they can be changed and kept."
            self.show_busy(words)
        elif self._busy:
            self.show_busy("")
        if not review.trajectory.steps:
            self._remark.setText("Nothing was recorded: no click and no key came through. Discard it and try again.")
            self._remark.show()
        self._allow()

    def _allow(self) -> None:
        self._changes.show_step(self.step, free=not self._busy, undoable=self._undoable)
        why_not = self._why_not_kept()
        for button, words in ((self._keep, KEEP), (self._open, KEEP_AND_OPEN)):
            button.setEnabled(not why_not)
            button.setToolTip(plain_tip(why_not or words))
            button.setAccessibleDescription(why_not)

    def _why_not_kept(self) -> str:
        """What keeping it waits for, in words; empty for nothing."""
        if self._review is None or self._busy:
            return self._remark.text() or "The recording is being read."
        return "" if self._title.text().strip() else "It needs a title first."

    def _show_step(self) -> None:
        step = self.step
        self._allow()
        if step is None or step.observation.frame is None:
            self._picture.show_picture(None)
            return
        chosen = step
        self._core.pictures.ask(step.observation.frame, lambda picture: self._arrived(chosen, picture))

    def _arrived(self, step: Step, picture: Picture) -> None:
        if self.step is not step:
            return
        area = area_of(step)
        mark = Mark(self._core.dress.colours.recording, area=area, point=None if area else point_of(step))
        self._picture.show_picture(picture, [mark])

    def _ask_discard(self) -> None:
        words = "Its steps, pictures and events are deleted for good."
        box = question(self, "Discard this recording?", words, yes="Discard", no="Keep looking")
        box.accepted.connect(lambda: self.wanted.emit(Discard()))
        open_once(box)

    def _decide(self, *, then_open: bool) -> None:
        self.wanted.emit(Keep(self._title.text().strip(), self._task.text().strip(), then_open))

    def _connect(self) -> None:
        self._list.selectionModel().currentChanged.connect(lambda *_: self._show_step())
        self._model.modelReset.connect(self._allow)
        self._title.textChanged.connect(lambda _: self._allow())
        self._discard.clicked.connect(self._ask_discard)
        self._open.clicked.connect(lambda: self._decide(then_open=True))
        self._keep.clicked.connect(lambda: self._decide(then_open=False))
        self._changes.wanted.connect(self.wanted.emit)
        QShortcut(
            QKeySequence("Delete"), self._list, self._changes.ask_delete, context=Qt.ShortcutContext.WidgetShortcut
        )
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("Ctrl+Z"), self._list, self._changes.ask_undo, context=inside)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addLayout(self._fields())
        column.addWidget(self._remark)
        column.addWidget(self._progress)
        column.addWidget(self._body(), 1)
        column.addWidget(self._changes)
        column.addSpacing(8)
        column.addLayout(self._foot())
        for first, second in pairwise((self._title, self._task, self._list, self._picture)):
            QWidget.setTabOrder(first, second)
        look(self._remark, "faint")
        self._remark.setWordWrap(True)
        self._remark.hide()
        self._progress.setAccessibleName("The steps are being completed")
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.hide()

    def _head(self) -> QHBoxLayout:
        look(self._heading, "title")
        look(self._summary, "faint")
        look(self._masked, "warning")
        self._masked.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._heading)
        row.addWidget(self._summary)
        row.addWidget(self._masked, 1)
        row.addStretch()
        return row

    def _fields(self) -> QFormLayout:
        form = QFormLayout()
        form.setSpacing(8)
        self._task.setPlaceholderText("what this does, in a sentence; it is how an agent finds it later")
        form.addRow("&Title", self._title)
        form.addRow("T&ask", self._task)
        return form

    def _body(self) -> QSplitter:
        self._list.setModel(self._model)
        self._list.setItemDelegate(StepDelegate(self._core.dress, self._list))
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("The steps")
        self._list.setMinimumWidth(LIST_PX)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self._list)
        split.addWidget(self._picture)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([420, 580])
        return split

    def _foot(self) -> QHBoxLayout:
        look(self._keep, "primary")
        look(self._discard, "danger")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._discard)
        row.addStretch()
        row.addWidget(self._open)
        row.addWidget(self._keep)
        return row
