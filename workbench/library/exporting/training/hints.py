"""The approved hints of a library with the steps that they were learned from, as a training set needs them."""

from typing import TYPE_CHECKING

from workbench.library.exporting.material import Hint

if TYPE_CHECKING:
    from workbench.library.learning import Span
    from workbench.library.store import Library


def hints_of(library: "Library", trajectory_id: str) -> tuple[Hint, ...]:
    """What a person approved that was learned from the trajectory, the newest first; raises as the library does.

    The steps are named by their ids, since later revisions count them otherwise.
    """
    found = []
    for lesson in library.learning.lessons("hint", status="approved"):
        spans = [span for span in lesson.sources if span.trajectory == trajectory_id]
        steps = tuple(dict.fromkeys(step for span in spans for step in _ids(library, span)))
        if steps:
            found.append(Hint(lesson.id, lesson.words, lesson.app, steps))
    return tuple(found)


def _ids(library: "Library", span: "Span") -> list[str]:
    learned_from = library.get(span.trajectory, revision=span.revision or None)
    return [step.id for step in learned_from.steps[span.first - 1 : span.last]]
