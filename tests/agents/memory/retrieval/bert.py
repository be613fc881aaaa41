"""Writes a small embedder as GGUF: a BERT whose vectors are nearly the mean of its words', some of them synonyms."""

from collections.abc import Iterable
from pathlib import Path

import gguf
import numpy as np

WIDTH, HEADS, INNER, CONTEXT = 64, 2, 32, 64
SMALL = 0.02
"""How little attention and the inner layer add to the words themselves."""

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def write_bert(target: Path, synonyms: Iterable[tuple[str, ...]], *, seed: int = 0, width: int = WIDTH) -> Path:
    """Words of one tuple have the same vector; other words are spelled, letter by letter."""
    chance = np.random.default_rng(seed)
    groups = list(synonyms)
    words = [f"▁{word}" for group in groups for word in group]
    begun = [f"▁{letter}" for letter in _LETTERS]
    tokens = [*_SPECIAL, *words, *(one for one in begun if one not in words), *_LETTERS]
    vectors = chance.standard_normal((len(tokens), width)).astype(np.float32)
    vectors[: len(_SPECIAL)] *= SMALL
    at = {token: number for number, token in enumerate(tokens)}
    for group in groups:
        for word in group[1:]:
            vectors[at[f"▁{word}"]] = vectors[at[f"▁{group[0]}"]]
    writer = gguf.GGUFWriter(target, "bert")
    _add_keys(writer, tokens, width)
    _add_tensors(writer, vectors, chance, width)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return target


def _add_keys(writer: gguf.GGUFWriter, tokens: list[str], width: int) -> None:
    writer.add_name("small embedder")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(INNER)
    writer.add_block_count(1)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_tokenizer_model("bert")
    writer.add_token_list(tokens)
    control, normal = int(gguf.TokenType.CONTROL), int(gguf.TokenType.NORMAL)
    writer.add_token_types([control if number < len(_SPECIAL) else normal for number in range(len(tokens))])
    writer.add_token_type_count(2)
    writer.add_pad_token_id(0)
    writer.add_unk_token_id(1)
    writer.add_bos_token_id(2)
    writer.add_sep_token_id(3)
    writer.add_eos_token_id(3)


def _add_tensors(writer: gguf.GGUFWriter, vectors: np.ndarray, chance: np.random.Generator, width: int) -> None:
    shapes = {"token_types": (2, width), "position_embd": (CONTEXT, width)}
    shapes |= {f"blk.0.attn_{name}": (width, width) for name in ("q", "k", "v", "output")}
    shapes |= {"blk.0.ffn_up": (INNER, width), "blk.0.ffn_down": (width, INNER)}
    writer.add_tensor("token_embd.weight", vectors)
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", (SMALL * chance.standard_normal(shape)).astype(np.float32))
        if name.startswith("blk."):
            writer.add_tensor(f"{name}.bias", np.zeros(shape[0], np.float32))
    for name in ("token_embd_norm", "blk.0.attn_output_norm", "blk.0.layer_output_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(width, np.float32))
        writer.add_tensor(f"{name}.bias", np.zeros(width, np.float32))
