"""What people call what was lent to a run: events have only ids, the library knows the names."""

from PySide6.QtCore import QObject, Signal

from ui.orders.lending import name_of
from ui.qt.core import Core


class Names(QObject):
    """Names of trajectories and lessons; `changed` says that one has come that was asked for."""

    changed = Signal()

    def __init__(self, core: Core, parent: QObject) -> None:
        super().__init__(parent)
        self._core = core
        self._names: dict[str, str] = {}

    def called(self, lent: str) -> str:
        """Its name; its id until the library has answered."""
        if lent not in self._names:
            self._names[lent] = lent
            self._core.tasks.with_library(lambda library: name_of(library, lent), lambda name: self._know(lent, name))
        return self._names[lent]

    def _know(self, lent: str, name: str) -> None:
        self._names[lent] = name
        self.changed.emit()
