"""Raw input events of XInput 2.2: asked for, and read from the wire.

Wire formats follow the X Input Extension specification, version 2.2. Asking for 2.0, as python-xlib does, loses every
release of a button.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from Xlib.ext import ge, xinput

from workbench.errors import UnavailableError

KEY_PRESS, KEY_RELEASE, BUTTON_PRESS, BUTTON_RELEASE, MOTION = 13, 14, 15, 16, 17
_RAW = (KEY_PRESS, KEY_RELEASE, BUTTON_PRESS, BUTTON_RELEASE, MOTION)
_VERSION = (2, 2)
_HEAD = struct.Struct("=HIIHHI")


@dataclass(frozen=True)
class RawEvent:
    """One raw event: `kind` is one of this module's constants, `detail` a keycode or button number.

    `moved` are the values of the x and y axes, None where the event has neither: a place for devices that know places,
    otherwise a distance with the pointer's acceleration in it.
    """

    kind: int
    server_ms: int
    detail: int
    source: int
    moved: tuple[float, float] | None


@dataclass(frozen=True)
class Devices:
    """The input devices by number: those that XTEST feeds, and those whose axes are places of their own."""

    synthetic: frozenset[int]
    absolute: frozenset[int]


class RawInput:
    """Raw events of all devices on one connection. Raises `UnavailableError` where the server is older than 2.2."""

    def __init__(self, connection: Any) -> None:
        found = connection.query_extension("XInputExtension")
        if not found or not found.present or not connection.has_extension("Generic Event Extension"):
            raise UnavailableError(f"display {connection.get_display_name()} lacks XInput 2: use a newer X server")
        self._connection = connection
        self.opcode: int = found.major_opcode
        major, minor = _VERSION
        answer = xinput.XIQueryVersion(
            display=connection.display, opcode=self.opcode, major_version=major, minor_version=minor
        )
        if (answer.major_version, answer.minor_version) < _VERSION:
            raise UnavailableError(
                f"display {connection.get_display_name()} speaks XInput {answer.major_version}.{answer.minor_version}, "
                "needed is 2.2: use a newer X server"
            )

    def select(self) -> None:
        """Have raw events of the master devices and changes of the devices delivered on the connection."""
        raw = sum(1 << kind for kind in _RAW)
        root = self._connection.screen().root
        root.xinput_select_events([(xinput.AllMasterDevices, raw), (xinput.AllDevices, xinput.HierarchyChangedMask)])

    def devices(self) -> Devices:
        """The devices as they are now."""
        synthetic, absolute = set(), set()
        for device in self._connection.xinput_query_device(xinput.AllDevices).devices:
            if "XTEST" in str(device.name):
                synthetic.add(device.deviceid)
            axes = [one for one in device.classes if one.type == xinput.ValuatorClass]
            if any(axis.number == 0 and axis.mode == xinput.ModeAbsolute for axis in axes):
                absolute.add(device.deviceid)
        return Devices(frozenset(synthetic), frozenset(absolute))

    def read(self, event: Any) -> RawEvent | None:
        """The raw event in what python-xlib delivered; None for anything else."""
        if event.type != ge.GenericEventCode or event.extension != self.opcode or event.evtype not in _RAW:
            return None
        _, server_ms, detail, source, mask_words, _ = _HEAD.unpack_from(event.data)
        moved = _moved(event.data, mask_words) if event.evtype == MOTION else None
        return RawEvent(event.evtype, server_ms, detail, source, moved)

    def changes_devices(self, event: Any) -> bool:
        """Whether the event says that a device came or went."""
        return bool(
            event.type == ge.GenericEventCode
            and event.extension == self.opcode
            and event.evtype == xinput.HierarchyChanged
        )


def _moved(data: bytes, mask_words: int) -> tuple[float, float] | None:
    """The first values after the mask belong to its lowest bits; axis 0 is x, axis 1 is y."""
    offset = _HEAD.size + 4
    (mask,) = struct.unpack_from("=I", data, offset) if mask_words else (0,)
    if not mask & 3:
        return None
    offset += 4 * mask_words
    values: Mapping[int, float] = {}
    for axis in (0, 1):
        if mask >> axis & 1:
            whole, fraction = struct.unpack_from("=iI", data, offset)
            values = {**values, axis: whole + fraction / 2**32}
            offset += 8
    return values.get(0, 0.0), values.get(1, 0.0)
