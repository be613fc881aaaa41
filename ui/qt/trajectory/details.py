"""The page of the inspector that says what a step does, and lets its words be edited."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ui.qt.theme.dressing import look
from ui.qt.trajectory.facts import details_of
from ui.qt.trajectory.pages import Leaf, facts_grid
from workbench.trajectory import Step

_LINES = {"description": 2, "thought": 4}


class DetailsPage(QWidget):
    """Facts above, description and thought below.

    `worded` has the step's id, its description and its thought, once they were edited and the focus goes elsewhere,
    Ctrl+Enter is pressed or `commit` is called.
    """

    worded = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self._step: Step | None = None
        self._facts = Leaf("Details")
        self._description = _field("description")
        self._thought = _field("thought")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._facts, 1)
        column.addLayout(self._fields())
        for field in (self._description, self._thought):
            field.installEventFilter(self)
            QShortcut(QKeySequence("Ctrl+Return"), field, self.commit, context=Qt.ShortcutContext.WidgetShortcut)

    def show_step(self, step: Step | None) -> None:
        """Show another step; what was being edited of the one before is said first."""
        if step == self._step:
            return
        self.commit()
        self._step = step
        self._facts.clear()
        if step is not None:
            self._facts.column.addLayout(facts_grid(details_of(step)))
        for field, text in ((self._description, "description"), (self._thought, "thought")):
            field.setPlainText(str(getattr(step, text)) if step else "")
            field.setEnabled(step is not None)

    def commit(self) -> None:
        """Say what was edited, if anything was."""
        step = self._step
        if step is None:
            return
        description, thought = self._description.toPlainText().strip(), self._thought.toPlainText().strip()
        if (description, thought) != (step.description.strip(), step.thought.strip()):
            self._step = None  # said once: the changed step is shown when it comes back
            self.worded.emit(step.id, description, thought)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaving a field ends editing it."""
        if event.type() == QEvent.Type.FocusOut:
            self.commit()
        return super().eventFilter(watched, event)

    def _fields(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(4)
        for words, field in (("&Description", self._description), ("&Thought", self._thought)):
            label = QLabel(words)
            label.setBuddy(field)
            look(label, "faint")
            column.addWidget(label)
            column.addWidget(field)
            column.addSpacing(4)
        return column


def _field(name: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setAccessibleName(f"The step's {name}")
    field.setPlaceholderText("why this step was done" if name == "thought" else "worked out from the step")
    field.setToolTip("Kept when you go elsewhere, or with Ctrl+Enter")
    field.setTabChangesFocus(True)
    frame = 2 * field.frameWidth() + int(2 * field.document().documentMargin()) + 12
    field.setFixedHeight(field.fontMetrics().lineSpacing() * _LINES[name] + frame)
    return field
