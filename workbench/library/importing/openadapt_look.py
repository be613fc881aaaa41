"""What a recording of OpenAdapt shows at a moment: a PNG of its database, or the frame of its video."""

from typing import TYPE_CHECKING

from workbench.library.importing.pictures import size_of

if TYPE_CHECKING:
    from workbench.library.importing.openadapt_database import Database
    from workbench.library.importing.openadapt_rows import Still, Stills
    from workbench.library.importing.pictures import Pictures, Shot, Video

FRAME_S = 0.001
"""Times of frames are rounded down when a video is written."""

LEAD_S = 0.05
"""A screen is recorded up to a few frames after it was drawn."""


class Look:
    """Pictures by the clock of the recording; asked for rising times. Everything raises `BadInputError`."""

    def __init__(
        self, database: "Database", stills: "Stills", pictures: "Pictures", video: "Video | None", start_s: float
    ) -> None:
        self._database, self._stills, self._pictures = database, stills, pictures
        self._video, self._start_s = video, start_s
        self._last: tuple[int, Shot | None] | None = None
        self.changed = False
        self.size = self._size()

    def before(self, event_s: float) -> "Shot | None":
        """What was seen before an event took effect."""
        if self._stills:
            return self._shot(self._stills.at(event_s))
        return self._frame(event_s - LEAD_S)

    def after(self, at_s: float, event_s: float) -> "Shot | None":
        """What was seen at that time, None where nothing was recorded since the event."""
        if not self._stills:
            return self._frame(at_s)
        still = self._stills.at(at_s)
        return self._shot(still) if still is not None and still.at_s > event_s else None

    def _shot(self, still: "Still | None") -> "Shot | None":
        if still is None:
            return None
        if not still.length:
            return self._frame(still.at_s)
        if self._last is None or self._last[0] != still.id:
            shot = self._pictures.encoded(self._database.png(still), what=f"screenshot {still.id}")
            self.changed = self.changed or (shot.width, shot.height) != self.size
            self._last = (still.id, shot)
        return self._last[1]

    def _frame(self, at_s: float) -> "Shot | None":
        return self._video.at(at_s - self._start_s + FRAME_S) if self._video else None

    def _size(self) -> tuple[int, int] | None:
        """Width and height of the pictures, None where there are none."""
        first = self._stills.first
        if first is not None:
            return size_of(self._database.png(first), what=f"screenshot {first.id}")
        return self._video.size if self._video else None
