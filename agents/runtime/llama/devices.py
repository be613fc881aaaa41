"""What llama.cpp can work with on this machine: its build's backends and the cards with their memory.

Everything here loads llama.cpp, so it runs in the worker process or, started as a program (`python -m`), in a process
of its own that writes one JSON document to standard output: a build for another processor dies there, alone.
"""

import ctypes
import os
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

PACKAGE = "llama-cpp-python"

_KINDS = {0: "CPU", 1: "GPU", 2: "integrated GPU", 3: "accelerator"}


class Device(Struct, frozen=True):
    """One thing that llama.cpp can compute on.

    `backend` is the part of llama.cpp that drives it ("CUDA", "Vulkan", "Metal", "CPU" and so on), `kind` what it is;
    `name` is llama.cpp's own name for it, `description` the maker's. Memory is in bytes, 0 where the driver tells none.
    """

    name: str
    description: str
    backend: str
    kind: str
    free_bytes: int = 0
    total_bytes: int = 0

    @property
    def is_gpu(self) -> bool:
        """Whether layers can be moved there to be computed faster."""
        return self.kind in ("GPU", "integrated GPU")


def used_cards(found: Sequence[Device]) -> tuple[Device, ...]:
    """The cards that llama.cpp puts layers on: integrated ones only where there is no other."""
    discrete = tuple(device for device in found if device.kind == "GPU")
    return discrete or tuple(device for device in found if device.is_gpu)


class Build(Struct, frozen=True):
    """The llama.cpp that is installed: its version, whether it can use a card at all, and what it sees."""

    version: str
    offloads: bool
    devices: tuple[Device, ...]


def build() -> Build:
    """What is installed here; loads llama.cpp, and raises ImportError or OSError where it cannot be loaded."""
    import llama_cpp

    load_backends()
    return Build(metadata.version(PACKAGE), bool(llama_cpp.llama_supports_gpu_offload()), devices())


def load_backends() -> None:
    """Have a llama.cpp whose backends are libraries of their own (GGML_BACKEND_DL) load those that fit this processor.

    To be called before a model is loaded; does nothing for a build that has its backends inside, or the second time.
    """
    ggml, _ = _libraries()
    ggml.ggml_backend_reg_count.restype = ctypes.c_size_t
    if ggml.ggml_backend_reg_count() == 0:
        ggml.ggml_backend_load_all_from_path.restype = None
        ggml.ggml_backend_load_all_from_path(os.fsencode(_folder()))


def devices() -> tuple[Device, ...]:
    """Everything that llama.cpp sees now, the CPU included; loads llama.cpp."""
    load_backends()
    ggml, base = _libraries()
    ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    ggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    return tuple(_device(base, ggml.ggml_backend_dev_get(index)) for index in range(ggml.ggml_backend_dev_count()))


def _device(base: Any, handle: int) -> Device:
    free, total = ctypes.c_size_t(0), ctypes.c_size_t(0)
    base.ggml_backend_dev_memory.restype = None
    base.ggml_backend_dev_memory(ctypes.c_void_p(handle), ctypes.byref(free), ctypes.byref(total))
    base.ggml_backend_dev_type.restype = ctypes.c_int
    base.ggml_backend_dev_backend_reg.restype = ctypes.c_void_p
    kind = base.ggml_backend_dev_type(ctypes.c_void_p(handle))
    registry = base.ggml_backend_dev_backend_reg(ctypes.c_void_p(handle))
    return Device(
        _text(base.ggml_backend_dev_name, handle),
        _text(base.ggml_backend_dev_description, handle),
        _text(base.ggml_backend_reg_name, registry),
        _KINDS.get(kind, "other"),
        free.value,
        total.value,
    )


def _text(function: Any, handle: int) -> str:
    function.restype = ctypes.c_char_p
    said = function(ctypes.c_void_p(handle))
    return said.decode(errors="replace") if said else ""


def _libraries() -> tuple[Any, Any]:
    """ggml's registry and its base, as llama.cpp loaded them.

    A wheel holds each library under three names, which are three files: loaded by another name than llama.cpp's it
    would be a second one, with a registry that llama.cpp does not ask. Only Windows has no such names, and finds no
    function in a library that another one loaded.
    """
    from llama_cpp import llama_cpp
    from llama_cpp._ctypes_extensions import load_shared_library

    if os.name == "nt":
        return load_shared_library("ggml", _folder()), load_shared_library("ggml-base", _folder())
    return llama_cpp._lib, llama_cpp._lib


def _folder() -> Path:
    """Where llama.cpp's libraries lie."""
    from llama_cpp import llama_cpp

    return Path(llama_cpp._base_path)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(build()))
