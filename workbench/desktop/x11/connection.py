"""Connections to an X server: opened with a clear refusal, silent about windows that vanish."""

import contextlib
import functools
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec, TypeVar

import Xlib
from Xlib import X
from Xlib import display as xdisplay
from Xlib import error as xerror
from Xlib.ext import __extensions__ as xextensions
from Xlib.protocol import request as xrequest

from workbench.errors import UnavailableError

_log = logging.getLogger(__name__)

MINIMUM_XLIB = (0, 33)

LOST = (xerror.ConnectionClosedError, BrokenPipeError, ConnectionResetError)
"""What python-xlib raises once the server is gone."""

_MOST_WORDS = 65536
"""How much of a property is read: 256 KiB."""

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


class _Connection(xdisplay.Display):  # type: ignore[misc]  # python-xlib has no types
    """A connection that opens in half the time: every port has one of its own, and a run waits for all of them.

    The keyboard's layout is not read, so nothing may ask python-xlib for keycodes, and the server is asked for all
    extensions at once.
    """

    def __init__(self, name: str) -> None:
        self._extensions: dict[str, Any] = {}
        super().__init__(name)
        # python-xlib's RandR registers its errors under the numbers of the core's, as classes that cannot be made
        self.display.error_classes.update(xerror.xerror_class)

    def _update_keymap(self, first_keycode: int, count: int) -> None:
        """Leave the layout to `workbench.desktop.x11.keymap`."""

    def query_extension(self, name: str) -> Any | None:
        """What the server says of the extension; None where it has none of that name."""
        if not self._extensions:
            names = [known for known, _ in xextensions]
            asked = [xrequest.QueryExtension(self.display, defer=1, name=known) for known in names]
            self._extensions = dict(zip(names, ask_all(asked), strict=True))
        if name not in self._extensions:
            return super().query_extension(name)
        found = self._extensions[name]
        return found if found is not None and found.present else None


def connect(name: str) -> Any:
    """A connection to the display called `name` (":0"); the caller closes it.

    Protocol errors that belong to no question are logged at debug level and never printed. Raises `UnavailableError`
    where no server answers.
    """
    check_xlib(Xlib.__version__)
    try:
        connection = _Connection(name)
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
        answer = window.get_full_property(atom, 0, sizehint=_MOST_WORDS)
    except xerror.XError:
        return None
    return None if answer is None else answer.value


def property_question(connection: Any, window: int, name: str) -> Any:
    """A deferred request for a window's property, for `ask_all`; `property_value` reads the answer."""
    return xrequest.GetProperty(
        connection.display,
        defer=1,
        delete=0,
        window=window,
        property=connection.get_atom(name),
        type=X.AnyPropertyType,
        long_offset=0,
        long_length=_MOST_WORDS,
    )


def property_value(answer: Any | None) -> Any | None:
    """What `property_of` would say, from the answer to a `property_question`."""
    return answer.value[1] if answer is not None and answer.property_type else None


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
