"""The room of settings: the sections, secrets and storage to the left, one of them to the right."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout

from ui.qt.core import Core
from ui.qt.preferences.page import SettingsPage
from ui.qt.preferences.secrets_page import SecretsPage
from ui.qt.preferences.storage_page import StoragePage
from ui.qt.rooms import Room
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.settings import SECTIONS

SECRETS, STORAGE = "secrets", "storage"

_NAME = int(Qt.ItemDataRole.UserRole)


class SettingsRoom(Room):
    """Every setting of the table; what is changed is kept at once. Secrets show by their names only."""

    name, title, icon = "settings", "Settings", "settings"

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self.pages = QListWidget()
        self.pages.setAccessibleName("Sections of the settings")
        self.pages.setFixedWidth(180)
        self.pages.setSpacing(SPACE // 4)
        for name in (*SECTIONS, SECRETS, STORAGE):
            item = QListWidgetItem(name.capitalize())
            item.setData(_NAME, name)
            self.pages.addItem(item)
        self.settings, self.secrets, self.storage = SettingsPage(core), SecretsPage(core), StoragePage(core)
        self.stack = QStackedWidget()
        for page in (self.settings, self.secrets, self.storage):
            self.stack.addWidget(page)
        self._arrange()
        self.pages.currentItemChanged.connect(lambda item: self._go(item.data(_NAME)) if item else None)
        self.settings.section_seen.connect(self._mark)
        core.settings_changed.connect(self._follow)
        self._mark(next(iter(SECTIONS)))

    def entered(self) -> None:
        """Read what is set, which another program may have changed."""
        self._read()
        self._fill(self.stack.currentWidget())

    def open(self, *what: str | int) -> None:
        """Show the section of that name, the secrets or the storage."""
        names = [self.pages.item(row).data(_NAME) for row in range(self.pages.count())]
        if what and what[0] in names:
            self.pages.setCurrentRow(names.index(what[0]))

    def _read(self) -> None:
        self.core.read_settings(self.settings.show_settings)

    def _go(self, name: str) -> None:
        page = {SECRETS: self.secrets, STORAGE: self.storage}.get(name, self.settings)
        if page is not self.stack.currentWidget():
            self.stack.setCurrentWidget(page)
            self._fill(page)
        if page is self.settings:
            self.settings.go_to(name)

    def _fill(self, page: object) -> None:
        if page is self.secrets:
            self.secrets.refresh()
        elif page is self.storage:
            self.storage.refresh()

    def _mark(self, section: str) -> None:
        """Show which section stands at the top, without going there once more."""
        row = list(SECTIONS).index(section)
        with QSignalBlocker(self.pages):
            self.pages.setCurrentRow(row)

    def _follow(self, key: str) -> None:
        """A setting was changed elsewhere, as the colours in the menu."""
        line = self.settings.lines.get(key)
        if line is not None and not line.editor.isAncestorOf(self.focusWidget() or self):
            line.show_settings(self.core.settings)

    def _arrange(self) -> None:
        title = QLabel("Settings")
        look(title, "title")
        left = QVBoxLayout()
        left.setSpacing(SPACE + SPACE // 2)
        left.addWidget(title)
        left.addWidget(self.pages, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 0)
        row.setSpacing(2 * SPACE)
        row.addLayout(left)
        row.addWidget(self.stack, 1)
