"""One tree of errors; each says what happened, to what, and what to do next."""

from typing import ClassVar


class WorkbenchError(Exception):
    """Anything the workbench refuses or cannot do; its text is one line a person can act on."""

    exit_code: ClassVar[int] = 1


class BadInputError(WorkbenchError):
    """What was given is wrong: an unknown name, a broken file, an impossible value."""

    exit_code = 2


class StoppedError(WorkbenchError):
    """A person or the policy stopped it."""

    exit_code = 3


class UnavailableError(WorkbenchError):
    """This machine cannot do it: no display, a missing system package, a full disk."""

    exit_code = 4
