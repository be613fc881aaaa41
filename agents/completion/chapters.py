"""Chapters of a recording, from the points at which its pictures turn towards another end.

After UVD (arXiv 2310.08581): seen from an end, the states that lead to it come closer and closer; where that breaks
off, an earlier end was reached. UVD measures closeness in a frozen image encoder; here the frozen embedding is a coarse
signature of brightness and edges, with the identity of the window in front beside it, which needs no model. A change of
program that lasts is a turning point too: for UVD's robots there is no such thing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.completion.meaning import same_window
from agents.completion.naming import chapter_words
from agents.completion.wording import app_name, program
from workbench.trajectory import FrameId, Step, Window

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from workbench.desktop.ports import Frame

    Signature = npt.NDArray[np.float32]

WIDTH, HEIGHT = 32, 18
"""Cells of a signature, for brightness and for edges each."""

EDGES = 2.0
"""How much more an edge counts than the same difference in brightness."""

OTHER_WINDOW, OTHER_PROGRAM = 0.3, 0.6
"""How far apart two states are at least whose windows differ; signatures are 0 to 1 apart, alike ones below 0.05."""

FAR = 0.06
"""How far from an end a state is at least from which a way leads there: less is a caret, a clock, a digit."""

NEAR = 0.5
"""A state is another end when it is nearer than this share of the farthest one behind it."""

SHORTEST = 2
"""Steps of a chapter at least."""

FEWEST_STEPS = 6
"""Shorter recordings are one chapter, which needs no heading."""

MOST = 12


@dataclass(frozen=True)
class State:
    """What was seen between two steps; None where nobody knows."""

    signature: "Signature | None" = None
    window: Window | None = None


@dataclass(frozen=True)
class Chapter:
    """The place of the step that opens it, from 0, and the sentence that heads it."""

    opens: int
    words: str


def chapters_from(steps: Sequence[Step], signatures: Mapping[FrameId, "Signature"]) -> tuple[Chapter, ...]:
    """The chapters of veiled steps, at least two or none; those about which nothing can be said join the one before."""
    if len(steps) < FEWEST_STEPS:
        return ()
    states = states_of(steps, signatures)
    opens = sorted({_within_program(at, steps, states) for at in openings(states)})
    ends = (*opens[1:], len(steps))
    told = [Chapter(first, chapter_words(steps[first:end])) for first, end in zip(opens, ends, strict=True)]
    kept = [one for at, one in enumerate(told) if one.words and (at == 0 or one.words != told[at - 1].words)]
    return tuple(kept) if len(kept) > 1 else ()


def states_of(steps: Sequence[Step], signatures: Mapping[FrameId, "Signature"]) -> list[State]:
    """What was seen before each step, and after the last."""
    seen = [State(signatures.get(step.observation.frame or ""), step.observation.window) for step in steps]
    last = steps[-1]
    return [*seen, State(signatures.get(last.outcome.frame or ""), last.outcome.window or last.observation.window)]


def openings(states: Sequence[State]) -> list[int]:
    """The places of the steps that open a chapter, from 0 on; a step leads from its state to the next."""
    turns = _goals(states) | _program_changes(states)
    chosen = _spaced(sorted(turns), len(states) - 1)
    if len(chosen) >= MOST:
        sharpest = sorted(
            chosen, key=lambda at: -_apart(states[at - 1], states[at]) - _apart(states[at], states[at + 1])
        )
        chosen = sorted(sharpest[: MOST - 1])
    return [0, *chosen]


def signature(frame: "Frame") -> "Signature":
    """Brightness and edges of a picture in `WIDTH` × `HEIGHT` cells each, 0 to 1, as one vector."""
    import cv2
    import numpy as np

    gray = cv2.cvtColor(
        cv2.resize(frame.pixels, (2 * WIDTH, 2 * HEIGHT), interpolation=cv2.INTER_AREA), cv2.COLOR_BGRA2GRAY
    )
    light = gray.astype(np.float32) / 255
    edges = np.abs(np.gradient(light, axis=0)) + np.abs(np.gradient(light, axis=1))
    cells = [cv2.resize(part, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) for part in (light, EDGES * edges)]
    return np.concatenate([cell.ravel() for cell in cells]).astype(np.float32)


def frames_between(step: Step, *, last: bool) -> list[FrameId]:
    """The pictures that are states: the one before the step, and of the last step the one after it."""
    return [name for name in (step.observation.frame, step.outcome.frame if last else None) if name]


def _goals(states: Sequence[State]) -> set[int]:
    """The states at which an end was reached that the later ones do not lead on from, the last one left out."""
    found, goal = set[int](), len(states) - 1
    while goal > 0:
        goal = _earlier_goal(states, goal)
        found.add(goal)
    return found - {0}


def _earlier_goal(states: Sequence[State], goal: int) -> int:
    """Where the way to this end begins: just before it leapt away from it most; 0 where it leads here all along."""
    apart = [_apart(state, states[goal]) for state in states[:goal]]
    at = farthest = goal - 1
    while at >= 0 and apart[at] >= _least(apart[farthest]):
        farthest = at if apart[at] >= apart[farthest] else farthest
        at -= 1
    return 0 if at < 0 else max(range(at, farthest), key=lambda place: (apart[place + 1] - apart[place], place))


def _least(farthest: float) -> float:
    """How far a state has to be from an end that it leads to, where the later ones are at most so far."""
    return NEAR * farthest if farthest >= FAR else 0.0


def _program_changes(states: Sequence[State]) -> set[int]:
    """The steps after which another program stays in front."""
    apps = [state.window.app if state.window else "" for state in states]
    later = zip(apps, apps[1:], [*apps[2:], apps[-1]], strict=False)
    return {at for at, (was, now, then) in enumerate(later) if was and now and was != now == then and at > 0}


def _within_program(at: int, steps: Sequence[Step], states: Sequence[State]) -> int:
    """The step that opens the chapter, or the next where it is the last thing that was done in another program."""
    was, now, own = states[at].window, states[at + 1].window, app_name(steps[at])
    leaves = was is not None and now is not None and was.app != now.app and own == program(was.app)
    return at + 1 if leaves and 0 < at < len(steps) - 1 else at


def _spaced(turns: Sequence[int], count: int) -> list[int]:
    """The turning points with room for a chapter between them, and before the first and after the last."""
    kept: list[int] = []
    for at in turns:
        if at - (kept[-1] if kept else 0) >= SHORTEST and count - at >= SHORTEST:
            kept.append(at)
    return kept


def _apart(one: State, other: State) -> float:
    """How far apart two states are: 0 for the same, up to about 2."""
    apart = 0.0
    if one.signature is not None and other.signature is not None and one.signature is not other.signature:
        difference = one.signature - other.signature
        apart = float((difference @ difference / len(difference)) ** 0.5)
    if one.window is None or other.window is None or same_window(one.window, other.window):
        return apart
    return apart + (OTHER_WINDOW if one.window.app == other.window.app else OTHER_PROGRAM)
