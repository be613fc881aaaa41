"""What a model is asked: messages of text and pictures, in the order that keeps their beginning the same.

Text is never trusted: whatever is in it, it cannot become a control token or the mark of an image. Only the model's own
chat template makes those.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from workbench.geometry import Rect

Role = Literal["system", "user", "assistant"]
RGB = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Picture:
    """Pixels for a model to look at: an array of shape (height, width, 3), uint8, red first.

    It keeps a copy that nobody can write to: a runtime knows it by its digest, which has to stay true.
    """

    pixels: RGB

    def __post_init__(self) -> None:
        """Take the copy, unless the pixels are read-only already."""
        if self.pixels.flags.writeable:
            pixels = self.pixels.copy()
            pixels.flags.writeable = False
            object.__setattr__(self, "pixels", pixels)

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])

    @property
    def bounds(self) -> Rect:
        """The whole picture, from its own top-left pixel."""
        return Rect(0, 0, self.width, self.height)

    @cached_property
    def digest(self) -> str:
        """The same for the same pixels: what a runtime knows a picture by."""
        digest = hashlib.sha256(f"{self.width}x{self.height}:".encode())
        digest.update(np.ascontiguousarray(self.pixels).data)
        return digest.hexdigest()[:32]


Part = str | Picture


@dataclass(frozen=True)
class Message:
    """One turn of a conversation; its parts follow each other without anything between."""

    role: Role
    parts: tuple[Part, ...]


Prompt = tuple[Message, ...]
"""Messages in order. What stays the same from step to step stands first, so that its evaluation is reused."""


def pictures_of(prompt: Prompt) -> list[Picture]:
    """The pictures of the prompt, in order."""
    return [part for message in prompt for part in message.parts if isinstance(part, Picture)]
