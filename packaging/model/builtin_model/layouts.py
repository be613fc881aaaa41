"""Where widgets stand on drawn screens: endless centres in pixels, some layouts for training, others for the test."""

from collections.abc import Callable, Iterator
from itertools import count
from random import Random

from builtin_model.case import Split

Size = tuple[int, int]
Spot = tuple[float, float]
Layout = Callable[[Size, Random], Iterator[Spot]]


def _scattered(size: Size, chance: Random) -> Iterator[Spot]:
    while True:
        yield chance.uniform(0, size[0]), chance.uniform(0, size[1])


def _grid(size: Size, chance: Random) -> Iterator[Spot]:
    columns, rows = chance.randint(2, max(2, size[0] // 80)), chance.randint(2, max(2, size[1] // 40))
    cells = [(column, row) for row in range(rows) for column in range(columns)]
    for column, row in chance.sample(cells, len(cells)):
        yield (column + 0.5) * size[0] / columns, (row + 0.5) * size[1] / rows
    yield from _scattered(size, chance)


def _toolbar(size: Size, chance: Random) -> Iterator[Spot]:
    """Rows of neighbours, the first one near the top."""
    row_px = max(24, size[1] // chance.randint(4, 14))
    for row in count():
        x = chance.uniform(0, 0.2) * size[0]
        while x < size[0]:
            yield x, (row + 0.5) * row_px % size[1]
            x += chance.uniform(8, 30)


def _form(size: Size, chance: Random) -> Iterator[Spot]:
    """One below the other, in a column or two."""
    lefts = [chance.uniform(0.2, 0.45), chance.uniform(0.55, 0.8)][: chance.randint(1, 2)]
    y = 0.0
    while True:
        y = (y + chance.uniform(4, 16)) % size[1]
        yield chance.choice(lefts) * size[0], y


def _stairs(size: Size, chance: Random) -> Iterator[Spot]:
    """From one corner to the one across."""
    falls = chance.random() < 0.5
    while True:
        along = chance.random()
        y = along if falls else 1 - along
        yield along * size[0], min(max(y + chance.uniform(-0.08, 0.08), 0), 1) * size[1]


def _rim(size: Size, chance: Random) -> Iterator[Spot]:
    """Along the edges, as on a screen with docks."""
    thick = chance.uniform(0.08, 0.25)
    while True:
        along, across = chance.random(), chance.uniform(0, thick)
        x, y = (along, across) if chance.random() < 0.5 else (across, along)
        yield (x if chance.random() < 0.5 else 1 - x) * size[0], (y if chance.random() < 0.5 else 1 - y) * size[1]


LAYOUTS: dict[Split, tuple[Layout, ...]] = {
    "train": (_scattered, _scattered, _grid, _toolbar, _form),
    "test": (_stairs, _rim),
}
