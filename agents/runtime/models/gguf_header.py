"""What a model file says of itself, and whether the file that gives it eyes belongs to it.

A model that takes pictures comes as two GGUF files: the language model, and the *mmproj* ("multimodal projector") that
turns a picture into tokens of exactly that model. What llama.cpp would abort on is refused here, before it is loaded.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from agents.runtime.models.gguf_reading import TOKENS, Head, read_head
from workbench.errors import BadInputError

_FILE_TYPES = (
    "F32 F16 Q4_0 Q4_1 - - - Q8_0 Q5_0 Q5_1 Q2_K Q3_K_S Q3_K_M Q3_K_L Q4_K_S Q4_K_M Q5_K_S Q5_K_M Q6_K IQ2_XXS IQ2_XS "
    "Q2_K_S IQ3_XS IQ3_XXS IQ1_S IQ4_NL IQ3_S IQ3_M IQ2_S IQ2_M IQ4_XS IQ1_M BF16 - - - TQ1_0 TQ2_0 MXFP4 NVFP4 Q1_0"
)
"""What `general.file_type` counts: the ways of packing a whole model; those that are no more are a dash."""

_OUTPUTS = {
    "gemma3": ("mm.input_projection.weight", 0),
    "idefics3": ("mm.model.fc.weight", 1),
    "internvl": ("mm.model.mlp.3.weight", 1),
    "resampler": ("resampler.proj.weight", 0),
    "ldp": ("mm.model.mb_block.1.block.2.1.bias", 0),
    "ldpv2": ("mm.model.peg.0.bias", 0),
}
"""The tensor, and its dimension, that is as wide as the language model; for all other projectors the default."""

_DEFAULT_OUTPUT = ("mm.2.weight", 1)
_STATED_WRONGLY = {"mlp", "mlp_norm", "ldp", "ldpv2", "resampler", "adapter"}
"""Projectors of old converters, whose `projection_dim` is not what comes out of them."""

_PROJECTORS_OF = {"qwen2vl": "qwen2", "qwen3vl": "qwen3", "qwen3vlmoe": "qwen3", "gemma3": "gemma3"}
_ARCHITECTURES_OF = {
    "qwen2vl_merger": "qwen2vl",
    "qwen2.5vl_merger": "qwen2vl",
    "qwen3vl_merger": "qwen3",
    "gemma3": "gemma3",
}
"""What the other file's kind must begin with, where positions or shapes go together with one kind only."""

_GENERIC = {
    *("instruct", "chat", "model", "gguf", "mmproj", "vision", "clip", "vlm", "text", "encoder", "projector"),
    *("base", "preview", "thinking", "merged", "finetune", "finetuned", "unnamed", "models", "checkpoint", "hf"),
}


@dataclass(frozen=True)
class ModelHeader:
    """A language model as its file describes it; 0 and empty mean that it does not say.

    `trained_context` is in tokens, `vocabulary` their number, `names` what it and the models that it was made from
    are called.
    """

    path: Path
    name: str
    architecture: str
    names: tuple[str, ...]
    layers: int
    embedding_length: int
    trained_context: int
    vocabulary: int
    has_template: bool
    quantisation: str
    size_bytes: int


@dataclass(frozen=True)
class ProjectorHeader:
    """An mmproj as its file describes it; `width` is the embedding length that it makes, 0 where it does not say."""

    path: Path
    name: str
    projector: str
    names: tuple[str, ...]
    width: int
    quantisation: str
    size_bytes: int


def read_model(path: Path) -> ModelHeader:
    """What a language model's file says; raises `BadInputError` for any file that llama.cpp could not use as one."""
    head = read_head(path)
    if _is_projector(head):
        raise BadInputError(
            f"{path} is an mmproj, which gives eyes to a model; give it as --mmproj, the model as --model"
        )
    _refuse_unusable(head)
    architecture = head.text("general.architecture")
    return ModelHeader(
        path=path,
        name=head.text("general.name"),
        architecture=architecture,
        names=_names(head),
        layers=head.number(f"{architecture}.block_count"),
        embedding_length=head.number(f"{architecture}.embedding_length"),
        trained_context=head.number(f"{architecture}.context_length"),
        vocabulary=head.lengths.get(TOKENS, 0),
        has_template=bool(head.text("tokenizer.chat_template")),
        quantisation=_quantisation(head),
        size_bytes=head.size_bytes,
    )


def read_projector(path: Path) -> ProjectorHeader:
    """What an mmproj's file says; raises `BadInputError` for any file that is none, or that takes no pictures."""
    head = read_head(path)
    if not _is_projector(head):
        kind = head.text("general.architecture") or "unknown"
        raise BadInputError(f"{path} is no mmproj but a model ({kind}); give it as --model, and its mmproj as --mmproj")
    _refuse_parts(head)
    if head.values.get("clip.has_vision_encoder") is False:
        raise BadInputError(f"{path} takes no pictures, only sound; get the mmproj for pictures")
    if not head.tensors:
        raise BadInputError(f"{path} holds no weights; get the whole mmproj file")
    _refuse_ill_fitting(head)
    projector = _projector_type(head)
    return ProjectorHeader(
        path=path,
        name=head.text("general.name"),
        projector=projector,
        names=_names(head),
        width=_width(head, projector),
        quantisation=_quantisation(head),
        size_bytes=head.size_bytes,
    )


def check_fit(model: ModelHeader, mmproj: ProjectorHeader, *, by_name: bool = True) -> None:
    """Refuse an mmproj that was made for another model; raises `BadInputError` that says how that is known.

    Without `by_name`, what the two files are called does not count, only what cannot work.
    """
    if reason := _misfit(model, mmproj) or (_strangers(model, mmproj) if by_name else ""):
        raise BadInputError(
            f"{mmproj.path} is the mmproj of another model: {reason}; get the one that comes with {model.path}"
        )


def _misfit(model: ModelHeader, mmproj: ProjectorHeader) -> str:
    if mmproj.width and model.embedding_length and mmproj.width != model.embedding_length:
        return f"it makes embeddings of {mmproj.width} numbers, the model takes {model.embedding_length}"
    wanted = _PROJECTORS_OF.get(model.architecture, "")
    if not mmproj.projector.startswith(wanted):
        return f"it is of the kind {mmproj.projector}, which goes with no {model.architecture} model"
    if not model.architecture.startswith(_ARCHITECTURES_OF.get(mmproj.projector, "")):
        return f"it is of the kind {mmproj.projector}, which goes with no {model.architecture} model"
    return ""


def _strangers(model: ModelHeader, mmproj: ProjectorHeader) -> str:
    """Why the names speak against the pair; empty where they share a word, or one of the two has no telling name."""
    ours, theirs = _words(model.names), _words(mmproj.names)
    if not ours or not theirs:
        return ""
    text_of_ours, text_of_theirs = _joined(model.names), _joined(mmproj.names)
    if any(word in text_of_theirs for word in ours) or any(word in text_of_ours for word in theirs):
        return ""
    return f"it was made for “{mmproj.names[0][:60]}”, the model is “{model.names[0][:60]}”"


def _words(names: Iterable[str]) -> set[str]:
    """The words that tell one family from another: no sizes, no versions alone, nothing that any model is called."""
    words = {word for name in names for word in re.split(r"[^a-z0-9.]+", name.lower())}
    telling = {word for word in words if len(word) >= 3 and re.search(r"[a-z]", word)}
    return {word for word in telling - _GENERIC if not re.fullmatch(r"[\d.]+[bm]|i?q\d.*|b?f\d+", word)}


def _joined(names: Iterable[str]) -> str:
    return " ".join(re.sub(r"[^a-z0-9.]", "", name.lower()) for name in names)


def _is_projector(head: Head) -> bool:
    return head.text("general.type") == "mmproj" or head.text("general.architecture") == "clip"


def _refuse_unusable(head: Head) -> None:
    _refuse_parts(head)
    architecture, kind = head.text("general.architecture"), head.text("general.type")
    if kind not in ("", "model"):
        raise BadInputError(f"{head.path} is no model but of the kind “{kind[:40]}”; give a model's GGUF file")
    if not architecture or not head.tensors or not head.lengths.get(TOKENS):
        missing = "weights" if architecture and head.lengths.get(TOKENS) else "description of a language model"
        raise BadInputError(f"{head.path} is no language model: it holds no {missing}; give a model's GGUF file")
    if head.duplicate_tokens:
        shown = ", ".join(f"“{token[:20]}”" for token in head.duplicate_tokens)
        raise BadInputError(
            f"{head.path} lists a token twice ({shown}), which ends llama.cpp; get another conversion of it"
        )
    _refuse_other_shape(head, architecture)


def _refuse_parts(head: Head) -> None:
    parts = head.number("split.count")
    if parts > 1:
        number = head.number("split.no") + 1
        raise BadInputError(
            f"{head.path} is part {number} of {parts} of a model; "
            "join the parts with `llama-gguf-split --merge` and give the one file"
        )


def _refuse_other_shape(head: Head, architecture: str) -> None:
    """The table of tokens must be as wide and as long as the head says; llama.cpp would refuse it without a reason."""
    table = head.tensors.get("token_embd.weight")
    said = (head.number(f"{architecture}.embedding_length"), head.lengths[TOKENS])
    if table and said[0] and (len(table.shape) != 2 or table.shape[0] != said[0] or table.shape[1] < said[1]):
        shape = " x ".join(map(str, table.shape))
        raise BadInputError(
            f"{head.path} is damaged: its token table measures {shape}, not {said[0]} x {said[1]}; download it again"
        )


def _refuse_ill_fitting(head: Head) -> None:
    """What a layer makes and what is added to it must be equally long; llama.cpp aborts on the first picture else."""
    for name, weight in head.tensors.items():
        bias = head.tensors.get(f"{name.removesuffix('.weight')}.bias")
        both = bias is not None and bias.name != name and len(weight.shape) <= 2 and ".blk." in name
        if bias and both and weight.shape[-1:] != bias.shape:
            raise BadInputError(
                f"{head.path} is damaged: the parts of its layer {name.removesuffix('.weight')[:60]} measure "
                f"{weight.shape} and {bias.shape}; download it again"
            )


def _projector_type(head: Head) -> str:
    stated = head.text("clip.vision.projector_type") or head.text("clip.projector_type")
    old = "resampler" if head.values.get("clip.has_minicpmv_projector") else "mlp"
    return stated or old


def _width(head: Head, projector: str) -> int:
    name, dimension = _OUTPUTS.get(projector, _DEFAULT_OUTPUT)
    tensor = head.tensors.get(name)
    if tensor and len(tensor.shape) > dimension:
        return tensor.shape[dimension]
    return 0 if projector in _STATED_WRONGLY else head.number("clip.vision.projection_dim")


def _names(head: Head) -> tuple[str, ...]:
    """What the model and those that it was made from are called, the plainest name first."""
    keys = ["general.name", "general.basename"]
    keys += [f"general.base_model.{number}.name" for number in range(min(head.number("general.base_model.count"), 8))]
    return tuple(dict.fromkeys(text for key in keys if (text := head.text(key).strip())))


def _quantisation(head: Head) -> str:
    if "general.file_type" not in head.values:
        return ""
    number = head.number("general.file_type")
    known = _FILE_TYPES.split()
    return known[number] if 0 <= number < len(known) else "unknown"
