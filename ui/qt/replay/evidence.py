"""What the witnesses said of a step: as marks on pictures, with a legend, and in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ui.qt.parts.picture_view import Mark
from ui.qt.replay.progress import Progress, StepProgress
from ui.qt.theme.colours import LIGHT, Colours
from workbench.locate.verdict import Verdict, Vote, WitnessName
from workbench.report.words import sentence
from workbench.trajectory import FrameId, Step

WITNESSES: dict[WitnessName, str] = {
    "element": "element",
    "crop": "picture",
    "text": "printed text",
    "model": "model",
    "person": "person",
}

_STATES: dict[Literal["found", "absent", "blind", "veto"], str] = {
    "found": "found",
    "absent": "does not find it",
    "blind": "cannot see",
    "veto": "is against it",
}


@dataclass(frozen=True)
class Chip:
    """One entry of a legend: a colour and what has it."""

    colour: str
    words: str


def witness_colour(witness: WitnessName, colours: Colours) -> str:
    """The colour of a witness, the same everywhere."""
    return {
        "element": colours.accent,
        "crop": colours.warning,
        "text": colours.good,
        "model": colours.text,
        "person": colours.text,
    }[witness]


def recorded_marks(step: Step, colours: Colours) -> tuple[Mark, ...]:
    """Where the recording has the place, by each witness that it kept."""
    target = step.target
    if target is None:
        return ()
    marks = [Mark(colours.bad, point=target.point)]
    if target.crop is not None and target.crop.frame == recorded_frame(step):
        marks.append(Mark(colours.warning, area=target.crop.region, dashed=True))
    if target.element is not None:
        marks.append(Mark(colours.accent, area=target.element.bounds))
    if target.text is not None:
        marks.append(Mark(colours.good, area=target.text.bounds))
    return tuple(marks)


def recorded_frame(step: Step) -> FrameId | None:
    """The picture that the recording shows the place in."""
    crop = step.target.crop if step.target else None
    return crop.frame if crop is not None else step.observation.frame


def todays_marks(progress: StepProgress, colours: Colours) -> tuple[Mark, ...]:
    """The answers of the witnesses, dashed where they were not followed, and the place that was decided on."""
    return tuple(
        mark
        for verdict in (progress.verdict, progress.end)
        if verdict is not None
        for mark in _verdict_marks(verdict, colours)
    )


def overlay(progress: Progress, chosen: int) -> tuple[Mark, ...]:
    """All places that a rehearsal found, each with its step's number; the chosen step's stands out, with its score.

    Its words are white on the picture, so that the colours are the strong ones whatever the window wears.
    """
    return tuple(
        Mark(
            LIGHT.accent if index == chosen else LIGHT.good,
            point=one.verdict.point,
            words=f"{index} · {one.verdict.confidence:.2f}" if index == chosen else str(index),
        )
        for index, one in sorted(progress.located(), key=lambda each: each[0] == chosen)
        if one.verdict is not None
    )


OVERLAY_CHIPS = (Chip(LIGHT.good, "steps"), Chip(LIGHT.accent, "the chosen step · confidence"))
"""The legend of `overlay`."""


def chips(verdict: Verdict | None, colours: Colours) -> tuple[Chip, ...]:
    """The legend of the witnesses that named a place, and of the decided point."""
    if verdict is None:
        return ()
    found = [vote for vote in verdict.votes if vote.state == "found"]
    made = [Chip(witness_colour(vote.witness, colours), f"{WITNESSES[vote.witness]} {_score(vote)}") for vote in found]
    decided = [Chip(colours.bad, f"decided {verdict.confidence:.2f}")] if verdict.point else []
    return tuple(made + decided)


def recorded_chips(step: Step, colours: Colours) -> tuple[Chip, ...]:
    """The legend of what was recorded."""
    target = step.target
    if target is None:
        return ()
    kept: list[tuple[object, WitnessName]] = [
        (target.element, "element"),
        (target.crop, "crop"),
        (target.text, "text"),
    ]
    made = [Chip(witness_colour(name, colours), WITNESSES[name]) for what, name in kept if what is not None]
    return (*made, Chip(colours.bad, "point"))


def votes_in_words(votes: Sequence[Vote]) -> Iterator[tuple[str, str, str]]:
    """Each witness, what it said, and why or where: short words for three columns."""
    for vote in votes:
        said = _score(vote) if vote.state == "found" else _STATES[vote.state]
        where = f"at {vote.point.x}, {vote.point.y}" if vote.point else ""
        rival = f"next best {vote.runner_up:.2f}" if vote.state == "found" and vote.runner_up else ""
        yield WITNESSES[vote.witness], said, "; ".join(filter(None, [where, rival, vote.reason]))


def verdict_in_words(verdict: Verdict | None) -> str:
    """Where the step goes, or why it halts."""
    if verdict is None:
        return ""
    if verdict.point is None:
        return sentence(verdict.reason) if verdict.reason else "No place is needed."
    agreed = ", ".join(WITNESSES[name] for name in verdict.located_by)
    return f"At {verdict.point.x}, {verdict.point.y}, by {agreed}; confidence {verdict.confidence:.2f}."


def _verdict_marks(verdict: Verdict, colours: Colours) -> Iterator[Mark]:
    for vote in verdict.votes:
        if vote.state == "found" and (vote.region or vote.point):
            followed = vote.witness in verdict.located_by
            point = vote.point if not followed or not verdict.point else None
            yield Mark(witness_colour(vote.witness, colours), vote.region, point, dashed=not followed)
    if verdict.point is not None:
        yield Mark(colours.bad, point=verdict.point)


def _score(vote: Vote) -> str:
    return f"{vote.confidence:.2f}"
