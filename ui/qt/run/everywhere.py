"""Keys that answer a run whichever program has the keyboard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from ui.qt.core import Core
from ui.qt.notices import Notice
from ui.qt.run.helm import Helm, Waiting
from ui.qt.run.question import SETTLES_MS
from workbench import settings
from workbench.desktop.hotkeys import Hotkeys, take_hotkeys
from workbench.errors import WorkbenchError

APPROVE, REJECT, TAKE_OVER, STOP = "approve", "reject", "take over", "stop"

_ANSWERS = {"decision": (APPROVE, REJECT, TAKE_OVER), "pause": (APPROVE,), "hands": (APPROVE,)}


@dataclass(frozen=True)
class _Taken:
    """What was taken: the keys by their words, and the way to give them back."""

    words: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    hotkeys: Hotkeys | None = None


class KeysEverywhere(QObject):
    """Takes keys of an X display while the run waits for what they answer; programs have them for the rest of the time.

    On a run on a private desktop that is the emergency stop as well, which the run itself takes only there. `changed`
    has the keys that answer now, by what they do. Without a `display` nothing is taken.
    """

    changed = Signal(dict)

    def __init__(self, core: Core, helm: Helm, display: str | None) -> None:
        super().__init__(helm)
        self._core, self._helm, self._display = core, helm, display
        self._taken = _Taken()
        self._waiting: Waiting | None = None
        self._busy = False
        self._told: set[str] = set()
        self._settling = QTimer(self, singleShot=True, interval=SETTLES_MS)
        if display is not None:
            helm.changed.connect(self.refresh)
            helm.placed.connect(lambda _place: self.refresh())

    @property
    def keys(self) -> Mapping[str, str]:
        """The keys that answer now, by what they do."""
        return self._taken.keys

    def refresh(self) -> None:
        """Take the keys for what is waited for now, and give the others back; in the background."""
        waiting = self._helm.waiting
        if waiting is not None and waiting != self._waiting:
            self._settling.start()
        self._waiting = waiting
        words = self._wanted()
        if self._busy or words == self._taken.words or self._display is None:
            return
        self._busy = True
        exchange = partial(_exchanged, self._taken.hotkeys, words, self._display, self._hear)
        self._core.tasks.soon(exchange, self._have, partial(self._refused, words))

    def _wanted(self) -> tuple[str, ...]:
        helm = self._helm
        answers = _ANSWERS.get(helm.waiting.kind, ()) if helm.waiting is not None else ()
        stops = helm.running and helm.place is not None and helm.place.private
        return (*answers, STOP) if stops else answers

    def _have(self, taken: _Taken) -> None:
        self._busy, self._taken = False, taken
        for word, why in (taken.hotkeys.refused if taken.hotkeys is not None else {}).items():
            self._tell(f"no key everywhere for “{word}”: {why}; choose other keys in the settings")
        self.changed.emit(dict(taken.keys))
        self.refresh()

    def _refused(self, words: tuple[str, ...], error: WorkbenchError) -> None:
        """Do not ask for the same again and again."""
        self._busy, self._taken = False, _Taken(words)
        self._tell(str(error))
        self.refresh()

    def _tell(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._core.notices.say(Notice(text, "warning"))

    def _hear(self, word: str) -> None:
        """On the thread of the hotkeys."""
        self._core.tasks.back(partial(self._press, word))

    def _press(self, word: str) -> None:
        helm = self._helm
        if word == STOP:
            helm.stop()
        elif self._settling.isActive() or helm.waiting is None:
            return
        elif word == REJECT:
            helm.reject("")
        elif word == TAKE_OVER:
            helm.take_over()
        elif helm.waiting.kind == "decision":
            helm.approve()
        else:
            helm.go_on()


def _exchanged(old: Hotkeys | None, words: tuple[str, ...], display: str, hear: Callable[[str], None]) -> _Taken:
    """Give back what was taken and take these instead."""
    if old is not None:
        old.stop()
    if not words:
        return _Taken()
    chosen = settings.load()
    keys = {
        APPROVE: chosen.run.approve_hotkey,
        REJECT: chosen.run.reject_hotkey,
        TAKE_OVER: chosen.run.take_over_hotkey,
        STOP: chosen.replay.emergency_hotkey,
    }
    hotkeys = take_hotkeys(display, {word: keys[word] for word in words}, hear)
    heard = {word: keys[word] for word in words if word not in hotkeys.refused}
    return _Taken(words, heard, hotkeys)
