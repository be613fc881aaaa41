"""The desktop's accessibility switch, and where its accessibility bus is (`org.a11y.Bus` and `org.a11y.Status`)."""

import time
from contextlib import closing

from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.wire import Question
from workbench.errors import UnavailableError

_NAME, _PATH, _STATUS = "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Status"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_PATIENCE_S = 3.0
"""The launcher of the accessibility bus may have to be started first."""

PACKAGES = "at-spi2-core (Debian, Ubuntu, Fedora, Arch)"


def accessibility_address(session: Bus) -> str:
    """The address of the accessibility bus; raises `UnavailableError` when the session has none."""
    answer = session.ask_one(Question(_NAME, _PATH, _NAME, "GetAddress"), deadline=time.monotonic() + _PATIENCE_S)
    if not answer or not answer[0]:
        raise UnavailableError(f"the session has no accessibility bus; install {PACKAGES} and log in again")
    return str(answer[0])


def is_enabled(session: Bus) -> bool:
    """Whether applications are asked to be accessible."""
    question = Question(_NAME, _PATH, _PROPERTIES, "Get", "ss", (_STATUS, "IsEnabled"))
    answer = session.ask_one(question, deadline=time.monotonic() + _PATIENCE_S)
    return bool(answer and answer[0][1])


def switch_on(session: Bus) -> None:
    """Ask applications, running ones too, to be accessible; raises `UnavailableError` when the desktop refuses."""
    _set(session, ("b", True))
    if not is_enabled(session):
        raise UnavailableError("the desktop does not let accessibility be switched on; switch it on in its settings")


def switch_off(bus_address: str) -> None:
    """Put the switch of that session back to off; a session that is gone needs nothing."""
    try:
        session = Bus.connect(bus_address)
    except UnavailableError:
        return
    with closing(session):
        _set(session, ("b", False))


def _set(session: Bus, value: tuple[str, bool]) -> None:
    question = Question(_NAME, _PATH, _PROPERTIES, "Set", "ssv", (_STATUS, "IsEnabled", value))
    session.ask_one(question, deadline=time.monotonic() + _PATIENCE_S)
