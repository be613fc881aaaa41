"""Small worlds of facts and operators in words: a state is a set of facts, an operator needs, adds and removes some.

The semantics are those of STRIPS (Fikes and Nilsson, 1971). Every fact and operator has one sentence, and a fact is
found again from its sentence, so that a planner can be told and asked in words alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random

from workbench.errors import BadInputError

Fact = tuple[str, ...]
"""A predicate and the things it is about."""

State = frozenset[Fact]
Goal = tuple[Fact, ...]
"""Facts that have to hold, in the order in which they are told."""


@dataclass(frozen=True)
class Operator:
    """Something that can be done: possible where its `needs` hold; then `adds` hold and `removes` do not."""

    words: str
    needs: State
    adds: State
    removes: State

    def after(self, state: State) -> State:
        """The state that it leads to."""
        return (state - self.removes) | self.adds


@dataclass(frozen=True)
class Effect:
    """What doing something led to; `seen` says it in words. Where it was not `possible`, the state is as before."""

    state: State
    seen: str
    possible: bool = True


@dataclass(frozen=True, eq=False)
class Domain:
    """A kind of problem, with what an expert knows of it.

    `rules` tells it in words; `phrases` has a sentence per predicate with `{}` for each thing. `operators` are all of
    the world in which a start state lies; `generate` makes start and goal from random numbers. `subgoals` puts a goal
    into parts in an order in which no part has to be undone for a later one. `aim` is the next small step towards
    such a part: facts that few operators lead to.
    """

    name: str
    rules: str
    phrases: Mapping[str, str]
    operators: Callable[[State], Iterable[Operator]]
    generate: Callable[[Random], tuple[State, Goal]]
    subgoals: Callable[[Goal], tuple[Goal, ...]]
    aim: Callable[[State, Goal], Goal]

    def say(self, facts: Iterable[Fact]) -> str:
        """The facts in words, one sentence each."""
        return "; ".join(self.phrases[fact[0]].format(*fact[1:]) for fact in facts)

    def understood(self, text: str) -> Goal:
        """The facts that `say` said; raises `BadInputError` naming a sentence that is none."""
        return tuple(self._fact(sentence) for sentence in text.split("; ")) if text else ()

    def _fact(self, sentence: str) -> Fact:
        for predicate, pattern in self._patterns:
            if found := pattern.fullmatch(sentence):
                return (predicate, *found.groups())
        raise BadInputError(f"{sentence!r} is no fact of {self.name}; say it as the task does")

    @cached_property
    def _patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple(
            (name, re.compile(re.escape(phrase).replace(r"\{\}", r"(\w+)"))) for name, phrase in self.phrases.items()
        )


@dataclass(frozen=True, eq=False)
class Problem:
    """One start and one goal in a domain."""

    domain: Domain
    start: State
    goal: Goal

    @property
    def task(self) -> str:
        """The problem in words, on one line."""
        return f"{self.domain.name}; start: {self.domain.say(sorted(self.start))}; goal: {self.domain.say(self.goal)}"

    @cached_property
    def operators(self) -> tuple[Operator, ...]:
        """Everything that can ever be done here."""
        return tuple(self.domain.operators(self.start))

    @cached_property
    def called(self) -> Mapping[str, tuple[Operator, ...]]:
        """The operators by their words; those of the same words are never possible at the same time."""
        named: dict[str, list[Operator]] = {}
        for each in self.operators:
            named.setdefault(each.words, []).append(each)
        return {words: tuple(operators) for words, operators in named.items()}

    def possible(self, state: State) -> tuple[str, ...]:
        """What can be done now, in words."""
        return tuple(operator.words for operator in self.operators if operator.needs <= state)

    def done(self, state: State, words: str) -> Effect:
        """What follows from doing that; nothing where it cannot be done now."""
        for operator in self.called.get(words, ()):
            if operator.needs <= state:
                after = operator.after(state)
                return Effect(after, self.domain.say(sorted(after - state)) or "nothing changed")
        return Effect(state, "this cannot be done now", possible=False)

    def met(self, state: State) -> bool:
        """Whether all of the goal holds."""
        return state.issuperset(self.goal)


def problem(domain: Domain, seed: str) -> Problem:
    """A problem of the domain; the same for the same seed, and not solved from the start."""
    random = Random(seed)  # noqa: S311 - problems are to be the same again, not secret
    for start, goal in _generated(domain, random):
        if not start.issuperset(goal):
            return Problem(domain, start, goal)
    raise AssertionError("unreachable: there is always another problem")


def parsed(domains: Iterable[Domain], task: str) -> Problem:
    """The problem that a task tells in words; raises `BadInputError` where it tells none."""
    name, _, rest = task.partition("; start: ")
    start, _, goal = rest.partition("; goal: ")
    for domain in domains:
        if domain.name == name:
            return Problem(domain, frozenset(domain.understood(start)), domain.understood(goal))
    raise BadInputError(f"{name!r} is no planning domain; name one of {', '.join(each.name for each in domains)}")


def operator(words: str, *, needs: Iterable[Fact], adds: Iterable[Fact] = (), removes: Iterable[Fact] = ()) -> Operator:
    """An operator from facts in any order."""
    return Operator(words, frozenset(needs), frozenset(adds), frozenset(removes))


def things(state: Iterable[Fact], predicate: str, place: int = 1) -> list[str]:
    """What stands at that place of the facts with the predicate, each once, in order of names."""
    return sorted({fact[place] for fact in state if fact[0] == predicate})


def _generated(domain: Domain, random: Random) -> Iterator[tuple[State, Goal]]:
    while True:
        yield domain.generate(random)
