"""A small Qt form for tests, the sibling of `gtk_form.py`: run by an interpreter that has PySide6 (extra "window").

Usage: `python tests/apps/qt_form.py [OPTIONS]`. Set `QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1` where nothing has switched
accessibility on.

It shows labelled fields (Name, City), a password field (Password), a check box (Newsletter), a combo box, a table of
orders, a text area (Notes), four buttons (Save, Delete, Cancel, Apply) and a status line.

--title TEXT          the window's title (default "Form")
--app NAME            the name under which the window manager and accessibility know it (default "qt_form")
--log FILE            append one line per thing done: `clicked Save`, `toggled Newsletter on`, `entered Name TEXT`
--ready FILE          create this file once the window is on the screen
--rename OLD=NEW      show this button under another name
--remove NAME         leave this button out
--insensitive NAME    show this button greyed out
--look-alike NAME     add a second button of the same name before the first, logged as `clicked look-alike NAME`
--look-alike-after NAME   the same after the last button
--fill LABEL=TEXT     start with this text in the field
--size WxH, --at X,Y  size and place of the window
--slow SECONDS        every effect of a button shows (and is logged) that much later
--dialog TEXT         open a modal question with that text over the form, with buttons No and Yes
--unlabelled          draw the labels without telling accessibility which field they belong to
"""

import argparse
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

BUTTONS = ("Save", "Delete", "Cancel", "Apply")
FIELDS = ("Name", "City", "Password")
ORDERS = (("Apples", "3"), ("Bread", "1"), ("Cheese", "2"))


def options(arguments: list[str]) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("--title", "--app", "--log", "--ready", "--size", "--at", "--dialog"):
        parser.add_argument(name)
    for name in ("--rename", "--remove", "--insensitive", "--look-alike", "--look-alike-after", "--fill"):
        parser.add_argument(name, action="append", default=[])
    parser.add_argument("--slow", type=float, default=0.0)
    parser.add_argument("--unlabelled", action="store_true")
    parser.set_defaults(title="Form", app="qt_form", size="460x520")
    return parser.parse_args(arguments)


class Form(QWidget):
    """The window and what happens in it."""

    def __init__(self, asked: argparse.Namespace) -> None:
        super().__init__()
        self.asked = asked
        self.renamed = dict(pair.split("=", 1) for pair in asked.rename)
        self.filled = dict(pair.split("=", 1) for pair in asked.fill)
        self.setWindowTitle(asked.title)
        self.setAccessibleName(asked.title)
        self.status = QLabel("Ready")
        column = QVBoxLayout(self)
        column.addLayout(self.fields())
        column.addLayout(self.choices())
        column.addWidget(self.orders())
        column.addWidget(self.notes())
        column.addLayout(self.buttons())
        column.addWidget(self.status)
        self.resize(*map(int, asked.size.split("x")))
        if asked.at:
            self.move(*map(int, asked.at.split(",")))

    def fields(self) -> QFormLayout:
        """The labelled fields."""
        form = QFormLayout()
        for name in FIELDS:
            field = QLineEdit(self.filled.get(name, ""))
            if name == "Password":
                field.setEchoMode(QLineEdit.EchoMode.Password)
            field.returnPressed.connect(lambda name=name, field=field: self.entered(name, field.text()))
            label = QLabel(f"{name}:")
            if not self.asked.unlabelled:
                label.setBuddy(field)
            form.addRow(label, field)
            if self.asked.unlabelled:
                # The form layout makes every label a buddy by itself.
                label.setBuddy(label)
        return form

    def choices(self) -> QHBoxLayout:
        """A check box and a combo box."""
        row = QHBoxLayout()
        check = QCheckBox("Newsletter")
        check.toggled.connect(lambda on: self.log(f"toggled Newsletter {'on' if on else 'off'}"))
        combo = QComboBox()
        combo.setAccessibleName("Colour")
        combo.addItems(["Red", "Green", "Blue"])
        combo.currentTextChanged.connect(lambda text: self.log(f"chose {text}"))
        row.addWidget(check)
        row.addWidget(combo)
        return row

    def orders(self) -> QTableWidget:
        """A table with a header, of which one cell can be chosen."""
        table = QTableWidget(len(ORDERS), 2)
        table.setAccessibleName("Orders")
        table.setHorizontalHeaderLabels(["Article", "Count"])
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        for row, order in enumerate(ORDERS):
            for column, text in enumerate(order):
                table.setItem(row, column, QTableWidgetItem(text))
        table.cellClicked.connect(lambda row, column: self.log(f"order {ORDERS[row][column]}"))
        return table

    def notes(self) -> QPlainTextEdit:
        """A text area of several lines."""
        notes = QPlainTextEdit(self.filled.get("Notes", ""))
        notes.setAccessibleName("Notes")
        notes.setMaximumHeight(70)
        return notes

    def buttons(self) -> QHBoxLayout:
        """The row of buttons with every drift that was asked for."""
        row = QHBoxLayout()
        for name in self.asked.look_alike:
            row.addWidget(self.button(name, f"look-alike {name}"))
        for name in BUTTONS:
            if name not in self.asked.remove:
                row.addWidget(self.button(name, name))
        for name in self.asked.look_alike_after:
            row.addWidget(self.button(name, f"look-alike {name}"))
        return row

    def button(self, name: str, logged: str) -> QPushButton:
        """One button, shown under its new name if it was renamed."""
        widget = QPushButton(self.renamed.get(name, name))
        widget.setEnabled(name not in self.asked.insensitive)
        widget.clicked.connect(lambda: self.done(logged))
        return widget

    def done(self, name: str) -> None:
        """Show and log a click, later if asked to be slow."""
        QTimer.singleShot(int(self.asked.slow * 1000), lambda: self.finish(name))

    def finish(self, name: str) -> None:
        """The effect itself."""
        self.status.setText(f"{name} done")
        self.log(f"clicked {name}")

    def entered(self, name: str, text: str) -> None:
        """Return was pressed in a field."""
        self.status.setText(f"{name} entered")
        self.log(f"entered {name} {'' if name == 'Password' else text}".rstrip())

    def ask(self, question: str) -> None:
        """A modal question over the form."""
        box = QMessageBox(self)
        box.setWindowTitle("Question")
        box.setText(question)
        box.setStandardButtons(QMessageBox.StandardButton.No | QMessageBox.StandardButton.Yes)
        yes = int(QMessageBox.StandardButton.Yes)
        box.finished.connect(lambda answer: self.log(f"answered {'yes' if answer == yes else 'no'}"))
        box.open()

    def log(self, line: str) -> None:
        """Append a line where the test reads it."""
        if self.asked.log:
            with Path(self.asked.log).open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    def shown(self) -> None:
        """The window is on the screen."""
        if self.asked.dialog:
            self.ask(self.asked.dialog)
        if self.asked.ready:
            Path(self.asked.ready).touch()


def main(arguments: list[str]) -> int:
    """Show the form until its window is closed."""
    asked = options(arguments)
    application = QApplication([asked.app])
    application.setApplicationName(asked.app)
    form = Form(asked)
    form.show()

    def tell() -> None:
        if form.windowHandle().isExposed():
            form.shown()
        else:  # the window manager has not shown it yet
            QTimer.singleShot(10, tell)

    QTimer.singleShot(0, tell)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
