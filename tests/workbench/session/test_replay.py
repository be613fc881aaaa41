"""The recorded planner: which steps, at what pace, and how a replay ends."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from workbench.actions import Argument, Call, Click, Fail, Finish, TypeText
from workbench.approval import Decision
from workbench.errors import BadInputError
from workbench.session.messages import Pace, Resume, Steer
from workbench.session.replay import RecordedPlanner
from workbench.session.replaying import prepared, secret_names
from workbench.session.roles import Ending, Proposal, Taken
from workbench.trajectory import Observation, Step, Trajectory, Variable

STEPS = tuple(
    Step(f"s{n}", TypeText(f"{{{{name}}}} {n}"), observation=Observation(monotonic_ns=n * 10**9)) for n in range(1, 6)
)
FIVE = Trajectory("t1", "five", STEPS, variables=(Variable("name", "Ada"),))


def planner(pace: Pace, *, words: list[Resume] | None = None, pauses: list[float] | None = None) -> RecordedPlanner:
    answers, waited = words or [], pauses if pauses is not None else []
    hold: Callable[[int], Resume] = lambda index: answers.pop(0)  # noqa: E731 - two lines would say less
    return RecordedPlanner(FIVE, {"name": "Ada"}, pace, waited.append, hold)


def proposed(player: RecordedPlanner) -> tuple[list[int], Ending]:
    seen: list[int] = []
    while isinstance(proposal := player.propose(), Proposal):
        seen.append(proposal.index)
        ending = player.remember(Taken(proposal, "done"))
        if ending:
            return seen, ending
    return seen, proposal


def test_all_steps_come_in_order_and_then_it_is_finished() -> None:
    assert proposed(planner(Pace())) == ([1, 2, 3, 4, 5], Ending("finished"))


def test_only_the_wanted_steps_are_proposed() -> None:
    assert proposed(planner(Pace(first=2, last=4)))[0] == [2, 3, 4]


def test_steps_are_filled_with_the_values() -> None:
    proposal = planner(Pace(first=3)).propose()
    assert isinstance(proposal, Proposal)
    assert proposal.step.action == TypeText("Ada 3")


@pytest.mark.parametrize("pace", [Pace(first=6), Pace(last=9), Pace(breaks=(7,)), Pace(first=0), Pace(first=3, last=2)])
def test_steps_that_do_not_exist_are_refused(pace: Pace) -> None:
    with pytest.raises(BadInputError, match=r"there is no step|--to 2 comes before --from 3"):
        planner(pace)


def test_a_break_pauses_before_its_step_and_stepping_goes_on_one_at_a_time() -> None:
    seen, ending = proposed(planner(Pace(breaks=(2,)), words=["step", "stop"]))
    assert seen == [1, 2]
    assert ending == Ending("stopped", "ended at the pause before step 3")


def test_the_recorded_pace_is_kept_and_scaled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.session.replay.time", SimpleNamespace(monotonic=lambda: 0.0))
    waited: list[float] = []
    proposed(planner(Pace(speed=2.0), pauses=waited))
    assert len(waited) == 4
    assert all(0.4 < pause <= 0.5 for pause in waited)


def test_a_failed_step_ends_the_replay_with_its_number() -> None:
    player = planner(Pace())
    proposal = player.propose()
    assert isinstance(proposal, Proposal)
    assert player.remember(Taken(proposal, "failed", message="gone")) == Ending("failed", "step 1: gone")


def test_a_refused_step_stops_the_replay() -> None:
    player = planner(Pace())
    proposal = player.propose()
    assert isinstance(proposal, Proposal)
    ending = player.remember(Taken(proposal, "skipped", Decision("reject", "person"), message="no"))
    assert ending == Ending("stopped", "step 1: no")


def test_a_rehearsal_goes_on_after_a_step_that_it_cannot_place_and_fails_at_the_end() -> None:
    player = planner(Pace(dry=True))
    for _ in STEPS:
        proposal = player.propose()
        assert isinstance(proposal, Proposal)
        assert player.remember(Taken(proposal, "failed" if proposal.index == 2 else "would-do")) is None
    assert player.propose() == Ending("failed", "1 of the steps could not be located")


@pytest.mark.parametrize(
    ("action", "ending"),
    [(Finish(), Ending("finished")), (Fail("no stock"), Ending("failed", "step 1: no stock")), (Click(), None)],
)
def test_finish_and_fail_end_the_replay_where_they_stand(action: Finish | Fail | Click, ending: Ending | None) -> None:
    player = planner(Pace())
    assert player.remember(Taken(Proposal(1, Step("s", action)), "done")) == ending


def test_a_called_workflow_is_laid_out_before_its_call_with_its_own_values() -> None:
    inner = Trajectory("w1", "greet", (Step("a", TypeText("hi {{who}}")),), variables=(Variable("who"),))
    call = Step("c", Call("greet", (_argument("who", "{{name}}"),)))
    outer = Trajectory("t2", "outer", (call,), variables=(Variable("name", "Ada"),))
    laid_out, _ = prepared(outer, {}, lambda name: inner)
    assert [step.action for step in laid_out.steps] == [TypeText("hi Ada"), call.action]


def test_a_workflow_that_calls_itself_is_refused() -> None:
    loop = Trajectory("t3", "loop", (Step("c", Call("loop")),))
    with pytest.raises(BadInputError, match="calls itself"):
        prepared(loop, {}, lambda name: loop)


def test_a_trajectory_without_steps_is_refused() -> None:
    with pytest.raises(BadInputError, match="no steps"):
        prepared(Trajectory("t4", "empty"), {}, lambda name: FIVE)


def test_every_secret_is_named_once() -> None:
    steps = tuple(Step(f"s{n}", TypeText(secret=name)) for n, name in enumerate(["pin", "mail", "pin"]))
    assert secret_names(Trajectory("t5", "log in", steps)) == ("pin", "mail")


def _argument(name: str, value: str) -> Argument:
    return Argument(name, value)


def test_a_variable_that_no_step_has_set_is_never_typed_as_its_name() -> None:
    player = RecordedPlanner(FIVE, {}, Pace(first=2), lambda seconds: None, lambda index: "stop")
    ending = player.propose()
    assert isinstance(ending, Ending)
    assert "'name' has no value" in (ending.reason or "")


def test_what_is_said_about_pauses_during_a_replay_holds_from_the_next_step_on() -> None:
    held: list[int] = []
    said: list[Steer | None] = [None, Steer(breaks=(4,)), None, None, Steer(pause=True)]

    def hold(index: int) -> Resume:
        held.append(index)
        return "continue"

    player = RecordedPlanner(
        FIVE, {"name": "Ada"}, Pace(breaks=(3,)), lambda seconds: None, hold, steered=lambda: said.pop(0)
    )
    assert proposed(player)[0] == [1, 2, 3, 4, 5]
    assert held == [4, 5]


def test_a_pause_that_is_wanted_while_the_recorded_pace_is_kept_comes_before_the_step() -> None:
    held: list[int] = []
    said: list[Steer] = []

    def hold(index: int) -> Resume:
        held.append(index)
        return "continue"

    player = RecordedPlanner(
        FIVE,
        {"name": "Ada"},
        Pace(speed=1.0, last=2),
        lambda seconds: said.append(Steer(pause=True)),
        hold,
        steered=lambda: said.pop() if said else None,
    )
    assert proposed(player)[0] == [1, 2]
    assert held == [2]
