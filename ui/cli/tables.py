"""Plain tables and times for a terminal."""

import time
from collections.abc import Iterable, Sequence

from workbench.report.words import tidy


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Aligned columns under their heads; cells are cleaned of what could upset a terminal."""
    lines = [list(heads), *([tidy(cell, 200) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(line.rstrip() for line in padded)


def local_time(epoch_s: float) -> str:
    """A moment as the person's clock shows it, to the minute; empty where it is unknown or no clock could show it."""
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(epoch_s)) if epoch_s else ""
    except (OverflowError, ValueError, OSError):
        return ""
