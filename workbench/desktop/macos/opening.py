"""Opening the desktop of macOS: the one place where its ports are put together."""

from workbench.desktop.held import Held
from workbench.desktop.ports import Desktop
from workbench.errors import BadInputError


def open_desktop(name: str | None = None, *, with_accessibility: bool = True) -> Desktop:
    """The desktop of the signed-in person; macOS has no other, so `name` must be None.

    Raises `BadInputError` for a name, `UnavailableError` that says which permission is missing and where it is given.
    """
    if name is not None:
        raise BadInputError(f"macOS has one desktop and “{name}” is not its name; leave the name out")
    from workbench.desktop.bounded import Bounded
    from workbench.desktop.macos import ax, displays, permissions
    from workbench.desktop.macos.keyboard import MacKeyboard
    from workbench.desktop.macos.observer import MacObserver
    from workbench.desktop.macos.pointer import MacPointer
    from workbench.desktop.macos.windows import MacWindows
    from workbench.desktop.polled_screens import PolledScreens

    permissions.require_eyes_and_hands(permissions.read())
    held, capture, tree, bounded = Held(), displays.Capture(), ax.AxTree(), Bounded()
    windows = MacWindows(
        lambda: bounded.ask(lambda _until_s: tree.focused_process(), None),
        lambda window: bounded.ask(lambda _until_s: tree.raise_window(window), None),
    )
    observer = MacObserver()

    def close() -> None:
        observer.stop()
        held.release_all()
        capture.close()
        bounded.close()

    return Desktop(
        backend="macos",
        name="macos",
        screens=PolledScreens(capture, displays.screens, windows.all),
        pointer=MacPointer(held),
        keyboard=MacKeyboard(held),
        windows=windows,
        accessibility=ax.open_accessibility(windows.all, tree, bounded) if with_accessibility else None,
        observer=observer,
        close=close,
    )
