"""Reports of Windows Steps Recorder (psr.exe): a web archive, mostly in a ZIP, with a picture and words per action.

The words are in the language of that Windows. English ones become actions; an action in another language, or one that
says too little to be carried out, becomes a note of its words that keeps its picture and its place. What was typed is
never in the file: a variable without a value stands for it.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.library.importing import packed, steps_recorder_steps, steps_recorder_xml, web_archive
from workbench.library.importing.collecting import epoch_s, title_of
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.source import MAX_TEXT_BYTES, Source

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures
    from workbench.library.importing.steps_recorder_xml import Report
    from workbench.library.importing.web_archive import Part

TITLE = "Windows Steps Recorder"

START_BYTES = 1024 * 1024
"""The report is in the first part of the archive, before the pictures."""

ENDINGS = (".mht", ".mhtml")

_MARKS = (b"UserActionData", b"EachAction")
_SOFT = re.compile(rb"=\r?\n")


def recognises(source: Source) -> bool:
    """A web archive with such a report, by itself or in a ZIP."""
    if source.is_folder:
        return False
    try:
        starts = [packed.start(source.file(), name, START_BYTES) for name in _archives(source)]
    except BadInputError:
        return False
    return any(map(_is_report, starts or [source.start(count=START_BYTES)]))


def items(source: Source) -> Iterator[Item]:
    """The file is one, or every report in the ZIP."""
    names = [name for name in _archives(source) if _is_report(packed.start(source.file(), name, START_BYTES))]
    for name in names:
        yield Item(name, partial(_read_packed, source, name))
    if not names:
        yield Item(source.name, partial(_read_file, source))


def _archives(source: Source) -> list[str]:
    """The web archives in a ZIP; none where the file is no ZIP."""
    if source.start(count=4) != b"PK\3\4":
        return []
    return [name for ending in ENDINGS for name in packed.names(source.file(), ending)]


def _is_report(start: bytes) -> bool:
    if web_archive.header(start) is None:
        return False
    joined = _SOFT.sub(b"", start)
    return all(mark in joined for mark in _MARKS)


def _read_file(source: Source, pictures: "Pictures") -> Draft:
    return _read(source.data(), str(source.path), source.name, pictures)


def _read_packed(source: Source, name: str, pictures: "Pictures") -> Draft:
    archive = packed.data(source.file(), name, limit=MAX_TEXT_BYTES)
    source.read_bytes(source.size())
    return _read(archive, f"{source.path} {name[:80]!r}", name, pictures)


def _read(archive: bytes, what: str, name: str, pictures: "Pictures") -> Draft:
    found = list(web_archive.parts(archive, what=what))
    report = _report(found, what)
    shown = {_plain(part.location): part for part in found if part.kind.startswith("image/")}
    reading = steps_recorder_steps.Reading(shown, pictures, what)
    for number, act in enumerate(report.acts, 1):
        reading.take(number, act)
    reading.end(report)
    return Draft(
        title=title_of(PurePath(name.replace("\\", "/")).stem, TITLE),
        steps=tuple(reading.found.steps),
        created=epoch_s(_written(archive)),
        seconds=reading.passed_s,
        platform="win32",
        screens=reading.screens,
        variables=tuple(reading.variables),
        remarks=tuple(reading.found.remarks),
    )


def _report(parts: "list[Part]", what: str) -> "Report":
    pages = (steps_recorder_xml.find(part.text()) for part in parts if part.kind.startswith("text/"))
    xml = next((page for page in pages if page), None)
    if xml is None:
        raise BadInputError(f"{what} has no report of Steps Recorder; get it again")
    return steps_recorder_xml.read(xml, what=what)


def _plain(location: str) -> str:
    return location.replace("\\", "/").rpartition("/")[2].lower()


def _written(archive: bytes) -> datetime | None:
    """When the archive says it was written."""
    top = web_archive.header(archive[: web_archive.LONGEST_HEADER_BYTES])
    try:
        return parsedate_to_datetime(str(top["Date"])) if top and top["Date"] else None
    except (ValueError, TypeError, OverflowError):
        return None
