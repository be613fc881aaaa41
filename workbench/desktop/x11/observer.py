"""The input observer on X11: XInput 2.2 raw events, with keysyms looked up here and positions of the pointer.

Raw events arrive within a millisecond, whoever has the focus or a grab, and say which device they come from; XTEST
devices mark input by programs. Layout and modifier state come as XKB notices in the same stream, so that every key is
read under the layout and the modifiers of its own moment.
"""

import time
from typing import Any

from msgspec.structs import replace
from Xlib import X
from Xlib.ext import randr

from workbench.desktop.ports import EventSink
from workbench.desktop.x11 import keysyms, raw, xkb
from workbench.desktop.x11.connection import connect, kept, on_display, property_of
from workbench.desktop.x11.keymap import Keymap, parse
from workbench.desktop.x11.loop import EventThread
from workbench.desktop.x11.pointer import NUMBERS
from workbench.desktop.x11.repeating import Repeater
from workbench.desktop.x11.tracking import Tracker
from workbench.geometry import Point
from workbench.inputs import EventKind, InputEvent

_BUTTONS = {number: name for name, number in NUMBERS.items()}
_NOTCHES = {4: (0, -1), 5: (0, 1), 6: (-1, 0), 7: (1, 0)}
_KINDS: dict[int, EventKind] = {
    raw.BUTTON_PRESS: "button_down",
    raw.BUTTON_RELEASE: "button_up",
    raw.KEY_PRESS: "key_down",
    raw.KEY_RELEASE: "key_up",
}
_CHORDS = 0x04 | 0x08 | 0x40
"""Control, Mod1 (Alt) and Mod4 (Super): with one of them a key types nothing."""


class X11Observer:
    """The input observer port. `start` and `stop` belong to one thread, the sink is called on another.

    A key that is held gives its press again for every time the server repeated it, at the latest with the next event.
    Events of kind `keymap` carry the layout's name as `text` (`de`, `us(intl)`); `point` is None for keys.
    """

    def __init__(self, display_name: str) -> None:
        self._display_name = display_name
        self._thread: EventThread | None = None

    @on_display
    def start(self, sink: EventSink) -> None:
        """Begin; returns once the server has taken the request, so that every later event is seen."""
        self.stop()
        with kept(connect(self._display_name)) as connection:
            reader = _Reader(connection, sink)
        self._thread = EventThread(connection, reader.read, "input observer")
        self._thread.start()

    def stop(self) -> None:
        """End; no call of the sink happens after it returns. Idempotent."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()


class _Reader:
    """Turns batches of X events into input events; lives on the observer's thread from the first batch on."""

    def __init__(self, connection: Any, sink: EventSink) -> None:
        self._connection = connection
        self._sink = sink
        self._raw = raw.RawInput(connection)
        self._xkb = xkb.Xkb(connection)
        self._xkb.watch()
        root = connection.screen().root
        self._screens_event = -1
        if connection.has_extension("RANDR"):
            root.xrandr_select_input(randr.RRScreenChangeNotifyMask)
            self._screens_event = connection.extension_event.ScreenChangeNotify
        self._raw.select()
        self._keys = KeyReader(parse(self._xkb.map_bytes()), self._xkb.state())
        root.change_attributes(event_mask=X.PropertyChangeMask)
        self._rules = connection.get_atom("_XKB_RULES_NAMES")
        self._renamed, self._group = False, self._keys.state.group
        self._layout = self._layout_name()
        self._tracker = Tracker(connection, self._raw)
        self._repeater = Repeater(self._xkb.pace())
        self._stale = False

    def read(self, batch: list[Any]) -> None:
        """Hand every event of the batch to the sink, in order."""
        now_ns = time.monotonic_ns()
        found = [(event, self._raw.read(event)) for event in batch]
        places = self._tracker.follow([one for _, one in found if one is not None])
        screens_changed = False
        for event, one in found:
            if one is not None:
                self._input(one, next(places), now_ns)
            elif event.type == self._xkb.first_event:
                self._notice(event, now_ns)
            elif event.type == X.PropertyNotify:
                self._renamed = self._renamed or event.atom == self._rules
                self._announce(now_ns)
            elif self._raw.changes_devices(event):
                self._tracker.devices = self._raw.devices()
            else:
                screens_changed |= event.type == self._screens_event
        if screens_changed:
            self._sink(InputEvent(0, now_ns, "screens"))

    def _input(self, one: raw.RawEvent, place: Point, now_ns: int) -> None:
        program = one.source in self._tracker.devices.synthetic
        if one.kind in (raw.KEY_PRESS, raw.KEY_RELEASE):
            keysym, text = self._key(one)
            event = InputEvent(0, now_ns, _KINDS[one.kind], keycode=one.detail, keysym=keysym, text=text)
        elif one.kind == raw.MOTION:
            event = InputEvent(0, now_ns, "move", place)
        elif one.detail in _NOTCHES:
            dx, dy = _NOTCHES[one.detail]
            event = InputEvent(0, now_ns, "scroll", place, dx=dx, dy=dy)
        else:
            name = _BUTTONS.get(one.detail, f"button{one.detail}")
            event = InputEvent(0, now_ns, _KINDS[one.kind], place, button=name)
        event = replace(event, by_program=program, server_ms=one.server_ms)
        for repeat in self._repeater.due(one.server_ms, now_ns):
            self._sink(repeat)
        if one.kind == raw.KEY_PRESS:
            self._repeater.pressed(event)
        elif one.kind == raw.KEY_RELEASE:
            self._repeater.released(one.detail)
        if not _is_half(one):
            self._sink(event)

    def _key(self, one: raw.RawEvent) -> tuple[str, str]:
        if self._stale:
            self._stale = False
            self._keys.keymap = parse(self._xkb.map_bytes())
        return self._keys.pressed(one.detail) if one.kind == raw.KEY_PRESS else self._keys.released(one.detail)

    def _notice(self, event: Any, now_ns: int) -> None:
        if event.kind == xkb.STATE_NOTIFY:
            self._keys.state = xkb.state_of(event)
            self._announce(now_ns)
        elif event.kind in (xkb.NEW_KEYBOARD_NOTIFY, xkb.MAP_NOTIFY):
            self._stale = True
        elif event.kind == xkb.CONTROLS_NOTIFY:
            self._repeater.pace = self._xkb.pace()

    def _announce(self, now_ns: int) -> None:
        """Tell of another layout: one that was set, or another of those that were set."""
        if self._keys.state.group == self._group and not self._renamed:
            return
        self._group, self._renamed = self._keys.state.group, False
        name = self._layout_name()
        if name != self._layout:
            self._layout = name
            self._sink(InputEvent(0, now_ns, "keymap", text=name))

    def _layout_name(self) -> str:
        """The layout and variant of the group in force, as setxkbmap was told."""
        value = property_of(self._connection.screen().root, "_XKB_RULES_NAMES") or b""
        parts = bytes(value).decode("latin-1").split("\0") + [""] * 5
        layouts, variants = parts[2].split(","), parts[3].split(",")
        group = self._keys.state.group
        layout = layouts[group] if group < len(layouts) else layouts[0]
        variant = variants[group] if group < len(variants) else ""
        return f"{layout}({variant})" if variant else layout


class KeyReader:
    """Names keys under the layout and state of the moment; a release has the name that its press had."""

    def __init__(self, keymap: Keymap, state: xkb.State) -> None:
        self.keymap = keymap
        self.state = state
        self._down: dict[int, str] = {}

    def pressed(self, keycode: int) -> tuple[str, str]:
        """The keysym's name and the character it types."""
        symbol = self.keymap.keysym(keycode, self.state)
        name = keysyms.name_of(symbol)
        name = keysyms.MODIFIER_NAMES.get(name, name)
        self._down[keycode] = name
        return name, "" if self.state.effective & _CHORDS else keysyms.text_of(symbol)

    def released(self, keycode: int) -> tuple[str, str]:
        """The name at the press, for keys that were down already the one of now; a release types nothing."""
        known = self._down.pop(keycode, None)
        if known is None:
            known, _ = self.pressed(keycode)
            self._down.pop(keycode, None)
        return known, ""


def _is_half(one: raw.RawEvent) -> bool:
    """Whether it tells nothing new: the release of a wheel's notch, or motion of other axes than x and y."""
    if one.kind == raw.MOTION:
        return one.moved is None
    return one.kind == raw.BUTTON_RELEASE and one.detail in _NOTCHES
