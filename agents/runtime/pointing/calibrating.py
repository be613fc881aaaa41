"""Calibrating a model's pointing: drawn screens with known targets tell how it counts and how well it hits."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from agents.runtime.pointing.answers import numbers_of
from agents.runtime.pointing.asking import PointingStyle, asking_of, question
from agents.runtime.pointing.coordinates import Convention, ImageRule, described, place
from agents.runtime.pointing.fitting import Fit, Observation, fit
from agents.runtime.pointing.shots import Shot, picture
from agents.runtime.pointing.targets import Scene, Target, scene
from agents.runtime.ports import Model, ModelError

SCENES = 4
"""Screens drawn per size; each has up to four targets, and questions about the same one cost little."""

EDGES = (8, 12, 16, 24, 32, 48, 64, 96, 128)
"""Heights of targets, in pixels, at which a new line of the table begins."""

Progress = Callable[[int, int], None]
"""Told how many questions are answered, of how many."""


class Hits(Struct, frozen=True):
    """How often targets of one height were hit on screens of one size; heights from `from_px` to below `to_px`."""

    width: int
    height: int
    from_px: int
    to_px: int
    asked: int
    hit: int


class Profile(Struct, frozen=True):
    """What calibrating found out about a model.

    `convention` is None where no way of counting explains its answers, and `why` says so. `median_error_px` is the
    typical distance, in pixels of the sent picture, from the middle of the target, `margin` how many times worse the
    best rival explains the answers. `size_bytes` is for whoever knows the model's file; `when` is in UTC, ISO 8601.
    """

    model: str
    when: str
    convention: Convention | None
    rule: ImageRule = ImageRule()
    asked: int = 0
    answered: int = 0
    median_error_px: float = 0.0
    margin: float = 0.0
    hits: tuple[Hits, ...] = ()
    why: str = ""
    size_bytes: int = 0

    @property
    def hit_rate(self) -> float:
        """Targets hit, as a part of all that were asked for."""
        return sum(row.hit for row in self.hits) / self.asked if self.asked else 0.0


@dataclass(frozen=True)
class Calibration:
    """A profile to keep, every shot, and a picture of hits and misses as PNG."""

    profile: Profile
    shots: tuple[Shot, ...]
    png: bytes


def calibrate(
    model: Model, style: PointingStyle, *, seed: int = 0, scenes: int = SCENES, progress: Progress | None = None
) -> Calibration:
    """Ask for every target of `scenes` freshly drawn screens per size, and find out how the model counts.

    An answer that names no place counts as a miss. Raises what `Model.ask` raises.
    """
    drawn = _drawn(style, random.Random(seed), scenes)  # noqa: S311 - drawing screens needs no secrecy
    questions = [(one, target) for one in drawn for target in one.targets]
    answers = [_asked(model, style, *pair, (number, len(questions), progress)) for number, pair in enumerate(questions)]
    said = [_observed(*pair, numbers) for pair, numbers in zip(questions, answers, strict=True) if numbers]
    found = fit(said, (style.convention, style.rule), seed=seed)
    shots = tuple(_shot(*pair, numbers, found) for pair, numbers in zip(questions, answers, strict=True))
    return Calibration(_profile(model.loaded.name, found, shots, len(said)), shots, picture(shots))


def calibrated(style: PointingStyle, profile: Profile) -> PointingStyle:
    """The style with what the profile found; unchanged where it found nothing."""
    if profile.convention is None:
        return style
    return msgspec.structs.replace(style, convention=profile.convention, rule=profile.rule)


def table(profile: Profile) -> str:
    """The profile as lines for a terminal."""
    if profile.convention is None:
        return f"{profile.model}: nothing explains how it points. {profile.why}"
    lines = [
        f"{profile.model} counts {described(profile.convention)}",
        f"{profile.answered} of {profile.asked} questions answered with a place, {profile.hit_rate:.0%} hit, "
        f"typically {profile.median_error_px:.1f} px off",
        f"the next best explanation is {profile.margin:.1f} times worse",
        "",
        f"{'screen':>11}  {'target px':>9}  {'asked':>5}  {'hit':>4}",
    ]
    for row in profile.hits:
        size, heights = f"{row.width}x{row.height}", f"{row.from_px}-{row.to_px - 1}"
        lines.append(f"{size:>11}  {heights:>9}  {row.asked:>5}  {row.hit / row.asked:>4.0%}")
    return "\n".join(lines)


def _drawn(style: PointingStyle, chance: random.Random, scenes: int) -> list[Scene]:
    return [scene(size, style.heights, chance) for size in style.screens for _ in range(scenes)]


def _asked(
    model: Model, style: PointingStyle, drawn: Scene, target: Target, told: tuple[int, int, Progress | None]
) -> tuple[float, ...]:
    """The numbers of one answer; none where it names no place."""
    answer = model.ask(question(style, drawn.picture, target.name), asking_of(style))
    number, total, progress = told
    if progress:
        progress(number + 1, total)
    try:
        return numbers_of(answer.text, style.form)
    except ModelError:
        return ()


def _observed(drawn: Scene, target: Target, numbers: tuple[float, ...]) -> Observation:
    return Observation((drawn.picture.width, drawn.picture.height), target.bounds, numbers)


def _shot(drawn: Scene, target: Target, numbers: tuple[float, ...], found: Fit) -> Shot:
    if found.convention is None or not numbers:
        return Shot(drawn, target, None)
    try:
        sent = drawn.picture.width, drawn.picture.height
        return Shot(drawn, target, place(numbers, found.convention, sent=sent, rule=found.rule))
    except ModelError:
        return Shot(drawn, target, None)


def _profile(model: str, found: Fit, shots: Sequence[Shot], answered: int) -> Profile:
    errors = sorted(shot.at.distance(shot.target.bounds.centre) for shot in shots if shot.at)
    return Profile(
        model=model,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        convention=found.convention,
        rule=found.rule,
        asked=len(shots),
        answered=answered,
        median_error_px=round(errors[len(errors) // 2], 2) if errors else 0.0,
        margin=round(found.margin, 2),
        hits=_hits(shots) if found.convention else (),
        why=found.why,
    )


def _hits(shots: Iterable[Shot]) -> tuple[Hits, ...]:
    """One line per size of screen and step of height, in that order."""
    lines: dict[tuple[int, int, int, int], list[bool]] = {}
    for shot in shots:
        high, screen = shot.target.bounds.height, shot.scene.picture
        low = max((edge for edge in EDGES if edge <= high), default=0)
        above = min((edge for edge in EDGES if edge > high), default=high + 1)
        lines.setdefault((screen.width, screen.height, low, above), []).append(shot.hit)
    return tuple(Hits(*key, asked=len(hits), hit=sum(hits)) for key, hits in sorted(lines.items()))
