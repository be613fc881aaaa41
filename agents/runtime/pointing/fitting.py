"""Which convention explains a model's answers: pure reckoning over what was asked and what was said.

Every hypothesis places all answers; its score is the typical distance to the targets, as a part of the screen's
diagonal. The best must beat, by far, what the same answers reach with the targets shuffled, and every rival that would
click elsewhere.
"""

import math
from collections.abc import Sequence
from itertools import product

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from agents.runtime.pointing.coordinates import (
    RANGES,
    Convention,
    ImageRule,
    Size,
    Space,
    Spot,
    described,
    spots,
    unit,
    write,
)
from workbench.geometry import Rect

Hypothesis = tuple[Convention, ImageRule]
_Distances = npt.NDArray[np.float64]

RULES = (
    ImageRule(multiple=28),
    ImageRule(multiple=28, min_pixels=56 * 56, max_pixels=1_003_520),
    ImageRule(multiple=28, min_pixels=802_816, max_pixels=3_211_264),
    ImageRule(multiple=28, min_pixels=3136, max_pixels=12_845_056),
    ImageRule(multiple=32),
    ImageRule(multiple=32, min_pixels=65_536, max_pixels=1_048_576),
    ImageRule(multiple=32, min_pixels=1_048_576, max_pixels=4_194_304),
    *(ImageRule(fixed=side) for side in (224, 336, 384, 448, 512, 768, 896, 1024)),
)
"""How well-known families resize, tried where the family's own rule does not explain the answers."""

MAKERS_SAY: Hypothesis = (Convention(), ImageRule())
"""The guess about a model of which nothing is known."""

PROBES: tuple[Size, ...] = ((800, 600), (1280, 800), (1920, 1080), (1080, 1920))
"""Screens on which two hypotheses are compared."""

TYPICAL = 0.4
"""Part of the answers that has to be right: the score is this quantile of the distances; the rest may be anywhere."""
BEATS_CHANCE = 0.5
"""The best score must be below this part of what shuffled targets give."""
BEATS_RIVAL = 1.25
"""The best rival's score must be this many times the best one."""
ELSEWHERE = 0.015
"""Two hypotheses are rivals when they are this part of a diagonal apart; closer, either clicks the same things."""
FEWEST = 8
"""Answers that are needed."""
_FINEST = 0.001
_UNSEEN = 0.003
_TOO_ROUGH = 0.2
_SHUFFLES = 25


class Observation(Struct, frozen=True):
    """One question and its answer: the size of the picture, where the target was, the numbers that were said."""

    size: Size
    target: Rect
    numbers: tuple[float, ...]


class Fit(Struct, frozen=True):
    """What explains the answers best, or why nothing does.

    `convention` is None where nothing explains them, and `why` says so in one line. `error` is the typical distance
    to the targets as a part of the diagonal, `margin` how many times worse the best rival is, `rival` that rival.
    """

    convention: Convention | None
    rule: ImageRule = ImageRule()
    error: float = 1.0
    margin: float = 0.0
    rival: Convention | None = None
    why: str = ""


def fit(observations: Sequence[Observation], guess: Hypothesis = MAKERS_SAY, *, seed: int = 0) -> Fit:
    """The convention and rule that explain the answers; of equally good ones the guess, then the simplest.

    The same observations and seed give the same fit.
    """
    shape, usable = _usable(observations)
    if len(usable) < FEWEST:
        return Fit(None, why=f"only {len(usable)} of {len(observations)} answers name a place; {FEWEST} are needed")
    tried = _hypotheses(guess, shape)
    placed = np.array([[_middle(one, hypothesis) for one in usable] for hypothesis in tried])
    truth = np.array([_centre(one.target) for one in usable])
    scores = _scores(placed, truth, usable)
    best, chance = float(scores.min()), _chance(placed, truth, usable, seed)
    if best > BEATS_CHANCE * chance:
        why = f"however they are read, the answers are {best:.0%} of the screen off; by mere chance it is {chance:.0%}"
        return Fit(None, error=best, why=why)
    return _decided(tried, placed, scores, (guess[0], usable))


def _decided(
    tried: list[Hypothesis], placed: _Distances, scores: _Distances, known: tuple[Convention, list[Observation]]
) -> Fit:
    """The fit with the best score, unless a rival explains the answers about as well."""
    guess, usable = known
    best = int(np.argmin(scores))
    alike = _alike(tried, placed, best, (scores, usable))
    chosen = next(n for n, same in enumerate(alike) if same and scores[n] <= max(1.1 * scores[best], _FINEST))
    rivals = [n for n, same in enumerate(alike) if not same]
    rival = min(rivals, key=lambda n: scores[n])
    margin = float(scores[rival] / max(scores[chosen], _FINEST))
    convention, rule = tried[chosen]
    if margin < BEATS_RIVAL:
        names = f"{described(convention)}, or {described(tried[rival][0])}"
        why = f"the answers fit two ways of counting: {names}; calibrate on screens of other sizes"
        return Fit(None, rule, float(scores[chosen]), margin, tried[rival][0], why)
    convention = msgspec.structs.replace(convention, cells=_counts_cells((convention, rule), guess, usable))
    return Fit(convention, rule, float(scores[chosen]), margin, tried[rival][0])


def _alike(
    tried: list[Hypothesis], placed: _Distances, best: int, known: tuple[_Distances, list[Observation]]
) -> list[bool]:
    """Which hypotheses are no rivals of the best, because they would click the same things.

    Where the guess counts in the best one's units and these screens cannot tell the two apart, it is believed about
    the bars and sizes of other screens.
    """
    scores, usable = known
    apart = max(ELSEWHERE, 1.5 * float(scores[best]))
    same = [_apart(tried[best], other) < apart for other in tried]
    diagonals = np.array([math.hypot(*one.size) for one in usable])
    seen = np.mean(np.linalg.norm(placed - placed[best], axis=2) / diagonals, axis=1)
    kin = [seen[n] < _UNSEEN and _units(tried[n]) == _units(tried[best]) for n in range(len(tried))]
    return [a or b for a, b in zip(same, kin, strict=True)] if kin[0] else same


def _units(hypothesis: Hypothesis) -> tuple[Space, str]:
    return hypothesis[0].space, hypothesis[0].order


def _usable(observations: Sequence[Observation]) -> tuple[str, list[Observation]]:
    """The answers of the count of numbers that is usual among them, and the shape that this means."""
    boxes = [one for one in observations if len(one.numbers) == 4]
    points = [one for one in observations if len(one.numbers) == 2]
    return ("box", boxes) if len(boxes) > len(points) else ("point", points)


def _hypotheses(guess: Hypothesis, shape: str) -> list[Hypothesis]:
    """All of them for one shape, the guess first, simple before strange."""
    rule = guess[1]
    found = [(msgspec.structs.replace(guess[0], shape=shape), rule)]
    rules = tuple(dict.fromkeys((rule, *RULES)))
    square = ImageRule(fixed=1000)
    spaces: tuple[Space, ...] = ("original", *RANGES)
    for order in ("xy", "yx"):
        plain = Convention(order="xy" if order == "xy" else "yx", shape="box" if shape == "box" else "point")
        barred = msgspec.structs.replace(plain, letterbox=True)
        found += [(msgspec.structs.replace(plain, space=space), rule) for space in spaces]
        found += [(msgspec.structs.replace(way, space="resized"), one) for one, way in product(rules, (plain, barred))]
        found += [(msgspec.structs.replace(barred, space=s), one) for s, one in product(RANGES, (rule, square))]
    return list(dict.fromkeys((msgspec.structs.replace(way, cells=False), one) for way, one in found))


def _middle(one: Observation, hypothesis: Hypothesis) -> Spot:
    found = spots(one.numbers, hypothesis[0], sent=one.size, rule=hypothesis[1])
    return sum(spot[0] for spot in found) / len(found), sum(spot[1] for spot in found) / len(found)


def _centre(target: Rect) -> Spot:
    return target.x + target.width / 2, target.y + target.height / 2


def _scores(placed: _Distances, truth: _Distances, usable: list[Observation]) -> _Distances:
    """One score per hypothesis: the mean over screen sizes, so that no size hides what another tells."""
    diagonals = np.array([math.hypot(*one.size) for one in usable])
    distances = np.minimum(np.linalg.norm(placed - truth, axis=2) / diagonals, 1.0)
    sizes = [one.size for one in usable]
    groups = [[n for n, size in enumerate(sizes) if size == wanted] for wanted in dict.fromkeys(sizes)]
    scores: _Distances = np.mean([np.quantile(distances[:, group], TYPICAL, axis=1) for group in groups], axis=0)
    return scores


def _chance(placed: _Distances, truth: _Distances, usable: list[Observation], seed: int) -> float:
    """The best score that any hypothesis reaches when the targets are shuffled among screens of the same size."""
    numbers = np.random.default_rng(seed)
    sizes = [one.size for one in usable]
    groups = [np.array([n for n, size in enumerate(sizes) if size == wanted]) for wanted in dict.fromkeys(sizes)]
    found = []
    for _ in range(_SHUFFLES):
        shuffled = truth.copy()
        for group in groups:
            shuffled[group] = truth[numbers.permutation(group)]
        found.append(_scores(placed, shuffled, usable).min())
    return float(np.median(found))


def _apart(one: Hypothesis, other: Hypothesis) -> float:
    """How far apart two hypotheses place the same numbers, as a part of the diagonal, where it is most."""
    return max(_apart_on(size, one, other) for size in PROBES)


def _apart_on(size: Size, one: Hypothesis, other: Hypothesis) -> float:
    distances = []
    for across, down in product((0.1, 0.5, 0.9), repeat=2):
        spot = (across * size[0], down * size[1])
        numbers = write(spot, one[0], sent=size, rule=one[1])
        said = Observation(size, Rect(0, 0, 0, 0), numbers)
        distances.append(math.dist(_middle(said, one), _middle(said, other)) / math.hypot(*size))
    return sum(distances) / len(distances)


def _counts_cells(hypothesis: Hypothesis, guess: Convention, usable: list[Observation]) -> bool:
    """Whether answers are typically half a unit short or more, as they are when whole numbers name cells.

    Where the answers are too rough to tell, the guess stands.
    """
    convention, rule = hypothesis
    if convention.space not in ("percent", "thousand"):
        return False
    short = []
    for one in usable:
        placed, truth = _middle(one, hypothesis), _centre(one.target)
        units = unit(convention, one.size, rule)
        short += [(truth[axis] - placed[axis]) / units[axis] for axis in (0, 1)]
    middle = float(np.median(short))
    spread = 1.4826 * float(np.median(np.abs(np.array(short) - middle)))
    doubt = 1.2533 * spread / math.sqrt(len(short))
    if doubt > _TOO_ROUGH:
        return guess.cells and guess.space == convention.space
    return middle > max(0.25, 2 * doubt)
