"""When an event really happened: by the X server's stamp rather than by when we got round to reading it."""

from dataclasses import dataclass

from workbench.inputs import InputEvent

WRAP_NS = (1 << 32) * 1_000_000
"""The server counts milliseconds in 32 bits."""

SAME_CLOCK_NS = 1_000_000_000
"""A server on this machine stamps with the same monotonic clock as ours; nothing is read later than this."""


@dataclass
class ServerClock:
    """Turns stamps of one server into our monotonic time; takes events in their order.

    Stamps are cut to milliseconds, so the answer is up to one too early: a picture from just before is still true, one
    from just after is not.
    """

    _offset_ns: int | None = None

    def when_ns(self, event: InputEvent) -> int:
        """Our time at which the event happened, never later than it was read.

        Where the server has another clock, the least delay that was ever seen counts as none.
        """
        if not event.server_ms:
            return event.monotonic_ns
        delay_ns = (event.monotonic_ns - event.server_ms * 1_000_000) % WRAP_NS
        if self._offset_ns is None:
            self._offset_ns = 0 if delay_ns < SAME_CLOCK_NS else delay_ns
        elif self._offset_ns:
            self._offset_ns = min(self._offset_ns, delay_ns)
        return event.monotonic_ns - delay_ns + self._offset_ns
