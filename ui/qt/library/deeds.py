"""What can be done with the chosen trajectories: one table for the bar, the menu and the shortcuts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from ui.qt.parts.accessible import MenuButton
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import Dress, look

if TYPE_CHECKING:
    from workbench.library.records import Summary

Chosen = Sequence["Summary"]


def _one(chosen: Chosen) -> bool:
    return len(chosen) == 1 and chosen[0].state == "complete"


def _two(chosen: Chosen) -> bool:
    return len(chosen) == 2 and all(one.state == "complete" for one in chosen)


def _still(chosen: Chosen) -> bool:
    return bool(chosen) and all(one.state != "recording" for one in chosen)


@dataclass(frozen=True)
class Deed:
    """One thing to do: its words, icon and keys, and for which choice it makes sense. `front` ones have a button."""

    words: str
    icon: str
    keys: str
    fits: Callable[[Chosen], bool]
    front: bool = False


DEEDS: dict[str, Deed] = {
    "open": Deed("&Open", "eye", "Enter", _one, front=True),
    "replay": Deed("Re&play", "play", "Ctrl+P", _one, front=True),
    "run": Deed("R&un the task", "run", "Ctrl+U", lambda chosen: len(chosen) == 1, front=True),
    "compare": Deed("&Compare", "compare", "Ctrl+D", _two, front=True),
    "rename": Deed("Re&name…", "edit", "F2", _one),
    "tags": Deed("&Tags…", "tag", "Ctrl+T", bool),
    "export": Deed("E&xport…", "export", "Ctrl+E", _one),
    "recover": Deed("Reco&ver", "refresh", "", lambda chosen: any(one.state == "broken" for one in chosen)),
    "delete": Deed("&Delete…", "trash", "Del", _still),
}


class Deeds(QObject):
    """The table as actions. `wanted` has the name of one and what was chosen then."""

    wanted = Signal(str, object)

    def __init__(self, dress: Dress, parent: QWidget) -> None:
        super().__init__(parent)
        self._dress = dress
        self._chosen: Chosen = ()
        self.actions = {name: self._made(name, deed, parent) for name, deed in DEEDS.items()}
        dress.changed.connect(self._draw)
        self._draw()
        self.choose(())

    def choose(self, chosen: Chosen) -> None:
        """What the next one is done with."""
        self._chosen = tuple(chosen)
        for name, action in self.actions.items():
            action.setEnabled(DEEDS[name].fits(self._chosen))

    def do(self, name: str) -> None:
        """Do one of them, where it makes sense."""
        if self.actions[name].isEnabled():
            self.wanted.emit(name, self._chosen)

    def menu(self, parent: QWidget, *, whole: bool) -> QMenu:
        """All of them, or those without a button."""
        menu = QMenu(parent)
        for name, deed in DEEDS.items():
            if (name == "rename" and whole) or name == "delete":
                menu.addSeparator()
            if whole or not deed.front:
                menu.addAction(self.actions[name])
        return menu

    def _made(self, name: str, deed: Deed, parent: QWidget) -> QAction:
        action = QAction(deed.words, parent)
        if deed.keys not in ("", "Enter"):
            action.setShortcut(QKeySequence(deed.keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: self.do(name))
        return action

    def _draw(self) -> None:
        for name, action in self.actions.items():
            action.setIcon(self._dress.icon(DEEDS[name].icon))


class DeedBar(QWidget):
    """The buttons below the list: what is done most, and a menu with the rest."""

    def __init__(self, deeds: Deeds, dress: Dress) -> None:
        super().__init__()
        self._deeds, self._dress = deeds, dress
        self.setAccessibleName("What to do with the chosen trajectory")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        row.setSpacing(SPACE)
        self._count = QLabel()
        look(self._count, "faint")
        row.addWidget(self._count, 1)
        self._buttons = {name: self._button(name) for name, deed in DEEDS.items() if deed.front}
        for name in reversed(self._buttons):
            row.addWidget(self._buttons[name])
        self._more = MenuButton()
        self._more.setAccessibleName("More to do with it")
        self._more.setToolTip("More")
        self._more.setMenu(deeds.menu(self._more, whole=False))
        row.insertWidget(1, self._more)
        QWidget.setTabOrder(self._more, next(reversed(self._buttons.values())))
        dress.changed.connect(self._draw)
        self._draw()

    def show_chosen(self, number: int) -> None:
        """Say how many are chosen."""
        self._count.setText("" if number == 0 else "1 chosen" if number == 1 else f"{number} chosen")
        for name, button in self._buttons.items():
            button.setEnabled(self._deeds.actions[name].isEnabled())
        self._more.setEnabled(number > 0)

    def _button(self, name: str) -> QPushButton:
        deed = DEEDS[name]
        button = QPushButton(deed.words)
        button.setToolTip(f"{deed.words.replace('&', '')} ({deed.keys})")
        if name == "open":
            look(button, "primary")
        button.clicked.connect(lambda _checked=False: self._deeds.do(name))
        return button

    def _draw(self) -> None:
        self._more.setIcon(self._dress.icon("more"))
        for name, button in self._buttons.items():
            if name != "open":
                button.setIcon(self._dress.icon(DEEDS[name].icon))
