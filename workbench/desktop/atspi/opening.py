"""Opening the accessibility of a Linux desktop: finding its bus, and switching it on where it is off."""

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # D-Bus is loaded when a desktop is opened, not when it is spoken of
    from workbench.desktop.atspi.accessibility import AtspiAccessibility
    from workbench.desktop.guard import Guard
    from workbench.desktop.ports import Windows


def open_accessibility(
    bus_address: str | None = None, *, windows: "Windows | None" = None, guard: "Guard | None" = None
) -> "AtspiAccessibility | None":
    """Open the accessibility of the session whose D-Bus address is given, by default of this process's session.

    None when there is no session bus at all (no address given, none in DBUS_SESSION_BUS_ADDRESS or XDG_RUNTIME_DIR).
    Raises `UnavailableError` when a bus is named but does not answer, or has no accessibility bus. Where the desktop
    has accessibility off it is switched on, after telling the `guard`, and off again on `close` or by the guard.
    `windows` makes `Element.app` equal to `Window.app`. The result belongs to the calling thread.
    """
    address = bus_address or session_address()
    if not address:
        return None
    from workbench.desktop.atspi.accessibility import AtspiAccessibility
    from workbench.desktop.atspi.bus import Bus
    from workbench.desktop.atspi.switch import accessibility_address, is_enabled, switch_on

    with closing(Bus.connect(address)) as session:
        accessibility_bus = accessibility_address(session)
        off = not is_enabled(session)
        if off and guard:
            guard.watch_accessibility(address)
        if off:
            switch_on(session)
    return AtspiAccessibility(
        Bus.connect(accessibility_bus), windows, at_close=lambda: _switch_off(address, guard) if off else None
    )


def session_address() -> str | None:
    """The D-Bus address of this process's session; None where there is none."""
    stated = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    usual = Path(runtime) / "bus" if runtime else None
    return stated or (f"unix:path={usual}" if usual and usual.is_socket() else None)


def _switch_off(address: str, guard: "Guard | None") -> None:
    from workbench.desktop.atspi.switch import switch_off

    switch_off(address)
    if guard:
        guard.forget_accessibility(address)
