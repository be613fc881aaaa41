"""The suite on a real Chromium: pages by seed, a solver that earns everything, mistakes that earn nothing, trouble."""

import os
import select
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from agents.evaluation.acting import agent_actor
from agents.evaluation.miniwob.browser import Browser
from agents.evaluation.miniwob.demonstrating import demonstrate
from agents.evaluation.miniwob.episodes import MiniWob, MiniWobStage
from agents.evaluation.miniwob.pages import Pages
from agents.evaluation.miniwob.solving import solver_actor
from agents.evaluation.suites import Acted, Assignment, Limits
from agents.planning.following import told_steps
from agents.runtime.models import built_in
from agents.session.messages import AgentOrder, Minds
from workbench.desktop import guard_ending
from workbench.errors import UnavailableError
from workbench.library.store import Library

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("miniwob") is None, reason="the package miniwob is not installed"),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed"),
]

LIMITS = Limits(steps=20, seconds=120.0)
SOLVED = (
    "click-test",
    "click-test-2",
    "click-button",
    "click-button-sequence",
    "click-tab",
    "click-dialog-2",
    "click-checkboxes",
    "choose-list",
    "enter-text",
    "login-user",
)
MISTAKEN = (
    "click-test",
    "click-test-2",
    "click-tab",
    "click-option",
    "click-checkboxes",
    "choose-list",
    "focus-text-2",
    "enter-text",
)
PAGE = "document.getElementById('wrap').outerHTML"


@dataclass
class Idle:
    """An actor that does what the test says, then nothing until the episode is over or `patient` is false."""

    does: Callable[[Assignment], Any] = lambda _: None
    patient: bool = False
    given: list[Assignment] = field(default_factory=list)

    def act(self, assignment: Assignment) -> Acted:
        self.given.append(assignment)
        self.does(assignment)
        while self.patient and not assignment.is_over():
            pass
        return Acted("actor", 0)


@pytest.fixture(scope="module")
def stage() -> Iterator[MiniWobStage]:
    with MiniWob().open() as made:
        yield made


@pytest.fixture
def browser(stage: MiniWobStage) -> Browser:
    """The browser of the stage, as an episode would have it."""
    return stage._fresh()[1]


def begun(browser: Browser, task: str, seed: int) -> tuple[str, str]:
    """The task in words and the page as it is drawn."""
    told = browser.begin(Pages.installed().page(task), seed, 60.0)
    return told, browser.evaluate(PAGE)


@pytest.mark.parametrize(
    "task", ["click-checkboxes", "login-user", "email-inbox-forward-nl", "multi-layouts", "use-slider-2"]
)
def test_a_seed_makes_the_same_words_and_page_every_time_and_another_seed_others(browser, task):
    first = begun(browser, task, 3)
    other = begun(browser, task, 4)
    assert begun(browser, task, 3) == first
    assert first[0] != ""
    assert other != first


def test_every_task_of_the_suite_begins(browser):
    broken = {}
    for task in MiniWob().tasks():
        told, page = begun(browser, task, 0)
        result = browser.result()
        if not told or not page or result.over or result.reward:
            broken[task] = (told, result)
    assert broken == {}
    assert browser.is_as_new()


@pytest.mark.parametrize("task", SOLVED)
def test_the_solver_earns_the_full_reward_through_screen_and_keys_alone(stage, tmp_path, task):
    score = stage.play(task, 1, solver_actor(tmp_path), LIMITS)
    assert (score.reward, score.success, score.ended) == (1.0, True, "task"), score
    assert (score.task, score.seed, score.repeated) == (task, 1, "")
    assert score.steps >= 1
    assert score.told


@pytest.mark.parametrize("task", MISTAKEN)
def test_the_same_done_to_other_controls_earns_nothing(stage, tmp_path, task):
    score = stage.play(task, 1, solver_actor(tmp_path, wrong=True), LIMITS)
    assert score.reward <= 0, score
    assert not score.success
    assert score.steps >= 1


def test_whoever_acts_finds_accessibility_to_say_what_the_page_says_and_no_more(stage):
    said: list[set[str]] = []

    def listen(_: Assignment) -> None:
        voice, before = stage._place.voice, -1
        while before != voice.unanswered:  # once everybody answers in time
            before = voice.unanswered
            names = {element.name for element in voice.walk("chromium")}
        said.append(names)

    told = [stage.play("enter-text", seed, Idle(listen), LIMITS).told for seed in range(4)]
    for names, words in zip(said, told, strict=True):
        assert words.split('"')[1] in names
        assert not {"Last reward:", "START"} & names
        assert not [name for name in names if len(name) == 32 and name.isalpha()]


def test_a_demonstration_keeps_the_step_that_ended_the_task_and_the_field_that_was_typed_into(stage, tmp_path):
    with Library.open(tmp_path / "library") as library:
        for seed in range(3):
            made = demonstrate(stage, "enter-text", seed, library)
            *_, typing, submit = told_steps(made)
            assert typing.endswith(" into field")
            assert submit == 'click button "Submit"'


def test_an_actor_that_does_nothing_earns_nothing_and_the_time_is_up_at_minus_one(stage):
    nothing = stage.play("click-test", 0, Idle(), LIMITS)
    late = stage.play("click-test", 0, Idle(patient=True), Limits(seconds=0.3))
    assert (nothing.reward, nothing.success, nothing.ended) == (0.0, False, "actor")
    assert (late.reward, late.success, late.ended, late.reason) == (-1.0, False, "seconds", "timed out")


def test_what_the_page_shows_of_rewards_is_hidden_and_no_click_begins_an_episode_that_is_over(browser):
    begun(browser, "click-test", 0)
    shown = "getComputedStyle(document.getElementById('%s')).display"
    assert [browser.evaluate(shown % name) for name in ("reward-display", "click-canvas")] == ["none", "none"]
    browser.evaluate("core.endEpisode(0.5, false, 'by the test')")
    browser.evaluate("core.cover_div.click()")
    result = browser.result()
    assert (result.over, result.reward, result.reason) == (True, 0.5, "by the test")


def test_a_part_of_the_reward_is_kept_and_is_no_success(stage):
    half = Idle(lambda _: stage._browser.evaluate("core.endEpisode(0.5, false, null)"))
    score = stage.play("click-checkboxes", 0, half, LIMITS)
    assert (score.reward, score.success) == (0.5, False)


def test_no_process_of_the_actor_can_reach_the_channel(stage, tmp_path):
    seen: dict[int, set[str]] = {}

    def look() -> set[int]:
        found = stage._place.private.process_ids() - family(stage._browser.process.pid)
        for pid in found:
            seen.setdefault(pid, set()).update(descriptors(pid))
        return found

    @dataclass(frozen=True)
    class Watched:
        def act(self, assignment: Assignment) -> Acted:
            before = stage._place.private.process_ids()

            def is_over() -> bool:
                # of one look: what comes or goes between two of them is the browser's own now and then
                ours.update(look() - before)
                return assignment.is_over()

            return solver_actor(tmp_path).act(
                Assignment(assignment.task, assignment.environment, assignment.limits, is_over)
            )

    ours: set[int] = set()
    score = stage.play("enter-text", 0, Watched(), LIMITS)
    assert score.success
    devtools, browser = stage._browser.devtools, stage._browser.process.pid
    channel = {str(Path(f"/proc/self/fd/{end}").readlink()) for end in (devtools.writer, devtools.reader)}
    assert len(channel) == 2
    assert channel <= descriptors(browser), "the browser itself has its ends"
    assert ours, "the actor's processes were seen"
    assert ours <= seen.keys()
    assert [pid for pid, held in seen.items() if held & channel] == []
    assert [pid for pid in family(browser) if descriptors(pid) & listening()] == []


def test_a_page_reaches_no_server_not_even_on_this_machine(browser):
    begun(browser, "click-test", 0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        browser.evaluate(
            f"fetch({address!r}, {{mode: 'no-cors'}}).then(() => said = 'got', () => said = 'refused'), said = ''"
        )
        said, called = "", []
        while not said and not called:
            said, called = browser.evaluate("said"), select.select([server], [], [], 0)[0]
        assert (said, called) == ("refused", [])


def test_a_browser_that_dies_is_replaced_and_the_episode_is_played_once_more(stage, tmp_path):
    solver, killed = solver_actor(tmp_path), []

    @dataclass(frozen=True)
    class Unlucky:
        def act(self, assignment: Assignment) -> Acted:
            if not killed:
                killed.append(stage._place.private.display)
                kill(stage)
            return solver.act(assignment)

    score = stage.play("click-test-2", 0, Unlucky(), LIMITS)
    assert (score.reward, score.ended) == (1.0, "task")
    assert "the browser has ended" in score.repeated


def test_an_actor_that_always_kills_the_browser_earns_nothing_and_the_stage_plays_on(stage):
    score = stage.play("click-test", 0, Idle(lambda _: kill(stage)), LIMITS)
    assert (score.reward, score.success, score.ended) == (0.0, False, "broken")
    assert "has ended" in score.reason
    assert score.repeated
    assert stage.play("click-test", 0, Idle(), LIMITS).ended == "actor"


def test_a_browser_that_never_begins_is_no_score(stage, monkeypatch):
    monkeypatch.setattr("agents.evaluation.miniwob.browser._BEGIN", "nothing.of.this(%(limit_ms)d, %(seed)d)")
    never = Idle()
    with pytest.raises(UnavailableError, match="click-test with seed 5 cannot be played: the page breaks"):
        stage.play("click-test", 5, never, LIMITS)
    assert never.given == []


def test_what_an_actor_changed_about_the_browser_is_gone_in_the_next_episode(stage):
    place, before = stage._fresh()
    before.devtools.call("Target.createTarget", url="about:blank")
    assert not before.is_as_new()
    stage.play("click-test", 0, Idle(), LIMITS)
    assert stage._browser is not before
    assert before.process.poll() is not None
    assert not place.private.folder.exists()


def test_one_browser_serves_many_episodes_and_leaves_nothing_behind():
    with MiniWob().open() as stage:
        given = Idle(lambda _: browsers.append(stage._browser.process.pid))
        browsers: list[int] = []
        for seed in range(3):
            stage.play("click-test", seed, given, LIMITS)
        desktop = stage._place.private
        assert desktop.folder.exists()
        processes = {*desktop.process_ids(), *family(browsers[0])}
        assert {browsers[0]} < processes
    assert len(set(browsers)) == 1
    assert not desktop.folder.exists()
    assert [pid for pid in processes if guard_ending.process(pid)] == []


def test_the_agent_itself_plays_and_its_run_is_kept_where_that_is_asked_for(stage, tmp_path):
    with Library.open(tmp_path / "library") as library:
        order = AgentOrder(
            run="",
            task="",
            library=str(library.path),
            frames=str(library.frames_folder),
            minds=Minds(str(tmp_path / "models"), built_in.NAME),
            approve="auto",
        )
        score = stage.play("click-test-2", 0, agent_actor(order), LIMITS)
        assert (score.reward, score.ended, score.asked) == (1.0, "task", 0), score
        assert [run.id for run in library.runs()] == [score.run]


def kill(stage: MiniWobStage) -> None:
    os.killpg(stage._browser.process.pid, signal.SIGKILL)


def family(pid: int) -> set[int]:
    """The process and its descendants."""
    leader = guard_ending.process(pid)
    assert leader is not None
    return guard_ending.family((), [leader])


def descriptors(pid: int) -> set[str]:
    """What the process has open; nothing where it has ended meanwhile."""
    try:
        return {str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()}
    except OSError:
        return set()


def listening() -> set[str]:
    """The sockets of this machine that take TCP connections, as descriptors name them."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text("utf-8").splitlines()[1:]]
    return {f"socket:[{line[9]}]" for line in lines if line[3] == "0A"}
