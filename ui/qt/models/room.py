"""The room of the models: roles above, the list to the left, one model to the right."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QPushButton, QSplitter, QVBoxLayout, QWidget

from ui.orders.model_facts import Facts, facts_of
from ui.orders.models import listed, remark_on
from ui.qt.core import Core
from ui.qt.models.adding import AddDialog
from ui.qt.models.details import Details
from ui.qt.models.getting import DownloadBar, GetDialog
from ui.qt.models.listing import FACTS, ModelDelegate, ModelsList
from ui.qt.models.roles import Roles
from ui.qt.models.work import Download, Downloads, Trials
from ui.qt.notices import Notice
from ui.qt.rooms import Room
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from agents.runtime.models.registry import Entry

SETTINGS = ("model.folder", "model.gpu_layers", "model.context", "model.threads")


@dataclass(frozen=True)
class Found:
    """The models there are with what is known of each, and why some cannot be read."""

    entries: "tuple[Entry, ...]"
    facts: tuple[Facts, ...]
    errors: tuple[WorkbenchError, ...]


class ModelsRoom(Room):
    """Add, fetch, look at, check, calibrate, try and remove models, and say which has which part in runs."""

    name, title, icon = "models", "Models", "models"

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self.trials, self.downloads = Trials(core, self), Downloads(core, self)
        self.rows = ModelsList(self)
        self.list = QListView()
        self.list.setAccessibleName("Models on this machine")
        self.list.setModel(self.rows)
        self.list.setItemDelegate(ModelDelegate(core.dress, self.list))
        self.list.setMouseTracking(True)
        self.list.setMinimumWidth(220)
        self.roles = Roles(core)
        self.details = Details(core, self.trials)
        self.bar = DownloadBar(self.downloads, self._go_on)
        self.add, self.get = QPushButton("&Add…"), QPushButton("Ge&t from the hub…")
        look(self.get, "primary")
        self._wanted = ""
        self._arrange()
        self._connect()

    def entered(self) -> None:
        """Look at what there is now."""
        self.list.setFocus()
        self.refresh()

    def open(self, *what: str | int) -> None:
        """Show the model of that name."""
        self._wanted = str(what[0]) if what else ""
        self.refresh()

    def refresh(self, name: str = "") -> None:
        """Read the registry in the background, and show the model of that name, else the one that was chosen."""
        self._wanted = name or self._wanted
        self.core.tasks.soon(_found, self._show)

    def _show(self, found: Found) -> None:
        chosen = self._wanted or (self.details.facts.name if self.details.facts else "")
        self._wanted = ""
        self.rows.show(found.facts)
        self.roles.show_entries(found.entries)
        place = max(self.rows.place_of(chosen), 0)
        self.list.setCurrentIndex(self.rows.index(place, 0))
        if found.errors:
            self.core.notices.say(Notice(str(found.errors[0]), "warning", about="models"))

    def _look(self, index: QModelIndex) -> None:
        facts: Facts | None = index.data(FACTS)
        self.details.setVisible(facts is not None)
        if facts is not None:
            self.details.show_facts(facts)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        title = QLabel("Models")
        look(title, "title")
        about = QLabel("They run on this machine and see what you let them see.")
        look(about, "faint")
        head.addWidget(title)
        head.addWidget(about)
        head.addStretch()
        head.addWidget(self.add)
        head.addWidget(self.get)
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.details)
        split.setSizes([280, 720])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 0)
        column.setSpacing(SPACE + SPACE // 2)
        column.addLayout(head)
        for widget in (self.roles, self.bar):
            column.addWidget(widget)
        column.addWidget(split, 1)
        order: tuple[QWidget, ...] = (self.add, self.get, *self.roles.choices.values(), self.list, self.details.check)
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _connect(self) -> None:
        self.add.clicked.connect(self.ask_files)
        self.get.clicked.connect(self.ask_hub)
        self.list.selectionModel().currentChanged.connect(self._look)
        self.rows.modelReset.connect(lambda: self._look(self.list.currentIndex()))
        self.roles.changed.connect(self.refresh)
        self.details.changed.connect(self.refresh)
        self.details.removed.connect(self._removed)
        self.downloads.arrived.connect(self._added)
        self.core.settings_changed.connect(self._follow)

    def ask_files(self) -> None:
        """Ask for a model of one's own."""
        dialog = AddDialog(self.core, self)
        dialog.added.connect(self._added)
        dialog.open()

    def ask_hub(self) -> None:
        """Ask which model to fetch."""
        GetDialog(self.core, self, self.downloads).open()

    def _go_on(self, stopped: Download) -> None:
        try:
            self.downloads.begin(stopped.fetch, stopped.key_name)
        except WorkbenchError as error:
            self.core.notices.error(error)

    def _added(self, entry: "Entry") -> None:
        remark = remark_on(entry)
        text = f"Added the model {entry.name}" + (f". {remark}" if remark else "")
        self.core.notices.say(Notice(text, "good", about="models"))
        self.refresh(entry.name)

    def _removed(self, name: str) -> None:
        self.core.notices.info(f"Removed the model {name}")
        self.refresh()

    def _follow(self, key: str) -> None:
        if key in SETTINGS and self.isVisible():
            self.refresh()


def _found() -> Found:
    from agents.runtime.models.registry import Registry

    registry = Registry.usual()
    found = listed(registry)
    return Found(found.entries, tuple(facts_of(entry, registry) for entry in found.entries), found.errors)
