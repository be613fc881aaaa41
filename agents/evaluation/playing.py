"""One episode of a planning problem: a planner is asked move by move, and remembers what its working memory shows."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from agents.evaluation.domains.strips import Problem
from agents.evaluation.planning_prompt import Begin, Move, Question, Recall, planning, planning_prompt, understood
from agents.memory.budget import fitted
from agents.memory.changes import Abandon, CloseSubgoal, MemoryChange, OpenSubgoal, Remember, Retrieve
from agents.memory.editing import apply
from agents.memory.serialising import Count, Mode, Piece, render, text_of
from agents.memory.tree import TASK, WorkingMemory, current, remembering
from agents.runtime.ports import PLAIN, Model, ModelError
from agents.runtime.prompt import Message, Prompt
from workbench.errors import BadInputError

MOST_ASKED = 4
"""How often a planner is asked for one step: recalling and unusable answers included."""

CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class Rules:
    """How episodes are played. `memory_tokens` is the most that the memory may take; None: all of it is shown."""

    mode: Mode = "hierarchical"
    max_steps: int = 100
    memory_tokens: int | None = None


@dataclass(frozen=True)
class Cost:
    """What asking cost: all tokens of prompts and answers.

    `same_tokens` of the prompts were the beginning of the prompt before. `memory_tokens` of them were remembered:
    the lines of the memory without the task.
    """

    prompt_tokens: int = 0
    answer_tokens: int = 0
    same_tokens: int = 0
    memory_tokens: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        """Both together."""
        return Cost(
            self.prompt_tokens + other.prompt_tokens,
            self.answer_tokens + other.answer_tokens,
            self.same_tokens + other.same_tokens,
            self.memory_tokens + other.memory_tokens,
        )


@dataclass(frozen=True)
class Episode:
    """How an episode ended; `reason` says why it did where the goal was not reached."""

    success: bool
    steps: int
    cost: Cost
    seconds: float
    memory: WorkingMemory
    reason: str = ""


def estimated(text: str) -> int:
    """About how many tokens a text takes where no tokenizer is at hand: four characters each."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def counted_by(model: Model) -> Count:
    """How many tokens a text takes for this model, as a message of its own."""
    return lambda text: model.count((Message("user", (text,)),))


def play(problem: Problem, model: Model, rules: Rules, count: Count = estimated) -> Episode:
    """The episode from start to goal, or to the last step allowed, or until the planner gave no usable answer.

    Asks the model and waits. Raises `StoppedError` when it was cancelled, `UnavailableError` where it cannot run.
    """
    started_s = time.monotonic()
    game = _Game(problem, model, rules, count)
    reason = ""
    try:
        while not problem.met(game.state) and not reason:
            reason = "" if game.steps < rules.max_steps else f"no goal after {rules.max_steps} steps"
            if not reason:
                game.step()
    except (ModelError, BadInputError) as error:
        reason = str(error)
    seconds = time.monotonic() - started_s
    return Episode(problem.met(game.state), game.steps, game.cost, seconds, game.memory, reason)


class _Game:
    """An episode as it goes on: how the world is, what is remembered of it, and what was spent."""

    def __init__(self, problem: Problem, model: Model, rules: Rules, count: Count) -> None:
        """Begin it."""
        self.state, self.memory = problem.start, remembering(problem.task)
        self.steps, self.cost = 0, Cost()
        self._problem, self._model, self._rules, self._count = problem, model, rules, count
        self._before = ""

    def step(self) -> None:
        """Ask until a move can be made, and make it; raises `ModelError` where none could."""
        complaint = "it only recalled"
        for asked in range(MOST_ASKED):
            answer = self._answered(complaint if asked else "")
            try:
                move = understood(answer, self._rules.mode)
                self.memory = _remembered(self.memory, move)
            except BadInputError as error:
                complaint = str(error)
                continue
            if not isinstance(move, Recall):
                return self._made(move.action)
            complaint = "the steps are recalled; now do something"
        raise ModelError(f"the planner gave no usable move in {MOST_ASKED} answers; the last was refused: {complaint}")

    def _answered(self, complaint: str) -> str:
        possible = self._problem.possible(self.state)
        bare = Question(self._problem.domain.rules, (), possible, self._rules.mode, complaint)
        question = replace(bare, memory=self._shown(self._count(_written(planning_prompt(bare)))))
        prompt, asking = planning_prompt(question), planning(question)
        answer = self._model.ask(prompt, asking).text
        self._spent(_written(prompt), answer, question.memory)
        return answer

    def _shown(self, beside_tokens: int) -> tuple[Piece, ...]:
        """The memory in what room there is beside so many tokens of prompt and an answer."""
        pieces = render(self.memory, self._rules.mode)
        room = self._model.loaded.context - beside_tokens - PLAIN.max_tokens
        limit = room if self._rules.memory_tokens is None else min(room, self._rules.memory_tokens)
        if self._count(text_of(pieces)) <= limit:
            return pieces
        return fitted(pieces, limit, self._count).pieces

    def _spent(self, prompt: str, answer: str, memory: tuple[Piece, ...]) -> None:
        same, remembered = _common(self._before, prompt), text_of(memory[1:])
        self._before = prompt
        prompt_tokens, answer_tokens = self._count(prompt), self._count(answer)
        self.cost += Cost(
            prompt_tokens, answer_tokens, self._count(same) if same else 0, self._count(remembered) if remembered else 0
        )

    def _made(self, action: str) -> None:
        effect = self._problem.done(self.state, action)
        done = Remember(words=action, observed=effect.seen, verified=effect.possible, step=self.steps)
        self.state, self.memory = effect.state, apply(self.memory, done)
        self.steps += 1


def _remembered(memory: WorkingMemory, move: Move) -> WorkingMemory:
    """The memory with what the move says about subgoals; raises `BadInputError` for the planner to read."""
    for change in _changes(memory, move):
        memory = apply(memory, change)
    return memory


def _changes(memory: WorkingMemory, move: Move) -> Iterator[MemoryChange]:
    if isinstance(move, Recall):
        yield Retrieve(subgoals=move.subgoals)
    elif isinstance(move, Begin):
        if current(memory).id != TASK:
            yield _closing(move)
        yield OpenSubgoal(words=move.subgoal)


def _closing(move: Begin) -> MemoryChange:
    if move.ended == "met":
        return CloseSubgoal(summary=move.summary)
    return Abandon(reason="another subgoal came first", summary=move.summary)


def _written(prompt: Prompt) -> str:
    return "\n".join(str(part) for message in prompt for part in message.parts)


def _common(before: str, now: str) -> str:
    """The beginning that two prompts share."""
    end = next((place for place, (one, two) in enumerate(zip(before, now, strict=False)) if one != two), None)
    return now[: min(len(before), len(now)) if end is None else end]
