"""What `workbench-cli edit` takes out of a trajectory for good: looked for first, asked about once, then done."""

import getpass
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.cli.console import Console
from ui.cli.editing import Numbered
from ui.cli.progress import Progress
from workbench import editing
from workbench.errors import BadInputError, StoppedError
from workbench.trajectory import Step, Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

OPTIONS = ("--redact-text", "--redact-region", "--forget-step")
LONGEST_CHARACTERS = 100_000


@dataclass(frozen=True)
class Erasure:
    """One thing to take out: what it is, in words that do not say it, and how it is done; `do` returns what went."""

    words: str
    do: Callable[[], dict[str, int]]


def texts_given(given: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The options and values with the text from standard input where `-` stands for it; at most once."""
    if sum(option == "--redact-text" and value == "-" for option, value in given) > 1:
        raise BadInputError("standard input can be read once; give `--redact-text -` once")
    return [(option, _read_text() if (option, value) == ("--redact-text", "-") else value) for option, value in given]


def erased(
    library: "Library", trajectory: Trajectory, given: Sequence[tuple[str, Any]], *, yes: bool, console: Console
) -> list[dict[str, int]]:
    """Look for all of it, ask unless the answer is `yes`, and take it out in that order; what went, one by one.

    Steps are numbered as they are before. Raises `BadInputError`, with nothing changed, for what is found nowhere,
    `StoppedError` where nobody agreed.
    """
    wanted = [_looked_for(library, trajectory, option, value, console) for option, value in given]
    for one in wanted:
        console.say(one.words)
    make_sure(f"{'this' if len(wanted) == 1 else 'all of this'} is to go for good", yes=yes, console=console)
    return [one.do() for one in wanted]


def make_sure(what: str, *, yes: bool, console: Console) -> None:
    """Ask on the terminal; raises `StoppedError` for a no, and where nobody can be asked."""
    if yes:
        return
    if not console.interactive:
        raise StoppedError(f"nobody is there to agree that {what}; add --yes")
    if console.ask(f"Do you agree that {what}? No undo brings it back. [y/N]").lower() not in ("y", "yes"):
        raise StoppedError("nothing was changed")


def asks(args: Namespace) -> bool:
    """Whether what was asked for cannot be undone."""
    return bool(args.erasures) or any(option == "--secret" for option, _ in args.changes)


def _looked_for(library: "Library", trajectory: Trajectory, option: str, value: Any, console: Console) -> Erasure:
    match option:
        case "--redact-text":
            return _text(library, trajectory, value, console)
        case "--redact-region":
            return _region(library, trajectory, value, console)
    return _forgetting(library, trajectory, value)


def _text(library: "Library", trajectory: Trajectory, text: str, console: Console) -> Erasure:
    from workbench.erasing.text import erase, look

    found = look(library, trajectory.id, text, told=_told(console))
    if not found.anywhere:
        raise BadInputError(
            "the text to redact is written nowhere in what is kept of it, and shown in no picture; check how it is "
            "written there"
        )

    def do() -> dict[str, int]:
        records = erase(library, found, trajectory.id)
        return {"words": found.steps + found.kept, "pictures": len(found.pictures), "records": records}

    return Erasure(f"the text stands in {found.sentence}", do)


def _region(library: "Library", trajectory: Trajectory, given: Numbered, console: Console) -> Erasure:
    from workbench.erasing.region import erase, look, part_of

    part = part_of(library, trajectory.id, given.number, given.value)
    places = look(library, trajectory.id, part, told=_told(console))
    count = sum(map(len, places.values()))

    def do() -> dict[str, int]:
        return {"pictures": erase(library, trajectory.id, places), "places": count}

    words = (
        f"what step {given.number} shows there is shown in {_many(count, 'place')} of {_many(len(places), 'picture')}"
    )
    return Erasure(f"{words}; what was read there and kept as words stays (--redact-text takes it out)", do)


def _forgetting(library: "Library", trajectory: Trajectory, number: int) -> Erasure:
    from workbench import redaction

    step = editing.step_at(trajectory, number)
    redaction.refuse_what_cannot_be_forgotten(step)

    def do() -> dict[str, int]:
        now = library.get(trajectory.id)
        redaction.forget_step(library, now, _number(now, step))
        return {"forgotten": number}

    return Erasure(f"step {number} goes with its input and the pictures that only it has", do)


def _number(trajectory: Trajectory, step: Step) -> int:
    found = next((number for number, each in enumerate(trajectory.steps, 1) if each.id == step.id), None)
    if found is None:
        raise BadInputError("a step to forget went with another one; what was asked for before it is done")
    return found


def _told(console: Console) -> Callable[[int, int], None]:
    progress = Progress(console)

    def told(done: int, of: int) -> None:
        if console.on_terminal or done == of:
            progress.done(done, of, "pictures looked at")

    return told


def _read_text() -> str:
    """The text, typed unseen on a terminal, else all of standard input less one line end."""
    if sys.stdin is None:
        raise BadInputError("there is no standard input to read the text from; run it in a terminal or pipe it in")
    if sys.stdin.isatty():
        try:
            return getpass.getpass("Text to redact (not shown): ")
        except EOFError as error:
            raise StoppedError("no text was typed; nothing was changed") from error
    text = sys.stdin.read(LONGEST_CHARACTERS + 2)
    if len(text) > LONGEST_CHARACTERS:
        raise BadInputError(f"the text is longer than {LONGEST_CHARACTERS} characters; nothing was changed")
    return text.removesuffix("\n").removesuffix("\r")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
