"""Carrying out `workbench-cli record`: steering the recording from a terminal, and saying what came of it."""

import os
import time
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recorder.messages import Did, Event, Ready, Warned
from recorder.options import Hotkeys, RecordingOptions, RecordingResult
from recorder.session import RecordingChild, record_in_child
from ui.cli.console import Console
from workbench import settings
from workbench.settings_sections import RecordSettings

POLL_S = 0.1
DID = {
    "pause": "paused; nothing is recorded",
    "resume": "recording again",
    "forget": "the last 30 seconds were forgotten",
    "note": "noted",
    "secret": "secret typing switched",
    "stop": "stopping",
}


@dataclass(frozen=True)
class Recorder:
    """What is recorded and how, from the options of the command line and the settings.

    `library` is the folder, None for the usual one; `seen` says whether a person can reach the desktop's hotkeys.
    """

    console: Console
    options: RecordingOptions
    library: Path | None
    stop_after_s: float | None
    seen: bool

    def record(self, environment: Mapping[str, str]) -> RecordingResult:
        """Record that desktop until the time is up, Ctrl-C, SIGTERM or the hotkey; everything is saved by then."""
        talk = _Talk(self.console, self.options.hotkeys.stop if self.seen else "")
        child = record_in_child(self.options, library=self.library, on_event=talk.hear, environment=environment)
        with child:
            result = _until_the_end(child, self.stop_after_s)
        if child.sentence:
            self.console.say(child.sentence)
        return result


def options_of(args: Namespace, *, title: str = "", task: str = "") -> RecordingOptions:
    """What the command line and the settings ask for; `title` and `task` are used where the command line has none."""
    chosen = settings.load().record
    return RecordingOptions(
        title=args.title or title,
        task=args.task or task,
        commands=tuple(args.app),
        exclude=(*chosen.exclude, *args.exclude),
        frames=not args.no_frames,
        people_only=args.people_only,
        hotkeys=_hotkeys(chosen),
        own_pids=(os.getpid(),),
    )


def summary(result: RecordingResult) -> str:
    """What came of it, in a line."""
    dropped = f", {result.dropped} lost" if result.dropped else ""
    size = f"{result.bytes / 1e6:.1f} MB" if result.bytes >= 1e6 else f"{result.bytes / 1e3:.0f} kB"
    return (
        f"{result.trajectory}  {result.title}: {_counted(result.steps, 'step')} from "
        f"{_counted(result.events, 'event')}{dropped} in {result.seconds:.1f} s, {size}"
    )


@dataclass
class _Talk:
    """Tells the person what the recording's process says, on the recorder's thread.

    `stop_hotkey` is empty on a desktop that nobody sees, where nobody can press it.
    """

    console: Console
    stop_hotkey: str

    def hear(self, event: Event) -> None:
        match event:
            case Ready():
                self.console.say(f"recording {event.trajectory}")
                hotkey = f" or {self.stop_hotkey} anywhere" if self.stop_hotkey else ""
                self.console.say(f"Ctrl-C here{hotkey} ends it")
            case Did():
                self.console.say(DID.get(event.word, event.word))
            case Warned():
                self.console.say(event.text)


def _until_the_end(child: RecordingChild, stop_after_s: float | None) -> RecordingResult:
    try:
        child.ready.wait()
        end_s = None if stop_after_s is None else time.monotonic() + stop_after_s
        while end_s is None or time.monotonic() < end_s:
            result = child.wait(POLL_S)
            if result is not None:
                return result
    except KeyboardInterrupt:
        return child.stop()
    return child.stop()


def _hotkeys(chosen: RecordSettings) -> Hotkeys:
    return Hotkeys(
        stop=chosen.stop_hotkey,
        pause=chosen.pause_hotkey,
        forget=chosen.forget_hotkey,
        note=chosen.note_hotkey,
        secret=chosen.secret_hotkey,
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
