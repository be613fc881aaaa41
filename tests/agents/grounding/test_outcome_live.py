"""What a step changed is seen and said, without a recording to compare with."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.actions import Click, Finish, Hover, PressKeys, TypeText, Wait
from workbench.session.roles import Verification
from workbench.trajectory import Step

ROOT = Path(__file__).resolve().parents[3]
BRIEF_S = 1.5
"""So long an effect is waited for where none comes."""


@pytest.fixture
def person(bench) -> Iterator[Callable[..., None]]:
    """Somebody who does acts on the desktop, a tenth of a second apart, while the test goes on."""
    begun: list[subprocess.Popen[str]] = []

    def act(*acts: list[str]) -> None:
        environment = os.environ | bench.stage.private.environment() | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, str(ROOT / "tests" / "apps" / "person.py"), "0.1"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, text=True)
        begun.append(process)
        assert process.stdin
        process.stdin.write(json.dumps(acts))
        process.stdin.close()

    yield act
    for process in begun:
        assert process.wait(30) == 0


def _value(bench, grounding):
    """What the field holds now; None while the application does not answer."""
    now = bench.stage.desktop.accessibility.refresh(grounding.element)
    return now and now.value


def test_a_click_without_any_effect_is_no_success(bench):
    bench.stage.form("--slow", "60")
    bench.verifier.timeout_s = BRIEF_S
    bench.do(Click(), "Cancel")
    _, proof = bench.do(Click(), "Cancel")
    assert (proof.ok, proof.differed) == (False, ("nothing changed on the screen",))
    assert proof.observed == "nothing changed on the screen"


def test_an_effect_that_comes_late_is_waited_for(bench):
    bench.stage.form("--slow", "0.6")
    _, proof = bench.do(Click(), "Delete")
    assert proof.ok
    assert "“Delete done”" in proof.observed


def test_what_follows_is_told_in_few_words_and_kept_as_a_recording_keeps_it(bench):
    bench.stage.form("--dialog-on", "Delete")
    grounding, proof = bench.do(Click(), "Delete", until_in_front="Question")
    assert proof.ok
    assert "opened" in proof.observed
    assert len(proof.observed) <= 160
    assert proof.outcome.verified_by == proof.by
    assert proof.outcome.window.title == bench.stage.desktop.windows.active().title
    assert proof.outcome.element.name == "Delete"
    assert proof.outcome.element.ref is None
    assert proof.outcome.changed
    assert bench.eyes.frames.load(proof.outcome.frame).bounds == grounding.sight.frame.bounds


def test_a_box_that_is_ticked_says_so(bench):
    bench.stage.form()
    _, proof = bench.do(Click(), "Newsletter")
    assert proof.ok
    assert "is now checked" in proof.observed


def test_text_that_arrived_is_proved_by_the_field(bench):
    bench.stage.form()
    bench.do(Click(), "the City field")
    _, proof = bench.do(TypeText("Rome"))
    assert (proof.ok, "text" in proof.by) == (True, True)
    assert "“Rome”" in proof.observed


def test_text_that_did_not_arrive_is_no_success_whatever_else_changed(bench):
    bench.stage.form()
    bench.do(Click(), "the City field")
    grounding = bench.ground(TypeText("Rome"))
    bench.performer.perform(Step("k", TypeText("Oslo")), grounding)
    bench.verifier.timeout_s = BRIEF_S
    proof = bench.verifier.verify(grounding.step, grounding)
    assert (proof.ok, proof.differed) == (False, ("the text that was typed is not what the field holds",))


def test_text_that_is_still_arriving_is_waited_for_as_long_as_it_grows(bench, person):
    text = "the quick brown fox jumps over the lazy dog"
    bench.stage.form()
    bench.do(Click(), "the City field")
    grounding = bench.ground(TypeText(text))
    person(*(["type", letter] for letter in text))
    bench.stage.until(lambda: _value(bench, grounding))
    bench.verifier.timeout_s = BRIEF_S
    proof = bench.verifier.verify(grounding.step, grounding)
    assert (proof.ok, proof.outcome.element.value) == (True, text)
    assert proof.waited_ms > 1000 * bench.verifier.timeout_s


def test_text_that_stops_growing_half_way_has_not_arrived(bench, person):
    bench.stage.form()
    bench.do(Click(), "the City field")
    grounding = bench.ground(TypeText("Rome and Oslo"))
    person(*(["type", letter] for letter in "Rome and"))
    bench.stage.until(lambda: _value(bench, grounding))
    bench.verifier.timeout_s = BRIEF_S
    proof = bench.verifier.verify(grounding.step, grounding)
    assert (proof.ok, proof.differed) == (False, ("the text that was typed is not what the field holds",))
    bench.stage.until(lambda: _value(bench, grounding) == "Rome and")


def test_what_a_password_field_holds_is_never_told(bench):
    bench.stage.form()
    bench.do(Click(), "Password")
    grounding, proof = bench.do(TypeText("swordfish"), "Password")
    assert proof.ok
    assert "swordfish" not in repr((proof, grounding.step.target, grounding.step.observation))


def test_clicking_a_field_that_has_the_focus_already_is_no_failure(bench):
    bench.stage.form()
    bench.do(Click(), "the City field")
    _, proof = bench.do(Click(), "the City field")
    assert (proof.ok, "focus" in proof.by) == (True, True)


def test_of_what_changes_nothing_only_that_is_a_failure_which_should_have_had_an_effect(bench):
    bench.stage.form()
    bench.do(Click(), "the City field")
    _, rested = bench.do(Hover(), "the City field")
    _, copied = bench.do(PressKeys(("ctrl", "c")))
    _, selected = bench.do(PressKeys(("ctrl", "a")))
    bench.verifier.timeout_s = BRIEF_S
    _, pressed = bench.do(PressKeys(("F9",)))
    assert [proof.ok for proof in (rested, copied, selected, pressed)] == [None, None, None, False]


def test_nothing_is_expected_of_what_does_nothing(bench):
    bench.stage.form()
    for action in (Wait(), Finish()):
        grounding = bench.ground(action)
        assert bench.verifier.verify(grounding.step, grounding) == Verification(None)
