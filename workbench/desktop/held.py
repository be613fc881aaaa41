"""What the program holds down: keys and buttons that must come up again whatever happens."""

import threading
from collections.abc import Callable

from workbench.errors import UnavailableError


class Held:
    """Keys and buttons that are down because of us, each with the way to let it go.

    Safe to use from several threads: an emergency stop releases while another thread is still pressing.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._let_go: dict[str, Callable[[], None]] = {}

    def hold(self, name: str, let_go: Callable[[], None]) -> None:
        """Remember `name` before it is pressed; a second press of the same name keeps the first way out."""
        with self._lock:
            self._let_go.setdefault(name, let_go)

    def release(self, name: str) -> bool:
        """Let `name` go; False when it was not held by us."""
        with self._lock:
            let_go = self._let_go.pop(name, None)
            if let_go is not None:
                let_go()
        return let_go is not None

    def release_all(self) -> None:
        """Let everything go, last pressed first; what the system refuses does not spare the rest.

        Raises the first `UnavailableError` only after all have been tried.
        """
        refused: UnavailableError | None = None
        for name in self.names()[::-1]:
            try:
                self.release(name)
            except UnavailableError as error:
                refused = refused or error
        if refused is not None:
            raise refused

    def names(self) -> tuple[str, ...]:
        """What is held now, in the order it was pressed."""
        with self._lock:
            return tuple(self._let_go)

    def __contains__(self, name: str) -> bool:
        with self._lock:
            return name in self._let_go
