"""One setting on the page: its name, its editor, what it does, what is wrong, and the way back to the default."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.preferences.editors import EDITORS
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench import settings
from workbench.errors import WorkbenchError
from workbench.settings import Setting, Settings, shown
from workbench.settings_values import Value


class SettingLine(QWidget):
    """Keeps what is edited at once; what the setting cannot be is said below its editor, and not kept.

    `kept` has the settings with the new value, and those that hold after all where it could not be stored.
    """

    kept = Signal(object)

    def __init__(self, core: Core, setting: Setting, loaded: Settings) -> None:
        super().__init__()
        self._core, self.setting, self._loaded = core, setting, loaded
        self.editor = EDITORS[setting.kind](setting)
        title = QLabel(titled(setting))
        title.setBuddy(self.editor)
        look(title, "name")
        self.reset = QToolButton()
        self.reset.setText("Reset")
        self.reset.setAccessibleName(f"Reset {titled(setting)} to {shown(setting.default) or 'empty'}")
        self.reset.setToolTip(f"Back to the default: {shown(setting.default) or 'empty'}")
        self.mark = QLabel("changed")
        look(self.mark, "pill")
        self.help = QLabel(setting.help, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        look(self.help, "faint")
        self.wrong = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        look(self.wrong, "bad")
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        for widget in (title, self.mark, self.reset):
            head.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE, 0, SPACE)
        column.setSpacing(SPACE // 2)
        column.addLayout(head)
        for below in (self.editor, self.wrong, self.help):
            column.addWidget(below)
        self.editor.edited.connect(self.keep)
        self.reset.clicked.connect(lambda: self.keep(shown(setting.default)))
        self.show_settings(loaded)

    def fits(self, words: str) -> bool:
        """Whether all the words stand in its name or its help."""
        text = f"{self.setting.key} {titled(self.setting)} {self.setting.help} {' '.join(self.setting.choices)}"
        return all(word in text.casefold() for word in words.casefold().split())

    def show_settings(self, loaded: Settings) -> None:
        """Show the value in these settings."""
        self._loaded = loaded
        value = loaded.get(self.setting.key)
        self.editor.show_value(value)
        self._say("")
        self._mark(value)

    def follow(self, loaded: Settings) -> None:
        """Another setting has changed; what is edited here stays."""
        self._loaded = loaded

    def keep(self, text: str) -> None:
        """Keep this text as the new value, if it can be one."""
        try:
            value = settings.parse(self.setting.key, text)
            changed = settings.with_values(self._loaded, {self.setting.key: value})
        except WorkbenchError as error:
            self._say(str(error))
            return
        self._say("")
        if value != self._loaded.get(self.setting.key):
            self._loaded = changed
            self.kept.emit(changed)
            self._core.change(self.setting.key, text, self._refused)
        self.editor.show_value(value)
        self._mark(value)

    def _refused(self, error: WorkbenchError) -> None:
        """It could not be stored: show what holds, and say why."""
        self.show_settings(self._core.settings)
        self.kept.emit(self._core.settings)
        self._say(str(error))

    def _mark(self, value: Value) -> None:
        changed = value != self.setting.default
        self.mark.setVisible(changed)
        self.reset.setVisible(changed)

    def _say(self, wrong: str) -> None:
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))


def titled(setting: Setting) -> str:
    """The setting's name as people read it: `timeout_s` is "Timeout"."""
    name = setting.key.partition(".")[2]
    return name.removesuffix("_s").replace("_", " ").capitalize().replace("Gpu", "GPU")
