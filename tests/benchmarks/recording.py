"""What recording costs, measured beside pynput with one PNG per event on the same desktop and the same input."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from Xlib import X, display
from Xlib.ext import xtest

from recorder.messages import Counted, Event
from recorder.options import RecordingOptions, RecordingResult
from recorder.session import RecordingChild, record_in_child
from workbench.desktop.private import PrivateDesktop
from workbench.library.store import Library

SIZE = (1920, 1080)
TICK_HZ = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
BASELINE = Path(__file__).with_name("_pynput_recorder.py")
ACTIONS_PER_S = 4


@dataclass
class Person:
    """A scripted person at an X display: moves, clicks, types and scrolls through XTEST at an even pace."""

    connection: Any
    made: int = 0
    _place: int = 0

    @classmethod
    def at(cls, name: str) -> "Person":
        """A person at the display of that name."""
        return cls(display.Display(name))

    def send(self, kind: int, detail: int = 0, x: int = 0, y: int = 0) -> None:
        """One raw event."""
        xtest.fake_input(self.connection, kind, detail, x=x, y=y)
        self.made += 1

    def act(self) -> None:
        """Move to another place and click, type or scroll there: what people do four times a second."""
        self._place += 1
        x, y = 300 + self._place * 97 % 900, 200 + self._place * 61 % 500
        for step in range(5):
            self.send(X.MotionNotify, x=x - 40 + 8 * step, y=y - 20 + 4 * step)
            self.connection.flush()
            time.sleep(0.012)
        code = 38 + self._place % 8
        for kind, detail in _taps(self._place, code):
            self.send(kind, detail)
            self.connection.flush()
            time.sleep(0.02)
        self.connection.sync()

    def work(self, seconds: float) -> None:
        """Work for so long at `ACTIONS_PER_S`."""
        end_s, next_s = time.monotonic() + seconds, time.monotonic()
        while time.monotonic() < end_s:
            self.act()
            next_s += 1 / ACTIONS_PER_S
            time.sleep(max(0.0, next_s - time.monotonic()))

    def flood(self, rate: int, seconds: float) -> int:
        """As many mixed events as `rate` says for each second; how many they were."""
        before, start_s = self.made, time.monotonic()
        for burst in range(round(seconds * 100)):
            for number in range(rate // 100):
                self._mixed(burst, number)
            self.connection.sync()
            time.sleep(max(0.0, start_s + (burst + 1) / 100 - time.monotonic()))
        return self.made - before

    def _mixed(self, burst: int, number: int) -> None:
        kind = (X.MotionNotify, X.ButtonPress, X.ButtonRelease, X.MotionNotify, X.KeyPress, X.KeyRelease)[number % 6]
        if kind == X.MotionNotify:
            self.send(kind, x=900 + burst % 90, y=700 + number % 90)
        else:
            self.send(kind, 1 if kind in (X.ButtonPress, X.ButtonRelease) else 38)


def _taps(place: int, code: int) -> list[tuple[int, int]]:
    if place % 4 == 0:
        return [(X.KeyPress, code), (X.KeyRelease, code)]
    button = 5 if place % 4 == 2 else 1
    return [(X.ButtonPress, button), (X.ButtonRelease, button)]


@dataclass(frozen=True)
class Use:
    """What a process used over a time: share of one core, and the most memory."""

    cpu_percent: float
    rss_mb: float


@dataclass
class Meter:
    """Follows the processor time and memory of one process."""

    pid: int
    _rss_mb: list[float] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Meter":
        """Begin."""
        self._start_s, self._cpu_s = time.monotonic(), cpu_s(self.pid)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._ended.set()
        self._thread.join()
        spent_s, passed_s = cpu_s(self.pid) - self._cpu_s, time.monotonic() - self._start_s
        self.use = Use(100 * spent_s / passed_s, max(self._rss_mb))

    def _watch(self) -> None:
        while True:
            self._rss_mb.append(rss_mb(self.pid))
            if self._ended.wait(0.2):
                return


def cpu_s(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK_HZ


def rss_mb(pid: int) -> float:
    """Memory of a process in megabytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES / 1e6


@contextmanager
def recording(desktop: PrivateDesktop, folder: Path) -> Iterator[RecordingChild]:
    """A recording of the desktop that is ready."""
    heard: list[Event] = []
    child = record_in_child(
        RecordingOptions(title="bench"), library=folder, environment=desktop.environment(), on_event=heard.append
    )
    with child:
        child.ready.wait(20)
        child.heard = heard  # type: ignore[attr-defined]
        yield child
    child.process.terminate()
    child.process.wait()


def measure(seconds: float = 10.0) -> list[dict[str, object]]:
    """All figures; `seconds` is how long the scripted person works for each of the two recorders."""
    with tempfile.TemporaryDirectory() as folder, PrivateDesktop.start(SIZE) as desktop:
        desktop.launch("galculator")
        desktop.launch("mousepad")
        place, person = Path(folder), Person.at(desktop.display)
        rows = _at_work(desktop, place, person, seconds)
        for rate in (200, 1000, 5000):
            rows.append(_losses(desktop, place, person, rate))
        person.connection.close()
    # A desktop of its own: the flood may have left a menu open, which keeps every press to itself.
    with tempfile.TemporaryDirectory() as folder, PrivateDesktop.start(SIZE) as desktop:
        return [*rows, _truth(desktop, Path(folder))]


def _at_work(desktop: PrivateDesktop, folder: Path, person: Person, seconds: float) -> list[dict[str, object]]:
    began_s = time.monotonic()
    with recording(desktop, folder / "work") as child:
        ready_s = time.monotonic() - began_s
        with Meter(child.process.pid) as meter:
            person.work(seconds)
        stop_s = time.monotonic()
        result = child.stop()
        stop_s = time.monotonic() - stop_s
    other, their_bytes = _baseline(desktop, folder, person, seconds)
    ours, used = _per_minute(result, seconds), meter.use
    return [
        _row("ready to record", ready_s, "s", goal="<= 0.5"),
        _row("stopped and saved", stop_s, "s", goal="<= 1"),
        _row("CPU while a person works", used.cpu_percent, "% of a core", goal="<= 12", baseline=other.cpu_percent),
        _row("memory while recording", used.rss_mb, "MB", goal="<= 150", baseline=other.rss_mb),
        _row("bytes per minute", ours / 1e6, "MB", goal=f"<= {their_bytes / 4e6:.3f}", baseline=their_bytes / 1e6),
    ]


def _per_minute(result: RecordingResult, seconds: float) -> float:
    return result.bytes * 60 / seconds


def _baseline(desktop: PrivateDesktop, folder: Path, person: Person, seconds: float) -> tuple[Use, float]:
    pictures = folder / "pictures"
    pictures.mkdir()
    words = [sys.executable, str(BASELINE), str(pictures), str(seconds + 1)]
    with subprocess.Popen(words, env=desktop.environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with Meter(process.pid) as meter:
            person.work(seconds)
        json.loads(process.stdout.readline())
    size = sum(picture.stat().st_size for picture in pictures.iterdir())
    return meter.use, size * 60 / seconds


def _losses(desktop: PrivateDesktop, folder: Path, person: Person, rate: int) -> dict[str, object]:
    with recording(desktop, folder / f"flood-{rate}") as child:
        made = person.flood(rate, 2.0)
        result = child.stop()
    counted = [event for event in child.heard if isinstance(event, Counted)]  # type: ignore[attr-defined]
    assert counted
    return _row(f"events lost at {rate}/s", made - result.events + result.dropped, f"of {made}", goal="= 0")


def _truth(desktop: PrivateDesktop, folder: Path, presses: int = 60) -> dict[str, object]:
    """How many presses on a window that changes its colour at every press have the picture from before the press."""
    window = ColourWindow.show(desktop.display)
    library = folder / "truth"
    with recording(desktop, library) as child:
        window.press(presses)
        result = child.stop()
    window.close()
    with Library.open(library) as opened:
        seen = {s.seq: s.frame for s in opened.sightings(result.trajectory) if s.before}
        downs = [event for event in opened.events(result.trajectory) if event.kind == "button_down"]
        right = 0
        for event, expected in zip(downs, window.colours, strict=True):
            frame = seen.get(event.seq)
            if frame is not None and event.point is not None:
                loaded = opened.frames.load(frame)
                right += int(loaded.pixels[event.point.y, event.point.x, 0]) == expected
    return _row("presses with the true picture from before", 100 * right / len(window.colours), "%", goal=">= 100")


@dataclass
class ColourWindow:
    """A window without any toolkit that takes another shade of blue at every press on it."""

    connection: Any
    window: Any
    colours: list[int] = field(default_factory=list)

    @classmethod
    def show(cls, name: str) -> "ColourWindow":
        """Show it on top, where no window manager has a say."""
        connection = display.Display(name)
        root = connection.screen().root
        window = root.create_window(
            0, 0, *SIZE, 0, X.CopyFromParent, override_redirect=True, background_pixel=0, event_mask=X.ButtonPressMask
        )
        window.map()
        connection.sync()
        return cls(connection, window)

    def press(self, times: int) -> None:
        """Press on it again and again, 60 to 150 ms apart and never twice in one place."""
        hand = Person.at(self.connection.get_display_name())
        pauses = [0.06 + 0.09 * (number * 37 % times) / times for number in range(times)]
        shade = 0
        for number, pause in enumerate(pauses):
            hand.send(X.MotionNotify, x=200 + number * 173 % 1500, y=200 + number * 91 % 700)
            hand.connection.sync()
            time.sleep(pause)
            self.colours.append(shade)
            hand.send(X.ButtonPress, 1)
            hand.send(X.ButtonRelease, 1)
            hand.connection.flush()
            self.connection.next_event()
            shade = 40 + number * 53 % 200
            self.window.change_attributes(background_pixel=shade)
            self.window.clear_area()
            self.connection.flush()
        hand.connection.close()

    def close(self) -> None:
        """Take it away."""
        self.window.destroy()
        self.connection.close()


def _row(name: str, value: float, unit: str, *, goal: str, baseline: float | None = None) -> dict[str, object]:
    shown = None if baseline is None else round(baseline, 3)
    return {"name": name, "value": round(value, 3), "unit": unit, "goal": goal, "baseline": shown}


def spread(values: list[float]) -> str:
    """Median and range, for people."""
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


if __name__ == "__main__":
    for row in measure(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0):
        sys.stdout.write(json.dumps(row) + "\n")
