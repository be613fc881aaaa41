"""A Qt window with everything that opens a window of its own: a menu bar, combo boxes, a menu button, a context menu.

Usage: `python tests/apps/qt_popups.py LOG`; whatever is chosen is appended to that file, a line each. Set
`QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1` where nothing has switched accessibility on.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFormLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

COLOURS = ("Red", "Green", "Blue")
TOWNS = ("Athens", "Bergen", "Cork", "Dakar", "Essen", "Fukuoka", "Genoa", "Hull", "Izmir", "Jaipur", "Kyoto", "Lyon")


class Popups(QMainWindow):
    """The window; `say` is told what was chosen."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__()
        self.say = say
        self.setWindowTitle("Popups")
        self.fill(self.menuBar().addMenu("File"), {"New": None, "Recent": {"One": None, "Two": None}})
        body = QWidget()
        column = QVBoxLayout(body)
        fields = QFormLayout()
        fields.addRow("Colour", self.combo(COLOURS))
        fields.addRow("Town", self.combo(TOWNS))
        column.addLayout(fields)
        column.addWidget(self.button())
        column.addWidget(self.place(), stretch=1)
        self.setCentralWidget(body)
        self.resize(520, 420)
        self.move(200, 150)

    def fill(self, menu: QMenu, entries: dict[str, dict[str, None] | None]) -> QMenu:
        """The menu with these entries, and with a menu for each that has entries of its own."""
        for name, inner in entries.items():
            if inner:
                self.fill(menu.addMenu(name), dict(inner))
            else:
                menu.addAction(name, partial(self.say, name))
        return menu

    def combo(self, lines: tuple[str, ...]) -> QComboBox:
        """A combo box with these lines."""
        box = QComboBox()
        box.addItems(lines)
        box.setMaxVisibleItems(8)
        box.setStyleSheet("combobox-popup: 0")
        box.currentTextChanged.connect(self.say)
        return box

    def button(self) -> QToolButton:
        """A button with a menu."""
        button = QToolButton()
        button.setText("More")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self.fill(QMenu(button), {"Alpha": None, "Beta": None}))
        return button

    def place(self) -> QLabel:
        """A place with a context menu."""
        label = QLabel("Here")
        label.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        label.customContextMenuRequested.connect(partial(self.context, label))
        return label

    def context(self, label: QLabel, at: QPoint) -> None:
        """Open the context menu."""
        entries: dict[str, dict[str, None] | None] = {"Copy": None, "Cut": None, "Deeper": {"Deep": None}}
        self.fill(QMenu(label), entries).popup(label.mapToGlobal(at))


def main(log: Path) -> int:
    """Show the window until it is closed."""

    def say(what: str) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(what + "\n")

    application = QApplication(["qt_popups"])
    application.setApplicationName("qt_popups")
    window = Popups(say)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
