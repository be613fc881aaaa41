"""The Windows functions that the backend calls, each as one plain Python function.

Nothing is loaded before the first call. `ctypes.CDLL` serves instead of `WinDLL` because 64-bit Windows has a single
calling convention; 32-bit Windows is not supported (neither are the wheels this program depends on).
"""

import ctypes
from ctypes import wintypes
from functools import cache
from pathlib import PureWindowsPath

from workbench.desktop.windows.shown import FoundWindow
from workbench.errors import UnavailableError
from workbench.geometry import Point, Rect, Screen

_PER_MONITOR_V2 = -4
_PER_MONITOR = 2
_ENUM_WINDOWS = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_ENUM_MONITORS = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(wintypes.RECT), ctypes.c_void_p
)
_DWM_EXTENDED_FRAME_BOUNDS, _DWM_CLOAKED = 9, 14
_GWL_EXSTYLE = -20
_QUERY_LIMITED_INFORMATION = 0x1000
_EXCLUDE_FROM_CAPTURE = 0x11
_MONITOR_PRIMARY = 1
_GA_ROOT = 2
_SW_RESTORE = 9
_SM_SWAP_BUTTONS = 23
_SM_VIRTUAL_SCREEN = (76, 77, 78, 79)
_NO_STATE_CHANGE = 0x4


class _MonitorInfo(ctypes.Structure):
    _fields_ = (
        ("size", ctypes.c_uint32),
        ("monitor", wintypes.RECT),
        ("work", wintypes.RECT),
        ("flags", ctypes.c_uint32),
        ("device", ctypes.c_wchar * 32),
    )


@cache
def user32() -> ctypes.CDLL:
    """The library of windows and input, with the types of those functions that take or return handles."""
    lib = ctypes.CDLL("user32")
    handle, number = ctypes.c_void_p, ctypes.c_int
    for name in ("GetForegroundWindow", "WindowFromPoint", "GetAncestor", "FindWindowExW", "GetKeyboardLayout"):
        getattr(lib, name).restype = handle
    lib.WindowFromPoint.argtypes = [wintypes.POINT]
    lib.GetAncestor.argtypes = [handle, ctypes.c_uint32]
    lib.FindWindowExW.argtypes = [handle, handle, ctypes.c_wchar_p, ctypes.c_wchar_p]
    lib.GetKeyboardLayout.argtypes = [ctypes.c_uint32]
    lib.VkKeyScanExW.argtypes = [ctypes.c_wchar, handle]
    lib.VkKeyScanExW.restype = ctypes.c_short
    lib.GetKeyState.restype = lib.GetAsyncKeyState.restype = ctypes.c_short
    lib.SetProcessDpiAwarenessContext.argtypes = lib.SetThreadDpiAwarenessContext.argtypes = [handle]
    lib.GetThreadDpiAwarenessContext.restype = handle
    lib.GetAwarenessFromDpiAwarenessContext.argtypes = [handle]
    lib.EnumDisplayMonitors.argtypes = [handle, handle, _ENUM_MONITORS, handle]
    lib.GetMonitorInfoW.argtypes = [handle, handle]
    lib.EnumWindows.argtypes = [_ENUM_WINDOWS, handle]
    lib.GetWindowTextW.argtypes = lib.GetClassNameW.argtypes = [handle, ctypes.c_wchar_p, number]
    lib.GetWindowThreadProcessId.argtypes = [handle, handle]
    lib.GetWindowThreadProcessId.restype = ctypes.c_uint32
    lib.GetWindowRect.argtypes = [handle, handle]
    lib.ShowWindow.argtypes = lib.GetWindowLongW.argtypes = [handle, number]
    lib.SetWindowDisplayAffinity.argtypes = [handle, ctypes.c_uint32]
    for name in ("IsWindow", "IsWindowVisible", "IsIconic", "SetForegroundWindow", "BringWindowToTop"):
        getattr(lib, name).argtypes = [handle]
    lib.ToUnicodeEx.argtypes = [ctypes.c_uint32, ctypes.c_uint32, handle, ctypes.c_wchar_p, number, number, handle]
    lib.SendInput.argtypes = [ctypes.c_uint32, handle, number]
    lib.SendInput.restype = ctypes.c_uint32
    return lib


@cache
def _kernel32() -> ctypes.CDLL:
    lib = ctypes.CDLL("kernel32")
    lib.OpenProcess.restype = ctypes.c_void_p
    lib.CloseHandle.argtypes = [ctypes.c_void_p]
    lib.QueryFullProcessImageNameW.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_wchar_p, ctypes.c_void_p]
    return lib


@cache
def _dwmapi() -> ctypes.CDLL:
    lib = ctypes.CDLL("dwmapi")
    lib.DwmGetWindowAttribute.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32]
    return lib


@cache
def _shcore() -> ctypes.CDLL:
    lib = ctypes.CDLL("shcore")
    lib.GetDpiForMonitor.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    return lib


def see_real_pixels() -> None:
    """Make this process per-monitor DPI aware, so that every coordinate is a physical pixel.

    Raises `UnavailableError` when something else in the process has settled on scaled coordinates.
    """
    lib = user32()
    if lib.SetProcessDpiAwarenessContext(_PER_MONITOR_V2):
        return
    # Already decided, by a manifest or by Qt: fine as long as it is per monitor.
    if lib.GetAwarenessFromDpiAwarenessContext(lib.GetThreadDpiAwarenessContext()) == _PER_MONITOR:
        return
    raise UnavailableError(
        "this process works in scaled coordinates and would miss its targets; start the workbench as a process of "
        "its own and remove any DPI override from the compatibility settings of python.exe"
    )


def cursor() -> Point:
    """Where the pointer is."""
    point = wintypes.POINT()
    if not user32().GetCursorPos(ctypes.byref(point)):
        raise UnavailableError("Windows does not say where the pointer is: the screen is locked; unlock it")
    return Point(point.x, point.y)


def set_cursor(point: Point) -> None:
    """Put the pointer there, bypassing the input stream."""
    user32().SetCursorPos(point.x, point.y)


def buttons_swapped() -> bool:
    """Whether the person has exchanged the left and the right mouse button."""
    return bool(user32().GetSystemMetrics(_SM_SWAP_BUTTONS))


def virtual_desktop() -> Rect:
    """The rectangle around all monitors, straight from the system."""
    return Rect(*(user32().GetSystemMetrics(index) for index in _SM_VIRTUAL_SCREEN))


def monitors() -> tuple[Screen, ...]:
    """The monitors with their scale, in the system's order."""
    found: list[Screen] = []

    def add(monitor: int, _context: int, _rect: object, _data: int) -> int:
        info = _MonitorInfo(size=ctypes.sizeof(_MonitorInfo))
        if user32().GetMonitorInfoW(monitor, ctypes.byref(info)):
            primary = bool(info.flags & _MONITOR_PRIMARY)
            found.append(Screen(info.device, _rect_of(info.monitor), _dpi(monitor) / 96, primary))
        return 1

    user32().EnumDisplayMonitors(None, None, _ENUM_MONITORS(add), None)
    if not found:
        raise UnavailableError("Windows reports no monitor: the session is disconnected; connect to it and try again")
    return tuple(found)


def top_level_handles() -> list[int]:
    """All top-level windows, topmost first, invisible ones included."""
    found: list[int] = []

    def add(handle: int, _data: int) -> int:
        found.append(handle)
        return 1

    user32().EnumWindows(_ENUM_WINDOWS(add), None)
    return found


def describe(handle: int) -> FoundWindow | None:
    """What is known of a top-level window; None when it is gone."""
    lib = user32()
    if not lib.IsWindow(handle):
        return None
    inner = _inner_handle(handle)
    return FoundWindow(
        handle=handle,
        title=_text(lib.GetWindowTextW, handle),
        window_class=_text(lib.GetClassNameW, handle),
        bounds=_bounds(handle),
        pid=process_of(inner),
        image=_image(process_of(inner)),
        visible=bool(lib.IsWindowVisible(handle)),
        minimised=bool(lib.IsIconic(handle)),
        cloaked=_attribute(handle, _DWM_CLOAKED, ctypes.c_uint32()).value != 0,
        extended_style=lib.GetWindowLongW(handle, _GWL_EXSTYLE) & 0xFFFFFFFF,
    )


def foreground() -> int | None:
    """The window with the focus."""
    found = user32().GetForegroundWindow()
    return int(found) if found else None


def root_at(point: Point) -> int | None:
    """The top-level window under the point, as the system's hit test sees it."""
    inner = user32().WindowFromPoint(wintypes.POINT(point.x, point.y))
    root = user32().GetAncestor(inner, _GA_ROOT) if inner else None
    return int(root) if root else None


def process_of(handle: int) -> int:
    """The process that owns a window; 0 when the window is gone."""
    pid = ctypes.c_uint32()
    user32().GetWindowThreadProcessId(handle, ctypes.byref(pid))
    return pid.value


def bring_to_front(handle: int) -> bool:
    """Restore and focus a window; False when it is gone.

    Windows lets only the foreground thread hand the focus on, so where it refuses ours is attached to that one.
    """
    lib = user32()
    if not lib.IsWindow(handle):
        return False
    if lib.IsIconic(handle):
        lib.ShowWindow(handle, _SW_RESTORE)
    if lib.SetForegroundWindow(handle) and foreground() == handle:
        return True
    ours = _kernel32().GetCurrentThreadId()
    theirs = lib.GetWindowThreadProcessId(foreground(), None)
    attached = theirs not in (0, ours) and lib.AttachThreadInput(ours, theirs, 1)
    try:
        lib.BringWindowToTop(handle)
        lib.SetForegroundWindow(handle)
    finally:
        if attached:
            lib.AttachThreadInput(ours, theirs, 0)
    return True


def exclude_from_capture(handle: int) -> bool:
    """Keep a window of this process out of every capture; False for foreign windows and before Windows 10 2004."""
    return bool(user32().SetWindowDisplayAffinity(handle, _EXCLUDE_FROM_CAPTURE))


def keyboard_layout() -> int:
    """The keyboard layout of the window with the focus."""
    thread = user32().GetWindowThreadProcessId(foreground(), None)
    return int(user32().GetKeyboardLayout(thread) or 0)


def key_for(character: str) -> int:
    """`VkKeyScanExW` for one character on the current layout: -1 when no key types it."""
    return int(user32().VkKeyScanExW(character, keyboard_layout()))


def scan_code(code: int) -> int:
    """The scan code of a virtual key, for programs that read those."""
    return int(user32().MapVirtualKeyW(code, 0))


def is_down(code: int) -> bool:
    """Whether a key is down now, by whoever pressed it."""
    return bool(user32().GetAsyncKeyState(code) & 0x8000)


def is_locked(code: int) -> bool:
    """Whether a locking key (Caps Lock) is on."""
    return bool(user32().GetKeyState(code) & 1)


def typed(code: int, scan: int, state: bytes) -> tuple[str, bool]:
    """What the key types on the current layout with these keys down (256 bytes), and whether it is a dead key.

    Leaves the dead key that the application may be in the middle of alone (Windows 10 1607 and later).
    """
    buffer = ctypes.create_unicode_buffer(9)
    keys = (ctypes.c_ubyte * 256).from_buffer_copy(state)
    count = user32().ToUnicodeEx(code, scan, keys, buffer, 8, _NO_STATE_CHANGE, keyboard_layout())
    return buffer.value[: abs(count)], count < 0


def _inner_handle(handle: int) -> int:
    # A store application lives in a child window of a frame that belongs to another process.
    if _text(user32().GetClassNameW, handle) == "ApplicationFrameWindow":
        return user32().FindWindowExW(handle, None, "Windows.UI.Core.CoreWindow", None) or handle
    return handle


def _bounds(handle: int) -> Rect:
    rect = wintypes.RECT()
    # The extended frame leaves out the invisible border that the plain rectangle has had since Windows 10.
    size = ctypes.sizeof(rect)
    if _dwmapi().DwmGetWindowAttribute(handle, _DWM_EXTENDED_FRAME_BOUNDS, ctypes.byref(rect), size) != 0:
        user32().GetWindowRect(handle, ctypes.byref(rect))
    return _rect_of(rect)


def _attribute(handle: int, attribute: int, value: ctypes.c_uint32) -> ctypes.c_uint32:
    _dwmapi().DwmGetWindowAttribute(handle, attribute, ctypes.byref(value), ctypes.sizeof(value))
    return value


def _rect_of(rect: wintypes.RECT) -> Rect:
    return Rect(rect.left, rect.top, max(0, rect.right - rect.left), max(0, rect.bottom - rect.top))


def _dpi(monitor: int) -> int:
    across, down = ctypes.c_uint32(96), ctypes.c_uint32(96)
    _shcore().GetDpiForMonitor(monitor, 0, ctypes.byref(across), ctypes.byref(down))
    return across.value


def _text(read: "ctypes._NamedFuncPointer", handle: int) -> str:
    buffer = ctypes.create_unicode_buffer(512)
    read(handle, buffer, len(buffer))
    return buffer.value


def _image(pid: int) -> str:
    process = _kernel32().OpenProcess(_QUERY_LIMITED_INFORMATION, 0, pid)
    if not process:
        return ""
    try:
        buffer, length = ctypes.create_unicode_buffer(1024), ctypes.c_uint32(1024)
        found = _kernel32().QueryFullProcessImageNameW(process, 0, buffer, ctypes.byref(length))
        return PureWindowsPath(buffer.value).name if found else ""
    finally:
        _kernel32().CloseHandle(process)
