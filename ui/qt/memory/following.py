"""The working memory of a run, followed through its events, and how the model is told of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec

from agents.memory.budget import fitted
from agents.memory.changes import MemoryChange
from agents.memory.editing import apply
from agents.memory.serialising import Mode, costs, render, text_of
from agents.memory.tree import NodeId, WorkingMemory, remembering
from agents.session.messages import Minds
from workbench import events
from workbench.errors import BadInputError

if TYPE_CHECKING:
    from agents.runtime.models.registry import Registry

USUAL_CONTEXT = 8192
"""In tokens, where neither the model nor the settings say otherwise."""


@dataclass(frozen=True)
class Told:
    """How a model is told of its memory: as lines that fit a budget, or as one choice at a time.

    `budget_tokens` is how much of its context the lines may take; 0 where nobody knows.
    """

    way: Literal["lines", "choices"] = "lines"
    mode: Mode = "hierarchical"
    budget_tokens: int = 0


@dataclass(frozen=True)
class Cost:
    """Tokens that the lines about each node take, and all together; estimates on the high side."""

    by_node: dict[NodeId, int]
    total: int


class Follower:
    """Replays the changes of a memory as they are told; `whole` is false once one did not fit, as after forgetting."""

    def __init__(self) -> None:
        self.memory: WorkingMemory | None = None
        self.whole = True

    def hear(self, event: events.Event) -> bool:
        """Whether the memory is another now."""
        match event:
            case events.RunStarted():
                self.memory, self.whole = remembering(event.task or event.title or "a task without words"), True
            case events.MemoryChanged():
                self._change(event)
            case _:
                return False
        return True

    def _change(self, event: events.MemoryChanged) -> None:
        if self.memory is None:
            return
        try:
            change: MemoryChange = msgspec.convert(event.change, MemoryChange)
            self.memory = apply(self.memory, change)
        except (msgspec.ValidationError, BadInputError):
            self.whole = False


def told_by(minds: Minds, mode: Mode) -> Told:
    """How the planner of a run is told; reads the head of its file. Raises `UnavailableError` for a lost model."""
    from pathlib import Path

    from agents.planning.planning_thinker import MEMORY_SHARE
    from agents.runtime.models.registry import Registry
    from agents.session.minds import speaks_choosing

    registry = Registry(Path(minds.folder))
    if speaks_choosing(registry, minds.planner):
        return Told("choices", mode)
    return Told("lines", mode, int(_context(registry, minds.planner) * MEMORY_SHARE))


def cost_of(memory: WorkingMemory, mode: Mode) -> Cost:
    """What the memory takes in a prompt."""
    from agents.prompts.planning import estimated_tokens

    each = costs(render(memory, mode), estimated_tokens)
    return Cost({one.node: one.tokens for one in each}, sum(one.tokens for one in each))


def seen_by_model(memory: WorkingMemory, told: Told) -> str:
    """The memory in the very words in which the model is told of it."""
    if told.way == "choices":
        from agents.planning.choosing_thinker import situation_of
        from agents.prompts.choosing import BUILT_IN, question_text
        from agents.screen.listing import ElementList

        return question_text(situation_of(memory, ElementList("", "")), BUILT_IN)
    pieces = render(memory, told.mode)
    if told.budget_tokens:
        from agents.prompts.planning import estimated_tokens

        pieces = fitted(pieces, told.budget_tokens, estimated_tokens).pieces
    return text_of(pieces)


def _context(registry: "Registry", name: str) -> int:
    from agents.runtime.models.gguf_reading import read_head
    from workbench import settings

    entry = registry.get(name)
    chosen = settings.load().model.context
    if entry.context or chosen != "auto":
        return entry.context or int(chosen)
    if entry.kind == "server":
        return USUAL_CONTEXT
    head = read_head(registry.files(entry)[0])
    trained = head.number(f"{head.text('general.architecture')}.context_length")
    return min(trained, USUAL_CONTEXT) or USUAL_CONTEXT
