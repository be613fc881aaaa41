"""Where a recorded target is on today's screen: the witnesses are asked, the rule decides.

Witnesses are asked cheapest first. One is skipped only when it cannot change the verdict: a veto, an ambiguity or an
absence that accessibility states is final; two agreeing voices act; and what only searches other sizes or themes, or
reads text, never overrules an element that is known by name and the only one of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

import msgspec

from workbench.geometry import Rect
from workbench.locate import crop, element, text
from workbench.locate.decide import DEFAULT_THRESHOLDS, DOUBTS, Grounds, Thresholds, decide
from workbench.locate.identity import is_field, surrounds
from workbench.locate.modal import dialog_in_the_way
from workbench.locate.sight import Sight
from workbench.locate.standing import Standing, covering, expected_places, in_popup, recorded_app, stand
from workbench.locate.verdict import Verdict, Vote
from workbench.trajectory import Target

ONE_LABEL = 0.97
"""Above this a second place shows the same label: only a search of all elements can tell which is meant."""

SMALL_TARGET_PX = (160, 80)
"""Targets up to this size are buttons: anywhere on them is the same place."""

ROOMY_TOLERANCE_PX = 24
"""How far answers may lie apart on a large target."""


@dataclass(frozen=True)
class Options:
    """How to locate: thresholds, and whether text may be read when nothing else settles it (0.15 to 1.5 s)."""

    thresholds: Thresholds = DEFAULT_THRESHOLDS
    read_text: bool = True


DEFAULT_OPTIONS = Options()


def locate(target: Target, sight: Sight, *, options: Options = DEFAULT_OPTIONS) -> Verdict:
    """Where to act on `target` in `sight`, in desktop pixels, or why not.

    Never raises for what is on the screen; reading text raises `UnavailableError` when its models are missing. With
    accessibility or unchanged pixels it takes some milliseconds; `votes` tell what each witness took.
    """
    if target.element is None and target.crop is None and target.text is None:
        return decide((), Grounds())
    standing = stand(target, sight)
    if standing.cause:
        return Verdict(cause=standing.cause, reason=standing.reason)
    way = dialog_in_the_way(standing, sight)
    if way:
        return Verdict(cause="covered", reason=way)
    return _Inquiry(target, sight, standing, options).verdict()


class _Inquiry:
    """One target asked for in one sight."""

    def __init__(self, target: Target, sight: Sight, standing: Standing, options: Options) -> None:
        self._target, self._sight, self._options = target, sight, options
        self._standing = _with_popup(target, standing)
        self._app = target.element.app if target.element else recorded_app(target)
        self._places = expected_places(target, self._standing)
        self._recorded = crop.load(target, sight.load_frame)
        self._question = element.Question(
            target, sight, self._standing, self._places, self._alike_then, self._stood_then
        )

    def verdict(self) -> Verdict:
        """What the witnesses that had to be asked allow."""
        seen = _timed(lambda: crop.ask(self._recorded, self._sight, self._standing))
        if seen.state == "found" and seen.runner_up < ONE_LABEL:
            quick = self._glance(seen)
            if quick is not None and quick.point is not None:
                return quick
        told = _timed(lambda: element.ask(self._question))
        verdict = self._decide(told, seen)
        if verdict.point is not None or verdict.cause == "covered" or told.state == "veto" or _is_final(told):
            return verdict
        return self._unless_hidden(self._ask_slowly(told, seen))

    def _ask_slowly(self, told: Vote, seen: Vote) -> Verdict:
        """The costly witnesses: other sizes and themes, then text."""
        if seen.state == "absent":
            seen = _timed(lambda: crop.ask_restyled(self._recorded, self._sight, self._standing))
            verdict = self._decide(told, seen)
            if verdict.point is not None:
                return verdict
        if self._target.text is None or not self._options.read_text:
            return self._decide(told, seen)
        places = tuple(vote.point for vote in (seen, told) if vote.point is not None) or self._places
        named = next((vote.point for vote in (seen, told) if vote.point is not None), None)
        read = _timed(lambda: text.ask(self._target, self._sight, self._standing, places, named))
        return self._decide(told, seen, read)

    def _unless_hidden(self, verdict: Verdict) -> Verdict:
        """Where nothing is found and another window lies over the likeliest place, that is why."""
        top = covering(self._places[0], self._standing, self._sight) if self._places else None
        if verdict.cause != "missing" or top is None:
            return verdict
        reason = f"nothing shows the target, and the window '{top.title}' of {top.app} lies over its place"
        return Verdict(votes=verdict.votes, cause="covered", reason=reason)

    def _glance(self, seen: Vote) -> Verdict | None:
        """The verdict if the recorded element stands where its pixels are; no second one looks like it."""
        started = perf_counter()
        vote = element.glance(self._question, () if seen.point is None else (seen.point,))
        return None if vote is None else self._decide(_stamped(vote, started), seen)

    def _alike_then(self) -> int:
        """How many looked like the target when it was recorded."""
        if self._target.crop is None or self._recorded is None:
            return 0
        return crop.count_alike(self._recorded, self._target, self._sight.load_frame(self._target.crop.frame))

    def _stood_then(self, bounds: Rect) -> bool:
        """Whether what stands there today is a neighbour that moved up."""
        if self._target.crop is None or self._recorded is None:
            return False
        return crop.stood_then(bounds, self._sight, self._target, self._sight.load_frame(self._target.crop.frame))

    def _decide(self, *votes: Vote) -> Verdict:
        """The rule's verdict, withdrawn when another window lies over the place."""
        verdict = decide(votes, self._grounds(votes), self._options.thresholds)
        if verdict.point is None:
            return verdict
        top = covering(verdict.point, self._standing, self._sight)
        if top is None:
            return verdict
        reason = f"the window '{top.title}' of {top.app} lies over the target"
        return Verdict(votes=votes, cause="covered", reason=reason)

    def _accessible(self, votes: tuple[Vote, ...]) -> bool:
        """Whether accessibility sees the application, whatever it says of the target."""
        if any(vote.witness == "element" and vote.state != "blind" for vote in votes):
            return True
        accessibility = self._sight.accessibility
        return accessibility is not None and accessibility.speaks_for(self._app) is not False

    def _grounds(self, votes: tuple[Vote, ...]) -> Grounds:
        """What the rule must know about this target."""
        tolerance, roomy = _tolerance(self._target, votes), _is_roomy(self._target)
        return Grounds(
            tolerance_px=tolerance,
            same_surface=not roomy,
            one_pixel_voice=self._accessible(votes),
            sure_window=self._standing.sure,
            roomy=roomy,
        )


def _with_popup(target: Target, standing: Standing) -> Standing:
    """Open menus stand in windows that no list names."""
    return replace(standing, popup=True) if in_popup(target.element) else standing


def _is_final(told: Vote) -> bool:
    """Whether accessibility has said that the target is not there or cannot be told from another."""
    return told.cause in DOUBTS


def _is_roomy(target: Target) -> bool:
    """Whether the target is a large surface rather than a button."""
    if target.element is None:
        return False
    bounds, (width, height) = target.element.bounds, SMALL_TARGET_PX
    large = bounds.width > width and bounds.height > height
    return surrounds(target.element) or (large and not is_field(target.element))


def _tolerance(target: Target, votes: tuple[Vote, ...]) -> tuple[int, int]:
    """How far apart two answers may lie: half of the target, bounded."""
    seen = [vote.region for vote in votes if vote.witness == "element" and vote.region is not None]
    box = seen[0] if seen else target.element.bounds if target.element else None
    if box is None:
        return Grounds().tolerance_px
    return _half(box.width), _half(box.height)


def _half(side_px: int) -> int:
    """Half a side, at least what rounding makes, at most what counts as one place on a large target."""
    return min(ROOMY_TOLERANCE_PX, max(8, side_px // 2))


def _timed(asked: Callable[[], Vote]) -> Vote:
    """The answer with the time that it took."""
    started = perf_counter()
    return _stamped(asked(), started)


def _stamped(vote: Vote, started: float) -> Vote:
    """The answer with the time since `started`."""
    return msgspec.structs.replace(vote, elapsed_ms=round((perf_counter() - started) * 1000, 3))
