"""Imagining before acting: of a few steps the one is proposed whose imagined outcome serves the task best.

One step ahead and nothing is tried out: on a real desktop nobody can go back (WebDreamer, arXiv 2411.06559). It costs
a question for every further idea and one for the judge, so it is used where a step is risky or unsure, if at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agents.planning.ports import Idea, Moment, Thinker
from agents.planning.wording import idea_words, same_step
from agents.prompts.judging import MOST_CANDIDATES, SCORES
from agents.runtime.ports import ModelError
from agents.safety.judging import Judge, question_about

Doubtful = Callable[[Moment, Idea], bool]
"""Whether a step is worth the time."""


@dataclass(frozen=True)
class ImaginingThinker:
    """Lets a judge imagine what comes of a step before it is proposed, where the step is risky or unsure.

    `others` are thinkers that may see it differently: the same model with another seed and some temperature. Up to
    three different steps are imagined one step ahead and the best is proposed; the first idea where all are equal, or
    where the judge gives no answer. `doubtful` says of which ideas it is worth the time.
    """

    first: Thinker
    others: tuple[Thinker, ...]
    judge: Judge
    doubtful: Doubtful

    def think(self, moment: Moment) -> Idea:
        """The idea that is imagined to serve the task best; raises as the first thinker does."""
        idea = self.first.think(moment)
        if idea.action is None or not self.doubtful(moment, idea):
            return idea
        candidates = _different([idea, *self._alternatives(moment)])
        if len(candidates) == 1:
            return idea
        try:
            imagined = self.judge.imagine(question_about(moment, idea), [idea_words(each) for each in candidates])
        except ModelError:
            return idea
        scored = [(SCORES[each.serves], -place) for place, each in enumerate(imagined)]
        place = -max(scored)[1]
        best = candidates[place]
        return replace(best, expect=best.expect or imagined[place].becomes)

    def _alternatives(self, moment: Moment) -> list[Idea]:
        found: list[Idea] = []
        for thinker in self.others[: MOST_CANDIDATES - 1]:
            try:
                found.append(thinker.think(moment))
            except ModelError:
                continue
        return found


def _different(ideas: Sequence[Idea]) -> list[Idea]:
    """The ideas that take a step, each step once."""
    found: list[Idea] = []
    for idea in ideas:
        words = idea_words(idea)
        if words and not any(same_step(words, idea_words(other)) for other in found):
            found.append(idea)
    return found
