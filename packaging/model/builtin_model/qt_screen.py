"""Shows one random application in Qt widgets; a program of its own, run where PySide6 is installed.

`python qt_screen.py APPLICATION.json`: the file holds an `Application` of `builtin_model.toolkits`, as JSON. The window
stays until the process is ended.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDial,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QMenuBar,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QTextEdit,
    QToolBar,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

Shape = dict[str, Any]


class Builder:
    """Makes Qt widgets of an application's widgets; `other_set` takes tool buttons, dials and trees for the usual."""

    def __init__(self, *, other_set: bool) -> None:
        self._other = other_set

    def window(self, application: Shape) -> QMainWindow:
        """The main window, menus and tools in their places."""
        window, body = QMainWindow(), QWidget()
        window.setWindowTitle(application["title"])
        column = QVBoxLayout(body)
        for part in application["parts"]:
            if part["kind"] == "menubar":
                window.setMenuBar(self.menubar(part))
            elif part["kind"] == "toolbar":
                window.addToolBar(self.toolbar(part))
            else:
                column.addWidget(self.made(part))
        window.setCentralWidget(body)
        return window

    def made(self, shape: Shape) -> QWidget:
        """The widget of any kind."""
        widget = self._container(shape) or self._leaf(shape)
        widget.setEnabled(not shape["disabled"])
        return widget

    def menubar(self, shape: Shape) -> QMenuBar:
        """The menus, closed."""
        bar = QMenuBar()
        for part in shape["parts"]:
            bar.addMenu(part["label"])
        return bar

    def toolbar(self, shape: Shape) -> QToolBar:
        """The tools as actions."""
        bar = QToolBar(shape["label"])
        for part in shape["parts"]:
            action = bar.addAction(part["label"])
            action.setCheckable(part["kind"] == "toggle")
            action.setChecked(part["on"])
            action.setEnabled(not part["disabled"])
        return bar

    def _container(self, shape: Shape) -> QWidget | None:
        make: Callable[[Shape], QWidget] | None = {
            "row": lambda one: self._boxed(one, QHBoxLayout),
            "column": lambda one: self._boxed(one, QVBoxLayout),
            "group": self._group,
            "form": self._form,
            "keypad": self._keypad,
            "tabs": self._tabs,
            "list": self._tree if self._other else self._list,
            "tree": self._tree,
            "table": self._table,
        }.get(shape["kind"])
        return make(shape) if make else None

    def _boxed(self, shape: Shape, layout: type[QHBoxLayout] | type[QVBoxLayout]) -> QWidget:
        box = QWidget()
        inside = layout(box)
        for part in shape["parts"]:
            self._labelled(part, inside)
        return box

    def _labelled(self, part: Shape, inside: QHBoxLayout | QVBoxLayout) -> None:
        widget = self.made(part)
        if part["kind"] in _LABELLED:
            label = QLabel(part["label"])
            label.setBuddy(widget)
            inside.addWidget(label)
        inside.addWidget(widget)

    def _group(self, shape: Shape) -> QWidget:
        box = QGroupBox(shape["label"])
        inside = QVBoxLayout(box)
        for part in shape["parts"]:
            self._labelled(part, inside)
        return box

    def _form(self, shape: Shape) -> QWidget:
        box = QWidget()
        form = QFormLayout(box)
        for part in shape["parts"]:
            form.addRow(part["label"] + ("" if self._other else ":"), self.made(part))
        return box

    def _keypad(self, shape: Shape) -> QWidget:
        box, side = QWidget(), int(shape["label"])
        grid = QGridLayout(box)
        for place, part in enumerate(shape["parts"]):
            grid.addWidget(self.made(part), place // side, place % side)
        return box

    def _tabs(self, shape: Shape) -> QWidget:
        tabs = QTabWidget()
        for part in shape["parts"]:
            tabs.addTab(self._boxed(part, QVBoxLayout), part["label"])
        return tabs

    def _list(self, shape: Shape) -> QWidget:
        rows = QListWidget()
        rows.setAccessibleName(shape["label"])
        for place, part in enumerate(shape["parts"]):
            rows.addItem(part["label"])
            if part["on"]:
                rows.setCurrentRow(place)
        return rows

    def _tree(self, shape: Shape) -> QWidget:
        tree = QTreeWidget()
        tree.setHeaderLabel(shape["label"])
        for part in shape["parts"]:
            item = QTreeWidgetItem(tree, [part["label"]])
            if part["on"]:
                tree.setCurrentItem(item)
        return tree

    def _table(self, shape: Shape) -> QWidget:
        head, *rows = ([cell["label"] for cell in row["parts"]] for row in shape["parts"])
        table = QTableWidget(len(rows), len(head))
        table.setHorizontalHeaderLabels(head)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for y, row in enumerate(rows):
            for x, text in enumerate(row):
                table.setItem(y, x, QTableWidgetItem(text))
        return table

    def _leaf(self, shape: Shape) -> QWidget:
        kind, label, value = shape["kind"], shape["label"], shape["value"]
        if kind in ("button", "toggle"):
            return self._button(shape)
        if kind in ("checkbox", "switch", "radio"):
            box = QRadioButton(label) if kind == "radio" else QCheckBox(label)
            box.setChecked(shape["on"])
            return box
        if kind in ("number", "slider"):
            return self._number(kind, int(value or 0))
        if kind == "dropdown":
            choice = QComboBox()
            choice.addItems([part["label"] for part in shape["parts"]])
            choice.setEditable(self._other)
            return choice
        return self._text(kind, label, value)

    def _button(self, shape: Shape) -> QWidget:
        button = QToolButton() if self._other else QPushButton()
        button.setText(shape["label"])
        button.setCheckable(shape["kind"] == "toggle")
        button.setChecked(shape["on"])
        return button

    def _number(self, kind: str, value: int) -> QWidget:
        made = QSpinBox() if kind == "number" else QDial() if self._other else QSlider()
        made.setValue(value)
        return made

    def _text(self, kind: str, label: str, value: str) -> QWidget:
        if kind == "area":
            return QPlainTextEdit(value) if self._other else QTextEdit(value)
        if kind == "date":
            return QDateEdit()
        if kind in ("field", "password"):
            line = QLineEdit(value)
            line.setEchoMode(QLineEdit.EchoMode.Password if kind == "password" else QLineEdit.EchoMode.Normal)
            return line
        return QLabel(f'<a href="#">{label}</a>' if kind == "link" else label)


_LABELLED = ("field", "password", "number", "date", "area", "dropdown", "slider")


def main() -> None:
    """Show the application that the file describes until the process is ended."""
    application = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    program = QApplication(sys.argv[:1])
    window = Builder(other_set=application["other_set"]).window(application)
    window.show()
    program.exec()


if __name__ == "__main__":
    main()
