"""Opening a model's files with llama.cpp: everything that can be refused is refused here, before the first question."""

import os
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp

from agents.runtime.llama.brake import Brake
from agents.runtime.llama.devices import Device, devices, used_cards
from agents.runtime.llama.eye import Eye, flash_attention
from agents.runtime.llama.native import NativeLog
from agents.runtime.llama.offload import Placement, footprint_of, placement
from agents.runtime.messages import Load
from agents.runtime.models.gguf_header import check_fit, model_header, projector_header
from agents.runtime.models.gguf_reading import Head, read_head
from agents.runtime.ports import Loaded
from workbench.errors import BadInputError, UnavailableError

BATCH = 512
WHOLE_PICTURE_BATCH = 2048
"""For models that must evaluate a picture in one go."""

_CONTEXT_STEP = 256
_DEFAULT_CONTEXT = 8192
_DEFAULT_EMBEDDING_CONTEXT = 2048
"""Texts are embedded in one go, and memory for that grows with the square of their length."""


@dataclass(frozen=True)
class Opened:
    """A model ready to work. `closing` frees all of it, in the right order."""

    model: Any
    context: Any
    eye: Eye | None
    batch: int
    template: str
    loaded: Loaded
    closing: ExitStack


def open_model(load: Load, brake: Brake, log: NativeLog) -> Opened:
    """Load the files; raises BadInputError for files that cannot be used, UnavailableError where memory does not do,
    and what the brake was pressed for.
    """
    began = time.monotonic()
    head, mmproj = _checked(load)
    with ExitStack() as closing:
        architecture = head.text("general.architecture")
        trained = head.number(f"{architecture}.context_length")
        context_tokens = _context_tokens(load, trained)
        places = _place(load, head, mmproj, context_tokens)
        if places.problem:
            log.warn(places.problem)
        model = _model(load, places, brake, log)
        closing.callback(llama_cpp.llama_model_free, model)
        threads = load.threads or _cores()
        eye = Eye(load, model, threads=threads, on_gpu=places.mmproj_on_gpu) if load.mmproj else None
        brake.check()
        batch = _batch(load, eye, context_tokens)
        settings = _settings(load, tokens=context_tokens, batch=batch, threads=threads)
        settings.flash_attn_type = flash_attention(on_gpu=places.gpu_layers > 0)
        if load.embeds and not _is_pooled(head):
            settings.pooling_type = llama_cpp.LLAMA_POOLING_TYPE_MEAN
        context = _context(load, model, settings)
        closing.callback(llama_cpp.llama_free, context)
        if eye is not None:
            closing.callback(eye.close)
        brake.fit(context)
        loaded = Loaded(
            name=head.text("general.name") or Path(load.model).stem,
            architecture=architecture,
            context=_usable(load, int(llama_cpp.llama_n_ctx(context)), trained),
            sees=eye is not None,
            gpu=_gpu_names(devices()) if places.gpu_layers else "",
            gpu_layers=places.gpu_layers,
            layers=int(llama_cpp.llama_model_n_layer(model)),
            load_ms=(time.monotonic() - began) * 1000,
            embedding_size=int(llama_cpp.llama_model_n_embd_out(model)),
            embeds=load.embeds,
            problem=places.problem,
        )
        template = (llama_cpp.llama_model_chat_template(model, None) or b"").decode("utf-8", "replace")
        return Opened(model, context, eye, batch, template, loaded, closing.pop_all())


def _checked(load: Load) -> tuple[Head, Head | None]:
    """The heads of the files, after everything that can be seen in them was looked at."""
    head = read_head(Path(load.model))
    header = model_header(head)
    if not load.embeds and not header.has_template:
        raise BadInputError(f"{load.model} has no chat template, so it cannot be asked: choose an instruct model")
    if not load.mmproj:
        return head, None
    mmproj = read_head(Path(load.mmproj))
    check_fit(header, projector_header(mmproj), by_name=False)
    return head, mmproj


def _context_tokens(load: Load, trained: int) -> int:
    most = _DEFAULT_EMBEDDING_CONTEXT if load.embeds else _DEFAULT_CONTEXT
    wanted = load.context or min(trained or most, most)
    return -(-wanted // _CONTEXT_STEP) * _CONTEXT_STEP


def _usable(load: Load, tokens: int, trained: int) -> int:
    """How many tokens fit; an embedder has learned so many places and no others: one more ends its process."""
    return min(tokens, trained) if load.embeds and trained else tokens


def _place(load: Load, head: Head, mmproj: Head | None, context_tokens: int) -> Placement:
    mmproj_bytes = mmproj.size_bytes if mmproj else 0
    footprint = footprint_of(head.values, head.size_bytes, mmproj_bytes=mmproj_bytes, context=context_tokens)
    return placement(footprint, devices(), wanted_layers=load.gpu_layers)


def _model(load: Load, places: Placement, brake: Brake, log: NativeLog) -> Any:
    settings = llama_cpp.llama_model_default_params()
    settings.n_gpu_layers = places.gpu_layers
    goes_on = llama_cpp.llama_progress_callback(lambda *_: not brake.pressed)
    settings.progress_callback = goes_on
    model = llama_cpp.llama_model_load_from_file(load.model.encode(), settings)
    if model:
        return model
    brake.check()
    why = f" ({log.first_fault})" if log.first_fault else ""
    raise BadInputError(f"llama.cpp cannot load {load.model}{why}: get another conversion, or a smaller model")


def _batch(load: Load, eye: Eye | None, context_tokens: int) -> int:
    if load.embeds:
        return context_tokens
    return min(WHOLE_PICTURE_BATCH if eye is not None and eye.whole_batches else BATCH, context_tokens)


def _is_pooled(head: Head) -> bool:
    """Whether the file says how its vectors of tokens become one vector of a text."""
    return head.number(f"{head.text('general.architecture')}.pooling_type") > 0


def _settings(load: Load, *, tokens: int, batch: int, threads: int) -> Any:
    settings = llama_cpp.llama_context_default_params()
    settings.n_ctx = tokens
    settings.n_batch = settings.n_ubatch = batch
    settings.n_threads = settings.n_threads_batch = threads
    settings.embeddings = load.embeds
    return settings


def _context(load: Load, model: Any, settings: Any) -> Any:
    context = llama_cpp.llama_init_from_model(model, settings)
    if not context:
        raise UnavailableError(
            f"there is not enough memory for {load.model} with {settings.n_ctx} tokens of context: load it with fewer"
        )
    return context


def _gpu_names(found: tuple[Device, ...]) -> str:
    return ", ".join(device.description or device.name for device in used_cards(found))


def _cores() -> int:
    """The cores that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
