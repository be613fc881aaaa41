"""How much of a model goes to the graphics card: as many layers as its free memory holds, worked out before loading.

llama.cpp counts a model of n blocks as n + 1 layers that can be moved; the last holds the output matrix. A block's part
of the token memory (KV cache) lies where the block lies; the vision part (mmproj) goes to one card as a whole or not
at all. Sizes are estimates from the files: what llama.cpp needs besides, for its work and its driver, is the reserve.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agents.runtime.llama.devices import Device, used_cards

RESERVE_BYTES = 768 * 1024**2
"""Kept free on every card for work buffers (512 tokens by 150 000 words are 300 MB) and for the driver; an estimate."""

_F16_BYTES = 2


@dataclass(frozen=True)
class Footprint:
    """What a model takes in memory.

    `layers` is the number of its blocks, `context` the tokens that shall fit, `kv_bytes_per_token` what one token of
    them takes over all blocks together. `mmproj_bytes` 0 means that there is no vision part to be moved.
    """

    model_bytes: int
    layers: int
    context: int
    kv_bytes_per_token: int
    mmproj_bytes: int = 0

    @property
    def per_layer_bytes(self) -> int:
        """What one of the n + 1 layers takes with its part of the token memory, rounded up."""
        weights = -(-self.model_bytes // (self.layers + 1))
        tokens = -(-self.context * self.kv_bytes_per_token // max(self.layers, 1))
        return weights + tokens


@dataclass(frozen=True)
class Placement:
    """Where the parts go: `gpu_layers` as llama.cpp counts them, and whether the vision part goes to the card too.

    `problem` says in one line why a card is not used that could be; empty where there is none.
    """

    gpu_layers: int
    mmproj_on_gpu: bool
    problem: str = ""


def layers_that_fit(footprint: Footprint, free_bytes: int, *, reserve_bytes: int = RESERVE_BYTES) -> int:
    """How many layers (0 to `layers` + 1) fit on a card with so much free memory, its vision part counted first.

    More memory never gives fewer layers, and what is moved takes at most `free_bytes` less the reserve. Without room
    for the vision part the answer is 0: then it is better to ask `placement`, which leaves that part on the CPU.
    """
    room = free_bytes - reserve_bytes - footprint.mmproj_bytes
    if room <= 0 or footprint.per_layer_bytes <= 0:
        return 0
    return min(room // footprint.per_layer_bytes, footprint.layers + 1)


def placement(
    footprint: Footprint, devices: Sequence[Device], *, wanted_layers: int = -1, reserve_bytes: int = RESERVE_BYTES
) -> Placement:
    """Where to put a model on the cards that llama.cpp sees; all on the CPU where it sees none.

    `wanted_layers` -1 takes as many as fit; any other number is taken as it is, for a person knows better, and the
    vision part then goes along unless it is 0. Among several cards llama.cpp shares the layers by their free memory;
    the vision part lies on the first, so it takes room from that one only. A card that tells no free memory gets
    nothing unless a person says how much, and that is a `problem`.
    """
    cards = used_cards(devices)
    if not cards:
        return Placement(0, mmproj_on_gpu=False)
    if wanted_layers >= 0:
        return Placement(min(wanted_layers, footprint.layers + 1), mmproj_on_gpu=wanted_layers > 0)
    rooms = [card.free_bytes for card in cards]
    sees = rooms[0] - reserve_bytes >= footprint.mmproj_bytes
    first = footprint if sees else replace(footprint, mmproj_bytes=0)
    others = replace(footprint, mmproj_bytes=0)
    fitting = layers_that_fit(first, rooms[0], reserve_bytes=reserve_bytes)
    fitting += sum(layers_that_fit(others, room, reserve_bytes=reserve_bytes) for room in rooms[1:])
    return Placement(min(fitting, footprint.layers + 1), mmproj_on_gpu=sees, problem=_untold(cards))


def _untold(cards: Sequence[Device]) -> str:
    names = ", ".join(card.description or card.name for card in cards if not card.free_bytes)
    if not names:
        return ""
    return (
        f"how much memory is free on {names} is not known (its driver says 0), so nothing was planned for it: "
        "set model.gpu_layers to the number of layers that the card shall take"
    )


def footprint_of(
    metadata: Mapping[str, object], model_bytes: int, *, mmproj_bytes: int = 0, context: int = 0
) -> Footprint:
    """The footprint of a GGUF file from its keys; numbers may be numbers or text, as llama.cpp gives them.

    Keys that are missing count as a model without attention over several heads; `context` 0 takes that of the file.
    """
    architecture = str(metadata.get("general.architecture", ""))

    def number(key: str, otherwise: int) -> int:
        return _number(metadata.get(f"{architecture}.{key}"), otherwise)

    layers = max(number("block_count", 0), 0)
    heads = max(number("attention.head_count", 1), 1)
    width = number("embedding_length", 0) // heads
    lengths = number("attention.key_length", width) + number("attention.value_length", width)
    per_token = layers * number("attention.head_count_kv", heads) * lengths * _F16_BYTES
    return Footprint(model_bytes, layers, context or number("context_length", 0), per_token, mmproj_bytes)


def _number(value: object, otherwise: int) -> int:
    """The number of a key; the largest where a file gives one for every block."""
    if isinstance(value, int | float):
        return int(value)
    if isinstance(value, str) and value.strip().isdigit():
        return int(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return max((_number(each, 0) for each in value), default=otherwise)
    return otherwise
