"""Opening the desktop of Windows: the one place where its ports are put together."""

from workbench.desktop.held import Held
from workbench.desktop.ports import Desktop
from workbench.errors import BadInputError


def open_desktop(name: str | None = None, *, with_accessibility: bool = True) -> Desktop:
    """The desktop of the signed-in person; Windows has no other, so `name` must be None.

    Raises `BadInputError` for a name, `UnavailableError` when this process cannot see real pixels or no screen.
    """
    if name is not None:
        raise BadInputError(f"Windows has one desktop and “{name}” is not its name; leave the name out")
    from workbench.desktop.pynput_observer import PynputObserver
    from workbench.desktop.windows import native, screens, uia
    from workbench.desktop.windows.keyboard import WindowsKeyboard
    from workbench.desktop.windows.pointer import WindowsPointer
    from workbench.desktop.windows.windows import WindowsWindows

    native.see_real_pixels()
    held, windows, capture = Held(), WindowsWindows(), screens.Capture()
    accessibility = uia.open_accessibility(windows.all) if with_accessibility else None
    observer = PynputObserver(native.monitors)

    def close() -> None:
        observer.stop()
        held.release_all()
        capture.close()
        if accessibility is not None:
            accessibility.close()

    return Desktop(
        backend="windows",
        name="windows",
        screens=screens.WindowsScreens(capture, windows.all),
        pointer=WindowsPointer(held),
        keyboard=WindowsKeyboard(held),
        windows=windows,
        accessibility=accessibility,
        observer=observer,
        close=close,
    )
