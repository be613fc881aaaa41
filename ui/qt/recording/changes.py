"""The row of changes that can be made to a recording under review, and what each of them asks first."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QInputDialog, QMessageBox, QPushButton, QWidget

from ui.qt.core import Core
from ui.qt.recording.covering import CoverDialog
from ui.qt.recording.crops import place_of
from ui.qt.recording.reviewing import suggested_secret
from ui.qt.recording.wanted import Cover, DeleteStep, ForgetStep, HideTyped, RemoveText, Undo
from workbench.actions import TypeText
from workbench.geometry import Rect
from workbench.trajectory import Step

_USUAL_AREA = Rect(0, 0, 200, 60)


class ChangeBar(QWidget):
    """Buttons for the step that is chosen and for the whole recording; emits one of `ui.qt.recording.wanted`."""

    wanted = Signal(object)

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core = core
        self._step: Step | None = None
        self._icons: list[tuple[QPushButton, str]] = []
        self._delete = self._button("&Delete step", "trash", self.ask_delete)
        self._delete.setToolTip("Leave the step out; it can be brought back (Del)")
        self._undo = self._button("&Undo", "undo", self.ask_undo)
        self._undo.setToolTip("Bring back the step that was deleted last (Ctrl+Z)")
        self._forget = self._button("&Forget step…", "cross", self._ask_forget)
        self._forget.setToolTip("Purge the step with its input and its pictures")
        self._cover = self._button("&Cover area…", "eye", self._ask_area)
        self._cover.setToolTip("Paint over a part of the pictures")
        self._hide = self._button("&Hide typed text…", "lock", self._ask_name)
        self._hide.setToolTip("Purge what the step types, and make it a secret")
        self._remove = self._button("Remove te&xt…", "minus", self._ask_text)
        self._remove.setToolTip("Purge a text from all of the recording")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button, _ in self._icons:
            row.addWidget(button)
        row.addStretch()
        self._undo.hide()
        core.dress.changed.connect(self._draw)
        self._draw()

    def show_step(self, step: Step | None, *, free: bool, undoable: bool) -> None:
        """The step that is chosen; nothing can be changed unless it is `free`.

        `undoable` says that a deleted step can be brought back.
        """
        self._step = step
        self._undo.setVisible(undoable)
        pictured = step is not None and step.observation.frame is not None
        typed = step.action if step is not None and isinstance(step.action, TypeText) else None
        self._delete.setEnabled(free and step is not None)
        self._forget.setEnabled(free and step is not None and step.first_event is not None)
        self._undo.setEnabled(free)
        self._cover.setEnabled(free and pictured)
        self._hide.setEnabled(free and typed is not None and typed.secret is None)
        self._remove.setEnabled(free)

    def ask_delete(self) -> None:
        """Want the chosen step deleted."""
        if self._step is not None and self._delete.isEnabled():
            self.wanted.emit(DeleteStep(self._step.id))

    def ask_undo(self) -> None:
        """Want the step back that was deleted last."""
        if self._undo.isVisible() and self._undo.isEnabled():
            self.wanted.emit(Undo())

    def _ask_forget(self) -> None:
        step = self._step
        if step is None:
            return
        words = "Its input and its pictures are purged for good. Pictures of later steps may still show what it did."
        box = question(self, "Forget this step?", words, yes="Forget", no="Keep it")
        box.accepted.connect(lambda: self.wanted.emit(ForgetStep(step.id)))
        open_once(box)

    def _ask_area(self) -> None:
        step = self._step
        if step is None or step.observation.frame is None:
            return
        dialog = CoverDialog(self._core, step.observation.frame, place_of(step) or _USUAL_AREA, self)

        def chosen() -> None:
            choice = dialog.choice
            self.wanted.emit(Cover(choice.area, "" if choice.everywhere else step.id))

        dialog.accepted.connect(chosen)
        open_once(dialog)

    def _ask_name(self) -> None:
        step = self._step
        if step is None:
            return
        words = "The text is purged for good. Replays type the secret of this name from the keyring:"
        self._ask("Hide typed text", words, suggested_secret(step), lambda name: HideTyped(step.id, name))

    def _ask_text(self) -> None:
        words = "This text is purged for good from steps, titles and events.\nPictures stay: cover its place in them."
        self._ask("Remove a text", words, "", RemoveText)

    def _ask(self, title: str, words: str, value: str, wish: Callable[[str], object]) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(title)
        dialog.setLabelText(words)
        dialog.setTextValue(value)
        dialog.textValueSelected.connect(lambda text: self.wanted.emit(wish(text.strip())))
        open_once(dialog)

    def _button(self, words: str, icon: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.clicked.connect(lambda _checked=False: act())
        self._icons.append((button, icon))
        return button

    def _draw(self) -> None:
        for button, icon in self._icons:
            button.setIcon(self._core.dress.icon(icon))


def question(parent: QWidget, heading: str, words: str, *, yes: str, no: str) -> QMessageBox:
    """A question before what cannot be undone; `accepted` is emitted for `yes`, and Enter means `no`."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(heading)
    box.setText(heading)
    box.setInformativeText(words)
    box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(no, QMessageBox.ButtonRole.RejectRole))
    return box


def open_once(dialog: QDialog) -> None:
    """Open it over its window; it is gone once it is closed."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
