"""Reads the head of a GGUF file, in which a model says what it is; believes none of its numbers.

The format is https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3, little-endian. Weights are
never read. Every length is held against the size of the file before anything is allocated, so that a file made to harm
costs no more than a broken one.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

from workbench.errors import BadInputError

Scalar = str | int | float | bool

TOKENS = "tokenizer.ggml.tokens"
"""The array whose texts must all be different."""

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_LARGEST_HEAD_BYTES = 256 * 1024**2
_LONGEST_STRING_BYTES = 16 * 1024**2
_LONGEST_KEY_BYTES = 65_535
_LONGEST_TENSOR_NAME_BYTES = 127
_MOST_VALUES = 65_536
_MOST_TENSORS = 200_000
_MOST_ELEMENTS = 16 * 1024**2
_MOST_DIMENSIONS = 4
_LARGEST_ALIGNMENT = 65_536
_DUPLICATES_SHOWN = 3

_SCALARS = {
    code: struct.Struct(f"<{letter}")
    for code, letter in {
        0: "B",
        1: "b",
        2: "H",
        3: "h",
        4: "I",
        5: "i",
        6: "f",
        7: "?",
        10: "Q",
        11: "q",
        12: "d",
    }.items()
}
_STRING, _ARRAY = 8, 9
_COUNT, _LENGTH = struct.Struct("<I"), struct.Struct("<Q")

_BLOCKS: Mapping[int, tuple[int, int]] = {
    kind: (numbers, size_bytes)
    for numbers, kinds in {
        1: {0: 4, 1: 2, 24: 1, 25: 2, 26: 4, 27: 8, 28: 8, 30: 2},
        32: {2: 18, 3: 20, 6: 22, 7: 24, 8: 34, 9: 40, 20: 18, 39: 17},
        64: {40: 36},
        128: {41: 18},
        256: {10: 84, 11: 110, 12: 144, 13: 176, 14: 210, 15: 292, 16: 66, 17: 74, 18: 98, 19: 50}
        | {21: 110, 22: 82, 23: 136, 29: 56, 34: 54, 35: 66},
    }.items()
    for kind, size_bytes in kinds.items()
}
"""How many numbers a block of each kind of tensor holds, and in how many bytes (ggml's type table)."""

_BEGINNINGS = {
    b"<": "it is a web page, not a model; download the file itself",
    b"version https://git-lfs": "it is a Git LFS pointer, not a model; fetch the file that it stands for",
    b"PK": "it is an archive, not a GGUF file; unpack or convert it",
    b"ggjt": "it is of a format older than GGUF; get a GGUF file of the model",
    b"ggml": "it is of a format older than GGUF; get a GGUF file of the model",
}


@dataclass(frozen=True)
class Tensor:
    """A tensor's shape, the dimension whose numbers lie side by side first, and ggml's number for how it is packed."""

    name: str
    shape: tuple[int, ...]
    kind: int


@dataclass(frozen=True)
class Head:
    """What stands before the weights: single values, the lengths of arrays, and the shapes of tensors.

    `duplicate_tokens` are some texts that occur more than once in the vocabulary, as far as llama.cpp sees them.
    """

    path: Path
    size_bytes: int
    values: Mapping[str, Scalar]
    lengths: Mapping[str, int]
    tensors: Mapping[str, Tensor]
    duplicate_tokens: tuple[str, ...] = ()

    def text(self, key: str) -> str:
        """The text under that key; empty where there is none."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """The whole number under that key; 0 where there is none."""
        value = self.values.get(key, 0)
        return value if isinstance(value, int) else 0


def read_head(path: Path) -> Head:
    """The head of the file; raises `BadInputError` that says what is wrong with which file, and what to do."""
    try:
        if not path.exists():
            raise BadInputError(f"there is no file {path}; give the path of a GGUF file")
        if not path.is_file():
            raise BadInputError(f"{path} is no file; give the path of a GGUF file")
        with path.open("rb") as file:
            return _Reader(file, path).head()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInputError(f"{path} cannot be read: {reason}; check the path and its permissions") from error


class _Reader:
    """One pass over the head of an open file, from its first byte."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._size = path.stat().st_size
        self._at = 0
        self._values: dict[str, Scalar] = {}
        self._lengths: dict[str, int] = {}
        self._duplicates: list[str] = []

    def head(self) -> Head:
        self._check_beginning()
        tensor_count = self._bounded(self._number(_LENGTH), _MOST_TENSORS, "tensors")
        value_count = self._bounded(self._number(_LENGTH), _MOST_VALUES, "values")
        for _ in range(value_count):
            self._read_value()
        tensors = self._read_tensors(tensor_count)
        return Head(self._path, self._size, self._values, self._lengths, tensors, tuple(self._duplicates))

    def _check_beginning(self) -> None:
        if not self._size:
            raise self._wrong("it is empty", "download it again")
        beginning = self._file.peek(64)[:64] if hasattr(self._file, "peek") else b""
        if self._take(4) != _MAGIC:
            for mark, text in _BEGINNINGS.items():
                if beginning.lstrip().startswith(mark):
                    raise BadInputError(f"{self._path}: {text}")
            raise self._wrong("it does not begin as one", "give a .gguf file")
        version = self._number(_COUNT)
        if version not in _VERSIONS:
            swapped = int.from_bytes(version.to_bytes(4, "little"), "big") in _VERSIONS
            kind = "it is big-endian" if swapped else f"it is of version {version}"
            raise self._wrong(kind, "get a little-endian file of version 2 or 3")

    def _read_value(self) -> None:
        key = self._string(_LONGEST_KEY_BYTES).decode("utf-8", "replace")
        if key in self._values or key in self._lengths:
            raise self._wrong(f"“{_short(key)}” occurs twice in its head")
        code = self._number(_COUNT)
        if code == _ARRAY:
            self._lengths[key] = self._array(key)
        elif code == _STRING:
            self._values[key] = self._string(_LONGEST_STRING_BYTES).decode("utf-8", "replace")
        else:
            (self._values[key],) = self._scalar(code).unpack(self._take(self._scalar(code).size))

    def _array(self, key: str) -> int:
        """Pass over an array and return its length; of the vocabulary, keep what occurs twice."""
        code = self._number(_COUNT)
        count = self._bounded(self._number(_LENGTH), _MOST_ELEMENTS, f"elements of “{_short(key)}”")
        if code != _STRING:
            self._skip(count * self._scalar(code).size)
            return count
        self._bounded(count * _LENGTH.size, self._size - self._at, f"bytes of “{_short(key)}”")
        texts = (self._string(_LONGEST_STRING_BYTES) for _ in range(count))
        if key == TOKENS:
            self._duplicates = _duplicates(texts)
        else:
            for _ in texts:
                pass
        return count

    def _read_tensors(self, count: int) -> dict[str, Tensor]:
        tensors: dict[str, Tensor] = {}
        ends = [0]
        for _ in range(count):
            tensor = self._tensor()
            if tensor.name in tensors:
                raise self._wrong(f"the tensor “{_short(tensor.name)}” occurs twice")
            tensors[tensor.name] = tensor
            ends.append(self._number(_LENGTH) + _size_bytes(tensor))
        alignment = self._values.get("general.alignment", 32)
        if not isinstance(alignment, int) or not 1 <= alignment <= _LARGEST_ALIGNMENT:
            raise self._wrong(f"its alignment of {alignment} is impossible")
        needed = -(-self._at // alignment) * alignment + max(ends)
        if needed > self._size:
            raise self._wrong(f"it is cut short at {self._size} of {needed} bytes", "download it again")
        return tensors

    def _tensor(self) -> Tensor:
        name = self._string(_LONGEST_TENSOR_NAME_BYTES).decode("utf-8", "replace")
        dimensions = self._bounded(self._number(_COUNT), _MOST_DIMENSIONS, f"dimensions of “{_short(name)}”")
        shape = tuple(self._number(_LENGTH) for _ in range(dimensions))
        return Tensor(name, shape, self._number(_COUNT))

    def _scalar(self, code: int) -> struct.Struct:
        if code not in _SCALARS:
            raise self._wrong(f"a value in its head is of the unknown type {code}")
        return _SCALARS[code]

    def _string(self, longest_bytes: int) -> bytes:
        return self._take(self._bounded(self._number(_LENGTH), longest_bytes, "bytes in one text"))

    def _number(self, form: struct.Struct) -> int:
        number: int = form.unpack(self._take(form.size))[0]
        return number

    def _take(self, count: int) -> bytes:
        self._at += count
        if self._at > _LARGEST_HEAD_BYTES:
            raise self._wrong(f"its head is longer than {_LARGEST_HEAD_BYTES // 1024**2} MB")
        data = self._file.read(count) if self._at <= self._size else b""
        if len(data) < count:
            raise self._wrong("it is cut short within its head", "download it again")
        return data

    def _skip(self, count: int) -> None:
        while count:
            count -= len(self._take(min(count, 1024**2)))

    def _bounded(self, number: int, most: int, what: str) -> int:
        if number > most:
            raise self._wrong(f"it claims {number} {what}, more than can be")
        return number

    def _wrong(self, what: str, remedy: str = "it is damaged: download it again") -> BadInputError:
        return BadInputError(f"{self._path} is no usable GGUF file: {what}; {remedy}")


def _duplicates(texts: Iterator[bytes]) -> list[str]:
    """Some texts that occur twice, as llama.cpp reads them: up to the first zero byte, empty ones given names."""
    seen: set[bytes] = set()
    found: list[str] = []
    for text in texts:
        token = text.partition(b"\0")[0]
        if token in seen and len(found) < _DUPLICATES_SHOWN:
            found.append(token.decode("utf-8", "replace"))
        if token:
            seen.add(token)
    return found


def _size_bytes(tensor: Tensor) -> int:
    """How long the tensor is in the file; 0 for a kind that is newer than this table."""
    numbers, size = _BLOCKS.get(tensor.kind, (1, 0))
    return prod(tensor.shape) * size // numbers


def _short(text: str) -> str:
    clean = "".join(c if c.isprintable() else "�" for c in text)
    return clean if len(clean) <= 60 else clean[:59] + "…"
