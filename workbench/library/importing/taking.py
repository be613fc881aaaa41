"""Taking recordings of other tools into the library, one by one, each whole or not at all."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import BadInputError, WorkbenchError
from workbench.library.importing.drafts import Draft, Item, Remark
from workbench.library.importing.known import Found
from workbench.library.importing.pictures import Pictures
from workbench.library.transfer import Kept, Whole, WholeRecording, check_recording
from workbench.trajectory import Step, Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

MOST_REMARKS = 200
"""How many remarks go into the history; the others are counted."""

Reduce = Callable[[WholeRecording], tuple[Step, ...]]
"""Makes steps from raw events, as the recorder does; the library cannot, it lies below."""


@dataclass(frozen=True)
class Taken:
    """A recording that is in the library now, with what was dropped or repaired."""

    path: Path
    name: str
    format: str
    trajectory: Trajectory
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Refused:
    """A recording that was not taken, and why in one line."""

    path: Path
    name: str
    format: str
    why: WorkbenchError


def take(
    library: "Library", found: Sequence[Found], *, reduce: Reduce, told: Callable[[int], None] | None = None
) -> Iterator[Taken | Refused]:
    """Take every recording in these sources, in their order; `told` hears how many bytes were read.

    One that cannot be read is refused, its pictures are removed again, and the next follows. Raises what is no fault
    of a recording: `UnavailableError` where the disk refuses.
    """
    for one in found:
        source = one.source.heard_by(told)
        empty = True
        try:
            for item in one.reader.items(source):
                empty = False
                yield _take_one(library, item, one, reduce)
            if empty:
                raise BadInputError(
                    f"there is no recording of {one.reader.TITLE} in {source.path}; check what it holds"
                )
        except BadInputError as error:
            yield Refused(source.path, source.name, one.format, error)


def total_bytes(found: Sequence[Found]) -> int:
    """How long all files of the sources are together, for a progress bar."""
    return sum(_size(one.source.path) for one in found)


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink())


def _take_one(library: "Library", item: Item, found: Found, reduce: Reduce) -> Taken | Refused:
    pictures = Pictures(library.frames)
    try:
        draft = item.read(pictures)
        whole = _whole(library.new_id(), draft, title=found.reader.TITLE, reduce=reduce)
        trajectory = library.adopt(whole)
        library.discard(pictures.put - whole.frames())
    except BadInputError as error:
        library.discard(pictures.put)
        return Refused(found.source.path, item.name, found.format, error)
    except BaseException:
        library.discard(pictures.put)
        raise
    return Taken(found.source.path, item.name, found.format, trajectory, draft.remarks)


def _whole(identifier: str, draft: Draft, *, title: str, reduce: Reduce) -> Whole:
    steps = draft.steps
    if draft.recording:
        check_recording(draft.recording)
        steps = reduce(draft.recording)
    trajectory = Trajectory(
        id=identifier,
        title=draft.title,
        steps=steps,
        task=draft.task,
        source="import",
        created=draft.created,
        seconds=draft.seconds,
        platform=draft.platform,
        commands=draft.commands,
        variables=draft.variables,
        screens=draft.screens,
        reviewed=False,
        revision=1,
    )
    note = "\n".join([f"imported from {title}", *_lines(draft.remarks)])
    return Whole(identifier, 1, (Kept(trajectory, note=note, saved=time.time()),), draft.recording)


def _lines(remarks: Sequence[Remark]) -> Iterator[str]:
    for remark in remarks[:MOST_REMARKS]:
        yield f"step {remark.step}: {remark.what}" if remark.step else remark.what
    if len(remarks) > MOST_REMARKS:
        yield f"and {len(remarks) - MOST_REMARKS} more"
