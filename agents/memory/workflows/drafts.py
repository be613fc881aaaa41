"""What a lesson keeps of a workflow beside its words: enough to show it, to approve it, and to know it again."""

import msgspec
from msgspec import Struct

from agents.memory.workflows.abstracting import Token, plain
from workbench.library.learning import Lesson
from workbench.trajectory import Variable


class DraftStep(Struct, frozen=True, omit_defaults=True):
    """One step of a workflow.

    `number` is that of the step in the first of the lesson's sources, counted from 1. `words` tell it. `text` is what
    it types, or the name of the row that it chooses, where that has a variable, as `{{name}}`; else empty.
    """

    number: int
    words: str
    text: str = ""


class Draft(Struct, frozen=True, omit_defaults=True):
    """A workflow as it was found: `key` are the tokens of its steps, `window` where it begins, as far as known.

    The key is kept as it was recorded: a digest of it would outlive the purge of a name and let a guess be proven.
    """

    title: str
    steps: tuple[DraftStep, ...]
    variables: tuple[Variable, ...] = ()
    patterns: tuple[str, ...] = ()
    window: str = ""
    key: tuple[Token, ...] = ()

    @property
    def spelled(self) -> tuple[Token, ...]:
        """The key in one spelling: the same for the same steps."""
        return tuple(map(plain, self.key))


def draft_of(lesson: Lesson) -> Draft:
    """The workflow that a lesson of that kind keeps."""
    return msgspec.convert(lesson.body, Draft)


def body_of(draft: Draft) -> dict[str, object]:
    """The workflow as a lesson keeps it."""
    plain: dict[str, object] = msgspec.to_builtins(draft)
    return plain
