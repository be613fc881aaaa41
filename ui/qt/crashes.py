"""Reports of the program's own mistakes: where it happened, never what anybody worked on.

A report has versions, the kind of error, and files, lines and functions of the program. It has no message of the
error, no values, no pictures and no paths above the program's own folders, because those may tell of a person's work.
"""

import faulthandler
import hashlib
import platform
import re
import traceback
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import qVersion

from workbench import settings

_PLACE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+) in (?P<function>\S+)')
_KEPT_PARTS = 4
_LONGEST_LINES = 60


def report(error: BaseException) -> str:
    """What a person may send to those who mend the program."""
    lines = [*_about(), f"error: {type(error).__name__}", *_places(error.__traceback__)]
    cause = error.__cause__
    if cause is not None:
        lines += [f"caused by: {type(cause).__name__}", *_places(cause.__traceback__)]
    return "\n".join(lines) + "\n"


def last_words_file(library: Path) -> Path:
    """Where the window of that library leaves its last words: beside the settings."""
    name = hashlib.sha256(str(library.resolve()).encode()).hexdigest()[:8]
    return settings.path().with_name(f"last-words-{name}.txt")


class LastWords:
    """A file in which Python writes where it was when the process is killed by an error below it.

    `left` is the report of an earlier process that ended that way, or empty. Raises nothing: where the file cannot
    be written there are no last words.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.left = ""
        self._file: TextIO | None = None
        with suppress(OSError):
            self.left = _left_in(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")
            faulthandler.enable(self._file, all_threads=False)

    def close(self) -> None:
        """The process ends as it should: there is nothing to tell."""
        if self._file is None:
            return
        faulthandler.disable()
        with suppress(OSError):
            self._file.close()
            self._path.unlink(missing_ok=True)


def _left_in(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    places = [_place(found["file"], int(found["line"]), found["function"]) for found in _PLACE.finditer(text)]
    kind = text.split("\n", 1)[0] if text.startswith("Fatal Python error") else "the process ended without a word"
    return "\n".join([*_about(), kind, *places[:_LONGEST_LINES]]) + "\n" if text else ""


def _about() -> list[str]:
    try:
        program = version("gui-agent-workbench")
    except PackageNotFoundError:
        program = "unknown"
    return [
        f"GUI agent workbench {program}",
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.release()}",
    ]


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-_LONGEST_LINES:]
    return [_place(frame.filename, frame.lineno or 0, frame.name) for frame in frames]


def _place(file: str, line: int, function: str) -> str:
    """The place without the folders above the program: they may have a person's name in them."""
    parts = Path(file).parts
    for root in ("site-packages", "ui", "workbench", "recorder", "agents", "assets"):
        if root in parts:
            at = len(parts) - 1 - parts[::-1].index(root)
            return f"  {'/'.join(parts[at:][-_KEPT_PARTS:])}:{line} {function}"
    return f"  {Path(file).name}:{line} {function}"
