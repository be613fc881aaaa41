"""The thinker for models that plan in words: one question before every step, its answer held to a form and checked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from agents.memory.changes import Abandon
from agents.memory.tree import TASK, current
from agents.planning.meaning import UnfitPlan, idea_of, is_banned
from agents.planning.ports import Idea, Moment
from agents.planning.wording import idea_words
from agents.prompts.planning import CallingPlan, Plan, PlanningStyle, planning, planning_prompt
from agents.runtime.ports import PLAIN, Answer, Asking, Heard, Loaded, Model, ModelError, Vectors
from agents.runtime.prompt import Message, Picture, Prompt
from agents.runtime.typed import ask_typed
from workbench.actions import Fail

ATTEMPTS = 3
"""How often a plan that cannot be followed is asked for anew, the first time included."""

MEMORY_SHARE = 0.35
"""How much of a model's context its memory may fill; the rest is for instructions, list, picture and answer."""

ANSWER_TOKENS = 700

AS_USUAL = PlanningStyle()
LIKELIEST = msgspec.structs.replace(PLAIN, max_tokens=ANSWER_TOKENS)

_REPEATED = "it had no effect in this very state or was rejected by a person; propose another step"


@dataclass(frozen=True)
class PlanningThinker:
    """Asks a model which step comes next.

    `look` gives the picture that a model is shown which sees; None leaves it at the element list. `heard` is told the
    answer's pieces as they come, those of refused answers too. Any thread may call it, one at a time.
    """

    model: Model
    style: PlanningStyle = AS_USUAL
    asking: Asking = LIKELIEST
    look: Callable[[], Picture] | None = None
    heard: Heard | None = None

    def think(self, moment: Moment) -> Idea:
        """The step that the model wants.

        A plan that cannot be followed (a line that is not there, an unknown key, a subgoal too early) goes back to the
        model with the reason; after `ATTEMPTS` such plans `ModelError` says so. A model that insists on a banned step
        gets no further: its idea is to abandon the open subgoal, or to fail where only the task itself is open.
        """
        listening = _Listening(self.model, self.heard)
        prompt = planning_prompt(moment, self._style(), self.look() if self.look else None)
        idea = self._followed(listening, prompt, moment)
        return replace(idea, timings=tuple(answer.timings for answer in listening.answers))

    def _followed(self, model: "_Listening", prompt: Prompt, moment: Moment) -> Idea:
        asked, problem, insisted = prompt, "", None
        kind: type[Plan | CallingPlan] = CallingPlan if moment.workflows else Plan
        for _ in range(ATTEMPTS):
            plan = ask_typed(model, asked, kind, asking=planning(self.asking, kind=kind), attempts=ATTEMPTS)
            try:
                idea = idea_of(plan, moment)
            except UnfitPlan as unfit:
                problem = str(unfit)
            else:
                if not is_banned(idea, moment):
                    return idea
                if insisted is not None:
                    return _stuck(insisted, moment)
                insisted, problem = idea, _REPEATED
            asked = (*prompt, *_again(plan, problem))
        if insisted is not None:
            return _stuck(insisted, moment)
        raise ModelError(
            f"model {self.model.name} gave no plan that can be followed in {ATTEMPTS} attempts; "
            "put the task in other words or choose another model"
        )

    def _style(self) -> PlanningStyle:
        if self.style.memory_tokens:
            return self.style
        return replace(self.style, memory_tokens=int(self.model.loaded.context * MEMORY_SHARE))


def _again(plan: Plan | CallingPlan, problem: str) -> Prompt:
    said = msgspec.json.encode(plan).decode()
    wish = f"That plan cannot be followed: {problem}. Answer again with JSON."
    return Message("assistant", (said,)), Message("user", (wish,))


def _stuck(idea: Idea, moment: Moment) -> Idea:
    """What is left where a model only comes up with what does not work."""
    reason = f"nothing else was found to do than {idea_words(idea)}, which had no effect here or was rejected"
    if current(moment.memory).id != TASK:
        return Idea(thought=idea.thought, changes=(Abandon(reason=reason),))
    return Idea(Fail(reason), thought=idea.thought)


class _Listening:
    """A model whose answers are heard as they come, and kept with what they cost."""

    def __init__(self, model: Model, heard: Heard | None) -> None:
        self.answers: list[Answer] = []
        self._model = model
        self._heard = heard

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def loaded(self) -> Loaded:
        return self._model.loaded

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        answer = self._model.ask(prompt, asking, heard or self._heard)
        self.answers.append(answer)
        return answer

    def count(self, prompt: Prompt) -> int:
        return self._model.count(prompt)

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._model.embed(texts)

    def cancel(self) -> None:
        self._model.cancel()

    def close(self) -> None:
        self._model.close()
