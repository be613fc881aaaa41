"""The top of the room: what is open, and what can be done with all of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from ui.qt.core import Core
from ui.qt.parts.accessible import MenuButton
from ui.qt.parts.elided import Elided
from ui.qt.theme.dressing import look
from ui.qt.trajectory.acts import Acts
from workbench.report.words import duration, tidy
from workbench.trajectory import Trajectory

_EDIT = (
    "retype",
    "variable",
    "secret",
    "",
    "point",
    "end",
    "",
    "merge",
    "split",
    "up",
    "down",
    "",
    "again",
    "",
    "delete",
)
_INSERT = ("wait", "check", "note")
_MORE = ("run", "runs", "export", "", "head", "complete", "reviewed", "", "redact")


class Head(QFrame):
    """Title and facts to the left, buttons to the right; one of them primary: replay."""

    def __init__(self, core: Core, acts: Acts) -> None:
        super().__init__()
        look(self, "bar")
        self._core, self._acts = core, acts
        self._title, self._facts = Elided("title"), Elided("faint")
        self._menus: list[tuple[QToolButton, str]] = []
        self.replay = QPushButton("Re&play")
        self._arrange()
        core.dress.changed.connect(self._draw)
        self._draw()

    def show_trajectory(self, trajectory: Trajectory) -> None:
        """Say what is open."""
        self._title.say(tidy(trajectory.title, 200))
        self._facts.say(_facts(trajectory))

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._facts)
        row.addLayout(words, 1)
        for name in ("undo", "redo"):
            row.addWidget(self._acts.button(name))
        row.addWidget(self._acts.button("again"))
        row.addWidget(self._menu("&Edit step", "edit", _EDIT))
        row.addWidget(self._menu("&Insert", "plus", _INSERT))
        row.addWidget(self._menu("&More", "more", _MORE))
        look(self.replay, "primary")
        self.replay.setToolTip(self._acts["replay"].toolTip())
        self.replay.clicked.connect(self._acts["replay"].trigger)
        self._acts["replay"].enabledChanged.connect(self.replay.setEnabled)
        row.addWidget(self.replay)

    def _menu(self, words: str, icon: str, names: tuple[str, ...]) -> QWidget:
        button = MenuButton()
        button.setText(words)
        button.setAccessibleName(words.replace("&", ""))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMenu(self._acts.menu(button, *names))
        self._menus.append((button, icon))
        return button

    def _draw(self) -> None:
        for button, name in self._menus:
            button.setIcon(self._core.dress.icon(name))


def _facts(trajectory: Trajectory) -> str:
    count = len(trajectory.steps)
    parts = [
        "" if trajectory.reviewed else "not reviewed yet",
        f"{count} {'step' if count == 1 else 'steps'}",
        duration(trajectory.seconds * 1000) if trajectory.seconds else "",
        {"human": "recorded by hand", "agent": "by an agent", "import": "imported"}[trajectory.source],
        f"revision {trajectory.revision}",
        tidy(trajectory.task, 300),
    ]
    return "  ·  ".join(filter(None, parts))
