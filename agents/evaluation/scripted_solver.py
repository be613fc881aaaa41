"""A planner without a model: an expert in the planning domains who remembers only what stands in the prompt.

It reads the task, the summaries of closed subgoals and the steps of the open one, works out from them how the world
must be now, and searches breadth first for the next small aim. What the memory lost, it does not know. Its summaries
say which facts changed.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from agents.evaluation.domains import DOMAINS
from agents.evaluation.domains.strips import Domain, Goal, Operator, Problem, State, parsed
from agents.evaluation.planning_prompt import INSTRUCTIONS, POSSIBLE, Act, Begin, Move
from agents.runtime.ports import PLAIN, Answer, Asking, Heard, Loaded, ModelError, Vectors
from agents.runtime.prompt import Message, Prompt
from workbench.codec import to_json
from workbench.errors import BadInputError

MOST_STATES = 200_000
"""A search that looks at more states is given up."""

_STEP = re.compile(r"(?:done|did): (?P<words>.*?)(?: -> .*)?")
_CLOSED = re.compile(r"(?P<state>met|abandoned) \d+: (?P<words>.*) \| (?P<summary>.*)")
_SUMMARY = re.compile(r"now: (?P<now>.*?)\. no longer: (?P<gone>.*?)\.")
_GOAL = re.compile(r"goal \d+: (?P<words>.*)")


class ScriptedSolver:
    """The port of a model, answered by rules. One question at a time, any thread; it takes no time to load."""

    name = "solver"

    def __init__(self) -> None:
        """Know nothing but the domains. What is kept is worked out from a task's words or from a state alone."""
        self._parsed: dict[str, Problem] = {}
        self._searched: dict[tuple[State, Goal, State], Operator] = {}

    @property
    def loaded(self) -> Loaded:
        """It sees no pictures, and any prompt fits."""
        return Loaded(self.name, "rules", context=1_000_000, sees=False)

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        """The next move as JSON; `asking` changes nothing. Raises `ModelError` where it finds none."""
        del asking
        try:
            text = to_json(self._move(_text(prompt), subgoals=_offers_subgoals(prompt))).decode()
        except BadInputError as error:
            raise ModelError(f"the scripted solver did not understand the prompt: {error}") from error
        if heard is not None:
            heard(text)
        return Answer(text)

    def count(self, prompt: Prompt) -> int:
        """Four characters to a token."""
        return -(-sum(len(part) for message in prompt for part in message.parts if isinstance(part, str)) // 4)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """It makes no vectors: always raises `BadInputError`, unless no text is given."""
        if texts:
            raise BadInputError(f"{self.name} makes no vectors; choose a model for embeddings")
        return np.empty((0, 0), np.float32)

    def cancel(self) -> None:
        """Every question is answered at once; there is none to end."""

    def close(self) -> None:
        """Forget what was worked out."""
        self._parsed.clear()
        self._searched.clear()

    def _move(self, text: str, *, subgoals: bool) -> Move:
        lines = text.split("\n")
        problem = self._problem(lines[0].removeprefix("task: "))
        known = _read(problem, lines[1 : lines.index(POSSIBLE)])
        wanted = _wanted(problem, known)
        if not subgoals or known.goal == wanted:
            return Act(self._next(problem, known.state, wanted).words)
        action = self._next(problem, known.state, wanted).words
        return _beginning(problem.domain, known, wanted, action)

    def _problem(self, task: str) -> Problem:
        if task not in self._parsed:
            self._parsed[task] = parsed(DOMAINS.values(), task)
        return self._parsed[task]

    def _next(self, problem: Problem, state: State, wanted: Goal) -> Operator:
        """The first operator of a shortest way to the next small aim."""
        aim, kept = problem.domain.aim(state, wanted), _achieved(problem, state, wanted)
        if (state, aim, kept) not in self._searched:
            for before, operator in _way(problem.operators, state, aim, kept):
                self._searched.setdefault((before, aim, kept), operator)
        return self._searched[state, aim, kept]


@dataclass(frozen=True)
class _Known:
    """What the prompt tells: the open goal (empty where none is), how the world was when it began, and how it is."""

    goal: Goal
    before: State
    state: State


def _text(prompt: Prompt) -> str:
    return "".join(part for message in prompt[-1:] for part in message.parts if isinstance(part, str))


def _offers_subgoals(prompt: Prompt) -> bool:
    first: Message = prompt[0]
    return any(isinstance(part, str) and part.startswith(INSTRUCTIONS["hierarchical"]) for part in first.parts)


def _read(problem: Problem, lines: Iterable[str]) -> _Known:
    known = _Known((), problem.start, problem.start)
    for line in lines:
        if goal := _GOAL.fullmatch(line):
            known = _Known(problem.domain.understood(goal["words"]), known.state, known.state)
        elif closed := _CLOSED.fullmatch(line):
            known = _Known((), known.before, _summed(problem.domain, known.state, closed))
        elif step := _STEP.fullmatch(line):
            known = _Known(known.goal, known.before, problem.done(known.state, step["words"]).state)
    return known


def _summed(domain: Domain, state: State, closed: re.Match[str]) -> State:
    """The state after a closed subgoal: what was met holds, and what its summary tells."""
    met = domain.understood(closed["words"]) if closed["state"] == "met" else ()
    if told := _SUMMARY.fullmatch(closed["summary"]):
        return (state - frozenset(domain.understood(told["gone"]))).union(met, domain.understood(told["now"]))
    return state.union(met)


def _wanted(problem: Problem, known: _Known) -> Goal:
    """The part of the goal to work on: the first that does not hold."""
    for part in problem.domain.subgoals(problem.goal):
        if not known.state.issuperset(part):
            return part
    raise BadInputError("everything that is wanted seems to hold already")


def _achieved(problem: Problem, state: State, wanted: Goal) -> State:
    """What has to stay as it is: the parts of the goal before the one that is worked on."""
    parts = problem.domain.subgoals(problem.goal)
    return state.intersection(fact for part in parts[: parts.index(wanted)] for fact in part)


def _beginning(domain: Domain, known: _Known, wanted: Goal, action: str) -> Begin:
    if not known.goal:
        return Begin("none", "nothing was open", domain.say(wanted), action)
    met = known.state.issuperset(known.goal)
    now, gone = sorted(known.state - known.before), sorted(known.before - known.state)
    more = [fact for fact in now if not met or fact not in known.goal]
    summary = f"now: {domain.say(more)}. no longer: {domain.say(gone)}."
    return Begin("met" if met else "abandoned", summary, domain.say(wanted), action)


def _way(operators: tuple[Operator, ...], start: State, aim: Goal, kept: State) -> Iterator[tuple[State, Operator]]:
    """A shortest way from `start` to where all of `aim` holds, `kept` holding throughout: each state and what is done.

    Raises `BadInputError` where there is none.
    """
    came: dict[State, tuple[State, Operator] | None] = {start: None}
    waiting = deque([start])
    while waiting and len(came) < MOST_STATES:
        state = waiting.popleft()
        if state.issuperset(aim):
            return _back(came, state)
        for operator in operators:
            if operator.needs <= state and kept <= (after := operator.after(state)) and after not in came:
                came[after] = (state, operator)
                waiting.append(after)
    raise BadInputError(f"no way leads to {aim} from what is remembered")


def _back(came: dict[State, tuple[State, Operator] | None], state: State) -> Iterator[tuple[State, Operator]]:
    while (step := came[state]) is not None:
        yield step
        state = step[0]
