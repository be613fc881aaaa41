"""How much letters count beside the model: `python -m builtin_model.tuning MODEL.gguf` prints the weights to keep.

Fits `agents.grounding.combining.Weights` to fresh questions of the training split by the likelihood of the right
answers; the questions of the evaluation have no part in it.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import log
from pathlib import Path

from agents.grounding.combining import AS_THE_MODEL_SAYS, Opinion, Resemblance, Weights, combined, resemblances
from agents.grounding.weighing import Asker
from agents.prompts.choosing import BUILT_IN, NoneFits
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from builtin_model.case import KINDS, Kind
from builtin_model.data.cases import cases
from builtin_model.questions import Question, named_by, of_cases

SEED = 90_001
_STEPS = (1.0, 0.5, 0.2, 0.1)
_SOFT = 1e-4


@dataclass(frozen=True)
class Evidence:
    """What model and letters say of one question, and which line is right; empty where none is meant."""

    said: Opinion
    letters: dict[str, Resemblance]
    right: str


def development(per_kind: int) -> list[Question]:
    """Questions of the training split for tuning, made from a seed that no training uses; 12 lines or more."""
    found: list[Question] = []
    for kind in KINDS:
        found += _of_kind(kind, per_kind)
    return found


def gathered(asker: Asker, questions: Sequence[Question]) -> list[Evidence]:
    """What both say of every question that is about an element and that the model takes for one too."""
    found = []
    for question in questions:
        situation = question.situation
        first = asker.said(situation)
        if first.opinion is None or not (question.aims or question.absent):
            continue
        last = asker.said_of_lines(situation, first) if isinstance(first.choice, NoneFits) else first
        if last.opinion is not None:
            found.append(Evidence(last.opinion, resemblances(situation), named_by(question.right[0])))
    return found


def fitted(evidence: Sequence[Evidence], start: Weights = AS_THE_MODEL_SAYS) -> Weights:
    """The weights under which the right answers are likeliest, found one after the other in ever smaller steps.

    A name that resembles what is wanted never counts against its line.
    """
    best, least = start, loss(evidence, start)
    for step in _STEPS:
        improved = True
        while improved:
            improved = False
            for trial in _around(best, step):
                cost = loss(evidence, trial)
                if cost < least - 1e-6:
                    best, least, improved = trial, cost, True
    return best


def loss(evidence: Sequence[Evidence], weights: Weights) -> float:
    """Minus the mean logarithm of how likely the right answers are."""
    costs = [log(combined(one.said, one.letters, weights).of(one.right) + _SOFT) for one in evidence]
    return -sum(costs) / max(len(costs), 1)


def accuracy(evidence: Sequence[Evidence], weights: Weights) -> float:
    """The share of questions whose likeliest answer is the right one."""
    return sum(combined(one.said, one.letters, weights).best == one.right for one in evidence) / max(len(evidence), 1)


def _around(weights: Weights, step: float) -> list[Weights]:
    moved = []
    for field in fields(Weights):
        size = step * (0.5 if field.name in {"model", "gate"} else 2.0)
        value = getattr(weights, field.name)
        moved += [replace(weights, **{field.name: round(value + change, 3)}) for change in (size, -size)]
    return [one for one in moved if min(one.model, one.gate) >= 0.1 and min(one.wanted, one.long, one.shown) >= 0]


def _of_kind(kind: Kind, count: int) -> list[Question]:
    made = cases(SEED, "train", screens=2 * count, per_screen=1, kinds=[kind])
    chosen = [asked[0] for shown, asked in made if len(shown.lines) >= 12]
    return of_cases(chosen[:count])


def main(arguments: Sequence[str]) -> int:
    """Fit and print."""
    parser = argparse.ArgumentParser("builtin_model.tuning", description="Weigh letters against the model.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--per-kind", type=int, default=40)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args(arguments)
    with LocalModel("built-in", Load(0, str(asked.model), gpu_layers=0, threads=asked.threads)) as model:
        evidence = gathered(Asker(model, BUILT_IN), development(asked.per_kind))
    weights = fitted(evidence)
    before, after = accuracy(evidence, AS_THE_MODEL_SAYS), accuracy(evidence, weights)
    told = f"{weights}\n{len(evidence)} questions: model alone {before:.1%}, with letters {after:.1%}"
    print(told)  # noqa: T201 - a recipe says what it found
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
