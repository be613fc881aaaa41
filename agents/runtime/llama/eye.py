"""Pictures as a model takes them: cut and encoded by its mmproj (libmtmd), and remembered, so that a picture which only
moves to another place of the prompt is not encoded again.
"""

import ctypes
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import numpy.typing as npt
from llama_cpp import mtmd_cpp

from agents.runtime.messages import Image, Load
from agents.runtime.ports import ModelError
from workbench.errors import BadInputError

VECTOR_BYTES = 512 * 1024**2
"""So much of what was encoded is kept."""

KNOWN_PICTURES = 32
"""So many pictures are remembered at all."""

MOST_PIXELS = 100_000_000

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Patch:
    """A piece of a picture: `tokens` in the context and `positions` in the model's counting, which may differ."""

    digest: str
    number: int
    tokens: int
    positions: int


Unit = int | Patch
"""A token, or a piece of a picture: what a prompt is made of."""


@dataclass(frozen=True)
class _Cut:
    """How a picture is cut: its units, and of each patch what llama.cpp must know to place it (owned)."""

    units: list[Unit]
    places: list[Any]


class Eye:
    """The mmproj of a loaded model. One thread; `close` before the model is freed."""

    def __init__(self, load: Load, model: Any, *, threads: int, on_gpu: bool) -> None:
        settings = mtmd_cpp.mtmd_context_params_default()
        settings.use_gpu = on_gpu
        settings.print_timings = False
        settings.n_threads = threads
        settings.flash_attn_type = flash_attention(on_gpu=on_gpu)
        settings.image_min_tokens = load.image_min_tokens or -1
        settings.image_max_tokens = load.image_max_tokens or -1
        self._path = Path(load.mmproj)
        self._handle = mtmd_cpp.mtmd_init_from_file(load.mmproj.encode(), model, settings)
        if not self._handle:
            raise BadInputError(f"{load.mmproj} does not work with {load.model}: take the mmproj that belongs to it")
        if not mtmd_cpp.mtmd_support_vision(self._handle):
            self.close()
            raise BadInputError(f"{load.mmproj} hears but does not see: take the mmproj for pictures")
        self._width = int(llama_cpp.llama_model_n_embd_inp(model))
        self._cuts: OrderedDict[str, _Cut] = OrderedDict()
        self._vectors: OrderedDict[tuple[str, int], Vectors] = OrderedDict()
        self._fresh: dict[str, Any] = {}
        self._shown: dict[str, Image] = {}
        self.encoded: set[str] = set()
        self.encode_ms = 0.0

    @property
    def whole_batches(self) -> bool:
        """Whether a patch must be evaluated in one go, because its tokens look at each other both ways."""
        return bool(mtmd_cpp.mtmd_decode_use_non_causal(self._handle, None))

    @contextmanager
    def request(self) -> Iterator[None]:
        """During one request pixels are held, to be encoded when they are needed; counters begin at zero."""
        self.encoded, self.encode_ms = set(), 0.0
        try:
            yield
        finally:
            for chunks in self._fresh.values():
                mtmd_cpp.mtmd_input_chunks_free(chunks)
            self._fresh.clear()
            self._shown.clear()

    def units(self, image: Image) -> list[Unit]:
        """The picture as units; cheap for pictures that were seen lately."""
        self._shown[image.digest] = image
        if image.digest not in self._cuts:
            self._cuts[image.digest] = self._cut(image)
            self._make_room()
        self._cuts.move_to_end(image.digest)
        return self._cuts[image.digest].units

    def decode(self, patch: Patch, context: Any, *, at: int, batch: int) -> int:
        """Evaluate a patch at a position with a context; gives llama.cpp's code, 0 for success."""
        vectors = self._vectors_of(patch)
        end = llama_cpp.llama_pos(0)
        return int(
            mtmd_cpp.mtmd_helper_decode_image_chunk(
                self._handle,
                context,
                self._cuts[patch.digest].places[patch.number],
                vectors.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
                at,
                0,
                batch,
                ctypes.byref(end),
                mtmd_cpp.mtmd_helper_post_decode_callback(),
                None,
            )
        )

    def close(self) -> None:
        """Free it. Idempotent."""
        if not self._handle:
            return
        for digest in list(getattr(self, "_cuts", ())):
            self._forget(digest)
        mtmd_cpp.mtmd_free(self._handle)
        self._handle = None

    def _make_room(self) -> None:
        """Forget the oldest pictures, but none of this request."""
        spare = [digest for digest in self._cuts if digest not in self._shown]
        for digest in spare[: max(len(self._cuts) - KNOWN_PICTURES, 0)]:
            self._forget(digest)

    def _forget(self, digest: str) -> None:
        for key in [key for key in self._vectors if key[0] == digest]:
            del self._vectors[key]
        for place in self._cuts.pop(digest).places:
            mtmd_cpp.mtmd_input_chunk_free(place)

    def _cut(self, image: Image) -> _Cut:
        units: list[Unit] = []
        places: list[Any] = []
        for chunk in _each(self._fresh_chunks(image)):
            if mtmd_cpp.mtmd_input_chunk_get_type(chunk) == mtmd_cpp.MTMD_INPUT_CHUNK_TYPE_TEXT:
                units += _tokens_of(chunk)
                continue
            tokens = int(mtmd_cpp.mtmd_input_chunk_get_n_tokens(chunk))
            positions = int(mtmd_cpp.mtmd_input_chunk_get_n_pos(chunk))
            units.append(Patch(image.digest, len(places), tokens, positions))
            places.append(mtmd_cpp.mtmd_input_chunk_get_placeholder(chunk))
        return _Cut(units, places)

    def _fresh_chunks(self, image: Image) -> Any:
        """The chunks of a picture with its pixels in them, kept until the request ends."""
        if image.digest not in self._fresh:
            self._fresh[image.digest] = self._tokenized(image)
        return self._fresh[image.digest]

    def _tokenized(self, image: Image) -> Any:
        check_picture(image)
        pixels = np.frombuffer(image.rgb, np.uint8)
        bitmap = mtmd_cpp.mtmd_bitmap_init(
            image.width, image.height, pixels.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        )
        part = mtmd_cpp.mtmd_input_part()
        part.bitmap = bitmap
        parts = (ctypes.POINTER(mtmd_cpp.mtmd_input_part) * 1)(ctypes.pointer(part))
        chunks = mtmd_cpp.mtmd_input_chunks_init()
        failed = mtmd_cpp.mtmd_tokenize_from_parts(self._handle, chunks, parts, 1, False)
        mtmd_cpp.mtmd_bitmap_free(bitmap)
        if failed:
            mtmd_cpp.mtmd_input_chunks_free(chunks)
            raise BadInputError(f"{self._path} cannot take a picture of {image.width}x{image.height} pixels")
        return chunks

    def _vectors_of(self, patch: Patch) -> Vectors:
        key = (patch.digest, patch.number)
        if key not in self._vectors:
            self._vectors[key] = self._encode(patch)
            while len(self._vectors) > 1 and sum(kept.nbytes for kept in self._vectors.values()) > VECTOR_BYTES:
                self._vectors.popitem(last=False)
        self._vectors.move_to_end(key)
        return self._vectors[key]

    def _encode(self, patch: Patch) -> Vectors:
        began = time.monotonic()
        chunks = self._fresh_chunks(self._shown[patch.digest])
        text = mtmd_cpp.MTMD_INPUT_CHUNK_TYPE_TEXT
        seen = [chunk for chunk in _each(chunks) if mtmd_cpp.mtmd_input_chunk_get_type(chunk) != text]
        if mtmd_cpp.mtmd_encode_chunk(self._handle, seen[patch.number]) != 0:
            raise ModelError(f"{self._path} could not encode a picture: free memory, or send a smaller picture")
        found = np.ctypeslib.as_array(mtmd_cpp.mtmd_get_output_embd(self._handle), (patch.tokens, self._width)).copy()
        self.encoded.add(patch.digest)
        self.encode_ms += (time.monotonic() - began) * 1000
        return found


def flash_attention(*, on_gpu: bool) -> int:
    """llama.cpp's choice on a card, where it saves memory and time; none on the CPU, where it only rounds otherwise."""
    return int(llama_cpp.LLAMA_FLASH_ATTN_TYPE_AUTO if on_gpu else llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED)


def check_picture(image: Image) -> None:
    """Refuse a picture that cannot be one; raises BadInputError."""
    size = f"{image.width}x{image.height}"
    if image.width < 1 or image.height < 1 or image.width * image.height > MOST_PIXELS:
        raise BadInputError(f"a picture of {size} pixels cannot be looked at: send one of 1 to {MOST_PIXELS} pixels")
    if len(image.rgb) != image.width * image.height * 3:
        raise BadInputError(f"a picture of {size} pixels came with {len(image.rgb)} bytes: send three per pixel")


def _each(chunks: Any) -> Iterator[Any]:
    for index in range(mtmd_cpp.mtmd_input_chunks_size(chunks)):
        yield mtmd_cpp.mtmd_input_chunks_get(chunks, index)


def _tokens_of(chunk: Any) -> list[int]:
    count = ctypes.c_size_t()
    tokens = mtmd_cpp.mtmd_input_chunk_get_tokens_text(chunk, ctypes.byref(count))
    return [int(tokens[index]) for index in range(count.value)]
