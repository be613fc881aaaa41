"""Noticing that a run gets nowhere, and what to do about it: pure functions over what was done and seen so far.

Steps without effect are banned in the state in which they had none (structured reflection, arXiv 2310.08740); the
planner is told what happened and asked to plan again (DEPS); a subgoal that keeps failing is abandoned, a run that
keeps failing or has used up its budget ends with a sentence. Nothing here looks at a clock or a screen.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from agents.planning.wording import same_step
from agents.prompts import recovering
from agents.screen.listing import ElementList, Line
from workbench.session.roles import Ending


@dataclass(frozen=True)
class State:
    """What a screen is known by: `place` without values and the focus, `content` with them.

    Two moments of one dialog have the same place; only while nothing at all was filled in, also the same content.
    """

    place: str
    content: str


@dataclass(frozen=True)
class Trodden:
    """A step that was taken: in which state, in words, and how it went.

    `verified` is None for steps that have no effect to see. `fresh` is set at the first step of a subgoal. A step that
    a person `rejected` was not taken at all: `observed` is what the person said.
    """

    state: State
    step: str
    verified: bool | None
    expected: str = ""
    observed: str = ""
    fresh: bool = False
    rejected: bool = False


@dataclass(frozen=True)
class Limits:
    """How far a run may go; 0 means without limit.

    `failures` in a row end the run, `subgoal_failures` in a row a subgoal; after `stall` steps that showed nothing new
    the planner is told, after twice as many the run ends.
    """

    steps: int = 50
    seconds: float = 0.0
    tokens: int = 0
    failures: int = 6
    subgoal_failures: int = 3
    stall: int = 8
    repeats: int = 4


@dataclass(frozen=True)
class Spent:
    """What a run has used up so far."""

    steps: int = 0
    seconds: float = 0.0
    tokens: int = 0


@dataclass(frozen=True)
class Advice:
    """How a run goes on.

    `trouble` and `banned` go to the planner. `abandon` is the reason for giving the open subgoal up, empty where it is
    gone on with. `ending` ends the run.
    """

    trouble: str = ""
    banned: tuple[str, ...] = ()
    abandon: str = ""
    ending: Ending | None = None


LONGEST_CYCLE = 4
ROUNDS = 3
"""How often steps follow each other in the same order before that is called a cycle."""


def state_of(shown: ElementList) -> State:
    """What this screen is known by; marks, references and what did not fit the list make no difference."""
    head = (shown.app, shown.window)
    places = [(line.role, line.name, line.near, _standing(line)) for line in shown.lines]
    return State(_digest(head, places), _digest(head, places, [line.value for line in shown.lines]))


def advice(history: Sequence[Trodden], now: State, spent: Spent, limits: Limits = Limits()) -> Advice:
    """What to tell the planner now, what not to do again here, what to give up."""
    ending = exhausted(spent, limits) or given_up(history, limits)
    return Advice(trouble(history, limits), banned_in(history, now), abandoning(history, limits), ending)


def banned_in(history: Sequence[Trodden], now: State) -> tuple[str, ...]:
    """Steps that had no effect in this state, oldest first, and the one that a person rejected last.

    The bans of a state are lifted by a step that has its effect in it: once a form is filled in, "Save" may work. A
    rejected step may be right later on: it is banned once, for the thought that follows its first rejection.
    """
    banned: list[str] = []
    for each in history:
        if each.state.place != now.place:
            continue
        if each.verified:
            banned.clear()
        elif each.verified is False and not any(same_step(each.step, other) for other in banned):
            banned.append(each.step)
    return (*banned, *_rejected_just_now(history))


def trouble(history: Sequence[Trodden], limits: Limits = Limits()) -> str:
    """One or two sentences about what went wrong last; empty where nothing did."""
    if not history:
        return ""
    last = history[-1]
    if last.rejected:
        return recovering.rejected(last.step, last.observed)
    if last.verified is False:
        return recovering.no_effect(last.step, last.expected, last.observed)
    history = _taken(history)
    times = repetitions(history)
    if times > 1:
        return recovering.repeated(last.step, times)
    cycle = cycle_of([(each.state.place, each.step) for each in history])
    if cycle:
        return recovering.cycling(tuple(each.step for each in history[-cycle:]), ROUNDS)
    idle = unfruitful(history)
    return recovering.stalled(idle) if limits.stall and idle >= limits.stall else ""


def repetitions(history: Sequence[Trodden]) -> int:
    """How often the last step was taken on a screen that was the same in everything."""
    last = history[-1]
    return sum(each.state == last.state and same_step(each.step, last.step) for each in history)


def cycle_of(walked: Sequence[tuple[str, str]]) -> int:
    """The length of the cycle, from 2 to `LONGEST_CYCLE`, that the end of the walk has gone `ROUNDS` times; else 0.

    A step that repeats alone is no cycle: pressing Down five times is how one goes down a list.
    """
    for length in range(2, LONGEST_CYCLE + 1):
        end = list(walked[-length * ROUNDS :])
        if len(end) == length * ROUNDS and end == end[:length] * ROUNDS and len(set(end[:length])) > 1:
            return length
    return 0


def unfruitful(history: Sequence[Trodden]) -> int:
    """How many of the last steps were taken on screens that had been seen before in every detail."""
    seen: set[str] = set()
    known: list[bool] = []
    for each in history:
        known.append(each.state.content in seen)
        seen.add(each.state.content)
    return _leading(reversed(known))


def failures(history: Sequence[Trodden]) -> int:
    """How many steps in a row did not work; those without an effect to see neither count nor end the row."""
    return _leading(each.verified is False for each in reversed(history) if each.verified is not None)


def abandoning(history: Sequence[Trodden], limits: Limits = Limits()) -> str:
    """Why the open subgoal should be given up; empty where it should not."""
    began = next((place for place in range(len(history) - 1, -1, -1) if history[place].fresh), 0)
    failed = failures(history[began:])
    return recovering.abandoning(failed) if 0 < limits.subgoal_failures <= failed else ""


def given_up(history: Sequence[Trodden], limits: Limits) -> Ending | None:
    """The end of a run that gets nowhere."""
    history = _taken(history)
    failed, idle = failures(history), unfruitful(history)
    if 0 < limits.failures <= failed:
        return _failed(f"{failed} steps in a row did not work, the last of them: {history[-1].step}")
    if limits.stall and idle >= 2 * limits.stall:
        return _failed(f"nothing new was seen for {idle} steps")
    if history and 0 < limits.repeats <= repetitions(history):
        return _failed(f"the run goes in circles: {history[-1].step} was done {limits.repeats} times on one screen")
    return None


def exhausted(spent: Spent, limits: Limits) -> Ending | None:
    """The end of a run that has used up what it was given."""
    if 0 < limits.steps <= spent.steps:
        return _failed(f"the {_given(limits.steps, 'step')} used up; allow more with --max-steps")
    if 0 < limits.seconds <= spent.seconds:
        return _failed(f"the {_given(limits.seconds, 'second')} over")
    if 0 < limits.tokens <= spent.tokens:
        return _failed(f"the {_given(limits.tokens, 'token')} used up")
    return None


def _taken(history: Sequence[Trodden]) -> list[Trodden]:
    """The steps that were taken, which rejected ones were not."""
    return [each for each in history if not each.rejected]


def _rejected_just_now(history: Sequence[Trodden]) -> tuple[str, ...]:
    """The last step where a person rejected it, for the first time."""
    if not history or not history[-1].rejected:
        return ()
    last = history[-1].step
    again = any(each.rejected and same_step(each.step, last) for each in history[:-1])
    return () if again else (last,)


def _given(number: float, noun: str) -> str:
    if number == 1:
        return f"1 {noun} it was given is"
    return f"{number if isinstance(number, int) else format(number, 'g')} {noun}s it was given are"


def _failed(why: str) -> Ending:
    return Ending("failed", f"the task was not finished: {why}")


def _standing(line: Line) -> tuple[str, ...]:
    """States that make another screen of it; where the focus is does not."""
    return tuple(state for state in line.states if state != "focused")


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode(errors="surrogatepass")).hexdigest()[:16]


def _leading(truths: Iterable[bool]) -> int:
    return sum(1 for _ in takewhile(bool, truths))
