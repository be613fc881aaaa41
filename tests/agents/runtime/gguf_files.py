"""Writes GGUF files like another one but for one thing, so that each fault can be met alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import numpy as np

Change = Callable[[str, Any], Any]
"""Given the name and the value of a key or tensor, the value to write; None leaves it out."""


def _same(_: str, value: Any) -> Any:
    return value


def copy(source: Path, target: Path, *, key: Change = _same, tensor: Change = _same) -> Path:
    """Write `source` again as `target`, with keys and tensors changed; changed tensors become 32-bit floats."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, str(reader.fields["general.architecture"].contents()))
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        value = key(name, field.contents())
        if value is not None:
            sub_type = field.types[1] if len(field.types) > 1 else None
            writer.add_key_value(name, value, field.types[0], sub_type)
    for each in reader.tensors:
        _add(writer, each, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return target


def _add(writer: gguf.GGUFWriter, each: Any, change: Change) -> None:
    plain = gguf.quants.dequantize(each.data, each.tensor_type).astype(np.float32)
    value = change(each.name, plain)
    if value is plain:
        writer.add_tensor(each.name, each.data, raw_dtype=each.tensor_type)
    elif value is not None:
        writer.add_tensor(each.name, np.ascontiguousarray(value, np.float32))


def with_token_twice(source: Path, target: Path) -> Path:
    """The last token has the text of the one before."""
    return copy(
        source,
        target,
        key=lambda name, value: [*value[:-1], value[-2]] if name == "tokenizer.ggml.tokens" else value,
    )


def with_template(source: Path, target: Path, template: str | None) -> Path:
    """Another chat template, or none."""
    return copy(source, target, key=lambda name, value: template if name == "tokenizer.chat_template" else value)


def with_tensor(source: Path, target: Path, *names: str, change: Callable[[Any], Any]) -> Path:
    """Other numbers, or another shape, in some tensors."""
    return copy(source, target, tensor=lambda name, value: change(value) if name in names else value)


def truncated(source: Path, target: Path, size_bytes: int) -> Path:
    """The beginning only."""
    target.write_bytes(source.read_bytes()[:size_bytes])
    return target


def write_mrope_pair(tiny_model: Path, folder: Path) -> tuple[Path, Path]:
    """A model and an mmproj of the Qwen2-VL family with weights of no meaning, and the words of the tiny model.

    Its pictures take other positions than tokens (M-RoPE), and come with tokens before and behind.
    """
    random = np.random.default_rng(0)
    return _mrope_model(tiny_model, folder / "lm.gguf", random), _mrope_mmproj(folder / "mmproj.gguf", random)


_LOUDER = {"blk.0.attn_output.weight": 12, "blk.0.attn_q.weight": 2, "blk.0.attn_k.weight": 2, ".bias": 0}
"""What makes an answer depend on what stands where, more than on the last word."""

_WIDTH, _EYE_WIDTH, _WIDE, _HEADS, _PATCH_PX = 64, 32, 96, 2, 14


def _mrope_model(tiny_model: Path, target: Path, random: np.random.Generator) -> Path:
    writer = gguf.GGUFWriter(target, "qwen2vl")
    reader = gguf.GGUFReader(tiny_model)
    for name, field in reader.fields.items():
        if name.startswith("tokenizer."):
            sub_type = field.types[1] if len(field.types) > 1 else None
            writer.add_key_value(name, field.contents(), field.types[0], sub_type)
    words = len(reader.fields["tokenizer.ggml.tokens"].contents())
    writer.add_context_length(1024)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_WIDE)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_sections([4, 6, 6, 0])
    shapes = {"token_embd.weight": (words, _WIDTH), "output_norm.weight": (_WIDTH,), "output.weight": (words, _WIDTH)}
    shapes |= {f"blk.0.{name}_norm.weight": (_WIDTH,) for name in ("attn", "ffn")}
    shapes |= {f"blk.0.attn_{name}.weight": (_WIDTH, _WIDTH) for name in ("q", "k", "v", "output")}
    shapes |= {f"blk.0.attn_{name}.bias": (_WIDTH,) for name in ("q", "k", "v")}
    shapes |= {f"blk.0.ffn_{name}.weight": (_WIDE, _WIDTH) for name in ("gate", "up")}
    shapes |= {"blk.0.ffn_down.weight": (_WIDTH, _WIDE)}
    return _written(writer, target, shapes, random)


def _mrope_mmproj(target: Path, random: np.random.Generator) -> Path:
    writer = gguf.GGUFWriter(target, "clip")
    writer.add_type("mmproj")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "qwen2vl_merger")
    numbers = {
        "embedding_length": _EYE_WIDTH,
        "feed_forward_length": _WIDE,
        "block_count": 1,
        "projection_dim": _WIDTH,
        "attention.head_count": _HEADS,
        "image_size": 20 * _PATCH_PX,
        "patch_size": _PATCH_PX,
    }
    for name, number in numbers.items():
        writer.add_uint32(f"clip.vision.{name}", number)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-6)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    patch, merged = (_EYE_WIDTH, 3, _PATCH_PX, _PATCH_PX), 4 * _EYE_WIDTH
    shapes: dict[str, tuple[int, ...]] = {"v.patch_embd.weight": patch, "v.patch_embd.weight.1": patch}
    layers = {f"v.blk.0.attn_{name}": (_EYE_WIDTH, _EYE_WIDTH) for name in ("q", "k", "v", "out")}
    layers |= {"v.blk.0.ffn_up": (_WIDE, _EYE_WIDTH), "v.blk.0.ffn_down": (_EYE_WIDTH, _WIDE)}
    layers |= {"mm.0": (merged, merged), "mm.2": (_WIDTH, merged)}
    for name, shape in layers.items():
        shapes |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
    for name in ("v.blk.0.ln1", "v.blk.0.ln2", "v.post_ln"):
        shapes |= {f"{name}.weight": (_EYE_WIDTH,), f"{name}.bias": (_EYE_WIDTH,)}
    return _written(writer, target, shapes, random)


def _written(
    writer: gguf.GGUFWriter, target: Path, shapes: dict[str, tuple[int, ...]], random: np.random.Generator
) -> Path:
    for name, shape in shapes.items():
        ones = "norm.weight" in name or "ln" in name.split(".")[-2]
        weights = np.ones(shape) if ones else random.standard_normal(shape) / np.sqrt(np.prod(shape[1:]) or 1)
        weights = weights * next((factor for part, factor in _LOUDER.items() if part in name), 1)
        writer.add_tensor(name, weights.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return target
