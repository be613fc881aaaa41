"""What past work shows to a run, step by step: chosen, packed to a budget, and said with every step that it was for.

Whole trajectories are chosen once, by the task and the first screen, and shown anew at every step where they are then
(Synapse, arXiv 2306.07863; P-RAG, arXiv 2409.11279); single steps are searched for at every step by the thought that
is due, and those that follow what was just done are preferred (aligned demonstrations, TRAD, arXiv 2403.06221).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from msgspec import Struct, structs

from agents.memory.crops import Crops, illustrated
from agents.memory.hints.telling import fitting
from agents.memory.retrieval.packing import Lent, packed, step_example, whole_example
from agents.memory.retrieval.ports import Found, Query
from agents.memory.retrieval.situations import today
from agents.memory.shelf import Shelf
from agents.memory.tree import TASK, WorkingMemory, current
from agents.planning.clauses import clauses
from agents.planning.following import differs, goes_there, recorded_target
from agents.planning.ports import Due, Shown
from agents.planning.retelling import Retold, retold, retold_at
from agents.prompts.choosing import Example
from workbench.events import Loan
from workbench.library.learning import Lesson
from workbench.library.memories import Level
from workbench.trajectory import Target, Trajectory

Way = Literal["whole", "steps"]

BY_ORDER = 0.2
"""How much of a step's score is whether it follows, in its recording, a step like the one that was done last."""

LOOKED_AT = 8
"""So many found steps are looked at for what they follow."""

MOST_CLAUSES = 6
"""Of a task that is not divided into subgoals yet, so many clauses are searched for."""

NAMED = "named, not searched for"


class Lending(Struct, frozen=True):
    """What a run may be lent: `exemplars` trajectories at once, as a whole or as `steps`, in so many `tokens` a prompt.

    `workflows` and `hints` are lent or not; with `unapproved_hints` those too that nobody has looked at yet. With
    `crops` a model that plans and sees is shown pictures of what lent steps touched. With `waits` the run begins once
    the embedder has read the whole library, so that all runs of an evaluation search in the same way.
    """

    exemplars: int = 1
    way: Way = "whole"
    tokens: int = 600
    workflows: bool = False
    hints: bool = False
    unapproved_hints: bool = False
    crops: bool = False
    waits: bool = False


NOTHING = Lending(exemplars=0)


@dataclass
class Lender:
    """Lends to one run, on one thread.

    The trajectories that a person `named` are followed as a whole, in their order, and nothing is searched for then;
    else `stock` is called for the shelf when something is first wanted of it. Without one there is nothing to search.
    `hints` is called once for those that may be told, where hints are lent. `crops` makes pictures, where those are.
    """

    options: Lending
    stock: Callable[[], Shelf] | None = None
    named: tuple[Trajectory, ...] = ()
    hints: Callable[[], tuple[Lesson, ...]] = tuple
    crops: Crops | None = None
    _hints: tuple[Lesson, ...] | None = None
    _shelf: Shelf | None = None
    _followed: "_Choice | None" = None
    _lent: tuple[tuple[Found, Trajectory], ...] = ()

    def lends(self, due: Due) -> Shown:
        """What is shown at this moment; raises as the library does."""
        shown = self._whole(due) if self.named or self.options.way == "whole" else self._steps(due)
        return self._with_hints(shown, due) if self.options.hints else shown

    def recorded(self, done: Sequence[str], words: str) -> Target | None:
        """Where the step that is due after `done` went, if it was shown last and is the one of these words."""
        if self.named or self.options.way == "whole":
            return recorded_target([trajectory for _, trajectory in self._lent], done, words)
        steps = (_retold(trajectory, one.first) for one, trajectory in self._lent)
        return next((step.target for step in steps if step and step.target and goes_there(step.words, words)), None)

    def _with_hints(self, shown: Shown, due: Due) -> Shown:
        if self._hints is None:
            self._hints = self.hints()
        told = fitting(self._hints, due.memory.root.words, due.read.shown)
        return replace(shown, hints=tuple(one.line for one in told), loans=(*shown.loans, *(one.loan for one in told)))

    def _whole(self, due: Due) -> Shown:
        task = due.memory.root.words
        if self._followed is None:
            self._followed = self._named() if self.named else self._searched(_whole_queries(task, due), due)
        followed = self._followed

        def example_of(one: Found) -> Example | None:
            return whole_example(followed.of[one.trajectory], due.done, task)

        budget = self.options.tokens
        return self._shown(followed, packed(followed.found, example_of, budget), "" if self.named else task)

    def _steps(self, due: Due) -> Shown:
        words = due_words(due.memory)
        choice = self._searched(_step_queries(words, due), due)

        def example_of(one: Found) -> Example | None:
            return step_example(choice.of[one.trajectory], one.first)

        return self._shown(choice, packed(choice.found, example_of, self.options.tokens), " / ".join(words))

    def _named(self) -> "_Choice":
        found = [
            Found(one.id, "whole", 1, len(one.steps), one.task, score=1.0, likeness=1.0, fit=1.0, why=NAMED)
            for one in self.named
        ]
        return _Choice(found, {one.id: one for one in self.named})

    def _searched(self, queries: Iterable[Query], due: Due) -> "_Choice":
        """The best that may be lent, and what was found before them and may not."""
        choice = _Choice()
        if self._shelf is None:
            if self.stock is None or not self.options.exemplars:
                return choice
            self._shelf = self.stock()
        shelf = self._shelf
        for one in _ranked(shelf, queries, due.done):
            trajectory, refusal = shelf.get(one.trajectory), shelf.refusal(one.trajectory)
            if trajectory is None:
                continue
            if refusal:
                choice.refused.append(_loan(one, trajectory, refused=refusal))
            else:
                choice.add(one, trajectory)
            if len(choice.found) == self.options.exemplars:
                break
        return choice

    def _shown(self, choice: "_Choice", lent: Sequence[Lent], wanted: str) -> Shown:
        if self.crops is not None:
            lent = illustrated(lent, choice.of, self.crops, budget_tokens=self.options.tokens)
        self._lent = tuple((one.found, choice.of[one.found.trajectory]) for one in lent)
        loans = [
            structs.replace(
                _loan(one.found, choice.of[one.found.trajectory], tokens=one.tokens),
                crops=one.crops,
                crop_tokens=one.crop_tokens,
            )
            for one in lent
        ]
        return Shown(tuple(one.example for one in lent), loans=(*loans, *choice.refused), wanted=wanted)


def due_words(memory: WorkingMemory) -> tuple[str, ...]:
    """The thought that is due: the subgoal that is worked on, else the parts of the task, of which any may be."""
    goal = current(memory)
    parts = clauses(goal.words) if goal.id == TASK else (goal.words,)
    return tuple(parts[:MOST_CLAUSES]) or (goal.words,)


@dataclass
class _Choice:
    """What is lent, the best first, with the steps that are meant, and what was refused."""

    found: list[Found] = field(default_factory=list)
    of: dict[str, Trajectory] = field(default_factory=dict)
    refused: list[Loan] = field(default_factory=list)

    def add(self, one: Found, trajectory: Trajectory) -> None:
        self.found.append(one)
        self.of[one.trajectory] = _cut(one, trajectory)


def _whole_queries(task: str, due: Due) -> list[Query]:
    levels: tuple[Level, ...] = ("whole", "span")
    return [Query(task, today(due.read.shown), level, most=LOOKED_AT) for level in levels]


def _step_queries(words: Sequence[str], due: Due) -> list[Query]:
    return [Query(each, today(due.read.shown), "step", most=LOOKED_AT) for each in words]


def _ranked(shelf: Shelf, queries: Iterable[Query], done: Sequence[str]) -> list[Found]:
    """What all searches found, the best first, each trajectory once."""
    found = [_aligned(shelf, one, done) for query in queries for one in shelf.retriever.find(query)]
    best: dict[str, Found] = {}
    for one in sorted(found, key=lambda each: -each.score):
        best.setdefault(one.trajectory, one)
    return list(best.values())


def _aligned(shelf: Shelf, one: Found, done: Sequence[str]) -> Found:
    """A found step with what it follows counted in its score; anything else as it is."""
    trajectory = shelf.get(one.trajectory) if one.level == "step" else None
    if trajectory is None:
        return one
    follows = _follows(trajectory, one.first, done)
    said = "it follows a step like the last one" if follows else "it follows another step than the last one"
    score = (1 - BY_ORDER) * one.score + BY_ORDER * follows
    return replace(one, score=score, why=f"{one.why}; {said}")


def _follows(trajectory: Trajectory, number: int, done: Sequence[str]) -> bool:
    """Whether the step before is the one that was done last; before the first step nothing may have been done."""
    steps = retold(trajectory)
    place = retold_at(steps, number) or 0
    if place == 0 or not done:
        return place == 0 and not done
    return not differs(steps[place - 1].words, done[-1])


def _retold(trajectory: Trajectory, number: int) -> Retold | None:
    """What the recorded step of that number is to a run."""
    steps = retold(trajectory)
    place = retold_at(steps, number)
    return steps[place] if place is not None else None


def _cut(one: Found, trajectory: Trajectory) -> Trajectory:
    """Of a chapter its own steps under its own sentence; anything else whole."""
    if one.level != "span":
        return trajectory
    return structs.replace(trajectory, steps=trajectory.steps[one.first - 1 : one.last], task=one.words)


def _loan(one: Found, trajectory: Trajectory, *, tokens: int = 0, refused: str = "") -> Loan:
    return Loan(
        kind="steps" if one.level == "step" else "whole",
        lent=one.trajectory,
        revision=trajectory.revision,
        first=one.first,
        last=one.last,
        score=None if one.why == NAMED else round(one.score, 3),
        why=one.why,
        tokens=tokens,
        refused=refused,
        by=one.by,
    )
