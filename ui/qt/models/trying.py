"""What a model says of itself when it runs: the outcome of a check or a calibration, and answers to questions."""

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.orders.model_trials import Question
from ui.qt.parts.forms import PathField
from ui.qt.parts.numbers import inset
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look

PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp)"

_LONGEST_PICTURE_PX = 720


class Outcome(QFrame):
    """What came of a check or a calibration in words, with a picture where there is one; `stopped` is the button."""

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        look(self, "card")
        self._counted = ""
        self.heading = QLabel()
        look(self.heading, "heading")
        self.stop = QPushButton("Stop")
        self.stop.clicked.connect(self.stopped)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("How much is done")
        self.bar.setMaximumHeight(SPACE)
        self.text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAccessibleName("What came of it")
        look(self.text, "mono")
        self.picture = QLabel()
        self.picture.setAccessibleName("Hits and misses of the calibration")
        row = QHBoxLayout()
        row.addWidget(self.heading, 1)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addLayout(row)
        for widget in (self.bar, self.text, self.picture):
            column.addWidget(widget)
        self.hide()

    def begin(self, heading: str, counted: str = "questions answered") -> None:
        """It has begun; how long it takes is not known yet, `counted` is what is."""
        self._counted = counted
        self._say(heading, "", "faint")
        self.bar.setRange(0, 0)
        self.bar.show()
        self.stop.show()

    def progress(self, done: int, of: int) -> None:
        """So much of it is done."""
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        self.text.setText(f"{done} of {of} {self._counted}")
        self.text.show()

    def end(self, heading: str, text: str, *, weight: str = "mono") -> None:
        """It is over, and this came of it."""
        self._say(heading, text, weight)
        self.bar.hide()
        self.stop.hide()

    def draw(self, picture: QPixmap | None) -> None:
        """Show the picture below the words."""
        self.picture.setVisible(picture is not None)
        if picture is not None:
            scale = self.devicePixelRatioF()
            wide = min(picture.width(), int(_LONGEST_PICTURE_PX * scale))
            drawn = picture.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
            drawn.setDevicePixelRatio(scale)
            self.picture.setPixmap(drawn)
            self.show()

    def clear(self) -> None:
        """Show nothing."""
        self.hide()
        self.draw(None)

    def _say(self, heading: str, text: str, weight: str) -> None:
        self.heading.setText(heading)
        self.heading.setVisible(bool(heading))
        look(self.text, weight)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.picture.hide()
        self.show()


class Trying(QFrame):
    """A question, perhaps with a picture, and the answer as it comes; `wanted` has the question."""

    wanted = Signal(object)
    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        look(self, "card")
        self.question = QLineEdit(placeholderText="Which window is in front?")
        self.question.setAccessibleName("Question to the model")
        self.picture = PathField("Picture for the model", PICTURES)
        self.picture.field.setPlaceholderText("PNG, JPEG or WebP; none")
        self.most = QSpinBox(minimum=1, maximum=100_000, value=512)
        self.most.setAccessibleName("Longest answer in tokens")
        self.most.setSuffix(" tokens")
        inset(self.most)
        self.streams = QCheckBox("Show the answer as it comes")
        self.streams.setChecked(True)
        self.ask = QPushButton("Ask")
        self.stop = QPushButton("Stop")
        self.stop.hide()
        self.answer = QPlainTextEdit(readOnly=True)
        self.answer.setAccessibleName("Answer of the model")
        self.answer.setMinimumHeight(110)
        self.answer.setTabChangesFocus(True)
        self.remark = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        look(self.remark, "faint")
        self.remark.hide()
        self.ask.setToolTip("Ask (Enter)")
        self.ask.clicked.connect(self._ask)
        self.question.returnPressed.connect(self._ask)
        self.stop.clicked.connect(self.stopped)
        self._arrange()

    def begin(self) -> None:
        """The model is thinking."""
        self.answer.clear()
        self.remark.hide()
        self._busy(on=True)

    def hear(self, piece: str) -> None:
        """Add a piece of the answer."""
        if self.streams.isChecked():
            cursor = self.answer.textCursor()
            cursor.movePosition(cursor.MoveOperation.End)
            cursor.insertText(piece)

    def end(self, answer: str | None, remark: str, *, bad: bool = False) -> None:
        """The whole answer, None where what was heard stays, and what is to be said of it."""
        if answer is not None:
            self.answer.setPlainText(answer)
        look(self.remark, "bad" if bad else "faint")
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        self._busy(on=False)

    def allow(self, *, sees: bool, answers: bool, idle: bool) -> None:
        """Let only be asked what can be."""
        self.setVisible(answers)
        self.picture.setEnabled(sees)
        self.ask.setEnabled(idle)

    def clear(self) -> None:
        """Another model is looked at."""
        self.answer.clear()
        self.remark.hide()

    def _ask(self) -> None:
        if not self.ask.isEnabled():
            return
        path: Path | None = self.picture.path if self.picture.isEnabled() else None
        images = (path,) if path is not None else ()
        self.wanted.emit(Question(self.question.text(), images, self.most.value()))

    def _busy(self, *, on: bool) -> None:
        self.stop.setVisible(on)
        self.ask.setVisible(not on)

    def _arrange(self) -> None:
        heading = QLabel("Try it")
        look(heading, "heading")
        asking = QHBoxLayout()
        asking.setSpacing(SPACE)
        asking.addWidget(self.question, 1)
        asking.addWidget(self.ask)
        asking.addWidget(self.stop)
        more = QHBoxLayout()
        more.setSpacing(SPACE)
        more.addWidget(self.picture, 1)
        more.addWidget(self.most)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(heading)
        column.addLayout(asking)
        column.addLayout(more)
        for widget in (self.streams, self.answer, self.remark):
            column.addWidget(widget)
        order: tuple[QWidget, ...] = (self.question, self.ask, self.picture.field, self.picture.browse, self.most)
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)
