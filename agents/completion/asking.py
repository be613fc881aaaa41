"""Better words for recorded steps from a model: it describes, checks itself, and thinks; what does not hold is dropped.

Three passes after PC Agent (arXiv 2412.17589). The model looks at the marked place where it sees, else it has words
alone. Masked steps and password fields are never sent, neither as words nor as pictures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.completion.faults import fault_of, hindsight
from agents.completion.naming import Proposal
from agents.completion.picturing import marked
from agents.completion.veiling import is_hidden
from agents.planning.recorded import element_words
from agents.prompts.completing import (
    Checked,
    Described,
    Named,
    Recorded,
    Thought,
    checking_prompt,
    describing_prompt,
    held,
    naming_prompt,
    thinking_prompt,
)
from agents.runtime.ports import Model, ModelError
from agents.runtime.typed import ask_typed
from workbench.desktop.ports import Frame
from workbench.report.words import describe_target
from workbench.trajectory import FrameId, Step

Load = Callable[[FrameId], Frame | None]

ATTEMPTS = 2
MOST_NAMED = 60
"""Steps that a model is told of when it names a recording; the middle of longer ones is left out."""


@dataclass(frozen=True)
class Moment:
    """One veiled step as a model is asked about it: `rules` is its meaning by rules, `before` what came earlier."""

    task: str
    step: Step
    rules: str
    before: tuple[str, ...] = ()
    after: Step | None = None


@dataclass(frozen=True)
class Said:
    """What a model made of a step; a text is empty where the one by rules stays, `refused` says why, in a line each."""

    meaning: str = ""
    thought: str = ""
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asker:
    """Asks one model about steps; `load` fetches pictures. Raises `StoppedError` where the model is cancelled."""

    model: Model
    load: Load

    def ask(self, moment: Moment) -> Said:
        """Meaning and thought of the step; nothing is asked about a step that is hidden."""
        if is_hidden(moment.step):
            return Said()
        recorded = self._recorded(moment)
        target, problem = self._target(moment, recorded)
        thought, other = self._thought(moment, recorded)
        whole = describe_target(moment.step.target)
        meaning = moment.rules.replace(whole, target, 1) if target else ""
        return Said(meaning, thought, tuple(filter(None, [problem, other])))

    def name(self, meanings: Sequence[str]) -> Proposal:
        """Title and task; raises `ModelError`."""
        told = list(meanings)
        if len(told) > MOST_NAMED:
            told = [*told[: MOST_NAMED // 2], "…", *told[-MOST_NAMED // 2 :]]
        named = ask_typed(self.model, naming_prompt(told), Named, asking=held(Named), attempts=ATTEMPTS)
        return Proposal(" ".join(named.title.split()), " ".join(named.task.split()))

    def _target(self, moment: Moment, recorded: Recorded) -> tuple[str, str]:
        """The target in the model's words and nothing, or nothing and why not."""
        step = moment.step
        if step.target is None or describe_target(step.target) not in moment.rules:
            return "", ""
        try:
            found = ask_typed(
                self.model, describing_prompt(recorded), Described, asking=held(Described), attempts=ATTEMPTS
            ).target
            checked = ask_typed(
                self.model, checking_prompt(recorded, found), Checked, asking=held(Checked), attempts=ATTEMPTS
            )
        except ModelError as error:
            return "", str(error)
        words = " ".join((found if checked.good else checked.target).split()).rstrip(".")
        fault = fault_of(words, known=_known(recorded)) if words else "its own check found it wrong"
        return ("", f"its description was not taken: {fault}") if fault else (words, "")

    def _thought(self, moment: Moment, recorded: Recorded) -> tuple[str, str]:
        """The thought and nothing, or nothing and why not."""
        try:
            found = ask_typed(
                self.model, thinking_prompt(recorded), Thought, asking=held(Thought), attempts=ATTEMPTS
            ).thought
        except ModelError as error:
            return "", str(error)
        words = " ".join(found.split())
        known = _known(recorded)
        fault = fault_of(words, known=known) or hindsight(words, moment.after, known=known)
        return ("", f"its thought was not taken: {fault}") if fault else (words, "")

    def _recorded(self, moment: Moment) -> Recorded:
        step = moment.step
        target, window = step.target, (step.target.window if step.target else None) or step.observation.window
        return Recorded(
            task=moment.task,
            step=moment.rules.partition(", which ")[0],
            app=window.app if window else "",
            window=window.title if window else "",
            called=element_words(target.element) if target and target.element else "",
            printed=target.text.text if target and target.text else "",
            before=moment.before,
            picture=marked(step, self.load) if self.model.loaded.sees else None,
        )


def _known(recorded: Recorded) -> str:
    """All that the model was told, for comparing."""
    told = (recorded.task, recorded.step, recorded.window, recorded.called, recorded.printed, *recorded.before)
    return "\n".join(told)
