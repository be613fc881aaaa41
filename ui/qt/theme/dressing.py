"""Which look the window has now, and how it is put on; it may change while the window is open."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from ui.qt.theme.colours import DARK, LIGHT, RADIUS, Colours, palette
from ui.qt.theme.icons import icon
from ui.qt.theme.sheet import style_sheet
from workbench.settings_sections import Theme


class Dress(QObject):
    """The look of the whole program; `changed` says that icons have to be drawn anew.

    It follows the system's while `theme` is "system".
    """

    changed = Signal()

    def __init__(self, application: QApplication, theme: Theme) -> None:
        super().__init__(application)
        self._application = application
        self._theme: Theme = theme
        self.colours = LIGHT
        application.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._put_on()

    def wear(self, theme: Theme) -> None:
        """Change the look to this one."""
        self._theme = theme
        self._put_on()

    def icon(self, name: str) -> QIcon:
        """An icon in the colour of texts, in that of what is chosen where its button is checked."""
        return icon(name, self.colours.text, chosen=self.colours.accent)

    def _system_changed(self) -> None:
        if self._theme == "system":
            self._put_on()

    def _put_on(self) -> None:
        self.colours = _colours(self._theme)
        self._application.setPalette(palette(self.colours))
        self._application.setStyleSheet(style_sheet(self.colours, RADIUS))
        self.changed.emit()


def look(widget: QWidget, name: str) -> None:
    """Give a widget one of the looks of the style sheet."""
    widget.setProperty("look", name)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _colours(theme: Theme) -> Colours:
    if theme == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if theme == "dark" else LIGHT
