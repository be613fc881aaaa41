"""A run's own log notes what was lent to it and how it went, and purging reaches all of that."""

from collections.abc import Sequence

import pytest

from workbench.actions import Click
from workbench.errors import BadInputError
from workbench.events import ExperienceLent, Loan, RunEnded, RunStarted, StepEnded, StepKept, StepProposed
from workbench.library.learning import Standing, Use
from workbench.library.reaching import reached
from workbench.trajectory import Step, Trajectory

WORD = "Xylophonqueue"
LOANS = (Loan(kind="whole", lent="one", revision=1, first=1, last=2, score=0.8, why="alike", tokens=40),)
REFUSED = Loan(kind="whole", lent="two", refused="nobody has reviewed it")


def ended(outcome: str = "finished", code: int = 0) -> RunEnded:
    return RunEnded(outcome=outcome, exit_code=code)


def step(verified: bool | None) -> StepEnded:
    return StepEnded(index=1, status="done", verified=verified)


@pytest.mark.parametrize(
    ("end", "proofs", "word"),
    [
        (ended(), [True, None], True),
        (ended(), [False, True], True),
        (ended(), [True, False], False),
        (ended(), [None], None),
        (ended(), [], None),
        (ended("failed", 1), [True], False),
        (ended("failed", 4), [True], None),
        (ended("stopped", 3), [True], None),
    ],
)
def test_to_end_is_not_to_reach(end: RunEnded, proofs: Sequence[bool | None], word: bool | None):
    assert reached(end, map(step, proofs)) is word


@pytest.fixture
def play(library):
    """A run of a model that was lent these."""

    def run(name: str, loans: tuple[Loan, ...], end: RunEnded | None = None, wanted: str = "") -> None:
        becomes = Trajectory(f"t-{name}", "Pay", task="pay", source="agent")
        started = RunStarted(run=name, trajectory=becomes.id, title="Pay", becomes=becomes)
        clicked = Step("s1", Click())
        log = library.begin_run(started)
        log.append(StepProposed(index=1, step=clicked, tokens=70))
        if loans:
            log.append(ExperienceLent(index=1, loans=loans, wanted=wanted))
        log.append(StepKept(index=1, step=clicked, status="done"))
        log.append(step(verified=True))
        if end is not None:
            log.append(end)
            log.finish()
        else:
            log.close()

    return run


def test_a_log_notes_what_was_shown_and_how_the_run_went(library, play):
    play("r1", (*LOANS, REFUSED), ended())
    play("r2", (), ended("failed", 1))
    play("r3", LOANS)
    assert library.learning.uses() == [
        Use("r1", "whole", "one", success=True),
        Use("r2", "nothing", "", success=False),
        Use("r3", "whole", "one"),
    ]
    runs = library.learning.runs()
    assert [(ran.use.run, ran.task, ran.steps) for ran in runs] == [("r1", "pay", 1), ("r2", "pay", 1)]
    assert library.learning.tokens(["r1", "r2"]) == {"r1": 70, "r2": 70}


def test_a_run_whose_process_died_is_noted_once_somebody_ends_it(library, play):
    play("r1", LOANS)
    library.end_run("r1", ended("failed", 4))
    assert library.learning.uses(run="r1") == [Use("r1", "whole", "one")]


def test_replays_are_noted_nowhere(library, a_trajectory):
    library.save(a_trajectory("one"))
    library.save_run("r1", [RunStarted(run="r1", trajectory="one", title="One"), step(verified=True), ended()])
    assert library.learning.uses() == []
    with pytest.raises(BadInputError, match="run r1 is no run of a model"):
        library.learning.judge("r1", success=True)


def test_a_person_s_word_on_a_run_is_kept(library, play):
    play("r1", LOANS, ended())
    library.learning.judge("r1", success=False)
    assert [use.success for use in library.learning.uses()] == [False]


def test_the_log_of_a_run_that_was_lent_something_is_whole_and_comes_back(library, play):
    play("r1", (*LOANS, REFUSED), ended(), wanted="pay")
    assert library.verify() == []
    (found,) = [event for event in library.run_events("r1") if isinstance(event, ExperienceLent)]
    assert (found.loans, found.wanted) == ((*LOANS, REFUSED), "pay")


def test_purging_reaches_what_was_searched_for_and_nothing_of_what_was_lent_stands_there(
    library, play, a_trajectory, bytes_in
):
    library.save(a_trajectory("one", title=WORD))
    play("r1", LOANS, ended(), wanted=f"pay {WORD}")
    library.delete("one")
    assert library.learning.uses(lent="one") == []
    library.purge_text("t-r1", WORD)
    assert library.verify() == []
    assert bytes_in(library.path, WORD) == []


def test_with_a_run_goes_what_is_noted_of_it(library, play):
    play("r1", LOANS, ended())
    library.learning.stand(Standing("t-r1", active=True, by="person"))
    library.delete("t-r1")
    assert library.learning.uses() == []
    assert library.learning.standings() == {}
