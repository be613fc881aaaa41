"""What all rooms of the window share: the library and other work in the background, notices, settings, where to go."""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ui.qt.notices import Notices
from ui.qt.parts.pictures import Pictures
from ui.qt.tasks import Tasks
from ui.qt.theme.dressing import Dress
from workbench import settings
from workbench.errors import WorkbenchError
from workbench.library.store import Library, default_path
from workbench.settings import Settings


class Core(QObject):
    """Handed to every room. Its signals are how rooms speak to each other; they know nothing else of one another.

    `room_wanted` names a room of the rail. `trajectory_wanted` has an id and the number of a step from 1,
    `comparison_wanted` two ids, `replay_wanted` an id, `run_wanted` a task. `library_changed` has the id of what
    changed, or nothing for anything. `record_now_wanted` begins a recording without a question, `record_again_wanted`
    has the id of a trajectory and its first and last step that are recorded again, 0 for all that follow.
    `stop_wanted` asks whatever goes on to stop; `person_needed` says in a sentence what a person has to decide,
    wherever they look just now, and `room_of_need` names the room where.
    """

    room_wanted = Signal(str)
    trajectory_wanted = Signal(str, int)
    comparison_wanted = Signal(str, str)
    replay_wanted = Signal(str)
    run_wanted = Signal(str)
    record_wanted = Signal()
    record_again_wanted = Signal(str, int, int)
    record_now_wanted = Signal()
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
        self.room_of_need = ""
        self._running: list[tuple[str, str]] = []
        self._settings = settings.load()

    @property
    def running(self) -> tuple[str, ...]:
        """What goes on now, in words, such as "a recording": closing the window asks first."""
        return tuple(words for _, words in self._running)

    def begins(self, name: str, words: str) -> None:
        """Something goes on from now until `ends` with the same name, as often as it has begun."""
        self._running.append((name, words))
        self.running_changed.emit()

    def ends(self, name: str) -> None:
        """It is over."""
        at = next((at for at, (begun, _) in enumerate(self._running) if begun == name), None)
        if at is not None:
            del self._running[at]
        self.running_changed.emit()

    def need(self, sentence: str, room: str) -> None:
        """A person has to decide that, in the room of that name."""
        self.room_of_need = room
        self.person_needed.emit(sentence)

    @property
    def settings(self) -> Settings:
        """The settings as they were read last; `read_settings` brings them up to date."""
        return self._settings

    def change(self, key: str, text: str, failed: Callable[[WorkbenchError], None] | None = None) -> None:
        """Store a setting in the background, after those that were changed before; `settings_changed` says it is kept.

        `failed` is told, by default with a notice, that it could not be, and that the old value holds.
        """
        self._read(lambda: settings.store(key, text), lambda _: self.settings_changed.emit(key), failed)

    def read_settings(self, then: Callable[[Settings], None] | None = None) -> None:
        """Read what another program may have changed, once all is stored that was changed here."""
        self._read(_nothing, then, None)

    def _read(
        self,
        before: Callable[[], object],
        then: Callable[[Settings], None] | None,
        failed: Callable[[WorkbenchError], None] | None,
    ) -> None:
        def work() -> Settings:
            before()
            return settings.load()

        def arrived(loaded: Settings) -> None:
            self._settings = loaded
            if then is not None:
                then(loaded)

        self.tasks.in_order(work, arrived, failed)

    def close(self) -> None:
        """End what runs in the background."""
        self.tasks.close()


def _chosen_folder() -> Path:
    """`WORKBENCH_LIBRARY`, else what the settings say, which have the usual folder in the end."""
    return default_path() if os.environ.get("WORKBENCH_LIBRARY") else settings.library_folder(settings.load())


def _nothing() -> None:
    """There is nothing to do before."""
