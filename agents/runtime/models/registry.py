"""The models that a person has: one JSON document each in one folder, with what was downloaded or calibrated beside it.

`NAME.json` says what the model is, `NAME/` holds the files that were fetched for it, its profile and its pictures.
Documents are replaced as a whole or not at all, and any number of programs may use the folder at once.
"""

import contextlib
import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from agents.runtime.models import built_in
from agents.runtime.models.families import UNKNOWN
from workbench import settings
from workbench.codec import from_json
from workbench.errors import BadInputError, UnavailableError
from workbench.library import locks

if TYPE_CHECKING:
    from agents.runtime.pointing.calibrating import Profile

log = logging.getLogger(__name__)

Role = Literal["planner", "grounder", "judge", "embedder"]

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*\.(json)?")
_LARGEST_DOCUMENT_BYTES = 1_000_000
_MOST_CONTEXT = 1_048_576
"""In tokens; what the settings allow too."""

_PROFILE = "profile.json"
PICTURE = "calibration.png"
"""What calibrating draws, in the folder of a model."""

MADE = (_PROFILE, PICTURE)

_FINGERPRINT_LENGTH = 16
_END_BYTES = 1 << 20


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
    context: Annotated[int, Meta(ge=0, le=_MOST_CONTEXT)] = 0
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
            found = [path.stem for path in self.folder.iterdir() if path.suffix == ".json" and path.is_file()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise UnavailableError(f"{self.folder} cannot be read: {error.strerror}; mend its permissions") from error
        return sorted(name for name in found if is_name(name))

    def get(self, name: str) -> Entry:
        """The model of that name; the built-in one is always there.

        Raises `UnavailableError` when there is none, and `BadInputError` when its document is damaged.
        """
        path = self._document(name)
        if name == built_in.NAME and built_in.comes_along():
            return Entry(name, family=built_in.FAMILY, model=str(built_in.built_in_file()))
        if not is_name(name) or not path.is_file():
            known = ", ".join(self.names()[:8])
            have = f"there are {known}" if known else "there is none yet"
            raise UnavailableError(
                f"there is no model “{name[:64]}” here ({have}); `workbench-cli models get` fetches one, "
                "`workbench-cli models add` takes your own file"
            )
        return _read(path, name)

    def add(self, entry: Entry, *, replace: bool = False) -> None:
        """Keep the entry; raises `BadInputError` for a bad name or context, or a name that is taken.

        Files that were fetched for an entry of that name stay with it; what calibrating found out about another model
        is forgotten.
        """
        _refuse_built_in(check_name(entry.name))
        if not 0 <= entry.context <= _MOST_CONTEXT:
            raise BadInputError(f"a context of {entry.context} tokens is none; give at most {_MOST_CONTEXT}")
        with locks.alone(self.folder / ".lock"):
            if self._document(entry.name).exists() and not replace:
                raise BadInputError(
                    f"there is a model “{entry.name}” already; remove it first, choose another name or add --replace"
                )
            _write(self._document(entry.name), self._succeeding(entry))

    def remove(self, name: str) -> list[Path]:
        """Forget the model and delete what the registry fetched or made for it; returns the files that were deleted.

        Files of the person's own stay where they are. A damaged entry is forgotten too, and what fetching began and
        never ended is deleted. Raises `UnavailableError` for a name that is none, and while its files are fetched.
        """
        _refuse_built_in(name)
        own = self.folder_of(name)
        with locks.alone(self.folder / ".lock"):
            held = sorted(own.glob("*.lock"))
            if busy := next((path for path in held if locks.is_held(path)), None):
                raise UnavailableError(f"{busy.stem} is being fetched for “{name}”; wait for that, or end it")
            if not self._document(name).is_file() and not (held or any(own.glob("*.part"))):
                self.get(name)
            deleted = [path for path in self._made_for(name) if path.is_file()]
            for path in (*deleted, *held):
                path.unlink()
            self._document(name).unlink(missing_ok=True)  # last: what cannot be deleted now, can when asked again
            with contextlib.suppress(OSError):
                own.rmdir()
        return deleted

    def files(self, entry: Entry) -> tuple[Path, Path | None]:
        """Where a local model's two files are; raises `BadInputError` for one that is gone or outside its place."""
        model = self._file(entry, entry.model)
        return model, self._file(entry, entry.mmproj) if entry.mmproj else None

    def fingerprint(self, name: str) -> str:
        """What tells the model from another one of that name: the ends and length of its file, or its server.

        Takes milliseconds. Raises what `get` and `files` raise, and `UnavailableError` for a file that cannot be read.
        """
        entry = self.get(name)
        if entry.kind == "server":
            return hashlib.sha256(f"{entry.url} {entry.remote_name}".encode()).hexdigest()[:_FINGERPRINT_LENGTH]
        return _fingerprint(self.files(entry)[0])

    def folder_of(self, name: str) -> Path:
        """Where what belongs to one model is kept; it need not exist."""
        return self.folder / check_name(name)

    def profile(self, name: str) -> "Profile | None":
        """What calibrating found out about the model; None where it was not calibrated yet, or with another file.

        Raises `BadInputError` for a damaged profile, and where the model's file is gone.
        """
        found = self._kept_profile(name)
        if found and not self._is_of_file(name, found):
            log.warning("the model %s has another file now than when it was calibrated; calibrate it again", name)
            return None
        return found

    def is_calibrated(self, name: str) -> bool:
        """Whether there is a profile of the model as its file is now."""
        try:
            found = self._kept_profile(name)
            return found is not None and self._is_of_file(name, found)
        except (BadInputError, OSError):
            return False

    def keep_profile(self, name: str, profile: "Profile") -> Path:
        """Keep what calibrating found out, in place of what was known; returns the file."""
        path = self.folder_of(self.get(name).name) / _PROFILE
        _write(path, profile)
        return path

    def keep_picture(self, name: str, png: bytes) -> Path:
        """Keep the picture of what calibrating hit; returns the file."""
        path = self.folder_of(name) / PICTURE
        _replace(path, png)
        return path

    def check_writable(self, name: str) -> None:
        """Raise `UnavailableError` where nothing can be kept for the model, before an hour's work finds that out."""
        own = self.folder_of(name)
        place = own if own.exists() else self.folder
        if not os.access(place, os.W_OK | os.X_OK):
            raise UnavailableError(f"{place} cannot be written: mend its permissions, or set `model.folder` to another")

    def _kept_profile(self, name: str) -> "Profile | None":
        from agents.runtime.pointing.calibrating import Profile

        path = self.folder_of(name) / _PROFILE
        return from_json(path.read_bytes(), Profile, what=str(path)) if path.is_file() else None

    def _is_of_file(self, name: str, profile: "Profile") -> bool:
        """Whether the model's file is as long as when it was calibrated, as far as that is known."""
        entry = self.get(name)
        if entry.kind == "server" or not profile.size_bytes:
            return True
        return self.files(entry)[0].stat().st_size == profile.size_bytes

    def _succeeding(self, entry: Entry) -> Entry:
        """The entry with what it takes over from the one in whose place it comes."""
        try:
            old = self.get(entry.name)
        except (BadInputError, UnavailableError):
            old = Entry(entry.name)
        if _identity(old) != _identity(entry):
            for made in MADE:
                (self.folder_of(entry.name) / made).unlink(missing_ok=True)
        fetched = dict.fromkeys((*old.downloaded, *entry.downloaded))
        return msgspec.structs.replace(entry, downloaded=tuple(fetched), source=entry.source or old.source)

    def _made_for(self, name: str) -> list[Path]:
        """The files that the registry fetched or made for a model; none outside the model's own folder."""
        own = self.folder_of(name)
        try:
            fetched = [self.folder / text for text in self.get(name).downloaded]
        except BadInputError:
            fetched = []
        except UnavailableError:  # without an entry all that was fetched is of a fetching that never ended
            fetched = [path.with_suffix("") for path in own.glob("*.lock")]
        inside = [path for path in fetched if path.parent == own]
        return [*inside, *own.glob("*.part"), *own.glob("*.part.json"), *(own / made for made in MADE)]

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
    return entry.kind, entry.family, entry.model, entry.mmproj, entry.url, entry.remote_name


def is_name(name: str) -> bool:
    """Whether a model can be called that, on every system."""
    return bool(NAME.fullmatch(name)) and not _RESERVED.fullmatch(name)


def _refuse_built_in(name: str) -> None:
    if name == built_in.NAME:
        raise BadInputError(f"“{name}” is the model that comes with the program; choose another name")


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
    _replace(path, msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")


def _replace(path: Path, data: bytes) -> None:
    """Replace the file, as a whole or not at all; raises `UnavailableError` when it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _replacing(path) as part:
            part.write_bytes(data)
    except OSError as error:
        raise UnavailableError(
            f"{path} cannot be written: {error.strerror}; mend the space or the permissions of its folder"
        ) from error


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


def _fingerprint(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            size_bytes = file.seek(0, os.SEEK_END)
            digest.update(f"{size_bytes} ".encode())
            for start in (0, max(0, size_bytes - _END_BYTES)):
                file.seek(start)
                digest.update(file.read(_END_BYTES))
    except OSError as error:
        raise UnavailableError(f"{path} cannot be read: {error.strerror}; mend its permissions") from error
    return digest.hexdigest()[:_FINGERPRINT_LENGTH]
