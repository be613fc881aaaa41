"""The scan finds what is private wherever it stands, in words and in pictures."""

import pytest
from msgspec.structs import replace

from workbench.actions import Check, Click, Condition, Fail, Note, TypeText
from workbench.approval import Decision
from workbench.desktop.ports import Frame
from workbench.errors import StoppedError
from workbench.events import ApprovalDecided, Progress
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent
from workbench.library.exporting.material import Material, Run
from workbench.library.leaks.leak import NAMES
from workbench.library.leaks.scanning import scan, scan_whole
from workbench.library.records import RecordingOpening, RunSummary
from workbench.library.transfer import Kept, Whole, WholeRecording
from workbench.trajectory import (
    CropWitness,
    Element,
    Observation,
    Outcome,
    Step,
    Target,
    TextWitness,
    Trajectory,
    Variable,
    Window,
)

MAIL = "jane.doe@mail.example.org"
SECRET = "correct horse 7"
CARD = "4111 1111 1111 1111"
WINDOW = Window("notes", f"{MAIL} - Notes", Rect(0, 0, 400, 300))
FIELD = Element("notes", "Notes", "text", "Body", Rect(0, 0, 9, 9))

PLACES = {
    "title": lambda t: replace(t, title=f"write to {t.task}"),
    "task": lambda t: t,
    "commands": lambda t: replace(t, commands=(f"mail {t.task}",)),
    "default": lambda t: replace(t, variables=(Variable("who", t.task),)),
    "description of a variable": lambda t: replace(t, variables=(Variable("who", None, t.task),)),
    "typed": lambda t: _step(t, action=TypeText(f"To: {t.task}")),
    "note": lambda t: _step(t, action=Note(t.task)),
    "reason": lambda t: _step(t, action=Fail(t.task)),
    "condition": lambda t: _step(t, action=Check(Condition(text=t.task))),
    "description": lambda t: _step(t, description=t.task),
    "thought": lambda t: _step(t, thought=t.task),
    "masked": lambda t: _step(t, masked=t.task),
    "window title": lambda t: _step(t, observation=Observation(window=replace(WINDOW, title=t.task))),
    "element name": lambda t: _step(t, target=Target(Point(1, 1), element=replace(FIELD, name=t.task))),
    "element value": lambda t: _step(t, outcome=Outcome(element=replace(FIELD, value=t.task))),
    "printed": lambda t: _step(t, target=Target(Point(1, 1), text=TextWitness(t.task, Rect(0, 0, 9, 9)))),
}


def _step(trajectory: Trajectory, **fields: object) -> Trajectory:
    return replace(trajectory, steps=(replace(Step("s1", Click()), **fields),))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", [MAIL, SECRET, CARD])
def test_it_is_found_in_every_field_that_people_and_applications_write(place, text, look_through):
    made = PLACES[place](Trajectory("T", "Sample", task=text, revision=1))
    (found,) = look_through(made, known={"bank": SECRET})
    assert found.kind == {MAIL: "e-mail", SECRET: "secret", CARD: "card-number"}[text]
    assert text not in str(found)
    assert text not in repr(found)
    assert text[3:-3] not in found.excerpt
    assert found.where.startswith("T@1")


def test_the_same_thing_in_many_places_is_one_finding_with_all_its_places(look_through):
    steps = tuple(Step(f"s{n}", TypeText(MAIL), Observation(window=WINDOW)) for n in (1, 2, 3))
    (found,) = look_through(Trajectory("T", "Sample", steps))
    assert sorted({place.step for place in found.places}) == [1, 2, 3]
    assert len(found.places) == 6


def test_an_id_follows_from_the_place_and_not_from_what_was_found(look_through):
    def found_in(text: str, revision: int = 1) -> str:
        return look_through(Trajectory("T", "Sample", task=text, revision=revision))[0].id

    assert found_in("a.b@mail.example.org") == found_in("jane@other.example.com")
    assert found_in("a.b@mail.example.org") != found_in("a.b@mail.example.org", revision=2)
    assert found_in("a.b@mail.example.org") != found_in("to a.b@mail.example.org")


def test_a_short_secret_counts_only_where_it_stands_alone(look_through):
    made = Trajectory("T", "Sample", (Step("s1", TypeText("7 of 47")),))
    (found,) = look_through(made, known={"pin": "7"})
    assert [place.start for place in found.places] == [0]


def test_digests_and_names_of_ours_are_not_taken_for_tokens(look_through):
    step = Step("s1", Click(), Observation(frame="0123456789abcdefABCDxyzXYZ123456"), recorded_in="2mzeby9bmw0f")
    assert look_through(Trajectory("xK9fQ2mZ7pL4vR8tW1nB", "Sample", (step,))) == ()


def test_what_runs_said_is_found_where_runs_leave(look_through):
    decided = ApprovalDecided(number=1, index=1, decision=Decision("reject", "person", words=f"never write to {MAIL}"))
    events = (decided, Progress(number=2, text=f"typing {CARD}"))
    run = Run(RunSummary("R1", "T", 1, "Sample", 1.0, "failed", f"no {SECRET}", 1.0), events)
    found = look_through(Trajectory("T", "Sample"), known={"bank": SECRET}, runs=(run,))
    assert {one.kind for one in found} == {"e-mail", "card-number", "secret"}
    assert all(one.place.run == "R1" for one in found)


def test_a_bundle_is_looked_through_with_its_history_notes_and_recorded_keys(typing_events):
    head = Trajectory("T", "Sample", revision=2)
    older = Kept(replace(head, task=MAIL, revision=1), note=f"imported for {CARD}")
    events = (*typing_events(SECRET), InputEvent(999, 10**9, "note", text="+49 170 1234567"))
    recording = WholeRecording(RecordingOpening("Sample"), events)
    whole = Whole("T", 2, (older, Kept(head, parent=1)), recording)
    found = scan_whole(whole, {}.__getitem__, {"bank": SECRET}, told=lambda _done, _of: None)
    assert {one.kind for one in found} == {"e-mail", "card-number", "secret", "phone-number"}
    assert any("recorded keys" in one.where for one in found)


def test_keys_that_were_taken_back_and_keys_that_lead_on_are_understood(typing_events):
    typed = typing_events("a.b@mail.examplex")
    then = [("BackSpace", "\b"), ("period", "."), ("o", "o"), ("r", "r"), ("g", "g"), ("Tab", "\t"), ("x", "x")]
    more = [InputEvent(n, 10**8 + n, "key_down", keysym=key, text=text) for n, (key, text) in enumerate(then, 100)]
    recording = WholeRecording(RecordingOpening("Sample"), (*typed, *more))
    whole = Whole("T", 1, (Kept(Trajectory("T", "Sample", revision=1)),), recording)
    found = scan_whole(whole, {}.__getitem__, {}, told=lambda _done, _of: None)
    assert "a.b@mail.example.org" in {text for one in found for text in one.texts}


def test_what_pictures_show_is_found_and_placed(painted, look_through):
    pixels = painted(f"write to {MAIL}", f"the card is {CARD}", f"and the word {SECRET}")
    steps = (Step("s1", Click(), Observation(frame="f1")),)
    found = look_through(
        Trajectory("T", "Sample", steps), pictures={"f1": Frame(pixels, Point(0, 0), 0)}, known={"bank": SECRET}
    )
    assert {one.kind for one in found} == {"e-mail", "card-number", "secret"}
    for one, middle in zip(sorted(found, key=lambda one: one.place.region.y), (48, 76, 104), strict=True):
        assert one.place.region.y < middle < one.place.region.bottom
        assert one.place.step == 1
        assert "picture at" in one.where


def test_a_secret_that_was_misread_is_found_all_the_same(painted, look_through):
    pixels = painted("the word c0rrect hor5e 7")
    steps = (Step("s1", Click(), Observation(frame="f1")),)
    pictures = {"f1": Frame(pixels, Point(-100, 50), 0)}
    (found,) = look_through(Trajectory("T", "Sample", steps), pictures=pictures, known={"bank": "c0rrect horse 7"})
    assert found.kind == "secret"
    assert found.place.region.x < -50
    assert "bank" in found.excerpt


def test_a_recorded_screen_without_anything_private_has_no_findings(screen, look_through):
    steps = (Step("s1", Click(), Observation(frame="f1")),)
    pictures = {"f1": Frame(screen, Point(0, 0), 0)}
    assert look_through(Trajectory("T", "Sample", steps), pictures=pictures, known={"bank": SECRET}) == ()


def test_a_change_in_the_middle_of_a_line_is_read_with_all_of_the_line(painted, look_through):
    steps = tuple(Step(f"s{n}", Click(), Observation(frame=f"f{n}")) for n in (1, 2))
    before, after = painted("jane.doe@mail", "hello", y=30), painted("jane.doe@mail.example.org", "hello", y=30)
    pictures = {"f1": Frame(before, Point(0, 0), 0), "f2": Frame(after, Point(0, 0), 0)}
    (found,) = look_through(Trajectory("T", "Sample", steps), pictures=pictures)
    assert [place.step for place in found.places] == [2]
    assert found.place.region.x <= 22


def test_what_was_found_in_words_is_found_in_pictures_as_the_same_finding(painted, look_through):
    steps = (Step("s1", TypeText(MAIL), Observation(frame="f1")),)
    pictures = {"f1": Frame(painted(MAIL), Point(0, 0), 0)}
    (found,) = look_through(Trajectory("T", "Sample", steps), pictures=pictures)
    assert [place.region is not None for place in found.places] == [False, True]


def test_every_picture_is_told_of_and_the_scan_ends_where_the_listener_says_so(painted):
    target = Target(Point(1, 1), crop=CropWitness("f1", Rect(0, 0, 9, 9)))
    steps = (Step("s1", Click(), Observation(frame="f1"), target, outcome=Outcome("f2")), Step("s2", Click()))
    frame = Frame(painted("nothing"), Point(0, 0), 0)
    material = Material((Trajectory("T", "Sample", steps),), {"f1": frame, "f2": frame}.__getitem__, lambda _: (), list)
    heard: list[tuple[int, int]] = []
    scan(material, {}, told=lambda *progress: heard.append(progress))
    assert heard == [(0, 2), (1, 2), (2, 2)]

    def stop(done: int, _of: int) -> None:
        if done:
            raise StoppedError("enough")

    with pytest.raises(StoppedError):
        scan(material, {}, told=stop)


def test_every_kind_has_a_name_for_people():
    assert all(name and name == name.strip() for name in NAMES.values())
