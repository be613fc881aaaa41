"""What was found, and what is done about each."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.orders.exporting import Examined
from ui.qt.exporting.findings_model import DECISION, SHOWN, WHAT, WHERE, Decision, FindingsModel
from ui.qt.parts.pictures import Picture, Pictures
from ui.qt.parts.quiet import quiet
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.errors import WorkbenchError
from workbench.geometry import Rect

CROP_PX = QSize(240, 40)
_AROUND_PX = 4
_ROW_PX = 48


class FindingsPage(QWidget):
    """A table with a picture or masked words for each finding; `decided` says that one more was decided."""

    decided = Signal()

    def __init__(self, pictures: Pictures) -> None:
        super().__init__()
        self._pictures = pictures
        self.model = FindingsModel(self)
        self._about = QLabel(wordWrap=True)
        self.table = QTableView()
        quiet(self.table, "Findings")
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setIconSize(CROP_PX)
        self.table.setWordWrap(False)
        self.table.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.hide_one = QPushButton("&Mask")
        self.accept = QPushButton("&Let leave")
        self.hide_all = QPushButton("Mask &all")
        self._notes = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        look(self._notes, "faint")
        self._arrange()
        self._connect()

    def show_findings(self, examined: Examined) -> None:
        """Show these, and have the pictures of those that are in pictures."""
        self.model.show_leaks(examined.leaks)
        many = len(examined.leaks)
        self._about.setText(
            f"{many} thing{'s' if many > 1 else ''} that may be private. Decide of each whether it is masked, wherever "
            "it occurs, or leaves as it is."
        )
        masking = ["A masked bundle has no raw events and no history."] if examined.order.format == "bundle" else []
        self._notes.setText(" ".join([*masking, *(f"{note[:1].upper()}{note[1:]}." for note in examined.notes)]))
        self._notes.setVisible(bool(self._notes.text()))
        for row, leak in enumerate(examined.leaks):
            place = leak.place
            if place.region is not None:
                self._ask_crop(row, place.frame, place.region)
        self.table.selectRow(0)
        self.table.setFocus()

    def _ask_crop(self, row: int, frame: str, region: Rect) -> None:
        def arrived(picture: Picture) -> None:
            at = region.grown(_AROUND_PX).offset(-picture.origin.x, -picture.origin.y)
            crop = picture.image.copy(at.x, at.y, at.width, at.height)
            smooth = Qt.TransformationMode.SmoothTransformation
            if crop.width() > CROP_PX.width() or crop.height() > CROP_PX.height():
                crop = crop.scaled(CROP_PX, Qt.AspectRatioMode.KeepAspectRatio, smooth)
            self.model.show_crop(row, crop)

        self._pictures.ask(frame, arrived, failed=_no_crop)

    def _decide(self, decision: Decision) -> None:
        rows = [index.row() for index in self.table.selectionModel().selectedRows()]
        self.model.decide(rows, decision)
        following = max(rows, default=-1) + 1
        if len(rows) == 1 and following < self.model.rowCount():
            self.table.selectRow(following)
        self.decided.emit()

    def _decide_all(self) -> None:
        self.model.decide(range(self.model.rowCount()), "mask")
        self.decided.emit()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        row = QHBoxLayout()
        for button in (self.hide_one, self.accept):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.hide_all)
        column.addWidget(self._about)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        column.addWidget(self._notes)
        header = self.table.horizontalHeader()
        for section in (WHAT, DECISION):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(WHERE, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(SHOWN, CROP_PX.width() + 3 * SPACE)

    def _connect(self) -> None:
        self.hide_one.clicked.connect(lambda _checked=False: self._decide("mask"))
        self.accept.clicked.connect(lambda _checked=False: self._decide("accept"))
        self.hide_all.clicked.connect(lambda _checked=False: self._decide_all())
        for key, decision in (("M", "mask"), ("L", "accept")):
            shortcut = QShortcut(QKeySequence(key), self.table, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda decision=decision: self._decide(decision))


def _no_crop(_error: WorkbenchError) -> None:
    """The picture is gone: the finding is shown in words."""
