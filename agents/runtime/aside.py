"""Work on a thread of its own beside a run: it takes long, nobody waits for it, and it ends when the run does."""

import threading
from collections.abc import Callable

from workbench.errors import StoppedError, WorkbenchError

AGAIN_S = 0.05
"""A wish to end is repeated this often: a model does not hear one that comes before it has begun."""


class Aside:
    """Does `work` once; it calls the function that it is given now and then, which raises where it shall end.

    `halt` ends what the work waits for; any thread may call it, also when nothing is waited for.
    """

    def __init__(self, work: Callable[[Callable[[], None]], None], halt: Callable[[], None], *, name: str) -> None:
        self.failure: WorkbenchError | None = None
        self._work = work
        self._halt = halt
        self._stopping = threading.Event()
        self._over = threading.Event()
        self._defect: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether it has ended; raises what a defect of the program raised in it."""
        if self._over.is_set() and self._defect is not None:
            raise self._defect
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait so long at most until it is over; whether it is."""
        self._over.wait(seconds)
        return self.over

    def stop(self) -> None:
        """End it, and wait until it has ended; idempotent, and nothing where it was never begun."""
        self._stopping.set()
        while self._thread.is_alive():
            self._halt()
            self._over.wait(AGAIN_S)
            self._thread.join(AGAIN_S)

    def _check(self) -> None:
        if self._stopping.is_set():
            raise StoppedError("it was ended, because what it was done for has ended")

    def _run(self) -> None:
        try:
            self._work(self._check)
        except StoppedError:
            self._stopping.set()
        except WorkbenchError as error:
            self.failure = error
        except BaseException as error:  # noqa: BLE001 - whoever asks whether it is over raises it
            self._defect = error
        finally:
            self._over.set()
