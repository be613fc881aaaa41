"""The outcome of a run as the one JSON document that `replay --json` and `run --json` print.

The field names and their order are a contract with those who script the program.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from workbench.actions import Action
from workbench.approval import Decider
from workbench.events import Event, Loan, RunOutcome, StepStatus
from workbench.locate.verdict import WitnessName
from workbench.report.story import RunStory, StepStory, story_of
from workbench.report.words import caption


class StepDocument(Struct, frozen=True):
    """One step: what was to be done, how it went, where, and on whose word.

    `point` is in desktop pixels. `confidence` is 0 to 1, 0 where nothing had to be located. `verified` is null for
    actions without an effect. `approval` is null when nobody was asked. `lent` is what past work was found for it.
    """

    index: int
    action: Action
    status: StepStatus
    point: tuple[int, int] | None
    located_by: tuple[WitnessName, ...]
    confidence: float
    verified: bool | None
    approval: Decider | None
    elapsed_ms: float
    message: str | None
    description: str
    lent: tuple[Loan, ...] = ()


class ReplayDocument(Struct, frozen=True):
    """One run: its outcome with the reason when it did not finish, its steps, its report's path."""

    outcome: RunOutcome
    reason: str | None
    trajectory: str | None
    run: str
    steps: tuple[StepDocument, ...]
    elapsed_ms: float
    report: str | None = None
    title: str = ""


class RowsSummary(Struct, frozen=True):
    """How many rows of a data file ended how."""

    rows: int
    finished: int
    failed: int
    stopped: int
    elapsed_ms: float


class RowsDocument(Struct, frozen=True):
    """One run per row of a data file, and how they ended together."""

    rows: tuple[ReplayDocument, ...]
    summary: RowsSummary


def document_of(events: Iterable[Event], *, report: Path | None = None) -> ReplayDocument:
    """The run that these events tell; raises `BadInputError` when they are not those of a run."""
    return document_of_story(story_of(events), report=report)


def document_of_story(run: RunStory, *, report: Path | None = None) -> ReplayDocument:
    """The same from events that were put together already."""
    ended = run.ended
    return ReplayDocument(
        outcome=ended.outcome if ended else "failed",
        reason=ended.reason if ended else "the run ended without saying how",
        trajectory=run.started.trajectory,
        run=run.started.run,
        steps=tuple(_step(story) for story in run.steps),
        elapsed_ms=_rounded(ended.elapsed_ms if ended else 0.0),
        report=str(report) if report else None,
        title=run.started.title,
    )


def rows_of(documents: Sequence[ReplayDocument]) -> RowsDocument:
    """What `replay --data` prints: the rows in order with their summary."""
    ended = [document.outcome for document in documents]
    summary = RowsSummary(
        rows=len(ended),
        finished=ended.count("finished"),
        failed=ended.count("failed"),
        stopped=ended.count("stopped"),
        elapsed_ms=_rounded(sum(document.elapsed_ms for document in documents)),
    )
    return RowsDocument(tuple(documents), summary)


def to_plain(document: ReplayDocument | RowsDocument) -> dict[str, object]:
    """The document as dictionaries and lists, ready for any JSON writer."""
    return msgspec.json.decode(msgspec.json.encode(document), type=dict[str, object])


def _step(story: StepStory) -> StepDocument:
    verdict = story.located.verdict if story.located else None
    point = verdict.point if verdict else None
    return StepDocument(
        index=story.index,
        action=story.step.action,
        status=story.status,
        point=(point.x, point.y) if point else None,
        located_by=verdict.located_by if verdict else (),
        confidence=round(min(1.0, max(0.0, verdict.confidence)), 4) if verdict else 0.0,
        verified=story.ended.verified if story.ended else None,
        approval=story.decision.by if story.decision else None,
        elapsed_ms=_rounded(story.ended.elapsed_ms if story.ended else 0.0),
        message=story.message or None,
        description=caption(story.step),
        lent=story.lent.loans if story.lent else (),
    )


def _rounded(elapsed_ms: float) -> float:
    return round(elapsed_ms, 1)
