"""Answers about windows that stay true until the server tells of a change, so that most questions cost one round trip.

Any change that could alter an answer makes all of them be asked for anew: windows change rarely, and are asked about
several times for every action.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar, cast

from Xlib import X

R = TypeVar("R")

_ROOT_PROPERTIES = ("_NET_ACTIVE_WINDOW", "_NET_CLIENT_LIST_STACKING", "_NET_SUPPORTING_WM_CHECK")
_ROOT_MASK = X.SubstructureNotifyMask | X.PropertyChangeMask
_WINDOW_MASK = X.StructureNotifyMask | X.PropertyChangeMask


class Noticing:
    """Remembers answers on a connection that no one else reads events of; one thread at a time.

    `properties` are those of windows that answers depend on. An answer may depend on windows that were passed to
    `watch` before it was asked for, on the root's own properties, and on which windows lie on the root, where, and in
    which order. `answers` are those that are true as of the last `catch_up`.
    """

    def __init__(self, connection: Any, properties: Iterable[str]) -> None:
        self.answers: dict[Hashable, Any] = {}
        self._connection = connection
        self._atoms = {connection.get_atom(name) for name in (*_ROOT_PROPERTIES, *properties)}
        self._watched: set[int] = set()
        connection.screen().root.change_attributes(event_mask=_ROOT_MASK)

    def catch_up(self) -> None:
        """Forget what is no longer true: what is left is as true as if it were asked for now."""
        self._connection.sync()
        for _ in range(self._connection.pending_events()):
            self._take(self._connection.next_event())

    def watch(self, windows: Iterable[int]) -> None:
        """Notice changes of these windows from now on."""
        for handle in set(windows) - self._watched:
            window = self._connection.create_resource_object("window", handle)
            window.change_attributes(event_mask=_WINDOW_MASK)
            self._watched.add(handle)

    def forget(self, window: int) -> None:
        """The window has vanished; another one may get its number, which nobody watches then."""
        self._watched.discard(window)

    def remembered(self, question: Hashable, ask: Callable[[], R]) -> R:
        """The answer, asked for only where none is remembered."""
        if question not in self.answers:
            self.answers[question] = ask()
        return cast(R, self.answers[question])

    def _take(self, event: Any) -> None:
        if event.type == X.DestroyNotify:
            self.forget(event.window.id)
        if event.type != X.PropertyNotify or event.atom in self._atoms:
            self.answers.clear()
