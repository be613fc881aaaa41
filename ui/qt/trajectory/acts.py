"""Everything that can be done in the room, as one table: words, keys, icon, when it makes sense, what it calls."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from ui.qt.theme.dressing import Dress

When = Callable[[], bool]


@dataclass(frozen=True)
class Act:
    """One thing to do; `words` may have a mnemonic, `keys` may be empty."""

    name: str
    words: str
    do: Callable[[], object]
    when: When
    keys: str = ""
    icon: str = ""
    tip: str = ""


class Acts:
    """The table as Qt's actions, which work by their keys wherever the focus is in `room`."""

    def __init__(self, acts: Iterable[Act], room: QWidget, dress: Dress) -> None:
        self._acts = {act.name: act for act in acts}
        self._made = {name: _made(act, room) for name, act in self._acts.items()}
        self._dress = dress
        self._draw()
        dress.changed.connect(self._draw)

    def __getitem__(self, name: str) -> QAction:
        """The action of that name."""
        return self._made[name]

    def check(self) -> None:
        """Offer what makes sense now."""
        for name, act in self._acts.items():
            self._made[name].setEnabled(act.when())

    def menu(self, parent: QWidget, *names: str) -> QMenu:
        """A menu of these, with a line where a name is empty."""
        menu = QMenu(parent)
        for name in names:
            if name:
                menu.addAction(self._made[name])
            else:
                menu.addSeparator()
        return menu

    def button(self, name: str) -> QToolButton:
        """A button without a frame for one of them."""
        button = QToolButton()
        button.setDefaultAction(self._made[name])
        button.setAccessibleName(self._made[name].text().replace("&", ""))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _draw(self) -> None:
        for name, act in self._acts.items():
            if act.icon:
                self._made[name].setIcon(self._dress.icon(act.icon))


def _made(act: Act, room: QWidget) -> QAction:
    action = QAction(act.words, room)
    action.setShortcut(QKeySequence(act.keys))
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    words = act.tip or act.words.replace("&", "").rstrip("…")
    action.setToolTip(f"{words} ({act.keys})" if act.keys else words)
    action.triggered.connect(lambda _checked=False: act.do())
    room.addAction(action)
    return action
