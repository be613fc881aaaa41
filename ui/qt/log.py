"""What the program says of its own work while the window is open: its log lines, to look at and to copy.

Nothing in a log is a picture, a typed text or a secret: that is the rule for whoever logs.
"""

import logging
import time
from collections import deque
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look

PACKAGES = ("workbench", "recorder", "agents", "ui")
MOST_LINES = 2000
_PAUSE_MS = 50
LEVELS = {"Everything": logging.INFO, "Warnings and errors": logging.WARNING, "Errors": logging.ERROR}

Index = QModelIndex | QPersistentModelIndex

_NOWHERE = QModelIndex()


class LogKeeper(QObject):
    """Keeps the newest lines of the program's own loggers. `added` has each of them, on the window's thread."""

    added = Signal(int, str)
    said = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: deque[tuple[int, str]] = deque(maxlen=MOST_LINES)
        self._handler = _Handler(self)
        self.said.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        for name in PACKAGES:
            logger = logging.getLogger(name)
            logger.addHandler(self._handler)
            logger.setLevel(logging.INFO)
        self.destroyed.connect(partial(_silence, self._handler))

    @Slot(int, str)
    def _keep(self, level: int, text: str) -> None:
        self.lines.append((level, text))
        self.added.emit(level, text)


class LogLines(QAbstractListModel):
    """The lines of a keeper that are at least so grave and have some words in them, the oldest first."""

    def __init__(self, keeper: LogKeeper, parent: QObject) -> None:
        super().__init__(parent)
        self._keeper = keeper
        self._level, self._words = logging.INFO, ""
        self._shown: list[tuple[int, str]] = []
        keeper.added.connect(self._add)
        self.narrow(logging.INFO, "")

    def narrow(self, level: int, words: str) -> None:
        """Show only lines of this level or a graver one that have the words."""
        self.beginResetModel()
        self._level, self._words = level, words.casefold()
        self._shown = [line for line in self._keeper.lines if self._fits(line)]
        self.endResetModel()

    def texts(self, rows: list[int]) -> str:
        """These rows as lines, all of them where none is named."""
        return "\n".join(self._shown[row][1] for row in rows or range(len(self._shown)))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many lines are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The line."""
        return self._shown[index.row()][1] if index.isValid() and role == Qt.ItemDataRole.DisplayRole else None

    @Slot(int, str)
    def _add(self, level: int, text: str) -> None:
        if len(self._shown) >= MOST_LINES:
            self.beginRemoveRows(QModelIndex(), 0, 0)
            del self._shown[0]
            self.endRemoveRows()
        if self._fits((level, text)):
            self.beginInsertRows(QModelIndex(), len(self._shown), len(self._shown))
            self._shown.append((level, text))
            self.endInsertRows()

    def _fits(self, line: tuple[int, str]) -> bool:
        return line[0] >= self._level and self._words in line[1].casefold()


class LogDialog(QDialog):
    """The lines, narrowed by level and words; what is chosen, else all of it, is copied."""

    def __init__(self, keeper: LogKeeper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 480)
        self.lines = LogLines(keeper, self)
        self.level = QComboBox()
        self.level.setAccessibleName("Which lines")
        for words, level in LEVELS.items():
            self.level.addItem(words, level)
        self.search = QLineEdit(placeholderText="Only lines with these words", clearButtonEnabled=True)
        self.search.setAccessibleName("Only lines with these words")
        self.list = QListView()
        self.list.setAccessibleName("Log lines")
        self.list.setModel(self.lines)
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.nothing = QLabel("Nothing was logged. Warnings about models, screens and the library appear here.")
        look(self.nothing, "faint")
        self.copy = QPushButton("&Copy")
        self.copy.setToolTip("Copy the chosen lines, or all of them (Ctrl+C)")
        self.copy.setShortcut("Ctrl+C")
        self._arrange()
        self.level.currentIndexChanged.connect(self._narrow)
        self.search.textChanged.connect(self._narrow)
        self.copy.clicked.connect(self._copy)
        self._later = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._later.timeout.connect(self._tell)
        self.lines.rowsInserted.connect(self._come)
        self.lines.modelReset.connect(self._tell)
        self._tell()

    def _narrow(self) -> None:
        self.lines.narrow(int(self.level.currentData()), self.search.text())

    def _come(self) -> None:
        """Many lines may come at once; only then is it scrolled."""
        if not self._later.isActive():
            self._later.start()

    def _copy(self) -> None:
        rows = sorted(index.row() for index in self.list.selectionModel().selectedRows())
        QGuiApplication.clipboard().setText(self.lines.texts(rows))

    def _tell(self) -> None:
        self.nothing.setVisible(not self.lines.rowCount())
        self.copy.setEnabled(bool(self.lines.rowCount()))
        self.list.scrollToBottom()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.level)
        row.addWidget(self.search, 1)
        row.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addLayout(row)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)


class _Handler(logging.Handler):
    """Hands each line over to the keeper, from whatever thread it is said on."""

    def __init__(self, keeper: LogKeeper) -> None:
        super().__init__(logging.INFO)
        self._keeper = keeper

    def emit(self, record: logging.LogRecord) -> None:
        """Say it in one line, without the traceback: values of the person's work may stand in that."""
        when = time.strftime("%H:%M:%S", time.localtime(record.created))
        text = " ".join(record.getMessage().split())
        self._keeper.said.emit(record.levelno, f"{when}  {record.levelname.lower():<8} {record.name}: {text}")


def _silence(handler: logging.Handler, _gone: QObject | None = None) -> None:
    """Listen no longer: nobody is there to be told."""
    for name in PACKAGES:
        logging.getLogger(name).removeHandler(handler)
