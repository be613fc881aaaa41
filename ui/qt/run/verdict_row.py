"""After a run: whether it reached its task, by its log or a person's word, and whether later runs may be shown it."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ui.orders.joining import Verdict
from ui.qt.theme.dressing import look

_KNOWN = {
    True: "It reached its task, as far as its last effect tells. Did it?",
    False: "It did not reach its task, as far as is known. Did it?",
    None: "Nobody knows yet whether it reached its task. Did it?",
}


class VerdictRow(QWidget):
    """Shown for runs that can be judged; `judged` has a person's word, `joined` is their wish to lend the run."""

    judged = Signal(bool)
    joined = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Whether the run reached its task")
        self.words = QLabel()
        look(self.words, "faint")
        self.reached = _button("It did", "Count this run as a success of what it was shown", self._yes)
        self.missed = _button("It did not", "Count this run as a failure of what it was shown", self._no)
        self.lend = _button("Show to later runs", "Let this run be an exemplar for tasks like it", self.joined.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words)
        for button in (self.reached, self.missed, self.lend):
            row.addWidget(button)
        row.addStretch(1)
        self.hide()

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Say what is known; None hides this."""
        self.setVisible(verdict is not None)
        if verdict is None:
            return
        self.words.setText(_KNOWN[verdict.reached])
        self.reached.setEnabled(verdict.reached is not True)
        self.missed.setEnabled(verdict.reached is not False)
        self.lend.setVisible(verdict.may_join)

    def _yes(self) -> None:
        self.judged.emit(True)

    def _no(self) -> None:
        self.judged.emit(False)


def _button(words: str, tip: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(words)
    button.setToolTip(tip)
    button.clicked.connect(lambda _checked=False: act())
    return button
