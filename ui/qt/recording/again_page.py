"""The page before a part of a trajectory is recorded again: which part, what is started, and how the replay goes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.orders.again import Again
from ui.qt.core import Core
from ui.qt.parts.card import Card
from ui.qt.parts.numbers import inset
from ui.qt.recording.values import ValueFields
from ui.qt.theme.dressing import look
from workbench.errors import WorkbenchError
from workbench.report.words import sentence, tidy
from workbench.rerecording import Stretch, before
from workbench.session.variables import bind
from workbench.trajectory import Trajectory

WIDEST_PX = 640


class AgainPage(QWidget):
    """Emits `wanted` with an `Again` and the commands to start; `stopped` and `left` want no arguments."""

    wanted = Signal(object, tuple)
    stopped = Signal()
    left = Signal()

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self._trajectory: Trajectory | None = None
        self._heading, self._words, self._wrong = _told("title"), _told("faint"), _told("bad")
        self.first, self.last = _number("First step to record again"), _number("Last step to record again")
        self.applications = QPlainTextEdit()
        self._as_recorded = QPushButton("As re&corded")
        self.values = ValueFields()
        self.card = Card()
        self._back, self._begin = QPushButton("&Back"), QPushButton("Replay and &record")
        self._form, self._rows, self._starting = QFrame(), QFormLayout(), QHBoxLayout()
        self._arrange()
        self._connect()
        self.setFocusProxy(self._begin)

    def show_trajectory(self, trajectory: Trajectory, stretch: Stretch) -> None:
        """Ask about recording that stretch of it again."""
        self._trajectory = trajectory
        count = len(trajectory.steps)
        self._heading.setText(f"Record “{tidy(trajectory.title, 120)}” again")
        self.values.show_variables(())
        self.first.setRange(1, count + 1)
        self.first.setValue(stretch.first)
        self._follow()
        self.last.setValue(stretch.last or self.last.maximum())
        self._rows.setRowVisible(self._starting, bool(trajectory.commands))
        self._as_recorded.setToolTip("Start what was started for the recording: " + "; ".join(trajectory.commands))
        self.applications.clear()
        self._wrong.hide()
        self.show_progress("")

    def show_progress(self, words: str) -> None:
        """Say how the replay goes; nothing says that it does not go on."""
        self._form.setEnabled(not words)
        self._begin.setEnabled(not words)
        self._back.setText("&Stop" if words else "&Back")
        self.card.clear()
        self._say(words)

    def show_error(self, error: WorkbenchError) -> None:
        """Say why it did not come to a recording."""
        self.show_progress("")
        self._wrong.setText(sentence(str(error)))
        self._wrong.show()

    @property
    def stretch(self) -> Stretch:
        """Which steps are chosen."""
        first, count = self.first.value(), len(self._trajectory.steps) if self._trajectory else 0
        return Stretch(first, None if first > count else self.last.value())

    def _ask(self) -> None:
        if self._trajectory is None or not self._begin.isEnabled():
            return
        self._wrong.hide()
        commands = tuple(filter(None, map(str.strip, self.applications.toPlainText().splitlines())))
        again = Again(self._trajectory, self.stretch, self.values.values)
        try:
            bind(before(again.trajectory, again.stretch.first), again.values, mend="write one beside its name")
        except WorkbenchError as error:
            self.show_error(error)
        else:
            self.wanted.emit(again, commands)

    def _go_back(self) -> None:
        (self.left if self._begin.isEnabled() else self.stopped).emit()

    def _follow(self) -> None:
        """The last step comes after the first, and the words say what happens with these."""
        count, first = len(self._trajectory.steps) if self._trajectory else 0, self.first.value()
        self.last.setEnabled(first <= count)
        self.last.setRange(max(1, min(first, count)), max(1, count))
        self._ask_values(first)
        self._say("")

    def _ask_values(self, first: int) -> None:
        """The variables of what is replayed before are asked for."""
        variables = before(self._trajectory, first).variables if self._trajectory is not None else ()
        self.values.show_variables(variables)
        self._rows.setRowVisible(self.values, bool(variables))

    def _say(self, progress: str) -> None:
        self._words.setText(progress or self._plan())

    def _plan(self) -> str:
        first, count = self.first.value(), len(self._trajectory.steps) if self._trajectory else 0
        lead = "" if first == 1 else f"The workbench does step 1 on this desktop. {_THEN}"
        lead = lead if first <= 2 else f"The workbench does steps 1 to {first - 1} on this desktop. {_THEN}"
        if first > count:
            return f"{lead}What you do then comes behind the last step."
        return (
            f"{lead}What you do until you stop takes the place of {self.stretch.words}. Undo brings the old steps back."
        )

    def _connect(self) -> None:
        self.first.valueChanged.connect(lambda _: self._follow())
        self.last.valueChanged.connect(lambda _: self._say(""))
        self._begin.clicked.connect(self._ask)
        self._back.clicked.connect(self._go_back)
        self._as_recorded.clicked.connect(self._fill_in)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._ask, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _fill_in(self) -> None:
        if self._trajectory is not None:
            self.applications.setPlainText("\n".join(self._trajectory.commands))

    def _arrange(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(16)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._heading)
        head.addWidget(self._words)
        column.addLayout(head)
        column.addWidget(self.card)
        column.addWidget(self._asked())
        column.addWidget(self._wrong)
        column.addLayout(self._foot())
        column.addStretch()
        middle = QWidget()
        middle.setMaximumWidth(WIDEST_PX)
        middle.setLayout(column)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(16, 32, 16, 16)
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        around = QScrollArea()
        around.setWidgetResizable(True)
        around.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        around.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(around)
        self._wrong.hide()

    def _asked(self) -> QFrame:
        look(self._form, "card")
        form = self._rows
        self._form.setLayout(form)
        self._form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(8)
        steps = QHBoxLayout()
        label = QLabel("&Steps")
        label.setBuddy(self.first)
        steps.addWidget(self.first, 1)
        steps.addWidget(QLabel("to"))
        steps.addWidget(self.last, 1)
        form.addRow(label, steps)
        self.applications.setAccessibleName("Applications to start, one command per line")
        self.applications.setPlaceholderText("one command per line; nothing where they are open already")
        self.applications.setTabChangesFocus(True)
        self.applications.setMaximumHeight(4 * self.applications.fontMetrics().lineSpacing())
        form.addRow("Values", self.values)
        form.addRow("S&tart", self.applications)
        self._starting.addWidget(self._as_recorded)
        self._starting.addStretch()
        form.addRow("", self._starting)
        return self._form

    def _foot(self) -> QHBoxLayout:
        look(self._begin, "primary")
        self._begin.setToolTip("Begin (Ctrl+Return)")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._back)
        row.addStretch()
        row.addWidget(self._begin)
        return row


_THEN = "Then the recording begins, as the bar says. "


def _told(kind: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    look(label, kind)
    return label


def _number(name: str) -> QSpinBox:
    spin = QSpinBox()
    spin.setAccessibleName(name)
    inset(spin)
    return spin
