"""The Windows backend: GDI screens, SendInput, user32 windows, UI Automation and low-level hooks."""

from workbench.desktop.windows.opening import open_desktop

__all__ = ["open_desktop"]
