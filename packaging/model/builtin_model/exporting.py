"""From a run to the file that llama.cpp loads: `python -m builtin_model.exporting RUN FILE --kind f16`.

The file holds the network as architecture qwen3, the vocabulary with its merges, the chat template and the mark
`workbench.prompt`, by which the product knows a model that was trained on its choosing prompt. Of a model that sees,
a second file, `mmproj` in llama.cpp's words, holds its sight as architecture clip with the projector phi4.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import gguf
import numpy as np
from numpy.typing import NDArray

from builtin_model.network import Network, Shape
from builtin_model.stored import Run
from builtin_model.tokens import Tokeniser
from builtin_model.vision import Sight, Vision

FileKind = Literal["f32", "f16", "q8_0"]
FILE_KINDS: tuple[FileKind, ...] = get_args(FileKind)

NAME = "workbench-builtin"
SEEING_NAMES = {100: "workbench-gui", 1000: "workbench-seeing"}
"""What models that see are called, by how many cells they count: their family is known by it."""

PROMPT_KEY, PROMPT = "workbench.prompt", "choosing-1"
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

_ABOUT = "Chooses the next action on a list of an application's controls; trained on synthetic screens only."
_ABOUT_SEEING = "Points at widgets on screenshots; trained on drawn screens only."
_FILE_TYPES = {"f32": 0, "f16": 1, "q8_0": 7}
_TOKEN_KINDS = {"byte": 1, "merge": 1, "control": 3, "fixed": 4}


def export(network: Network, tokeniser: Tokeniser, target: Path, kind: FileKind = "q8_0") -> None:
    """Write the model; norms stay in 32 bits. At any moment either the old or the new file is whole."""
    beside = target.with_suffix(".part")
    writer = gguf.GGUFWriter(beside, "qwen3")
    sight = network.vision.sight if network.vision else None
    _name(writer, kind, sight)
    if sight is None or sight.reads:
        writer.add_string(PROMPT_KEY, PROMPT)
    _describe(writer, network.shape)
    _add_vocabulary(writer, tokeniser)
    for name, array in network.arrays().items():
        _add_tensor(writer, name, array, kind)
    _write(writer)
    beside.replace(target)


def export_sight(vision: Vision, target: Path, kind: FileKind = "q8_0") -> None:
    """Write the sight of a model; norms, biases and places stay in 32 bits, patches have at least 16.

    At any moment either the old or the new file is whole.
    """
    beside = target.with_suffix(".part")
    arrays = vision.arrays()
    writer = gguf.GGUFWriter(beside, "clip")
    writer.add_type("mmproj")
    _name(writer, kind, vision.sight)
    _describe_sight(writer, vision.sight, len(arrays["mm.2.bias"]))
    for name, array in arrays.items():
        of_places = "position_embd" in name
        _add_tensor(writer, name, array, "f32" if of_places else "f16" if array.ndim == 4 and kind == "q8_0" else kind)
    _write(writer)
    beside.replace(target)


def beside_model(model: Path) -> Path:
    """Where the sight of a model is written that is written there."""
    return model.with_suffix(".mmproj.gguf")


def _write(writer: Any) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _name(writer: Any, kind: FileKind, sight: Sight | None) -> None:
    writer.add_name(SEEING_NAMES[sight.cells] if sight else NAME)
    writer.add_description(_ABOUT if sight is None or sight.reads else _ABOUT_SEEING)
    writer.add_license("MIT")
    writer.add_file_type(_FILE_TYPES[kind])


def _describe_sight(writer: Any, sight: Sight, width: int) -> None:
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "phi4")
    writer.add_bool("clip.use_gelu", True)
    sizes = {
        "embedding_length": sight.width,
        "feed_forward_length": sight.inner,
        "block_count": sight.layers,
        "projection_dim": width,
        "attention.head_count": sight.heads,
        "image_size": sight.grid * sight.patch,
        "patch_size": sight.patch,
        "image_min_pixels": sight.least_px,
        "image_max_pixels": sight.most_px,
    }
    for key, value in sizes.items():
        writer.add_uint32("clip.vision." + key, value)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", sight.epsilon)
    for key in ("image_mean", "image_std"):
        writer.add_array("clip.vision." + key, [0.5, 0.5, 0.5])


def _describe(writer: Any, shape: Shape) -> None:
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_key_length(shape.head_width)
    writer.add_value_length(shape.head_width)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_rope_freq_base(shape.rope_base)


def _add_vocabulary(writer: Any, tokeniser: Tokeniser) -> None:
    writer.add_vocab_size(len(tokeniser.tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([token.text for token in tokeniser.tokens])
    writer.add_token_types([_TOKEN_KINDS[token.kind] for token in tokeniser.tokens])
    writer.add_token_merges([f"{one} {other}" for one, other in tokeniser.merges])
    writer.add_eos_token_id(tokeniser.end)
    writer.add_bos_token_id(tokeniser.padding)
    writer.add_pad_token_id(tokeniser.padding)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def _add_tensor(writer: Any, name: str, array: NDArray[np.float32], kind: FileKind) -> None:
    if array.ndim == 1 or kind == "f32":
        writer.add_tensor(name, np.ascontiguousarray(array))
    elif kind == "f16":
        writer.add_tensor(name, array.astype(np.float16))
    else:
        quantised = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quants.quantize(np.ascontiguousarray(array), quantised), raw_dtype=quantised)


def main(arguments: Sequence[str]) -> int:
    """Export as the command line says."""
    parser = argparse.ArgumentParser("builtin_model.exporting", description="Write a run as a GGUF file.")
    parser.add_argument("run", type=Path, help="folder of the run")
    parser.add_argument("target", type=Path, help="the file to write")
    parser.add_argument("--kind", choices=FILE_KINDS, default="q8_0")
    asked = parser.parse_args(arguments)
    network, tokeniser = Run(asked.run).network()
    export(network, tokeniser, asked.target, asked.kind)
    size = asked.target.stat().st_size / 1e6
    print(f"{asked.target}: {size:.2f} MB, {len(tokeniser.tokens)} tokens")  # noqa: T201 - a recipe says what it made
    if network.vision:
        sight = beside_model(asked.target)
        export_sight(network.vision, sight, asked.kind)
        print(f"{sight}: {sight.stat().st_size / 1e6:.2f} MB")  # noqa: T201 - a recipe says what it made
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
