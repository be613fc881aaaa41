"""Which foreign formats there are, and finding recordings of them in what a person names."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from workbench.errors import BadInputError
from workbench.library.importing.drafts import Reader
from workbench.library.importing.source import Source

READERS: tuple[str, ...] = (
    "ducktrack",
    "openadapt",
    "aloha",
    "miniwob-demos",
    "agentnet",
    "osworld",
    "openadapt-evals",
    "ui-tars",
    "cua",
    "browser-use",
    "playwright-codegen",
    "pc-tracker",
    "screenagent",
    "openadapt-flow",
    "steps-recorder",
    "pyautogui",
)
"""The formats by the names that people write, each a module of `workbench.library.importing.formats`; the first that
recognises a source reads it."""

DEPTH = 4
"""How many folders deep recordings are looked for."""


@dataclass(frozen=True)
class Found:
    """A source and the format that reads it."""

    source: Source
    format: str

    @property
    def reader(self) -> Reader:
        """The module that reads it."""
        return reader(self.format)


def reader(name: str) -> Reader:
    """The reader of a format; raises `BadInputError` for a name that is none."""
    if name not in READERS:
        raise BadInputError(f"there is no format {name[:40]!r}; there are {', '.join(READERS)}")
    return cast(Reader, import_module(f"workbench.library.importing.formats.{name.replace('-', '_')}"))


def recognise(source: Source) -> str | None:
    """The format of one file or folder, None where it is in none."""
    return next((name for name in READERS if reader(name).recognises(source)), None)


def find(path: Path, *, chosen: str | None = None) -> list[Found]:
    """The recordings in a file or folder, or in the folders within it; sorted, with numbers by value.

    Links to folders are not followed: they may lead anywhere, and around in circles. `chosen` takes the path as that
    format whatever it looks like. Raises `BadInputError` where there is none.
    """
    source = Source(path)
    if chosen is not None:
        reader(chosen)
        return [Found(source, chosen)]
    found = list(_within(source, DEPTH))
    if not found:
        raise BadInputError(f"{path} is in no format that is known; `workbench-cli import --help` lists them")
    return found


def _within(source: Source, depth: int) -> Iterator[Found]:
    name = recognise(source)
    if name is not None:
        yield Found(source, name)
    elif source.is_folder and depth > 0:
        for entry, folder in source.entries.items():
            if not (folder and (source.path / entry).is_symlink()):
                yield from _within(_child(source, entry), depth - 1)


def _child(source: Source, entry: str) -> Source:
    return Source(source.path / entry, root=source.path)
