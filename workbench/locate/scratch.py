"""Memory for large intermediate pictures, kept and used again by the same thread.

A fresh picture of a full screen costs more in page faults than what is computed on it.
"""

import threading

import numpy as np
from numpy.typing import NDArray


class _Kept(threading.local):
    """One buffer per use and thread."""

    def __init__(self) -> None:
        self.buffers: dict[str, NDArray[np.uint8]] = {}


_kept = _Kept()


def borrowed(use: str, *shape: int) -> NDArray[np.uint8]:
    """Bytes of this shape with any content; theirs until the thread borrows for the same `use` again."""
    size = int(np.prod(shape))
    buffer = _kept.buffers.get(use)
    if buffer is None or buffer.size < size:
        buffer = _kept.buffers[use] = np.empty(size, np.uint8)
    return buffer[:size].reshape(shape)
