"""A person at a terminal replays on their own desktop: questions, pauses, rehearsals, pointing, and every kind of step.

The command runs on a real pseudo-terminal; its desktop is a private one, used as if it were the person's own. What
was really done is read off the applications. WORKBENCH_SHOWS=full plays every scene three times.
"""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from grabs import keyboard_is_held
from msgspec.structs import replace

from workbench.actions import (
    Activate,
    Argument,
    Ask,
    Call,
    Check,
    Condition,
    Fail,
    Finish,
    Note,
    PressKeys,
    Read,
    TypeText,
    Wait,
)
from workbench.desktop.atspi.opening import open_accessibility
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.opening import open_x11
from workbench.library.store import Library
from workbench.trajectory import Step, Trajectory, Variable

ROOT = Path(__file__).resolve().parents[2]
RUNS = 3 if os.environ.get("WORKBENCH_SHOWS") == "full" else 1
PATIENCE_S = 60.0
ALLOW, HOLD, BACK = "[a/m/r/t/n/s]", "[c/s/q]", "[c/q]"
INSTEAD, MORE = "what should be done instead?", "how many more"
CTRL_C, CTRL_D = "\x03", "\x04"

Answer = str | Callable[[], object]


@pytest.fixture(params=range(RUNS), autouse=True)
def _again(request: pytest.FixtureRequest) -> int:
    """Plays every scene as often as it is wanted."""
    return int(request.param)


@dataclass
class Said:
    """What a command said on the terminal, and on standard output where that led elsewhere."""

    code: int
    talk: str
    out: str

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.talk.splitlines() if line.strip()]

    @property
    def steps(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)["steps"]
        return found

    def told(self, name: str) -> list[Any]:
        return [step[name] for step in self.steps]


@dataclass
class Seat:
    """A terminal on a desktop, with a library, and the applications that can be looked at."""

    desktop: PrivateDesktop
    workbench: Any
    _open: list[int] = field(default_factory=list)

    def say(self, *words: str, answers: Sequence[tuple[str, Answer]] = ()) -> Said:
        """Run a command and answer its questions one after the other; with `--json` its document is kept apart."""
        master, slave = pty.openpty()
        self._open += [master, slave]
        out = subprocess.PIPE if "--json" in words else slave
        with subprocess.Popen(
            [sys.executable, "-m", "ui.cli.main", *words, "--library", str(self.workbench.library)],
            stdin=slave,
            stdout=out,
            stderr=slave,
            env=self.desktop.environment(),
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=_take_the_terminal,
            text=True,
        ) as process:
            os.close(self._open.pop())
            talk = self._converse(process, master, list(answers))
            os.close(self._open.pop())
            document = process.stdout.read() if process.stdout else ""
        return Said(process.returncode, talk, document)

    def _converse(self, process: "subprocess.Popen[str]", master: int, answers: list[tuple[str, Answer]]) -> str:
        heard, mark = b"", 0
        while select.select([master], [], [], PATIENCE_S)[0]:
            try:
                part = os.read(master, 4096)
            except OSError:
                break
            heard += part
            if answers and answers[0][0].encode() in heard[mark:]:
                mark, (_, answer) = len(heard), answers.pop(0)
                if callable(answer):
                    answer()
                else:
                    os.write(master, answer.encode())
        else:
            process.kill()
        assert not answers, f"it never asked {answers[0][0]}: {heard.decode()}"
        return heard.decode()

    @property
    def terminal(self) -> int:
        """The person's end of the terminal of the command that is running."""
        return self._open[-1]

    def use(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.desktop.environment(), check=True)

    def save(self, title: str, *steps: Step, variables: Sequence[str] = ()) -> str:
        """Keep a trajectory made by hand."""
        with Library.open(self.workbench.library) as library:
            named = tuple(Variable(name) for name in variables)
            return library.save(Trajectory(library.new_id(), title, steps, variables=named)).id

    def recorded(self, title: str) -> tuple[Step, ...]:
        with Library.open(self.workbench.library) as library:
            return library.find(title).steps

    def shown(self, app: str = "galculator") -> str:
        """The text that the application shows, by accessibility, once it answers."""

        def opened(windows: Any) -> Any:
            return open_accessibility(self.desktop.bus_address, windows=windows)

        end_s = time.monotonic() + PATIENCE_S
        with closing(open_x11(self.desktop.display, accessibility=opened)) as desktop:
            assert desktop.accessibility
            while time.monotonic() < end_s:
                for one in desktop.accessibility.walk(app):
                    if one.role == "text" and one.value is not None:
                        return str(one.value)
        raise AssertionError(f"{app} shows no text")

    def shows(self, text: str, app: str = "galculator") -> bool:
        """Whether the application comes to show this text."""
        end_s = time.monotonic() + PATIENCE_S
        while (shown := self.shown(app)) != text:
            assert time.monotonic() < end_s, f"{app} shows {shown!r}"
        return True

    def picking(self) -> bool:
        """Whether somebody holds the keyboard, as who waits for a person's click does last; let go at once."""
        return keyboard_is_held(self.desktop.display)

    def wait_until_picking(self) -> None:
        end_s = time.monotonic() + PATIENCE_S
        while not self.picking():
            assert time.monotonic() < end_s, "nobody waits for a click"
            time.sleep(0.05)

    def in_front(self) -> str:
        desktop = open_x11(self.desktop.display)
        try:
            active = desktop.windows.active()
            return active.app if active else ""
        finally:
            desktop.close()

    def close(self) -> None:
        for descriptor in self._open:
            os.close(descriptor)


def _take_the_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the recordings are kept that every scene begins with."""
    return tmp_path_factory.mktemp("shelf") / "library"


@pytest.fixture
def seat(workbench: Any, desk: Callable[..., PrivateDesktop], shelf: Path) -> Iterator[Seat]:
    """A desktop with a calculator, and the recordings “Twelve”, “Display” and “Hello”."""
    if not shelf.exists():
        _record(workbench, desk)
        shutil.copytree(workbench.library, shelf)
    else:
        shutil.copytree(shelf, workbench.library)
    seat = Seat(desk("galculator"), workbench)
    yield seat
    seat.close()


def _record(workbench: Any, desk: Callable[..., PrivateDesktop]) -> None:
    calculator, editor = desk("galculator"), desk("mousepad")
    keys = [["click", "galculator", name] for name in ("7", "+", "5", "=")]
    workbench.record(calculator, keys, "--title", "Twelve", pause_s=0.3)
    workbench.record(calculator, [["click-role", "galculator", "text"]], "--title", "Display", pause_s=0.3)
    notes = [["click-role", "mousepad", "text"], ["type", "hello"]]
    workbench.record(editor, notes, "--title", "Hello", pause_s=0.3)


@pytest.fixture
def renamed(seat: Seat) -> str:
    """A trajectory whose first key is called otherwise today."""
    seven, plus, *_ = seat.recorded("Twelve")
    assert seven.target
    assert seven.target.element
    element = replace(seven.target.element, name="Seven")
    target = replace(seven.target, element=element, crop=None, text=None)
    return seat.save("Renamed", replace(seven, target=target), plus)


def pointing(seat: Seat) -> Callable[[], None]:
    """A person who clicks on the 7 once the pointer has become a cross."""
    target = seat.recorded("Twelve")[0].target
    assert target

    def click() -> None:
        seat.wait_until_picking()
        seat.use("mousemove", str(target.point.x), str(target.point.y), "click", "1")

    return click


# --- approval


def test_every_step_that_a_person_approves_is_done(seat: Seat) -> None:
    said = seat.say("replay", "Twelve", "--approve", "ask", "--json", answers=[(ALLOW, "a\n")] * 4)
    assert said.code == 0
    assert said.told("approval") == ["person"] * 4
    assert said.told("verified") == [True] * 4
    assert seat.shows("12")


@pytest.mark.parametrize(
    "last", [[(ALLOW, "r\n"), (INSTEAD, "not now\n")], [(ALLOW, "s\n")]], ids=["refused", "stopped"]
)
def test_a_step_that_a_person_refuses_or_stops_ends_the_run(seat: Seat, last: list[tuple[str, str]]) -> None:
    answers = [(ALLOW, "a\n"), (ALLOW, "a\n"), *last]
    said = seat.say("replay", "Twelve", "--approve", "ask", "--json", answers=answers)
    assert said.code == 3
    assert said.told("status") == ["done", "done", "skipped"]
    assert said.told("approval") == ["person"] * 3
    assert json.loads(said.out)["reason"].startswith("step 3: ")
    assert seat.shows("7")


def test_a_question_is_asked_until_it_is_answered_with_one_of_its_letters(seat: Seat) -> None:
    answers = [(ALLOW, "x\n"), (ALLOW, "\n"), (ALLOW, "Stop\n")]
    said = seat.say("replay", "Twelve", "--approve", "ask", answers=answers)
    assert said.code == 3
    assert said.lines[-1].startswith("stopped: step 1: the person stopped it (0 of 4 steps, ")


def test_the_next_steps_of_the_same_kind_are_done_without_another_question(seat: Seat) -> None:
    answers: list[tuple[str, Answer]] = [(ALLOW, "n\n"), (MORE, "2\n"), (ALLOW, "a\n")]
    said = seat.say("replay", "Twelve", "--approve", "ask", "--json", answers=answers)
    assert (said.code, said.told("approval")) == (0, ["person"] * 4)
    assert seat.shows("12")


def test_a_step_that_a_person_sends_to_another_element_goes_there(seat: Seat) -> None:
    answers: list[tuple[str, Answer]] = [(ALLOW, "m\n"), ("Enter goes back", "e\n"), ("which element?", "9\n")]
    said = seat.say("replay", "Twelve", "--approve", "ask", "--json", answers=[*answers, *[(ALLOW, "a\n")] * 3])
    assert said.code == 0, said.talk
    assert said.told("status") == ["done"] * 4
    assert seat.shows("14")


def test_keys_that_a_person_wants_instead_are_pressed(seat: Seat) -> None:
    answers: list[tuple[str, Answer]] = [(ALLOW, "m\n"), ("Enter goes back", "k\n"), ("which keys", "8\n")]
    said = seat.say("replay", "Twelve", "--approve", "ask", "--json", answers=[*answers, *[(ALLOW, "a\n")] * 3])
    assert said.code == 0, said.talk
    assert seat.shows("13")


def test_a_text_that_a_person_wants_instead_is_typed(seat: Seat) -> None:
    seat.desktop.launch("mousepad")
    answers: list[tuple[str, Answer]] = [(ALLOW, "a\n"), (ALLOW, "m\n")]
    answers += [("Enter goes back", "t\n"), ("which text", "bye\n")]
    said = seat.say("replay", "Hello", "--approve", "ask", "--json", answers=answers)
    assert said.code == 0, said.talk
    assert seat.shows("bye", "mousepad")


def test_a_person_who_takes_over_does_the_step_and_the_run_goes_on_behind_it(seat: Seat) -> None:
    target = seat.recorded("Twelve")[0].target
    assert target

    def act_and_go_on() -> None:
        seat.use("mousemove", str(target.point.x), str(target.point.y), "click", "1")
        os.write(seat.terminal, b"c\n")

    answers: list[tuple[str, Answer]] = [(ALLOW, "t\n"), (BACK, act_and_go_on)]
    said = seat.say("replay", "Twelve", "--approve", "ask", "--json", answers=[*answers, *[(ALLOW, "a\n")] * 3])
    assert said.code == 0, said.talk
    assert said.told("status") == ["repaired", "done", "done", "done"]
    assert said.steps[0]["message"].startswith("the person took over: ")
    assert seat.shows("12")


def test_a_person_who_takes_over_may_end_the_run_instead(seat: Seat) -> None:
    said = seat.say("replay", "Twelve", "--approve", "ask", "--json", answers=[(ALLOW, "t\n"), (BACK, "q\n")])
    assert (said.code, said.told("status")) == (3, ["skipped"])
    assert seat.shown() == "0"


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_a_person_who_leaves_at_a_question_stops_the_run(seat: Seat, key: str) -> None:
    said = seat.say("replay", "Twelve", "--approve", "ask", "--json", answers=[(ALLOW, key)])
    assert said.code == 3
    assert said.told("status") == ["skipped"]
    assert seat.shown() == "0"


@pytest.mark.parametrize(
    ("title", "options"),
    [
        ("Twelve", ("--approve", "ask")),
        ("Twelve", ("--step",)),
        ("Asking", ()),
        ("Renamed", ("--on-drift", "ask", "--timeout", "2")),
    ],
)
@pytest.mark.usefixtures("renamed")
def test_with_nobody_at_the_terminal_a_question_stops_the_run(seat: Seat, title: str, options: tuple[str, ...]) -> None:
    seat.save("Asking", Step("a", Ask("Which month?")), *seat.recorded("Twelve"))
    done = seat.workbench.run("replay", title, *options, environment=seat.desktop.environment())
    assert done.returncode == 3
    assert re.fullmatch(r"stopped: .*(nobody is there|ended at the pause).* \(0 of \d steps, [^)]*\)\n", done.stdout)
    assert "Traceback" not in done.stderr
    assert seat.shown() == "0"


def test_what_comes_from_elsewhere_asks_at_every_step_until_it_is_reviewed(seat: Seat, tmp_path: Path) -> None:
    bundle = str(tmp_path / "twelve.trajectory")
    seat.workbench.run("export", "Twelve", "--to", "bundle", "-o", bundle)
    seat.workbench.run("delete", "Twelve")
    foreign = seat.workbench.json("import", bundle)[0]["id"]
    asked = seat.say("replay", foreign, "--json", answers=[(ALLOW, "a\n")] * 4)
    assert (asked.code, asked.told("approval")) == (0, ["person"] * 4)
    assert "nobody has reviewed this trajectory" in asked.talk
    assert seat.say("replay", foreign, "--approve", "never").code == 3
    assert seat.workbench.run("edit", foreign, "--reviewed").returncode == 0
    trusted = seat.say("replay", foreign, "--json")
    assert (trusted.code, trusted.told("approval")) == (0, ["policy"] * 4)


def test_never_refuses_what_the_policy_asks_about_and_auto_accepts_it(seat: Seat) -> None:
    seven = seat.recorded("Twelve")[0]
    risky = Step("r", PressKeys(("Delete",)), seven.observation)
    seat.save("Risky", seven, risky)
    never = seat.say("replay", "Risky", "--approve", "never", "--json")
    assert (never.code, never.told("status"), never.told("approval")) == (3, ["done", "skipped"], ["policy"] * 2)
    assert "irreversible" in never.talk
    asked = seat.say("replay", "Risky", "--json", answers=[(ALLOW, "a\n")])
    assert (asked.code, asked.told("approval")) == (0, ["policy", "person"])
    auto = seat.say("replay", "Risky", "--approve", "auto", "--json")
    assert (auto.code, auto.told("approval")) == (0, ["policy"] * 2)


# --- pauses, parts and pace


def test_a_run_in_single_steps_goes_on_as_the_person_says(seat: Seat) -> None:
    stepped = seat.say("replay", "Twelve", "--step", "--json", answers=[(HOLD, "s\n"), (HOLD, "s\n"), (HOLD, "c\n")])
    assert (stepped.code, stepped.told("status")) == (0, ["done"] * 4)
    assert seat.shows("12")


def test_a_run_pauses_where_it_was_told_to_and_can_end_there(seat: Seat) -> None:
    options = ("--break-at", "2", "--break-at", "4", "--json")
    quit_there = seat.say("replay", "Twelve", *options, answers=[(HOLD, "c\n"), (HOLD, "q\n")])
    assert (quit_there.code, quit_there.told("index")) == (3, [1, 2, 3])
    assert "before step 2" in quit_there.talk
    assert json.loads(quit_there.out)["reason"] == "ended at the pause before step 4"
    assert seat.shows("5")


def test_a_part_of_the_steps_can_be_replayed(seat: Seat) -> None:
    part = seat.say("replay", "Twelve", "--from", "1", "--to", "2")
    assert part.code == 0
    assert part.lines[-1].startswith("finished (2 of 2 steps, ")
    rest = seat.say("replay", "Twelve", "--from", "3", "--json")
    assert (rest.code, rest.told("index")) == (0, [3, 4])
    assert seat.shows("12")


def test_the_recorded_pace_is_kept_where_it_is_wanted(seat: Seat) -> None:
    seen = [step.observation.monotonic_ns / 1e6 for step in seat.recorded("Twelve")]
    slow = seat.say("replay", "Twelve", "--speed", "0.5", "--json")
    assert slow.code == 0
    assert json.loads(slow.out)["elapsed_ms"] >= 2 * (seen[-1] - seen[0])


def test_ctrl_c_ends_a_run_with_a_last_line_of_its_own(seat: Seat) -> None:
    said = seat.say("replay", "Twelve", "--speed", "0.05", answers=[("1/4  ok", CTRL_C)])
    assert said.code == 3
    assert said.lines[-1].startswith("stopped: interrupted by Ctrl-C or a signal (1 of 4 steps, ")
    assert seat.shows("7")


def test_a_person_who_stops_one_row_of_data_stops_them_all(seat: Seat, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("who\nAda\nEve\n")
    note = Step("n", Note("for each"))
    seat.save("Rows", note, variables=["who"])
    stopped = seat.say("replay", "Rows", "--data", str(rows), "--approve", "ask", answers=[(ALLOW, "s\n")])
    assert stopped.code == 3
    assert "1 of 2 rows were not begun" in stopped.lines
    assert stopped.lines[-1] == "2 rows: 0 finished, 0 failed, 1 stopped"
    done = seat.say("replay", "Rows", "--data", str(rows))
    assert (done.code, done.lines[-1]) == (0, "2 rows: 2 finished, 0 failed, 0 stopped")


# --- rehearsals


def test_a_rehearsal_locates_every_step_and_does_nothing(seat: Seat) -> None:
    said = seat.say("replay", "Twelve", "--dry-run", "--json")
    assert (said.code, said.told("status"), said.told("verified")) == (0, ["would-do"] * 4, [None] * 4)
    assert all(said.told("point"))
    assert seat.shown() == "0"


def test_a_rehearsal_skips_what_depends_on_earlier_steps(seat: Seat) -> None:
    said = seat.say("replay", "Hello", "--dry-run")
    assert said.code == 0
    assert said.talk.count("cannot be judged before the earlier steps have been done") == 2
    assert said.lines[-1].startswith("rehearsed (0 of 2 steps located, nothing was done, ")


def test_a_rehearsal_fails_where_a_step_has_no_place(seat: Seat, renamed: str) -> None:
    said = seat.say("replay", renamed, "--dry-run", "--json")
    assert (said.code, said.told("status")) == (1, ["failed", "would-do"])
    assert seat.shown() == "0"


# --- pointing


@pytest.mark.parametrize("approve", ["risky", "ask"])
def test_a_person_points_at_what_is_called_otherwise_today(seat: Seat, renamed: str, approve: str) -> None:
    allowed: list[tuple[str, Answer]] = [(ALLOW, "a\n")] * 2 if approve == "ask" else []
    answers = [("Click on the place", pointing(seat)), *allowed]
    options = ("--on-drift", "ask", "--approve", approve)
    said = seat.say("replay", renamed, *options, "--json", answers=answers)
    assert (said.code, said.told("status")) == (0, ["repaired", "done"])
    assert said.told("located_by")[0] == ["person"]
    assert said.talk.count("Click on the place") == 1
    assert seat.shows("7")


def test_escape_instead_of_pointing_stops_the_run(seat: Seat, renamed: str) -> None:
    def escape() -> None:
        seat.wait_until_picking()
        seat.use("key", "Escape")

    options = ("--on-drift", "ask", "--timeout", "3")
    said = seat.say("replay", renamed, *options, "--json", answers=[("Click on the place", escape)])
    assert (said.code, said.told("status")) == (3, ["skipped"])
    assert seat.shown() == "0"


def test_on_a_desktop_that_nobody_sees_nobody_can_point(seat: Seat, renamed: str) -> None:
    options = ("--private-desktop", "--app", "galculator", "--on-drift", "ask", "--timeout", "3")
    said = seat.say("replay", renamed, *options)
    assert said.code == 3
    assert "nobody is there to point at the place" in said.lines[-1]


# --- every kind of step


def test_an_answer_can_be_typed_and_finish_ends_the_run(seat: Seat) -> None:
    seat.desktop.launch("mousepad")
    field, text = seat.recorded("Hello")
    ask = Step("a", Ask("Which month?", variable="month"))
    typed = replace(text, action=TypeText("for {{month}}"))
    steps = (Step("n", Note("begin")), ask, field, typed, Step("f", Finish("done")), Step("z", Fail("never here")))
    seat.save("Talk", *steps)
    said = seat.say("replay", "Talk", "--json", answers=[("Which month?", "May\n")])
    assert (said.code, said.told("status")) == (0, ["done"] * 5)
    assert said.told("verified") == [None, None, True, True, None]
    assert seat.shows("for May", "mousepad")


def test_a_step_that_gives_up_fails_the_run_with_its_reason(seat: Seat) -> None:
    seat.save("Fails", Step("f", Fail("the invoice is missing")), *seat.recorded("Twelve"))
    said = seat.say("replay", "Fails")
    assert said.code == 1
    assert said.lines[-1].startswith("failed: step 1: the invoice is missing (")
    assert seat.shown() == "0"


def test_a_condition_is_waited_for_and_checked(seat: Seat) -> None:
    seven = Condition(app="galculator", element="7")
    sure = (Step("w", Wait(until=Condition(window="galculator"))), Step("c", Check(seven)))
    seat.save("Sure", *sure)
    assert seat.say("replay", "Sure").code == 0
    wrong = Step("c", Check(Condition(app="galculator", element="7", present=False)))
    late = Step("w", Wait(until=Condition(window="No such window")))
    for number, step in enumerate((wrong, late)):
        said = seat.say("replay", seat.save(f"Unsure {number}", step), "--timeout", "1", "--json")
        assert (said.code, said.told("status")) == (1, ["failed"])
        assert said.told("message")[0]


def test_what_is_read_off_one_application_can_be_typed_into_another(seat: Seat) -> None:
    seat.desktop.launch("mousepad")
    field, text = seat.recorded("Hello")
    read = replace(seat.recorded("Display")[0], action=Read("sum"))
    front = Step("a", Activate("mousepad"))
    typed = replace(text, action=TypeText("{{sum}} in all"))
    seat.save("Carry over", Step("g", Activate("galculator")), *seat.recorded("Twelve"), read, front, field, typed)
    said = seat.say("replay", "Carry over", "--json")
    assert (said.code, said.told("status")) == (0, ["done"] * 9)
    assert seat.shows("12 in all", "mousepad")


def test_a_workflow_is_called_with_its_arguments(seat: Seat) -> None:
    seat.desktop.launch("mousepad")
    field, text = seat.recorded("Hello")
    seat.save("Greet", field, replace(text, action=TypeText("Hi {{who}}!")), variables=["who"])
    seat.save("Call", Step("c", Call("Greet", (Argument("who", "Ada"),))))
    said = seat.say("replay", "Call", "--json")
    assert (said.code, said.told("status")) == (0, ["done"] * 3)
    assert seat.shows("Hi Ada!", "mousepad")


def test_a_window_is_brought_to_the_front_or_said_to_be_missing(seat: Seat) -> None:
    seat.desktop.launch("mousepad")
    seat.save("Front", Step("a", Activate("galculator")))
    said = seat.say("replay", "Front", "--json")
    assert (said.code, said.told("verified"), seat.in_front()) == (0, [True], "galculator")
    seat.save("Gone", Step("a", Activate("mousepad", "Quarterly report")))
    gone = seat.say("replay", "Gone", "--timeout", "1")
    assert gone.code == 1
    assert "Quarterly report" in gone.lines[-1]


# --- what it looks like


def test_progress_stands_in_columns(seat: Seat, renamed: str) -> None:
    for words in (("Twelve",), ("Twelve", "--dry-run"), (renamed, "--timeout", "1")):
        lines = seat.say("replay", *words).lines
        steps = [line for line in lines if re.match(r"\d/\d  ", line)]
        assert steps == lines[:-1]
        assert {line.index("click the") for line in steps} == {25}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("Nobody",), 2, r"no trajectory is called 'Nobody'; `workbench-cli list`"),
        (("Twelve", "--from", "9"), 2, r"there is no step 9: 'Twelve' has 4 steps; give a number from 1 to 4"),
        (("Twelve", "--break-at", "5"), 2, r"there is no step 5"),
        (("Twelve", "--from", "3", "--to", "2"), 2, r"--to 2 comes before --from 3"),
        (("Twelve", "--var", "who=Ada"), 2, r"'Twelve' has no variable 'who' to give a value to; it has: none"),
        (("Greet",), 2, r"the variable 'who' of 'Greet' has no value; give one with --var who=VALUE"),
        (("Greet", "--var", "who"), 2, r"--var 'who' is not NAME=VALUE, such as amount=12"),
        (("Greet", "--data", "twice.csv"), 2, r"twice\.csv has two columns called 'who'"),
        (("Greet", "--data", "latin.csv"), 2, r"latin\.csv is not in UTF-8; save it as CSV in UTF-8"),
        (("Greet", "--data", "uneven.csv"), 2, r"uneven\.csv, line 3: it has more or fewer values"),
        (("Greet", "--data", "none.csv"), 2, r"none\.csv cannot be read: .*; check the path"),
        (("Call nobody",), 2, r"a step calls a workflow that cannot be had: no trajectory is called 'Nobody'"),
        (("Call Greet",), 2, r"'who' of 'Greet' has no value; the step that calls it has to give one"),
        (("Secret",), 4, r"there is no keyring .*; start it inside a desktop session"),
        (("damaged.trajectory",), 2, r"damaged\.trajectory is not a bundle .*; get it again"),
        (("Twelve",), 4, r"there is no display .*: run this in a graphical session, or use --private-desktop"),
        (("Twelve", "--on-drift", "repair"), 4, r"there is no display"),
        (("Twelve", "--model", "nobody"), 4, r"there is no model “nobody”"),
        (("Twelve", "--private-desktop", "big"), 2, r"'big' is not a size such as 1280x800"),
        (
            ("Twelve", "--private-desktop", "--app", "no-such"),
            2,
            r"there is no program 'no-such' to launch; install it",
        ),
    ],
)
def test_what_cannot_be_replayed_is_said_in_one_line_with_what_to_do(
    files: Path, workbench: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, says: str
) -> None:
    monkeypatch.chdir(files)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    given = [str(files / word) if "." in word else word for word in words]
    done = workbench.run("replay", *given)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.count("\n") == 1
    assert re.search(says, done.stderr), done.stderr


@pytest.fixture
def files(workbench: Any, tmp_path: Path) -> Path:
    """A library and files with something wrong in each."""
    greet = Step("t", TypeText("Hi {{who}}!"))
    made = {
        "Twelve": [Step(f"n{number}", Note("a step")) for number in range(4)],
        "Call nobody": [Step("c", Call("Nobody"))],
        "Call Greet": [Step("c", Call("Greet"))],
        "Secret": [Step("t", TypeText(secret="mail"))],
    }
    with Library.open(workbench.library) as library:
        library.save(Trajectory(library.new_id(), "Greet", (greet,), variables=(Variable("who"),)))
        for title, steps in made.items():
            library.save(Trajectory(library.new_id(), title, tuple(steps)))
    (tmp_path / "twice.csv").write_text("who,who\nAda,Eve\n")
    (tmp_path / "latin.csv").write_bytes("who\nZo\xeb\n".encode("latin-1"))
    (tmp_path / "uneven.csv").write_text("who\nAda\nAda, Eve\n")
    (tmp_path / "damaged.trajectory").write_bytes(b"PK\x03\x04 and then nothing")
    return tmp_path
