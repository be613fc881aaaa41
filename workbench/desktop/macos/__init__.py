"""The macOS backend: mss screens, Quartz events, window lists and the AX accessibility interface."""

from workbench.desktop.macos.opening import open_desktop

__all__ = ["open_desktop"]
