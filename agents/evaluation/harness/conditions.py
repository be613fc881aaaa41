"""What an agent is lent and how it remembers: the conditions under which episodes are played."""

from collections.abc import Iterable
from itertools import product
from typing import Literal

from msgspec import Struct, structs
from msgspec.structs import replace

from agents.session.messages import Memory

Lend = Literal["whole", "steps"]


class Condition(Struct, frozen=True):
    """One way to help an agent: how many exemplars, whole or by steps, workflows, hints, and what kind of memory."""

    exemplars: int = 0
    lend: Lend = "whole"
    workflows: bool = False
    memory: Memory = "hierarchical"
    hints: bool = False

    @property
    def name(self) -> str:
        """What people and keys call it, such as `3 exemplars by steps, workflows, flat memory`."""
        shown = "1 exemplar" if self.exemplars == 1 else f"{self.exemplars} exemplars"
        lent = f"{shown} {'whole' if self.lend == 'whole' else 'by steps'}" if self.exemplars else "no exemplars"
        hints = ", hints" if self.hints else ""
        return f"{lent}, {'workflows' if self.workflows else 'no workflows'}{hints}, {self.memory} memory"

    @property
    def lends(self) -> bool:
        """Whether past work is needed for it."""
        return self.exemplars > 0 or self.workflows or self.hints


class Factors(Struct, frozen=True):
    """The values that each part of a condition takes; none of them is empty, the first one is the default."""

    exemplars: tuple[int, ...] = (0,)
    lend: tuple[Lend, ...] = ("whole",)
    workflows: tuple[bool, ...] = (False,)
    memory: tuple[Memory, ...] = ("hierarchical",)
    hints: tuple[bool, ...] = (False,)


def every_combination(factors: Factors) -> tuple[Condition, ...]:
    """All of them, each once: without exemplars it makes no difference how they are lent."""
    found = product(factors.exemplars, factors.lend, factors.workflows, factors.memory, factors.hints)
    return _different(Condition(*values) for values in found)


def one_at_a_time(factors: Factors) -> tuple[Condition, ...]:
    """The default, and from it one factor changed at a time (an ablation), each once.

    How many exemplars are lent and how is one factor: every number of them is played in every way.
    """
    base = Condition(*(values[0] for values in structs.astuple(factors)))
    changed = [
        *(replace(base, exemplars=each, lend=lend) for lend in factors.lend for each in factors.exemplars),
        *(replace(base, workflows=workflows) for workflows in factors.workflows),
        *(replace(base, hints=hints) for hints in factors.hints),
        *(replace(base, memory=memory) for memory in factors.memory),
    ]
    return _different([base, *changed])


def _different(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    plain = (one if one.exemplars else replace(one, lend="whole") for one in conditions)
    return tuple(dict.fromkeys(plain))
