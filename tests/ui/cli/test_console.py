"""What the command line tells a person cannot steer their terminal."""

import io
import sys

import pytest

from ui.cli.console import Console, harmless
from ui.cli.terminal import Terminal
from workbench import events

STEERING = "\x1b]0;title\x07\x1b[2Jred\x9b31m \u202egpj.exe\u2028next\r"
STEERS = ("\x1b", "\x07", "\x9b", "\u202e", "\u2028", "\r")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def begin(monkeypatch):
    """Begins to talk on a terminal on which a person answers the first question with `yes`."""

    def begun() -> tuple[Terminal, _Terminal]:
        shown = _Terminal()
        monkeypatch.setattr(sys, "stdin", _Terminal("yes\n"))
        monkeypatch.setattr(sys, "stderr", shown)
        return Terminal(Console(), seen=False), shown

    return begun


def _is_plain(text: str) -> bool:
    return "gpj.exe" in text and not any(sign in text for sign in STEERS)


def test_a_model_that_asks_a_question_cannot_steer_the_terminal(begin):
    terminal, screen = begin()
    assert terminal.answer(1, STEERING) == "yes"
    assert _is_plain(screen.getvalue())


def test_what_came_of_a_step_cannot_steer_the_terminal(begin):
    terminal, screen = begin()
    terminal.hear(events.StepEnded(index=1, status="failed", message=STEERING))
    terminal.hear(events.TakeOverEnded(index=1, words=STEERING))
    assert _is_plain(screen.getvalue())


def test_lines_and_words_of_all_languages_stay_as_they_are():
    text = "fünf – שלום\n\tعربي 漢字 🙂"
    assert harmless(text) == text
