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
from workbench.report.words import tidy

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

    `names` are what it and the models that it was made from are called, `embedding_length` how many numbers it takes
    for a token; without a template it cannot be asked.
    """

    path: Path
    architecture: str
    names: tuple[str, ...]
    embedding_length: int
    has_template: bool


@dataclass(frozen=True)
class ProjectorHeader:
    """An mmproj as its file describes it; `width` is the embedding length that it makes, 0 where it does not say."""

    path: Path
    projector: str
    names: tuple[str, ...]
    width: int


def read_model(path: Path) -> ModelHeader:
    """What a language model's file says; raises `BadInputError` for any file that llama.cpp could not use as one."""
    return model_header(read_head(path))


def model_header(head: Head) -> ModelHeader:
    """As `read_model`, from a head that was read already."""
    path = head.path
    if _is_projector(head):
        raise BadInputError(
            f"{path} is an mmproj, which gives eyes to a model; give it as --mmproj, the model as --model"
        )
    _refuse_unusable(head)
    architecture = head.text("general.architecture")
    return ModelHeader(
        path=path,
        architecture=architecture,
        names=_names(head),
        embedding_length=head.number(f"{architecture}.embedding_length"),
        has_template=bool(head.text("tokenizer.chat_template")),
    )


def read_projector(path: Path) -> ProjectorHeader:
    """What an mmproj's file says; raises `BadInputError` for any file that is none, or that takes no pictures."""
    return projector_header(read_head(path))


def projector_header(head: Head) -> ProjectorHeader:
    """As `read_projector`, from a head that was read already."""
    path = head.path
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
        projector=projector,
        names=_names(head),
        width=_width(head, projector),
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
    """What is added to a layer needs weights that make as many numbers; llama.cpp aborts on the first picture else."""
    for name, bias in head.tensors.items():
        layer = name.removesuffix(".bias")
        if layer == name or ".blk." not in name:
            continue
        weight = head.tensors.get(f"{layer}.weight")
        if weight is None:
            raise BadInputError(f"{head.path} is damaged: its layer {layer[:60]} has no weights; download it again")
        if len(weight.shape) <= 2 and weight.shape[-1:] != bias.shape:
            raise BadInputError(
                f"{head.path} is damaged: the parts of its layer {layer[:60]} measure "
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
    """What the model and those that it was made from are called, fit for a terminal, the plainest name first."""
    keys = ["general.name", "general.basename"]
    keys += [f"general.base_model.{number}.name" for number in range(min(head.number("general.base_model.count"), 8))]
    return tuple(dict.fromkeys(text for key in keys if (text := tidy(head.text(key)))))
