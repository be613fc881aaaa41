"""How well a model points, through the product's own path: `python -m builtin_model.seeing RUN`.

Fresh screens, drawn as in training and drawn with what is held out, go to the exported files in the product's worker
process, asked as their family is asked. Told are hits by kind of question and by the size of what is meant, each with
its Wilson interval (95 %) and two kinds of chance, and how often PyTorch means the same pixel.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec
import numpy as np
import torch

from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.models.families import recognise
from agents.runtime.models.gguf_header import read_model, read_projector
from agents.runtime.pointing.asking import PointingStyle, point
from agents.runtime.pointing.coordinates import place
from agents.runtime.ports import Model
from agents.runtime.prompt import Picture
from builtin_model.case import PointingKind, Split
from builtin_model.exporting import FILE_KINDS, FileKind, beside_model, export, export_sight
from builtin_model.network import Network, Seen
from builtin_model.packing import Question, Screen, packed
from builtin_model.picture_feed import ASKING
from builtin_model.pictures import Drawn, Kit, drawn
from builtin_model.pointing_cases import PointingCase, pointing_cases
from builtin_model.recipes import RECIPES
from builtin_model.stored import Run
from builtin_model.tokens import ANSWERING, ASKED, Tokeniser
from workbench.geometry import Point

SIZES_PX = (16, 24, 32)
"""Targets are told apart by whether their shorter side is below one of these."""

_Z = 1.96


@dataclass(frozen=True)
class Asked:
    """One question about one screen."""

    screen: Drawn
    case: PointingCase


@dataclass(frozen=True)
class Rate:
    """Hits among the questions of one kind or size.

    `low` and `high` bound the share of hits at 95 %. `chance_point` is the share that a point anywhere would hit,
    `chance_widget` that of the middle of any widget of the screen.
    """

    name: str
    asked: int
    hits: int
    low: float
    high: float
    chance_point: float
    chance_widget: float

    @property
    def share(self) -> float:
        """The share of hits."""
        return self.hits / self.asked


@dataclass(frozen=True)
class Sighted:
    """What one split of screens showed; `equal` is the share of answers that PyTorch gives too."""

    split: Split
    all: Rate
    kinds: tuple[Rate, ...]
    sizes: tuple[Rate, ...]
    equal: float


def asked_of(kit: Kit, kinds: Sequence[PointingKind], split: Split, *, seed: int, per_kind: int) -> list[Asked]:
    """So many questions of every kind, no two of a kind about one screen."""
    chance = Random(seed)  # noqa: S311 - test data, no secret
    found: list[Asked] = []
    for kind in dict.fromkeys(kinds):
        got = 0
        while got < per_kind:
            screen = drawn(kit, chance.choice(kit.sizes), split, chance)
            cases = pointing_cases(screen.widgets, 1, (kind,), chance) if len(screen.widgets) > 1 else []
            found += [Asked(screen, case) for case in cases]
            got += len(cases)
    return found


def pointed(model: Model, style: PointingStyle, asked: Iterable[Asked]) -> list[Point]:
    """Where the model points, in pixels of each screen; raises as `point` does."""
    return [point(model, style, Picture(each.screen.pixels), each.case.target) for each in asked]


def pointed_by_network(
    network: Network, tokeniser: Tokeniser, style: PointingStyle, asked: Iterable[Asked]
) -> list[Point]:
    """Where the network itself points, by its likeliest column and then its likeliest row."""
    return [_by_network(network, tokeniser, style, each) for each in asked]


def rated(name: str, asked: Sequence[Asked], points: Sequence[Point]) -> Rate:
    """The hits among these questions, of which there is at least one."""
    hits = sum(each.case.widget.bounds.contains(at) for each, at in zip(asked, points, strict=True))
    low, high = wilson(hits, len(asked))
    return Rate(
        name=name,
        asked=len(asked),
        hits=hits,
        low=round(low, 4),
        high=round(high, 4),
        chance_point=_mean([each.case.widget.bounds.area / _area(each.screen) for each in asked]),
        chance_widget=_mean([1 / len(each.screen.widgets) for each in asked]),
    )


def wilson(hits: int, asked: int) -> tuple[float, float]:
    """The interval in which the true share lies with 95 % (Wilson 1927)."""
    share, scale = hits / asked, 1 + _Z**2 / asked
    middle = share + _Z**2 / (2 * asked)
    half = _Z * (share * (1 - share) / asked + _Z**2 / (4 * asked**2)) ** 0.5
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def sighted(split: Split, asked: Sequence[Asked], points: Sequence[Point], others: Sequence[Point]) -> Sighted:
    """The figures of one split; `others` are the points of PyTorch."""
    both = list(zip(asked, points, strict=True))

    def of(name: str, chosen: list[tuple[Asked, Point]]) -> Rate:
        return rated(name, [each for each, _ in chosen], [at for _, at in chosen])

    kinds = dict.fromkeys(each.case.kind for each in asked)
    sizes = dict.fromkeys(_SIZE_NAMES[_size(each)] for each in asked)
    return Sighted(
        split=split,
        all=of("all", both),
        kinds=tuple(of(kind, [one for one in both if one[0].case.kind == kind]) for kind in kinds),
        sizes=tuple(
            of(name, [one for one in both if _SIZE_NAMES[_size(one[0])] == name]) for name in sorted(sizes, key=_order)
        ),
        equal=_mean([float(one == other) for one, other in zip(points, others, strict=True)]),
    )


_SIZE_NAMES = (*(f"below {size} px" for size in SIZES_PX), f"from {SIZES_PX[-1]} px")


def _order(name: str) -> int:
    return _SIZE_NAMES.index(name)


def _size(asked: Asked) -> int:
    bounds = asked.case.widget.bounds
    side = min(bounds.width, bounds.height)
    return next((number for number, limit in enumerate(SIZES_PX) if side < limit), len(SIZES_PX))


def _area(screen: Drawn) -> int:
    return int(screen.pixels.shape[0] * screen.pixels.shape[1])


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)


def _by_network(network: Network, tokeniser: Tokeniser, style: PointingStyle, asked: Asked) -> Point:
    assert network.vision
    begin, ask = tokeniser.encode_frame(ASKED), tokeniser.encode_frame(ANSWERING)
    with torch.no_grad():
        vectors = network.vision(torch.from_numpy(np.array(asked.screen.pixels))[None])[0]
        prompt = (*tokeniser.encode(ASKING + asked.case.target), *ask)
        found: list[int] = []
        for first, end in (tokeniser.columns, tokeniser.rows):
            question = Question((*prompt, *found), (tokeniser.end,), asked.case.kind)
            batch = packed([Screen((*begin, *[tokeniser.padding] * len(vectors)), (), (question,))], guided=False)
            logits, _ = network.run(batch, Seen(vectors, batch.list_slots[0, len(begin) :]))
            found.append(first + int(logits[-1, first:end].argmax()))
    cells = [token - first for token, (first, _) in zip(found, (tokeniser.columns, tokeniser.rows), strict=True)]
    size = asked.screen.pixels.shape[1], asked.screen.pixels.shape[0]
    return place(cells, style.convention, sent=size, rule=style.rule)


def table(found: Sequence[Sighted]) -> str:
    """The figures as text, one line each."""
    lines = [f"{'':24}{'asked':>6}{'hit':>8}{'95 %':>16}{'any point':>11}{'any widget':>12}"]
    for each in found:
        lines += [_row(f"{each.split}, {rate.name}", rate) for rate in (each.all, *each.kinds, *each.sizes)]
        lines.append(f"{each.split}, as PyTorch{each.equal:>20.1%}")
    return "\n".join(lines)


def _row(name: str, rate: Rate) -> str:
    between = f"{rate.low:.1%}-{rate.high:.1%}"
    chances = f"{rate.chance_point:>11.1%}{rate.chance_widget:>12.1%}"
    return f"{name:24}{rate.asked:>6}{rate.share:>8.1%}{between:>16}{chances}"


def main(arguments: Sequence[str]) -> int:
    """Evaluate as the command line says; ends with 1 where llama.cpp and PyTorch differ more often than allowed."""
    asked = _parser().parse_args(arguments)
    torch.set_num_threads(asked.threads)
    described = Run(asked.run).described()
    pictures = RECIPES[described.recipe].pictures
    network, tokeniser = Run(asked.run).network()
    if pictures is None or network.vision is None:
        print(f"{asked.run} is the run of a model that sees nothing", file=sys.stderr)  # noqa: T201 - for who asked
        return 2
    file = _exported(network, tokeniser, asked.run, asked.kind)
    style = recognise(read_model(file), read_projector(beside_model(file))).pointing
    load = Load(0, str(file), str(beside_model(file)), gpu_layers=asked.gpu_layers, threads=asked.threads)
    found = []
    with LocalModel("built-in", load) as model:
        for split in ("train", "test"):
            cases = asked_of(pictures.kit, pictures.kinds, split, seed=asked.seed, per_kind=asked.per_kind)
            points = pointed(model, style, cases)
            found.append(sighted(split, cases, points, pointed_by_network(network, tokeniser, style, cases)))
    (asked.run / "seeing.json").write_bytes(msgspec.json.format(msgspec.json.encode(found)))
    print(table(found))  # noqa: T201 - a recipe says what it found
    return 0 if min(each.equal for each in found) >= asked.goal else 1


def _exported(network: Network, tokeniser: Tokeniser, run: Path, kind: FileKind) -> Path:
    assert network.vision
    file = run / f"workbench-builtin-{kind}.gguf"
    export(network, tokeniser, file, kind)
    export_sight(network.vision, beside_model(file), kind)
    return file


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("builtin_model.seeing", description="Measure how well a run's model points.")
    parser.add_argument("run", type=Path, help="folder of the run")
    parser.add_argument("--kind", choices=FILE_KINDS, default="f16", help="of the files that are measured")
    parser.add_argument("--per-kind", type=int, default=100, help="questions of each kind")
    parser.add_argument("--goal", type=float, default=0.95, help="share of answers that PyTorch gives too")
    parser.add_argument("--seed", type=int, default=4242)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--gpu-layers", type=int, default=0)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
