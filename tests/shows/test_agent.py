"""A task in words is carried out on real applications, with a model that says what a test wrote down.

Whether a model is clever is measured elsewhere; here is shown what becomes of what it says.
"""

import base64
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import planned_model
import pytest
from grabs import pointer_is_held
from Xlib.display import Display

from agents.runtime.models.registry import Entry, Registry
from workbench import events
from workbench.desktop.atspi import open_accessibility
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.connection import connect
from workbench.desktop.x11.windows import X11Windows
from workbench.geometry import Point
from workbench.library.store import Library
from workbench.trajectory import Element

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 90.0
TASK = "press 7, then times, then 6, then equals"
ALLOW, BACK, INSTEAD, MORE = "[a/m/r/t/n/s]", "[c/q]", "what should be done instead?", "how many more"
SECRET = "Xq7Zw9Kv3J"

Answer = str | Callable[[], object]


step = planned_model.step
PRODUCT = [
    step("click", {"subgoal": {"begin": "enter the product"}}, target="the 7 button"),
    step("click", target='button "*"'),
    step("click", target="button 6"),
    step("click", target="="),
    step("finish", {"subgoal": {"met": "the product is 42"}}, answer="42"),
]


@dataclass
class Scene:
    """A desktop with applications, a model with a script, and the command line between them."""

    desktop: PrivateDesktop
    model: Any
    workbench: Any
    environment: dict[str, str]
    _open: list[int] = field(default_factory=list)

    def run(self, *words: str, code: int = 0) -> Any:
        """Carry a task out with nobody at the terminal; the document that `--json` prints."""
        return self.workbench.json("run", "--model", "planned", *words, environment=self.environment, code=code)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        process = self.workbench.start("run", "--model", "planned", "--json", *words, environment=self.environment)
        assert isinstance(process, subprocess.Popen)
        return process

    def say(self, *words: str, answers: Sequence[tuple[str, Answer]]) -> "Said":
        """Carry a task out at a terminal where somebody answers these questions in their order."""
        master, slave = pty.openpty()
        self._open.append(master)
        command = ["run", "--model", "planned", "--json", *words, "--library", str(self.workbench.library)]
        with subprocess.Popen(
            [sys.executable, "-m", "ui.cli.main", *command],
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=slave,
            env=self.environment,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=_take_the_terminal,
            text=True,
        ) as process:
            os.close(slave)
            talk = _converse(process, master, list(answers))
            assert process.stdout
            out = process.stdout.read()
        return Said(process.returncode, talk, out)

    def elements(self, app: str = "galculator") -> list[Element]:
        """Everything that the application says of itself now."""
        with closing(connect(self.desktop.display)) as connection:
            opened = open_accessibility(bus_address=self.desktop.bus_address, windows=X11Windows(connection))
            assert opened is not None
            with closing(opened):
                return list(opened.walk(app))

    def shown(self, app: str = "galculator") -> str:
        """The text that the application shows, once it answers."""
        found: list[str] = []

        def told() -> list[str]:
            fields = [one for one in self.elements(app) if one.role in ("text", "entry")]
            found.extend(one.value for one in fields if one.value is not None)
            return found

        until(told, f"an answer of {app}")
        return found[0].strip()

    def shows(self, text: str, app: str = "galculator") -> bool:
        """Whether the application comes to show this text."""
        until(lambda: self.shown(app) == text, f"{text!r} in {app}")
        return True

    def place(self, name: str, app: str = "galculator") -> Point:
        """The middle of a control."""
        return next(one for one in self.elements(app) if one.name == name and one.bounds.area).bounds.centre

    def front(self, app: str) -> None:
        """Give the application's window the focus, and wait until it has it."""
        with closing(connect(self.desktop.display)) as connection:
            windows = X11Windows(connection)
            windows.activate(next(one for one in windows.all() if one.app == app))
            until(lambda: (active := windows.active()) is not None and active.app == app, f"{app} in front")

    def held(self) -> int:
        """How many keys and buttons are down."""
        display = Display(self.desktop.display)
        try:
            buttons = display.screen().root.query_pointer().mask >> 8 & 0x1F
            return sum(map(int.bit_count, display.query_keymap())) + int(buttons).bit_count()
        finally:
            display.close()

    def grabbed(self) -> bool:
        """Whether somebody holds the pointer, as who waits for a person's click does."""
        return pointer_is_held(self.desktop.display)

    def close(self) -> None:
        for descriptor in self._open:
            os.close(descriptor)


@dataclass(frozen=True)
class Said:
    """What a run at a terminal came to."""

    code: int
    talk: str
    out: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    def told(self, name: str) -> list[Any]:
        return [each[name] for each in self.document["steps"]]


def _take_the_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _converse(process: "subprocess.Popen[str]", master: int, answers: list[tuple[str, Answer]]) -> str:
    heard, mark = b"", 0
    while select.select([master], [], [], PATIENCE_S)[0]:
        try:
            heard += os.read(master, 4096)
        except OSError:
            break
        if answers and answers[0][0].encode() in heard[mark:]:
            mark, (_, answer) = len(heard), answers.pop(0)
            if callable(answer):
                answer = str(answer())
            os.write(master, answer.encode())
    else:
        process.kill()
    assert not answers, f"it never asked {answers[0][0]}: {heard.decode()}"
    return heard.decode().replace("\r\n", "\n")


Play = Callable[..., Scene]


@pytest.fixture
def play(workbench: Any, desk: Callable[..., PrivateDesktop], tmp_path: Path) -> Iterator[Play]:
    """Opens an application, and a model with a script."""
    with ExitStack() as stack:

        def opened(*answers: Any, app: str = "galculator", **variables: str) -> Scene:
            desktop = desk(app)
            model = stack.enter_context(planned_model.serving(answers))
            registry = Registry(tmp_path / "models")
            registry.add(Entry("planned", kind="server", url=model.url), replace=True)
            environment = desktop.environment() | {"WORKBENCH_MODELS": str(registry.folder)} | variables
            scene = Scene(desktop, model, workbench, environment)
            stack.callback(scene.close)
            until(lambda: any(one.role == "text" for one in scene.elements(app)), "the application's first word")
            return scene

        yield opened


def until(holds: Callable[[], Any], what: str) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s, f"{what} did not happen"
        time.sleep(0.05)


# --- alone


def test_a_task_is_carried_out_and_kept_as_a_trajectory_that_replays_from_a_fresh_start(
    play: Play, desk: Callable[..., PrivateDesktop], tmp_path: Path
) -> None:
    scene = play(*PRODUCT)
    workbench = scene.workbench
    report = tmp_path / "report"
    document = scene.run(TASK, "--approve", "auto", "--report", str(report))
    assert scene.shows("42")
    assert (document["outcome"], document["reason"]) == ("finished", None)
    assert [each["action"]["kind"] for each in document["steps"]] == ["click"] * 4 + ["finish"]
    assert [each["verified"] for each in document["steps"]] == [True] * 4 + [None]
    assert {each["approval"] for each in document["steps"]} == {"policy"}
    assert all(each["located_by"] and each["point"] for each in document["steps"][:4])
    assert Path(document["report"]).is_file()
    (listed,) = workbench.json("list")
    assert (listed["id"], listed["task"], listed["source"]) == (document["trajectory"], TASK, "agent")
    shown = workbench.json("show", listed["id"])["steps"]
    assert [each["thought"] for each in shown][:2] == ["now click", "now click"]
    assert workbench.json("verify") == {"ok": True, "problems": []}
    bundle = tmp_path / "run.trajectory"
    assert workbench.run("export", listed["id"], "--to", "bundle", "-o", str(bundle)).returncode == 0
    assert bundle.stat().st_size
    fresh = desk("galculator")
    again = workbench.json("replay", listed["id"], environment=fresh.environment())
    assert (again["outcome"], [each["verified"] for each in again["steps"][:4]]) == ("finished", [True] * 4)
    scene.desktop = fresh
    assert scene.shows("42")


def test_each_prompt_tells_what_was_done_before_and_what_is_on_the_screen(play: Play) -> None:
    scene = play(*PRODUCT)
    scene.run(TASK, "--approve", "auto")
    first, second, *_, last = scene.model.prompts
    assert TASK in first
    assert 'button "7"' in first
    assert "the 7 button" not in first
    assert "the 7 button" in second
    assert "enter the product" in second
    assert "click =" in last


def test_text_is_typed_where_the_model_says_and_nothing_is_kept_where_nothing_should_be(play: Play) -> None:
    typing = step("type", text="Grüße, 1 < 2", target="text area")
    scene = play(typing, step("finish"), app="mousepad")
    document = scene.run("write a greeting", "--approve", "auto", "--no-save")
    assert scene.shows("Grüße, 1 < 2", "mousepad")
    assert (document["outcome"], document["trajectory"]) == ("finished", None)
    assert scene.workbench.json("list") == []
    with Library.open(scene.workbench.library) as library:
        assert library.verify() == []
    assert not list(scene.workbench.library.rglob("*.jsonl"))


def test_a_desktop_of_its_own_is_made_and_ended_for_a_run(play: Play) -> None:
    scene = play(*PRODUCT)
    words = ("--approve", "auto", "--private-desktop", "640x480", "--app", "galculator", "--no-save")
    document = scene.run(TASK, *words)
    assert (document["outcome"], len(document["steps"])) == ("finished", 5)
    assert scene.shown() == "0"


def test_a_run_ends_when_its_steps_are_used_up(play: Play) -> None:
    scene = play(*PRODUCT)
    document = scene.run(TASK, "--approve", "auto", "--max-steps", "2", code=1)
    assert document["outcome"] == "failed"
    assert "the 2 steps it was given are used up; allow more with --max-steps" in document["reason"]
    assert len(scene.model.prompts) == len(document["steps"]) == 2


def test_a_log_names_no_folder_of_models_and_the_run_is_gone_on_with_wherever_they_lie(play: Play) -> None:
    scene = play(*PRODUCT)
    first = scene.run(TASK, "--approve", "auto", "--max-steps", "2", code=1)
    models = scene.environment["WORKBENCH_MODELS"]
    assert not any(models.encode() in log.read_bytes() for log in scene.workbench.library.rglob("*.jsonl"))
    shutil.move(models, f"{models} moved")
    scene.environment["WORKBENCH_MODELS"] = f"{models} moved"
    words = ("run", "--resume", first["run"], "--approve", "auto", "--max-steps", "9")
    again = scene.workbench.json(*words, environment=scene.environment)
    assert again["outcome"] == "finished"
    assert scene.shows("42")


def test_a_resumed_run_thinks_with_the_model_and_the_memory_that_are_named_and_keeps_both_unless_they_are(
    play: Play,
) -> None:
    scene = play(*PRODUCT)
    run = scene.run(TASK, "--approve", "auto", "--max-steps", "1", "--memory", "flat", code=1)["run"]
    registry = Registry(Path(scene.environment["WORKBENCH_MODELS"]))
    registry.add(Entry("other", kind="server", url=scene.model.url))
    ordered = []
    for words in ((), ("--model", "other", "--memory", "hierarchical")):
        words = ("run", "--resume", run, "--approve", "auto", "--max-steps", "1", *words)
        run = scene.workbench.json(*words, environment=scene.environment, code=1)["run"]
        with Library.open(scene.workbench.library) as library:
            order = library.run_events(run)[0].order
        ordered.append((order["minds"]["planner"], order["memory"]))
    assert ordered == [("planned", "flat"), ("other", "hierarchical")]


def test_a_model_that_gives_up_fails_the_run_with_its_reason(play: Play) -> None:
    document = play(step("fail", reason="there is no cosine")).run(TASK, "--approve", "auto", code=1)
    assert (document["outcome"], document["reason"]) == ("failed", "there is no cosine")


def test_a_target_that_is_not_there_is_told_to_the_model_and_never_guessed(play: Play) -> None:
    lost = step("click", target='button "Teleport"')
    scene = play(lost, PRODUCT[0], step("finish"))
    document = scene.run(TASK, "--approve", "auto", "--timeout", "5")
    assert [each["status"] for each in document["steps"]] == ["failed", "done", "done"]
    assert document["steps"][0]["point"] is None
    assert "trouble: " in scene.model.prompts[1]
    assert "Teleport" in scene.model.prompts[1]
    assert scene.shows("7")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_while_the_model_thinks_ends_and_is_kept(play: Play, sent: signal.Signals) -> None:
    scene = play(PRODUCT[0], planned_model.HANGS)
    process = scene.start(TASK, "--approve", "auto")
    assert scene.model.thinking.wait(PATIENCE_S)
    process.send_signal(sent)
    out, talk = process.communicate(timeout=PATIENCE_S)
    assert not scene.model.over.is_set()
    assert process.returncode == 3, talk
    document = json.loads(out)
    assert (document["outcome"], len(document["steps"])) == ("stopped", 1)
    assert "Traceback" not in talk
    assert [each["status"] for each in document["steps"]] == ["done"]
    (listed,) = scene.workbench.json("list")
    assert (listed["id"], listed["steps"]) == (document["trajectory"], 1)
    assert scene.workbench.json("verify")["ok"] is True
    assert scene.held() == 0


@pytest.mark.parametrize(
    ("answers", "asked", "said"),
    [
        ([planned_model.GONE], 2, "the connection to the model server at 127.0.0.1"),
        (["I would press 7.", "{}", '{"step":{"action":"fly"}}'], 4, "no usable answer"),
    ],
    ids=["gone", "nonsense"],
)
def test_a_model_that_breaks_off_or_talks_nonsense_fails_the_run_in_a_sentence(
    play: Play, answers: list[Any], asked: int, said: str
) -> None:
    scene = play(PRODUCT[0], *answers)
    document = scene.run(TASK, "--approve", "auto", code=1)
    assert (document["outcome"], len(document["steps"])) == ("failed", 1)
    assert said in document["reason"]
    assert "\n" not in document["reason"]
    assert len(scene.model.prompts) >= asked
    assert scene.shows("7")


@pytest.mark.parametrize("words", [("--approve", "ask"), ()], ids=["ask", "default"])
def test_with_nobody_there_to_ask_a_run_does_nothing_and_says_so(play: Play, words: tuple[str, ...]) -> None:
    scene = play(*PRODUCT)
    document = scene.run(TASK, *words, code=3)
    assert (document["outcome"], [each["status"] for each in document["steps"]]) == ("stopped", ["skipped"])
    assert "nobody is there to ask" in document["reason"]
    assert scene.shown() == "0"


def test_a_question_that_nobody_is_there_to_answer_stops_the_run(play: Play) -> None:
    document = play(step("ask", question="Which digit?")).run(TASK, "--approve", "auto", code=3)
    assert document["outcome"] == "stopped"
    assert "nobody is there to answer" in document["reason"]


# --- at a terminal


def test_every_step_that_a_person_approves_is_done_and_nobody_is_asked_about_the_end(play: Play) -> None:
    scene = play(*PRODUCT)
    said = scene.say(TASK, answers=[(ALLOW, "a\n")] * 4)
    assert (said.code, said.told("approval")) == (0, [*["person"] * 4, "policy"]), said.talk
    assert scene.shows("42")


def test_the_next_steps_of_a_kind_are_done_without_a_question(play: Play) -> None:
    scene = play(*PRODUCT)
    said = scene.say(TASK, answers=[(ALLOW, "n\n"), (MORE, "3\n")])
    assert said.code == 0, said.talk
    assert scene.shows("42")


def test_what_a_person_changes_is_done_and_told_to_the_model(play: Play) -> None:
    scene = play(PRODUCT[0], PRODUCT[1], step("finish"))
    element: list[tuple[str, Answer]] = [(ALLOW, "m\n"), ("Enter goes back", "e\n"), ("which element?", "2\n")]
    keys: list[tuple[str, Answer]] = [(ALLOW, "m\n"), ("Enter goes back", "k\n"), ("which keys", "8\n")]
    said = scene.say(TASK, answers=[*element, *keys])
    assert said.code == 0, said.talk
    assert scene.shows("28")
    second, third = scene.model.prompts[1:]
    assert 'button "2"' in _done(second)
    assert "the 7 button" not in _done(second)
    assert "press 8" in _done(third)


def test_a_text_that_a_person_wants_instead_is_typed(play: Play) -> None:
    scene = play(step("type", text="hello", target="text area"), step("finish"), app="mousepad")
    answers: list[tuple[str, Answer]] = [(ALLOW, "a\n"), (ALLOW, "m\n"), ("Enter goes back", "t\n")]
    said = scene.say("write", answers=[*answers, ("which text", "bye\n")])
    assert said.code == 0, said.talk
    assert scene.shows("bye", "mousepad")
    assert 'type "bye"' in scene.model.prompts[1]


def test_a_rejection_is_told_to_the_model_in_the_person_s_words(play: Play) -> None:
    scene = play(PRODUCT[0], step("click", target='button "8"'), step("finish"))
    answers: list[tuple[str, Answer]] = [(ALLOW, "r\n"), (INSTEAD, "take the eight, please\n")]
    said = scene.say(TASK, answers=[*answers, (ALLOW, "a\n")])
    assert (said.code, said.told("status")) == (0, ["skipped", "done", "done"]), said.talk
    assert "take the eight, please" in scene.model.prompts[1]
    assert scene.shows("8")


def test_a_later_run_of_the_task_is_told_what_a_person_said(play: Play) -> None:
    scene = play(PRODUCT[0], step("click", target='button "8"'), step("finish"))
    scene.say(TASK, answers=[(ALLOW, "r\n"), (INSTEAD, "take the eight, please\n"), (ALLOW, "s\n")])
    scene.model.answers[:] = [step("finish")]
    scene.run(TASK, "--approve", "auto")
    assert "a person said before: " in scene.model.prompts[-1]
    assert "take the eight, please" in scene.model.prompts[-1]


def test_a_person_who_takes_over_does_the_step_and_the_run_goes_on_behind_it(play: Play) -> None:
    scene = play(PRODUCT[0], step("click", target='button "8"'), step("finish"))

    def act() -> str:
        at = scene.place("5")
        words = ["xdotool", "mousemove", str(at.x), str(at.y), "click", "1"]
        subprocess.run(words, env=scene.desktop.environment(), check=True)
        until(lambda: scene.shown() == "5", "the person's click")
        return "c\n"

    said = scene.say(TASK, answers=[(ALLOW, "t\n"), (BACK, act), (ALLOW, "a\n")])
    assert (said.code, said.told("status")) == (0, ["repaired", "done", "done"]), said.talk
    assert scene.shows("58")
    assert "the person took over" in scene.model.prompts[1]


@pytest.mark.parametrize("answering", ["", "xcalc"], ids=["elsewhere", "in a window of this desktop"])
def test_the_window_that_a_person_left_in_front_is_the_one_that_the_agent_looks_at(play: Play, answering: str) -> None:
    scene = play(PRODUCT[0], step("finish"))
    for app in filter(None, [answering, "mousepad"]):
        scene.desktop.launch(app)
    scene.front("galculator")

    def answer(words: str, *, work_in: str = "") -> Callable[[], str]:
        def act() -> str:
            for app in filter(None, [work_in, answering]):
                scene.front(app)
            return words

        return act

    said = scene.say(TASK, answers=[(ALLOW, answer("t\n")), (BACK, answer("c\n", work_in="mousepad"))])
    assert (said.code, said.told("status")) == (0, ["repaired", "done"]), said.talk
    assert ["of galculator" in prompt for prompt in scene.model.prompts] == [True, False]
    assert ["of mousepad" in prompt for prompt in scene.model.prompts] == [False, True]


def test_a_person_who_sees_the_desktop_shows_the_place_that_nobody_finds(play: Play) -> None:
    scene = play(step("click", target='button "Teleport"'), step("finish"))

    def point() -> str:
        until(scene.grabbed, "the wait for the person's click")
        at = scene.place("9")
        words = ["xdotool", "mousemove", str(at.x), str(at.y), "click", "1"]
        subprocess.run(words, env=scene.desktop.environment(), check=True)
        return ""

    pointing = ("Click on the place where it should go", point)
    said = scene.say(TASK, "--timeout", "5", answers=[pointing, (ALLOW, "a\n")])
    assert (said.code, said.told("status")) == (0, ["repaired", "done"]), said.talk
    assert scene.shows("9")


def test_a_person_who_stops_it_ends_the_run_and_what_was_done_is_kept(play: Play) -> None:
    scene = play(*PRODUCT)
    said = scene.say(TASK, answers=[(ALLOW, "a\n"), (ALLOW, "s\n")])
    assert (said.code, said.told("status")) == (3, ["done", "skipped"])
    (listed,) = scene.workbench.json("list")
    assert (listed["id"], listed["steps"]) == (said.document["trajectory"], 1)


def test_an_answer_given_at_the_terminal_stays_before_the_model_s_eyes(play: Play) -> None:
    scene = play(step("ask", question="Which digit?"), step("click", target='button "8"'), step("finish"))
    said = scene.say("enter the digit", "--approve", "auto", answers=[("step 1 asks: Which digit?", "the eight\n")])
    assert (said.code, said.told("status")) == (0, ["done"] * 3), said.talk
    assert all("the eight" in prompt for prompt in scene.model.prompts[1:])
    assert scene.shows("8")


def _done(prompt: str) -> str:
    """What the prompt tells of the task and what was done for it, before what people said and what is on the screen."""
    return prompt[prompt.rindex(TASK, 0, prompt.index("a person said before")) :].partition("a person said before")[0]


# --- secrets


def _has_gtk() -> bool:
    words = ["/usr/bin/python3", "-c", "import gi; gi.require_version('Gtk', '3.0')"]
    return Path(words[0]).exists() and subprocess.run(words, capture_output=True).returncode == 0


@pytest.fixture
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a session whose unlocked GNOME Keyring holds the secret `bank`."""
    if not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-daemon")):
        pytest.skip("GNOME Keyring is not installed")
    folder = tmp_path_factory.mktemp("k")
    folder.chmod(0o700)
    lost = ("DISPLAY", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "PYTHON_KEYRING_BACKEND")
    own = {name: value for name, value in os.environ.items() if name not in lost}
    environment = own | {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    with _process(["dbus-daemon", "--session", "--nofork", "--print-address=1", "--nopidfile"], environment) as bus:
        assert bus.stdout is not None
        environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        with _process(["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"], environment) as it:
            assert it.stdin is not None
            it.stdin.write(b"test")
            it.stdin.close()
            words = [sys.executable, "-m", "ui.cli.main", "secrets", "set", "bank"]

            def kept() -> bool:
                done = subprocess.run(words, input=SECRET.encode(), env=environment, cwd=ROOT, capture_output=True)
                return done.returncode == 0

            until(kept, "an open keyring")
            yield environment


@contextmanager
def _process(words: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def holding(folder: Path) -> list[str]:
    """The files below the folder in which the secret occurs in some shape."""
    shapes = [SECRET.encode(), SECRET.encode("utf-16-le"), SECRET.encode().hex().encode(), ",".join(SECRET).encode()]
    shapes += [base64.b64encode(b" " * shift + SECRET.encode())[4:-4] for shift in range(3)]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if any(shape in path.read_bytes() for shape in shapes)]


@pytest.mark.skipif(not _has_gtk(), reason="the form needs python3-gi and gir1.2-gtk-3.0 of the system")
@pytest.mark.parametrize("field_name", ["Password", "City"])
def test_a_secret_is_typed_into_a_password_field_only_and_stands_nowhere_afterwards(
    play: Play, keyring: dict[str, str], tmp_path: Path, field_name: str
) -> None:
    role = "password field" if field_name == "Password" else "field"
    typing = step("type", text="{{secret:bank}}", target=f'{role} "{field_name}"')
    scene = play(typing, step("press", keys="enter"), step("finish"))
    scene.environment = keyring | {"WORKBENCH_MODELS": scene.environment["WORKBENCH_MODELS"]}
    log, digest, report = tmp_path / "log", tmp_path / "digest", tmp_path / "report"
    app = f"/usr/bin/python3 {ROOT / 'tests' / 'apps' / 'gtk_form.py'} --log {log} --digest {digest}"
    words = ("--approve", "auto", "--private-desktop", "--app", app, "--report", str(report), "--json")
    task = "log in to gtk_form with {{secret:bank}}"
    done = scene.workbench.run(
        "run", task, "--model", "planned", *words, "--timeout", "3", environment=scene.environment
    )
    (tmp_path / "said").write_text(done.stdout + done.stderr)
    typed = [each for each in json.loads(done.stdout)["steps"] if each["action"]["kind"] == "type_text"]
    assert [each["action"] for each in typed] == [{"kind": "type_text", "secret": "bank"}]
    assert digest.exists() == (field_name == "Password"), done.stdout + done.stderr
    assert [each["status"] for each in typed] == ["done" if field_name == "Password" else "failed"], done.stdout
    assert list(report.rglob("*.html"))
    assert holding(tmp_path) == []
    assert not any(SECRET.encode() in body for body in scene.model.bodies)
    assert "bank" in scene.model.prompts[0]


# --- with what was learned


def test_what_a_run_learned_by_failing_is_told_to_the_next_one_once_a_person_approved_it(play: Play) -> None:
    lost = step("click", target='button "Teleport"')
    scene = play(lost, PRODUCT[0], step("finish"), PRODUCT[0], step("finish"), PRODUCT[0], step("finish"))
    workbench, words = scene.workbench, (TASK, "--approve", "auto", "--hints", "on", "--timeout", "5")
    scene.run(*words)
    (hint,) = workbench.json("learn", "propose")["hints"]
    assert hint["words"] == 'click button "Teleport" had no effect; click button "7" had'
    scene.run(*words)
    assert "learned about this program" not in scene.model.prompts[-2]
    workbench.json("learn", "approve", hint["id"])
    document = scene.run(*words)
    assert f"learned about this program: {hint['words']}" in scene.model.prompts[-2]
    with Library.open(workbench.library) as library:
        lent = [loan for event in library.run_events(document["run"]) for loan in getattr(event, "loans", ())]
        assert hint["id"] in {loan.lent for loan in lent if loan.kind == "hint"}
        assert [use.run for use in library.learning.uses(lent=hint["id"])] == [document["run"]]
    assert hint["id"] in workbench.run("learn", "list").stdout


def test_steps_that_went_the_same_way_before_are_offered_and_approved_together(play: Play) -> None:
    scene = play(*PRODUCT * 3)
    for _ in range(2):
        scene.run(TASK, "--approve", "auto")
    batch = "[a/b/m/r/t/n/s]"
    said = scene.say(TASK, "--model", "planned", "--approve", "ask", answers=[(batch, "b\n"), (ALLOW, "a\n")])
    assert "2 more steps as in" in said.talk
    assert said.code == 0, said.talk
    assert said.told("approval") == ["person"] * 4 + ["policy"]
    with Library.open(scene.workbench.library) as library:
        log = library.run_events(said.document["run"])
    asked = [event for event in log if isinstance(event, events.ApprovalAsked)]
    assert [event.index for event in asked] == [1, 4]
    assert asked[0].batch is not None
    assert (asked[0].batch.size, asked[0].batch.steps, len(asked[0].batch.lent)) == (2, (), 2)
