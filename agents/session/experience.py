"""What a library keeps of runs for later ones: what people said about steps, and which way of finding is right."""

from dataclasses import dataclass
from pathlib import Path

from agents.grounding.grounder import AgentGrounder
from agents.grounding.merit import Merits, learn_merits, load_merits
from agents.memory.corrections import CorrectionShelf, Occasion, correction_of, line_of, similar
from agents.memory.tree import WorkingMemory
from agents.screen.reading import Read
from workbench.session.roles import Taken

MERITS = "merits.json"


@dataclass
class Experience:
    """The experience in the library folder `library`; without one nothing is known and nothing is kept.

    `grounder` is told how its findings turned out.
    """

    library: str | None
    grounder: AgentGrounder | None = None

    def merits(self) -> Merits:
        """How often each way of finding was right in all runs so far."""
        return load_merits(Path(self.library) / MERITS) if self.library else Merits()

    def told(self, memory: WorkingMemory, read: Read) -> tuple[str, ...]:
        """The corrections that fit this screen, one line each."""
        if self.library is None:
            return ()
        occasion = Occasion(memory.root.words, read.shown.app, read.shown.window)
        return tuple(line_of(one) for one in similar(CorrectionShelf(Path(self.library)).all(), occasion))

    def taken(self, taken: Taken, task: str, words: str, read: Read) -> None:
        """Learn from a step of a task: what a person decided about it, and whether its words were found rightly."""
        if self.library is None:
            return
        if taken.decision is not None:
            occasion = Occasion(task, read.shown.app, read.shown.window, words)
            found = correction_of(occasion, taken.decision, instead=taken.message)
            if found is not None:
                CorrectionShelf(Path(self.library)).add(found)
        if self.grounder is not None and taken.verification.ok and taken.grounding and taken.grounding.point:
            grounder, point = self.grounder, taken.grounding.point
            path = Path(self.library) / MERITS
            grounder.finder.merits = learn_merits(path, lambda merits: grounder.judged(merits, point))
