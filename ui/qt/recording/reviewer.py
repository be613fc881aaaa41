"""Carries out what is wanted of a recording under review, and waits for its witnesses."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.orders.again import Again, put_in_place
from ui.qt.core import Core
from ui.qt.recording import reviewing
from ui.qt.recording.review import ReviewPage
from ui.qt.recording.reviewing import Review
from ui.qt.recording.wanted import Cover, DeleteStep, Discard, ForgetStep, HideTyped, Keep, RemoveText, Undo, Wanted
from workbench.errors import WorkbenchError
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from ui.qt.recording.session import RecordingSession
    from workbench.library.store import Library


class Reviewer(QObject):
    """Between the review page and the library; `over` says that the recording was kept or discarded.

    Until the recorder's process has completed the witnesses nothing is changed or kept: it would write back what was
    purged. What is discarded is deleted only once that process is gone.
    """

    over = Signal()

    def __init__(self, core: Core, page: ReviewPage) -> None:
        super().__init__(page)
        self._core, self._page = core, page
        self._trajectory_id = ""
        self._session: RecordingSession | None = None
        self._deleted = 0
        self._completing = False
        self._discarding = ""
        self._again: Again | None = None
        page.wanted.connect(self._carry_out)

    @property
    def trajectory_id(self) -> str:
        """The recording under review; empty for none."""
        return self._trajectory_id

    def begin(
        self, trajectory_id: str, session: "RecordingSession | None" = None, *, again: Again | None = None
    ) -> None:
        """Show a recording; `session` is the one that still completes it, `again` says whose steps it replaces."""
        self._again = again
        self._page.show_purpose(again.stretch.words if again else "")
        self._trajectory_id, self._session, self._deleted = trajectory_id, session, 0
        self._completing = True
        self._page.begin_anew()
        self._page.setFocus()
        self._look()
        waits = session.await_completion if session is not None else _at_once
        self._core.tasks.aside(waits, lambda _: self._complete(trajectory_id))

    def _look(self) -> None:
        one = self._trajectory_id
        self._core.tasks.with_library(lambda library: reviewing.load(library, one), partial(self._show, one))

    def _complete(self, trajectory_id: str) -> None:
        """The process is gone: what it left is completed here, which is nothing as a rule."""
        if trajectory_id != self._trajectory_id or trajectory_id == self._discarding:
            return
        self._core.tasks.with_library(
            lambda library: reviewing.complete(library, trajectory_id),
            partial(self._completed, trajectory_id),
            partial(self._not_completed, trajectory_id),
        )

    def _completed(self, trajectory_id: str, review: Review) -> None:
        if trajectory_id == self._trajectory_id:
            self._session, self._completing = None, False
        self._show(trajectory_id, review)
        self._core.library_changed.emit(trajectory_id)

    def _not_completed(self, trajectory_id: str, error: WorkbenchError) -> None:
        """It can be kept as it is: the next use completes what is missing."""
        self._core.notices.error(error)
        if trajectory_id == self._trajectory_id:
            self._session, self._completing = None, False
            self._look()

    def _show(self, trajectory_id: str, review: Review) -> None:
        if trajectory_id == self._trajectory_id and trajectory_id != self._discarding:
            self._page.show_review(review, undoable=self._deleted > 0, waiting=self._completing)

    def _carry_out(self, wanted: Wanted) -> None:
        one = self._trajectory_id
        match wanted:
            case Keep():
                self._keep(wanted)
            case Discard():
                self._discard()
            case DeleteStep(step_id):
                self._change(lambda library: reviewing.delete_step(library, one, step_id), deleted=1)
            case ForgetStep(step_id):
                self._change(lambda library: reviewing.forget_step(library, one, step_id), purges=True)
            case Undo():
                self._change(lambda library: reviewing.undo(library, one), deleted=-1)
            case HideTyped(step_id, name):
                self._change(lambda library: reviewing.hide_typed(library, one, step_id, name=name), purges=True)
            case RemoveText(text):
                self._change(lambda library: reviewing.remove_text(library, one, text), purges=True)
            case Cover(area, step_id):
                self._change(lambda library: reviewing.cover(library, one, area, step_id=step_id), purges=True)

    def _change(self, change: "Callable[[Library], Review]", *, deleted: int = 0, purges: bool = False) -> None:
        one = self._trajectory_id
        self._page.show_busy("Changing the recording …" if purges else "Changing the steps …")

        def changed(review: Review) -> None:
            if purges:
                self._core.pictures.forget()
            if one == self._trajectory_id:
                # Revisions before a purge stay what they were, but undo must not bring a secret's step back.
                self._deleted = 0 if purges else max(0, self._deleted + deleted)
                self._page.show_busy("")
                self._page.show_review(review, undoable=self._deleted > 0, pictures_changed=purges)
            self._core.library_changed.emit("" if purges else one)  # a purge reaches other trajectories too

        self._core.tasks.with_library(change, changed, partial(self._refused, one))

    def _refused(self, one: str, error: WorkbenchError) -> None:
        self._core.notices.error(error)
        if one == self._trajectory_id:
            self._page.show_busy("")
            self._look()

    def _keep(self, wanted: Keep) -> None:
        one = self._trajectory_id
        if self._again is not None:
            self._put_in_place(wanted, self._again)
            return

        def kept(trajectory: Trajectory) -> None:
            self._end(one)
            self._core.library_changed.emit(one)
            if wanted.then_open:
                self._core.trajectory_wanted.emit(one, 1)
                return
            self._core.notices.info(f"“{trajectory.title}” is in the library")
            self._core.room_wanted.emit("library")

        self._core.tasks.with_library(
            lambda library: reviewing.keep(library, one, title=wanted.title, task=wanted.task),
            kept,
            partial(self._refused, one),
        )

    def _put_in_place(self, wanted: Keep, again: Again) -> None:
        one = self._trajectory_id
        self._page.show_busy("Putting the steps in their place …")

        def work(library: "Library") -> Trajectory:
            reviewing.keep(library, one, title=wanted.title, task=wanted.task)
            return put_in_place(library, again, one, _quietly)

        def done(trajectory: Trajectory) -> None:
            self._end(one)
            for changed in (one, trajectory.id):
                self._core.library_changed.emit(changed)
            self._core.notices.info("The new steps are in their place; undo brings the old ones back")
            self._core.trajectory_wanted.emit(trajectory.id, again.stretch.first)

        def refused(error: WorkbenchError) -> None:
            """It can still be kept as a recording of its own."""
            if one == self._trajectory_id:
                self._again = None
                self._page.show_purpose("")
            self._refused(one, error)

        self._core.tasks.with_library(work, done, refused)

    def _discard(self) -> None:
        one, session = self._trajectory_id, self._session
        self._discarding = one
        self._page.show_busy("Discarding …")

        def work(library: "Library") -> None:
            if session is not None:
                session.give_up_completion()
            reviewing.discard(library, one)

        def gone(_: None) -> None:
            self._end(one)
            self._core.library_changed.emit(one)
            self._core.notices.info("The recording was discarded")

        self._core.tasks.with_library(work, gone, partial(self._not_discarded, one))

    def _not_discarded(self, one: str, error: WorkbenchError) -> None:
        """What its process has left undone is completed after all."""
        self._discarding = ""
        if one == self._trajectory_id:
            self._completing = True
        self._refused(one, error)
        self._complete(one)

    def _end(self, one: str) -> None:
        """Put it away, unless another one has come under review meanwhile."""
        if one == self._discarding:
            self._discarding = ""
        if one != self._trajectory_id:
            return
        self._trajectory_id, self._session = "", None
        self._page.show_busy("")
        self._page.begin_anew()
        self.over.emit()


def _at_once() -> None:
    """There is no process to wait for."""


def _quietly(_: str) -> None:
    """What is completed on the way needs no words."""
