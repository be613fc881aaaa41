"""What is learned from trajectories is kept, told, and goes where what it was learned from is purged."""

import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from workbench.actions import TypeText
from workbench.errors import BadInputError
from workbench.library.learning import Lesson, Span, Standing, Use
from workbench.library.store import RecordingOpening
from workbench.trajectory import Observation, Step

SECRET = "Xylophonqueue"


def lesson(identifier="hint", **fields):
    given = {"kind": "hint", "app": "shop", "words": f"save {SECRET} first", "sources": (Span("one", 1, 2),), **fields}
    return Lesson(identifier, created=1.0, **given)


@pytest.fixture
def one(library, a_trajectory):
    return library.save(a_trajectory("one"))


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_lesson_comes_back_as_it_was_put_and_follows_its_status(library, one):
    library.learning.put(lesson())
    assert library.learning.lessons("hint") == [lesson()]
    library.learning.put(lesson(status="approved"))
    assert library.learning.lesson("hint").status == "approved"
    assert library.learning.lessons("hint", status="proposed") == []
    assert library.learning.lessons("workflow") == []
    library.learning.remove("hint")
    with pytest.raises(BadInputError, match="no workflow or hint hint"):
        library.learning.lesson("hint")


def test_uses_are_told_by_what_was_lent_and_by_run_and_learn_how_the_run_went(library, one):
    library.learning.lend([Use("r1", "whole", "one"), Use("r1", "steps", "two"), Use("r2", "whole", "one")])
    library.learning.lend([Use("r1", "whole", "one", success=True)])
    assert library.learning.uses(lent="one") == [Use("r2", "whole", "one"), Use("r1", "whole", "one", success=True)]
    assert [use.lent for use in library.learning.uses(run="r1")] == ["two", "one"]
    library.learning.stand(Standing("one", active=False, by="merit", reason="lost 4 of 4"))
    assert library.learning.standings()["one"] == Standing("one", active=False, by="merit", reason="lost 4 of 4")


def test_deleting_the_source_takes_proposals_along_and_leaves_what_a_person_approved(library, one, a_trajectory):
    library.save(a_trajectory("flow"))
    library.learning.put(lesson("proposal"))
    library.learning.put(lesson("flow-1", kind="workflow", words="save", status="approved", trajectory="flow"))
    library.learning.lend([Use("r1", "whole", "one")])
    library.delete("one")
    assert library.learning.lessons("hint") == []
    assert library.learning.lesson("flow-1").sources == ()
    assert library.learning.uses() == []
    assert SECRET.encode() not in _bytes(library.path)
    library.delete("flow")
    assert library.learning.lessons("workflow") == []
    assert library.verify() == []


def test_a_purged_text_is_in_no_lesson_and_in_no_workflow_that_was_learned_from_it(library, one, a_trajectory):
    typed = Step("s1", TypeText(SECRET), Observation())
    library.save(a_trajectory("flow", steps=(typed,), title=f"About {SECRET}"))
    library.learning.put(lesson("flow-1", kind="workflow", status="approved", trajectory="flow"))
    assert SECRET.encode() in _bytes(library.path)
    library.purge_text("one", SECRET)
    assert SECRET.encode() not in _bytes(library.path)
    assert library.learning.lesson("flow-1").words == "save ▇▇▇ first"
    assert library.verify() == []


def test_a_text_is_purged_from_what_was_learned_from_a_workflow_and_from_why_something_is_not_lent(
    library, a_trajectory, one
):
    library.save(a_trajectory("flow"))
    library.learning.put(lesson("w", kind="workflow", status="approved", trajectory="flow"))
    library.learning.put(lesson("h", sources=(Span("flow", 1, 1),), status="approved"))
    library.learning.stand(Standing("one", active=False, by="person", reason=f"it saves {SECRET}"))
    library.purge_text("one", SECRET)
    assert SECRET.encode() not in _bytes(library.path)
    assert library.learning.standings()["one"].reason == "it saves ▇▇▇"


def test_forgetting_a_stretch_takes_all_that_was_learned_from_the_recording(
    library, a_trajectory, typing_events, recording_of
):
    one = recording_of(typing_events("abc", first=1, start_ns=0))
    library.save(a_trajectory("flow"))
    library.learning.put(lesson("h", sources=(Span(one, 1, 1),), status="approved"))
    library.learning.put(lesson("w", kind="workflow", sources=(Span(one, 1, 1),), status="approved", trajectory="flow"))
    library.learning.put(lesson("from flow", sources=(Span("flow", 1, 1),), status="approved"))
    library.forget(one, since_ns=time.monotonic_ns())
    assert library.learning.lessons("hint") == library.learning.lessons("workflow") == []
    assert "flow" not in library
    assert library.verify() == []


@pytest.fixture
def recording_of(library, a_trajectory):
    """Store a finished recording of these events; its id."""

    def store(events):
        writer = library.begin_recording(RecordingOpening("Morning"))
        writer.append(events, [])
        identifier = writer.id
        writer.close()
        library.complete_recording(replace(a_trajectory("x"), id=identifier))
        return identifier

    return store
