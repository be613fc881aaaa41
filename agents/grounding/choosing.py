"""A model chooses the line of the element list that words mean (SeeAct's textual choices, arXiv 2401.01614)."""

from dataclasses import dataclass, field

from agents.grounding.weighing import Asker
from agents.prompts.choosing import ANY_MODEL, Choice, ChoosingStyle, Finished, NoneFits, Press, Situation
from agents.runtime.ports import Asking, Model
from agents.screen.listing import ElementList

UNTOLD = 0.85
"""How sure a model is taken to be that does not say: one answer is not enough, two to different questions are."""

REMEMBERED = 16
"""So many answers are kept: the same words on the same list are asked once, however often a step is tried."""

_BRIEF = Asking(max_tokens=64)


@dataclass(frozen=True)
class Chosen:
    """The line that a model chose, empty where it said that none is meant, and how sure it was, 0 to 1."""

    ref: str
    sureness: float


@dataclass(frozen=True)
class Chooser:
    """Asks one model, and hears letters too; `style` is how it reads the prompt."""

    model: Model
    style: ChoosingStyle = ANY_MODEL
    _known: dict[tuple[str, ElementList], Chosen] = field(default_factory=dict, repr=False)

    def choose(self, words: str, shown: ElementList) -> Chosen:
        """The line that the words mean; raises what `Model.ask` raises."""
        known = self._known.get((words, shown))
        if known is not None:
            return known
        settled = Asker(self.model, self.style, _BRIEF).settled(Situation(shown, f"click {words}"))
        sureness = UNTOLD if settled.sureness is None else settled.sureness
        chosen = Chosen(_ref(settled.choice, shown), sureness)
        if len(self._known) >= REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[words, shown] = chosen
        return chosen


def _ref(choice: Choice, shown: ElementList) -> str:
    """The reference, where it is one of the list."""
    if isinstance(choice, NoneFits | Finished | Press):
        return ""
    return choice.element if shown.line(choice.element) else ""
