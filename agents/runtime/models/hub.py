"""The hub that models come from: which files a repository has, and which of them make a model."""

import fnmatch
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct

from agents.runtime.models.download import Source
from agents.runtime.models.fetching import Client, PassingError, next_address
from workbench.errors import BadInputError, UnavailableError

if TYPE_CHECKING:
    import requests

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_PATH = re.compile(r"(?:[\w()+@-][\w .()+@-]*/)*[\w()+@-][\w .()+@-]*\.gguf", re.ASCII | re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
_SPLIT = re.compile(r"-\d{5}-of-\d{5}\.gguf$", re.IGNORECASE)
_LARGEST_LIST_BYTES = 16 * 1024**2
_MOST_PAGES = 20
_PACKINGS = ("f16", "q8_0", "bf16", "f32")
"""How an mmproj may be packed, the best first: half precision loses nothing that matters."""


class _Lfs(Struct):
    """The part of a file that the hub keeps apart; `oid` is its SHA-256."""

    oid: str = ""
    size: int = 0


class _Listed(Struct):
    """One entry of the hub's list of files."""

    type: str = ""
    path: str = ""
    size: int = 0
    lfs: _Lfs | None = None


@dataclass(frozen=True)
class HubFile:
    """A GGUF file of a repository: its path there, and where its bytes are."""

    path: str
    source: Source

    @property
    def name(self) -> str:
        """What it is called without its folders."""
        return self.path.rpartition("/")[2]


def gguf_files(hub: str, repository: str, client: Client) -> list[HubFile]:
    """The GGUF files of the repository, in the order of their paths.

    Raises `BadInputError` for a repository that cannot be or is not there, and what `Client.get` raises.
    """
    if not _REPOSITORY.fullmatch(repository):
        raise BadInputError(f"“{repository[:80]}” is no repository; write OWNER/NAME as the hub does")
    base = hub.rstrip("/")
    url, page = f"{base}/api/models/{repository}/tree/main?recursive=true", f"{base}/{repository}/tree/main"
    listed = [entry for entries in _pages(url, page, client) for entry in entries]
    wanted = [entry for entry in listed if entry.type == "file" and entry.size > 0 and _PATH.fullmatch(entry.path)]
    return sorted((_file(hub, repository, entry) for entry in wanted), key=lambda file: file.path)


def choose_model(files: Iterable[HubFile], pattern: str) -> HubFile:
    """The language model that fits the pattern, with the shortest name where several do.

    Raises `BadInputError`, and `UnavailableError` where the hub tells no checksum of it.
    """
    models = [file for file in files if "mmproj" not in file.name.lower()]
    found = [file for file in models if _fits(file, pattern)]
    if not found:
        raise _none(models, pattern, "model")
    whole = [file for file in found if not _SPLIT.search(file.name)]
    if not whole:
        raise BadInputError(
            f"{found[0].name} is one part of a split model; download the parts with a browser, join them with "
            "`llama-gguf-split --merge` and give the file to `workbench-cli models add`"
        )
    return _checkable(min(whole, key=lambda file: (len(file.name), file.path)))


def choose_mmproj(files: Iterable[HubFile], pattern: str) -> HubFile:
    """The mmproj that fits the pattern, packed best where several do; raises what `choose_model` raises."""
    all_files = list(files)
    found = [file for file in all_files if "mmproj" in file.name.lower() and _fits(file, pattern)]
    if not found:
        raise _none(all_files, pattern, "mmproj")
    return _checkable(min(found, key=lambda file: (_packing(file.name), len(file.name), file.path)))


def _pages(url: str, page: str, client: Client) -> Iterator[list[_Listed]]:
    host = urlsplit(url).netloc
    for _ in range(_MOST_PAGES):
        entries, following = client.persist(partial(_page, url, client), page)
        yield entries
        if not following:
            return
        url = next_address(url, following)
        if urlsplit(url).netloc != host:
            raise UnavailableError(f"{host} continues its list elsewhere; download the files with a browser")


def _page(url: str, client: Client) -> tuple[list[_Listed], str]:
    with client.get(url, {"Accept": "application/json"}) as response:
        body = _body(response)
        try:
            page = msgspec.json.decode(body, type=list[_Listed])
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UnavailableError(
                f"{urlsplit(url).netloc} answers something other than a list of files, as a login of the network does; "
                "open it in a browser and try again"
            ) from error
        return page, response.links.get("next", {}).get("url", "")


def _body(response: "requests.Response") -> bytes:
    body = bytearray()
    for block in response.iter_content(65_536):
        body += block
        if len(body) > _LARGEST_LIST_BYTES:
            raise PassingError("its list of files has no end")
    return bytes(body)


def _file(hub: str, repository: str, entry: _Listed) -> HubFile:
    url = f"{hub.rstrip('/')}/{repository}/resolve/main/{quote(entry.path)}"
    oid = entry.lfs.oid.removeprefix("sha256:") if entry.lfs else ""
    size = entry.lfs.size if entry.lfs and entry.lfs.size else entry.size
    return HubFile(entry.path, Source(url, size, oid.lower() if _SHA256.fullmatch(oid) else ""))


def _fits(file: HubFile, pattern: str) -> bool:
    return fnmatch.fnmatchcase(file.name.lower(), pattern.lower())


def _checkable(file: HubFile) -> HubFile:
    """The file, if it can be seen whether it arrives undamaged."""
    if not file.source.sha256:
        raise UnavailableError(
            f"the hub tells no checksum of {file.path}, so nothing could show damage; download {file.source.url} with "
            "a browser and give the file to `workbench-cli models add`"
        )
    return file


def _packing(name: str) -> int:
    packed = [number for number, packing in enumerate(_PACKINGS) if re.search(rf"(?<![a-z]){packing}", name.lower())]
    return packed[0] if packed else len(_PACKINGS)


def _none(files: list[HubFile], pattern: str, what: str) -> BadInputError:
    shown = ", ".join(file.name for file in files[:12]) or "none"
    return BadInputError(f"no {what} of the repository fits “{pattern[:60]}”; its GGUF files are: {shown}")
