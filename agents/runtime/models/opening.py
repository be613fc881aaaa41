"""From a model's name, or its files, to a model that answers."""

from pathlib import Path
from typing import TYPE_CHECKING

from agents.runtime.messages import Load
from agents.runtime.models.families import Family, family, recognise
from agents.runtime.models.gguf_header import check_fit, read_model, read_projector
from agents.runtime.models.registry import Entry, Registry
from agents.runtime.ports import Model
from workbench import settings
from workbench.errors import BadInputError

if TYPE_CHECKING:
    from agents.runtime.pointing.asking import PointingStyle
    from agents.runtime.server.calls import Sign

AUTOMATIC = "auto"


def recognise_files(model: Path, mmproj: Path | None, *, by_name: bool = True, answers: bool = True) -> Family:
    """The family of a model's files, once they are seen to be what they are taken for and to belong together.

    Without `by_name`, what the files are called does not speak against the pair; a model that never `answers`, as one
    that only embeds, needs no chat template. Raises `BadInputError`.
    """
    header = read_model(model)
    if answers and not header.has_template:
        raise BadInputError(
            f"{model} has no chat template, so it cannot be asked; choose an instruct model (one that only "
            "embeds is taken by `workbench-cli models add` with --role embedder)"
        )
    projector = read_projector(mmproj) if mmproj else None
    if projector:
        check_fit(header, projector, by_name=by_name)
    return recognise(header, projector)


def open_model(name: str, *, registry: Registry | None = None, sign: "Sign | None" = None) -> Model:
    """The model of that name, not loaded yet; close it after use.

    `sign` is told of everything that is sent off this machine. Raises `UnavailableError` for a name that is none, and
    `BadInputError` where its files are gone.
    """
    known = registry or Registry.usual()
    entry = known.get(name)
    return _remote(entry, sign) if entry.kind == "server" else _local(entry, known)


def style_of(name: str, *, registry: Registry | None = None) -> "PointingStyle":
    """How to ask the model for a place and how to read its answer: as its family does, corrected by calibrating.

    Raises `BadInputError` for a model behind a server that counts pixels of the resized picture and is not calibrated:
    the families' rules are llama.cpp's, and other servers resize in other ways.
    """
    from agents.runtime.pointing.calibrating import calibrated

    known = registry or Registry.usual()
    entry = known.get(name)
    style = family(entry.family).pointing
    profile = known.profile(name)
    known_here = profile is not None and profile.convention is not None
    if entry.kind == "server" and style.convention.space == "resized" and not known_here:
        raise BadInputError(
            f"the model “{name}” counts pixels of a picture that its server resizes in a way of its own; "
            f"find out how first: `workbench-cli models calibrate {name}`"
        )
    return calibrated(style, profile) if profile else style


def _local(entry: Entry, registry: Registry) -> Model:
    from agents.runtime.local import LocalModel

    model, mmproj = registry.files(entry)
    chosen = settings.load().model
    load = Load(
        number=0,
        model=str(model),
        mmproj=str(mmproj) if mmproj else "",
        context=entry.context or _number(chosen.context, 0),
        gpu_layers=_number(chosen.gpu_layers, -1),
        threads=_number(chosen.threads, 0),
        image_min_tokens=family(entry.family).image_min_tokens if mmproj else 0,
        embeds="embedder" in entry.roles,
    )
    return LocalModel(entry.name, load)


def _remote(entry: Entry, sign: "Sign | None") -> Model:
    from agents.runtime.server.address import ServerEntry
    from agents.runtime.server.model import ServerModel

    server = ServerEntry(
        name=entry.name,
        url=entry.url,
        model=entry.remote_name,
        key=entry.key_name,
        consent=entry.consent,
        ca_file=entry.ca_file,
        context=entry.context,
        embeds=set(entry.roles) == {"embedder"},
    )
    return ServerModel(server, sending=sign)


def _number(text: str, automatic: int) -> int:
    return automatic if text == AUTOMATIC else int(text)
