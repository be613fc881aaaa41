"""When an event really happened: by the X server's stamp rather than by when we got round to reading it."""

from dataclasses import dataclass

from workbench.inputs import InputEvent

WRAP_NS = (1 << 32) * 1_000_000
"""The server counts milliseconds in 32 bits."""

LATEST_NS = 60_000_000_000
"""A server on this machine stamps with the same monotonic clock as ours; nothing is read later than this.

Should the first event be, it seems to happen when it is read: what was done in a pause must not seem to come after."""

NEAR_NS = 1_000_000_000
"""A server elsewhere has a clock of its own, unless the first event seems to have been read so soon."""


def on_this_machine(display_name: str) -> bool:
    """Whether an X server of that name runs here, as far as the name tells: `:1` does, `localhost:10` may not."""
    return display_name.startswith((":", "unix:", "unix/"))


@dataclass
class ServerClock:
    """Turns stamps of one server into our monotonic time; takes events in their order.

    Stamps are cut to milliseconds, so the answer is up to one too early: a picture from just before is still true, one
    from just after is not. `here` says that the server runs on this machine.
    """

    here: bool = True
    _offset_ns: int | None = None

    def when_ns(self, event: InputEvent) -> int:
        """Our time at which the event happened, never later than it was read.

        Where the server has another clock, the least delay that was ever seen counts as none.
        """
        if not event.server_ms:
            return event.monotonic_ns
        delay_ns = (event.monotonic_ns - event.server_ms * 1_000_000) % WRAP_NS
        if self._offset_ns is None:
            self._offset_ns = 0 if delay_ns < (LATEST_NS if self.here else NEAR_NS) else delay_ns
        elif self._offset_ns:
            self._offset_ns = min(self._offset_ns, delay_ns)
        return event.monotonic_ns - delay_ns + self._offset_ns
