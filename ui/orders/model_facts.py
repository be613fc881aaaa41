"""What is known of a model before it is loaded: what its files say of themselves, and what it will take."""

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from workbench import settings
from workbench.errors import BadInputError

if TYPE_CHECKING:
    from agents.runtime.models.gguf_reading import Head
    from agents.runtime.models.registry import Entry, Registry

AUTOMATIC = "auto"
MOST_CONTEXT = 8192
"""The tokens that a model gets where nobody says otherwise, if it was trained with as many."""

PACKINGS = (
    "F32 F16 Q4_0 Q4_1 - - - Q8_0 Q5_0 Q5_1 Q2_K Q3_K_S Q3_K_M Q3_K_L Q4_K_S Q4_K_M Q5_K_S Q5_K_M Q6_K IQ2_XXS IQ2_XS "
    "Q2_K_S IQ3_XS IQ3_XXS IQ1_S IQ4_NL IQ3_S IQ3_M IQ2_S IQ2_M IQ4_XS IQ1_M BF16 - - - - - MXFP4"
)
"""How most weights of a file are packed, in the order of llama.cpp's numbers for it (`llama_ftype`)."""


@dataclass(frozen=True)
class Facts:
    """One model as a person reads about it; `lines` are names and what stands beside them.

    `comes_along` marks the one that comes with the program, `sees` that it takes pictures, `answers` that it can be
    asked. `picture` is the file of the picture that calibrating drew, empty without one. `trouble` says why its files
    cannot be used.
    """

    name: str
    title: str
    about: str
    lines: tuple[tuple[str, str], ...]
    comes_along: bool = False
    local: bool = True
    sees: bool = False
    answers: bool = True
    picture: str = ""
    trouble: str = ""


def facts_of(entry: "Entry", registry: "Registry") -> Facts:
    """Everything that can be said of the model without loading it; reads the heads of its files."""
    from agents.runtime.models.built_in import NAME
    from agents.runtime.models.families import family
    from agents.runtime.models.registry import PICTURE

    row = family(entry.family)
    about, trouble = row.note, ""
    try:
        head = _head(entry, registry)
        lines = (*_file_lines(entry, registry, head), *_working_lines(entry, registry, head)) if head else ()
        about = (head.text("general.description") if head else "") or about
    except BadInputError as error:
        lines, trouble = (("File", entry.model),), str(error)
    picture = registry.folder_of(entry.name) / PICTURE
    return Facts(
        name=entry.name,
        title="Comes with the program" if entry.name == NAME else row.title,
        about=about,
        lines=(*lines, *_server_lines(entry), *_use_lines(entry, registry)),
        comes_along=entry.name == NAME,
        local=entry.kind == "local",
        sees=bool(entry.mmproj) or entry.kind == "server",
        answers="embedder" not in entry.roles,
        picture=str(picture) if picture.is_file() else "",
        trouble=trouble,
    )


def sized(size_bytes: int) -> str:
    """A size as people read it."""
    if size_bytes >= 10**9:
        return f"{size_bytes / 1e9:.1f} GB"
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 10**6 else f"{max(size_bytes // 1000, 1)} kB"


def memory_bytes(head: "Head", mmproj_bytes: int, context: int) -> int:
    """About what the model takes once it is loaded, in all memories together: weights, eyes, tokens."""
    from agents.runtime.llama.offload import footprint_of

    foot = footprint_of(head.values, head.size_bytes, mmproj_bytes=mmproj_bytes, context=context)
    return foot.model_bytes + foot.mmproj_bytes + foot.context * foot.kv_bytes_per_token


def _head(entry: "Entry", registry: "Registry") -> "Head | None":
    from agents.runtime.models.gguf_reading import read_head

    return read_head(registry.files(entry)[0]) if entry.kind == "local" else None


def _file_lines(entry: "Entry", registry: "Registry", head: "Head") -> tuple[tuple[str, str], ...]:
    from agents.runtime.models.built_in import NAME

    _, mmproj = registry.files(entry)
    numbers = sum(prod(tensor.shape) for tensor in head.tensors.values())
    link = head.text("general.license.link")
    licence = " · ".join(filter(None, [head.text("general.license.name") or head.text("general.license"), link]))
    eyes = f"{mmproj.name}, {sized(mmproj.stat().st_size)}" if mmproj else "no: it reads text only"
    return (
        ("File", head.path.name if entry.name == NAME else str(head.path)),
        ("Size", sized(head.size_bytes)),
        ("Pictures", eyes),
        ("Parameters", _counted(numbers)),
        ("Quantisation", _packing(head)),
        ("Licence", licence or "the file names none; look where it comes from"),
    )


def _working_lines(entry: "Entry", registry: "Registry", head: "Head") -> tuple[tuple[str, str], ...]:
    chosen = settings.load().model
    trained = head.number(f"{head.text('general.architecture')}.context_length")
    context = entry.context or (int(chosen.context) if chosen.context != AUTOMATIC else min(trained, MOST_CONTEXT))
    _, mmproj = registry.files(entry)
    taken = memory_bytes(head, mmproj.stat().st_size if mmproj else 0, context)
    layers = head.number(f"{head.text('general.architecture')}.block_count") + 1
    wanted = "as many as fit" if chosen.gpu_layers == AUTOMATIC else chosen.gpu_layers
    return (
        ("Context", f"{context} tokens, trained with {trained}"),
        ("Memory", f"about {sized(taken)} once it is loaded"),
        ("GPU layers", f"{wanted} of {layers}, as the settings say"),
    )


def _server_lines(entry: "Entry") -> tuple[tuple[str, str], ...]:
    if entry.kind == "local":
        return ()
    consent = f"allowed, to {entry.consent}" if entry.consent else "not allowed: nothing leaves this machine"
    return (
        ("Server", entry.url),
        ("Called there", entry.remote_name or entry.name),
        ("Key", f"the secret “{entry.key_name}”" if entry.key_name else "none"),
        ("Sending screens", consent),
        ("Context", f"{entry.context} tokens" if entry.context else "as the server has it"),
    )


def _use_lines(entry: "Entry", registry: "Registry") -> tuple[tuple[str, str], ...]:
    from agents.runtime.models.built_in import NAME

    calibrated = "yes" if registry.is_calibrated(entry.name) else "not yet"
    source = (("From", entry.source),) if entry.source else ()
    otherwise = "planner and grounder, where no other model is" if entry.name == NAME else "none"
    return (("Roles", ", ".join(entry.roles) or otherwise), ("Calibrated", calibrated), *source)


def _packing(head: "Head") -> str:
    number, known = head.values.get("general.file_type"), PACKINGS.split()
    told = known[number] if isinstance(number, int) and 0 <= number < len(known) else "-"
    return "the file does not say" if told == "-" else told


def _counted(numbers: int) -> str:
    if numbers >= 10**9:
        return f"{numbers / 1e9:.1f} billion"
    return f"{numbers / 1e6:.1f} million" if numbers >= 10**6 else f"{numbers:,}".replace(",", " ")
