"""The judge: a second look at a step, by a short question of its own, before anybody decides about it.

A judge can only make people more careful. It raises the risk that rules found and lowers the confidence, never the
other way round, so that nothing it reads on the screen can talk a step through. Without a model for it nobody judges.
After CLEA (arXiv 2503.00729) and ResponsibleTA (arXiv 2306.01242).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from agents.planning.ports import Idea, Moment
from agents.planning.wording import idea_words, same_step
from agents.prompts.choosing import told
from agents.prompts.judging import Judged, Question, judging, judging_prompt
from agents.runtime.ports import PLAIN, Asking, Model, ModelError
from agents.runtime.prompt import Prompt
from agents.runtime.typed import ask_typed
from agents.screen.alike import alike
from agents.screen.listing import Line, called
from agents.screen.reading import Read
from workbench.approval import RISKS, Assessment
from workbench.errors import StoppedError, WorkbenchError
from workbench.session.approving import Second

SHORTLY = msgspec.structs.replace(PLAIN, max_tokens=140, timeout_s=60.0)

NEAREST = 5
"""So many lines around the target are told."""

REMEMBERED = 16
"""So many answers are kept: the steps that one idea becomes (click, select, type) ask the same question once."""

_UNKNOWN_PX = 1e6

UNJUDGED = 0.5
"""The most confidence that is left where the judge gave no answer: enough to be asked about, not enough to pass."""


@dataclass(frozen=True)
class Judgement:
    """How much a step could cost and how sure it is, after the judge; `failed` says why there was no answer."""

    assessment: Assessment
    confidence: float
    failed: str = ""


@dataclass(frozen=True)
class Judge:
    """Asks a model about single steps; `budget_tokens` is the most that one question may take, answer included.

    The same step in the same situation is asked about once. What failed is not remembered.
    """

    model: Model
    budget_tokens: int = 800
    asking: Asking = SHORTLY
    _known: dict[tuple[Question, str], Judged] = field(default_factory=dict, repr=False)

    def judge(self, question: Question, step: str, rules: Assessment, *, confidence: float | None = None) -> Judgement:
        """The risk of the rules or a higher one, the confidence or a lower one (None counts as 1).

        A model that fails, or a question that is longer than the budget, leaves the risk and lowers the confidence to
        `UNJUDGED` at most. Raises `StoppedError` when the question was cancelled.
        """
        sure = 1.0 if confidence is None else confidence
        try:
            found = self._known.get((question, step)) or self._asked(question, step)
        except StoppedError:
            raise
        except WorkbenchError as error:
            why = f"{rules.reason}; nobody judged it: {error}".removeprefix("; ")
            return Judgement(msgspec.structs.replace(rules, reason=why), min(sure, UNJUDGED), str(error))
        return Judgement(_raised(rules, found), min(sure, found.feasible))

    def _asked(self, question: Question, step: str) -> Judged:
        """The model's answer, which is remembered."""
        found = ask_typed(self.model, self._short(question, step), Judged, asking=judging(self.asking), attempts=2)
        if len(self._known) >= REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[question, step] = found
        return found

    def _short(self, question: Question, step: str) -> Prompt:
        """The question within the budget, with as many lines as fit."""
        for lines in range(len(question.lines), -1, -1):
            prompt = judging_prompt(replace(question, lines=question.lines[:lines]), step)
            tokens = self.model.count(prompt) + self.asking.max_tokens
            if tokens <= self.budget_tokens:
                return prompt
        raise ModelError(f"the question takes {tokens} tokens, and a judge may take {self.budget_tokens}; allow more")


def second_look(model: Model | None, thought: Callable[[], tuple[Moment, Idea]]) -> Second | None:
    """What a judge says of the idea that `thought` tells, as an approver asks for it; None without a model."""
    if model is None:
        return None
    judge = Judge(model)

    def look(rules: Assessment, confidence: float | None) -> tuple[Assessment, float | None]:
        moment, idea = thought()
        found = judge.judge(question_about(moment, idea), idea_words(idea), rules, confidence=confidence)
        return found.assessment, found.confidence

    return look


def question_about(moment: Moment, idea: Idea) -> Question:
    """What a judge is told about an idea: no history, and of the screen only what stands around the target."""
    shown = moment.read.shown
    return Question(moment.memory.root.words, shown.app, shown.window, nearest(moment.read, idea))


def nearest(read: Read, idea: Idea, most: int = NEAREST) -> tuple[Line, ...]:
    """The lines around an idea's target, in the order of the list; the target is the line of its reference or words.

    Where no line is meant, those around what has the focus, or the first ones.
    """
    lines = read.shown.lines
    middle = _meant(read, idea)
    if middle is None:
        return lines[:most]
    by_distance = sorted(lines, key=lambda line: (_apart(read, line, middle), line.ref != middle.ref))
    chosen = {line.ref for line in by_distance[:most]}
    return tuple(line for line in lines if line.ref in chosen)


def _meant(read: Read, idea: Idea) -> Line | None:
    lines = read.shown.lines
    by_ref = read.shown.line(idea.ref)
    if by_ref is not None:
        return by_ref
    named = [line for line in lines if idea.target and same_step(called(line), idea.target)]
    alikes = alike(idea.target, lines, most=1) if idea.target else ()
    resembling = [line for line in lines if alikes and line.ref == alikes[0].ref]
    focused = [line for line in lines if "focused" in line.states]
    return next(iter([*named, *resembling, *focused]), None)


def _apart(read: Read, line: Line, other: Line) -> float:
    """How far two lines' controls are from each other: in pixels, or in lines far beyond any where nobody knows."""
    one, two = read.elements.get(line.ref), read.elements.get(other.ref)
    if one is None or two is None:
        return _UNKNOWN_PX + abs(int(line.ref[1:]) - int(other.ref[1:]))
    return one.bounds.centre.distance(two.bounds.centre)


def _raised(rules: Assessment, found: Judged) -> Assessment:
    if RISKS.index(found.risk) <= RISKS.index(rules.risk):
        return rules
    return msgspec.structs.replace(rules, risk=found.risk, reason=f"the judge says: {told(found.why)}")
