"""What the model is worth: `python -m builtin_model.evaluation MODEL.gguf --per-kind 60 --json FILE`.

Held-out questions, and sentences that people wrote for real programs, are answered in four ways side by side: by the
`model` alone in llama.cpp under the product's grammar; by the name most like the words (`letters`); by that and rules
written by hand (`rules`); and as the product does it, model and letters `together` (`agents.grounding.weighing`).
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from agents.grounding.weighing import Asker, Said
from agents.prompts.choosing import BUILT_IN, Choice, Situation
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.ports import Timings
from builtin_model.baselines import tuned
from builtin_model.composites import Following, followed
from builtin_model.data.testing import held_out
from builtin_model.figures import Part, Row, Share, part
from builtin_model.questions import Question, of_cases, sentences
from builtin_model.tuning import development

SEED = 4242
WAYS = ("model", "letters", "rules", "together")
LENGTHS = {"20 to 30 candidates": (20, 30), "5 to 30 candidates": (5, 30)}
OTHER_WORDS = "go back to the page before"
REAL = "sentences on real programs"


class Speed(msgspec.Struct, frozen=True):
    """What a decision takes: medians over the questions, in milliseconds and tokens.

    `first_ms` is for a list that the model has not seen, `again_ms` for the next question about the same list.
    """

    threads: int
    first_ms: float
    again_ms: float
    prompt_tokens: float
    new_tokens: float
    answer_tokens: float
    slowest_ms: float


class Goal(msgspec.Struct, frozen=True):
    """A figure that was aimed at: what it is, the share that was wanted (at most, where `most`), and what was found."""

    words: str
    wanted: float
    found: Share
    most: bool = False

    @property
    def reached(self) -> bool:
        """Whether it was."""
        return self.found.share <= self.wanted if self.most else self.found.share >= self.wanted


class Figures(msgspec.Struct, frozen=True):
    """Everything that an evaluation finds."""

    file: str
    bytes: int
    parts: list[Part]
    goals: list[Goal]
    speed: Speed
    following: Following | None = None


def evaluated(file: Path, *, per_kind: int, threads: int, episodes: int, tell: Callable[[str], None]) -> Figures:
    """Evaluate a model file; `tell` is told how far it is."""
    sets = {name: of_cases(held_out(SEED, per_kind, fewest=few, most=most)) for name, (few, most) in LENGTHS.items()}
    sets[REAL] = sentences()
    known = development(max(10, per_kind // 3))
    lexical = {way: tuned(known, rules=way == "rules") for way in ("letters", "rules")}
    with LocalModel("built-in", Load(0, str(file), gpu_layers=0, threads=threads)) as model:
        asker = Asker(model, BUILT_IN)
        parts = []
        for name, questions in sets.items():
            tell(f"{name}: {len(questions)} questions")
            answers: dict[str, list[Choice]] = _asked(asker, questions)
            for way, baseline in lexical.items():
                answers[way] = [baseline.choose(question.situation) for question in questions]
            parts.append(part(name, questions, {way: answers[way] for way in WAYS}))
        tell("speed")
        speed = measured(asker, sets["20 to 30 candidates"][:: max(1, per_kind // 4)], threads=threads)
        tell(f"following examples: {episodes} tasks")
        following = followed(model, episodes=episodes) if episodes else None
    return Figures(file.name, file.stat().st_size, parts, _goals(parts[0], parts[-1]), speed, following)


def _asked(asker: Asker, questions: Sequence[Question]) -> dict[str, list[Choice]]:
    alone: list[Choice] = []
    together: list[Choice] = []
    for question in questions:
        first: Said = asker.said(question.situation)
        alone.append(first.choice)
        together.append(asker.heard(question.situation, first).choice)
    return {"model": alone, "together": together}


def measured(asker: Asker, questions: Sequence[Question], *, threads: int) -> Speed:
    """How long decisions take, each list asked about twice in different words."""
    first: list[float] = []
    again: list[float] = []
    fresh: list[Timings] = []
    after: list[Timings] = []
    for question in questions:
        fresh.append(_timed(asker, question.situation, first))
        after.append(_timed(asker, Situation(question.situation.shown_list, OTHER_WORDS), again))
    return Speed(
        threads,
        round(statistics.median(first), 1),
        round(statistics.median(again), 1),
        statistics.median(one.prompt_tokens for one in fresh),
        statistics.median(one.prompt_tokens - one.reused_tokens for one in after),
        statistics.median(one.answer_tokens for one in fresh),
        round(max(first), 1),
    )


def _timed(asker: Asker, situation: Situation, times_ms: list[float]) -> Timings:
    began = time.monotonic()
    settled = asker.settled(situation)
    times_ms.append((time.monotonic() - began) * 1000)
    return settled.timings[0]


def _goals(made: Part, real: Part) -> list[Goal]:
    way = "together"
    kinds = {row.name: row for row in made.kinds}
    return [
        Goal("element chosen rightly, 20 to 30 candidates", 0.95, _named(made).element[way]),
        Goal("absence recognised", 0.90, kinds["none"].whole[way]),
        Goal("absence recognised, half of the words on the screen", 0.75, kinds["none_hard"].whole[way]),
        Goal("wrongly called absent", 0.03, made.false_none[way], most=True),
        Goal("element chosen rightly, sentences on real programs", 0.95, real.all.element[way]),
    ]


def _named(made: Part) -> Row:
    return next(row for row in made.groups if row.name == "naming an element")


def table(figures: Figures) -> str:
    """The figures as a person reads them in a terminal."""
    lines = []
    for one in figures.parts:
        lines += ["", f"{one.name} (element % / whole answer %)", _heading()]
        lines += [_told(row) for row in [*one.kinds, *one.groups, one.all]]
        lines.append(f"{'wrongly none':>24} {'':5}" + "".join(f"{_percent(one.false_none[way]):>16}" for way in WAYS))
    lines += ["", *(_goal(goal) for goal in figures.goals), "", f"{figures.speed}"]
    if figures.following is not None:
        lines += ["", *figures.following.told()]
    return "\n".join(lines)


def _heading() -> str:
    return f"{'':>24} {'n':>5}" + "".join(f"{way:>16}" for way in WAYS)


def _told(row: Row) -> str:
    cells = "".join(f"{_percent(row.element.get(way)):>8}{_percent(row.whole[way]):>8}" for way in WAYS)
    return f"{row.name:>24} {row.questions:>5}{cells}"


def _percent(found: Share | None) -> str:
    return f"{100 * found.share:.1f}" if found is not None else "-"


def _goal(goal: Goal) -> str:
    sign = "at most" if goal.most else "at least"
    word = "reached" if goal.reached else "MISSED"
    low, high = 100 * goal.found.low, 100 * goal.found.high
    return f"{word:>8}  {goal.words}: {_percent(goal.found)} ({low:.1f}-{high:.1f}), {sign} {100 * goal.wanted:.0f}"


def main(arguments: Sequence[str]) -> int:
    """Evaluate as the command line says; 0 also where goals are missed, for that is a finding."""
    parser = argparse.ArgumentParser("builtin_model.evaluation", description="Evaluate a model file.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--per-kind", type=int, default=60)
    parser.add_argument("--episodes", type=int, default=60, help="tasks with and without an example; 0: none")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    asked = parser.parse_args(arguments)
    figures = evaluated(
        asked.model, per_kind=asked.per_kind, threads=asked.threads, episodes=asked.episodes, tell=_tell
    )
    if asked.json:
        asked.json.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1) + b"\n")
    print(table(figures))  # noqa: T201 - a recipe says what it found
    return 0


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
