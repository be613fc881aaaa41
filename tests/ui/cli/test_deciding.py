"""A person at a terminal decides about a step; every scene runs on a real pseudo-terminal."""

import os
import pty
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from ui.cli.proposing import WIDTH, proposal_lines
from workbench.actions import Click, PressKeys, TypeText
from workbench.approval import Batch, Decision
from workbench.events import ApprovalAsked, StepProposed, TakeOverBegan
from workbench.geometry import Point, Rect
from workbench.locate.verdict import Verdict, Vote
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Window

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 30.0
ASKED, BACK = "[a/m/r/t/n/s]", "Enter goes back"

SCENE = """
import sys
import msgspec
from ui.cli.console import Console
from ui.cli.terminal import Terminal
from workbench import events

told = msgspec.json.decode(sys.argv[1], type=list[events.Event])
face = Terminal(Console(), seen=True)
for event in told:
    face.hear(event)
last = told[-1]
if isinstance(last, events.ApprovalAsked):
    answer = face.decide(last.index, last.risk, last.reason)
else:
    answer = face.resume(last.index)
sys.stdout.write(msgspec.json.encode(answer).decode())
"""

WINDOW = Window("thunderbird", "Write: Hello", Rect(0, 0, 400, 300))
BOX = Rect(100, 100, 40, 20)


def element(name: str, role: str = "push button") -> Element:
    return Element("thunderbird", "Write: Hello", role, name, BOX)


SEND = Step(
    "s1",
    Click(),
    Observation(window=WINDOW),
    Target(Point(120, 110), WINDOW, element("Send")),
    outcome=Outcome(window=Window("thunderbird", "Inbox", WINDOW.bounds)),
)
TYPE = Step("s2", TypeText("Dear Ada"), Observation(window=WINDOW))
SECRET = Step("s3", TypeText(secret="mail"), Observation(window=WINDOW))
AGREED = Verdict(
    Point(120, 110), ("element", "crop"), 0.9, (Vote("element", "found"), Vote("crop", "found"), Vote("text", "absent"))
)
OTHERS = (element("Send"), element("Save draft"), element("Send later"), element("Subject", "entry"))
QUESTION = ApprovalAsked(
    index=1,
    risk="leaves-machine",
    reason="it is called “send”",
    confidence=0.62,
    sureness="unsure",
    verdict=AGREED,
    elements=OTHERS,
)

Talk = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Said:
    """What the terminal showed, and the answer that came of it."""

    talk: str
    answer: bytes

    @property
    def decision(self) -> Decision:
        return msgspec.json.decode(self.answer, type=Decision)


Scene = Callable[..., Said]


@pytest.fixture
def scene() -> Iterator[Scene]:
    """Plays a step's question on a terminal: waits for each text, then types its answer."""
    opened: list[int] = []

    def play(talk: Talk, *, step: Step = SEND, last: object = QUESTION) -> Said:
        master, slave = pty.openpty()
        opened.append(master)
        told = msgspec.json.encode([StepProposed(index=1, step=step, why="The letter is ready."), last])
        with subprocess.Popen(
            [sys.executable, "-c", SCENE, told], stdin=slave, stdout=subprocess.PIPE, stderr=slave, cwd=ROOT
        ) as process:
            os.close(slave)
            shown = _converse(master, list(talk), process)
            assert process.stdout
            answer = process.stdout.read()
        assert process.returncode == 0, shown
        return Said(shown, answer)

    yield play
    for descriptor in opened:
        os.close(descriptor)


def _converse(master: int, talk: list[tuple[str, str]], process: "subprocess.Popen[bytes]") -> str:
    heard, mark = b"", 0
    while select.select([master], [], [], PATIENCE_S)[0]:
        try:
            heard += os.read(master, 4096)
        except OSError:
            break
        if talk and talk[0][0].encode() in heard[mark:]:
            mark = len(heard)
            os.write(master, talk.pop(0)[1].encode())
    else:
        process.kill()
    assert not talk, f"it never said {talk[0][0]}: {heard.decode()}"
    return heard.decode().replace("\r\n", "\n")


def test_a_person_is_told_step_place_expectation_risk_confidence_and_witnesses(scene: Scene) -> None:
    said = scene([(ASKED, "a\n")])
    assert said.decision == Decision("approve", "person")
    assert "step 1: click the button “Send” in Thunderbird\n" in said.talk
    assert "  Where: thunderbird, window “Write: Hello”, the button “Send” at 120, 110\n" in said.talk
    assert "  Expected: the window “Inbox” in front\n" in said.talk
    assert "  Risk: leaves-machine, others get to know of it; it is called “send”\n" in said.talk
    assert "  Confidence: 0.62, unsure\n" in said.talk
    assert "  Witnesses: element, crop agree; text does not find it\n" in said.talk
    assert "  Why: The letter is ready.\n" in said.talk


def test_no_line_is_wider_than_eighty_columns_and_none_hides_control_characters() -> None:
    long = "very \x1b[31m long \u202e words " * 20
    window = Window("app " * 30, long, WINDOW.bounds)
    step = Step("s", Click(), Observation(window=window), Target(Point(1, 1), window, element(long)))
    for line in proposal_lines(step, msgspec.structs.replace(QUESTION, reason=long), of=12, why=long):
        assert len(line) <= WIDTH
        assert line.isprintable()


def test_a_refusal_carries_the_person_s_words_or_none(scene: Scene) -> None:
    worded = scene([(ASKED, "r\n"), ("instead?", "ask Ada first\n")]).decision
    assert (worded.word, worded.words) == ("reject", "ask Ada first")
    assert "ask Ada first" in worded.reason
    silent = scene([(ASKED, "r\n"), ("instead?", "\n")]).decision
    assert (silent.word, silent.words) == ("reject", "")


def test_the_next_ones_are_counted_until_a_number_is_given(scene: Scene) -> None:
    talk = [(ASKED, "n\n"), ("how many", "lots\n"), ("how many", "0\n"), ("how many", "3\n")]
    assert scene(talk).decision == Decision("approve", "person", next_same=3)


def test_steps_that_history_expects_are_told_with_why_and_approved_together(scene: Scene) -> None:
    steps = ("click the button “New” in Shop", "type a text")
    asked = msgspec.structs.replace(QUESTION, batch=Batch(2, 0.79, steps, "as in “Add Bob” and 2 more, sure by 0.79"))
    said = scene([("[a/b/m/r/t/n/s]", "b\n")], last=asked)
    assert said.decision == Decision("approve", "person", ahead=2)
    told = " ".join(said.talk.split())
    assert "Next: 2 more steps as in “Add Bob” and 2 more, sure by 0.79: 1. click the button “New” in Shop; 2." in told
    assert "approve the batch" in told


def test_nothing_is_approved_together_where_history_expects_nothing(scene: Scene) -> None:
    assert scene([(ASKED, "b\n"), (ASKED, "a\n")]).decision == Decision("approve", "person")


def test_a_person_who_thinks_better_of_it_is_asked_again(scene: Scene) -> None:
    talk = [(ASKED, "n\n"), ("how many", "\n"), (ASKED, "m\n"), (BACK, "\n"), (ASKED, "x\n"), (ASKED, "s\n")]
    assert scene(talk).decision.word == "stop"


@pytest.mark.parametrize(
    ("answer", "name"),
    [("save\n", "Save draft"), ("e4\n", "Subject"), ("send\n", "Send"), ("button later\n", "Send later")],
)
def test_another_element_is_chosen_by_its_words_or_its_reference(scene: Scene, answer: str, name: str) -> None:
    step = scene([(ASKED, "m\n"), (BACK, "e\n"), ("which element?", answer)]).decision.step
    assert step is not None
    assert step.target is not None
    assert step.target.element is not None
    assert (step.id, step.target.element.name, step.target.window) == ("s1", name, WINDOW)
    assert step.outcome == Outcome()


def test_words_that_mean_several_elements_or_none_choose_nothing(scene: Scene) -> None:
    talk = [
        (ASKED, "m\n"),
        (BACK, "e\n"),
        ("which element?", "se\n"),
        ("which element?", "nowhere\n"),
        ("which element?", "\n"),
    ]
    said = scene([*talk, (ASKED, "s\n")])
    assert "  e1  the button “Send”\n  e3  the button “Send later”\n" in said.talk
    assert "no element is called so" in said.talk
    assert said.decision.word == "stop"


@pytest.mark.parametrize("cut", [False, True])
def test_a_person_is_told_where_elements_are_missing_from_the_list(scene: Scene, cut: bool) -> None:
    question = msgspec.structs.replace(QUESTION, elements_cut=cut)
    talk = [(ASKED, "m\n"), (BACK, "e\n"), ("which element?", "?\n"), ("which element?", "\n"), (ASKED, "s\n")]
    said = scene(talk, last=question)
    assert ("take over where the one you mean is missing" in said.talk) == cut


def test_another_text_or_other_keys_replace_the_action(scene: Scene) -> None:
    text = scene([(ASKED, "m\n"), (BACK, "t\n"), ("which text", "Dear Eve\n")], step=TYPE).decision
    assert (text.word, text.step and text.step.action) == ("modify", TypeText("Dear Eve"))
    talk = [(ASKED, "m\n"), (BACK, "k\n"), ("which keys", "hyper+z\n"), ("which keys", "ctrl+z\n")]
    said = scene(talk)
    assert "no key is called hyper; name it like" in said.talk.replace("'", "")
    keys = said.decision.step
    assert keys is not None
    assert (keys.action, keys.target) == (PressKeys(("ctrl", "z")), None)


def test_a_secret_cannot_be_replaced_by_a_text(scene: Scene) -> None:
    said = scene([(ASKED, "m\n"), (BACK, "t\n"), (ASKED, "s\n")], step=SECRET)
    assert "another text" not in said.talk
    assert said.decision.word == "stop"


def test_taking_over_is_a_decision_and_ends_with_going_on_or_quitting(scene: Scene) -> None:
    assert scene([(ASKED, "t\n")]).decision.word == "take-over"
    began = TakeOverBegan(index=1)
    assert scene([("[c/q]", "c\n")], last=began).answer == b'"continue"'
    assert scene([("[c/q]", "q\n")], last=began).answer == b'"stop"'
    assert scene([("[c/q]", "\x04")], last=began).answer == b'"stop"'


def test_a_person_who_leaves_at_any_question_stops_the_run(scene: Scene) -> None:
    for talk in ([(ASKED, "\x04")], [(ASKED, "r\n"), ("instead?", "\x04"), (ASKED, "\x04")]):
        decision = scene(talk).decision
        assert (decision.word, decision.by) == ("stop", "policy")
