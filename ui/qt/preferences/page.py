"""All settings on one page that scrolls, in the sections of the table."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.preferences.lines import SettingLine
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench.settings import SECTIONS, TABLE, Settings

_WIDEST_PX = 760


class SettingsPage(QWidget):
    """A search field above the sections; `section_seen` has the section that stands at the top."""

    section_seen = Signal(str)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self.lines: dict[str, SettingLine] = {}
        self._sections: dict[str, QFrame] = {}
        self.search = QLineEdit(placeholderText="Search settings", clearButtonEnabled=True)
        self.search.setAccessibleName("Search settings")
        self.search.setMaximumWidth(_WIDEST_PX - SPACE)
        self.search.textChanged.connect(self._narrow)
        self.nothing = QLabel("No setting has these words.")
        look(self.nothing, "faint")
        self.nothing.hide()
        self.area = QScrollArea(widgetResizable=True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setAccessibleName("Settings")
        # Of what is filled while it is seen Qt shows the bar only after the next resize.
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.area.verticalScrollBar().valueChanged.connect(self._tell_section)
        self._inside = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self.search)
        column.addWidget(self.nothing)
        column.addWidget(self.area, 1)

    def show_settings(self, loaded: Settings) -> None:
        """Show these values; the lines are made at the first time."""
        if not self.lines:
            self._build(loaded)
        for line in self.lines.values():
            line.show_settings(loaded)

    def go_to(self, section: str) -> None:
        """Bring the section to the top."""
        self.search.clear()
        frame = self._sections.get(section)
        if frame is not None:
            self.area.verticalScrollBar().setValue(frame.y() - SPACE)

    def _build(self, loaded: Settings) -> None:
        inside = QWidget()
        inside.setMaximumWidth(_WIDEST_PX)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        for section in SECTIONS:
            column.addWidget(self._section(section, loaded))
        column.addStretch()
        self.area.setWidget(inside)

    def _section(self, section: str, loaded: Settings) -> QFrame:
        frame = self._sections[section] = QFrame()
        look(frame, "card")
        column = QVBoxLayout(frame)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, SPACE)
        column.setSpacing(SPACE // 2)
        title = QLabel(section.capitalize())
        look(title, "heading")
        about = QLabel(SECTIONS[section].__doc__ or "", wordWrap=True)
        look(about, "faint")
        column.addWidget(title)
        column.addWidget(about)
        for setting in TABLE:
            if setting.key.startswith(f"{section}.") and setting.face != "terminal":
                line = self.lines[setting.key] = SettingLine(self._core, setting, loaded)
                line.kept.connect(self._follow)
                column.addWidget(line)
        return frame

    def _follow(self, loaded: Settings) -> None:
        for line in self.lines.values():
            line.follow(loaded)

    def _narrow(self, words: str) -> None:
        """Show only the settings that have the words."""
        found = {key for key, line in self.lines.items() if line.fits(words)}
        for key, line in self.lines.items():
            line.setVisible(key in found)
        for section, frame in self._sections.items():
            frame.setVisible(any(key.startswith(f"{section}.") for key in found))
        self.nothing.setVisible(not found)
        self.area.verticalScrollBar().setValue(0)

    def _tell_section(self, top_px: int) -> None:
        above = [name for name, frame in self._sections.items() if frame.isVisible() and frame.y() <= top_px + 40]
        if above:
            self.section_seen.emit(above[-1])
