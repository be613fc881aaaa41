"""`workbench-cli run`: what cannot be carried out is said in one line, and nothing is begun."""

from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from agents.memory.lending import Lending
from agents.runtime.models import built_in
from agents.runtime.models.registry import Entry, Registry
from agents.session.messages import AgentOrder, Minds
from ui.orders.agent import Wish, lending_of, minds_for, order_to_go_on
from workbench import settings
from workbench.actions import Click
from workbench.errors import UnavailableError
from workbench.events import ExperienceLent, Loan, RunStarted, StepKept, StepProposed
from workbench.library.learning import Standing
from workbench.library.store import Library
from workbench.trajectory import Step, Trajectory


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MODELS", str(tmp_path / "models"))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    return Registry(tmp_path / "models")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, 'say what is to be done, such as workbench-cli run "press 7"'),
        ([""], 2, "say what is to be done"),
        (["  \n "], 2, "the task is empty; say in words what is to be done"),
        (["press 7", "--resume", "r1"], 2, "a resumed run knows its task"),
        (["--resume", "r1", "--exemplars", "none"], 2, "leave --exemplars out, or --resume"),
        (["--resume", "r1", "--exemplars", "auto"], 2, "leave --exemplars out, or --resume"),
        (["--resume", "r1", "--no-save"], 2, "leave --no-save out, or --resume"),
        (["press 7", "--model", "nobody"], 4, "no model “nobody” here"),
        (["press 7", "--model", "../x"], 4, "no model “../x” here"),
        (["press 7", "--exemplars", "nothing-like-it"], 2, "no trajectory is called 'nothing-like-it'"),
        (["press 7", "--private-desktop", "big"], 2, "'big' is not a size such as 1280x800"),
        (["press 7", "--private-desktop", "0x0"], 2, "size"),
        (["press 7", "--private-desktop", "--app", "no-such-program"], 2, "there is no program 'no-such-program'"),
        (["press 7", "--max-steps", "0"], 2, "--max-steps"),
        (["press 7", "--max-steps", "many"], 2, "--max-steps"),
        (["press 7", "--timeout", "-1"], 2, "--timeout"),
        (["press 7", "--approve", "perhaps"], 2, "--approve"),
        (["press 7", "--memory", "long"], 2, "--memory"),
        (["--resume", "nonsense"], 2, "nonsense"),
        (["--resume", "../../etc/passwd"], 2, "passwd"),
        (["press 7"], 4, "there is no display"),
    ],
)
def test_what_cannot_be_carried_out_is_said_in_one_line_with_what_to_do(cli, words, code, said):
    answer = cli("run", *words)
    assert (answer.code, answer.out) == (code, ""), answer.err
    assert len(answer.lines) == 1, answer.err
    assert said in answer.err


def test_a_secret_that_no_keyring_holds_ends_the_run_before_it_begins(process):
    answer = process("run", "log in with {{secret:bank}}")
    assert (answer.code, answer.out, len(answer.lines)) == (4, "", 1), answer.err
    assert "keyring" in answer.err


def test_a_run_that_could_not_begin_leaves_nothing_behind(cli, library_path):
    assert cli("run", "press 7", "--model", "nobody").code == 4
    assert cli("list", "--json").json == []
    assert cli("verify", "--json").json == {"ok": True, "problems": []}


def test_an_error_is_a_document_of_no_kind_with_json_either(cli):
    answer = cli("run", "press 7", "--model", "nobody", "--json")
    assert (answer.code, answer.out, len(answer.lines)) == (4, "", 1)


def broken_off(library_path: Path, *, kept: int) -> None:
    """A run of a model that was cut off after so many kept steps."""
    becomes = Trajectory("t1", "Press seven", task="press 7", source="agent")
    order = AgentOrder("r1", "press 7", None, "", Minds("", "built-in"))
    plain = {name: value for name, value in msgspec.to_builtins(order).items() if name not in ("run", "frames")}
    started = RunStarted(run="r1", trajectory="t1", title=becomes.title, task="press 7", order=plain, becomes=becomes)
    with Library.open(library_path) as library, closing(library.begin_run(started)) as log:
        for index in range(1, kept + 1):
            log.append(StepKept(index=index, step=Step(f"s{index}", Click(), description="click seven"), status="done"))


def test_a_trajectory_says_how_to_go_on_with_its_run_that_broke_off(cli, library_path):
    broken_off(library_path, kept=1)
    assert "broke off: workbench-cli run --resume r1\n" in cli("show", "Press seven").out


def test_a_run_is_not_gone_on_with_by_a_model_that_nobody_has(cli, library_path):
    broken_off(library_path, kept=1)
    answer = cli("run", "--resume", "r1", "--model", "nobody")
    assert (answer.code, "no model “nobody” here" in answer.err) == (4, True), answer.err


@pytest.mark.parametrize(
    ("kept", "what"), [(0, None), (1, "what the 1 kept step did on screen"), (2, "what the 2 kept steps did on screen")]
)
def test_who_goes_on_where_applications_start_anew_is_told_what_is_gone(cli, library_path, kept, what):
    broken_off(library_path, kept=kept)
    answer = cli("run", "--resume", "Press seven", "--private-desktop", "--app", "no-such-program")
    *said, error = [line for line in answer.lines if not line.startswith("recovered")]
    assert "there is no program 'no-such-program'" in error
    anew = [f"the applications start anew: {what} is gone; replay the trajectory first"] if what else []
    assert said == ["going on with run r1", *anew]


def test_help_names_every_option_and_an_example_that_parses(cli):
    answer = cli("run", "--help")
    assert answer.code == 0
    for option in ("--model", "--app", "--private-desktop", "--exemplars", "--memory", "--approve", "--max-steps"):
        assert option in answer.out
    assert "--no-save" in answer.out
    assert "--report" in answer.out


def test_the_model_that_was_named_thinks_else_the_one_with_the_role_else_the_one_that_comes_along(models):
    assert minds_for(None, models).planner == built_in.NAME
    models.add(Entry("far", kind="server", url="http://127.0.0.1:9/v1", roles=("planner", "judge")))
    models.add(Entry("near", kind="server", url="http://127.0.0.1:9/v1", roles=("grounder",)))
    minds = minds_for(None, models)
    assert (minds.planner, minds.grounder, minds.judge) == ("far", "near", "far")
    assert minds_for("near", models).planner == "near"


def test_in_a_copy_without_a_model_it_is_said_how_to_get_one(models, monkeypatch):
    monkeypatch.setattr(built_in, "comes_along", lambda: False)
    with pytest.raises(UnavailableError, match="there is no model to think: fetch one with `workbench-cli models get`"):
        minds_for(None, models)


def test_a_retired_exemplar_is_left_out_with_the_reason_and_shown_all_the_same_where_it_is_named(
    cli, library_path: Path
):
    with Library.open(library_path) as library:
        kept = Trajectory(library.new_id(), "Eight", (Step("1", Click()),), task="press 8", source="human")
        kept = library.save(kept)
        library.learning.stand(Standing(kept.id, active=False, by="merit", reason="0 of 9 reached"))
    said = cli("run", "press 8").err
    assert f"no exemplar, because it is retired: 0 of 9 reached: Eight ({kept.id})" in said
    said = cli("run", "press 8", "--exemplars", "Eight").err
    assert f"retired, and shown because you named it: Eight ({kept.id}), 0 of 9 reached" in said
    assert "Eight" not in cli("run", "press 8", "--exemplars", "none").err


def test_a_trajectory_that_nobody_has_reviewed_is_no_exemplar_unless_it_is_named(cli, library_path: Path):
    with Library.open(library_path) as library:
        kept = Trajectory(library.new_id(), "Eight", (Step("1", Click()),), task="press 8", source="human")
        library.save(msgspec.structs.replace(kept, reviewed=False))
    said = cli("run", "press 8").err
    assert f"no exemplar, because nobody has reviewed it: Eight ({kept.id})" in said


def test_who_goes_on_follows_what_was_followed_before_and_lends_as_was_said_unless_it_is_said_anew(library_path):
    did = tuple(Step(f"s{number}", Click(), description="click") for number in range(1, 5))
    with Library.open(library_path) as library:
        library.save(Trajectory("eight", "Eight", did, task="press 8"))
        becomes = Trajectory("t1", "Press seven", task="press 7", source="agent")
        lending = Lending(exemplars=1, way="whole", hints=True)
        order = AgentOrder("r1", "press 7", None, "", Minds("", "built-in"), lending=lending)
        started = RunStarted(
            run="r1", trajectory="t1", title="", task="press 7", order=msgspec.to_builtins(order), becomes=becomes
        )
        loans = (
            Loan(kind="whole", lent="eight", revision=1, first=2, last=3),
            Loan(kind="whole", lent="gone", revision=1, first=1, last=1),
            Loan(kind="whole", lent="eight", refused="nobody has reviewed it"),
        )
        with closing(library.begin_run(started)) as log:
            log.append(StepProposed(index=1, step=did[0]))
            log.append(ExperienceLent(index=1, loans=loans))
        again = order_to_go_on("r1", Wish(lend="steps"), library, print)
    assert [(one.id, [step.id for step in one.steps]) for one in again.exemplars] == [("eight", ["s2", "s3"])]
    assert again.lending == Lending(exemplars=1, way="steps", hints=True)
    assert again.lends_from == str(library_path)


def test_settings_and_options_say_what_a_run_is_lent():
    wished = settings.overridden(
        settings.Settings(), ["learning.exemplars=3", "learning.lend=steps", "learning.hints=on"]
    )
    assert lending_of(Wish(), settings.Settings()) == Lending(exemplars=1, way="whole", tokens=600)
    assert lending_of(Wish(), wished) == Lending(exemplars=3, way="steps", hints=True)
    assert lending_of(Wish(exemplars="none", lend="whole", hints="off", workflows="on"), wished) == Lending(
        exemplars=0, way="whole", workflows=True
    )
