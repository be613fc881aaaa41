"""What stands above the list: the title, the search field, the tag and the order."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from ui.qt.library.entries import ORDERS
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import Dress, look

ALL_TAGS = "All tags"
DROP = "Drop the files to import them"


class SearchField(QLineEdit):
    """Where words are typed. Down and Enter lead on to what was found, Escape back to everything."""

    led_on = Signal()
    entered = Signal()
    left = Signal()

    def __init__(self, dress: Dress) -> None:
        super().__init__()
        self._dress = dress
        self.setPlaceholderText("Search titles, windows, buttons and typed text")
        self.setAccessibleName("Search the library")
        self.setToolTip("Search (Ctrl+K)")
        self.setClearButtonEnabled(True)
        for button in self.findChildren(QToolButton):
            button.setAccessibleName("Clear the search")
        self._mark = QAction("Search", self)
        self.addAction(self._mark, QLineEdit.ActionPosition.LeadingPosition)
        dress.changed.connect(self._draw)
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lead on, open, or leave."""
        match event.key():
            case Qt.Key.Key_Down:
                self.led_on.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def _draw(self) -> None:
        self._mark.setIcon(self._dress.icon("search"))


class Shelf(QWidget):
    """`sifted` says that another tag or order was chosen; `import_wanted` that files are to be taken in."""

    sifted = Signal()
    import_wanted = Signal()

    def __init__(self, dress: Dress) -> None:
        super().__init__()
        self._dress = dress
        self.field = SearchField(dress)
        self._tag = QComboBox()
        self._tag.setAccessibleName("Show only this tag")
        self._tag.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._tag.setMinimumContentsLength(14)
        self._order = QComboBox()
        self._order.setAccessibleName("Order")
        for order, words in ORDERS.items():
            self._order.addItem(words, order)
        self._count = QLabel()
        self._count.setContentsMargins(0, 0, 0, 4)
        look(self._count, "faint")
        self._import = QPushButton("&Import…")
        self._import.setToolTip(
            "Import recordings of this and other tools: files (Ctrl+I) or a folder (Ctrl+Shift+I), or drop them"
        )
        self._arrange()
        self._tag.currentIndexChanged.connect(lambda _at: self.sifted.emit())
        self._order.currentIndexChanged.connect(lambda _at: self.sifted.emit())
        self._import.clicked.connect(lambda _checked=False: self.import_wanted.emit())
        dress.changed.connect(self._draw)
        self._draw()
        self.show_tags(())

    @property
    def tag(self) -> str:
        """The tag that is chosen; empty for all."""
        return str(self._tag.currentData() or "")

    @property
    def order(self) -> str:
        """The order that is chosen; one of `ORDERS`."""
        return str(self._order.currentData())

    def show_tags(self, tags: Sequence[str]) -> None:
        """Offer these tags; a chosen one that is gone gives way to all."""
        chosen = self.tag
        with QSignalBlocker(self._tag):
            self._tag.clear()
            self._tag.addItem(ALL_TAGS, "")
            for tag in tags:
                self._tag.addItem(tag, tag)
            self._tag.setCurrentIndex(max(0, self._tag.findData(chosen)))
        self._tag.setVisible(bool(tags))

    def show_count(self, words: str) -> None:
        """Say how many there are."""
        self._count.setText(words)

    def show_searching(self, *, on: bool) -> None:
        """Whether something is searched for: a search has an order of its own and looks everywhere."""
        self._tag.setEnabled(not on)
        self._order.setEnabled(not on)

    def show_list_tools(self, *, on: bool) -> None:
        """Whether searching and sorting make sense, as they do where there is something."""
        for widget in (self.field, self._order):
            widget.setVisible(on)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, SPACE)
        grid.setSpacing(SPACE)
        heading = QLabel("Library")
        look(heading, "title")
        top, below = QHBoxLayout(), QHBoxLayout()
        top.addWidget(heading)
        top.addSpacing(SPACE // 2)
        top.addWidget(self._count, 1, Qt.AlignmentFlag.AlignBottom)
        top.addWidget(self._import)
        below.addWidget(self.field, 1)
        below.addWidget(self._tag)
        below.addWidget(self._order)
        grid.addLayout(top, 0, 0)
        grid.addLayout(below, 1, 0)

    def _draw(self) -> None:
        self._import.setIcon(self._dress.icon("import"))
