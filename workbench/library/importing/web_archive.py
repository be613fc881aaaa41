"""Web archives (`.mht`, RFC 2557): a page and what belongs to it as the parts of one MIME message.

Parts are found in place and unpacked one at a time, so that an archive takes little more memory than its file.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from workbench.errors import BadInputError

MOST_PARTS = 20_000

LONGEST_HEADER_BYTES = 64 * 1024

_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")


@dataclass(frozen=True)
class Part:
    """One part, not unpacked yet: its type (`image/jpeg`), its location (`screenshot0001.JPEG`) and where it is."""

    kind: str
    location: str
    charset: str
    encoding: str
    _what: str
    _archive: bytes
    _start: int
    _end: int

    def data(self) -> bytes:
        """The part unpacked; raises `BadInputError` for one that cannot be."""
        packed = self._archive[self._start : self._end]
        if self.encoding == "quoted-printable":
            return quopri.decodestring(packed)
        if self.encoding != "base64":
            return packed
        try:
            return base64.b64decode(packed, validate=False)
        except (binascii.Error, ValueError) as error:
            raise BadInputError(f"{self._what}: {self.location[:80]!r} is no base64: {error}; get it again") from error

    def text(self) -> str:
        """The part as text; letters that its character set does not have are marked."""
        try:
            return self.data().decode(self.charset, errors="replace")
        except (LookupError, ValueError):
            return self.data().decode("utf-8", errors="replace")


def header(start: bytes) -> Message | None:
    """The header of an archive that begins with these bytes; None where they begin none."""
    blank = _BLANK.search(start, 0, LONGEST_HEADER_BYTES)
    if blank is None:
        return None
    found = _header(start[: blank.start()])
    return found if found.get_content_type() == "multipart/related" and found.get_boundary() else None


def parts(archive: bytes, *, what: str) -> Iterator[Part]:
    """The parts in their order; raises `BadInputError` that names `what` for what is no archive."""
    opening = header(archive)
    boundary = (opening.get_boundary() if opening else None) or ""
    if not boundary:
        raise BadInputError(f"{what} is no web archive; get it again")
    between = re.compile(rb"^--" + re.escape(boundary.encode("utf-8", "surrogateescape")) + rb"(?:--)?[ \t\r]*$", re.M)
    starts: re.Match[bytes] | None = None
    for count, mark in enumerate(between.finditer(archive)):
        if count > MOST_PARTS:
            raise BadInputError(f"{what} has more than {MOST_PARTS} parts; it cannot be what it seems")
        if starts is not None:
            yield _part(archive, starts.end(), mark.start(), what)
        starts = mark
    if starts is not None and not starts[0].rstrip().endswith(b"--"):
        yield _part(archive, starts.end(), len(archive), what)


def _part(archive: bytes, start: int, end: int, what: str) -> Part:
    blank = _BLANK.search(archive, start, min(end, start + LONGEST_HEADER_BYTES))
    top = _header(archive[start : blank.start()].lstrip() if blank else b"")
    return Part(
        kind=top.get_content_type(),
        location=str(top.get("Content-Location", "")).strip(),
        charset=str(top.get_content_charset("utf-8")),
        encoding=str(top.get("Content-Transfer-Encoding", "")).strip().lower(),
        _what=what,
        _archive=archive,
        _start=blank.end() if blank else start,
        _end=end,
    )


def _header(lines: bytes) -> Message:
    return BytesHeaderParser().parsebytes(lines)
