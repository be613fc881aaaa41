"""Whether a run of a model reached its task, by its log or a person's word, and whether it is lent to later ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench import settings

if TYPE_CHECKING:
    from workbench.library.store import Library

REASON = "its run reached its task"


@dataclass(frozen=True)
class Verdict:
    """Whether a run reached its task, None where nobody knows; with `may_join` a person is to be asked to lend it."""

    reached: bool | None
    may_join: bool


def verdict_on(library: "Library", run: str) -> Verdict | None:
    """What is known of a run; lends it to later ones where the settings want that of every run that reached its task.

    None for a run of which nothing is noted, such as one without a log.
    """
    uses = library.learning.uses(run=run)
    if not uses:
        return None
    wish = settings.load().learning.join
    if wish == "always":
        join(library, run, lambda _question: True)
    return Verdict(uses[0].success, may_join=wish == "ask" and _candidate(library, run) is not None)


def judge(library: "Library", run: str, *, reached: bool) -> Verdict | None:
    """Note what a person says of a run; raises `BadInputError` where nothing is noted of it."""
    library.learning.judge(run, success=reached)
    return verdict_on(library, run)


def join(library: "Library", run: str, ask: Callable[[str], bool]) -> bool:
    """Let a run that reached its task be lent to later ones, as the settings say; whether it is since now.

    `ask` puts a question to a person where they want to be asked.
    """
    from workbench.library.learning import Standing

    wish = settings.load().learning.join
    trajectory = _candidate(library, run) if wish != "never" else None
    if trajectory is None or (wish == "ask" and not ask("The run reached its task. Show it to later runs?")):
        return False
    library.learning.stand(Standing(trajectory, active=True, by="person" if wish == "ask" else "merit", reason=REASON))
    return True


def _candidate(library: "Library", run: str) -> str | None:
    """The trajectory of a run that reached its task and has no standing yet; None where there is none to decide on."""
    reached = any(use.success is True for use in library.learning.uses(run=run))
    trajectory = next((one.trajectory for one in library.runs() if one.id == run), None) if reached else None
    return None if trajectory in library.learning.standings() else trajectory
