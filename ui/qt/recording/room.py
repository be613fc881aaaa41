"""The room in which recordings begin, go on and are looked over."""

import time
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QStackedLayout

from recorder.messages import Command, Stop
from recorder.options import Counters
from ui.orders.again import Again
from ui.qt.core import Core
from ui.qt.notices import Notice
from ui.qt.parts.unseen import keep_unseen
from ui.qt.parts.window_state import window_state
from ui.qt.recording import reviewing
from ui.qt.recording.before import BeforePage
from ui.qt.recording.during import DuringPage
from ui.qt.recording.pill import Pill
from ui.qt.recording.retake import Retake
from ui.qt.recording.review import ReviewPage
from ui.qt.recording.reviewer import Reviewer
from ui.qt.recording.reviewing import Glance
from ui.qt.recording.session import Finished, RecordingSession
from ui.qt.recording.standing import Standing
from ui.qt.recording.wish import Wish
from ui.qt.rooms import Room
from workbench import settings
from workbench.errors import WorkbenchError
from workbench.report.words import sentence
from workbench.rerecording import Stretch

NAME = "recording"

SAID = {
    "forget": "The last 30 seconds were forgotten",
    "note": "Noted",
    "secret": "",
    "pause": "",
    "resume": "",
    "stop": "Stopping …",
}
"""What the recorder did, in words; what has a state of its own on the pill needs none."""

GLANCE_S = 2.0
"""How often the steps so far are counted at most; counting takes at most a twentieth of the time."""


class RecordingRoom(Room):
    """Pages for before, during and the review, one that records again; and the pill, only during a recording."""

    name = NAME
    title = "Recording"
    icon = "record"

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._session: RecordingSession | None = None
        self._standing = Standing()
        self._recording_id = ""
        self._before, self._during, self._review = BeforePage(core), DuringPage(core), ReviewPage(core)
        self._reviewer = Reviewer(core, self._review)
        self._retake = Retake(core, self)
        self._again: Again | None = None
        self._pill = Pill(core, window_state())
        self._glances = QTimer(self, singleShot=True)
        self._glances.timeout.connect(self._glance)
        self._pages = QStackedLayout(self)
        for page in (self._before, self._during, self._review, self._retake.page):
            self._pages.addWidget(page)
        self._before.wanted.connect(self._begin)
        self._retake.asks.connect(lambda: self._pages.setCurrentWidget(self._retake.page))
        self._retake.ready.connect(self._begin_again)
        self._retake.page.left.connect(self._start_over)
        self._during.asked.connect(self._steer)
        self._pill.asked.connect(self._steer)
        self._reviewer.over.connect(self._start_over)
        core.settings_changed.connect(lambda _: self._ask_settings())
        core.stop_wanted.connect(lambda: self._steer(Stop()))
        self.destroyed.connect(self._pill.deleteLater)

    @property
    def pill(self) -> Pill:
        """The small bar above all windows."""
        return self._pill

    @property
    def session(self) -> RecordingSession | None:
        """The recording that goes on."""
        return self._session

    def entered(self) -> None:
        """Bring the settings up to date, and mend what a recording that was cut short has left behind."""
        self._ask_settings()
        page = self._pages.currentWidget()
        if page is not None:
            page.setFocus()
        if self._session is None:
            self.core.tasks.with_library(reviewing.recovered, self._tell_recovered)

    def left(self) -> None:
        """Who comes back to record finds the page for that, unless something goes on."""
        if self._pages.currentWidget() is self._retake.page and self._session is None and not self._retake.busy:
            self._pages.setCurrentWidget(self._before)

    def open(self, *what: str | int) -> None:
        """Look over the recording of this id; "now" begins another one, unless one waits to be looked over.

        With two numbers, those steps of the trajectory are recorded again; 0 as the second means to its end.
        """
        if what == ("now",):
            self._begin_now()
        elif len(what) > 1:
            self._ask_again(str(what[0]), Stretch(int(what[1]), int(what[2]) or None))
        elif what and self._session is None:
            self._pages.setCurrentWidget(self._review)
            self._reviewer.begin(str(what[0]))

    def _ask_settings(self) -> None:
        def read(loaded: settings.Settings) -> None:
            self._before.show_settings(loaded.record)
            self._pill.show_settings(loaded.record)

        self.core.read_settings(read)

    def _begin(self, wish: Wish) -> None:
        if self._session is not None:
            return
        session = RecordingSession(self.core, wish, self)
        session.begun.connect(self._begun)
        session.counted.connect(self._count)
        session.did.connect(self._did)
        session.warned.connect(lambda text: self._say(text, alarming=True))
        session.ended.connect(self._ended)
        session.failed.connect(self._failed)
        self._session, self._standing = session, Standing()
        self._before.show_waiting("Starting …")
        self.core.begins(NAME, "a recording")
        session.start()

    def _begun(self, trajectory_id: str) -> None:
        self._recording_id = trajectory_id
        self._during.begin_anew()
        self._pages.setCurrentWidget(self._during)
        self._show()
        window = self.window()
        window.setWindowTitle(f"● Recording – {window.windowTitle()}")
        # The window goes before the pill comes: so the keyboard returns to the application and not to the pill.
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMinimized)
        try:
            keep_unseen(self._pill)
        except WorkbenchError as error:
            self._say(f"This bar may be in pictures: {error}", alarming=True)
        self._pill.appear()
        self._glances.start(round(GLANCE_S * 1000))

    def _begin_now(self) -> None:
        if self._pages.currentWidget() is self._review:
            self.core.need("A recording waits to be kept or discarded before another one begins.", NAME)
        elif self._session is None and not self._retake.busy:
            self._before.ask()

    def _ask_again(self, identifier: str, stretch: Stretch) -> None:
        if self._session is not None or self._retake.busy:
            self.core.notices.info("a recording goes on: stop it before another one")
        elif self._pages.currentWidget() is self._review:
            self.core.need("A recording waits to be kept or discarded before another one begins.", NAME)
        else:
            self._retake.open(identifier, stretch)

    def _begin_again(self, wish: Wish, again: Again) -> None:
        self._again = again
        self._begin(wish)

    def _steer(self, command: Command) -> None:
        if self._session is not None:
            self._session.send(command)

    def _count(self, counters: Counters) -> None:
        self._standing = replace(self._standing, counters=counters)
        self._show()

    def _say(self, remark: str, *, alarming: bool = False) -> None:
        self._standing = self._standing.said(remark, alarming=alarming)
        self._show()

    def _show(self) -> None:
        self._pill.show_standing(self._standing)
        self._during.show_standing(self._standing)

    def _did(self, word: str) -> None:
        self._say(SAID.get(word, word))

    def _glance(self) -> None:
        begun_s, recording = time.monotonic(), self._recording_id

        def seen(glance: Glance) -> None:
            if recording == self._recording_id and self._session is not None:
                self._standing = replace(self._standing, glance=glance)
                self._show()
                took_s = time.monotonic() - begun_s
                self._glances.start(round(1000 * max(GLANCE_S, 20 * took_s)))

        if recording:
            self.core.tasks.with_library(lambda library: reviewing.glance(library, recording), seen)

    def _ended(self, finished: Finished) -> None:
        session = self._over()
        if finished.sentence:
            self.core.notices.say(Notice(sentence(finished.sentence), "warning", about=NAME))
        self._pages.setCurrentWidget(self._review)
        self._reviewer.begin(finished.result.trajectory, session, again=self._again)
        self._again = None
        self.core.library_changed.emit(finished.result.trajectory)
        self.core.room_wanted.emit(NAME)

    def _failed(self, error: WorkbenchError) -> None:
        begun = bool(self._recording_id)
        self._over()
        again, self._again = self._again, None
        page = self._before if again is None else self._retake.page
        page.show_error(error)
        self._pages.setCurrentWidget(page)
        if begun:
            self.core.notices.error(error)

    def _over(self) -> RecordingSession | None:
        """The pill goes, the window comes back."""
        session, self._session = self._session, None
        self._glances.stop()
        self._pill.disappear()
        if self._recording_id:
            self._come_back()
        self._recording_id = ""
        self._before.show_waiting("")
        self.core.ends(NAME)
        return session

    def _come_back(self) -> None:
        window = self.window()
        window.setWindowTitle(window.windowTitle().removeprefix("● Recording – "))
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()

    def _start_over(self) -> None:
        self._before.begin_anew()
        self._pages.setCurrentWidget(self._before)

    def _tell_recovered(self, found: list[str]) -> None:
        for trajectory_id in found:
            self.core.library_changed.emit(trajectory_id)
            self.core.notices.say(
                Notice(
                    "A recording had been cut short; what was written until then is kept",
                    about=f"recovered {trajectory_id}",
                    action="Look it over",
                    act=partial(self._look_over, trajectory_id),
                )
            )

    def _look_over(self, trajectory_id: str) -> None:
        self.open(trajectory_id)
        self.core.room_wanted.emit(NAME)
