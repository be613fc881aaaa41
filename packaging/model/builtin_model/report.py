"""Puts an evaluation into the model card: `python -m builtin_model.report RUN FIGURES.json [--card FILE]`.

The card is prose written by hand; what stands between its markers is written here and nowhere else. The training curve
goes beside it as a picture, the figures beside the sentences as `figures.json`.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from builtin_model.evaluation import LENGTHS, REAL, WAYS, Figures, Goal
from builtin_model.figures import Part, Row, Share
from builtin_model.stored import Run

ROOT = Path(__file__).parents[3]
CARD = ROOT / "docs" / "built-in-model.md"
PICTURE = Path("pictures") / "built-in-model-training.svg"
KEPT = ROOT / "packaging" / "model" / "evaluation" / "figures.json"

_HEADINGS = {
    "model": "the model alone",
    "letters": "best name",
    "rules": "best name and rules",
    "together": "as the product does it",
}


class Trained(msgspec.Struct, frozen=True):
    """How a model came to be: recipe, seed, steps, questions and seconds of training, and its parameters."""

    recipe: str
    seed: int
    steps: int
    tasks: int
    seconds: float
    parameters: int


def trained(run: Run) -> Trained:
    """What a run says of itself; raises OSError where the folder is none of a run."""
    described, state = run.described(), run.state()
    network, _ = run.network()
    place = state["progress"]
    parameters = sum(array.size for array in network.arrays().values())
    return Trained(
        described.recipe, described.seed, place["step"], place["tasks"], round(place["seconds"], 1), parameters
    )


def written(card: str, sections: dict[str, str]) -> str:
    """The card with new text between its markers; raises ValueError for a section that it has no markers for."""
    for name, text in sections.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not marked.search(card):
            raise ValueError(f"the card has no place for {name}: put <!-- {name} --> and <!-- /{name} --> into it")
        card = marked.sub(lambda found, text=text: f"{found[1]}{text}\n{found[2]}", card)  # type: ignore[misc]  # mypy takes no default of a lambda
    return card


def sections_of(figures: Figures, made: Trained, parity: dict[str, float]) -> dict[str, str]:
    """Every section that is written here, by the name of its markers."""
    return {
        "making": _making(figures, made, parity),
        "goals": _goals(figures.goals),
        "kinds": "\n\n".join(_part(one) for one in figures.parts),
        "following": _following(figures),
        "speed": _speed(figures),
    }


def _making(figures: Figures, made: Trained, parity: dict[str, float]) -> str:
    rows = {
        "parameters": f"{made.parameters / 1e6:.2f} million",
        "file": f"{figures.bytes / 1e6:.1f} MB",
        "recipe and seed": f"`{made.recipe}`, {made.seed}",
        "training": f"{made.tasks:,} questions in {made.steps:,} steps, {made.seconds / 60:.0f} minutes",
        "same answers in llama.cpp (f16) and PyTorch": f"{100 * parity['equal']:.1f} % of {parity['prompts']:.0f}",
        "prompts that become other tokens in llama.cpp": f"{parity['other_tokens']:.0f}",
    }
    return _table(("", ""), [[name, value] for name, value in rows.items()])


def _goals(goals: Sequence[Goal]) -> str:
    rows = [
        [goal.words, f"{'≤' if goal.most else '≥'} {100 * goal.wanted:.0f} %", _interval(goal.found), _verdict(goal)]
        for goal in goals
    ]
    return _table(("what", "goal", "found (95 % interval)", ""), rows)


def _verdict(goal: Goal) -> str:
    return "reached" if goal.reached else "**missed**"


def _part(one: Part) -> str:
    rows = [_cells(row) for row in [*one.kinds, *one.groups, one.all]]
    rows.append(["*“none” where something is meant*", "", *(_percent(one.false_none[way]) for way in WAYS)])
    title = f"**{one.name[0].upper()}{one.name[1:]}**: element / whole answer, in %"
    return f"{title}\n\n" + _table(("", "questions", *(_HEADINGS[way] for way in WAYS)), rows)


def _cells(row: Row) -> list[str]:
    shares = [f"{_percent(row.element.get(way))} / {_percent(row.whole[way])}" for way in WAYS]
    return [row.name.replace("_", " "), str(row.questions), *shares]


def _following(figures: Figures) -> str:
    found = figures.following
    if found is None:
        return "Not measured."
    rows = [
        ["without an example", _interval(found.without), _percent(found.ended_without)],
        ["with one example", _interval(found.with_one), _percent(found.ended_with_one)],
    ]
    return _table(("", f"done, of {found.without.of} tasks", "done and said so, %"), rows)


def _speed(figures: Figures) -> str:
    speed = figures.speed
    rows = [
        ["decision on a list that is new", f"{speed.first_ms:.0f} ms, {speed.prompt_tokens:.0f} tokens"],
        ["next decision on the same list", f"{speed.again_ms:.0f} ms, {speed.new_tokens:.0f} tokens"],
        ["answer", f"{speed.answer_tokens:.0f} tokens"],
        ["slowest of all", f"{speed.slowest_ms:.0f} ms"],
    ]
    return _table((f"{speed.threads} threads, medians", ""), rows)


def _interval(found: Share) -> str:
    return f"{_percent(found)} % ({100 * found.low:.1f} to {100 * found.high:.1f})"


def _percent(found: Share | None) -> str:
    return f"{100 * found.share:.1f}" if found is not None else "–"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(_lines([head, ["---"] * len(head), *rows]))


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def main(arguments: Sequence[str]) -> int:
    """Write the card, the picture and the figures."""
    parser = argparse.ArgumentParser("builtin_model.report", description="Put figures into the model card.")
    parser.add_argument("run", type=Path, help="folder of the run, with parity.json")
    parser.add_argument("figures", type=Path)
    parser.add_argument("--card", type=Path, default=CARD)
    parser.add_argument("--kept", type=Path, default=KEPT, help="where the figures go")
    asked = parser.parse_args(arguments)
    run = Run(asked.run)
    figures = msgspec.json.decode(asked.figures.read_bytes(), type=Figures)
    assert {one.name for one in figures.parts} == {*LENGTHS, REAL}, "the card shows every set of questions"
    parity = msgspec.json.decode((asked.run / "parity.json").read_bytes(), type=dict[str, float])
    card = written(asked.card.read_text(encoding="utf-8"), sections_of(figures, trained(run), parity))
    asked.card.write_text(card, encoding="utf-8")
    picture = asked.card.parent / PICTURE
    picture.parent.mkdir(exist_ok=True)
    picture.write_bytes(run.curve.read_bytes())
    asked.kept.write_bytes(asked.figures.read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
