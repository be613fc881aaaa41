"""Connections to an X server: opened with a clear refusal, silent about windows that vanish."""

import contextlib
import functools
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec, TypeVar

import Xlib
from Xlib import display as xdisplay
from Xlib import error as xerror
from Xlib.protocol import request as xrequest

from workbench.errors import UnavailableError

_log = logging.getLogger(__name__)

MINIMUM_XLIB = (0, 33)

LOST = (xerror.ConnectionClosedError, BrokenPipeError, ConnectionResetError)
"""What python-xlib raises once the server is gone."""

P = ParamSpec("P")
R = TypeVar("R")


def check_xlib(version: tuple[int, ...]) -> None:
    """Refuse the outdated `Xlib` package that another distribution installs over python-xlib.

    Raises `UnavailableError` that says how to mend it.
    """
    if version < MINIMUM_XLIB:
        found = ".".join(map(str, version))
        raise UnavailableError(
            f"the installed Xlib is {found}, needed is 0.33: python3-xlib has overwritten it; "
            "run `pip install --force-reinstall --no-deps python-xlib>=0.33`"
        )


def connect(name: str) -> Any:
    """A connection to the display called `name` (":0"); the caller closes it.

    Protocol errors that belong to no question are logged at debug level and never printed. Raises `UnavailableError`
    where no server answers.
    """
    check_xlib(Xlib.__version__)
    try:
        connection = xdisplay.Display(name)
    except (xerror.DisplayError, xerror.XauthError, xerror.XNoAuthError, OSError) as failure:
        raise UnavailableError(
            f"no X server answers at display {name} ({failure}): set DISPLAY to a running one or use --private-desktop"
        ) from failure
    connection.set_error_handler(_note_error)
    return connection


def require(connection: Any, *extensions: str) -> None:
    """Raise `UnavailableError` unless the server has these extensions."""
    for extension in extensions:
        if not connection.has_extension(extension):
            raise UnavailableError(
                f"the X server of display {connection.get_display_name()} lacks the extension {extension}: "
                "enable it or use --private-desktop"
            )


def on_display(method: Callable[P, R]) -> Callable[P, R]:
    """A port's method whose lost connection becomes an `UnavailableError`."""

    @functools.wraps(method)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except LOST as failure:
            raise UnavailableError("the X display is gone: start it again, then run this again") from failure

    return guarded


@contextlib.contextmanager
def kept(connection: Any) -> Iterator[Any]:
    """A connection that is closed when the block fails, and left open when it succeeds."""
    try:
        yield connection
    except BaseException:
        close(connection)
        raise


def close(connection: Any) -> None:
    """Disconnect; a connection that is already lost is fine."""
    try:
        connection.close()
    except LOST:
        _log.debug("the X server was gone before the connection was closed")


def property_of(window: Any, name: str) -> Any | None:
    """The value of a window's property: a string of bytes or an array of numbers; None where it or the window is not.

    At most 256 KiB are read.
    """
    atom = window.display.get_atom(name)
    try:
        answer = window.get_full_property(atom, 0, sizehint=65536)
    except xerror.XError:
        return None
    return None if answer is None else answer.value


def ask_all(questions: Iterable[Any]) -> list[Any | None]:
    """The replies to deferred requests, sent in one go; None where the server answered with an error."""
    answers: list[Any | None] = []
    for question in list(questions):
        try:
            question.reply()
        except xerror.XError:
            answers.append(None)
        else:
            answers.append(question)
    return answers


def geometries(connection: Any, windows: Iterable[int]) -> list[Any | None]:
    """`GetGeometry` of many windows in one round trip: x, y, width, height, border_width, depth."""
    return ask_all([xrequest.GetGeometry(connection.display, defer=1, drawable=window) for window in windows])


def attributes(connection: Any, windows: Iterable[int]) -> list[Any | None]:
    """`GetWindowAttributes` of many windows in one round trip: map_state, override_redirect, win_class."""
    return ask_all([xrequest.GetWindowAttributes(connection.display, defer=1, window=window) for window in windows])


def _note_error(failure: Any, request: Any) -> None:
    _log.debug("the X server refused %s: %s", request, failure)
