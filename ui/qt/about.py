"""What the program says of itself: its shortcuts, what this machine can do, its version."""

import platform
from collections.abc import Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QMainWindow,
    QPlainTextEdit,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ui.qt.core import Core
from ui.qt.parts.key_names import keys_in_words
from ui.qt.rooms import Room
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from workbench import settings
from workbench.checkup.findings import Finding, Scope

_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly

PAGES = ("shortcuts", "doctor", "about")
_LIBRARIES = ("PySide6-Essentials", "llama-cpp-python", "opencv-python-headless", "mss", "pyautogui", "sqlite-utils")


class AboutDialog(QDialog):
    """Three pages, one of them in front."""

    def __init__(self, core: Core, window: QMainWindow, page: str) -> None:
        super().__init__(window)
        self._core = core
        self.setWindowTitle("About this program")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(620, 520)
        tabs = QTabWidget()
        tabs.setAccessibleName("About this program")
        tabs.addTab(_shortcuts(core, window), "Shortcuts")
        tabs.addTab(self._doctor(), "This machine")
        tabs.addTab(_about(), "About")
        tabs.setCurrentIndex(PAGES.index(page))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(tabs)
        column.addWidget(buttons)

    def _doctor(self) -> QWidget:
        text = QPlainTextEdit("Looking at this machine …", readOnly=True)
        text.setAccessibleName("What this machine can do")
        look(text, "mono")
        self._core.tasks.aside(partial(_examined, str(self._core.library_folder)), text.setPlainText)
        return text


def _examined(folder: str) -> str:
    from agents.runtime.models import gpu_build
    from workbench.checkup.asking import examine

    findings = examine(Scope(folder), more={gpu_build.NAME: gpu_build.check})
    return "\n".join(_line(finding) for finding in findings)


def _line(finding: Finding) -> str:
    mend = f"\n            {finding.mend}" if finding.mend else ""
    return f"{'ok' if finding.ok else 'missing':<8} {finding.name}: {finding.found}{mend}"


def _shortcuts(core: Core, window: QMainWindow) -> QWidget:
    page = QWidget()
    form = QFormLayout(page)
    form.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
    form.setHorizontalSpacing(3 * SPACE)
    _section(form, "In the whole window", window.findChildren(QAction, options=_DIRECT))
    for room in window.findChildren(Room):
        _section(form, f"In {room.title}", room.findChildren(QAction))
    _heading(form, "Whichever program has the keyboard")
    loaded = core.settings
    for setting in settings.TABLE:
        if setting.kind == "hotkey":
            keys = keys_in_words(str(loaded.get(setting.key))) or "not set"
            form.addRow(_key(keys), QLabel(setting.help.rstrip("."), wordWrap=True))
    around = QScrollArea(widgetResizable=True)
    around.setAccessibleName("Shortcuts")
    look(around, "read")
    around.setWidget(page)
    return around


def _section(form: QFormLayout, heading: str, actions: Sequence[QAction]) -> None:
    """Those of the actions that have keys, below their heading; nothing where none has."""
    told = {each.shortcut().toString(): each.text().replace("&", "").rstrip("…") for each in actions}
    told.pop("", None)
    if told:
        _heading(form, heading)
    for keys, words in told.items():
        form.addRow(_key(keys), QLabel(words))


def _heading(form: QFormLayout, words: str) -> None:
    label = QLabel(words)
    label.setContentsMargins(0, SPACE if form.rowCount() else 0, 0, 0)
    look(label, "heading")
    form.addRow(label)


def _key(words: str) -> QLabel:
    label = QLabel(words)
    look(label, "mono")
    return label


def _about() -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(16, 16, 16, 16)
    title = QLabel("GUI agent workbench")
    look(title, "title")
    words = QLabel(
        "Records what a person does on a desktop, replays it on today's screen, and lends it to a local model. "
        "Nothing leaves this machine. MIT licence."
    )
    words.setWordWrap(True)
    column.addWidget(title)
    column.addWidget(words)
    column.addSpacing(SPACE)
    form = QFormLayout()
    form.setHorizontalSpacing(3 * SPACE)
    versions = {
        "Program": _version("gui-agent-workbench"),
        "Python": platform.python_version(),
        "Qt": qVersion(),
        **{name: _version(name) for name in _LIBRARIES},
    }
    for name, number in versions.items():
        label = QLabel(name)
        look(label, "faint")
        form.addRow(label, QLabel(number))
    column.addLayout(form)
    column.addStretch()
    return page


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
