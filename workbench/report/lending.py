"""What was lent to a run, in words."""

from collections.abc import Callable, Iterable

from workbench.events import Event, ExperienceLent, Loan, LoanKind, StepKept
from workbench.report.story import RunStory
from workbench.report.words import quoted, tidy

_KINDS: dict[LoanKind, str] = {"whole": "", "steps": "", "workflow": "the workflow ", "hint": "the hint "}
_LONGEST_NAME = 80


def loan_line(loan: Loan, called: str) -> str:
    """One loan in a line: `called` is what people call what was lent, or its id where nobody knows better."""
    name = f"{_KINDS[loan.kind]}{_name(loan, called)}"
    if loan.refused:
        return f"not shown is {name}: {tidy(loan.refused, 300)}"
    score = "" if loan.score is None else f"score {loan.score:.2f}"
    by = f"found by {tidy(loan.by, 300)}" if loan.by else ""
    return ", ".join(filter(None, [f"shown {name}{_steps(loan)}", score, tidy(loan.why, 300), by, _cost(loan)]))


def shown_names(run: RunStory, called: Callable[[str], str]) -> tuple[str, ...]:
    """What was shown in a run, each once, as people call it."""
    loans = (loan for story in run.steps if story.lent for loan in story.lent.loans if not loan.refused)
    return tuple(dict.fromkeys(_KINDS[loan.kind] + _name(loan, called(loan.lent)) for loan in loans))


def loans_by_step(events: Iterable[Event]) -> dict[str, ExperienceLent]:
    """What was lent for each step that the run's trajectory kept, by the id of the step there."""
    lent: dict[int, ExperienceLent] = {}
    found: dict[str, ExperienceLent] = {}
    for event in events:
        if isinstance(event, ExperienceLent):
            lent[event.index] = event
        elif isinstance(event, StepKept) and event.index in lent:
            found[event.step.id] = lent[event.index]
    return found


def _name(loan: Loan, called: str) -> str:
    return loan.lent if called == loan.lent else f"{quoted(called, _LONGEST_NAME)} ({loan.lent})"


def _cost(loan: Loan) -> str:
    if not loan.tokens:
        return ""
    pictures = "1 picture" if loan.crops == 1 else f"{loan.crops} pictures"
    shares = f", {loan.crop_tokens} of them for {pictures}" if loan.crops else ""
    return f"about {loan.tokens} tokens{shares}"


def _steps(loan: Loan) -> str:
    if not loan.first:
        return ""
    steps = f"step {loan.first}" if loan.first == loan.last else f"steps {loan.first} to {loan.last}"
    return f", {steps} of revision {loan.revision}" if loan.revision else f", {steps}"
