"""What a library has to lend: found by a retriever, each trajectory read once, and whether it may be lent at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agents.memory.retrieval.ports import Retriever
from workbench.errors import BadInputError
from workbench.library.learning import Standing
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

UNREVIEWED = "nobody has reviewed it"
NOT_ALLOWED = "a model made it, and nobody allowed that it is lent"


@dataclass
class Shelf:
    """The trajectories of a library as they were when they were first asked for; for one thread."""

    library: "Library"
    retriever: Retriever
    standings: Mapping[str, Standing] = field(default_factory=dict)
    _read: dict[str, Trajectory | None] = field(default_factory=dict)

    def get(self, identifier: str) -> Trajectory | None:
        """The trajectory; None for one that is gone."""
        if identifier not in self._read:
            try:
                self._read[identifier] = self.library.get(identifier)
            except BadInputError:  # it was deleted after it had been found
                self._read[identifier] = None
        return self._read[identifier]

    def refusal(self, identifier: str) -> str:
        """Why the trajectory may not be lent, in words; empty where it may."""
        trajectory = self.get(identifier)
        return refusal_of(trajectory, self.standings.get(identifier)) if trajectory else "it is gone"


def refusal_of(trajectory: Trajectory, standing: Standing | None) -> str:
    """Why a trajectory with that standing may not be lent unless a person names it; empty where it may."""
    if standing is not None and not standing.active:
        return f"it is retired: {standing.reason or 'a person said so'}"
    if not trajectory.reviewed:
        return UNREVIEWED
    return NOT_ALLOWED if trajectory.source == "agent" and standing is None else ""
