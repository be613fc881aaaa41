"""Finding a 100x40 crop on a 1920x1080 screen, beside `pyautogui.locateOnScreen` on the same screen in the same run.

The screen shows 252 buttons whose labels differ from others in a letter or a digit. Both sides grab the screen and
search all of it; ours also tells how good the next best place is. pyautogui is let grab in memory, its fastest way,
also where the program that it wants for that is not installed.
"""

import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from workbench.desktop.ports import Frame, Pixels
from workbench.geometry import Point, Rect, Screen
from workbench.locate.locator import locate
from workbench.locate.sight import Sight
from workbench.locate.witness import build_target
from workbench.trajectory import CropWitness, Element, PathNode, Target, Window

SIZE = (1920, 1080)
CROP = (100, 40)
TARGETS = 60
WORDS = ("Save", "Save as", "Sane", "Open", "Close", "Cl0se", "Cancel", "Canoel", "Delete", "Apply", "Reply", "Print")

WINDOW = Window("wall", "Wall", Rect(0, 0, *SIZE))

Place = tuple[int, int]


def measure() -> list[dict[str, Any]]:
    """The figures; starts and ends an X server of its own."""
    picture, places = drawn()
    server, display = _start_server()
    try:
        os.environ["DISPLAY"] = display
        shown = _show(picture, display)
        try:
            return _figures(picture, places, display)
        finally:
            shown.kill()
            shown.wait()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def drawn(seed: int = 1) -> tuple[Pixels, dict[Place, str]]:
    """A desktop of look-alike buttons, and where each label stands that is there only once."""
    chosen = random.Random(seed)
    picture = np.full((SIZE[1], SIZE[0], 4), 240, np.uint8)
    places: dict[Place, str] = {}
    for row in range(18):
        for column in range(14):
            x, y = 20 + column * 134 + chosen.randrange(8), 20 + row * 58 + chosen.randrange(6)
            text = f"{chosen.choice(WORDS)} {chosen.randrange(100)}"
            cv2.rectangle(picture, (x, y), (x + 110, y + 36), (200, 200, 200), 1)
            cv2.rectangle(picture, (x + 1, y + 1), (x + 109, y + 35), (225, 225, 225), -1)
            cv2.putText(picture, text, (x + 12, y + 23), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (30,) * 3, 1, cv2.LINE_AA)
            places[x, y] = text
    once = [text for text in places.values() if list(places.values()).count(text) == 1]
    return picture, {place: text for place, text in places.items() if text in once}


def _figures(picture: Pixels, places: dict[Place, str], display: str) -> list[dict[str, Any]]:
    import mss

    corners = [(x + 5, y - 2) for x, y in list(places)[:TARGETS]]
    recorded = Frame(picture, Point(0, 0), 0)
    for corner in corners:
        _record(corner, recorded)
    with mss.MSS(display=display) as camera:

        def grab() -> Frame:
            shot = camera.grab(camera.monitors[0])
            pixels = np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)
            return Frame(pixels, Point(0, 0), time.monotonic_ns())

        still = grab()
        crop, told, inside, theirs, theirs_inside = _timed(
            corners,
            lambda corner: _crop_alone(corner, recorded, grab()),
            lambda corner: _with_accessibility(corner, recorded, grab()),
            lambda corner: _crop_alone(corner, recorded, still),
            _pyautogui(picture, None),
            _pyautogui(picture, still),
        )
    return [
        _row("crop of 100x40 on 1920x1080, with the grab", crop.ms, "ms", "<= 10", f"{theirs.ms:.1f} ms, pyautogui"),
        _row("element and crop, with the grab", told.ms, "ms", "<= 15", None),
        _row("times faster than locateOnScreen", theirs.ms / crop.ms, "x", ">= 20", f"{theirs.ms:.1f} ms"),
        _row("times faster in memory", theirs_inside.ms / inside.ms, "x", ">= 20", f"{theirs_inside.ms:.1f} ms"),
        _row("hit rate", crop.hit_percent, "%", f">= {theirs.hit_percent:.0f}", f"{theirs.hit_percent:.0f} %"),
        _row("hit rate with element and crop", told.hit_percent, "%", ">= 100", None),
    ]


def _row(name: str, value: float, unit: str, goal: str, baseline: str | None) -> dict[str, Any]:
    return {"name": name, "value": round(value, 2), "unit": unit, "goal": goal, "baseline": baseline}


@dataclass(frozen=True)
class _Result:
    """Median time of one way of finding, and how often it found the very place."""

    ms: float
    hit_percent: float


def _timed(corners: list[Place], *ways: Callable[[Place], Place | None]) -> list[_Result]:
    """All ways in turn for every target, so that whatever else the machine does weighs on each alike."""
    spent: list[list[float]] = [[] for _ in ways]
    hits = [0] * len(ways)
    for way in ways:
        way(corners[0])
    for corner in corners:
        for index, way in enumerate(ways):
            begun = time.perf_counter()
            found = way(corner)
            spent[index].append((time.perf_counter() - begun) * 1000)
            hits[index] += found == corner
    return [_Result(statistics.median(times), 100 * hit / len(corners)) for times, hit in zip(spent, hits, strict=True)]


def _sight(frame: Frame, recorded: Frame, windows: tuple[Window, ...] = (), accessibility: Any = None) -> Sight:
    return Sight(
        frame=frame,
        screens=(Screen("one", Rect(0, 0, *SIZE), primary=True),),
        active=windows[0] if windows else None,
        windows=windows,
        accessibility=accessibility,
        load_frame=lambda _: recorded,
    )


def _crop_alone(corner: Place, recorded: Frame, frame: Frame) -> Place | None:
    region = Rect(*corner, *CROP)
    target = Target(region.centre, WINDOW, crop=CropWitness("recorded", region))
    found = locate(target, _sight(frame, recorded, (WINDOW,))).point
    return None if found is None else (found.x - CROP[0] // 2, found.y - CROP[1] // 2)


class _Told:
    """Accessibility that knows one button and answers at once, so that only our own work is measured."""

    def __init__(self, element: Element) -> None:
        self._element = element

    def element_at(self, point: Point, window: Window | None) -> Element | None:
        return self._element if self._element.bounds.contains(point) else None

    def speaks_for(self, app: str) -> bool:
        return app == self._element.app


_targets: dict[Place, tuple[Target, Element]] = {}


def _record(corner: Place, recorded: Frame) -> None:
    """Make the target of the button at this corner, as a recorder would."""
    bounds = Rect(*corner, 110, 36)
    path = (PathNode("frame", "Wall"),)
    element = Element("wall", "Wall", "push button", f"{corner}", bounds, path, states=("enabled",))
    target = build_target(point=bounds.centre, frame=recorded, frame_id="recorded", window=WINDOW, element=element)
    _targets[corner] = target, element


def _with_accessibility(corner: Place, recorded: Frame, frame: Frame) -> Place | None:
    target, element = _targets[corner]
    found = locate(target, _sight(frame, recorded, (WINDOW,), _Told(element))).point
    return None if found is None else (found.x - 55, found.y - 18)


def _pyautogui(picture: Pixels, still: Frame | None) -> Callable[[Place], Place | None]:
    """Its search of the screen, or of a picture that it need not grab."""
    import pyautogui
    import pyscreeze
    from PIL import Image

    pyscreeze.GNOMESCREENSHOT_EXISTS = True
    haystack = None if still is None else Image.fromarray(still.pixels[:, :, 2::-1].copy())

    def find(corner: Place) -> Place | None:
        x, y = corner
        needle = Image.fromarray(picture[y : y + CROP[1], x : x + CROP[0], 2::-1].copy())
        try:
            box = pyautogui.locateOnScreen(needle) if haystack is None else pyautogui.locate(needle, haystack)
        except pyautogui.ImageNotFoundException:
            return None
        return None if box is None else (int(box.left), int(box.top))

    return find


def _start_server() -> tuple["subprocess.Popen[bytes]", str]:
    """An X server on a display that it chooses."""
    reader, writer = os.pipe()
    words = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as answer:
        return server, f":{answer.readline().strip()}"


_SHOW = """
import sys
import numpy as np
from Xlib import X, display
picture = np.load(sys.argv[1])
screen = (at := display.Display(sys.argv[2])).screen()
pixmap = screen.root.create_pixmap(picture.shape[1], picture.shape[0], screen.root_depth)
pen = pixmap.create_gc()
for row in range(0, picture.shape[0], 8):
    rows = picture[row:row + 8]
    pixmap.put_image(pen, 0, row, rows.shape[1], rows.shape[0], X.ZPixmap, screen.root_depth, 0, rows.tobytes())
screen.root.change_attributes(background_pixmap=pixmap)
screen.root.clear_area()
at.sync()
print("shown", flush=True)
sys.stdin.read()
"""


def _show(picture: Pixels, display: str) -> "subprocess.Popen[str]":
    """Put the picture on the screen, from a process of its own as an application would."""
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"locating-{os.getpid()}.npy"
    np.save(path, picture)
    try:
        words = [sys.executable, "-c", _SHOW, str(path), display]
        shown = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert shown.stdout
        if shown.stdout.readline().strip() != "shown":
            raise RuntimeError("the picture could not be put on the screen")
        return shown
    finally:
        path.unlink()
