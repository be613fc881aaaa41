"""Who has which part in a run: a model for each role, or what happens without one."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel

from ui.orders.models import assign
from ui.qt.core import Core
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look

if TYPE_CHECKING:
    from agents.runtime.models.registry import Entry, Role

PARTS: "dict[Role, tuple[str, str, str]]" = {
    "planner": ("&Planner", "decides on every step", "built-in"),
    "grounder": ("&Grounder", "finds what words mean on the screen", "built-in"),
    "judge": ("&Judge", "looks at risks before a step", "nobody"),
}
"""The roles: what people read, what each does, and who has it where nobody was chosen."""


class Roles(QFrame):
    """One combo box for each role; a choice is kept at once, `changed` says that it was."""

    changed = Signal()

    def __init__(self, core: Core) -> None:
        super().__init__()
        look(self, "card")
        self._core = core
        self.choices: dict[str, QComboBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE + SPACE // 2)
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        for column, (role, (words, about, _)) in enumerate(PARTS.items()):
            box = QComboBox()
            box.setAccessibleName(f"{words.replace('&', '')}: {about}")
            box.activated.connect(partial(self._choose, role))
            self.choices[role] = box
            label = QLabel(f"{words} {about}")
            label.setBuddy(box)
            look(label, "faint")
            grid.addWidget(label, 0, column)
            grid.addWidget(box, 1, column)
            grid.setColumnStretch(column, 1)

    def show_entries(self, entries: "tuple[Entry, ...]") -> None:
        """Offer those models that can be asked, and show who has the roles now."""
        for role, box in self.choices.items():
            with QSignalBlocker(box):
                box.clear()
                box.addItem(f"{PARTS[role][2]} (usual)", "")  # type: ignore[index]  # the roles of this table
                for entry in entries:
                    if "embedder" not in entry.roles and entry.name != "built-in":
                        box.addItem(entry.name, entry.name)
                holder = next((entry.name for entry in entries if role in entry.roles), "")
                box.setCurrentIndex(max(box.findData(holder), 0))

    def _choose(self, role: "Role", index: int) -> None:
        name = self.choices[role].itemData(index)
        self._core.tasks.soon(lambda: _assign(role, name), lambda _: self.changed.emit())


def _assign(role: "Role", name: str) -> None:
    from agents.runtime.models.registry import Registry

    assign(Registry.usual(), role, name)
