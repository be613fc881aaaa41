"""AT-SPI: accessibility on Linux, over D-Bus."""

from workbench.desktop.atspi.opening import open_accessibility

__all__ = ["open_accessibility"]
