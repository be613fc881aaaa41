"""A run as one HTML file that opens anywhere, offline, and that people who never saw the program can read."""

import os
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from workbench.errors import UnavailableError
from workbench.events import Event
from workbench.report.album import Album, FrameLoader, Plate
from workbench.report.lending import shown_names
from workbench.report.markup import Html, joined, tag
from workbench.report.sections import STATUS_NAMES, section
from workbench.report.sheet import footer, sheet
from workbench.report.story import RunStory, StepStory, story_of
from workbench.report.views import drawing
from workbench.report.words import caption, duration, sentence, tidy

_LONGEST_TITLE = 200


def make_folder(folder: Path) -> None:
    """Make the folder of a report that is still to come; raises `UnavailableError` where none could be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(folder, error) from error
    if not os.access(folder, os.W_OK):
        raise UnavailableError(f"the report cannot be written to {folder}: no permission; choose another folder")


def write_html(
    events: Iterable[Event], load_frame: FrameLoader, folder: Path, *, called: Callable[[str], str] = str
) -> Path:
    """Write `index.html` into the folder, which is made where it is missing, and return the file's path.

    `called` tells what people call a trajectory or a lesson of that id: events have only the ids of what was lent.

    The file needs nothing beside it: pictures are inside, and its content policy forbids it to load anything. Frames
    that cannot be loaded are shown as missing. Raises `BadInputError` for events that are not those of a run and
    `UnavailableError` when the file cannot be written; an older report stays whole until the new one is.
    """
    content = page(story_of(events), Album(load_frame), called).encode("utf-8", "replace")
    target = folder / "index.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(target, content)
    except OSError as error:
        raise _refused(target, error) from error
    return target


def _refused(path: Path, error: OSError) -> UnavailableError:
    return UnavailableError(f"the report cannot be written to {path}: {error.strerror or error}; choose another folder")


def page(run: RunStory, album: Album, called: Callable[[str], str] = str) -> str:
    """The whole page."""
    steps = [section(story, album, called) for story in run.steps]
    title = tidy(run.started.title, _LONGEST_TITLE) or "a run without a title"
    return sheet(
        f"{title} – run report",
        _header(run, title, called),
        _strip(run, album),
        tag("main", *steps or [tag("p", "No step was begun.", class_="empty")], id="steps"),
        footer(),
        album.definitions(),
    )


def outcome_sentence(run: RunStory) -> str:
    """How the run ended, in a sentence that needs no knowledge of the program."""
    ended, steps = run.ended, run.steps
    reason = tidy(ended.reason or "", 400) if ended else "the run ended without saying how"
    outcome = ended.outcome if ended else "failed"
    if outcome == "finished":
        return _finished(steps, ended.elapsed_ms if ended else 0.0)
    word = {"failed": "Failed", "stopped": "Stopped"}[outcome]
    total = run.started.steps
    where = f" at step {steps[-1].index}" + (f" of {total}" if total else "") if steps else " before the first step"
    if steps:
        reason = reason.removeprefix(f"step {steps[-1].index}: ")
    return sentence(f"{word}{where}" + (f": {reason}" if reason else ""))


def _finished(steps: tuple[StepStory, ...], elapsed_ms: float) -> str:
    located = sum(1 for story in steps if story.status == "would-do")
    if steps and not any(story.status in ("done", "repaired") for story in steps):
        each = located == len(steps)
        which = f"each of the {_number(located)} was" if each else f"{located} of {_number(len(steps))} were"
        return f"Trial without acting: {which} found on the screen; nothing was done."
    verified = sum(1 for story in steps if story.ended and story.ended.verified)
    repaired = sum(1 for story in steps if story.status == "repaired")
    mended = f", {repaired} after a repair" if repaired else ""
    done = sum(1 for story in steps if story.status in ("done", "repaired"))
    all_done = f"all {_number(done)}" if done == len(steps) and done > 1 else f"{done} of {_number(len(steps))}"
    return f"Finished: {all_done} done{mended}, {verified} with a verified effect, in {duration(elapsed_ms)}."


def _number(count: int) -> str:
    return f"{count} step" if count == 1 else f"{count} steps"


def _header(run: RunStory, title: str, called: Callable[[str], str]) -> Html:
    outcome = run.ended.outcome if run.ended else "failed"
    return tag(
        "header",
        tag("p", "Run report", class_="kicker"),
        tag("h1", title),
        tag("p", outcome_sentence(run), class_=f"outcome {outcome}"),
        tag("dl", *[tag("div", tag("dt", name), tag("dd", value)) for name, value in _about(run, called) if value]),
        class_="top",
    )


def _about(run: RunStory, called: Callable[[str], str]) -> list[tuple[str, str]]:
    started = run.started
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(started.epoch_s)) if started.epoch_s else ""
    revision = f", revision {started.revision}" if started.revision else ""
    people = sum(1 for story in run.steps if story.decision and story.decision.by == "person")
    return [
        ("When", when),
        ("Took", duration(run.ended.elapsed_ms) if run.ended else ""),
        ("Desktop", tidy(started.desktop)),
        ("Trajectory", tidy(started.trajectory) + revision if started.trajectory else ""),
        ("Run", tidy(started.run)),
        ("Decided by a person", _number(people) if people else ""),
        ("Shown to the model", ", ".join(shown_names(run, called))),
    ]


def _strip(run: RunStory, album: Album) -> Html | None:
    if not run.steps:
        return None
    return tag("nav", tag("ol", *[_cell(story, album) for story in run.steps]), class_="strip", aria_label="Steps")


def _cell(story: StepStory, album: Album) -> Html:
    frame = story.after or story.before
    plate = album.plate(frame) if frame else None
    words = sentence(caption(story.step))
    name = f"Step {story.index}, {STATUS_NAMES[story.status]}: {words}"
    shown = drawing(plate, view=plate.bounds, alt=name) if isinstance(plate, Plate) else None
    picture = shown or tag("span", "no picture", class_="blank")
    label = joined(tag("span", story.index, class_="number"), tag("span", words, class_="words"))
    return tag("li", tag("a", picture, label, href=f"#step-{story.index}", class_=story.status, title=name))


def _replace(target: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".index-", suffix=".html", delete=False) as part:
        part.write(content)
    try:
        os.replace(part.name, target)  # noqa: PTH105 - part.name is a string already
    except OSError:
        Path(part.name).unlink(missing_ok=True)
        raise
