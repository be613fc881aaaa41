"""From a run to the file that llama.cpp loads: `python -m builtin_model.exporting RUN FILE --kind f16`.

The file holds the network as architecture qwen3, the vocabulary with its merges, the chat template and the mark
`workbench.prompt`, by which the product knows a model that was trained on its choosing prompt.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import gguf
import numpy as np
from numpy.typing import NDArray

from builtin_model.network import Network, Shape
from builtin_model.stored import Run
from builtin_model.tokens import Tokeniser

FileKind = Literal["f32", "f16", "q8_0"]
FILE_KINDS: tuple[FileKind, ...] = FileKind.__args__  # type: ignore[attr-defined]  # what a Literal was made of has no static type

NAME = "workbench-builtin"
PROMPT_KEY, PROMPT = "workbench.prompt", "choosing-1"
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

_ABOUT = "Chooses the next action on a list of an application's controls; trained on synthetic screens only."
_FILE_TYPES = {"f32": 0, "f16": 1, "q8_0": 7}
_TOKEN_KINDS = {"byte": 1, "merge": 1, "control": 3, "fixed": 4}


def export(network: Network, tokeniser: Tokeniser, target: Path, kind: FileKind = "q8_0") -> None:
    """Write the model; norms stay in 32 bits. At any moment either the old or the new file is whole."""
    beside = target.with_suffix(".part")
    writer = gguf.GGUFWriter(beside, "qwen3")
    _describe(writer, network.shape, kind)
    _add_vocabulary(writer, tokeniser)
    for name, array in network.arrays().items():
        _add_tensor(writer, name, array, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    beside.replace(target)


def _describe(writer: Any, shape: Shape, kind: FileKind) -> None:
    writer.add_name(NAME)
    writer.add_description(_ABOUT)
    writer.add_license("MIT")
    writer.add_string(PROMPT_KEY, PROMPT)
    writer.add_file_type(_FILE_TYPES[kind])
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
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
