"""Attempts of the agent itself before an evaluation, which a library keeps: what hints are learned from.

Demonstrations show no trouble, and hints are about trouble: what had no effect, what came in the way, what was out of
sight. So the agent tries every task once, with nothing lent and a seed with which nothing is evaluated (JEF Hinter:
knowledge from the successes and failures of the same agent).
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec.structs import replace

from agents.evaluation.acting import SeriesActor
from agents.evaluation.harness.agent_cast import plain_order
from agents.evaluation.harness.demonstrating import FIRST_SEED, Told
from agents.evaluation.suites import Actor, Limits, Stage, Suite
from agents.memory.hints.proposing import approve_hint, propose_hints
from agents.session.messages import Minds
from workbench.errors import UnavailableError
from workbench.library.store import Library

_FILE = "attempts.json"


@dataclass(frozen=True)
class Attempts:
    """The library in `folder`, who attempts, and how far each attempt may go."""

    folder: Path
    minds: Minds
    limits: Limits

    def make(self, suite: Suite, tasks: Sequence[str], told: Told = lambda _done, _of, _task: None) -> None:
        """Attempt each task once, but for those that were attempted before.

        One that cannot be played teaches nothing. Raises what the agent cannot do at all.
        """
        runs = self._runs()
        missing = [task for task in tasks if task not in runs]
        if not missing:
            return
        with Library.open(self.folder) as library, suite.open() as stage:
            order = replace(plain_order(self.minds, library.frames_folder), library=str(library.path))
            with closing(SeriesActor(order)) as actor:
                for done, task in enumerate(missing, 1):
                    runs[task] = self._attempted(stage, task, actor)
                    self._note(runs)
                    told(done, len(missing), task)

    def _attempted(self, stage: Stage, task: str, actor: Actor) -> str:
        """The id of the run; empty where there is none."""
        try:
            return stage.play(task, FIRST_SEED, actor, self.limits).run
        except UnavailableError:
            return ""

    def _runs(self) -> dict[str, str]:
        """By task the run in which it was attempted."""
        path = self.folder / _FILE
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str]) if path.is_file() else {}

    def _note(self, runs: dict[str, str]) -> None:
        path = self.folder / _FILE
        new = path.with_suffix(".new")
        new.write_bytes(msgspec.json.encode(runs))
        new.replace(path)


def learn_hints(attempts: Path, lends: Path) -> int:
    """Learn hints from a library of attempts and have another one lend all of them; how many it has.

    The attempts stay where they are, so that no exemplar is searched for among them: the hints of the other library
    name no steps.
    """
    with Library.open(attempts) as library:
        propose_hints(library)
        for one in library.learning.lessons("hint", status="proposed"):
            approve_hint(library, one.id)
        hints = library.learning.lessons("hint", status="approved")
    with Library.open(lends) as library:
        for hint in hints:
            library.learning.put(replace(hint, sources=()))
    return len(hints)
