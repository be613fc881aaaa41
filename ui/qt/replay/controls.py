"""The debugger's tool bar: one table of actions, at what pace, and where the run is."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ui.qt.replay.debugger import State
from ui.qt.theme.dressing import Dress, look
from ui.qt.theme.icons import icon

SPEEDS: tuple[tuple[str, float], ...] = (
    ("Without pauses", 0.0),
    ("Half the pace", 0.5),
    ("Recorded pace", 1.0),
    ("Twice the pace", 2.0),
)


@dataclass(frozen=True)
class Tool:
    """One action: its name in code, words, icon, keys, and the states in which it can be used."""

    name: str
    words: str
    icon: str
    keys: str
    states: tuple[State, ...]


TOOLS = (
    Tool("run", "Run", "play", "F5", ("ready", "paused")),
    Tool("pause", "Pause before the next step", "pause", "F6", ("running",)),
    Tool("step", "One step", "step", "F10", ("ready", "paused")),
    Tool("run_to", "Run to the chosen step", "here", "Ctrl+F10", ("ready", "running", "paused", "asking")),
    Tool("stop", "Stop", "stop", "Shift+F5", ("starting", "running", "paused", "asking", "offering")),
    Tool("restart", "Start over", "refresh", "Ctrl+Shift+F5", ("running", "paused", "asking")),
)

BREAK = Tool("toggle_break", "Breakpoint at the chosen step", "record", "F9", ())


class Controls(QFrame):
    """Buttons for `TOOLS`, each of which calls the function of its name; the shortcuts work in all of `room`."""

    def __init__(self, dress: Dress, room: QWidget, acts: dict[str, Callable[[], object]]) -> None:
        super().__init__()
        look(self, "bar")
        self._dress = dress
        self.actions_by_name: dict[str, QAction] = {}
        self.buttons: dict[str, QToolButton | QPushButton] = {}
        self.speed = QComboBox()
        self.dry = QCheckBox("Rehearse o&nly")
        self._where = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        for tool in TOOLS:
            row.addWidget(self._button(tool, room, acts[tool.name]))
        self._action(BREAK, room, acts[BREAK.name])
        row.addSpacing(8)
        row.addWidget(self.speed)
        row.addWidget(self.dry)
        row.addStretch()
        row.addWidget(self._where)
        self._fill()
        dress.changed.connect(self._draw)
        self._draw()

    def show_state(self, state: State, words: str) -> None:
        """Let be pressed what can be done now, and say where the run is."""
        for tool in TOOLS:
            self.actions_by_name[tool.name].setEnabled(state in tool.states)
            self.buttons[tool.name].setEnabled(state in tool.states)
        self.buttons["run"].setText("Continue" if state == "paused" else "Run")
        for widget in (self.speed, self.dry):
            widget.setEnabled(state == "ready")
        self._where.setText(words)

    @property
    def chosen_speed(self) -> float:
        """The recorded pace times this; 0 is without pauses."""
        return SPEEDS[self.speed.currentIndex()][1]

    def _fill(self) -> None:
        self.speed.setAccessibleName("Pace")
        self.speed.setToolTip("At what pace the steps follow each other")
        self.speed.addItems([words for words, _ in SPEEDS])
        self.dry.setToolTip("Find the place of every step on today's screen, and do none of them")
        self._where.setAccessibleDescription("Where the replay is")
        look(self._where, "faint")

    def _action(self, tool: Tool, room: QWidget, act: Callable[[], object]) -> QAction:
        action = QAction(tool.words, self)
        action.setShortcut(QKeySequence(tool.keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: act())
        room.addAction(action)
        self.actions_by_name[tool.name] = action
        return action

    def _button(self, tool: Tool, room: QWidget, act: Callable[[], object]) -> QToolButton | QPushButton:
        action = self._action(tool, room, act)
        button: QToolButton | QPushButton
        if tool.name == "run":
            button = QPushButton(tool.words)
            look(button, "primary")
        else:
            button = QToolButton()
            button.setAccessibleName(tool.words)
        button.setIconSize(QSize(18, 18))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(f"{tool.words} ({tool.keys})")
        button.clicked.connect(lambda _checked=False: action.trigger())
        self.buttons[tool.name] = button
        return button

    def _draw(self) -> None:
        for tool in TOOLS:
            colour = self._dress.colours.on_accent if tool.name == "run" else self._dress.colours.text
            self.buttons[tool.name].setIcon(icon(tool.icon, colour))
