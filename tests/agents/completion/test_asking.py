"""What a model adds, and what of it is not taken."""

import json

import numpy as np
import pytest

from agents.completion.asking import Asker, Moment
from agents.completion.completing import MOST_FAILURES, complete
from agents.completion.faults import fault_of, hindsight
from agents.completion.meaning import meaning
from agents.completion.picturing import RED, marked
from agents.planning.scripted import ScriptedModel
from agents.runtime.prompt import Picture
from workbench.errors import StoppedError


def asker(library, *answers) -> Asker:
    return Asker(
        ScriptedModel([json.dumps(one) if isinstance(one, dict) else one for one in answers]), library.frames.load
    )


def moment(letter, at: int) -> Moment:
    after = letter.steps[at + 1] if at + 1 < len(letter.steps) else None
    return Moment("Write to Ada", letter.steps[at], meaning(letter.steps[at]), ("wrote the letter",), after)


GOOD = {"good": True, "target": ""}
THOUGHT = {"thought": "The name is there, so I save the letter."}


def test_three_passes_give_meaning_and_thought(library, letter):
    asked = asker(library, {"target": "the Save button at the top"}, GOOD, THOUGHT)
    said = asked.ask(moment(letter, 4))
    assert said.meaning.startswith("click the Save button at the top")
    assert (said.thought, said.refused) == (THOUGHT["thought"], ())
    pictures = [part for prompt in asked.model.prompts for part in prompt[1].parts if isinstance(part, Picture)]
    assert len(asked.model.prompts) == len(pictures) == 3


def test_a_corrected_description_is_taken(library, letter):
    said = asker(library, {"target": "the Close button"}, {"good": False, "target": "the Save button"}, THOUGHT).ask(
        moment(letter, 4)
    )
    assert said.meaning.startswith("click the Save button")


@pytest.mark.parametrize(
    ("target", "checked", "why"),
    [
        ("the button in the red frame", GOOD, "mark"),
        ("the button “Delete all”", GOOD, "not there"),
        ("the Close button", {"good": False, "target": ""}, "own check"),
        ("the ▇▇▇ field", GOOD, "hidden"),
    ],
)
def test_a_description_that_does_not_hold_leaves_the_one_by_rules_and_says_why(library, letter, target, checked, why):
    said = asker(library, {"target": target}, checked, THOUGHT).ask(moment(letter, 4))
    assert said.meaning == ""
    assert why in said.refused[0]
    assert said.thought


def test_a_thought_that_knows_the_next_step_is_not_taken(library, letter):
    said = asker(library, {"target": "the menu item"}, GOOD, {"thought": "I open the dialog to fill in its name."}).ask(
        moment(letter, 2)
    )
    assert said.thought == ""
    assert "follows" in said.refused[0]


def test_what_is_no_json_is_asked_for_again_and_then_left(library, letter):
    said = asker(library, "no", "no", "no", "no").ask(moment(letter, 1))
    assert (said.meaning, said.thought) == ("", "")
    assert len(said.refused) == 2


def test_a_model_that_says_nothing_usable_is_not_asked_for_ever(library, letter):
    model = ScriptedModel(lambda _prompt: "no")
    done = complete(library, letter.id, model=model)
    assert done.thoughts == 8
    assert "rest was completed by rules" in done.refused[-1]
    assert len(model.prompts) <= MOST_FAILURES * 4


def test_a_better_model_writes_over_an_earlier_completion_but_not_over_a_person(library, letter):
    from workbench import editing

    first = complete(library, letter.id).trajectory
    mine = next(at for at, step in enumerate(first.steps, 1) if step.id == "s5")
    other = next(at for at, step in enumerate(first.steps, 1) if step.id == "s3")
    library.revise(editing.with_words(first, mine, description="my words", thought="my thought"), note="words")

    def says(prompt):
        head = prompt[0].parts[0]
        if "thinks" in head:
            return json.dumps({"thought": "Better."})
        return json.dumps(
            GOOD if "check" in head else {"title": "A", "task": "B"} if "wanted" in head else {"target": "it"}
        )

    done = complete(library, letter.id, model=ScriptedModel(says))
    steps = done.trajectory.steps
    assert (steps[mine - 1].description, steps[mine - 1].thought) == ("my words", "my thought")
    assert (steps[other - 1].thought, done.chapters) == ("Better.", 0)
    assert (done.proposal.title, done.proposal.task) == ("", "B")


def test_stopping_a_model_ends_the_work_with_nothing_changed(library, letter):
    def stopped(_prompt):
        raise StoppedError("cancelled")

    with pytest.raises(StoppedError):
        complete(library, letter.id, model=ScriptedModel(stopped))
    assert len(library.history(letter.id)) == 1


def test_the_target_is_framed_in_its_surroundings(library, letter):
    picture = marked(letter.steps[0], library.frames.load)
    assert picture.width <= 480
    assert picture.height <= 320
    assert (picture.pixels == np.array(RED)).all(axis=2).sum() > 100


def test_faults_are_told_and_plain_words_are_not():
    assert fault_of("the button “Save”", known='push button "Save"') == ""
    assert fault_of("as marked in the screenshot", known="")
    assert hindsight("I do this", None, known="") == ""
