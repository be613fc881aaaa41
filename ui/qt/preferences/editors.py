"""One editor for each kind of setting; all of them speak in the texts that `settings set` takes."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.qt.parts.forms import PathField
from ui.qt.parts.numbers import inset
from ui.qt.preferences.keys import HotkeyField
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.settings import Setting
from workbench.settings_values import Kind, Value

AUTOMATIC = "auto"
RULES = ("auto", "ask", "block")
HEADS = ("sure", "unsure", "doubtful")


class Editor(QWidget):
    """Edits one setting. `edited` has the new text, which may be none that the setting can have."""

    edited = Signal(str)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.name = setting.key.replace(".", " ").replace("_", " ")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(SPACE)

    def show_value(self, value: Value) -> None:
        """Show the value without saying that it was edited."""


class ChoiceEditor(Editor):
    """One of a few words."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.box = _Quiet()
        self.box.setAccessibleName(self.name)
        self.box.addItems(setting.choices)
        self.box.setMinimumContentsLength(12)
        self.box.activated.connect(lambda _index: self.edited.emit(self.box.currentText()))
        self.row.addWidget(self.box)
        self.row.addStretch()
        self.setFocusProxy(self.box)

    def show_value(self, value: Value) -> None:
        """Choose it."""
        self.box.setCurrentText(str(value))


class NumberEditor(Editor):
    """A number within limits."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        low, high = setting.limits or (0.0, 1.0)
        self.box = _QuietNumber(minimum=low, maximum=high, decimals=2, singleStep=0.05 if high <= 1 else 1.0)
        self.box.setKeyboardTracking(False)
        self.box.setAccessibleName(self.name)
        self.box.setSuffix(" s" if setting.key.endswith("_s") else "")
        self.box.setMinimumWidth(140)
        inset(self.box)
        self.box.valueChanged.connect(lambda value: self.edited.emit(f"{value:g}"))
        self.row.addWidget(self.box)
        self.row.addStretch()
        self.setFocusProxy(self.box)

    def show_value(self, value: Value) -> None:
        """Show the number."""
        with QSignalBlocker(self.box):
            self.box.setValue(float(cast(float, value)))


class AutomaticEditor(Editor):
    """A whole number, or the program decides."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        low, high = setting.limits or (0.0, 1.0)
        self.auto = QCheckBox("Automatic")
        self.auto.setAccessibleName(f"{self.name}: automatic")
        self.box = _QuietWhole(minimum=int(low), maximum=int(high))
        self.box.setKeyboardTracking(False)
        self.box.setAccessibleName(self.name)
        self.box.setMinimumWidth(140)
        inset(self.box)
        self.auto.clicked.connect(self._tell)
        self.box.valueChanged.connect(lambda _value: self._tell())
        self.row.addWidget(self.auto)
        self.row.addWidget(self.box)
        self.row.addStretch()
        self.setFocusProxy(self.auto)

    def show_value(self, value: Value) -> None:
        """Show the number, or that there is none."""
        automatic = value == AUTOMATIC
        with QSignalBlocker(self.box):
            self.auto.setChecked(automatic)
            self.box.setVisible(not automatic)
            if not automatic:
                self.box.setValue(int(str(value)))

    def _tell(self) -> None:
        self.box.setVisible(not self.auto.isChecked())
        self.edited.emit(AUTOMATIC if self.auto.isChecked() else str(self.box.value()))


class HotkeyEditor(Editor):
    """A hotkey that is pressed."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.field = HotkeyField(optional=setting.default == "")
        self.field.setAccessibleName(f"{self.name}: press the keys")
        self.field.setMaximumWidth(240)
        self.field.pressed.connect(self.edited)
        self.row.addWidget(self.field)
        self.row.addStretch()
        self.setFocusProxy(self.field)

    def show_value(self, value: Value) -> None:
        """Show the keys."""
        self.field.show_hotkey(str(value))


class TextEditor(Editor):
    """One line of text: an address or a size."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.field = QLineEdit()
        self.field.setAccessibleName(self.name)
        self.field.setFixedWidth(160 if setting.kind == "size" else 420)
        self.field.editingFinished.connect(self._tell)
        self.row.addWidget(self.field)
        self.row.addStretch()
        self.setFocusProxy(self.field)
        self._shown = ""

    def show_value(self, value: Value) -> None:
        """Show the text."""
        self._shown = str(value)
        self.field.setText(self._shown)

    def _tell(self) -> None:
        if self.field.text() != self._shown:
            self.edited.emit(self.field.text())


class FolderEditor(Editor):
    """A folder that is typed or chosen."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.path = PathField(self.name, "", lambda _path: self._tell())
        self.path.field.setPlaceholderText("the usual place")
        self.path.field.editingFinished.connect(self._tell)
        self.row.addWidget(self.path)
        self.setFocusProxy(self.path)
        self._shown = ""

    def show_value(self, value: Value) -> None:
        """Show the path."""
        self._shown = str(value)
        self.path.field.setText(self._shown)

    def _tell(self) -> None:
        if self.path.field.text() != self._shown:
            self._shown = self.path.field.text()
            self.edited.emit(self._shown)


class ListEditor(Editor):
    """Some names, each on a line of its own that can be edited."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.names = QListWidget()
        self.names.setAccessibleName(self.name)
        self.names.setMaximumHeight(110)
        look(self.names, "card")
        self.names.itemChanged.connect(lambda _item: self._tell())
        self.add, self.remove = QPushButton("Add"), QPushButton("Remove")
        self.add.setAccessibleName(f"Add to {self.name}")
        self.remove.setAccessibleName(f"Remove from {self.name}")
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        buttons = QVBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch()
        self.row.addWidget(self.names, 1)
        self.row.addLayout(buttons)
        self.setFocusProxy(self.names)

    def show_value(self, value: Value) -> None:
        """Show the names."""
        with QSignalBlocker(self.names):
            self.names.clear()
            for name in value if isinstance(value, tuple) else ():
                self._line(name)

    def _line(self, name: str) -> QListWidgetItem:
        item = QListWidgetItem(name)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        self.names.addItem(item)
        return item

    def _add(self) -> None:
        with QSignalBlocker(self.names):
            item = self._line("")
        self.names.setCurrentItem(item)
        self.names.editItem(item)

    def _remove(self) -> None:
        if self.names.currentRow() >= 0:
            self.names.takeItem(self.names.currentRow())
            self._tell()

    def _tell(self) -> None:
        texts = (self.names.item(row).text().strip() for row in range(self.names.count()))
        self.edited.emit(", ".join(filter(None, texts)))


class RulesEditor(Editor):
    """Three rules side by side, under the heads for how sure a step is."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.boxes: list[QComboBox] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(2)
        for column, head in enumerate(HEADS):
            label = QLabel(head)
            look(label, "faint")
            box = _Quiet()
            box.addItems(RULES)
            box.setAccessibleName(f"{self.name}: {head} steps")
            box.activated.connect(lambda _index: self.edited.emit(" ".join(each.currentText() for each in self.boxes)))
            self.boxes.append(box)
            grid.addWidget(label, 0, column)
            grid.addWidget(box, 1, column)
        self.row.addLayout(grid)
        self.row.addStretch()
        self.setFocusProxy(self.boxes[0])

    def show_value(self, value: Value) -> None:
        """Show the three words."""
        for box, rule in zip(self.boxes, str(value).split(), strict=True):
            box.setCurrentText(rule)


class _Quiet(QComboBox):
    """A combo box that a page can be scrolled over."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page have it."""
        event.ignore()


class _QuietNumber(QDoubleSpinBox):
    """A number that a page can be scrolled over."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page have it."""
        event.ignore()


class _QuietWhole(QSpinBox):
    """A whole number that a page can be scrolled over."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page have it."""
        event.ignore()


EDITORS: dict[Kind, Callable[[Setting], Editor]] = {
    "choice": ChoiceEditor,
    "number": NumberEditor,
    "automatic": AutomaticEditor,
    "hotkey": HotkeyEditor,
    "size": TextEditor,
    "address": TextEditor,
    "folder": FolderEditor,
    "list": ListEditor,
    "rules": RulesEditor,
}
