"""What a person wrote never changes, whoever completes; what is hidden is told nowhere."""

import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from agents.completion.completing import complete
from agents.completion.naming import proposal
from agents.planning.scripted import ScriptedModel
from workbench.actions import Click, Note, TypeText
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.report.words import describe
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Trajectory, Window

PLACE = Rect(0, 0, 80, 20)
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=20).filter(str.strip)
HIDDEN = st.text("qxzjkQXZJK0123456789", min_size=3, max_size=12)
FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])


def step(number: int, name: str, action, **more) -> Step:
    window = Window("shop", f"Page {number // 2}", PLACE)
    target = Target(Point(3, 3), window, Element("shop", window.title, "text", name, PLACE))
    made = replace(Step(f"s{number}", action, Observation(window=window), target), **more)
    return made if "description" in more else replace(made, description=describe(made))


def answering(prompt) -> str:
    """A model that finds something to say to everything."""
    system = prompt[0].parts[0]
    kinds = {"check": {"good": True, "target": ""}, "say which": {"target": "the field at the top"}}
    kinds |= {"write what": {"thought": "Now I go on with what is due."}, "wanted": {"title": "A", "task": "Do it."}}
    return json.dumps(next(answer for words, answer in kinds.items() if words in system[:60]))


@st.composite
def written(draw):
    """Steps of which a person has described some, and thought about some."""
    steps = []
    for number in range(draw(st.integers(1, 8))):
        more = {"thought": draw(WORDS)} if draw(st.booleans()) else {}
        if draw(st.booleans()):
            more["description"] = draw(WORDS)
        steps.append(step(number, draw(WORDS), draw(st.sampled_from([Click(), TypeText("abc")])), **more))
    return Trajectory("t00000000001", "Mine", tuple(steps))


@FEW
@given(written(), st.lists(st.booleans(), min_size=1, max_size=3))
def test_what_a_person_wrote_never_changes(trajectory, with_model):
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        saved = library.save(trajectory)
        for models in with_model:
            complete(library, saved.id, model=ScriptedModel(answering) if models else None)
        after = {one.id: one for one in library.get(saved.id).steps if not isinstance(one.action, Note)}
    assert list(after) == [one.id for one in saved.steps]
    for was in saved.steps:
        assert after[was.id].action == was.action
        assert not was.thought or after[was.id].thought == was.thought
        assert was.description == describe(was) or after[was.id].description == was.description


@FEW
@given(HIDDEN, st.sampled_from(["masked", "password"]), st.sampled_from(["the shop", "Order {} now"]))
def test_a_hidden_text_is_in_no_thought_meaning_chapter_proposal_or_prompt(text, why, task):
    field = Element("shop", "Login", "password text", "Word", PLACE, value=text, password=True)
    hidden = replace(
        step(2, "Word", TypeText(text), masked="typed text" if why == "masked" else ""),
        outcome=Outcome(element=replace(field, password=why == "password")),
    )
    if why == "password":
        hidden = replace(hidden, target=replace(hidden.target, element=field))
    told = Window("shop", f"Hello {text}", PLACE)
    later = replace(step(3, f"Order as {text}", Click()), observation=Observation(window=told))
    steps = (step(1, "Name", TypeText("Ada")), replace(hidden, description=describe(hidden)), later)
    whole = Trajectory(
        "t00000000001", "Mine", tuple(replace(s, description=describe(s)) for s in steps * 3), task.format(text)
    )
    whole = replace(whole, steps=tuple(replace(s, id=f"n{at}") for at, s in enumerate(whole.steps)))
    model = ScriptedModel(answering)
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder)) as library:
        saved = library.save(whole)
        rules = complete(library, saved.id)
        models = complete(library, saved.id, model=model)
    for done in (rules, models):
        assert not [one.thought for one in done.trajectory.steps if text in one.thought]
        changed = [
            new.description
            for new, old in zip(done.trajectory.steps, saved.steps, strict=False)
            if new.id == old.id and new.description != old.description
        ]
        assert not [words for words in changed if text in words]
        assert not [one for one in done.trajectory.steps if isinstance(one.action, Note) and text in one.action.text]
        assert text not in f"{done.proposal.title} {done.proposal.task}"
    assert text not in f"{proposal(whole)}"
    assert not [part for prompt in model.prompts for message in prompt for part in message.parts if text in str(part)]
