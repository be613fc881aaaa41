"""The process that plays episodes for another one: `python -m agents.evaluation.harness.worker`.

It reads its casting and then episodes as JSON lines on standard input, and answers each with a line on standard
output. It ends when its input does, and with SIGINT at once; desktop and actors are closed then.
"""

import os
import sys
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from msgspec import Struct

from agents.evaluation.harness.casting import Casting
from agents.evaluation.harness.plan import Episode
from agents.evaluation.harness.player import Player, Unplayed
from agents.evaluation.harness.results import Played
from workbench.errors import WorkbenchError

MODULE = "agents.evaluation.harness.worker"


class Broken(Struct, frozen=True, tag=True):
    """It cannot play at all; the text is one line for people, the exit code that of the command line."""

    text: str
    exit_code: int


Said = Played | Unplayed | Broken


def main() -> int:
    """Play what standard input says."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    try:
        _play_all(sys.stdin.buffer, answers)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 1
    except WorkbenchError as error:
        _say(answers, Broken(str(error), error.exit_code))
    return 0


def _play_all(orders: BinaryIO, answers: BinaryIO) -> None:
    lines = iter(orders.readline, b"")
    first = next(lines, None)
    if first is None:
        return
    with Player(msgspec.json.decode(first, type=Casting)) as player:
        for episode in _episodes(lines):
            _say(answers, player.play(episode))


def _episodes(lines: Iterator[bytes]) -> Iterator[Episode]:
    for line in lines:
        yield msgspec.json.decode(line, type=Episode)


def _say(answers: BinaryIO, said: Said) -> None:
    answers.write(msgspec.json.encode(said) + b"\n")


if __name__ == "__main__":
    sys.exit(main())
