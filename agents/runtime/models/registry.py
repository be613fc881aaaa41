"""The models that a person has: one JSON document each in one folder, with what was downloaded or calibrated beside it.

`NAME.json` says what the model is, `NAME/` holds the files that were fetched for it, its profile and its pictures.
Documents are replaced as a whole or not at all, and any number of programs may use the folder at once.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from agents.runtime.models.families import UNKNOWN
from workbench import settings
from workbench.codec import from_json
from workbench.errors import BadInputError, UnavailableError
from workbench.library import locks

if TYPE_CHECKING:
    from agents.runtime.pointing.calibrating import Profile

Role = Literal["planner", "grounder", "judge", "embedder"]

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*\.")
_LARGEST_DOCUMENT_BYTES = 1_000_000
_PROFILE = "profile.json"
PICTURE = "calibration.png"
"""What calibrating draws, in the folder of a model."""

MADE = (_PROFILE, PICTURE)


class Entry(Struct, frozen=True):
    """What is known of one model.

    Of a local one, `model` and `mmproj` are paths: absolute, or relative to the folder of the registry where the
    registry fetched them itself, which `downloaded` then says. Of one behind a server, `url` is the server's address,
    `remote_name` what the model is called there, `key_name` the secret that holds the server's key, `consent` the site
    to which a person allowed screens to be sent, and `ca_file` the certificates to trust. `context` is in tokens; 0
    leaves it to the settings. `roles` are what a person wants it for.
    """

    name: str
    kind: Literal["local", "server"] = "local"
    family: str = UNKNOWN
    model: str = ""
    mmproj: str = ""
    downloaded: tuple[str, ...] = ()
    source: str = ""
    url: str = ""
    remote_name: str = ""
    key_name: str = ""
    consent: str = ""
    ca_file: str = ""
    context: int = 0
    roles: tuple[Role, ...] = ()


class Registry:
    """The models of one folder, which need not exist yet. Any thread and any number of processes may use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @classmethod
    def usual(cls) -> "Registry":
        """That of the folder which the environment, the settings or the platform choose."""
        return cls(settings.models_folder(settings.load()))

    def names(self) -> list[str]:
        """The names of all models, in alphabetical order."""
        try:
            found = [path.stem for path in self.folder.glob("*.json") if path.is_file()]
        except OSError as error:
            raise UnavailableError(f"{self.folder} cannot be read: {error.strerror}; mend its permissions") from error
        return sorted(name for name in found if is_name(name))

    def get(self, name: str) -> Entry:
        """The model of that name.

        Raises `UnavailableError` when there is none, and `BadInputError` when its document is damaged.
        """
        path = self._document(name)
        if not is_name(name) or not path.is_file():
            known = ", ".join(self.names()[:8])
            have = f"there are {known}" if known else "there is none yet"
            raise UnavailableError(
                f"there is no model “{name[:64]}” here ({have}); `workbench-cli models get` fetches one, "
                "`workbench-cli models add` takes your own file"
            )
        return _read(path, name)

    def add(self, entry: Entry, *, replace: bool = False) -> None:
        """Keep the entry; raises `BadInputError` for a bad name, or for one that is taken when it may not `replace`.

        Files that were fetched for an entry of that name stay with it; what calibrating found out about another model
        is forgotten.
        """
        check_name(entry.name)
        with locks.alone(self.folder / ".lock"):
            if self._document(entry.name).exists() and not replace:
                raise BadInputError(
                    f"there is a model “{entry.name}” already; remove it first, choose another name or add --replace"
                )
            _write(self._document(entry.name), self._succeeding(entry))

    def remove(self, name: str) -> list[Path]:
        """Forget the model and delete what the registry fetched or made for it; returns the files that were deleted.

        Files of the person's own stay where they are. Raises what `get` raises, but forgets a damaged entry too.
        """
        own = self.folder_of(name)
        with locks.alone(self.folder / ".lock"):
            if not self._document(name).is_file():
                self.get(name)
            deleted = [path for path in self._made_for(name) if path.is_file()]
            self._document(name).unlink()
            for path in deleted:
                path.unlink()
            with contextlib.suppress(OSError):
                own.rmdir()
        return deleted

    def files(self, entry: Entry) -> tuple[Path, Path | None]:
        """Where a local model's two files are; raises `BadInputError` for one that is gone or outside its place."""
        model = self._file(entry, entry.model)
        return model, self._file(entry, entry.mmproj) if entry.mmproj else None

    def folder_of(self, name: str) -> Path:
        """Where what belongs to one model is kept; it need not exist."""
        return self.folder / check_name(name)

    def profile(self, name: str) -> "Profile | None":
        """What calibrating found out about the model; None where it was not calibrated yet."""
        from agents.runtime.pointing.calibrating import Profile

        path = self.folder_of(name) / _PROFILE
        return from_json(path.read_bytes(), Profile, what=str(path)) if path.is_file() else None

    def is_calibrated(self, name: str) -> bool:
        """Whether there is a profile of the model."""
        return (self.folder_of(name) / _PROFILE).is_file()

    def keep_profile(self, name: str, profile: "Profile") -> Path:
        """Keep what calibrating found out, in place of what was known; returns the file."""
        path = self.folder_of(self.get(name).name) / _PROFILE
        _write(path, profile)
        return path

    def default(self) -> str:
        """The model that is meant where none is named: the setting `model.default`, else the only one there is.

        Raises `UnavailableError` where that leaves no model or several.
        """
        chosen = settings.load().model.default
        names = self.names()
        if chosen or len(names) == 1:
            return chosen or names[0]
        what = "several models and none is the default" if names else "no model"
        raise UnavailableError(
            f"there is {what}; name one, choose with `workbench-cli settings set model.default NAME`, "
            "or fetch one with `workbench-cli models get`"
        )

    def _succeeding(self, entry: Entry) -> Entry:
        """The entry with what it takes over from the one in whose place it comes."""
        try:
            old = self.get(entry.name)
        except (BadInputError, UnavailableError):
            old = Entry(entry.name)
        if _identity(old) != _identity(entry):
            (self.folder_of(entry.name) / _PROFILE).unlink(missing_ok=True)
        fetched = dict.fromkeys((*old.downloaded, *entry.downloaded))
        return msgspec.structs.replace(entry, downloaded=tuple(fetched), source=entry.source or old.source)

    def _made_for(self, name: str) -> list[Path]:
        """The files that the registry fetched or made for a model; none outside the model's own folder."""
        own = self.folder_of(name)
        try:
            fetched = [self.folder / text for text in self.get(name).downloaded]
        except BadInputError:
            fetched = []
        inside = [path for path in fetched if path.parent == own]
        parts = [path.with_name(path.name + end) for path in inside for end in ("", ".part", ".part.json")]
        return [*parts, *(own / made for made in MADE)]

    def _document(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _file(self, entry: Entry, text: str) -> Path:
        path = Path(text)
        if not path.is_absolute():
            path = (self.folder / path).resolve()
            if not path.is_relative_to(self.folder.resolve()):
                raise BadInputError(f"the model “{entry.name}” names the file {text} outside its folder; add it again")
        if not path.is_file():
            raise BadInputError(
                f"the model “{entry.name}” has lost its file {path}; put it back, or "
                f"`workbench-cli models remove {entry.name}` and add it again"
            )
        return path


def _identity(entry: Entry) -> tuple[str, ...]:
    """What makes it another model when it changes."""
    return entry.kind, entry.model, entry.mmproj, entry.url, entry.remote_name


def is_name(name: str) -> bool:
    """Whether a model can be called that, on every system."""
    return bool(NAME.fullmatch(name)) and not _RESERVED.fullmatch(name)


def check_name(name: str) -> str:
    """The name, if a model can be called that; raises `BadInputError` otherwise."""
    if not is_name(name):
        raise BadInputError(
            f"“{name[:80]}” cannot name a model; use up to 64 of a-z 0-9 . _ -, beginning with a letter or digit"
        )
    return name


def _read(path: Path, name: str) -> Entry:
    mend = f"`workbench-cli models remove {name}` and add it again"
    try:
        if path.stat().st_size > _LARGEST_DOCUMENT_BYTES:
            raise BadInputError(f"{path} is no description of a model: it is too long; {mend}")
        entry = msgspec.json.decode(path.read_bytes(), type=Entry)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadInputError(f"{path} is damaged: {error}; {mend}") from error
    except OSError as error:
        raise UnavailableError(f"{path} cannot be read: {error.strerror}; mend its permissions") from error
    if entry.name != name:
        raise BadInputError(f"{path} describes “{entry.name[:64]}”, not “{name}”; {mend}")
    return entry


def _write(path: Path, document: Struct) -> None:
    """Replace the document, as a whole or not at all; raises `UnavailableError` when it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _replacing(path) as part:
            part.write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written: {error.strerror}; make its folder writable") from error


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
