"""What a person can do to the steps: each method asks where it has to, and makes one change of the open trajectory."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from ui.qt.core import Core
from ui.qt.notices import Notice
from ui.qt.trajectory.edited import Change, Edited
from ui.qt.trajectory.forms import CONDITION, Answers, Field, Form, check_of, note_of, wait_of
from workbench import editing, merging, retargeting
from workbench.actions import Action, TypeText
from workbench.errors import BadInputError, WorkbenchError
from workbench.geometry import Point
from workbench.redaction import recording_of
from workbench.trajectory import Step, Target, Trajectory

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame
    from workbench.library.store import Library
    from workbench.retargeting import Known

Go = Callable[[int], None]

_ENOUGH = "A replay may be given another text for it then; without one the recorded text is typed."
_PURGED = (
    "The step then types what the keyring has under that name; put it there in Settings. The recorded text is taken "
    "out of every revision, event and picture of this trajectory, and cannot come back."
)


class Hands(QObject):
    """Edits the trajectory that is open; `go` makes a step the current one. Refusals are told as notices."""

    def __init__(self, core: Core, edited: Edited, go: Go, window: QWidget) -> None:
        super().__init__(window)
        self._core, self._edited, self._go, self._window = core, edited, go, window

    def delete(self, numbers: set[int]) -> None:
        """Leave these steps out."""
        count = len(numbers)
        note = f"deleted step {min(numbers)}" if count == 1 else f"deleted {count} steps"
        if self._try(lambda trajectory: editing.without_steps(trajectory, numbers), note):
            self._go(min(numbers))

    def merge(self, number: int) -> None:
        """Make one step of this one and the next."""
        if self._try(lambda trajectory: merging.merged(trajectory, number), f"merged steps {number} and {number + 1}"):
            self._go(number)

    def move(self, number: int, to: int) -> None:
        """Put the step elsewhere."""
        trajectory = self._edited.trajectory
        if trajectory is None or not 1 <= to <= len(trajectory.steps):
            return
        if self._try(lambda shown: editing.with_moved_step(shown, number, to), f"moved step {number} to {to}"):
            self._go(to)

    def split(self, number: int) -> None:
        """Ask where, and make two steps of the typed text."""
        text = self._text(number)

        def done(answers: Answers) -> None:
            at = _cut(answers["text"], text)
            self._edited.edit(lambda shown: merging.split_text(shown, number, at), f"split step {number}")

        fields = [Field("text", "&Text, with | where it is cut", text, lines=4)]
        self._ask("Cut the text in two", fields, done)

    def insert(self, number: int, what: str) -> None:
        """Ask for a wait, check or note and put it in front of that number."""
        make, fields, title = {
            "wait": (wait_of, [Field("seconds", "&Seconds", "1"), *CONDITION], "Wait for seconds, or until …"),
            "check": (check_of, list(CONDITION), "Check that …"),
            "note": (note_of, [Field("note", "&Note", lines=3)], "A note heads the steps that follow it"),
        }[what]

        def done(answers: Answers) -> None:
            action: Action = make(answers)
            self._edited.edit(lambda shown: editing.with_inserted(shown, number, action), f"inserted a {what}")
            self._go(number)

        self._ask(f"Insert a {what}", fields, done, words=title)

    def retype(self, number: int) -> None:
        """Ask for the text that the step types."""

        def done(answers: Answers) -> None:
            self._edited.edit(
                lambda shown: editing.with_text(shown, number, answers["text"]), f"edited the text of step {number}"
            )

        words = "{{name}} stands for a variable of the trajectory."
        self._ask("Edit the typed text", [Field("text", "&Text", self._text(number), lines=4)], done, words=words)

    def make_variable(self, number: int) -> None:
        """Ask for a name, and let a replay give the text."""

        def done(answers: Answers) -> None:
            name = answers["name"].strip()
            self._edited.edit(lambda shown: editing.with_variable(shown, number, name), f"variable {name}")

        self._ask("Turn the text into a variable", [Field("name", "&Name", hint="amount")], done, words=_ENOUGH)

    def make_secret(self, number: int) -> None:
        """Ask for a name, make sure, and take the text out of the library."""

        def done(answers: Answers) -> None:
            name = answers["name"].strip()
            trajectory = self._edited.trajectory
            if trajectory is not None:
                editing.with_secret(trajectory, number, name)
                step = editing.step_at(trajectory, number)
                self._make_sure(lambda: self._hide(step, number, name=name))

        self._ask("Turn the text into a secret", [Field("name", "&Name", hint="mail.password")], done, words=_PURGED)

    def head(self) -> None:
        """Ask for title and task."""
        trajectory = self._edited.trajectory
        if trajectory is None:
            return

        def done(answers: Answers) -> None:
            self._edited.edit(
                lambda shown: editing.with_heading(shown, title=answers["title"], task=answers["task"]), "title, task"
            )

        fields = [
            Field("title", "&Title", trajectory.title),
            Field("task", "Tas&k: what it is for, in a sentence", trajectory.task, lines=3),
        ]
        self._ask("Title and task", fields, done)

    def trust(self) -> None:
        """Say that a person has looked at it."""
        self._try(editing.as_reviewed, "reviewed")

    def word(self, step_id: str, description: str, thought: str) -> None:
        """Describe the step in these words."""

        def change(shown: Trajectory) -> Trajectory:
            number = number_of(shown, step_id)
            return editing.with_words(shown, number, description=description, thought=thought) if number else shown

        self._try(change, "words")

    def point_at(self, step_id: str, point: Point, *, ends: bool = False) -> None:
        """Let the step act there, or its drag end there: make the witnesses of the place, and say what came of them."""
        trajectory = self._edited.trajectory
        number = number_of(trajectory, step_id) if trajectory else 0
        if trajectory is None or not number:
            return
        step = trajectory.steps[number - 1]

        def look(library: "Library") -> "tuple[Known, Frame]":
            recording = recording_of(library, trajectory, step)
            known = retargeting.known_in(trajectory, step, library.sightings(recording) if recording else ())
            return known, library.frames.load(known.frame)

        def seen(found: "tuple[Known, Frame]") -> None:
            self._core.tasks.soon(
                lambda: retargeting.target_at(found[0], point, found[1]),
                lambda target: self._pointed(trajectory, step, target, ends=ends),
            )

        self._core.tasks.with_library(look, seen)

    def _pointed(self, of: Trajectory, step: Step, target: Target, *, ends: bool) -> None:
        if self._edited.trajectory is None or self._edited.trajectory.id != of.id:
            return  # another one was opened meanwhile, whose steps may have the same ids

        def change(shown: Trajectory) -> Trajectory:
            number = number_of(shown, step.id)
            put = editing.with_destination if ends else editing.with_target
            return put(shown, number, target) if number else shown

        if self._try(change, "another destination" if ends else "another target"):
            old, does = (step.destination, "drags to a place") if ends else (step.target, "acts")
            self._core.notices.say(Notice(retargeting.told(old, target, does=does), about="target"))

    def _hide(self, step: Step, number: int, *, name: str) -> None:
        """Purge the text, if that step still stands there: nothing brings back what another one typed."""
        try:
            shown = self._edited.trajectory
            if shown is None or step not in shown.steps[number - 1 : number]:
                raise BadInputError("the trajectory was changed meanwhile; look at the step and do it again")
            self._edited.hide_text(number, name)
        except WorkbenchError as error:
            self._core.notices.error(error)

    def _text(self, number: int) -> str:
        trajectory = self._edited.trajectory
        action = editing.step_at(trajectory, number).action if trajectory else None
        return action.text if isinstance(action, TypeText) else ""

    def _try(self, change: Change, note: str) -> bool:
        try:
            self._edited.edit(change, note)
        except WorkbenchError as error:
            self._core.notices.say(Notice(str(error), "warning", about="edit"))
            return False
        return True

    def _ask(self, title: str, fields: list[Field], done: Callable[[Answers], None], *, words: str = "") -> None:
        asked_of = self._edited.trajectory

        def same(answers: Answers) -> None:
            shown = self._edited.trajectory
            if asked_of is None or shown is None or shown.id != asked_of.id:
                raise BadInputError("another trajectory has been opened meanwhile; go back to that one and do it again")
            done(answers)

        Form(self._window, title, fields, same, words=words).open()

    def _make_sure(self, then: Callable[[], None]) -> None:
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Take the text out for good")
        box.setText("The typed text leaves the library for good.")
        box.setInformativeText("Undo cannot bring it back. The pictures from this step on lose the field.")
        purge = box.addButton("Take it out", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Leave it", QMessageBox.ButtonRole.RejectRole)
        purge.clicked.connect(then)
        box.open()


def number_of(trajectory: Trajectory, step_id: str) -> int:
    """The number of the step with that id; 0 where there is none any more."""
    return next((number for number, step in enumerate(trajectory.steps, 1) if step.id == step_id), 0)


def _cut(marked: str, text: str) -> int:
    """Where the | stands that the text does not have of its own; 0 where there is none, or more was changed."""
    bars = (at for at, letter in enumerate(marked) if letter == "|")
    return next((at for at in bars if marked[:at] + marked[at + 1 :] == text), 0)
