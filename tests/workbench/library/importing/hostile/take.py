"""Takes damaged recordings of one format into a library and tells, line by line, what came of each.

`take.py FORMAT FIRST COUNT FOLDER [SAMPLES]`; before each a line `{"case": …}` is written, so that whoever waits
knows which one hangs, and after it one with its outcome.
"""

import json
import os
import shutil
import stat
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[5]))

from damage import damage
from seeds import BUILT, REAL

from ui.cli.console import one_line
from ui.orders import importing
from workbench.errors import WorkbenchError
from workbench.library.importing import known
from workbench.library.importing.taking import Taken
from workbench.library.store import Library
from workbench.report.words import caption
from workbench.trajectory import frames_of

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
REFUSED = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "socket.connect", "socket.bind",
           "shutil.unpack_archive")  # fmt: skip
CHANGING = (
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
    "shutil.rmtree",
)


class Watch:
    """What the process opens and changes while a recording is taken, from Python's own audit."""

    def __init__(self, library: Path, folder: Path) -> None:
        self.library, self.folder = os.path.realpath(library), os.path.realpath(folder)
        self.inside = self.folder
        self.found: list[str] = []
        self.on = False
        sys.addaudithook(self._hear)
        self._watch_films()

    def _hear(self, event: str, words: tuple) -> None:
        if not self.on:
            return
        if event in REFUSED:
            self.found.append(f"{event} {words[0]!r}")
        elif event == "open" and isinstance(words[0], str):
            self.opened(words[0], writing=bool(words[2] & WRITING) or (words[1] or "r")[0] in "wax")
        elif event in CHANGING and isinstance(words[0], (str, os.PathLike)):
            self.opened(os.fspath(words[0]), writing=True)

    def opened(self, name: str, *, writing: bool) -> None:
        path = os.path.realpath(name)
        if writing and not path.startswith((self.library, "/dev/null")):
            self.found.append(f"wrote {path}")
        elif path.startswith((self.folder, "/etc/passwd", "/dev/zero")) and not path.startswith(
            (self.inside, self.library)
        ):
            self.found.append(f"read {path}")

    def _watch_films(self) -> None:
        import cv2

        real, opened = cv2.VideoCapture, self.opened

        def capture(name: str, *words: object) -> object:
            opened(name, writing=False)
            return real(name, *words)

        cv2.VideoCapture = capture


def main(name: str, numbers: range, folder: Path, samples: Path | None) -> None:
    first, count = numbers.start, len(numbers)
    originals = _originals(name, folder / "originals", samples)
    watch = Watch(folder / "library", folder)
    for start in range(first, first + count, 25):
        shutil.rmtree(folder / "library", ignore_errors=True)
        with Library.open(folder / "library") as library:
            for number in range(start, min(start + 25, first + count)):
                _one(library, name, number, (originals, folder, watch))


def _originals(name: str, folder: Path, samples: Path | None) -> list[Path]:
    found = [build(folder / build.__name__) for build in BUILT[name]]
    if samples and name in REAL:
        found += sorted(one.source.path for one in known.find(samples / REAL[name]) if one.format == name)[:20]
    return found


def _one(library: Library, name: str, number: int, where: tuple[list[Path], Path, Watch]) -> None:
    originals, folder, watch = where
    chance = Random(f"{name} {number}")
    case, outside = folder / "case", folder / "outside"
    for path in (case, outside):
        _remove(path)
        path.mkdir()
    original = chance.choice(originals)
    if original.is_dir():
        shutil.copytree(original, case, dirs_exist_ok=True)
    else:
        shutil.copy(original, case)
    ways = damage(case, outside, chance)
    path = case / original.name
    path = case if original.is_dir() or path.is_symlink() or not path.exists() else path
    chosen = name if chance.random() < 0.5 else None
    _say(case=number, original=original.name, ways=ways, chosen=chosen)
    watch.inside, watch.found = os.path.realpath(case), []
    _say(**_taken(library, path, chosen, watch), number=number)


def _taken(library: Library, path: Path, chosen: str | None, watch: Watch) -> dict[str, object]:
    before, size = _look(watch.inside), _size(path)
    pictures = set(library.frames.all())
    resident = _fresh_memory()
    spent = time.process_time()
    faults: list[str] = []
    lines: list[str] = []
    kept: set[str] = set()
    watch.on = True
    try:
        for one in importing.take(library, [importing.recognise(path, chosen=chosen)]):
            if isinstance(one, Taken):
                kept |= library.whole(one.trajectory.id).frames()
                lines.append("taken")
                faults += _wrong(library, one)
            else:
                lines.append(str(importing.why(one)))
    except WorkbenchError as error:
        lines.append(str(error))
    except BaseException:  # noqa: BLE001 - whatever it is, it is what is looked for
        faults.append(traceback.format_exc())
    watch.on = False
    seconds, memory = time.process_time() - spent, _memory("VmHWM") - resident
    faults += watch.found
    faults += [f"no line: {line[:300]!r}" for line in lines if _untold(line)]
    if _look(watch.inside) != before:
        faults.append("the source was changed")
    if left := set(library.frames.all()) - pictures - kept:
        faults.append(f"{len(left)} pictures of nothing stayed behind")
    return {
        "lines": lines[:3],
        "count": len(lines),
        "faults": faults,
        "cpu_s": round(seconds, 2),
        "grown": memory,
        "size": size,
    }


def _untold(line: str) -> bool:
    """Whether a person would read nothing useful: not one line, or cut in the middle."""
    return not one_line(line) or "Traceback" in line or "Error(" in line


def _wrong(library: Library, one: Taken) -> Iterator[str]:
    trajectory = library.get(one.trajectory.id)
    if not all(caption(step) for step in trajectory.steps):
        yield "a step says nothing"
    if not all(library.frames.has(frame) for frame in frames_of(trajectory)):
        yield "a picture is missing"
    if trajectory.source != "import" or trajectory.reviewed:
        yield "it does not say where it is from"


def _look(folder: str) -> list[tuple[str, int, int, int]]:
    found = [(str(path), path.lstat()) for path in sorted(Path(folder).rglob("*"))]
    return [(name, seen.st_mode, seen.st_size, seen.st_mtime_ns) for name, seen in found]


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files if stat.S_ISREG(file.lstat().st_mode))


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _fresh_memory() -> int:
    """Forget the most that was in memory so far; returns what is in it now."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(field: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def _say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    name, first, count, folder, *samples = sys.argv[1:]
    numbers = range(int(first), int(first) + int(count))
    main(name, numbers, Path(folder), Path(samples[0]) if samples else None)
