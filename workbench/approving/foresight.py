"""What history expects next: steps that a person may approve together, and whoever knows them."""

from dataclasses import dataclass, replace
from typing import Protocol

from workbench.approval import RISKY, SURENESSES, Assessment, Batch, Sureness
from workbench.trajectory import Step


@dataclass(frozen=True)
class Expected:
    """A batch that can be offered, and what each of its steps is known by."""

    batch: Batch
    keys: tuple[str, ...]


class Foresight(Protocol):
    """Whoever knows how work went before."""

    def key(self, step: Step) -> str:
        """What a step is known by, whatever is typed; empty for one that history has no word for."""
        ...

    def expected(self, step: Step) -> Expected | None:
        """What comes after this step, where that is sure enough to be approved with it; may take tenths of a second."""
        ...

    def went(self, step: Step | None) -> None:
        """This step was done; None where a person did something else with their own hands."""
        ...


@dataclass(frozen=True)
class Together:
    """Steps that were approved together with one before them: those that are `left`, in this order and no other."""

    left: tuple[str, ...]
    sureness: Sureness

    @classmethod
    def of(cls, expected: Expected, count: int, sureness: Sureness) -> "Together":
        """The first `count` of what is expected, approved when the place and purpose of a step were this sure."""
        return cls(expected.keys[:count], sureness)

    def after(self, key: str, assessment: Assessment, sureness: Sureness) -> "Together | None":
        """What is left behind a step that is the next of them; None for any other, a risky one, and a less sure one."""
        other = not self.left or key != self.left[0]
        less = SURENESSES.index(sureness) > SURENESSES.index(self.sureness)
        return None if other or less or assessment.risk in RISKY else replace(self, left=self.left[1:])


def without_words(batch: Batch | None) -> Batch | None:
    """The batch as a log keeps it: what was recorded elsewhere is told there, where it can be purged."""
    return Batch(size=batch.size, confidence=batch.confidence, lent=batch.lent) if batch else None
