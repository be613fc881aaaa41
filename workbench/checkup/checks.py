"""The checks of `doctor`, each a function that looks at one thing and changes nothing.

They run in a process of their own (`workbench.checkup.asking`), since a display or a bus may never answer.
"""

import importlib.util
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from workbench.checkup.findings import Finding, Scope
from workbench.errors import UnavailableError

Check = Callable[[Scope], Finding]

_PROGRAMS = {"Xvfb": "xvfb", "openbox": "openbox", "dbus-daemon": "dbus-daemon"}
_A11Y_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
_LEAST_FREE_BYTES = 1_000_000_000
_BUS_S = 2.0


def python(_scope: Scope) -> Finding:
    """The interpreter is one that the program is tested with."""
    found = f"{platform.python_version()} at {sys.executable}"
    return (
        Finding("Python", True, found)
        if sys.version_info >= (3, 11)
        else Finding("Python", False, found, "install Python 3.11 or later and set the program up again")
    )


def xlib(_scope: Scope) -> Finding:
    """The `Xlib` package is python-xlib and not the old one that another package installs over it."""
    import Xlib

    found = ".".join(map(str, Xlib.__version__))
    mend = "pip install --force-reinstall --no-deps 'python-xlib>=0.33'"
    good = Xlib.__version__ >= (0, 33)
    return Finding("python-xlib", good, found, None if good else mend)


def display(_scope: Scope) -> Finding:
    """There is a screen to record and replay on, or a way to have a private one."""
    name = os.environ.get("DISPLAY")
    if _is_wayland():
        mend = "log in to an Xorg session, or use --private-desktop; Wayland shows programs neither input nor screens"
        return Finding("display", False, f"a Wayland session{f' with X at {name}' if name else ''}", mend)
    if not name:
        mend = "set DISPLAY to a running X server to work on a desktop that people see"
        return Finding("display", True, "none: only private desktops can be used", mend)
    try:
        connection = _connected(name)
    except UnavailableError as error:
        return Finding("display", False, f"{name} does not answer", str(error))
    try:
        screen = connection.screen()
        return Finding("display", True, f"{name}, {screen.width_in_pixels}x{screen.height_in_pixels}")
    finally:
        connection.close()


def xinput(_scope: Scope) -> Finding:
    """The X server tells what the input devices do: XInput 2.2."""

    def ask(connection: Any) -> tuple[bool, str]:
        from Xlib.ext import xinput as protocol

        if not connection.query_extension("XInputExtension"):
            return False, "the X server has no XInput"
        opcode = connection.display.get_extension_major(protocol.extname)
        answer = protocol.XIQueryVersion(connection.display, opcode=opcode, major_version=2, minor_version=2)
        version = (answer.major_version, answer.minor_version)
        return version >= (2, 2), f"{version[0]}.{version[1]}"

    return _asked_of_display("XInput 2.2", ask, "use an X server of 2012 or later, such as Xorg or Xvfb")


def xtest(_scope: Scope) -> Finding:
    """The X server lets programs move the pointer and press keys: XTEST."""
    return _asked_of_display("XTEST", _has("XTEST"), "enable the XTEST extension of the X server")


def xdamage(_scope: Scope) -> Finding:
    """The X server says when pixels change: DAMAGE."""
    return _asked_of_display("XDamage", _has("DAMAGE"), "enable the DAMAGE extension of the X server")


def accessibility(_scope: Scope) -> Finding:
    """The session bus and the accessibility bus answer, so that elements can be recognised by name."""
    from workbench.desktop.atspi.bus import Bus
    from workbench.desktop.atspi.wire import Question

    name, address = "accessibility", os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if not address:
        mend = "start it inside a desktop session; private desktops bring a bus of their own"
        return Finding(name, not os.environ.get("DISPLAY"), "no session bus", mend)
    try:
        bus = Bus.connect(address, timeout_s=_BUS_S)
    except UnavailableError as error:
        return Finding(name, False, "the session bus does not answer", str(error))
    question = Question("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
    answer = bus.ask([question], deadline=time.monotonic() + _BUS_S)[0]
    bus.close()
    if answer is None or not answer[0]:
        return Finding(name, False, "no accessibility bus", "install at-spi2-core and log in again")
    return Finding(name, True, "the accessibility bus answers")


def keyring(_scope: Scope) -> Finding:
    """There is a keyring that encrypts, for the secrets that trajectories name."""
    from workbench import secrets

    try:
        return Finding("keyring", True, secrets.backend_name())
    except UnavailableError as error:
        in_session = sys.platform != "linux" or bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))
        found, _, _ = str(error).partition(";")
        mend = "start it inside a desktop session that has GNOME Keyring, KWallet or KeePassXC, to type secrets"
        return Finding("keyring", not in_session, found, mend)


def private_desktops(_scope: Scope) -> Finding:
    """Everything is installed that a private desktop consists of."""
    missing = [package for program, package in _PROGRAMS.items() if not shutil.which(program)]
    if not any(Path(launcher).exists() for launcher in _A11Y_LAUNCHERS):
        missing.append("at-spi2-core")
    if missing:
        mend = f"install the packages {' '.join(missing)} (their names on Debian and Ubuntu)"
        return Finding("private desktops", _has_display(), f"missing: {', '.join(missing)}", mend)
    return Finding("private desktops", True, "Xvfb, openbox, D-Bus and AT-SPI are installed")


def ocr(_scope: Scope) -> Finding:
    """The models that read printed text came with their package."""
    mend = "pip install --force-reinstall rapidocr onnxruntime"
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None or importlib.util.find_spec("onnxruntime") is None:
        return Finding("text recognition", False, "not installed", mend)
    models = sorted(path.stem for path in (Path(spec.origin).parent / "models").glob("*.onnx"))
    complete = all(any(part in model for model in models) for part in ("_det_", "_rec_"))
    found = f"rapidocr {_version('rapidocr')}, {len(models)} models"
    return Finding("text recognition", complete, found, None if complete else mend)


def library(scope: Scope) -> Finding:
    """The library's folder can be written and has room."""
    folder = scope.library_path
    there = next((path for path in [folder, *folder.parents] if path.exists()), folder)
    if not there.is_dir() or not os.access(there, os.W_OK):
        mend = f"make {there} a folder that you may write to, or choose another with --library"
        return Finding("library", False, f"{folder} cannot be written", mend)
    free = shutil.disk_usage(there).free
    found = f"{folder}, {free / 1e9:.1f} GB free"
    mend = "free at least 1 GB on this disk, or choose another folder with --library"
    return Finding("library", free >= _LEAST_FREE_BYTES, found, None if free >= _LEAST_FREE_BYTES else mend)


def window(_scope: Scope) -> Finding:
    """Qt is there for the window, in a version that works with this Python."""
    version = _version("PySide6-Essentials") or _version("PySide6")
    if not version:
        mend = "pip install 'gui-agent-workbench[window]'"
        return Finding("window", True, "not installed; the command line works without it", mend)
    broken = sys.version_info < (3, 12) and version.startswith("6.12.")
    mend = "pip install PySide6-Essentials==6.11.3, for 6.12 aborts on Python before 3.12"
    return Finding("window", not broken, f"PySide6 {version}", mend if broken else None)


def model(_scope: Scope) -> Finding:
    """llama.cpp is there to run models on this machine."""
    version = _version("llama-cpp-python")
    if not version:
        mend = "pip install 'gui-agent-workbench[model]'"
        return Finding("models", True, "not installed; recording and replaying work without it", mend)
    return Finding("models", True, f"llama-cpp-python {version}")


def permissions(_scope: Scope) -> Finding:
    """macOS lets this program control the computer."""
    from ApplicationServices import AXIsProcessTrusted

    trusted = bool(AXIsProcessTrusted())
    mend = "allow this program under System Settings, Privacy & Security, Accessibility and Screen Recording"
    found = "allowed to control the computer" if trusted else "not allowed to control the computer"
    return Finding("permissions", trusted, found, None if trusted else mend)


def checks() -> dict[str, Check]:
    """The checks for this platform by the name of what they look at, in the order in which they are shown."""
    start: dict[str, Check] = {"Python": python}
    end: dict[str, Check] = {
        "keyring": keyring,
        "text recognition": ocr,
        "library": library,
        "window": window,
        "models": model,
    }
    linux: dict[str, Check] = {
        "python-xlib": xlib,
        "display": display,
        "XInput 2.2": xinput,
        "XTEST": xtest,
        "XDamage": xdamage,
        "accessibility": accessibility,
        "private desktops": private_desktops,
    }
    own: dict[str, dict[str, Check]] = {"linux": linux, "darwin": {"permissions": permissions}}
    return start | own.get(sys.platform, {}) | end


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY")) and not _is_wayland()


def _is_wayland() -> bool:
    kind = os.environ.get("XDG_SESSION_TYPE")
    return kind == "wayland" or (kind != "x11" and bool(os.environ.get("WAYLAND_DISPLAY")))


def _connected(name: str) -> Any:
    from workbench.desktop.x11.connection import connect

    return connect(name)


def _has(extension: str) -> Callable[[Any], tuple[bool, str]]:
    def ask(connection: Any) -> tuple[bool, str]:
        present = connection.query_extension(extension) is not None
        return present, "present" if present else "missing"

    return ask


def _asked_of_display(name: str, ask: Callable[[Any], tuple[bool, str]], mend: str) -> Finding:
    where = os.environ.get("DISPLAY")
    if not where:
        return Finding(name, True, "not asked, for there is no display; private desktops have it")
    try:
        connection = _connected(where)
    except UnavailableError as error:
        return Finding(name, False, "the display does not answer", str(error))
    try:
        good, found = ask(connection)
    finally:
        connection.close()
    return Finding(name, good, found, None if good else mend)


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""
