"""The form in which a person puts another step in the place of the proposed one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from ui.orders.modifying import names_of, takes_place, takes_text, with_element, with_keys, with_text
from ui.qt.conducting import Asked
from ui.qt.theme.dressing import look
from workbench.actions import TypeText
from workbench.geometry import Point
from workbench.trajectory import Element, Step

_AS_IT_IS = "as proposed"


class ModifyingForm(QWidget):
    """Asks for another text, another element, another place or other keys: the last thing that was changed counts.

    Emits `modified` with the step, `pointed` with a place in the picture that is to become the target, and `left`.
    """

    modified = Signal(object)
    pointed = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Another step instead")
        self._step: Step | None = None
        self._elements: tuple[Element, ...] = ()
        self._point: Point | None = None
        self._make()
        self._arrange()

    def show_step(self, asked: Asked) -> None:
        """Begin with the step as it was proposed."""
        step = self._step = asked.proposed.step if asked.proposed else None
        self._elements, self._point = asked.event.elements, None
        action = step.action if step else None
        self._form.setRowVisible(self._text, step is not None and takes_text(step))
        self._text.setText(action.text if isinstance(action, TypeText) else "")
        self._list_elements()
        self._form.setRowVisible(self._element, step is not None and takes_place(step) and bool(self._elements))
        self._form.setRowVisible(self._place, step is not None and takes_place(step))
        self._place.setText("drag the ring in the picture, or move it with Ctrl and the arrow keys")
        self._keys.clear()
        self._wrong.hide()
        first = self._text if step is not None and takes_text(step) else self._keys
        first.setFocus()

    def show_point(self, point: Point) -> None:
        """A place was chosen in the picture."""
        self._point = point
        self._place.setText(f"{point.x}, {point.y}")
        self._go.setFocus()

    def _make(self) -> None:
        self._text = QLineEdit()
        self._text.setAccessibleName("Text to type instead")
        self._element = QComboBox()
        self._element.setAccessibleName("Element to use instead")
        self._element.setEditable(True)
        self._element.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._element.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._element.setMinimumContentsLength(8)
        completer = self._element.completer()
        assert completer is not None
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._place = QLabel()
        self._place.setWordWrap(True)
        look(self._place, "faint")
        self._keys = QLineEdit()
        self._keys.setPlaceholderText("such as ctrl+s")
        self._keys.setAccessibleName("Keys to press instead")
        self._wrong = QLabel()
        self._wrong.setTextFormat(Qt.TextFormat.PlainText)
        self._wrong.setWordWrap(True)
        look(self._wrong, "bad")
        self._go = QPushButton("Do this instead")
        look(self._go, "primary")
        self._go.clicked.connect(self._finish)
        self._back = QPushButton("Back")
        self._back.clicked.connect(self.left)
        for line in (self._text, self._keys):
            line.returnPressed.connect(self._finish)

    def _arrange(self) -> None:
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(8)
        for words, field in (
            ("&Text", self._text),
            ("&Element", self._element),
            ("Place", self._place),
            ("&Keys", self._keys),
        ):
            self._form.addRow(words, field)
        self._form.addRow(self._wrong)
        row = QHBoxLayout()
        row.addWidget(self._go)
        row.addWidget(self._back)
        row.addStretch(1)
        self._form.addRow(row)

    def _list_elements(self) -> None:
        self._element.clear()
        self._element.addItem(_AS_IT_IS)
        self._element.addItems(names_of(self._elements))

    def _finish(self) -> None:
        """Make the step of what was changed; what is wrong is said beside it."""
        step, keys, element = self._step, self._keys.text().strip(), self._chosen()
        if step is None:
            return
        if keys:
            self._press(step, keys)
        elif self._point is not None:
            self.pointed.emit(self._point)
        elif takes_text(step) and self._text.text() != _text_of(step):
            self.modified.emit(with_text(step, self._text.text()))
        elif element is not None:
            self.modified.emit(with_element(step, element))
        elif self._element.currentText() != _AS_IT_IS:
            self._tell("No element is called that, or more than one is: choose one from the list.")
        else:
            self._tell("Nothing was changed: approve the step as it is, or change something.")

    def _press(self, step: Step, keys: str) -> None:
        try:
            self.modified.emit(with_keys(step, keys))
        except ValueError as error:
            self._tell(str(error))

    def _chosen(self) -> Element | None:
        """The element that was chosen, or whose whole name was typed."""
        words, box = self._element.currentText().casefold(), self._element
        rows = [row for row in range(box.count()) if box.itemText(row).casefold() == words]
        row = rows[0] if len(rows) == 1 else 0
        return self._elements[row - 1] if row > 0 else None

    def _tell(self, words: str) -> None:
        self._wrong.setText(words)
        self._wrong.show()


def _text_of(step: Step) -> str:
    return step.action.text if isinstance(step.action, TypeText) else ""
