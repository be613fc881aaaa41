"""Input events of macOS through a listen-only event tap.

pynput is left aside here: it reports every further mouse button as the middle one, rounds trackpad scrolling and
drops time stamps.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from workbench.desktop.macos import displays, permissions
from workbench.desktop.macos.reading import DISABLED_TYPES, EVENT_TYPES, EventNews, EventReader
from workbench.desktop.ports import EventSink
from workbench.desktop.relay import EventRelay
from workbench.errors import UnavailableError

_LONGEST_TEXT = 8


class MacObserver:
    """The `InputObserver` port. The tap's thread only enqueues; the sink runs on a thread of its own."""

    def __init__(self) -> None:
        # The layout may only be asked for on the main thread, so a change of it is not reported.
        self._relay = EventRelay(displays.screens, str)
        self._reader = EventReader(lambda x, y: displays.point_space().to_pixel(x, y))
        self._loop: Any = None
        self._thread: threading.Thread | None = None

    def start(self, sink: EventSink) -> None:
        """Begin; returns once the tap listens. Raises `UnavailableError` without the Input Monitoring permission."""
        permissions.require_ears(permissions.read())
        ready = threading.Event()
        self._relay.start(sink)
        self._thread = threading.Thread(target=self._listen, args=(ready.set,), daemon=True)
        self._thread.start()
        ready.wait()
        if self._loop is None:
            self.stop()
            raise UnavailableError("macOS refused to let input be observed; end other recorders and try again")

    def stop(self) -> None:
        """End; idempotent."""
        import Quartz

        thread, self._thread = self._thread, None
        if self._loop is not None:
            Quartz.CFRunLoopStop(self._loop)
        if thread is not None:
            thread.join()
        self._loop = None
        self._relay.stop()

    def _listen(self, ready: Callable[[], None]) -> None:
        import Quartz

        tap = None

        def heard(_proxy: Any, kind: int, event: Any, _context: Any) -> Any:
            if kind in DISABLED_TYPES:
                Quartz.CGEventTapEnable(tap, True)
            else:
                for found in self._reader.read(_news(Quartz, kind, event), time.monotonic_ns()):
                    self._relay.put(found)
            return event

        mask = sum(Quartz.CGEventMaskBit(kind) for kind in EVENT_TYPES)
        tap = Quartz.CGEventTapCreate(
            Quartz.kCGSessionEventTap,
            Quartz.kCGHeadInsertEventTap,
            Quartz.kCGEventTapOptionListenOnly,
            mask,
            heard,
            None,
        )
        if tap is None:
            ready()
            return
        source = Quartz.CFMachPortCreateRunLoopSource(None, tap, 0)
        self._loop = Quartz.CFRunLoopGetCurrent()
        Quartz.CFRunLoopAddSource(self._loop, source, Quartz.kCFRunLoopCommonModes)
        Quartz.CGEventTapEnable(tap, True)
        # The loop must be running before anybody can stop it.
        Quartz.CFRunLoopPerformBlock(self._loop, Quartz.kCFRunLoopCommonModes, ready)
        Quartz.CFRunLoopRun()
        Quartz.CGEventTapEnable(tap, False)


def _news(quartz: Any, kind: int, event: Any) -> EventNews:
    def field(name: str) -> int:
        return int(quartz.CGEventGetIntegerValueField(event, getattr(quartz, name)))

    place = quartz.CGEventGetLocation(event)
    continuous = bool(field("kCGScrollWheelEventIsContinuous"))
    axis = "kCGScrollWheelEventPointDeltaAxis" if continuous else "kCGScrollWheelEventDeltaAxis"
    _length, text = quartz.CGEventKeyboardGetUnicodeString(event, _LONGEST_TEXT, None, None)
    return EventNews(
        kind=kind,
        x=place.x,
        y=place.y,
        button=field("kCGMouseEventButtonNumber"),
        key=field("kCGKeyboardEventKeycode"),
        flags=int(quartz.CGEventGetFlags(event)),
        text=str(text or ""),
        up=field(f"{axis}1"),
        left=field(f"{axis}2"),
        continuous=continuous,
        process=field("kCGEventSourceUnixProcessID"),
        time_ns=int(quartz.CGEventGetTimestamp(event)),
    )
