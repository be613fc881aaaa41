"""The baseline of the recording benchmark: pynput listens, mss takes a PNG at every press and notch.

Run as a process of its own: `python _pynput_recorder.py FOLDER SECONDS`. It prints `ready` once it listens, and at
the end how many events it got.
"""

import json
import sys
import threading
import time
from pathlib import Path

import mss
import mss.tools
from pynput import keyboard, mouse


class Baseline:
    """Counts all events and keeps one PNG for each that acts."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.events, self.local = folder, 0, threading.local()

    def saw(self, *_: object) -> None:
        """An event that needs no picture."""
        self.events += 1

    def acted(self, *_: object) -> None:
        """An event that needs one."""
        self.events += 1
        if not hasattr(self.local, "screens"):
            self.local.screens = mss.MSS()
        shot = self.local.screens.grab(self.local.screens.monitors[0])
        mss.tools.to_png(shot.rgb, shot.size, output=str(self.folder / f"{self.events}.png"))

    def clicked(self, x: int, y: int, button: object, pressed: bool) -> None:
        """A button went down or up."""
        self.acted() if pressed else self.saw()


def main() -> None:
    """Record until the time is up."""
    baseline = Baseline(Path(sys.argv[1]))
    keys = keyboard.Listener(on_press=baseline.acted, on_release=baseline.saw)
    mice = mouse.Listener(on_move=baseline.saw, on_click=baseline.clicked, on_scroll=baseline.acted)
    for listener in (keys, mice):
        listener.start()
        listener.wait()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    time.sleep(float(sys.argv[2]))
    sys.stdout.write(json.dumps({"events": baseline.events}) + "\n")


if __name__ == "__main__":
    main()
