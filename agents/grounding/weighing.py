"""Asking a model for the next action with the alternatives to its answer, and letting letters have their say in it."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from msgspec.structs import replace

from agents.grounding.combining import TUNED, Opinion, Weights, absent, combined, resemblances
from agents.prompts.choosing import (
    ANY_MODEL,
    AskFor,
    Choice,
    ChoosingStyle,
    ClickIt,
    DoubleClickIt,
    Finished,
    NoneFits,
    Press,
    RightClickIt,
    Situation,
    TypeInto,
    choosing_prompt,
)
from agents.prompts.likening import with_likeness
from agents.runtime.grammar.json_schema import held_to
from agents.runtime.ports import Answer, Asking, Model, Timings, Weighed
from agents.runtime.typed import typed_answer
from agents.screen.listing import MOST_LINES

Aimed = ClickIt | DoubleClickIt | RightClickIt | TypeInto | AskFor
"""Choices that name a line."""

PATIENT = Asking(max_tokens=200, timeout_s=120.0)
"""How long an answer may be and take, where nobody says otherwise."""

WHOLE = 0.98
"""Where less than this falls to whole references, a model spells them, and no single token tells what it thinks."""

_NAMED = re.compile(r'"element":\s*"(e[1-9][0-9]?)"')
_NONE = re.compile(r'"action":\s*"none"')


@dataclass(frozen=True)
class Said:
    """What a model said to a situation: its own choice, how likely that was, and what it thinks of each line.

    `opinion` is None where it does not tell (models that spell references letter by letter, and those behind servers),
    and where its answer is about no line: keys to press, or that the task is done.
    """

    choice: Choice
    likelihood: float | None
    opinion: Opinion | None
    timings: tuple[Timings, ...] = ()


@dataclass(frozen=True)
class Settled:
    """The choice that both stand for, and how likely it is; None where nobody can tell."""

    choice: Choice
    sureness: float | None
    timings: tuple[Timings, ...] = ()


@dataclass(frozen=True)
class Asker:
    """Asks one model with the choosing prompt; `style` is how it reads it, `limits` how long an answer may be."""

    model: Model
    style: ChoosingStyle = ANY_MODEL
    limits: Asking = PATIENT

    def settled(self, situation: Situation, weights: Weights = TUNED) -> Settled:
        """The next action in this situation; raises what `Model.ask` raises."""
        situation = with_likeness(situation)
        return self.heard(situation, self.said(situation), weights)

    def heard(self, situation: Situation, first: Said, weights: Weights = TUNED) -> Settled:
        """What is to be done when letters are heard too, given what the model said to this situation."""
        if first.opinion is None:
            return Settled(first.choice, first.likelihood, first.timings)
        letters = resemblances(situation)
        last = first
        if isinstance(first.choice, NoneFits) and absent(first.opinion.none, letters, weights) <= 0.5:
            last = self.said_of_lines(situation, first)
        assert last.opinion is not None
        together = combined(last.opinion, letters, weights)
        return Settled(aimed_at(last.choice, together.best), together.of(together.best), last.timings)

    def said(self, situation: Situation) -> Said:
        """The model's own answer, with no letters but those that its prompt tells it."""
        return self._asked(situation, cast("type[Choice]", Choice))

    def said_of_lines(self, situation: Situation, first: Said) -> Said:
        """What the model would do if none were not to be had; the opinion keeps how likely it first found that."""
        found = self._asked(situation, cast("type[Choice]", Aimed))
        timings = (*first.timings, *found.timings)
        none = first.opinion.none if first.opinion else 0.0
        if found.opinion is None:
            return Said(first.choice, first.likelihood, first.opinion, timings)
        lines = {ref: chance * (1 - none) for ref, chance in found.opinion.lines.items()}
        return Said(found.choice, found.likelihood, Opinion(lines, none), timings)

    def _asked(self, situation: Situation, kind: "type[Choice]") -> Said:
        asking = _held(kind, replace(self.limits, likelihood=True, alternatives=MOST_LINES))
        told = typed_answer(self.model, choosing_prompt(situation, self.style), kind, asking=asking)
        refs = {line.ref for line in situation.shown_list.lines}
        opinion = _opinion(told.value, told.answer, refs)
        return Said(told.value, told.answer.likelihood, opinion, (told.answer.timings,))


def aimed_at(choice: Choice, ref: str) -> Choice:
    """The choice with that line for its own; none fits where there is no line."""
    if not ref:
        return NoneFits()
    if isinstance(choice, Finished | Press | NoneFits):
        return ClickIt(ref)
    return replace(choice, element=ref)


def _opinion(choice: Choice, answer: Answer, refs: Container[str]) -> Opinion | None:
    if isinstance(choice, Finished | Press) or not answer.weighed:
        return None
    none = _none(answer.weighed)
    if isinstance(choice, NoneFits):
        return Opinion({}, none)
    lines = _lines(answer.weighed)
    return Opinion({ref: lines[ref] * (1 - none) for ref in lines if ref in refs}, none) if lines else None


def _none(weighed: Sequence[Weighed]) -> float:
    """How likely the model found it that none is meant, as far as one of its tokens tells."""
    return max(
        (chance for one in weighed for text, chance in one.options if _NONE.search(one.before + text)), default=0
    )


def _lines(weighed: Sequence[Weighed]) -> dict[str, float]:
    """How likely each line is at the token that names it; nothing where a reference takes several tokens."""
    for one in weighed:
        if _NAMED.search(one.before):
            break
        found: dict[str, float] = {}
        for text, chance in one.options:
            if match := _NAMED.search(one.before + text):
                found[match.group(1)] = found.get(match.group(1), 0.0) + chance
        if sum(found.values()) > WHOLE:
            return found
    return {}


@cache
def _held(kind: object, asking: Asking) -> Asking:
    return held_to(kind, asking)
