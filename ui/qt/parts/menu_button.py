"""A button that opens a menu, and tells accessibility of it: Qt's own keeps the menus of its buttons to itself."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QMenu, QToolButton


class MenuButton(QToolButton):
    """Opens its menu at a click. The menu is its accessible child, as that of a menu bar's entry is."""

    def __init__(self) -> None:
        super().__init__()
        _tell_accessibility()
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)


class _MenuButtonInterface(QAccessibleWidget):
    def __init__(self, button: MenuButton) -> None:
        super().__init__(button, QAccessible.Role.ButtonMenu)
        self._button = button

    def childCount(self) -> int:
        return 1 if self._menu else 0

    def child(self, index: int) -> QAccessibleInterface | None:
        menu = self._menu
        return QAccessible.queryAccessibleInterface(menu) if menu and index == 0 else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return 0 if self._menu and child.object() is self._menu else -1

    def actionNames(self) -> list[str]:
        return ["Press"]

    def doAction(self, name: str) -> None:
        if name == "Press":
            self._button.animateClick()

    @property
    def _menu(self) -> QMenu | None:
        return self._button.menu()


_told: list[bool] = []


def _tell_accessibility() -> None:
    if not _told:
        _told.append(True)
        QAccessible.installFactory(_interface_of)


def _interface_of(_kind: str, of: QObject) -> QAccessibleInterface | None:
    return _MenuButtonInterface(of) if isinstance(of, MenuButton) else None
