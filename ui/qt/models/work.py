"""Work with models that takes long: one download and one trial at a time, each of which a person can end."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QApplication

from ui.orders.model_trials import Calibrated, Question, asked, calibrated, opened, shown
from ui.orders.models import Fetch, wanted_of
from ui.qt.core import Core
from workbench import secrets, settings
from workbench.errors import BadInputError, StoppedError, WorkbenchError

if TYPE_CHECKING:
    from agents.runtime.checking import CheckReport
    from agents.runtime.interruptible import Interruptible
    from agents.runtime.models.registry import Entry
    from agents.runtime.ports import Answer, Model
    from ui.orders.embedding import LibraryRead

T = TypeVar("T")

Doing = Literal["check", "calibrate", "try", "read"]

WORDS: dict[Doing, str] = {
    "check": "a model's check",
    "calibrate": "a calibration",
    "try": "a question to a model",
    "read": "a model's reading of the library",
}


class Trials(QObject):
    """Checks, calibrates and asks models and has them read the library, one at a time.

    `began` has the model and what is done with it, `progressed` the questions or entries that are done and how many
    there are, `heard` a piece of an answer, `sent` a line about what leaves this machine. `ended` comes after each.
    """

    began = Signal(str, str)
    progressed = Signal(int, int)
    heard = Signal(str)
    sent = Signal(str)
    ended = Signal()

    def __init__(self, core: Core, parent: QObject) -> None:
        super().__init__(parent)
        self._core = core
        self._halt: threading.Event | None = None
        core.stop_wanted.connect(self.stop)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    @property
    def running(self) -> bool:
        """Whether one goes on."""
        return self._halt is not None

    def check(self, name: str, then: "Callable[[CheckReport], None]", failed: Callable[[WorkbenchError], None]) -> None:
        """Load the model, show it a picture, measure it."""

        def work(model: "Model") -> "CheckReport":
            from agents.runtime.checking import check

            return check(model, name)

        self._begin(name, "check", work, then=then, failed=failed)

    def calibrate(
        self, name: str, then: Callable[[Calibrated], None], failed: Callable[[WorkbenchError], None]
    ) -> None:
        """Find out how the model counts places and how well it hits."""

        def work(model: "Model") -> Calibrated:
            from agents.runtime.models.registry import Registry

            return calibrated(model, name, Registry.usual(), self._told)

        self._begin(name, "calibrate", work, then=then, failed=failed)

    def ask(
        self,
        name: str,
        question: Question,
        then: "Callable[[Answer], None]",
        *,
        failed: Callable[[WorkbenchError], None],
    ) -> None:
        """Ask the model; `heard` tells the pieces of the answer as they come."""

        def work(model: "Model") -> "Answer":
            return asked(model, name, question, lambda piece: self._say(self.heard, shown(piece)))

        self._begin(name, "try", work, then=then, failed=failed)

    def read_library(
        self, name: str, then: "Callable[[LibraryRead], None]", failed: Callable[[WorkbenchError], None]
    ) -> None:
        """Have the model make vectors of what is new in the library."""
        folder = self._core.library_folder

        def work(model: "Interruptible") -> "LibraryRead":
            from agents.runtime.models.registry import Registry
            from ui.orders.embedding import read_library
            from workbench.library.store import Library

            with Library.open(folder) as library:
                return read_library(model, library, Registry.usual(), told=self._told, check=model.check)

        self._begin(name, "read", work, then=then, failed=failed)

    def stop(self) -> None:
        """End what goes on, as soon as the model hears it."""
        if self._halt is not None:
            self._halt.set()

    def _begin(
        self,
        name: str,
        doing: Doing,
        work: "Callable[[Interruptible], T]",
        *,
        then: Callable[[T], None],
        failed: Callable[[WorkbenchError], None],
    ) -> None:
        if self._halt is not None:
            failed(BadInputError("a model is at work already; wait for it, or stop it first"))
            return
        halt = self._halt = threading.Event()
        self._core.begins("trial", WORDS[doing])
        self.began.emit(name, doing)
        self._core.tasks.aside(lambda: self._done(name, work, halt), self._ending(then), self._ending(failed))

    def _done(self, name: str, work: "Callable[[Interruptible], T]", halt: threading.Event) -> T:
        from agents.runtime.interruptible import Interruptible

        def check() -> None:
            if halt.is_set():
                raise StoppedError("it was stopped")

        with opened(name, lambda line: self._say(self.sent, line)) as model:
            return work(Interruptible(model, check))

    def _ending(self, heard: Callable[[T], None]) -> Callable[[T], None]:
        def ends(result: T) -> None:
            self._halt = None
            self._core.ends("trial")
            self.ended.emit()
            heard(result)

        return ends

    def _told(self, done: int, of: int) -> None:
        self._core.tasks.back(lambda: self.progressed.emit(done, of))

    def _say(self, signal: SignalInstance, words: str) -> None:
        self._core.tasks.back(lambda: signal.emit(words))


@dataclass(frozen=True)
class Download:
    """How far a model has come; `why` says in words what ended it before it was there."""

    fetch: Fetch
    key_name: str = ""
    file: str = ""
    done_bytes: int = 0
    all_bytes: int = 0
    state: Literal["running", "stopping", "stopped"] = "running"
    why: str = ""

    @property
    def name(self) -> str:
        """What the model will be called."""
        return self.fetch.own_name or self.fetch.name


class Downloads(QObject):
    """Fetches one model at a time from the hub; what was stopped or broke off stays and can be gone on with."""

    changed = Signal()
    arrived = Signal(object)

    def __init__(self, core: Core, parent: QObject) -> None:
        super().__init__(parent)
        self._core = core
        self._halt = threading.Event()
        self.now: Download | None = None
        core.stop_wanted.connect(self.stop)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    def begin(self, fetch: Fetch, key_name: str = "") -> None:
        """Fetch it, or go on where it was cut off; raises `BadInputError` while another one is fetched."""
        if self.now is not None and self.now.state != "stopped":
            raise BadInputError(f"{self.now.name} is being fetched; wait for it, or stop it first")
        wanted_of(fetch)
        self._halt = threading.Event()
        self._set(Download(fetch, key_name))
        self._core.begins("download", "a download")
        self._core.tasks.aside(lambda: self._got(fetch, key_name, self._halt), self._arrived, self._failed)

    def stop(self) -> None:
        """End it; what has arrived is kept."""
        if self.now is not None and self.now.state == "running":
            self._halt.set()
            self._set(replace(self.now, state="stopping"))

    def forget(self) -> None:
        """Show it no longer; what has arrived stays until the model is fetched again or removed."""
        if self.now is not None and self.now.state == "stopped":
            self._set(None)

    def _got(self, fetch: Fetch, key_name: str, halt: threading.Event) -> "Entry":
        from agents.runtime.models.fetching import Client, Patience
        from agents.runtime.models.getting import get
        from agents.runtime.models.registry import Registry

        def check() -> None:
            if halt.is_set():
                raise StoppedError("stopped; what has arrived is kept")

        def wait(wait_s: float) -> None:
            halt.wait(wait_s)
            check()

        def report(file: str, done_bytes: int, all_bytes: int) -> None:
            check()
            self._core.tasks.back(lambda: self._progress(file, done_bytes, all_bytes))

        token = secrets.get(key_name) if key_name else ""
        client = Client(token=token, patience=Patience(sleep=wait))
        return get(wanted_of(fetch), settings.load().model.hub, registry=Registry.usual(), client=client, report=report)

    def _progress(self, file: str, done_bytes: int, all_bytes: int) -> None:
        now = self.now
        if now is None or now.state == "stopped":
            return
        per_mille = done_bytes * 1000 // max(all_bytes, 1)
        if now.file != file or now.done_bytes * 1000 // max(now.all_bytes, 1) != per_mille:
            self._set(replace(now, file=file, done_bytes=done_bytes, all_bytes=all_bytes))

    def _arrived(self, entry: "Entry") -> None:
        self._set(None)
        self._core.ends("download")
        self.arrived.emit(entry)

    def _failed(self, error: WorkbenchError) -> None:
        if self.now is not None:
            self._set(replace(self.now, state="stopped", why=str(error)))
        self._core.ends("download")

    def _set(self, now: Download | None) -> None:
        self.now = now
        self.changed.emit()
