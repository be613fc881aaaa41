"""Keeping the program's own windows out of every picture that it takes of the desktop."""

import os

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


def keep_unseen(window: QWidget) -> None:
    """Mark a top-level widget, before it is first shown, as the program's own: its place is painted over in pictures.

    Only X11 knows such a mark (`workbench.desktop.x11.hiding`); elsewhere the recorder goes by the process alone.
    Raises `UnavailableError` where the display does not answer.
    """
    if QGuiApplication.platformName() != "xcb":
        return
    from Xlib import Xatom

    from workbench.desktop.x11.connection import close, connect
    from workbench.desktop.x11.hiding import OWN_PROPERTY

    connection = connect(os.environ["DISPLAY"])
    try:
        own = connection.create_resource_object("window", int(window.winId()))
        own.change_property(connection.get_atom(OWN_PROPERTY), Xatom.CARDINAL, 32, [os.getpid()])
        connection.sync()
    finally:
        close(connection)
