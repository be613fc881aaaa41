"""What Qt does not tell accessibility of its widgets: the menus of buttons, and what combo boxes are called."""

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QComboBox, QToolButton, QWidget


class MenuButton(QToolButton):
    """A button that opens its menu at a click. It needs an accessible name; the menu is its accessible child."""

    def __init__(self) -> None:
        super().__init__()
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)


def complete_accessibility() -> None:
    """From now on tell of them too; once for an application, before its windows are made."""
    QAccessible.installFactory(_interface_of)


class _Parental(QAccessibleWidget):
    """A widget with children that are windows of their own while they are open."""

    def __init__(self, widget: QWidget, role: QAccessible.Role) -> None:
        super().__init__(widget, role)
        self._widget = widget

    def children_of(self) -> list[QWidget]:
        return []

    def childCount(self) -> int:
        return len(self.children_of())

    def child(self, index: int) -> QAccessibleInterface:
        found = self.children_of()
        if 0 <= index < len(found):
            return QAccessible.queryAccessibleInterface(found[index])
        return None  # type: ignore[return-value]  # Qt takes None for a child that is not there

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        found = self.children_of()
        return found.index(of) if (of := child.object()) in found else -1


class _MenuButtonInterface(_Parental):
    def __init__(self, button: MenuButton) -> None:
        super().__init__(button, QAccessible.Role.ButtonMenu)
        self._button = button

    def children_of(self) -> list[QWidget]:
        menu = self._button.menu()
        return [menu] if menu else []


class _ComboBoxInterface(_Parental):
    """Qt on Linux calls a combo box after what is chosen in it, whatever name it was given."""

    def __init__(self, box: QComboBox) -> None:
        super().__init__(box, QAccessible.Role.ComboBox)
        self._box = box

    def children_of(self) -> list[QWidget]:
        line = self._box.lineEdit()
        return [self._box.view(), line] if line else [self._box.view()]

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        """Only what is inside the box: Qt would name a line of its list even while that is closed."""
        line = self._box.lineEdit()
        inside = line is not None and line.rect().contains(line.mapFromGlobal(QPoint(x, y)))
        return self.child(1) if inside else None  # type: ignore[return-value]  # Qt takes None for no child

    def text(self, kind: QAccessible.Text) -> str:
        return self._box.currentText() if kind == QAccessible.Text.Value else super().text(kind)

    def state(self) -> QAccessible.State:
        state = super().state()
        state.expandable, state.expanded = True, self._box.view().isVisible()
        return state


def _interface_of(_kind: str, of: QObject) -> QAccessibleInterface | None:
    if isinstance(of, MenuButton):
        return _MenuButtonInterface(of)
    return _ComboBoxInterface(of) if isinstance(of, QComboBox) else None
