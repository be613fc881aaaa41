"""Choosing a model of the hub, and the line that shows how far it has come."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ui.orders.model_facts import sized
from ui.orders.models import WITHOUT_PICTURES, Fetch
from ui.qt.core import Core
from ui.qt.models.work import Download, Downloads
from ui.qt.parts.forms import FormDialog, faint, line
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.errors import WorkbenchError

_PARTS = 1000


class GetDialog(FormDialog):
    """The catalogue on one page, any other repository on the other."""

    def __init__(self, core: Core, parent: QWidget, downloads: Downloads) -> None:
        super().__init__(parent, "Get a model from the hub", "Get")
        self._downloads = downloads
        self.catalogue = QListWidget()
        self.catalogue.setAccessibleName("Known models")
        self.catalogue.setMinimumHeight(220)
        self.catalogue.itemDoubleClicked.connect(lambda _item: self.apply())
        self.note = faint("")
        self.catalogue.currentItemChanged.connect(self._show_note)
        self.other = _Other()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Which model")
        self.tabs.addTab(self._known(), "Known models")
        self.tabs.addTab(self.other, "Another repository")
        self.fill(self.tabs)
        core.tasks.soon(_catalogue, self._offer)

    def apply(self) -> None:
        """Begin to fetch, unless something speaks against it."""
        fetch = self.other.fetch() if self.tabs.currentIndex() else self._chosen()
        if fetch is None:
            self.refuse("choose a model first")
            return
        try:
            self._downloads.begin(fetch, self.other.key_name.text().strip() if self.tabs.currentIndex() else "")
        except WorkbenchError as error:
            self.refuse(error)
            return
        self.accept()

    def _known(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, SPACE, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self.catalogue, 1)
        column.addWidget(self.note)
        return page

    def _chosen(self) -> Fetch | None:
        item = self.catalogue.currentItem()
        return Fetch(item.data(Qt.ItemDataRole.UserRole)) if item else None

    def _offer(self, rows: tuple[tuple[str, str, str], ...]) -> None:
        for name, about, note in rows:
            item = QListWidgetItem(f"{name}\n{about}")
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setData(Qt.ItemDataRole.UserRole + 1, note)
            self.catalogue.addItem(item)
        self.catalogue.setCurrentRow(0)
        self.catalogue.setFocus()

    def _show_note(self, item: QListWidgetItem | None) -> None:
        self.note.setText(item.data(Qt.ItemDataRole.UserRole + 1) if item else "")


class _Other(QWidget):
    """A repository that the catalogue does not know."""

    def __init__(self) -> None:
        super().__init__()
        self.name = line("Name", "what to call it here")
        self.repository = line("Repository", "OWNER/REPO")
        self.model = line("The model's file", "*Q4_K_M.gguf")
        self.mmproj = line("The file that lets it see", "*mmproj*.gguf")
        self.blind = QCheckBox("Text only: fetch no second file")
        self.blind.toggled.connect(lambda on: self.mmproj.setEnabled(not on))
        self.key_name = line("Secret with the hub's key", "the name of a secret; none")
        rows = QFormLayout(self)
        rows.setContentsMargins(0, SPACE, 0, 0)
        rows.setSpacing(SPACE)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.addRow("&Name", self.name)
        rows.addRow("&Repository", self.repository)
        rows.addRow("&Model", self.model)
        rows.addRow("&Pictures (mmproj)", self.mmproj)
        rows.addRow("", self.blind)
        rows.addRow("&Key", self.key_name)

    def fetch(self) -> Fetch | None:
        """What is written here; None where the repository is missing."""
        repository = self.repository.text().strip()
        mmproj = WITHOUT_PICTURES if self.blind.isChecked() else self.mmproj.text().strip()
        if not repository:
            return None
        return Fetch(self.name.text().strip(), "", repository, self.model.text().strip(), mmproj)


class DownloadBar(QFrame):
    """How far the model has come that is fetched now; it can be stopped, and gone on with later."""

    def __init__(self, downloads: Downloads, go_on: Callable[[Download], None]) -> None:
        super().__init__()
        look(self, "card")
        self._downloads, self._go_on = downloads, go_on
        self.words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.bar = QProgressBar(maximum=_PARTS, textVisible=False)
        self.bar.setAccessibleName("How much of the file has arrived")
        self.bar.setMaximumHeight(SPACE)
        self.stop, self.again, self.away = QPushButton("Stop"), QPushButton("Go on"), QPushButton("Put away")
        self.stop.clicked.connect(downloads.stop)
        self.again.clicked.connect(self._continue)
        self.away.clicked.connect(downloads.forget)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.words, 1)
        for button in (self.stop, self.again, self.away):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        column.addLayout(row)
        column.addWidget(self.bar)
        downloads.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        now = self._downloads.now
        self.setVisible(now is not None)
        if now is None:
            return
        self.words.setText(told(now))
        self.bar.setRange(0, _PARTS if now.all_bytes else 0 if now.state == "running" else 1)
        self.bar.setValue(now.done_bytes * _PARTS // now.all_bytes if now.all_bytes else 0)
        stopped = now.state == "stopped"
        self.stop.setVisible(not stopped)
        self.stop.setEnabled(now.state == "running")
        self.again.setVisible(stopped)
        self.away.setVisible(stopped)

    def _continue(self) -> None:
        if self._downloads.now is not None:
            self._go_on(self._downloads.now)


def told(now: Download) -> str:
    """How far it has come, in words."""
    if now.state == "stopped":
        return f"{now.name}: {now.why}"
    if now.state == "stopping":
        return f"{now.name}: stopping …"
    if not now.all_bytes:
        return f"{now.name}: asking the hub …"
    percent = now.done_bytes * 100 // now.all_bytes
    return f"{now.name}: {now.file}, {percent} % of {sized(now.all_bytes)}"


def _catalogue() -> tuple[tuple[str, str, str], ...]:
    from agents.runtime.models.families import downloads

    return tuple((name, f"{row.title} · {entry.repository}", row.note) for name, (row, entry) in downloads().items())
