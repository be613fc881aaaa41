"""Files in ZIP archives from elsewhere, read with a bound on what they may unpack to."""

import lzma
import zipfile
import zlib
from pathlib import Path

from workbench.errors import BadInputError

LEAST_BYTES = 8 * 1024 * 1024
"""What a file in an archive may always unpack to."""

MOST_TIMES = 4
"""How many times the archive's length a file in it may unpack to beyond that."""

MOST_NAMES = 10_000

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    NotImplementedError,
)


def names(path: Path, suffix: str) -> list[str]:
    """The files in it whose names end so, in any case; raises `BadInputError` for what is no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.namelist()
    except _BROKEN as error:
        raise BadInputError(f"{path} is no ZIP archive that can be read: {error}; get it again") from error
    if len(found) > MOST_NAMES:
        raise BadInputError(f"{path} has more than {MOST_NAMES} files; it cannot be what it seems")
    return [name for name in found if name.lower().endswith(suffix)]


def start(path: Path, name: str, count: int) -> bytes:
    """The first bytes of a file in it; empty where it cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            return file.read(count)
    except (*_BROKEN, KeyError):
        return b""


def data(path: Path, name: str, *, limit: int) -> bytes:
    """A whole file in it; raises `BadInputError` for one that is damaged, locked or unpacks to too much."""
    most = min(limit, max(LEAST_BYTES, MOST_TIMES * path.stat().st_size))
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            found = file.read(most + 1)
    except (*_BROKEN, KeyError) as error:
        raise BadInputError(f"{path}: {name[:80]!r} in it cannot be read: {error}; get it again") from error
    if len(found) > most:
        raise BadInputError(f"{path}: {name[:80]!r} in it is longer than {most} bytes; it cannot be what it seems")
    return found
