"""The rule: what several witnesses' answers allow. Pure; it sees votes, never pixels.

Two agreeing witnesses act. Crop and text read the same pixels: where accessibility sees the application they are one
voice. A veto halts whatever the others say. One witness alone acts only when it is sure and far ahead of its
runner-up. Everything else halts and says why. docs/decisions/0004-witnesses.md has the reasons.
"""

from dataclasses import dataclass

from workbench.geometry import Point
from workbench.locate.verdict import Cause, Verdict, Vote


@dataclass(frozen=True)
class Thresholds:
    """When a single witness is enough.

    `alone`: its least confidence. Unchanged pixels score 1.0 and a label that differs in one letter up to 0.97, so
    nothing between counts as sure. `doubt_ratio`: how many times more doubtful (1 - confidence) the runner-up must be;
    over 223 look-alike buttons true places measured 4 and more under noise, places of removed targets 1.0 to 1.4.
    `least_doubt`: the runner-up must in any case be at least this doubtful.
    """

    alone: float = 0.97
    doubt_ratio: float = 2.0
    least_doubt: float = 0.02


@dataclass(frozen=True)
class Grounds:
    """What the rule must know besides the votes.

    `tolerance_px` is how far two answers may lie apart to name the same place, across and down: within the target.
    `one_pixel_voice`: accessibility sees the application, so crop and text count once. `sure_window`: the window is
    the recorded one beyond doubt. `roomy`: the target is large, so the pixels know the point better than its bounds.
    `same_surface`: anywhere on the found element is the same place, as on a button and unlike on a map.
    """

    tolerance_px: tuple[int, int] = (12, 12)
    one_pixel_voice: bool = True
    sure_window: bool = True
    roomy: bool = False
    same_surface: bool = True


DEFAULT_THRESHOLDS = Thresholds()

_HALTING: tuple[Cause, ...] = (
    "disabled",
    "renamed",
    "covered",
    "ambiguous",
    "wrong-window",
    "wrong-application",
    "missing",
    "weak",
)
"""Which cause is told when several witnesses have one: the most telling first."""


DOUBTS: tuple[Cause, ...] = ("ambiguous", "missing", "disabled", "weak")
"""With one of these accessibility denies the target, cannot tell it from another, or is not answering: pixels alone
do not act against it."""


def decide(votes: tuple[Vote, ...], grounds: Grounds, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Verdict:
    """Where to act, or why not; the same votes always give the same verdict, in whatever order they come."""
    against = [vote for vote in votes if vote.state == "veto"]
    if against:
        return _halt(votes, *_most_telling(against))
    found = [vote for vote in votes if vote.state == "found" and vote.point is not None]
    if not found:
        return _halt(votes, *_unseen(votes))
    if not _agree(found, grounds):
        return _halt(votes, "disagreement", _disagreement(found))
    if len(_voices(found, grounds)) > 1:
        return _act(votes, found, grounds)
    return _single(votes, found, (grounds, thresholds))


def stands_out(confidence: float, runner_up: float, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> bool:
    """Whether the best place is far ahead of the next best."""
    doubt = max(thresholds.least_doubt, thresholds.doubt_ratio * (1 - confidence))
    return 1 - runner_up >= doubt


def _single(votes: tuple[Vote, ...], found: list[Vote], terms: tuple[Grounds, Thresholds]) -> Verdict:
    """One voice: it must be sure, alone and in the right window. Other witnesses' ambiguity counts against it."""
    grounds, thresholds = terms
    doubts = [vote for vote in votes if vote.state != "found" and vote.cause in DOUBTS]
    if any(vote.witness == "element" for vote in doubts):
        return _halt(votes, *_most_telling(doubts))
    best = max(found, key=lambda vote: vote.confidence)
    if not grounds.sure_window:
        return _halt(votes, "wrong-window", f"only the {best.witness} is found and the window is not the recorded one")
    if best.confidence >= thresholds.alone and stands_out(best.confidence, best.runner_up, thresholds):
        return _act(votes, found, grounds)
    scores = f"{best.confidence:.2f}, the next best place {best.runner_up:.2f}"
    return _halt(votes, "weak", f"only the {best.witness} is found ({scores}), which is not sure enough by itself")


def _act(votes: tuple[Vote, ...], found: list[Vote], grounds: Grounds) -> Verdict:
    """The place on which all that found it agree."""
    order = (
        ("person", "crop", "element", "text", "model")
        if grounds.roomy
        else ("person", "element", "crop", "text", "model")
    )
    ranked = sorted(found, key=lambda vote: order.index(vote.witness))
    doubt = 1.0
    for voice in _voices(found, grounds).values():
        doubt *= 1 - voice
    return Verdict(
        point=ranked[0].point,
        located_by=tuple(vote.witness for vote in ranked),
        confidence=round(1 - doubt, 4),
        votes=votes,
    )


def _halt(votes: tuple[Vote, ...], cause: Cause, reason: str) -> Verdict:
    """No point, and why."""
    return Verdict(votes=votes, cause=cause, reason=reason)


def _voices(found: list[Vote], grounds: Grounds) -> dict[str, float]:
    """Independent voices and the confidence of each."""
    voices: dict[str, float] = {}
    for vote in found:
        pixels = vote.witness in ("crop", "text") and grounds.one_pixel_voice
        name = "pixels" if pixels else vote.witness
        voices[name] = max(voices.get(name, 0.0), vote.confidence)
    return voices


def _agree(found: list[Vote], grounds: Grounds) -> bool:
    """Whether all name the same place: near each other, or all on the element that was found."""
    points = [vote.point for vote in found if vote.point is not None]
    surfaces = [vote.region for vote in found if vote.witness == "element" and vote.region is not None]
    if grounds.same_surface and surfaces and all(surface.contains(point) for surface in surfaces for point in points):
        return True
    return all(_near(a, b, grounds.tolerance_px) for a in points for b in points)


def _near(first: Point, second: Point, tolerance_px: tuple[int, int]) -> bool:
    """Whether two points are one place."""
    return abs(first.x - second.x) <= tolerance_px[0] and abs(first.y - second.y) <= tolerance_px[1]


def _disagreement(found: list[Vote]) -> str:
    """Who says what."""
    ordered = sorted(found, key=lambda vote: vote.witness)
    places = [f"the {vote.witness} at {vote.point.x},{vote.point.y}" for vote in ordered if vote.point is not None]
    return f"the witnesses name different places: {', '.join(places)}"


def _unseen(votes: tuple[Vote, ...]) -> tuple[Cause, str]:
    """Why nobody found it."""
    if any(vote.cause for vote in votes):
        return _most_telling([vote for vote in votes if vote.cause])
    if any(vote.state == "absent" for vote in votes):
        return "missing", "no witness finds the target on the screen"
    return "no-witness", "nothing that was recorded with this step can be looked for, only the bare point"


def _most_telling(votes: list[Vote]) -> tuple[Cause, str]:
    """The cause and reason that tell a person most; of two votes with one cause the element's, which has names."""
    caused = [vote for vote in votes if vote.cause in _HALTING]
    if not caused:
        return "renamed", votes[0].reason or "something else stands at the recorded place"
    first = min(caused, key=lambda vote: (_HALTING.index(vote.cause), vote.witness != "element", vote.witness))
    return first.cause, first.reason
