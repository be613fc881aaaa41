"""One recording as the window sees it: begun, steered, and ended, whatever becomes of its process."""

import subprocess
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Signal

from recorder.messages import Command, Counted, Did, Event, Ready, Stop, Warned
from recorder.options import RecordingResult
from recorder.session import RecordingChild, record_in_child
from ui.qt.core import Core
from ui.qt.recording.wish import Wish
from workbench.errors import WorkbenchError

GIVE_UP_S = 5.0
"""How long a process may take to end that was told to; after that it is killed."""


@dataclass(frozen=True)
class Finished:
    """What came of the recording; `sentence` says how its process ended where that was not as it should be."""

    result: RecordingResult
    sentence: str


class RecordingSession(QObject):
    """Starts the applications and the recorder's process on a thread, and tells on the window's what happens.

    `begun` comes when every input is heard, with the trajectory's id; then exactly one of `ended` and `failed`. Both
    come alone where it cannot begin.
    """

    begun = Signal(str)
    counted = Signal(object)
    did = Signal(str)
    warned = Signal(str)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, core: Core, wish: Wish, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core, self._wish = core, wish
        self._child: RecordingChild | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin; returns at once."""
        application = QCoreApplication.instance()
        assert application is not None, "a recording is started from a window"
        application.aboutToQuit.connect(self._leave)
        self._core.tasks.aside(self._record, self.ended.emit, self.failed.emit)

    @property
    def process_id(self) -> int | None:
        """The recorder's process, once there is one."""
        return self._child.process.pid if self._child else None

    def send(self, command: Command) -> None:
        """Steer it; a `Stop` that is not obeyed in time ends its process, and what was written is kept."""
        if isinstance(command, Stop):
            self._stop()
        elif self._child is not None:
            self._child.send(command)

    def await_completion(self) -> None:
        """Wait until the process is gone, which gives the steps their witnesses after the end; on any thread."""
        if self._child is not None:
            self._child.process.wait()

    def give_up_completion(self) -> None:
        """End the process although witnesses may be missing, and wait until it is gone; on any thread."""
        if self._child is None:
            return
        process = self._child.process
        process.terminate()
        try:
            process.wait(GIVE_UP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _stop(self) -> None:
        self._stopping = True
        if self._child is not None:
            self._core.tasks.aside(self._child.stop, failed=_told_already)

    def _leave(self) -> None:
        self._stopping = True
        if self._child is not None:
            self._child.send(Stop())

    def _record(self) -> Finished:
        from ui.orders.desktops import place
        from workbench import settings

        options = self._wish.options(settings.load().record)
        with place(None, self._wish.commands) as where:
            child = record_in_child(
                options, library=self._core.library_folder, on_event=self._hear, environment=where.environment
            )
        with child:
            self._child = child
            if self._stopping:
                child.send(Stop())
            result = _outcome(child)
        assert result is not None, "waiting without end brings a result"
        return Finished(result, child.sentence)

    def _hear(self, event: Event) -> None:
        """On a thread of the recorder: hand it to the window's."""
        self._core.tasks.back(lambda: self._tell(event))

    def _tell(self, event: Event) -> None:
        match event:
            case Ready():
                self.begun.emit(event.trajectory)
            case Counted():
                self.counted.emit(event.counters)
            case Did():
                self.did.emit(event.word)
            case Warned():
                self.warned.emit(event.text)


def _outcome(child: RecordingChild) -> RecordingResult | None:
    try:
        return child.wait()
    except WorkbenchError:
        child.join()  # a process that refuses to record has nothing left to do
        raise


def _told_already(_: WorkbenchError) -> None:
    """The thread that records hears of the same failure and tells it."""
