"""The port of whoever thinks up the next step, and what it is told and says.

A thinker only says what it wants, in words or by a line of the element list; where that is on the screen, whether it
may happen and whether it worked is decided by others (SeeAct, arXiv 2401.01614: plan in words, ground separately).
"""

from dataclasses import dataclass, field
from typing import Protocol

from agents.memory.changes import MemoryChange
from agents.memory.tree import WorkingMemory
from agents.memory.workflows.ports import Workflow
from agents.prompts.choosing import Example
from agents.runtime.ports import Timings
from agents.screen.reading import Read
from workbench.actions import Action
from workbench.events import Loan


@dataclass(frozen=True)
class Due:
    """A moment in which past work may help: the memory of the run, its screen, and the steps done so far in words."""

    memory: WorkingMemory
    read: Read
    done: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """What of past work a thinker is shown at one moment.

    `hints` are single lines about the program in front. `loans` say where it all comes from, with what was found and
    refused; `wanted` are the words that were searched for.
    """

    examples: tuple[Example, ...] = ()
    hints: tuple[str, ...] = ()
    loans: tuple[Loan, ...] = ()
    wanted: str = ""


@dataclass(frozen=True)
class Moment:
    """What a thinker is told before every step.

    `memory` holds the task, the subgoals and what was done. `read` is the element list of today's screen. `trouble`
    is one sentence about the last step where it did not go as wished, else empty. `banned` are steps in words that
    had no effect in this state, or that a person has just rejected, and must not be proposed again. `corrections`
    are what people said about similar steps, one line each. `examples` are recorded steps around the one that is
    due, `hints` what was learned about this program, one line each. `workflows` are those that may be called here.
    `secrets` are names that may be typed. `steps_left` is how many steps the run may still take.
    """

    memory: WorkingMemory
    read: Read
    trouble: str = ""
    banned: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    hints: tuple[str, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    secrets: tuple[str, ...] = ()
    steps_left: int = 0


@dataclass(frozen=True)
class Idea:
    """What a thinker wants next.

    `changes` are made to the working memory first: a subgoal begun, met or abandoned, a fact pinned. `action` is the
    step; None where only the memory changes and the thinker wants to be asked again. A pointing action names its
    target in `target`, in words, and by `ref` where it chose a line of the list; so does typing, which goes into the
    field that is named, or where the focus is when none is. With `replaces` what the field holds is replaced.
    `expect` says in words what should be seen afterwards. `sureness` is how likely the model found its own choice, 0
    to 1; None where it does not say.
    """

    action: Action | None = None
    target: str = ""
    ref: str = ""
    replaces: bool = False
    thought: str = ""
    expect: str = ""
    changes: tuple[MemoryChange, ...] = ()
    sureness: float | None = None
    timings: tuple[Timings, ...] = field(default_factory=tuple)


class Thinker(Protocol):
    """Thinks up the next step."""

    def think(self, moment: Moment) -> Idea:
        """What comes next; raises `ModelError` where no usable answer came, `StoppedError` when it was cancelled."""
        ...
