"""`workbench-cli record`: record what is done on a desktop as a trajectory."""

import os
import time
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass

from recorder.messages import Did, Event, Ready, Warned
from recorder.options import Hotkeys, RecordingOptions, RecordingResult
from recorder.session import RecordingChild, record_in_child
from ui.cli.console import Console
from ui.cli.opening import chosen_path
from ui.cli.values import pattern, seconds
from ui.orders.desktops import place
from workbench import settings

HELP = "record what is done on a desktop as a trajectory"
EXAMPLE = 'workbench-cli record --title "Monthly report" --task "Send the report of this month"'

POLL_S = 0.1
DID = {
    "pause": "paused; nothing is recorded",
    "resume": "recording again",
    "forget": "the last 30 seconds were forgotten",
    "note": "noted",
    "secret": "secret typing switched",
    "stop": "stopping",
}


def configure(parser: ArgumentParser) -> None:
    """What the recording is called, where it happens, when it ends, and what is left out."""
    parser.add_argument("--title", default="", help="what to call it (default: made from the steps)")
    parser.add_argument("--task", default="", metavar="TEXT", help="what is being done, in your words")
    parser.add_argument("--app", action="append", default=[], metavar="CMD", help="start this application first")
    parser.add_argument(
        "--private-desktop", nargs="?", const="", metavar="WxH", help="on a desktop of its own that nobody sees"
    )
    parser.add_argument("--stop-after", type=seconds, metavar="SECONDS", help="end by itself (default: Ctrl-C ends it)")
    parser.add_argument(
        "--exclude",
        action="append",
        type=pattern,
        default=[],
        metavar="APP-OR-TITLE",
        help="leave these windows out of everything",
    )
    parser.add_argument("--no-frames", action="store_true", help="keep no pictures of the screen")
    parser.add_argument("--people-only", action="store_true", help="leave out input that programs make")


def run(args: Namespace, console: Console) -> int:
    """Record until the time is up, Ctrl-C, SIGTERM or the stop hotkey; everything is saved by then."""
    chosen = settings.load().record
    options = RecordingOptions(
        title=args.title,
        task=args.task,
        commands=tuple(args.app),
        exclude=(*chosen.exclude, *args.exclude),
        frames=not args.no_frames,
        people_only=args.people_only,
        hotkeys=_hotkeys(chosen),
        own_pids=(os.getpid(),),
    )
    talk = _Talk(console, chosen.stop_hotkey if args.private_desktop is None else "")
    library = chosen_path(console)
    with place(args.private_desktop, args.app) as where:
        child = record_in_child(options, library=library, on_event=talk.hear, environment=where.environment)
        with child:
            result = _until_the_end(child, args.stop_after)
    if child.sentence:
        console.say(child.sentence)
    console.data(result, _summary(result))
    return 0


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


def _hotkeys(chosen: settings.RecordSettings) -> Hotkeys:
    return Hotkeys(
        stop=chosen.stop_hotkey,
        pause=chosen.pause_hotkey,
        forget=chosen.forget_hotkey,
        note=chosen.note_hotkey,
        secret=chosen.secret_hotkey,
    )


def _summary(result: RecordingResult) -> str:
    dropped = f", {result.dropped} lost" if result.dropped else ""
    size = f"{result.bytes / 1e6:.1f} MB" if result.bytes >= 1e6 else f"{result.bytes / 1e3:.0f} kB"
    return (
        f"{result.trajectory}  {result.title}: {_counted(result.steps, 'step')} from "
        f"{_counted(result.events, 'event')}{dropped} in {result.seconds:.1f} s, {size}"
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
