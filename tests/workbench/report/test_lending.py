"""What was lent to a run is said in words: in a line, in the report, and for the steps that the trajectory kept."""

import pytest

from workbench.events import ExperienceLent, Loan, StepKept, StepProposed
from workbench.report.album import Album
from workbench.report.html import page
from workbench.report.lending import loan_line, loans_by_step, shown_names
from workbench.report.story import story_of

WHOLE = Loan(kind="whole", lent="t1", revision=2, first=1, last=4, score=0.8214, why="words alike by 0.90", tokens=45)
NAMES = {"t1": "Add <Bob>", "h1": "save first"}


def called(lent: str) -> str:
    return NAMES.get(lent, lent)


@pytest.mark.parametrize(
    ("loan", "line"),
    [
        (
            WHOLE,
            "shown “Add <Bob>” (t1), steps 1 to 4 of revision 2, score 0.82, words alike by 0.90, about 45 tokens",
        ),
        (Loan(kind="steps", lent="gone", first=3, last=3, score=0.5), "shown gone, step 3, score 0.50"),
        (
            Loan(kind="whole", lent="t1", why="named, not searched for"),
            "shown “Add <Bob>” (t1), named, not searched for",
        ),
        (Loan(kind="hint", lent="h1", tokens=9), "shown the hint “save first” (h1), about 9 tokens"),
        (
            Loan(kind="whole", lent="t1", refused="nobody has reviewed it"),
            "not shown is “Add <Bob>” (t1): nobody has reviewed it",
        ),
    ],
)
def test_a_loan_is_one_line(loan: Loan, line: str) -> None:
    assert loan_line(loan, called(loan.lent)) == line


@pytest.fixture
def lent_run(finished_run):
    refused = Loan(kind="whole", lent="t2", refused="it is retired")
    at = next(place for place, event in enumerate(finished_run) if isinstance(event, StepProposed))
    lent = ExperienceLent(index=1, loans=(WHOLE, refused), wanted="add <Eve>")
    return [*finished_run[: at + 1], lent, *finished_run[at + 1 :]]


def test_the_report_names_what_was_shown_and_what_was_not(lent_run, frames) -> None:
    text = page(story_of(lent_run), Album(frames), called)
    assert "<dt>Shown to the model</dt><dd>“Add &lt;Bob&gt;” (t1)</dd>" in text
    assert "Shown “Add &lt;Bob&gt;” (t1), steps 1 to 4 of revision 2, score 0.82" in text
    assert "Not shown is t2: it is retired." in text
    assert "What past work was found for “add &lt;Eve&gt;”" in text


def test_a_report_of_a_run_that_was_lent_nothing_is_silent_about_it(finished_run, frames) -> None:
    assert "past work" not in page(story_of(finished_run), Album(frames), called)
    assert shown_names(story_of(finished_run), called) == ()


def test_what_a_kept_step_was_lent_is_found_by_the_step_of_the_trajectory(lent_run) -> None:
    kept = StepKept(index=1, step=story_of(lent_run).steps[0].step, status="done")
    assert [event.loans[0] for event in loans_by_step([*lent_run, kept]).values()] == [WHOLE]
    assert list(loans_by_step([*lent_run, kept])) == [kept.step.id]
