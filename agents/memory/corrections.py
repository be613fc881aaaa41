"""What people corrected: kept with the situation in which they did, and told to the planner when it comes again.

A correction is the person's own data: a line of JSON in their library, listed and deletable. It is shown on similar
steps, so that the same mistake is not proposed again, and nothing is learnt from it in any other way. After MemPrompt
(arXiv 2201.06009) and Yell At Your Robot (arXiv 2403.12910).
"""

import os
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import uuid4

import msgspec
from msgspec import Struct

from agents.screen.alike import likeness, split
from workbench.approval import Decision
from workbench.errors import BadInputError, UnavailableError
from workbench.library import locks
from workbench.report.words import caption, quoted, tidy

FILE = "corrections.jsonl"

LOWEST = 0.5
"""Situations less alike than this have nothing to say to each other."""

MOST_TOLD = 3
LONGEST = 160
"""How many corrections a planner is told at once, and how many characters of each text."""

Kind = Literal["modify", "reject", "take-over"]


class Correction(Struct, frozen=True, omit_defaults=True):
    """One decision of a person that was no plain approval.

    `state` tells the screen in words, `proposed` the step that was wanted, `words` are the person's, `instead` says
    what was done in its place. `at_s` is seconds since the epoch.
    """

    id: str
    task: str
    app: str
    state: str
    proposed: str
    decision: Kind
    words: str = ""
    instead: str = ""
    at_s: float = 0.0


class Occasion(Struct, frozen=True):
    """A situation that may be like an earlier one: the task, the application, the screen and the step in words."""

    task: str
    app: str
    state: str = ""
    proposed: str = ""


def correction_of(occasion: Occasion, decision: Decision, *, instead: str = "") -> Correction | None:
    """What is to be remembered of a decision; None for the policy's, for approvals and for stops.

    `instead` says what the person did who took over; a modified step says itself what it is.
    """
    if decision.by != "person" or decision.word not in ("modify", "reject", "take-over"):
        return None
    return Correction(
        uuid4().hex[:12],
        tidy(occasion.task, LONGEST),
        occasion.app,
        tidy(occasion.state, LONGEST),
        tidy(occasion.proposed, LONGEST),
        decision.word,
        tidy(decision.words, LONGEST),
        tidy(caption(decision.step) if decision.step else instead, LONGEST),
        round(time.time(), 3),
    )


def similar(corrections: Sequence[Correction], occasion: Occasion, *, most: int = MOST_TOLD) -> tuple[Correction, ...]:
    """The corrections of this application that were made in the most similar situations, the most alike first.

    Equally alike ones come newest first; only the newest of those that say the same is among them.
    """
    scored = [(alikeness(one, occasion), one.at_s, one) for one in corrections]
    ranked = sorted((each for each in scored if each[0] >= LOWEST), key=lambda each: each[:2], reverse=True)
    told: dict[str, Correction] = {}
    for _, _, one in ranked:
        told.setdefault(line_of(one), one)
    return tuple(told.values())[:most]


def alikeness(correction: Correction, occasion: Occasion) -> float:
    """How alike the situations are, by the letters of their words, 0 to 1; another application is never alike."""
    if correction.app.casefold() != occasion.app.casefold():
        return 0.0
    pairs = [
        (correction.task, occasion.task),
        (correction.state, occasion.state),
        (correction.proposed, occasion.proposed),
    ]
    scores = [_both_ways(one, other) for one, other in pairs if one and other]
    return sum(scores) / len(scores) if scores else 0.0


def line_of(correction: Correction) -> str:
    """The correction as one line for a planner: what was wanted, what the person said of it, what was done instead."""
    verb = {"modify": "changed it", "reject": "refused it", "take-over": "did it themself"}[correction.decision]
    words = f", saying {quoted(correction.words, LONGEST)}" if correction.words else ""
    instead = f"; right was: {correction.instead}" if correction.instead else ""
    return tidy(f"when asked to {correction.proposed or 'go on'}, the person {verb}{words}{instead}", 3 * LONGEST)


@dataclass(frozen=True)
class CorrectionShelf:
    """The corrections of one library, in one file in its folder; any number of processes may use it at once.

    The file is replaced as a whole or not at all. Raises `BadInputError` for a line that is no correction,
    `UnavailableError` where nothing can be read or written.
    """

    folder: Path

    @property
    def path(self) -> Path:
        """The file; it need not exist."""
        return self.folder / FILE

    def all(self) -> tuple[Correction, ...]:
        """Every correction, the oldest first."""
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise UnavailableError(f"cannot read {self.path}: {error.strerror}; make it readable") from error
        return tuple(self._decoded(number, line) for number, line in enumerate(lines, 1) if line.strip())

    def add(self, correction: Correction) -> None:
        """Keep one more."""
        with locks.alone(self.folder / f"{FILE}.lock"):
            self._write((*self.all(), correction))

    def delete(self, ids: Collection[str]) -> int:
        """Forget these for good and return how many there were."""
        with locks.alone(self.folder / f"{FILE}.lock"):
            kept = self.all()
            left = tuple(one for one in kept if one.id not in ids)
            if len(left) < len(kept):
                self._write(left)
            return len(kept) - len(left)

    def _decoded(self, number: int, line: bytes) -> Correction:
        try:
            return msgspec.json.decode(line, type=Correction)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BadInputError(
                f"{self.path}, line {number}, is no correction ({error}); mend or remove the line"
            ) from error

    def _write(self, corrections: Sequence[Correction]) -> None:
        part = self.path.with_suffix(f".{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                file.write(b"".join(msgspec.json.encode(one) + b"\n" for one in corrections))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise UnavailableError(f"cannot write {self.path}: {error.strerror}; make room or permit it") from error


def _both_ways(one: str, other: str) -> float:
    """How much the texts have in common, whichever is the longer."""
    left, right = split(one), split(other)
    return (likeness(left, right) + likeness(right, left)) / 2
