"""What all rooms of the window share: the library and other work in the background, notices, settings, where to go."""

import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ui.qt.notices import Notices
from ui.qt.parts.pictures import Pictures
from ui.qt.tasks import Tasks
from ui.qt.theme.dressing import Dress
from workbench import settings
from workbench.errors import WorkbenchError
from workbench.library.store import Library, default_path


class Core(QObject):
    """Handed to every room. Its signals are how rooms speak to each other; they know nothing else of one another.

    `room_wanted` names a room of the rail. `trajectory_wanted` has an id and the number of a step from 1,
    `comparison_wanted` two ids, `replay_wanted` an id, `run_wanted` a task. `library_changed` has the id of what
    changed, or nothing for anything. `stop_wanted` asks whatever goes on to stop; `person_needed` says in a sentence
    what a person has to decide, wherever they look just now.
    """

    room_wanted = Signal(str)
    trajectory_wanted = Signal(str, int)
    comparison_wanted = Signal(str, str)
    replay_wanted = Signal(str)
    run_wanted = Signal(str)
    record_wanted = Signal()
    library_changed = Signal(str)
    settings_changed = Signal(str)
    running_changed = Signal()
    stop_wanted = Signal()
    person_needed = Signal(str)

    def __init__(self, dress: Dress, library_folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dress = dress
        self.notices = Notices(self)
        self.library_folder = library_folder or _chosen_folder()
        self.tasks = Tasks(lambda: Library.open(self.library_folder), self)
        self.tasks.failed.connect(self.notices.error)
        self.pictures = Pictures(self.tasks)
        self._running: dict[str, str] = {}

    @property
    def running(self) -> tuple[str, ...]:
        """What goes on now, in words, such as "a recording": closing the window asks first."""
        return tuple(self._running.values())

    def begins(self, name: str, words: str) -> None:
        """Something goes on from now until `ends` with the same name."""
        self._running[name] = words
        self.running_changed.emit()

    def ends(self, name: str) -> None:
        """It is over."""
        self._running.pop(name, None)
        self.running_changed.emit()

    def change(self, key: str, text: str) -> bool:
        """Store a setting; whether it was accepted. What is wrong with it is told as a notice."""
        try:
            settings.store(key, text)
        except WorkbenchError as error:
            self.notices.error(error)
            return False
        self.settings_changed.emit(key)
        return True

    def close(self) -> None:
        """End what runs in the background."""
        self.tasks.close()


def _chosen_folder() -> Path:
    """`WORKBENCH_LIBRARY`, else what the settings say, which have the usual folder in the end."""
    return default_path() if os.environ.get("WORKBENCH_LIBRARY") else settings.library_folder(settings.load())
