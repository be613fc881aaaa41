"""Which pictures of a step a report shows, and what is marked on them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.geometry import Point, Rect
from workbench.report.album import Album, Plate
from workbench.report.markup import Html, tag
from workbench.report.story import StepStory
from workbench.report.views import Mark, close_view, drawing, legend, recorded_mark, vote_marks
from workbench.trajectory import FrameId


@dataclass(frozen=True)
class Panel:
    """One picture: a frame, seen whole or close around `around`, with marks and the points acted on.

    `view` is the part that is seen, where it was chosen already.
    """

    key: str
    title: str
    frame: FrameId | None
    marks: Sequence[Mark] = ()
    around: Sequence[Rect] = ()
    points: Sequence[Point] = ()
    view: Rect | None = None


def figures(story: StepStory, album: Album) -> list[Html]:
    """The step's pictures in reading order; those that nobody took are left out."""
    panels = _halt(story) if halted(story) else _taken(story, album)
    return [figure(panel, album, step=story.index) for panel in panels if panel.frame is not None]


def figure(panel: Panel, album: Album, *, step: int) -> Html:
    """The picture with its title and what its marks mean, under the id `step-N-KEY`; a click shows it in large."""
    name = f"step-{step}-{panel.key}"
    closer = tag("a", "Close", href=f"#step-{step}", class_="closer")
    below = legend(panel.marks, acted=bool(panel.points))
    caption = tag("figcaption", tag("strong", panel.title), below)
    return tag("figure", closer, _content(panel, album, name, step), caption, id=name)


def halted(story: StepStory) -> bool:
    """Whether the step failed because its place was not found, or the focus was elsewhere: its verdict has a cause."""
    return story.status == "failed" and story.located is not None and bool(story.located.verdict.cause)


def points_of(story: StepStory) -> list[Point]:
    """Where the step acted: one point, or two of a drag."""
    verdicts = [story.located.verdict, story.located.end] if story.located else []
    return [verdict.point for verdict in verdicts if verdict and verdict.point]


def _taken(story: StepStory, album: Album) -> Iterator[Panel]:
    points, changes, failed = points_of(story), _changes(story, album), story.status == "failed"
    places = [Rect(point.x, point.y, 1, 1) for point in points]
    around = [mark.region for mark in changes]
    yield Panel("before", "Before", story.before, _outline(story, album, places or around))
    if places:
        yield Panel("where", "Where", story.before, _evidence(story), places, points)
    if failed:
        yield Panel("expected", "Expected afterwards, as recorded", story.expected)
    title = "Seen afterwards" if failed else "After"
    yield Panel("after", title, story.after, changes, [*around, *places] if around else [])


def _halt(story: StepStory) -> Iterator[Panel]:
    target = story.step.target
    recorded = story.step.observation.frame or (target.crop.frame if target and target.crop else None)
    wanted, seen = recorded_mark(target), _evidence(story)
    expected = [mark.region for mark in wanted]
    found = [mark.region for mark in seen if mark.kind != "recorded"]
    yield Panel("before", "Before, as recorded", recorded, wanted)
    yield Panel("expected", "Expected: this is what was looked for", recorded, wanted, expected)
    yield Panel("seen", "Seen today, with what each witness recognised", story.before, seen, found or expected)
    yield Panel("after", "The whole screen today", story.after or story.before)


def _evidence(story: StepStory) -> list[Mark]:
    located = story.located
    votes = vote_marks(located.verdict) + vote_marks(located.end) if located else []
    return recorded_mark(story.step.target) + votes


def _changes(story: StepStory, album: Album) -> list[Mark]:
    if story.before is None or story.after is None:
        return []
    region = album.changed(story.before, story.after)
    return [Mark("changed", region.grown(6), "changed here")] if region else []


def _outline(story: StepStory, album: Album, places: Sequence[Rect]) -> list[Mark]:
    plate = album.plate(story.before) if story.before and places else None
    if not isinstance(plate, Plate):
        return []
    return [Mark("view", close_view(plate.bounds, places), "seen closer beside this")]


def _content(panel: Panel, album: Album, name: str, step: int) -> Html:
    plate = album.plate(panel.frame or "")
    if not isinstance(plate, Plate):
        return tag("p", plate.reason, class_="missing")
    view = panel.view or (close_view(plate.bounds, panel.around) if panel.around else plate.bounds)
    alt = f"Step {step}. {panel.title}: {_alt(panel)}"
    shown = drawing(plate, view=view, marks=panel.marks, points=panel.points, alt=alt)
    label = f"Enlarge: {panel.title}, step {step}"
    return tag("a", shown, href=f"#{name}", class_="opener", aria_label=label)


def _alt(panel: Panel) -> str:
    parts = [f"{mark.label} at {mark.region.x}, {mark.region.y}" for mark in panel.marks]
    parts += [f"acted at {point.x}, {point.y}" for point in panel.points]
    return "; ".join(parts) or ("a part of the screen" if panel.around or panel.view else "the whole screen")
