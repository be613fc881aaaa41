"""What of a prompt has to be sent: the pixels of a picture once, afterwards only the digest that it is known by."""

import numpy as np

from agents.runtime.messages import Image, Text, Turn, Turns
from agents.runtime.prompt import Picture, Prompt, pictures_of
from workbench.errors import BadInputError

_REMEMBERED = 256
_MOST_BYTES = 1 << 30


class Sender:
    """Knows which pictures one worker was sent lately; for one thread at a time."""

    def __init__(self) -> None:
        self._sent: dict[str, None] = {}

    def turns(self, prompt: Prompt) -> Turns:
        """The prompt for the worker; raises `BadInputError` for pictures that are none, or too large together."""
        _check(prompt)
        return tuple(Turn(message.role, tuple(map(self._part, message.parts))) for message in prompt)

    def forget(self) -> None:
        """The worker lost its pictures, or is another one."""
        self._sent.clear()

    def _part(self, part: str | Picture) -> Text | Image:
        if isinstance(part, str):
            return Text(as_unicode(part))
        known = part.digest in self._sent
        self._sent.pop(part.digest, None)
        self._sent[part.digest] = None
        if len(self._sent) > _REMEMBERED:
            del self._sent[next(iter(self._sent))]
        return Image(part.digest, part.width, part.height, b"" if known else part.pixels.tobytes())


def as_unicode(text: str) -> str:
    """The text with lone surrogates, which some applications show and no model can read, as question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _check(prompt: Prompt) -> None:
    pictures = pictures_of(prompt)
    for picture in pictures:
        shape = picture.pixels.shape
        if picture.pixels.dtype != np.uint8 or len(shape) != 3 or shape[2] != 3 or 0 in shape:
            raise BadInputError(
                f"a picture for a model has height x width x 3 bytes, this one is {shape} of {picture.pixels.dtype}; "
                "give it as RGB"
            )
    if sum(picture.pixels.nbytes for picture in pictures) > _MOST_BYTES:
        raise BadInputError("the pictures of one question are larger than 1 GiB together; send fewer or smaller ones")
