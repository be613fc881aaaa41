"""The part of the X Keyboard Extension that python-xlib lacks: maps, state, locks and notices.

Wire formats follow "The X Keyboard Extension: Protocol Specification", version 1.0.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from Xlib.protocol import rq

from workbench.desktop.x11.repeating import Pace
from workbench.errors import UnavailableError

EXTENSION = "XKEYBOARD"
CORE_KEYBOARD = 0x100

NEW_KEYBOARD_NOTIFY, MAP_NOTIFY, STATE_NOTIFY, CONTROLS_NOTIFY = 0, 1, 2, 3
_REPEAT_KEYS = 1
_RECOMPUTE_ACTIONS = 2
_TYPES, _SYMBOLS, _MODIFIER_MAP = 1, 2, 4


@dataclass(frozen=True)
class State:
    """What is held and locked: masks of the eight modifiers, and the layout group in force (from 0)."""

    effective: int = 0
    base: int = 0
    latched: int = 0
    locked: int = 0
    group: int = 0


class Notice(rq.Event):  # type: ignore[misc]  # python-xlib has no types
    """Any XKB event; `kind` says which, `body` holds the 30 bytes from the sequence number on."""

    _code = None
    _fields = rq.Struct(
        rq.Card8("type"), rq.Card8("kind"), rq.Card16("sequence_number"), rq.Card32("time"), rq.Binary("body")
    )

    def __init__(self, *, binarydata: bytes, display: Any) -> None:  # noqa: ARG002  # python-xlib's way of calling
        kind, sequence, time = struct.unpack_from("=xBHI", binarydata)
        self._data = {
            "type": binarydata[0] & 0x7F,
            "kind": kind,
            "sequence_number": sequence,
            "time": time,
            "body": bytes(binarydata[8:]),
            "send_event": 0,
        }
        self._binary = binarydata


class _Question(rq.ReplyRequest):  # type: ignore[misc]  # python-xlib has no types
    """A request that the server answers."""


class _Order(rq.Request):  # type: ignore[misc]  # python-xlib has no types
    """A request without an answer."""


class _UseExtension(_Question):
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(0), rq.RequestLength(), rq.Card16("major"), rq.Card16("minor"))
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Bool("supported"),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card16("major"),
        rq.Card16("minor"),
        rq.Pad(20),
    )


class _SelectEvents(_Order):
    # With an event in `select_all`, its detail words do not follow: the request ends after the map part.
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(1),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Card16("affect_which"),
        rq.Card16("clear"),
        rq.Card16("select_all"),
        rq.Card16("affect_map"),
        rq.Card16("map"),
    )


class _GetState(_Question):
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(4), rq.RequestLength(), rq.Card16("device"), rq.Pad(2))
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Card8("device"),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card8("mods"),
        rq.Card8("base_mods"),
        rq.Card8("latched_mods"),
        rq.Card8("locked_mods"),
        rq.Card8("group"),
        rq.Pad(19),
    )


class _LatchLockState(_Order):
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(5),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Card8("affect_locks"),
        rq.Card8("locks"),
        rq.Bool("lock_group"),
        rq.Card8("group_lock"),
        rq.Card8("affect_latches"),
        rq.Pad(1),
        rq.Pad(1),
        rq.Bool("latch_group"),
        rq.Card16("group_latch"),
    )


class _RawQuestion(_Question):
    """A question whose answer is kept as bytes (`raw`): it has records that python-xlib's fields cannot describe."""

    _reply = rq.Struct(rq.ReplyCode(), rq.Card8("device"), rq.Card16("sequence_number"), rq.ReplyLength(), rq.Pad(24))

    def _parse_response(self, data: bytes) -> None:
        self._response_lock.acquire()
        self._data = {"raw": bytes(data), "sequence_number": struct.unpack_from("=H", data, 2)[0]}
        self._response_lock.release()


class _GetControls(_RawQuestion):
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(6), rq.RequestLength(), rq.Card16("device"), rq.Pad(2))


class _GetMap(_RawQuestion):
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(8),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Card16("full"),
        rq.Card16("partial"),
        rq.Pad(18),
    )


class _SetMap(_Order):
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(9),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Card16("present"),
        rq.Card16("flags"),
        rq.Card8("min_keycode"),
        rq.Card8("max_keycode"),
        rq.Pad(2),
        rq.Card8("first_key"),
        rq.Card8("key_count"),
        rq.Card16("symbol_count"),
        rq.Pad(18),
        rq.Binary("records"),
    )


class Xkb:
    """The extension on one connection; raises `UnavailableError` where the server lacks it."""

    def __init__(self, connection: Any) -> None:
        found = connection.query_extension(EXTENSION)
        if not found or not found.present:
            raise UnavailableError(f"the X server of display {connection.get_display_name()} lacks the extension XKB")
        self._display = connection.display
        self._opcode = found.major_opcode
        self.first_event: int = found.first_event
        answer = _UseExtension(self._display, opcode=self._opcode, major=1, minor=0)
        if not answer.supported:
            raise UnavailableError(f"the X server of display {connection.get_display_name()} speaks no XKB 1.0")

    def watch(self) -> None:
        """Have `Notice` events delivered on this connection for new maps and every change of state."""
        self._display.add_extension_event(self.first_event, Notice)
        kinds = 1 << NEW_KEYBOARD_NOTIFY | 1 << MAP_NOTIFY | 1 << STATE_NOTIFY | 1 << CONTROLS_NOTIFY
        parts = _TYPES | _SYMBOLS | _MODIFIER_MAP
        _SelectEvents(
            self._display,
            opcode=self._opcode,
            device=CORE_KEYBOARD,
            affect_which=kinds,
            clear=0,
            select_all=kinds & ~(1 << MAP_NOTIFY),
            affect_map=parts,
            map=parts,
        )

    def state(self) -> State:
        """What is held and locked now on the core keyboard."""
        answer = _GetState(self._display, opcode=self._opcode, device=CORE_KEYBOARD)
        return State(answer.mods, answer.base_mods, answer.latched_mods, answer.locked_mods, answer.group)

    def set_symbols(self, first: int, records: Sequence[bytes]) -> None:
        """Give the keys from keycode `first` on these symbols, as records of the wire; applications are told once."""
        info = self._display.info
        _SetMap(
            self._display,
            opcode=self._opcode,
            device=CORE_KEYBOARD,
            present=_SYMBOLS,
            flags=_RECOMPUTE_ACTIONS,
            min_keycode=info.min_keycode,
            max_keycode=info.max_keycode,
            first_key=first,
            key_count=len(records),
            symbol_count=sum((len(record) - 8) // 4 for record in records),
            records=b"".join(records),
        )

    def pace(self) -> Pace:
        """How keys repeat; no keys where repeating is switched off."""
        raw = _GetControls(self._display, opcode=self._opcode, device=CORE_KEYBOARD).raw
        delay_ms, interval_ms = struct.unpack_from("=HH", raw, 20)
        (enabled,) = struct.unpack_from("=I", raw, 56)
        bits = raw[60:92] if enabled & _REPEAT_KEYS else bytes(32)
        return Pace(delay_ms, interval_ms, frozenset(code for code in range(256) if bits[code // 8] >> code % 8 & 1))

    def lock(self, affected: int, locked: int) -> None:
        """Set the locks of the `affected` modifiers to those of `locked`, and drop every latch."""
        _LatchLockState(
            self._display,
            opcode=self._opcode,
            device=CORE_KEYBOARD,
            affect_locks=affected,
            locks=locked,
            lock_group=0,
            group_lock=0,
            affect_latches=0xFF,
            latch_group=0,
            group_latch=0,
        )

    def map_bytes(self, device: int = CORE_KEYBOARD) -> bytes:
        """The reply to `GetMap` with key types, symbols and modifier map, for `workbench.desktop.x11.keymap`."""
        parts = _TYPES | _SYMBOLS | _MODIFIER_MAP
        answer = _GetMap(self._display, opcode=self._opcode, device=device, full=parts, partial=0)
        # Without the sequence number the same map is the same bytes.
        raw: bytes = answer.raw[:2] + b"\0\0" + answer.raw[4:]
        return raw


def state_of(notice: Notice) -> State:
    """The state that a `STATE_NOTIFY` notice brings."""
    _device, mods, base, latched, locked, group = struct.unpack_from("=BBBBBB", notice._data["body"])
    return State(mods, base, latched, locked, group)
