"""A vision-language model with random weights, as large as asked: for measuring speed, not answers."""

from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

BLOCK = 32
"""Weights per q8_0 block; each has a scale of two bytes before them."""


@dataclass(frozen=True)
class Size:
    """The measures of a model: a qwen3 language model, and a vision tower with the phi4 projector."""

    vocabulary: int = 151_936
    width: int = 1024
    layers: int = 28
    heads: int = 16
    kv_heads: int = 8
    head_width: int = 64
    hidden: int = 3072
    context: int = 8192
    patch: int = 32
    grid: int = 40
    sight_width: int = 384
    sight_layers: int = 6

    @property
    def parameters(self) -> int:
        """Of the language model."""
        return sum(int(np.prod(shape)) for shape in _language(self).values())


TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{% if m['content'] is string %}{{ m['content'] }}"
    "{% else %}{% for c in m['content'] %}{% if c['type'] == 'text' %}{{ c['text'] }}{% endif %}{% endfor %}{% endif %}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write(folder: Path, size: Size) -> tuple[Path, Path]:
    """Write the two files, the same for the same size; q8_0 matrices."""
    chance = np.random.default_rng(0)
    return _write_language(folder / "random.gguf", size, chance), _write_sight(folder / "mmproj.gguf", size, chance)


def _write_language(path: Path, size: Size, chance: np.random.Generator) -> Path:
    writer = gguf.GGUFWriter(path, "qwen3")
    writer.add_name("random")
    writer.add_context_length(size.context)
    writer.add_embedding_length(size.width)
    writer.add_block_count(size.layers)
    writer.add_feed_forward_length(size.hidden)
    writer.add_head_count(size.heads)
    writer.add_head_count_kv(size.kv_heads)
    writer.add_key_length(size.head_width)
    writer.add_value_length(size.head_width)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    writer.add_file_type(7)
    _add_vocabulary(writer, size)
    return _finish(writer, path, _language(size), chance)


def _add_vocabulary(writer: gguf.GGUFWriter, size: Size) -> None:
    letters = [chr(code if 33 <= code < 127 or (code > 160 and code != 173) else 256 + code) for code in range(256)]
    control = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    words = [f"w{number}" for number in range(size.vocabulary - len(letters) - len(control))]
    writer.add_vocab_size(size.vocabulary)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(letters + control + words)
    writer.add_token_types([1] * len(letters) + [3] * len(control) + [1] * len(words))
    writer.add_token_merges(["w 0"])
    writer.add_eos_token_id(len(letters) + 2)
    writer.add_bos_token_id(len(letters))
    writer.add_pad_token_id(len(letters))
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def _language(size: Size) -> dict[str, tuple[int, ...]]:
    queries, keys = size.heads * size.head_width, size.kv_heads * size.head_width
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (size.vocabulary, size.width),
        "output_norm.weight": (size.width,),
    }
    for layer in range(size.layers):
        shapes |= {
            f"blk.{layer}.{name}.weight": shape
            for name, shape in {
                "attn_norm": (size.width,),
                "attn_q": (queries, size.width),
                "attn_k": (keys, size.width),
                "attn_v": (keys, size.width),
                "attn_q_norm": (size.head_width,),
                "attn_k_norm": (size.head_width,),
                "attn_output": (size.width, queries),
                "ffn_norm": (size.width,),
                "ffn_gate": (size.hidden, size.width),
                "ffn_up": (size.hidden, size.width),
                "ffn_down": (size.width, size.hidden),
            }.items()
        }
    return shapes


def _write_sight(path: Path, size: Size, chance: np.random.Generator) -> Path:
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_type("mmproj")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "phi4")
    writer.add_bool("clip.use_gelu", True)
    numbers = {
        "embedding_length": size.sight_width,
        "feed_forward_length": 4 * size.sight_width,
        "block_count": size.sight_layers,
        "projection_dim": size.width,
        "attention.head_count": size.sight_width // 64,
        "image_size": size.grid * size.patch,
        "patch_size": size.patch,
        "image_min_pixels": size.patch**2,
        "image_max_pixels": (size.grid * size.patch) ** 2,
    }
    for name, number in numbers.items():
        writer.add_uint32(f"clip.vision.{name}", number)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-6)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    writer.add_file_type(7)
    return _finish(writer, path, _sight(size), chance)


def _sight(size: Size) -> dict[str, tuple[int, ...]]:
    wide = size.sight_width
    shapes: dict[str, tuple[int, ...]] = {
        "v.patch_embd.weight": (wide, 3, size.patch, size.patch),
        "v.patch_embd.bias": (wide,),
        "v.position_embd.weight": (size.grid**2, wide),
        "v.post_ln.weight": (wide,),
        "v.post_ln.bias": (wide,),
        "mm.0.weight": (size.width, wide),
        "mm.0.bias": (size.width,),
        "mm.2.weight": (size.width, size.width),
        "mm.2.bias": (size.width,),
    }
    for layer in range(size.sight_layers):
        block = f"v.blk.{layer}."
        for name in ("ln1", "ln2"):
            shapes |= {f"{block}{name}.weight": (wide,), f"{block}{name}.bias": (wide,)}
        for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
            shapes |= {f"{block}{name}.weight": (wide, wide), f"{block}{name}.bias": (wide,)}
        shapes |= {f"{block}ffn_up.weight": (4 * wide, wide), f"{block}ffn_up.bias": (4 * wide,)}
        shapes |= {f"{block}ffn_down.weight": (wide, 4 * wide), f"{block}ffn_down.bias": (wide,)}
    return shapes


def _finish(
    writer: gguf.GGUFWriter, path: Path, shapes: dict[str, tuple[int, ...]], chance: np.random.Generator
) -> Path:
    for name, shape in shapes.items():
        if len(shape) == 2 and "position" not in name:
            writer.add_tensor(name, _blocks(shape, chance), raw_dtype=gguf.GGMLQuantizationType.Q8_0)
        else:
            writer.add_tensor(name, _plain(name, shape, chance))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _plain(name: str, shape: tuple[int, ...], chance: np.random.Generator) -> np.ndarray:
    if name.endswith("bias"):
        return np.zeros(shape, np.float32)
    if "norm" in name or ".ln" in name or "post_ln" in name:
        return np.ones(shape, np.float32)
    return (chance.standard_normal(shape) * 0.02).astype(np.float32)


def _blocks(shape: tuple[int, ...], chance: np.random.Generator) -> np.ndarray:
    """Random q8_0 blocks: a scale that makes the matrix about orthogonal, and 32 whole numbers."""
    rows, columns = shape
    blocks = np.empty((rows, columns // BLOCK, 2 + BLOCK), np.uint8)
    blocks[..., :2] = np.frombuffer(np.float16(1 / (74 * np.sqrt(columns))).tobytes(), np.uint8)
    blocks[..., 2:] = chance.integers(0, 256, (rows, columns // BLOCK, BLOCK), np.uint8)
    return blocks.reshape(rows, -1)
