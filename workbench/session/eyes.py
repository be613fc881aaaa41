"""Looking at the desktop during a run: moments, kept frames, and waiting for change instead of sleeping."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from msgspec import structs

from workbench.desktop.ports import Desktop, Frame, desktop_bounds
from workbench.geometry import Rect, Screen
from workbench.library.frames import FrameStore
from workbench.locate.sight import Sight
from workbench.session.keeping_up import Picture, is_caret
from workbench.session.remembering import RememberedTrees
from workbench.trajectory import Element, FrameId

POLL_S = 0.1
"""The longest wait between two looks: accessibility can change without a pixel."""

CALM_S = 0.012
"""A screen on which nothing changed for so long is worth reading: drawing at 60 Hz would have changed it again."""

GLOW_S = 0.4
"""So long after an action the place where it happened may glow or fade; what still changes there then is a change."""

MASK = (96, 96, 96, 255)


@dataclass(frozen=True)
class Rest:
    """How the screen comes to rest: nothing changes for `still_s`.

    `first_s` is how long the first change since the last look is waited for; without one that is rest as well.
    """

    still_s: float
    first_s: float = 0.0


@dataclass(frozen=True)
class _Kept:
    """The frame that was stored last, what was painted over in it, and its name."""

    frame: Frame
    covered: list[Rect]
    id: FrameId

    def holds(self, frame: Frame, covered: list[Rect]) -> bool:
        return self.frame.pixels is frame.pixels and self.frame.origin == frame.origin and self.covered == covered


@dataclass
class Eyes:
    """Sight of one desktop; `check` raises `StoppedError` when the run has to end. `seen` is the last frame seen."""

    desktop: Desktop
    frames: FrameStore
    check: Callable[[], None]
    secrets: list[Element] = field(default_factory=list)
    seen: Frame | None = None
    _kept: _Kept | None = field(default=None, repr=False)
    _glowing: tuple[Rect, ...] = field(default=(), repr=False)
    _acted_s: float = field(default=float("-inf"), repr=False)
    _changed_s: float = field(default=float("-inf"), repr=False)
    _news: int | None = field(default=None, repr=False)
    _doubtful: bool = field(default=False, repr=False)
    _outdated: bool = field(default=False, repr=False)
    _listens: bool = field(default=False, repr=False)  # a replay, which never rests, spares applications the telling

    @cached_property
    def _picture(self) -> Picture:
        return Picture(self.desktop.screens)

    @cached_property
    def _trees(self) -> RememberedTrees | None:
        return RememberedTrees(self.desktop.accessibility) if self.desktop.accessibility else None

    def look(self) -> Sight:
        """This moment; a walk over an accessible tree that nothing can have changed is not repeated."""
        self.check()
        return self._sight(self._keep_up())

    def acted(self, glowing: Sequence[Rect] = ()) -> None:
        """Something was just done: whatever was known may have changed, and these places may glow for a moment."""
        self._glowing, self._acted_s, self._outdated = tuple(glowing), time.monotonic(), True

    def rest(self, rest: Rest, until_s: float) -> Sight:
        """The first moment in which the screen rests, or the one at that monotonic time.

        A blinking caret is rest, and so is for `GLOW_S` what changes only where something was just done.
        """
        start_s, self._listens = time.monotonic(), True
        while True:
            self.check()
            looked_s = time.monotonic()  # what changed since then is not seen yet, however late it has become
            layout = self._keep_up()
            is_first = rest.first_s > 0 and self._changed_s < start_s
            rests_at_s = start_s + rest.first_s if is_first else self._changed_s + rest.still_s
            left_s = min(rests_at_s, until_s) - looked_s
            if left_s <= 0:
                return self._sight(layout)
            calms_s = self._changed_s + CALM_S - time.monotonic()
            if calms_s > 0 or is_first or not self._read_ahead():
                self.desktop.screens.wait_for_change(min(left_s, calms_s if calms_s > 0 else POLL_S))

    def _read_ahead(self) -> bool:
        """Use the time in which the screen comes to rest to walk over what will be read then; False where it was."""
        active = self.desktop.windows.active() if self._trees is not None else None
        return self._trees is not None and active is not None and self._trees.read_ahead(active.app)

    def _keep_up(self) -> tuple[Screen, ...]:
        """Bring the picture up to date, and notice whether it, or what applications say of themselves, changed."""
        layout, now_s = self.desktop.screens.layout(), time.monotonic()
        glows = now_s < self._acted_s + GLOW_S
        if self._outdated or (self._doubtful and not glows):
            self._forget()
        change = self._picture.renew(desktop_bounds(layout), self._glowing if glows else ())
        news = self._trees.news() if self._trees is not None and self._listens else None
        if change.elsewhere is not None and not is_caret(change.elsewhere):
            self._forget()
            self._changed_s = now_s
        elif change.anywhere is not None and change.elsewhere is None:
            self._doubtful = True
        if news != self._news:
            self._news, self._changed_s = news, now_s
        return layout

    def _forget(self) -> None:
        self._doubtful = self._outdated = False
        if self._trees is not None:
            self._trees.forget()

    def _sight(self, layout: tuple[Screen, ...]) -> Sight:
        ports, self.seen = self.desktop, self._picture.frame
        return Sight(
            frame=self.seen,
            screens=layout,
            active=ports.windows.active(),
            windows=ports.windows.all(),
            accessibility=self._trees,
            load_frame=self.frames.load,
        )

    def keep(self, frame: Frame) -> FrameId:
        """Store a frame, with every known password field painted over."""
        regions = self._secret_regions()
        if self._kept is not None and self._kept.holds(frame, regions):
            return self._kept.id
        covered = [frame.bounds.intersection(region) for region in regions]
        shown = replace(frame, pixels=frame.pixels.copy()) if covered else frame
        for region in filter(None, covered):
            shown.crop(region)[:] = MASK
        self._kept = _Kept(frame, regions, self.frames.put(shown.pixels, origin=shown.origin))
        return self._kept.id

    def hide(self, element: Element) -> None:
        """From now on paint over this field, wherever it is, in every frame that is kept."""
        if all(known.ref != element.ref for known in self.secrets):
            self.secrets.append(element)

    def wait(self, until_s: float) -> bool:
        """Wait for a change, at most until this monotonic time; False when the time is up."""
        self.check()
        left_s = until_s - time.monotonic()
        if left_s <= 0:
            return False
        self.desktop.screens.wait_for_change(min(left_s, POLL_S))
        return True

    def pause(self, seconds: float) -> None:
        """Let time pass, but end at once when the run has to."""
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0:
            self.check()
            time.sleep(min(left_s, 0.05))

    def _secret_regions(self) -> list[Rect]:
        accessibility = self.desktop.accessibility
        if accessibility is not None:
            now = [accessibility.refresh(element) or element for element in self.secrets]
            self.secrets = [structs.replace(seen, ref=old.ref) for seen, old in zip(now, self.secrets, strict=True)]
        return [element.bounds for element in self.secrets]
