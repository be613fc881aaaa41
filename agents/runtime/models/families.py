"""The families of vision models that matter for screens: how each is recognised, asked, counted, and where to get it.

All of it is data, in `families.toml` beside this module. What the data says about pointing is where calibrating starts;
the places to download from are on the hub and change without notice.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

from agents.runtime.models.gguf_header import ModelHeader, ProjectorHeader
from agents.runtime.pointing.asking import PointingStyle
from workbench.errors import BadInputError

UNKNOWN = "unknown"
"""The name of the family that takes what no other does."""


class Download(Struct, frozen=True, forbid_unknown_fields=True):
    """A model that can be fetched: a repository of the hub, and patterns that its two files fit."""

    name: str
    repository: str
    model: str
    mmproj: str = ""


class Family(Struct, frozen=True, forbid_unknown_fields=True, rename={"downloads": "download"}):
    """One row of the catalogue.

    `architectures` and `projectors` are llama.cpp's names; a family without any takes every model. `names` are
    written small and without signs. `image_min_tokens` is the least that a picture must become for the family to point
    well; 0 leaves it to the model.
    """

    name: str
    title: str
    pointing: PointingStyle
    note: str = ""
    architectures: tuple[str, ...] = ()
    projectors: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    needs_name: bool = False
    image_min_tokens: int = 0
    downloads: tuple[Download, ...] = ()

    def takes(self, model: ModelHeader, mmproj: ProjectorHeader | None) -> bool:
        """Whether a model with these files belongs to the family."""
        if self.architectures and model.architecture not in self.architectures:
            return False
        if mmproj and self.projectors and mmproj.projector not in self.projectors:
            return False
        by_sight = bool(mmproj) and not self.needs_name
        called = (*model.names, model.path.stem, *(mmproj.names if mmproj else ()))
        return by_sight or not self.names or self.is_called(called)

    def is_called(self, names: Iterable[str]) -> bool:
        """Whether one of these names is one of the family."""
        plain = [_plain(name) for name in names]
        return any(own in name for own in self.names for name in plain)


@cache
def families() -> tuple[Family, ...]:
    """The whole catalogue; the order counts, the last family is the unknown one."""
    text = (resources.files("agents.runtime.models") / "families.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["family"], type=tuple[Family, ...])


def family(name: str) -> Family:
    """The family of that name; raises `BadInputError` that lists those there are."""
    for row in families():
        if row.name == name:
            return row
    known = ", ".join(row.name for row in families())
    raise BadInputError(f"there is no family “{name[:60]}”; the known ones are {known}")


def recognise(model: ModelHeader, mmproj: ProjectorHeader | None) -> Family:
    """The family that the files belong to; the unknown one where none fits."""
    return next(row for row in families() if row.takes(model, mmproj))


def recognise_name(name: str) -> Family:
    """The family of a model that is known by name only, such as one behind a server."""
    return next((row for row in families() if row.is_called([name])), families()[-1])


def downloads() -> dict[str, tuple[Family, Download]]:
    """Everything that `models get` can fetch by a short name."""
    return {entry.name: (row, entry) for row in families() for entry in row.downloads}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", name.lower())
