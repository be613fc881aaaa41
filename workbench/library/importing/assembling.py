"""Steps of a format that tells when and over which pictures they were made, on top of `collecting`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from workbench.actions import Modifier, PressKeys, TypeText
from workbench.desktop.keysyms import MODIFIERS
from workbench.keynames import MOST_KEYS, keysym
from workbench.library.importing.collecting import LONGEST_NAME, Collected, keys_of, secret_name
from workbench.library.importing.drafts import Draft, Remark
from workbench.trajectory import FrameId, Observation, Outcome, Step, Window

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Shot

_LATEST_S = 4102444800.0
"""The year 2100: later times are damage."""


@dataclass
class Assembly(Collected):
    """Collected steps with a clock that starts at the first time that is told and never falls.

    `created` is that time, seconds since the epoch; 0 until one is told. `first` is the first picture that was seen.
    """

    created: float = 0.0
    first: "Shot | None" = None
    _last_ns: int = 0

    def remark_once(self, what: str) -> None:
        """Say what was dropped or repaired everywhere, once."""
        if Remark(0, what) not in self.remarks:
            self.remark_whole(what)

    def ended(self, frame: FrameId) -> None:
        """The picture after the last step, unless it has one."""
        if self.steps and self.steps[-1].outcome.frame is None:
            self.steps[-1] = replace(self.steps[-1], outcome=Outcome(frame))

    def told(self, epoch_s: float | None) -> float:
        """Take note of a time and return it; 0 for one that is missing or cannot be."""
        if epoch_s is None or not 0 < epoch_s < _LATEST_S:
            return 0.0
        self.created = self.created or epoch_s
        self._last_ns = max(self._last_ns, round((epoch_s - self.created) * 1e9))
        return epoch_s

    def observed(self, shot: "Shot | None", epoch_s: float | None = None, window: Window | None = None) -> Observation:
        """What was seen at this time, seconds since the epoch."""
        self.first = self.first or shot
        frame, screens = (shot.frame, shot.screens) if shot else (None, ())
        told = self.told(epoch_s)
        return Observation(self._last_ns, told, frame, window, screens)

    def draft(self, title: str, *, task: str = "") -> Draft:
        """What has been put together."""
        return Draft(
            title,
            task,
            tuple(self.steps),
            created=self.created,
            seconds=self._last_ns / 1e9,
            screens=self.first.screens if self.first else (),
            remarks=tuple(self.remarks),
        )


def chord(names: Iterable[str]) -> PressKeys | None:
    """These keys pressed together; None where one is unknown, none is there, or too many are."""
    keys = keys_of(list(names))
    return PressKeys(keys) if keys and len(keys) <= MOST_KEYS else None


def joined(words: str) -> list[str]:
    """The names of keys that are written with `+` between them; `+` alone is a key."""
    return [words] if len(words) == 1 else [part for part in words.split("+") if part]


def held(names: Iterable[str]) -> tuple[Modifier, ...]:
    """The modifiers among these names of keys, in their own order."""
    named = {keysym(name) for name in names}
    return tuple(modifier for modifier in MODIFIERS if modifier in named)


def called(name: str) -> str:
    """A name from a file as a remark may repeat it: a short identifier, else a word that says nothing."""
    plain = name.replace("-", "_").replace(".", "_")
    sound = plain.isidentifier() and plain.isascii() and len(name) <= LONGEST_NAME
    return name if sound else "an action of no name"


def without_secret(step: Step, name: str = "password") -> Step:
    """The step without what it types into a field for passwords: the keyring's value of that name in its place."""
    if not isinstance(step.action, TypeText) or step.action.secret:
        return step
    said = "what was typed into a field for passwords was not imported"
    return replace(step, action=TypeText(secret=secret_name(name)), masked=said)
