"""The folder of a private desktop and the environment of what runs in it."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

_WITHHELD_SERVICES = re.compile(r"secret|keyring|kwallet|portal|\.gtk\.vfs|systemd", re.IGNORECASE)
"""Bus services that would ask for the person's passwords or mount file systems into the folder."""

_FORGOTTEN = re.compile(
    r"WAYLAND_.*|SESSION_MANAGER|DESKTOP_.*|XDG_(ACTIVATION_TOKEN|CURRENT_DESKTOP|MENU_PREFIX|S(EAT|ESSION).*|VTNR)"
    r"|DBUS_.*|AT_SPI_.*|NO_AT_BRIDGE|GNOME_.*|KDE_.*|GTK_.*|GDK_.*|QT_.*|(I|X)MODIFIERS|.*_IM_MODULE|WINDOWID"
)
"""Variables of the person's own session that would lead applications out of the private one, or scale them."""

_OPENBOX_DEFAULTS = Path("/etc/xdg/openbox/rc.xml")

_BUS_CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class Layout:
    """Where everything of a private desktop lies below its `folder`."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The Xauthority file."""
        return self.folder / "authority"

    @property
    def runtime(self) -> Path:
        """XDG_RUNTIME_DIR: sockets."""
        return self.folder / "run"

    @property
    def bus_socket(self) -> Path:
        """The session bus's socket."""
        return self.runtime / "bus"

    @property
    def bus_address(self) -> str:
        """The session bus's D-Bus address."""
        return f"unix:path={self.bus_socket}"

    @property
    def bus_config(self) -> Path:
        """The session bus's configuration."""
        return self.folder / "bus.conf"

    @property
    def services(self) -> Path:
        """The services that the session bus may start."""
        return self.folder / "services"

    @property
    def logs(self) -> Path:
        """What the programs print."""
        return self.folder / "logs"

    def home_of(self, kind: str) -> Path:
        """The base folder for `config`, `data`, `cache` or `state`."""
        return self.folder / kind


def fill(layout: Layout) -> None:
    """Make the folder, readable by its owner alone, with all that the programs read at start; raises OSError."""
    layout.folder.mkdir(mode=0o700)
    bases = [layout.home_of(kind) for kind in ("config", "data", "cache", "state")]
    for folder in (layout.runtime, layout.services, layout.logs, *bases):
        folder.mkdir(mode=0o700)
    _keep_the_bin(layout)
    for service in _services():
        link = layout.services / service.name
        if not link.is_symlink():
            link.symlink_to(service)
    _keep_one_workspace(layout)
    layout.bus_config.write_text(
        _BUS_CONFIG.format(socket=escape(str(layout.bus_socket)), services=escape(str(layout.services)))
    )


def _keep_the_bin(layout: Layout) -> None:
    # putting a file in the bin must not lose it when the private desktop ends
    home = os.environ.get("HOME")
    if home:
        (layout.home_of("data") / "Trash").symlink_to(Path(home) / ".local" / "share" / "Trash")


def _keep_one_workspace(layout: Layout) -> None:
    # openbox has four by default, and a turn of the wheel over the background makes all windows vanish
    if _OPENBOX_DEFAULTS.is_file():
        settings = re.sub(r"<number>\d+</number>", "<number>1</number>", _OPENBOX_DEFAULTS.read_text("utf-8"), count=1)
        folder = layout.home_of("config") / "openbox"
        folder.mkdir(mode=0o700)
        (folder / "rc.xml").write_text(settings, "utf-8")


def _services() -> Iterator[Path]:
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for folder in (Path(part) / "dbus-1" / "services" for part in shared.split(":") if part):
        if folder.is_dir():
            found = sorted(folder.glob("*.service"))
            yield from (path for path in found if not _WITHHELD_SERVICES.search(path.name))


def environment(layout: Layout, mark: str, display: str | None) -> dict[str, str]:
    """The variables for a program in the private desktop: this process's own, less its session's, plus the desktop's.

    `mark` is `NAME=value`. Without a `display` (while the X server starts) there is none.
    """
    own = {name: value for name, value in os.environ.items() if not _FORGOTTEN.fullmatch(name) and name != "DISPLAY"}
    return {**own, **_ours(layout), **_of_display(layout, display), **_pair(mark)}


def _ours(layout: Layout) -> Mapping[str, str]:
    bases = {f"XDG_{kind.upper()}_HOME": str(layout.home_of(kind)) for kind in ("config", "data", "cache", "state")}
    return {
        **bases,
        "XDG_RUNTIME_DIR": str(layout.runtime),
        "XDG_SESSION_TYPE": "x11",
        "DBUS_SESSION_BUS_ADDRESS": layout.bus_address,
        "GSETTINGS_BACKEND": "keyfile",
        "GIO_USE_VFS": "local",
        "GDK_BACKEND": "x11",
        # GTK 2 is accessible only through these; later versions pass over them
        "GTK_MODULES": "gail:atk-bridge",
        "QT_QPA_PLATFORM": "xcb",
        "QT_ACCESSIBILITY": "1",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "GNOME_ACCESSIBILITY": "1",
    }


def _of_display(layout: Layout, display: str | None) -> Mapping[str, str]:
    return {"DISPLAY": display, "XAUTHORITY": str(layout.authority)} if display else {}


def _pair(mark: str) -> Mapping[str, str]:
    name, _, value = mark.partition("=")
    return {name: value}
