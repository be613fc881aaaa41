"""What the program and the worker process say to each other: msgpack, each message behind its length in four bytes.

The program writes requests, the worker replies. Every request has a number that its replies carry; a request is
answered by any number of `Piece` and then exactly one other reply. `Cancel` and `Ping` are taken at any time: `Cancel`
makes the request that runs end early, `Ping` is answered by `Pong` even while llama.cpp works.
"""

import struct
from typing import BinaryIO, Literal

import msgspec
from msgspec import Struct

from agents.runtime.ports import PLAIN, Answer, Asking, Loaded

_LENGTH = struct.Struct("<I")


class Text(Struct, frozen=True, tag_field="is", tag="text"):
    """Text of a message."""

    text: str


class Image(Struct, frozen=True, tag_field="is", tag="image"):
    """A picture of a message; `rgb` is empty where the worker has this digest already."""

    digest: str
    width: int
    height: int
    rgb: bytes = b""


class Turn(Struct, frozen=True):
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    parts: tuple[Text | Image, ...]


Turns = tuple[Turn, ...]


class Load(Struct, frozen=True, tag_field="is", tag="load"):
    """Load these files.

    `context` is in tokens; 0 takes what the model was trained with, at most 8192. `gpu_layers` -1 means as many as fit.
    `threads` 0 means one per core. `image_min_tokens` and `image_max_tokens` 0 leave it to the model.
    """

    number: int
    model: str
    mmproj: str = ""
    context: int = 0
    gpu_layers: int = -1
    threads: int = 0
    image_min_tokens: int = 0
    image_max_tokens: int = 0
    embeds: bool = False


class See(Struct, frozen=True, tag_field="is", tag="see"):
    """Evaluate the beginning of a prompt, so that a question that begins with it is answered sooner."""

    number: int
    turns: Turns


class Ask(Struct, frozen=True, tag_field="is", tag="ask"):
    """Answer a prompt."""

    number: int
    turns: Turns
    asking: Asking = PLAIN


class Count(Struct, frozen=True, tag_field="is", tag="count"):
    """How many tokens is this?"""

    number: int
    turns: Turns


class Save(Struct, frozen=True, tag_field="is", tag="save"):
    """Keep the evaluated prompt under a name."""

    number: int
    name: str


class Restore(Struct, frozen=True, tag_field="is", tag="restore"):
    """Go back to a prompt that was kept; unknown names are an error."""

    number: int
    name: str


class Embed(Struct, frozen=True, tag_field="is", tag="embed"):
    """One vector per text."""

    number: int
    texts: tuple[str, ...]


class Cancel(Struct, frozen=True, tag_field="is", tag="cancel"):
    """End the request of that number early."""

    number: int


class Ping(Struct, frozen=True, tag_field="is", tag="ping"):
    """Are you there?"""


class Stop(Struct, frozen=True, tag_field="is", tag="stop"):
    """End the process."""


Request = Load | See | Ask | Count | Save | Restore | Embed | Cancel | Ping | Stop


class Ready(Struct, frozen=True, tag_field="is", tag="ready"):
    """The files are loaded."""

    number: int
    loaded: Loaded


class Piece(Struct, frozen=True, tag_field="is", tag="piece"):
    """Some more of an answer."""

    number: int
    text: str


class Answered(Struct, frozen=True, tag_field="is", tag="answered"):
    """The whole answer; that to `See` has no text."""

    number: int
    answer: Answer


class Counted(Struct, frozen=True, tag_field="is", tag="counted"):
    """A number of tokens."""

    number: int
    tokens: int


class Done(Struct, frozen=True, tag_field="is", tag="done"):
    """It was done."""

    number: int


class Embedded(Struct, frozen=True, tag_field="is", tag="embedded"):
    """The vectors, one after the other as little-endian float32, each `size` long."""

    number: int
    size: int
    vectors: bytes


class Refused(Struct, frozen=True, tag_field="is", tag="refused"):
    """It cannot be done: one line for people, the exit code of its error, and what llama.cpp said meanwhile.

    `missing` are the digests of pictures that were sent without pixels and that the worker has not, or no longer.
    """

    number: int
    text: str
    exit_code: int = 1
    native: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Pong(Struct, frozen=True, tag_field="is", tag="pong"):
    """I am here."""


Reply = Ready | Piece | Answered | Counted | Done | Embedded | Refused | Pong


def pack(message: Request | Reply) -> bytes:
    """A message without its length; raises UnicodeEncodeError for text that is no Unicode (lone surrogates)."""
    return msgspec.msgpack.encode(message)


def write_packed(pipe: BinaryIO, body: bytes) -> None:
    """Write what `pack` made and flush; raises OSError where the other side is gone."""
    pipe.write(_LENGTH.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def write(pipe: BinaryIO, message: Request | Reply) -> None:
    """Write one message and flush; raises OSError where the other side is gone."""
    write_packed(pipe, pack(message))


def read(pipe: BinaryIO, limit: int = 0xFFFFFFFF) -> bytes | None:
    """The next message as it was written, waiting for it; None at the end of the pipe, also within a message.

    None too where a message claims to be longer than `limit` bytes: then what came is no message.
    """
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > limit:
        return None
    body = pipe.read(length)
    return body if len(body) == length else None
