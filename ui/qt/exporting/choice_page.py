"""Which format, and where to."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.orders.exporting import Format, formats
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look

FORMAT = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_ROW_PX = 30


class FormatsModel(QAbstractListModel):
    """All formats, one line each; `FORMAT` is the format itself."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formats = formats()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many formats."""
        return 0 if parent.isValid() else len(self._formats)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The line of a format."""
        if not index.isValid():
            return None
        one = self._formats[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                kind = f"a {one.suffix} file" if one.suffix else "a folder"
                return f"{one.title[:1].upper()}{one.title[1:]}  ·  {one.name}, {kind}"
            case Qt.ItemDataRole.SizeHintRole:
                return QSize(0, _ROW_PX)
        return one if role == FORMAT else None

    def row_of(self, name: str) -> int:
        """The row of a format."""
        return next((row for row, one in enumerate(self._formats) if one.name == name), 0)


class ChoicePage(QWidget):
    """Asks for format and place; `changed` says that they are others. `stem` is the name that is proposed."""

    changed = Signal()

    def __init__(self, stem: str, folder: Path) -> None:
        super().__init__()
        self._stem, self._folder = stem, folder
        self._proposed = ""
        self.model = FormatsModel(self)
        self.list = QListView()
        self.list.setAccessibleName("Format")
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.path = QLineEdit()
        self.path.setAccessibleName("Where to")
        self.browse = QPushButton("&Browse…")
        self.pictures = QCheckBox("&Read pictures, too: takes a second or two for each")
        self.pictures.setChecked(True)
        self.wrong = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        look(self.wrong, "bad")
        self.wrong.hide()
        self._arrange()
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._propose())
        self.path.textChanged.connect(lambda _text: self.changed.emit())
        self.browse.clicked.connect(lambda _checked=False: self._ask_path())
        self.list.setCurrentIndex(self.model.index(0))

    @property
    def format(self) -> Format:
        """The format that is chosen."""
        chosen: Format = self.list.currentIndex().data(FORMAT)
        return chosen

    @property
    def place(self) -> Path | None:
        """Where to; None while nothing is given."""
        text = self.path.text().strip()
        return Path(text).expanduser() if text else None

    def complain(self, words: str) -> None:
        """Say what is wrong with the choice, or nothing."""
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))

    def _propose(self) -> None:
        """Another place for another format, unless the person has named one."""
        one = self.format
        if self.path.text() in ("", self._proposed):
            self._proposed = str(self._folder / (f"{self._stem}{one.suffix}" if one.suffix else self._stem))
            self.path.setText(self._proposed)
        elif one.suffix and self.place:
            self.path.setText(str(self.place.with_suffix(one.suffix)))
        self.changed.emit()

    def _ask_path(self) -> None:
        one = self.format
        dialog = QFileDialog(self, "Export", self.path.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{one.title} (*{one.suffix})"] if one.suffix else ["Folders (*)"])
        dialog.setDefaultSuffix(one.suffix.removeprefix("."))
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        heading, where = QLabel("&Format"), QLabel("&Where to")
        heading.setBuddy(self.list)
        where.setBuddy(self.path)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(self.browse)
        about = QLabel(
            "Words and pictures are looked through first: secrets, tokens, addresses and numbers do not leave unseen.",
            wordWrap=True,
        )
        look(about, "faint")
        column.addWidget(heading)
        column.addWidget(self.list, 1)
        column.addWidget(where)
        column.addLayout(row)
        for widget in (self.pictures, about, self.wrong):
            column.addWidget(widget)
