"""What a command speaks through: data on standard output, talk on standard error.

Both streams are UTF-8 whatever the locale; what UTF-8 cannot hold is written as an escape. A reader that goes away
(`workbench-cli list | head -1`) is no error: the command goes on and its output is dropped.
"""

import io
import json
import os
import sys
from pathlib import Path
from typing import TextIO

from workbench.errors import StoppedError, UnavailableError, WorkbenchError

LONGEST_LINE = 600
"""Errors quote what was given; beyond this many characters a quotation is no help any more."""


class Console:
    """The two streams and the options that every command shares.

    `json` asks for one JSON document instead of text, `library_path` is the library that `--library` chose (None: the
    usual one), `debug` adds tracebacks. Belongs to the main thread, except `say`, which any thread may call.
    """

    def __init__(self, *, json: bool = False, debug: bool = False, library_path: Path | None = None) -> None:
        self.json = json
        self.debug = debug
        self.library_path = library_path
        self._out = _utf8(sys.stdout)
        self._err = _utf8(sys.stderr)
        self._passing = False

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked: standard input and standard error are a terminal."""
        return bool(sys.stdin and sys.stdin.isatty() and self._err and self._err.isatty())

    def data(self, value: object, text: str | None = None) -> None:
        """Answer on standard output: `value` as JSON with `--json`, otherwise `text` (or `value`, where it is text)."""
        self._let_pass()
        if self.json:
            import msgspec  # only where there is something to convert, so that --help does without it

            self._write(json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=2))
        else:
            self._write(str(value) if text is None else text)

    @property
    def on_terminal(self) -> bool:
        """Whether what is said is read on a terminal, where a line can take the place of another."""
        return bool(self._err and self._err.isatty())

    def pass_by(self, text: str) -> None:
        """Show a line that the next one takes the place of; only on a terminal."""
        if self.on_terminal:
            self._tell(f"\r{harmless(text)}\x1b[K")
            self._passing = True

    def piece(self, text: str) -> None:
        """A piece of an answer on standard output, at once and without a line end."""
        self._write(text, end="")

    def say(self, text: str) -> None:
        """Tell the person something on standard error, at once; lost quietly when nobody reads it.

        Models and windows have a say in what is told: what would steer the terminal is taken out.
        """
        self._let_pass()
        self._tell(harmless(text) + "\n")

    def complain(self, error: WorkbenchError) -> None:
        """Say what went wrong in one line."""
        self.say(f"workbench-cli: {one_line(str(error))}")

    def ask(self, question: str) -> str:
        """The person's answer to a question on the terminal; `StoppedError` when they end the input instead."""
        if self._err:
            self._err.write(harmless(question) + " ")
            self._err.flush()
        answer = sys.stdin.readline() if sys.stdin else ""
        if not answer:
            self.say("")
            raise StoppedError(f"nobody answered “{question}”; nothing was done")
        return answer.strip()

    def flush(self) -> None:
        """Hand over what was written; raises `UnavailableError` when the system does not take it."""
        self._write("")

    def _let_pass(self) -> None:
        """Take away the line that was passing by."""
        if self._passing:
            self._passing = False
            self._tell("\r\x1b[K")

    def _tell(self, text: str) -> None:
        try:
            if self._err:
                self._err.write(text)
                self._err.flush()
        except (OSError, ValueError):
            self._err = None

    def _write(self, text: str, end: str = "\n") -> None:
        if self._out is None:
            return
        try:
            self._out.write(text + end if text else "")
            self._out.flush()
        except BrokenPipeError:
            self._drop_output()
        except OSError as error:
            self._drop_output()
            raise UnavailableError(f"standard output takes no more: {error.strerror}; write it elsewhere") from error

    def _drop_output(self) -> None:
        """Lead standard output nowhere, so that Python's own flush at the end has nothing to complain about."""
        stream, self._out = self._out, None
        try:
            descriptor = stream.fileno() if stream else -1
        except (io.UnsupportedOperation, ValueError):
            return
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a path
            os.dup2(nowhere.fileno(), descriptor)


def harmless(text: str) -> str:
    """The text without what steers a terminal or turns a line around; line ends and tabs stay."""
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)


def one_line(text: str) -> str:
    """The text without line breaks or control characters, cut where it quotes too much."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clean if len(clean) <= LONGEST_LINE else f"{clean[: LONGEST_LINE // 2]} … {clean[-LONGEST_LINE // 2 :]}"


def _utf8(stream: TextIO | None) -> TextIO | None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream
