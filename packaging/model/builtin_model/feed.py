"""Batches made in processes of their own while the network learns, the same for the same seed in any order of work."""

import os
import random
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing import get_context, parent_process
from threading import Thread
from types import TracebackType

from builtin_model.case import Split
from builtin_model.merges import Pair
from builtin_model.packing import Encoder, Screen
from builtin_model.tokens import Tokeniser

NO_LIMIT = 1_000_000
_AHEAD = 3
"""Blocks that each process has waiting for it: a change of the length limit takes so long to be felt."""

_encoder: Encoder | None = None


@dataclass(frozen=True)
class Block:
    """An order for batches: screens of a split with so many questions each, put together up to so many tokens.

    `longest` is the most tokens that a list may have; longer ones are left out.
    """

    seed: int
    split: Split
    screens: int
    per_screen: int
    batch_tokens: int
    longest: int = NO_LIMIT


def batches(block: Block, encoder: Encoder) -> list[list[Screen]]:
    """The block's screens in batches of lists of about the same length, shuffled."""
    from builtin_model.data.cases import cases

    made = cases(block.seed, block.split, screens=block.screens, per_screen=block.per_screen)
    screens = [encoder.screen(shown, asked) for shown, asked in made if asked]
    kept = sorted(
        (screen for screen in screens if len(screen.tokens) <= block.longest), key=lambda screen: len(screen.tokens)
    )
    found: list[list[Screen]] = []
    room = 0
    for screen in kept:
        if room < screen.size or not found:
            found.append([])
            room = block.batch_tokens
        found[-1].append(screen)
        room -= screen.size
    random.Random(block.seed).shuffle(found)  # noqa: S311 - an order of training data, no secret
    return found


def _begin(merges: tuple[Pair, ...]) -> None:
    global _encoder
    _encoder = Encoder(Tokeniser(merges))
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Do not outlive a training that was killed: nobody else would end this process."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _made(block: Block) -> list[list[Screen]]:
    assert _encoder is not None
    return batches(block, _encoder)


class Feed:
    """Endless batches; `longest` may be changed at any time. Used as a context: its processes end with it.

    `block` is the number of the block that comes next, to go on from there another time.
    """

    def __init__(self, order: Block, merges: tuple[Pair, ...], *, workers: int, block: int = 0) -> None:
        self.longest = order.longest
        self.block = block
        self._order = order
        self._workers = workers
        self._pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (merges,))

    def __enter__(self) -> "Feed":
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the processes; what they have begun is thrown away."""
        self._pool.shutdown(cancel_futures=True)

    def __iter__(self) -> Iterator[list[Screen]]:
        """The batches, in the order of their blocks."""
        waiting: deque[Future[list[list[Screen]]]] = deque()
        for number in count(self.block):
            waiting.append(self._pool.submit(_made, self.numbered(number)))
            if len(waiting) > _AHEAD * self._workers:
                ready = waiting.popleft().result()
                self.block += 1
                yield from ready

    def numbered(self, number: int) -> Block:
        """The order for the block of that number, as it stands now."""
        return replace(self._order, seed=self._order.seed * 1_000_003 + number, longest=self.longest)
