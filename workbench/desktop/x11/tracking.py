"""Where the pointer was at each raw event."""

from collections.abc import Iterator
from typing import Any

from workbench.desktop.x11.raw import MOTION, RawEvent, RawInput
from workbench.geometry import Point


class Tracker:
    """Follows the pointer through batches of raw events.

    A raw event carries distances or places but not the pointer's position. The server knows where the pointer is now,
    which is exact from the last motion of a batch on as long as no other has come meanwhile; before that the position
    is followed event by event. A program that puts the pointer elsewhere makes no raw event of it: that is noticed with
    the next press or motion, unless the pointer has moved on by then.
    """

    def __init__(self, connection: Any, raw: RawInput) -> None:
        self.devices = raw.devices()
        self._raw = raw
        self._connection = connection
        self._root = connection.screen().root
        self._at = self._asked()

    def follow(self, batch: list[RawEvent]) -> Iterator[Point]:
        """The pointer's position at each event, which for motion is where it went."""
        if not any(event.kind >= MOTION - 2 for event in batch):
            return iter([_rounded(self._at)] * len(batch))
        places = [self._advanced(event) for event in batch]
        truth = self._asked()
        settled = not any(map(self._is_motion, self._connection.display.event_queue))
        if settled or any(event.source in self.devices.absolute for event in batch):
            last_motion = max((i for i, event in enumerate(batch) if event.kind == MOTION), default=0)
            places[last_motion:] = [truth] * (len(places) - last_motion)
            self._at = truth
        return iter([_rounded(place) for place in places])

    def _advanced(self, event: RawEvent) -> tuple[float, float]:
        if event.moved is not None:
            if event.source in self.devices.synthetic:
                # XTEST tells places; the rare program that moves by distances is put right by the next question.
                self._at = event.moved
            elif event.source not in self.devices.absolute:
                self._at = (self._at[0] + event.moved[0], self._at[1] + event.moved[1])
        return self._at

    def _is_motion(self, event: Any) -> bool:
        found = self._raw.read(event)
        return found is not None and found.kind == MOTION

    def _asked(self) -> tuple[float, float]:
        answer = self._root.query_pointer()
        return float(answer.root_x), float(answer.root_y)


def _rounded(place: tuple[float, float]) -> Point:
    return Point(int(place[0]), int(place[1]))
