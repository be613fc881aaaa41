"""Hierarchical against flat memory: the episodes, what they cost, and planners of every kind."""

from pathlib import Path

import msgspec
import pytest

from agents.evaluation.domains import DOMAINS
from agents.evaluation.domains.strips import problem
from agents.evaluation.memory_suite import MemoryReport, SuiteOptions, reported, run_memory_suite, savings
from agents.evaluation.planning_prompt import Act, Begin, Question, Recall, planning, planning_prompt, understood
from agents.evaluation.playing import MOST_ASKED, Rules, counted_by, estimated, play
from agents.evaluation.scripted_solver import ScriptedSolver
from agents.memory.serialising import render, text_of
from agents.memory.tree import Subgoal
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.ports import Answer, ModelError
from agents.runtime.prompt import Message
from workbench.errors import BadInputError

EVERY = pytest.mark.parametrize("domain", DOMAINS.values(), ids=DOMAINS)
BOTH = pytest.mark.parametrize("mode", ["hierarchical", "flat"])
TINY = Path(__file__).parents[2] / "data" / "tiny_vlm" / "lm.gguf"


class Planner(ScriptedSolver):
    """A planner that says what it was told to say, and then the same again; it keeps what it was asked."""

    def __init__(self, *answers):
        super().__init__()
        self.answers, self.asked = list(answers), []

    def ask(self, prompt, asking=None, heard=None):
        self.asked.append("\n".join(part for message in prompt for part in message.parts))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Answer(answer if isinstance(answer, str) else msgspec.json.encode(answer).decode())


def _gripper():
    return problem(DOMAINS["gripper"], "1")


def _go(one):
    return next(action for action in one.possible(one.start) if action.startswith("go"))


@EVERY
@BOTH
def test_the_solver_reaches_every_goal_from_its_prompt_alone(domain, mode):
    for seed in range(4):
        episode = play(problem(domain, str(seed)), ScriptedSolver(), Rules(mode))
        assert (episode.success, episode.reason) == (True, "")
        assert episode.steps >= 15 or domain.name == "gripper"


@EVERY
def test_the_same_steps_are_taken_with_either_memory(domain):
    flat, hierarchical = (
        play(problem(domain, "2"), ScriptedSolver(), Rules(mode)) for mode in ("flat", "hierarchical")
    )
    assert flat.steps == hierarchical.steps


@EVERY
def test_hierarchical_memory_takes_less_of_long_prompts(domain):
    flat, hierarchical = (
        play(problem(domain, "2"), ScriptedSolver(), Rules(mode)) for mode in ("flat", "hierarchical")
    )
    assert hierarchical.cost.memory_tokens < 0.8 * flat.cost.memory_tokens


@EVERY
def test_most_of_every_prompt_is_the_beginning_of_the_one_before(domain):
    episode = play(problem(domain, "2"), ScriptedSolver(), Rules())
    assert episode.cost.same_tokens > 0.6 * episode.cost.prompt_tokens


def test_the_solver_knows_only_what_the_memory_shows():
    one = problem(DOMAINS["barman"], "1")
    forgetful = play(one, ScriptedSolver(), Rules("flat", memory_tokens=estimated(f"task: {one.task}") + 40))
    assert not forgetful.success


def test_finished_subgoals_are_one_line_each_in_the_memory_that_is_left():
    memory = play(_gripper(), ScriptedSolver(), Rules()).memory
    goals = [node for node in memory.root.children if isinstance(node, Subgoal)]
    lines = text_of(render(memory)).split("\n")
    assert len(goals) > 2
    assert len([line for line in lines if line.startswith("met ")]) == len(goals) - 1


def test_an_answer_that_is_no_move_is_said_back_and_asked_for_again():
    one = _gripper()
    planner = Planner("go west", Act(_go(one)))
    episode = play(one, planner, Rules(max_steps=1))
    assert episode.steps == 1
    assert "refused: the move is not readable" in planner.asked[1]
    assert "refused" not in planner.asked[0]


def test_a_rule_of_the_memory_that_is_broken_is_said_back():
    one = _gripper()
    planner = Planner(Recall((7,)), Act(_go(one)))
    play(one, planner, Rules(max_steps=1))
    assert "refused: the working memory has no node 7" in planner.asked[1]


def test_a_planner_that_never_gives_a_move_ends_the_episode_with_the_reason():
    planner = Planner("no")
    episode = play(_gripper(), planner, Rules())
    assert (episode.success, episode.steps, len(planner.asked)) == (False, 0, MOST_ASKED)
    assert "no usable move in 4 answers" in episode.reason


def test_what_cannot_be_done_is_remembered_as_failed():
    episode = play(_gripper(), Planner(Act("fly")), Rules("flat", max_steps=1))
    assert text_of(render(episode.memory, "flat")).endswith("failed: fly -> this cannot be done now")
    assert episode.reason == "no goal after 1 steps"


def test_a_planner_may_recall_a_closed_subgoal_before_its_next_move():
    one = _gripper()
    there = _go(one)
    back = next(action for action in one.possible(one.done(one.start, there).state) if action.startswith("go"))
    planner = Planner(
        Begin("none", "-", "look there", there),
        Begin("met", "nothing there", "go back", back),
        Recall((1,)),
        Act("wait"),
    )
    play(one, planner, Rules(max_steps=3))
    assert f"recalled 1: done: {there}" not in planner.asked[2]
    assert f"recalled 1: done: {there}" in planner.asked[3]


def test_a_planner_that_gives_a_subgoal_up_begins_another():
    one = _gripper()
    planner = Planner(Begin("none", "-", "look", _go(one)), Begin("abandoned", "nothing there", "rest", "wait"))
    memory = play(one, planner, Rules(max_steps=2)).memory
    assert "abandoned 1: look (because another subgoal came first) | nothing there" in text_of(render(memory))


def test_flat_memory_offers_no_subgoals():
    with pytest.raises(BadInputError, match="the move is not readable"):
        understood('{"do":"recall","subgoals":[1]}', "flat")
    system = planning_prompt(Question("rules", (), ("a",), "flat"))[0].parts[0]
    assert "subgoal" not in system


def test_an_answer_can_only_name_what_is_possible_now():
    for mode in ("flat", "hierarchical"):
        asking = planning(Question("rules", (), ("take it", 'say "no"'), mode))
        assert "take it" in asking.grammar
        assert "take it" in asking.schema


def test_the_solver_says_that_it_does_not_understand():
    with pytest.raises(ModelError, match="did not understand the prompt"):
        ScriptedSolver().ask((Message("system", ("x",)), Message("user", ("task: chess\npossible now:",))))


def test_a_memory_without_room_ends_the_episode_with_the_reason():
    episode = play(_gripper(), ScriptedSolver(), Rules(memory_tokens=5))
    assert "unpin something" in episode.reason


def test_the_suite_gives_a_row_for_each_domain_and_memory_and_says_what_was_saved():
    told = []
    options = SuiteOptions(domains=("gripper", "blocksworld"), episodes=2)
    rows = run_memory_suite(ScriptedSolver(), options, told=told.append)
    assert [(row.task, row.memory) for row in rows] == [
        (task, memory) for task in options.domains for memory in ("hierarchical", "flat")
    ]
    assert {(row.success, row.episodes, row.exemplars) for row in rows} == {(1.0, 2, 0)}
    assert len(told) == len(rows)
    report = reported(ScriptedSolver(), options, rows)
    assert report.summary.success == {"flat": 1.0, "hierarchical": 1.0}
    assert 0.2 < report.summary.memory_tokens_per_step < 1


def test_the_report_has_the_fields_that_scripts_rely_on():
    options = SuiteOptions(domains=("gripper",), episodes=1, max_steps=2)
    report = reported(ScriptedSolver(), options, run_memory_suite(ScriptedSolver(), options))
    shape = msgspec.to_builtins(report)
    assert {"suite", "model", "seed", "rows", "summary"} <= set(shape)
    assert {"task", "exemplars", "memory", "episodes", "success", "steps", "tokens", "seconds"} <= set(shape["rows"][0])
    assert msgspec.json.decode(msgspec.json.encode(report), type=MemoryReport) == report


def test_the_same_seed_costs_the_same():
    options = SuiteOptions(domains=("tyreworld",), episodes=1, seed=5)
    first, second = (run_memory_suite(ScriptedSolver(), options) for _ in range(2))
    assert [row.tokens for row in first] == [row.tokens for row in second]


def test_episodes_that_fail_are_told_with_their_reason():
    told = []
    run_memory_suite(Planner("no"), SuiteOptions(domains=("gripper",), episodes=1), told=told.append)
    assert told[0].startswith("0:gripper:0, hierarchical: the planner gave no usable move")


def test_nothing_is_saved_where_nothing_is_compared():
    options = SuiteOptions(domains=("gripper",), episodes=1, memory=("flat",), max_steps=1)
    summary = savings(run_memory_suite(ScriptedSolver(), options))
    assert (summary.tokens_per_step, summary.memory_tokens_per_step) == (None, None)


@pytest.mark.parametrize("options", [SuiteOptions(domains=("chess",)), SuiteOptions(episodes=0)])
def test_a_suite_that_cannot_be_played_is_refused(options):
    with pytest.raises(BadInputError):
        run_memory_suite(ScriptedSolver(), options)


def test_a_real_model_plays_and_is_counted_with_its_own_tokenizer():
    with LocalModel("tiny", Load(0, str(TINY), threads=1)) as model:
        episode = play(_gripper(), model, Rules("flat", max_steps=1), counted_by(model))
    assert episode.steps == 1
    assert text_of(render(episode.memory, "flat")).count("done: ") == 1
    assert episode.cost.prompt_tokens > 200
