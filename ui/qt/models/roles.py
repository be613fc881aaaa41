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
    "embedder": ("&Embedder", "finds past work by what it means", "nobody: by words"),
}
"""The roles: what people read, what each does, and who has it where nobody was chosen."""


class Roles(QFrame):
    """One combo box for each role; a choice is kept at once, `changed` says that it was."""

    changed = Signal()

    def __init__(self, core: Core) -> None:
        super().__init__()
        look(self, "card")
        self._core = core
        self.choices: dict[Role, QComboBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE + SPACE // 2)
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        for column, (role, (words, about, _)) in enumerate(PARTS.items()):
            box = QComboBox()
            box.setAccessibleName(f"{words.replace('&', '')}: {about}")
            box.activated.connect(partial(self._choose, role))
            self.choices[role] = box
            box.setMinimumContentsLength(8)
            label = QLabel(words)
            label.setBuddy(box)
            told = QLabel(about.capitalize(), wordWrap=True)
            look(told, "small")
            for row, widget in enumerate((label, box, told)):
                grid.addWidget(widget, row, column)
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 1)

    def show_entries(self, entries: "tuple[Entry, ...]") -> None:
        """Offer those models that can be asked, and show who has the roles now."""
        for role, box in self.choices.items():
            with QSignalBlocker(box):
                box.clear()
                box.addItem(f"{PARTS[role][2]} (usual)", "")
                for entry in entries:
                    if _may_have(entry, role):
                        box.addItem(entry.name, entry.name)
                holder = next((entry.name for entry in entries if role in entry.roles), "")
                box.setCurrentIndex(max(box.findData(holder), 0))

    def _choose(self, role: "Role", index: int) -> None:
        name = self.choices[role].itemData(index)
        self._core.tasks.in_order(lambda: _assign(role, name), lambda _: self.changed.emit())


def _may_have(entry: "Entry", role: "Role") -> bool:
    """Whether the model may be offered the role: a loaded model either answers or makes vectors."""
    if entry.name == "built-in":
        return False
    if role == "embedder":
        return set(entry.roles) <= {"embedder"}
    return "embedder" not in entry.roles


def _assign(role: "Role", name: str) -> None:
    from agents.runtime.models.registry import Registry

    assign(Registry.usual(), role, name)
