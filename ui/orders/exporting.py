"""Exports as every face orders them: looked through for leaks first, refused by default, then written whole or not.

Nothing leaves before it was decided of every finding whether it is masked or goes along.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from workbench.errors import BadInputError, StoppedError, WorkbenchError

if TYPE_CHECKING:
    from workbench.library.exporting.material import Material, Run
    from workbench.library.importing.drafts import Remark
    from workbench.library.leaks.leak import Leak
    from workbench.library.store import Library
    from workbench.trajectory import Trajectory

BUNDLE = "bundle"
BUNDLE_SUFFIX = ".trajectory"

Policy = Literal["refuse", "mask", "accept"]
POLICIES: tuple[Policy, ...] = ("refuse", "mask", "accept")

Told = Callable[[str, int, int], None]
"""Hears what goes on (`reading pictures`, `writing`) and how many of how many are done; what it raises ends it all."""


def silent(_what: str, _done: int, _of: int) -> None:
    """Hear nothing."""


@dataclass(frozen=True)
class Format:
    """One format for people to choose: its name in commands, what it is, how its files end (empty for a folder)."""

    name: str
    title: str
    suffix: str
    several: bool


@dataclass(frozen=True)
class Decisions:
    """What is done with findings: `policy` for those that are in neither set, by their ids."""

    policy: Policy = "refuse"
    mask: frozenset[str] = frozenset()
    accept: frozenset[str] = frozenset()

    def on(self, leak: "Leak") -> Policy:
        """What is done with this one."""
        if leak.id in self.mask:
            return "mask"
        return "accept" if leak.id in self.accept else self.policy


@dataclass(frozen=True)
class Order:
    """What is to leave, in which format, and where to; without a path it is named after the trajectory, here.

    `pictures_read` is false where nobody is to look for leaks in pictures. `test_share` is the share of trajectories
    that training sets put aside for testing.
    """

    trajectories: "tuple[Trajectory, ...]"
    format: str = BUNDLE
    path: Path | None = None
    pictures_read: bool = True
    test_share: float = 0.0


@dataclass(frozen=True)
class Examined:
    """An order that was looked through: what was found, and in words what could not be looked for."""

    order: Order
    path: Path
    leaks: "tuple[Leak, ...]"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exported:
    """What was written: `remarks` say what the format cannot hold, `notes` what the person must know of this export."""

    path: Path
    size_bytes: int
    remarks: "tuple[Remark, ...]" = ()
    notes: tuple[str, ...] = ()


class LeaksFoundError(StoppedError):
    """Nothing was exported, for findings were neither masked nor accepted: those of `examined`."""

    def __init__(self, message: str, examined: Examined, undecided: "Sequence[Leak]") -> None:
        super().__init__(message)
        self.examined = examined
        self.undecided = tuple(undecided)


@dataclass
class Secrets:
    """The values of the keyring's secrets by their names, or why nobody could ask for them."""

    known: Mapping[str, str] = field(default_factory=dict, repr=False)
    why_not: str = ""


def formats() -> tuple[Format, ...]:
    """All formats, the bundle first."""
    from workbench.library.exporting import known

    writers = [(name, known.writer(name)) for name in known.WRITERS]
    others = (Format(name, each.TITLE, each.SUFFIX, each.SEVERAL) for name, each in writers)
    return (Format(BUNDLE, "trajectory bundle, for another workbench", BUNDLE_SUFFIX, several=False), *others)


def names() -> tuple[str, ...]:
    """The names of all formats; loads none of them."""
    from workbench.library.exporting.known import WRITERS

    return (BUNDLE, *WRITERS)


def export(library: "Library", order: Order, decisions: Decisions, *, told: Told = silent) -> Exported:
    """Look through what would leave and write it as it was decided; raises as `examine` and `write` do."""
    return write(library, examine(library, order, told=told), decisions, told=told)


def examine(library: "Library", order: Order, *, told: Told = silent, secrets: Secrets | None = None) -> Examined:
    """Look for what should not leave.

    Raises `BadInputError` for a format that holds only one and for a path that something else is at, and
    `UnavailableError` where pictures cannot be read.
    """
    path = _path(order)
    asked = keyring_secrets() if secrets is None else secrets
    notes = [f"secrets were not looked for: {asked.why_not}"] if asked.why_not else []
    if not order.pictures_read:
        notes.append("pictures were not read: what they show was not looked through")
    leaks = _scan(library, order, asked.known, told)
    return Examined(order, path, leaks, tuple(notes))


def write(library: "Library", examined: Examined, decisions: Decisions, *, told: Told = silent) -> Exported:
    """Write what was looked through; raises `LeaksFoundError` while anything of it is undecided.

    Raises `BadInputError` for decisions about findings that are none, and what writing raises.
    """
    _check(examined, decisions)
    undecided = [leak for leak in examined.leaks if decisions.on(leak) == "refuse"]
    if undecided:
        raise LeaksFoundError(_refusal(undecided), examined, undecided)
    masked = [leak for leak in examined.leaks if decisions.on(leak) == "mask"]
    if examined.order.format == BUNDLE:
        return _write_bundle(library, examined, masked)
    return _write_format(library, examined, masked, told)


def keyring_secrets() -> Secrets:
    """The secrets that the keyring holds; where it cannot be asked, why."""
    from workbench import secrets

    try:
        return Secrets(secrets.fetch(secrets.names()))
    except WorkbenchError as error:
        return Secrets(why_not=str(error))


def line(remark: "Remark") -> str:
    """A remark in one line, with the step that it is about."""
    return f"step {remark.step}: {remark.what}" if remark.step else remark.what


def _refusal(undecided: "Sequence[Leak]") -> str:
    many = f"{len(undecided)} findings" if len(undecided) > 1 else "a finding"
    return f"nothing was exported because of {many}; mask or accept each, or all with --leaks mask"


def _check(examined: Examined, decisions: Decisions) -> None:
    ids = {leak.id for leak in examined.leaks}
    for name in sorted((decisions.mask | decisions.accept) - ids):
        raise BadInputError(f"there is no finding {name[:40]!r}; see those there are without --mask and --accept")
    both = sorted(decisions.mask & decisions.accept)
    if both:
        raise BadInputError(f"the finding {both[0]} cannot be masked and accepted; choose one")


def _path(order: Order) -> Path:
    """Where it is written to; nothing of another kind is there."""
    if order.format == BUNDLE:
        _check_one(order, "bundle")
        return free(order.path or Path(order.trajectories[0].id + BUNDLE_SUFFIX))
    from workbench.library.exporting.known import writer

    chosen = writer(order.format)
    if not chosen.SEVERAL:
        _check_one(order, chosen.TITLE)
    first = order.trajectories[0].id
    name = first if len(order.trajectories) == 1 else f"{first}-and-{len(order.trajectories) - 1}-more"
    return order.path or Path(f"{name}{chosen.SUFFIX}" if chosen.SUFFIX else f"{name}-{order.format}")


def _check_one(order: Order, title: str) -> None:
    if len(order.trajectories) != 1:
        raise BadInputError(f"the format {order.format} ({title}) holds one trajectory; export them one by one")


def free(path: Path) -> Path:
    """The path, if writing a bundle there destroys nothing but another bundle."""
    from workbench.library.bundle import is_bundle

    if "\0" in str(path) or not path.parent.is_dir():
        raise BadInputError(f"there is no folder {path.parent} to write {path.name} into; make it first")
    if path.is_dir() or (path.exists() and not is_bundle(path)):
        raise BadInputError(f"{path} is something else already; choose another path")
    return path


def _scan(library: "Library", order: Order, known: Mapping[str, str], told: Told) -> "tuple[Leak, ...]":
    from workbench.library.leaks.scanning import scan, scan_whole

    def hear(done: int, of: int) -> None:
        told("reading pictures", done, of)

    if order.format == BUNDLE:
        whole = library.whole(order.trajectories[0].id)
        return scan_whole(whole, library.frames.load, known, told=hear, pictures=order.pictures_read)
    return scan(_material(library, order), known, told=hear, pictures=order.pictures_read)


def _material(library: "Library", order: Order, told: Callable[[], None] = lambda: None) -> "Material":
    """What the writer of the format is given, not masked."""
    from workbench.library.exporting.known import writer
    from workbench.library.exporting.material import Material
    from workbench.library.exporting.training.hints import hints_of

    if not writer(order.format).USES_RUNS:
        return Material(order.trajectories, library.frames.load, _no_runs, told)
    hints = partial(hints_of, library)
    return Material(order.trajectories, library.frames.load, _runs(library), told, hints, order.test_share)


def _runs(library: "Library") -> "Callable[[str], Sequence[Run]]":
    from workbench.library.exporting.material import Run

    def of(trajectory_id: str) -> list[Run]:
        return [Run(each, tuple(library.run_events(each.id))) for each in library.runs(trajectory_id)]

    return of


def _no_runs(_trajectory_id: str) -> "Sequence[Run]":
    return ()


def _write_format(library: "Library", examined: Examined, masked: "Sequence[Leak]", told: Told) -> Exported:
    from workbench.library.exporting.known import writer
    from workbench.library.leaks.masking import masked as without

    order = examined.order
    chosen = writer(order.format)
    steps = sum(len(each.steps) for each in order.trajectories)
    done = 0

    def hear() -> None:
        nonlocal done
        done = min(done + 1, steps)
        told("writing", done, steps)

    material = _material(library, order, hear)
    with _whole(examined.path, order.format, chosen.SUFFIX) as part:
        remarks = chosen.write(without(material, masked) if masked else material, part)
    return Exported(examined.path, _size(examined.path), remarks, examined.notes)


@contextmanager
def _whole(path: Path, name: str, suffix: str) -> Iterator[Path]:
    from workbench.library.exporting.writing import whole_file, whole_folder

    with whole_file(path, suffix=suffix) if suffix else whole_folder(path, kind=name) as part:
        yield part


def _write_bundle(library: "Library", examined: Examined, masked: "Sequence[Leak]") -> Exported:
    from workbench.library.bundle import export_bundle

    trajectory = examined.order.trajectories[0]
    notes = examined.notes
    if masked:
        with _masked_library(library, library.get(trajectory.id), masked) as passing:
            export_bundle(passing, trajectory.id, free(examined.path), with_events=False)
        notes = (*notes, "the bundle holds the masked trajectory alone: no raw events, no history")
    else:
        export_bundle(library, trajectory.id, free(examined.path))
    return Exported(examined.path, _size(examined.path), (), notes)


@contextmanager
def _masked_library(library: "Library", trajectory: "Trajectory", leaks: "Sequence[Leak]") -> "Iterator[Library]":
    """A passing library that has the masked trajectory with its masked pictures under new names."""
    import tempfile

    from workbench.library.exporting.material import Material
    from workbench.library.leaks.masking import masked
    from workbench.library.store import Library

    material = masked(Material((trajectory,), library.frames.load, _no_runs, lambda: None), leaks)
    with tempfile.TemporaryDirectory(prefix="workbench-export-") as folder, Library.open(Path(folder)) as passing:
        passing.save(_with_pictures(material, passing))
        yield passing


def _with_pictures(material: "Material", passing: "Library") -> "Trajectory":
    """The trajectory referring to its pictures as the passing library has them."""
    import msgspec

    from workbench.library.forgetting import frame_replacer
    from workbench.trajectory import Trajectory, frames_of

    trajectory = material.trajectories[0]
    renamed: dict[str, str | None] = {}
    for frame in sorted(frames_of(trajectory)):
        picture = material.picture(frame)
        renamed[frame] = passing.frames.put(picture.pixels, origin=picture.origin)
    body = frame_replacer(renamed)(msgspec.json.encode(trajectory).decode())
    return msgspec.structs.replace(msgspec.json.decode(body, type=Trajectory), purges=0)


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in _files(path))


def _files(path: Path) -> Iterable[Path]:
    return (each for each in path.rglob("*") if each.is_file()) if path.is_dir() else (path,)
