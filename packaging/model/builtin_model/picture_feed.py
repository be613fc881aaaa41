"""Batches of drawn screens with questions, made in processes of their own, the same for the same seed."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing import get_context
from random import Random
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from builtin_model.case import PointingKind, Split
from builtin_model.packing import Question, Screen
from builtin_model.pictures import Drawn, Kit, drawn
from builtin_model.pointing_cases import PointingCase, pointing_cases, words_of
from builtin_model.tokens import ACROSS, ANSWERING, ASKED, DOWN, DOWN_END, Tokeniser
from workbench.geometry import Rect

ASKING = "click "
"""What stands before the target in a question: the product's words, see `families.toml`."""

LEAST_SHARE = 0.15
"""A patch belongs to a widget that covers so much of it, or of which it holds most."""

MOST_WORDS = 12
"""Tokens by which a patch is taught what it shows."""

_AHEAD = 3

Whole = NDArray[np.int64]

_tokeniser: Tokeniser | None = None


@dataclass(frozen=True)
class PictureOrder:
    """An order for one batch: so many screens of one size, each with so many questions of these kinds."""

    seed: int
    split: Split
    kit: Kit
    kinds: tuple[PointingKind, ...]
    screens: int
    per_screen: int
    patch: int


@dataclass(frozen=True)
class PictureBatch:
    """Screens as pictures, and their questions in tokens.

    `pixels` (screens, height, width, 3), red first. By question, in the order of the screens: `cells` (column, row)
    of the middle of what is meant, and `bounds` (left, top, right, bottom) in pixels. Taught of patches, numbered
    through all screens in `patches`: `patch_cells` (column, row) of the middle of their widget, -1 where there is
    none, and `patch_words`, tokens that name it, filled up with -1. `number` is that of the batch in its feed.
    """

    pixels: NDArray[np.uint8]
    screens: tuple[Screen, ...]
    cells: Whole
    bounds: Whole
    patches: Whole
    patch_cells: Whole
    patch_words: Whole
    number: int = 0

    @property
    def questions(self) -> int:
        """How many there are."""
        return len(self.cells)


def picture_batch(order: PictureOrder, tokeniser: Tokeniser) -> PictureBatch:
    """The batch that is ordered."""
    return _Batch(order, tokeniser).made()


def cell_of(bounds: Rect, size: tuple[int, int], cells: int) -> tuple[int, int]:
    """The column and row in which the middle of the bounds lies, on a picture of that size in pixels."""
    x, y = bounds.x + bounds.width / 2, bounds.y + bounds.height / 2
    return min(int(x * cells / size[0]), cells - 1), min(int(y * cells / size[1]), cells - 1)


class _Batch:
    """One batch while it is made."""

    def __init__(self, order: PictureOrder, tokeniser: Tokeniser) -> None:
        self._order = order
        self._tokeniser = tokeniser
        self._chance = Random(order.seed)  # noqa: S311 - training data, no secret
        self._size = self._chance.choice(order.kit.sizes)
        self._grid = self._size[0] // order.patch, self._size[1] // order.patch
        self._begin = tuple(tokeniser.encode_frame(ASKED))
        self._ask = tuple(tokeniser.encode_frame(ANSWERING))
        self._taught: list[tuple[int, tuple[int, int], tuple[int, ...]]] = []

    def made(self) -> PictureBatch:
        """The whole batch."""
        screens = [self._screen() for _ in range(self._order.screens)]
        asked = [case for _, cases in screens for case in cases]
        for number, (screen, _) in enumerate(screens):
            self._teach(number, screen)
        patches, cells, words = zip(*self._taught, strict=True)
        bounds = [case.widget.bounds for case in asked]
        return PictureBatch(
            pixels=np.stack([screen.pixels for screen, _ in screens]),
            screens=tuple(self._read(cases) for _, cases in screens),
            cells=np.asarray([self._cell(each) for each in bounds]),
            bounds=np.asarray([(each.x, each.y, each.right, each.bottom) for each in bounds]),
            patches=np.asarray(patches),
            patch_cells=np.asarray(cells),
            patch_words=np.asarray(words),
        )

    def _screen(self) -> tuple[Drawn, list[PointingCase]]:
        """A screen about which something can be asked."""
        while True:
            screen = drawn(self._order.kit, self._size, self._order.split, self._chance)
            kinds = self._chance.sample(self._order.kinds, len(self._order.kinds))
            cases = pointing_cases(screen.widgets, self._order.per_screen, kinds, self._chance)
            if cases and len(screen.widgets) > 1:
                return screen, cases

    def _read(self, cases: Sequence[PointingCase]) -> Screen:
        places = (self._tokeniser.padding,) * (self._grid[0] * self._grid[1])
        return Screen((*self._begin, *places), (), tuple(map(self._question, cases)))

    def _question(self, case: PointingCase) -> Question:
        prompt = self._tokeniser.encode(ASKING + case.target)
        begin, end = (len((ASKING + case.target[:at]).encode()) for at in case.mention)
        places = self._tokeniser.places(prompt)
        inside = [at for at, (first, last) in enumerate(places) if first < end and last > begin]
        column, row = self._cell(case.widget.bounds)
        across, down = (self._tokeniser.numbers[text] for text in (f"{ACROSS}{column}", f"{DOWN}{row}{DOWN_END}"))
        return Question(
            prompt=(*prompt, *self._ask),
            answer=(across, down, self._tokeniser.end),
            kind=case.kind,
            element=len(self._begin) + self._patch_of(case.widget.bounds),
            mention=(inside[0], inside[-1] + 1),
        )

    def _cell(self, bounds: Rect) -> tuple[int, int]:
        return cell_of(bounds, self._size, self._tokeniser.cells)

    def _patch_of(self, bounds: Rect) -> int:
        """The patch in the middle of the bounds."""
        column, row = (
            min(at // self._order.patch, most - 1)
            for at, most in zip((bounds.centre.x, bounds.centre.y), self._grid, strict=True)
        )
        return row * self._grid[0] + column

    def _teach(self, number: int, screen: Drawn) -> None:
        """What the patches of a screen show: all those on widgets, and as many others."""
        owners = _owners(screen, self._grid, self._order.patch)
        first = number * owners.size
        described = [self._words(words_of(widget)) for widget in screen.widgets]
        for at in np.flatnonzero(owners >= 0).tolist():
            owner = int(owners[at])
            self._taught.append((first + at, self._cell(screen.widgets[owner].bounds), described[owner]))
        empty = np.flatnonzero(owners < 0).tolist()
        nothing = (self._tokeniser.padding, *[-1] * (MOST_WORDS - 1))
        for at in self._chance.sample(empty, min(len(empty), owners.size - len(empty))):
            self._taught.append((first + at, (-1, -1), nothing))

    def _words(self, words: Sequence[str]) -> tuple[int, ...]:
        tokens = dict.fromkeys(token for word in words for token in self._tokeniser.encode(f" {word}"))
        return (*tokens, *[-1] * MOST_WORDS)[:MOST_WORDS]


def _owners(screen: Drawn, grid: tuple[int, int], patch: int) -> Whole:
    """By patch the number of the widget that it shows, or -1."""
    best = np.zeros((grid[1], grid[0]))
    found = np.full((grid[1], grid[0]), -1, np.int64)
    for number, widget in enumerate(screen.widgets):
        at = widget.bounds
        across = _covered(at.x, at.right, grid[0], patch)
        down = _covered(at.y, at.bottom, grid[1], patch)
        share = down[:, None] * across[None]
        counts = (share >= LEAST_SHARE * patch**2) | (share > at.area / 2)
        mine = counts & (share > best)
        best[mine], found[mine] = share[mine], number
    return found.ravel()


def _covered(begin: int, end: int, count: int, patch: int) -> NDArray[np.float64]:
    """How many pixels between begin and end lie in each of so many patches."""
    starts = np.arange(count) * patch
    inside = np.minimum(starts + patch, end) - np.maximum(starts, begin)
    covered: NDArray[np.float64] = np.maximum(inside, 0.0)
    return covered


def _know(tokeniser: Tokeniser) -> None:
    global _tokeniser
    _tokeniser = tokeniser


def _made(order: PictureOrder, number: int) -> PictureBatch:
    assert _tokeniser is not None
    return replace(picture_batch(order, _tokeniser), number=number)


class PictureFeed:
    """Endless batches. Used as a context: its processes end with it. `first` is the number of its first batch."""

    def __init__(self, order: PictureOrder, tokeniser: Tokeniser, *, workers: int, first: int = 0) -> None:
        self._order = order
        self._workers = workers
        self._first = first
        self._pool = ProcessPoolExecutor(workers, get_context("spawn"), _know, (tokeniser,))

    def __enter__(self) -> "PictureFeed":
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the processes; what they have begun is thrown away."""
        self._pool.shutdown(cancel_futures=True)

    def __iter__(self) -> Iterator[PictureBatch]:
        """The batches in the order of their numbers."""
        waiting: deque[Future[PictureBatch]] = deque()
        for number in count(self._first):
            order = replace(self._order, seed=self._order.seed * 1_000_003 + number)
            waiting.append(self._pool.submit(_made, order, number))
            if len(waiting) > _AHEAD * self._workers:
                yield waiting.popleft().result()
