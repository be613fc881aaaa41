"""Fetches a model from the hub: its two files, checked and entered in the registry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from agents.runtime.models.download import fetch
from agents.runtime.models.families import UNKNOWN, Family, downloads
from agents.runtime.models.fetching import Client
from agents.runtime.models.hub import HubFile, choose_mmproj, choose_model, gguf_files
from agents.runtime.models.opening import recognise_files
from agents.runtime.models.registry import Entry, Registry, check_name
from workbench.errors import BadInputError

Report = Callable[[str, int, int], None]
"""Told the name of a file, and how many of its bytes there are of how many."""


@dataclass(frozen=True)
class Wanted:
    """What to fetch: a repository, the patterns of the two files (no mmproj: text only), and what to call it.

    `family` counts where the files do not tell theirs.
    """

    name: str
    repository: str
    model: str = "*Q4_K_M.gguf"
    mmproj: str = "*mmproj*.gguf"
    family: str = UNKNOWN


def wanted(name: str) -> Wanted:
    """What the catalogue knows under that name; raises `BadInputError` that lists the names it knows."""
    known = downloads()
    if name not in known:
        raise BadInputError(
            f"the catalogue has no model “{name[:64]}”; it has {', '.join(sorted(known))}; "
            "another one is fetched with --from OWNER/REPOSITORY"
        )
    row, entry = known[name]
    return Wanted(name, entry.repository, entry.model, entry.mmproj, row.name)


def get(what: Wanted, hub: str, *, registry: Registry, client: Client, report: Report) -> Entry:
    """Fetch the model and enter it; returns its entry.

    Called again after anything went wrong, it goes on where it stopped. A file that arrives whole but cannot work is
    deleted; what the two files are called does not matter, they come from one place. Raises what `fetch`, `gguf_files`,
    `choose_model` and `recognise_files` raise, and `BadInputError` for a name that is taken.
    """
    if check_name(what.name) in registry.names():
        raise BadInputError(
            f"there is a model “{what.name}” already; remove it first, or choose another name with --name"
        )
    found = gguf_files(hub, what.repository, client)
    files = [choose_model(found, what.model), *([choose_mmproj(found, what.mmproj)] if what.mmproj else [])]
    folder = registry.folder_of(what.name)
    paths = _fetch_all(files, folder, client, report)
    family = _recognised(paths)
    names = [path.relative_to(registry.folder).as_posix() for path in paths]
    entry = Entry(
        name=what.name,
        family=what.family if family.name == UNKNOWN else family.name,
        model=names[0],
        mmproj=names[1] if len(names) > 1 else "",
        downloaded=tuple(names),
        source=what.repository,
    )
    registry.add(entry)
    return entry


def _recognised(paths: Sequence[Path]) -> Family:
    """The family of the model and its mmproj; the one of them that is at fault is deleted, and the error raised."""
    at_fault = paths[0]
    try:
        found = recognise_files(paths[0], None)
        for at_fault in paths[1:]:
            found = recognise_files(paths[0], at_fault, by_name=False)
    except BadInputError:
        at_fault.unlink()
        raise
    return found


def _fetch_all(files: Sequence[HubFile], folder: Path, client: Client, report: Report) -> list[Path]:
    """The files in the folder; the small one first, so that a wrong repository shows before the hours have passed."""
    paths = [folder / file.name for file in files]
    for file, path in sorted(zip(files, paths, strict=True), key=lambda pair: pair[0].source.size_bytes):
        fetch(file.source, path, client, partial(report, file.name))
    return paths
