"""What a person wants recorded, and what the recorder is told about it."""

import os
import shlex
from dataclasses import dataclass

from recorder.options import Hotkeys, RecordingOptions
from workbench.errors import BadInputError
from workbench.settings_sections import RecordSettings


@dataclass(frozen=True)
class HotkeyWords:
    """One of the hotkeys that steer a recording: its word in settings and messages, its icon, what people read."""

    word: str
    icon: str
    does: str


HOTKEYS = (
    HotkeyWords("stop", "stop", "Stop and save"),
    HotkeyWords("pause", "pause", "Pause or resume"),
    HotkeyWords("forget", "undo", "Forget the last 30 s"),
    HotkeyWords("note", "note", "Mark this moment"),
    HotkeyWords("secret", "lock", "Hide what is typed next"),
)


@dataclass(frozen=True)
class Wish:
    """What the person filled in; `commands` start applications, `exclude` are those that are left out."""

    title: str = ""
    task: str = ""
    commands: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def options(self, chosen: RecordSettings) -> RecordingOptions:
        """The recorder's order; our own windows are never recorded."""
        return RecordingOptions(
            title=self.title,
            task=self.task,
            commands=self.commands,
            exclude=self.exclude,
            hotkeys=Hotkeys(**{each.word: hotkey(chosen, each.word) for each in HOTKEYS}),
            own_pids=(os.getpid(),),
        )


def hotkey(chosen: RecordSettings, word: str) -> str:
    """The hotkey that the settings give to this word; empty for none."""
    return str(getattr(chosen, f"{word}_hotkey"))


def wish_of(title: str, task: str, command: str, exclude: str) -> Wish:
    """The wish from what stands in four fields; raises `BadInputError` for a command whose quotes do not match."""
    try:
        shlex.split(command)
    except ValueError as error:
        raise BadInputError(f"the command cannot be read: {error}; check its quotes") from error
    commands = (command.strip(),) if command.strip() else ()
    return Wish(title.strip(), task.strip(), commands, listed(exclude))


def listed(text: str) -> tuple[str, ...]:
    """The parts of a text between commas, without those that are empty."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
