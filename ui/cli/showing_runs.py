"""What `workbench-cli show` says of runs: how one went, step by step, and what each step was lent."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ui.cli.console import Console
from ui.cli.opening import open_library
from ui.cli.terminal import MARKS
from ui.orders.lending import name_of
from workbench.errors import BadInputError
from workbench.report.document import document_of_story, to_plain
from workbench.report.lending import loan_line, loans_by_step
from workbench.report.story import RunStory, StepStory, story_of
from workbench.report.words import caption, duration, tidy
from workbench.trajectory import Step

if TYPE_CHECKING:
    from workbench.library.store import Library


def is_run(name: str, console: Console) -> bool:
    """Whether a run has that id and no trajectory is called so."""
    if not name.isalnum():
        return False
    with open_library(console) as library:
        return name not in library and any(run.id == name for run in library.runs())


def show_run(run_id: str, number: int | None, console: Console) -> int:
    """Print the run, or one step of it with all that it was lent; raises `BadInputError` for a step it has not."""
    with open_library(console) as library:
        story = story_of(library.run_events(run_id))
        document = to_plain(document_of_story(story))
        if number is None:
            console.data(document, "\n".join(_run_lines(library, story)))
            return 0
        steps = [one for one in story.steps if one.index == number]
        if not steps:
            raise BadInputError(f"run {run_id} has no step {number}; it has {len(story.steps)}")
        lines = [_step_line(steps[0]), *_loan_lines(library, steps[0])]
    plain = document["steps"]
    assert isinstance(plain, list)
    console.data(next(one for one in plain if one["index"] == number), "\n".join(lines))
    return 0


def lent_lines(library: "Library", trajectory_id: str, step: Step) -> list[str]:
    """What a step of a model was lent in the run that made it; nothing for steps of people."""
    for run in library.runs(trajectory_id):
        lent = loans_by_step(library.run_events(run.id)).get(step.id)
        if lent is not None:
            return [f"  {loan_line(loan, name_of(library, loan.lent))}" for loan in lent.loans]
    return []


def _run_lines(library: "Library", story: RunStory) -> Iterator[str]:
    ended = story.ended
    how = f"{ended.outcome}, {duration(ended.elapsed_ms)}" if ended else "did not end"
    yield f"{tidy(story.started.title, 200)}  (run {story.started.run}, {how})"
    if ended and ended.reason:
        yield f"why: {tidy(ended.reason, 400)}"
    if story.started.trajectory:
        yield f"trajectory: {story.started.trajectory}"
    for step in story.steps:
        yield _step_line(step)
        yield from _loan_lines(library, step)


def _step_line(story: StepStory) -> str:
    return f"{story.index:>2}. {MARKS[story.status]:<8}  {caption(story.step)}"


def _loan_lines(library: "Library", story: StepStory) -> list[str]:
    loans = story.lent.loans if story.lent else ()
    return [f"    {loan_line(loan, name_of(library, loan.lent))}" for loan in loans]
