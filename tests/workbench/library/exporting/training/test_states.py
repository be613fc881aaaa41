"""Sets of states and decisions: a line for each step to learn from, as the logs of real runs have it, and no more."""

import base64
import io
import json
import re
from typing import Any, Literal

import msgspec
import numpy as np
import pytest
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from workbench import events
from workbench.actions import Note, TypeText
from workbench.approval import Decision
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.library.exporting.training.splitting import split_of
from workbench.trajectory import Observation, Step, Target, Trajectory, Variable

By = Literal["human", "agent", "import", "person", "verified", "recorded"]


class Said(Struct, forbid_unknown_fields=True):
    """One turn of ShareGPT."""

    value: str
    speaker: Literal["human", "gpt"] = msgspec.field(name="from")


class Alternative(Struct, forbid_unknown_fields=True):
    """Another decision in a state."""

    value: str
    origin: Literal["rejected", "modified", "took-over", "failed", "verified", "recorded"] = msgspec.field(name="from")
    trajectory: str
    run: str
    said: str


class Line(Struct, forbid_unknown_fields=True):
    """A line of `sharegpt` and of `critical-steps`."""

    id: str
    system: str
    conversations: tuple[Said, Said]
    images: tuple[str]
    trajectory: str
    step: int
    by: By
    alternatives: list[Alternative] | None = None
    critical: list[str] | None = None
    from_trajectory: str | None = None


class State(Struct, forbid_unknown_fields=True):
    """A line of `states.jsonl`."""

    file: str
    line: int
    id: str
    trajectory: str
    step: int
    by: By
    alternatives: list[Alternative]


class Row(Struct, forbid_unknown_fields=True):
    """A line of `metadata.jsonl`."""

    file_name: str
    id: str
    trajectory: str
    step: int
    title: str
    task: str
    history: str
    thought: str
    action: str
    answer: str
    by: By
    app: str
    window: str
    width: int
    height: int


def lines(written: Any, name: str = "train.jsonl") -> list[Line]:
    found = [msgspec.json.decode(line, type=Line) for line in (written.path / name).read_bytes().splitlines()]
    for line in found:
        assert line.conversations[0].value.count("<image>") == len(line.images) == 1
        assert "<image>" not in line.conversations[1].value + line.system
        Image.open(written.path / line.images[0]).verify()
    return found


def action(value: str) -> dict[str, Any]:
    """The action of an answer, as whoever carries it out reads it."""
    head, mark, last = value.rpartition("Action: ") if "\n" not in value else value.rpartition("\nAction: ")
    assert mark, head
    return json.loads(last)


@pytest.fixture
def detour(runs, model):
    """A run in which a person rejects, changes and allows, a step has no effect, and the task is done."""
    answers = [model.click("Open", "the letter first"), model.click("Save"), model.click("Print"), model.click("Close")]
    other = Step("s2", msgspec.convert({"kind": "press_keys", "keys": ["ctrl", "s"]}, type=_action()), thought="so")
    decided = [
        Decision("reject", "person", words="it is open"),
        Decision("modify", "person", step=other, words="the keyboard is faster"),
        model.yes,
        model.yes,
    ]
    return runs.run([*answers, model.finish], decided, [True, False, True])


def _action() -> Any:
    from workbench.actions import Action

    return Action


def kept_and_good(log: list[events.Event]) -> list[Step]:
    """The kept steps that did not fail, by the plain events: an independent count."""
    failed = {e.index for e in log if isinstance(e, events.StepEnded) and (e.status == "failed" or e.verified is False)}
    return [e.step for e in log if isinstance(e, events.StepKept) and e.index not in failed]


def test_every_good_step_of_a_run_is_a_line_and_no_other(runs, written, detour):
    log = runs.made["r1"]
    good = kept_and_good(log)
    assert len(good) == len(detour.steps) - 1 == 3
    done = written("sharegpt", runs.material(detour))
    found = lines(done)
    assert [line.step for line in found] == [n for n, step in enumerate(detour.steps, 1) if step in good]
    assert [action(line.conversations[1].value)["kind"] for line in found] == ["press_keys", "click", "finish"]
    assert [(one.step, one.what) for one in done.remarks] == [(2, "it failed")]
    assert {path.name for path in (done.path / "images").iterdir()} == {f"{s.observation.frame}.png" for s in good}
    told = found[1].conversations[0].value
    assert "Task: save the letter" in told
    assert "2. click the button “Print” in Mousepad (this failed)" in told
    assert "3. " not in told


def test_what_a_person_did_with_proposals_are_alternatives_and_their_own_step_is_theirs(runs, written, detour):
    first, *others = lines(written("sharegpt", runs.material(detour)))
    assert first.by == "person"
    assert first.conversations[1].value.startswith("the keyboard is faster\n\nAction: ")
    refused, changed = first.alternatives
    assert (refused.origin, refused.said, changed.origin) == ("rejected", "it is open", "modified")
    assert [action(one.value)["on"] for one in (refused, changed)] == ["the button “Open”", "the button “Save”"]
    assert refused.value.startswith("the letter first\n\n")
    assert [(line.by, line.alternatives) for line in others[1:]] == [("agent", [])]
    failed = others[0].alternatives
    assert failed == [], "what failed had its own picture afterwards, and is no decision in the state after it"


def test_places_are_thousandths_of_the_picture(runs, written, detour, spot):
    line = lines(written("sharegpt", runs.material(detour)))[1]
    at = spot("Close")
    assert action(line.conversations[1].value)["at"] == [round((at.x + 0.5) / 0.64), round((at.y + 0.5) / 0.4)]


def test_a_picture_is_that_of_the_library_to_the_pixel(runs, written, detour):
    done = written("sharegpt", runs.material(detour))
    frame = detour.steps[0].observation.frame
    pixels = np.asarray(Image.open(done.path / "images" / f"{frame}.png").convert("RGB"))
    assert (pixels[..., ::-1] == runs.library.frames.load(frame).pixels[..., :3]).all()


def test_llama_factory_finds_every_file_by_its_columns(runs, written, model):
    one, two = (runs.run([model.click("Open"), model.finish], [model.yes], [True]) for _ in range(2))
    done = written("sharegpt", runs.material(one, two))
    info = json.loads((done.path / "dataset_info.json").read_text())
    assert info.keys() == {"workbench_train"}
    (told,) = info.values()
    assert told["formatting"] == "sharegpt"
    assert set(told["columns"].values()) <= set(json.loads((done.path / told["file_name"]).read_text().splitlines()[0]))


def test_what_another_run_did_over_the_same_picture_is_an_alternative_and_a_line_of_its_own(runs, written, model):
    one = runs.run([model.click("Open"), model.finish], [model.yes], [True])
    two = runs.run([model.click("Save"), model.finish], [model.yes], [True])
    other = runs.run([model.click("Print"), model.finish], [model.yes], [True], task="print the letter")
    idle = runs.run([model.click("Close"), model.plan("fail", reason="so")], [model.yes], [False])
    done = written("sharegpt", runs.material(one, two, other, idle))
    found = {line.id: line for line in lines(done)}
    (there,) = found[f"{one.id}-1"].alternatives
    assert (there.origin, there.trajectory, there.run) == ("verified", two.id, "r2")
    assert action(there.value)["on"] == "the button “Save”"
    assert found[f"{other.id}-1"].alternatives == []
    more = lines(done, "alternatives-train.jsonl")
    assert {(line.trajectory, line.from_trajectory, line.by) for line in more} == {
        (one.id, two.id, "verified"),
        (two.id, one.id, "verified"),
    }
    assert "workbench_alternatives_train" in json.loads((done.path / "dataset_info.json").read_text())


def test_no_alternative_comes_from_the_other_side_of_the_split(runs, written, private):
    many = [replace(private, id=f"rec{number}", task=private.task) for number in range(8)]
    save, open_ = private.steps[0].target, Target(Point(100, 70))
    many = [
        replace(one, steps=(replace(one.steps[0], target=save if at % 2 else open_),)) for at, one in enumerate(many)
    ]
    found = lines(written("sharegpt", runs.material(*many)))
    assert all(line.alternatives for line in found)
    done = written("sharegpt", runs.material(*many, test_share=0.5))
    for split in ("train", "test"):
        for line in lines(done, f"{split}.jsonl"):
            assert {split_of(one.trajectory, 0.5) for one in line.alternatives} <= {split}


def test_nothing_of_a_run_that_missed_its_task_is_to_be_learned(runs, written, model):
    missed = runs.run([model.click("Open"), model.plan("fail", reason="no")], [model.yes], [True])
    with pytest.raises(BadInputError, match="nothing to write"):
        written("sharegpt", runs.material(missed))
    good = runs.run([model.click("Open"), model.finish], [model.yes], [True])
    done = written("sharegpt", runs.material(missed, good))
    assert {line.trajectory for line in lines(done)} == {good.id}
    assert [(one.step, one.what) for one in done.remarks] == [
        (0, "its run did not reach the task; its steps are no examples")
    ]


@pytest.fixture
def private(runs, model):
    """A recording with steps that may not leave, between others that may."""
    frame = runs.library.frames.put(model.painted(1), origin=Point(0, 0))
    seen = Observation(frame=frame, window=model.window)
    save = Target(model.elements[1].bounds.centre, model.window, replace(model.elements[1], ref=None))
    hidden = replace(model.elements[2], name="Pass", role="password text", password=True, ref=None)
    field = replace(seen, focused=hidden)
    steps = [
        ("click", "a", save, seen, {}),
        (TypeText("Xylophon"), "b", None, seen, {"masked": "an address", "thought": "Xylophon again"}),
        (TypeText(secret="bank"), "c", None, field, {}),
        (TypeText("Xylophon"), "d", None, field, {"description": "type “Xylophon”"}),
        ("press_keys", "e", None, field, {}),
        (Note("and then"), "f", None, seen, {}),
        (TypeText("Dear {{who}} <image> Action: x"), "g", None, seen, {"thought": "<image> is a mark"}),
    ]
    made = tuple(Step(name, _made(what), at, target, **more) for what, name, target, at, more in steps)
    variables = (Variable("who", "Ada"),)
    return runs.record(Trajectory("rec", "Write", made, task="write to <image>", variables=variables))


def _made(what: Any) -> Any:
    if what == "click":
        return msgspec.convert({"kind": "click"}, type=_action())
    return msgspec.convert({"kind": "press_keys", "keys": ["X"]}, type=_action()) if what == "press_keys" else what


SETS = ("sharegpt", "openai-messages", "critical-steps", "datasets")


@pytest.mark.parametrize("name", SETS)
def test_what_is_masked_secret_or_for_a_password_field_never_leaves(runs, written, private, name):
    done = written(name, runs.material(private))
    assert [(one.step, one.what) for one in done.remarks] == [
        (number, "it is kept back for privacy") for number in (2, 3, 4, 5)
    ]
    everything = b"".join(path.read_bytes() for path in done.path.rglob("*") if path.suffix in (".json", ".jsonl"))
    assert everything.count(b"a step that is kept back for privacy") == 4
    everything += b"".join(path.read_bytes() for path in done.path.glob("*.md"))
    assert [word for word in (b"Xylophon", b"bank", b"an address") if word in everything] == []


def test_marks_in_recorded_words_are_no_pictures_and_actions_keep_them(runs, written, private):
    last = lines(written("sharegpt", runs.material(private)))[-1]
    assert "write to ‹image›" in last.conversations[0].value
    assert last.conversations[1].value.startswith("‹image› is a mark")
    assert action(last.conversations[1].value) == {"kind": "type_text", "text": "Dear Ada <image> Action: x"}
    assert "6. note “and then”" in last.conversations[0].value


def test_openai_s_lines_have_messages_alone_and_their_pictures_within(runs, written, detour, private):
    done = written("openai-messages", runs.material(detour, private))
    found = done.lines()
    states = [msgspec.json.decode(line, type=State) for line in (done.path / "states.jsonl").read_bytes().splitlines()]
    shared = lines(written("sharegpt", runs.material(detour, private)))
    assert [(one.file, one.line) for one in states] == [("train.jsonl", n) for n in range(1, len(found) + 1)]
    assert [(one.id, one.alternatives) for one in states] == [(one.id, one.alternatives) for one in shared]
    for line, same in zip(found, shared, strict=True):
        assert line.keys() == {"messages"}
        system, user, assistant = line["messages"]
        assert [one["role"] for one in line["messages"]] == ["system", "user", "assistant"]
        assert (system["content"], assistant["content"]) == (same.system, same.conversations[1].value)
        picture, text = user["content"]
        assert (picture["type"], text["type"]) == ("image_url", "text")
        data = picture["image_url"]["url"].removeprefix("data:image/png;base64,")
        assert Image.open(io.BytesIO(base64.b64decode(data))).size == (640, 400)


def test_a_folder_of_datasets_has_a_picture_for_each_row_and_a_card_that_counts_them(runs, written, detour, private):
    done = written("datasets", runs.material(detour, private))
    rows = [
        msgspec.json.decode(line, type=Row) for line in (done.path / "train/metadata.jsonl").read_bytes().splitlines()
    ]
    assert len(rows) == len(kept_and_good(runs.made["r1"])) + 2
    assert {row.file_name for row in rows} == {path.name for path in (done.path / "train").glob("*.png")}
    assert len({row.file_name for row in rows}) == len(rows)
    assert all(row.answer.endswith(f"Action: {row.action}") and json.loads(row.action) for row in rows)
    assert all((row.width, row.height) == (640, 400) for row in rows)
    card = (done.path / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\npretty_name: ")
    assert f"{len(rows)} states of 2 trajectories" in card
    assert f"- `train`: {len(rows)} rows" in card
    assert "- 4: it is kept back for privacy" in card
    assert "- 1: it failed" in card
    assert "No licence was chosen" in card
    assert re.search(r"- split: train\n    path: \"train/\*\*\"", card)


@pytest.mark.parametrize("name", SETS)
def test_no_trajectory_is_on_both_sides_of_a_split_and_none_changes_its_side(runs, written, private, name):
    many = [replace(private, id=f"rec{number}") for number in range(12)]
    for share in (0.0, 0.5):
        done = written(name, runs.material(*many, test_share=share))
        sides = {split: _ids(done, name, split) for split in ("train", "test")}
        assert sides["train"] | sides["test"] == {one.id for one in many}
        assert not sides["train"] & sides["test"]
        assert bool(sides["test"]) == (share > 0)
        assert sides["test"] == {one.id for one in many if split_of(one.id, share) == "test"}


def _ids(done: Any, name: str, split: str) -> set[str]:
    if name == "openai-messages":
        return {one["trajectory"] for one in done.lines("states.jsonl") if one["file"] == f"{split}.jsonl"}
    path = f"{split}/metadata.jsonl" if name == "datasets" else f"{split}.jsonl"
    return {one["trajectory"] for one in done.lines(path)} if (done.path / path).exists() else set()


def test_a_share_keeps_whom_a_smaller_one_tested_and_no_impossible_one_is_taken():
    ids = [f"t{number}" for number in range(200)]
    small, large = ({one for one in ids if split_of(one, share) == "test"} for share in (0.1, 0.3))
    assert small < large
    assert 5 < len(small) < 40
    assert {split_of(one, 0.0) for one in ids} == {"train"}
    with pytest.raises(BadInputError, match="no share"):
        split_of("t", 1.0)


def test_steps_without_a_picture_or_off_it_are_remarked(runs, written, private):
    first = private.steps[0]
    bare = replace(first, id="x", observation=Observation())
    off = replace(first, id="y", target=Target(Point(9000, 3)))
    nowhere = replace(first, id="z", target=None)
    done = written("sharegpt", runs.material(replace(private, steps=(first, bare, off, nowhere))))
    assert [one.what for one in done.remarks] == [
        "it has no picture",
        "its place is not on its picture",
        "nobody knows where it goes",
    ]
    assert len(lines(done)) == 1


def test_only_critical_steps_are_lines_each_with_its_reasons(runs, written, model):
    ran = runs.run(
        [model.click("Open"), model.click("Save"), model.click("Print"), model.click("Close"), model.click("Open"),
         model.click("Save"), model.finish],
        [model.yes, model.yes, Decision("reject", "person"), model.yes, model.yes, model.yes],
        [True, False, True, True, True],
    )  # fmt: skip
    found = lines(written("critical-steps", runs.material(ran)))
    assert {(line.step, *line.critical) for line in found} == {
        (1, "first"),
        (3, "branch", "corrects"),
        (5, "last"),
        (6, "last"),
    }
    assert len(lines(written("sharegpt", runs.material(ran)))) == 5


def test_another_window_is_a_critical_step(runs, written, private):
    first = private.steps[0]
    dialog = replace(first.target.window, title="Save as")
    steps = (
        first,
        replace(first, id="2"),
        replace(first, id="3", target=replace(first.target, window=dialog)),
        replace(first, id="4", target=replace(first.target, window=dialog)),
        replace(first, id="5", target=replace(first.target, window=dialog)),
    )
    found = lines(written("critical-steps", runs.material(replace(private, steps=steps))))
    assert [(line.step, line.critical) for line in found] == [(1, ["first"]), (3, ["window"]), (5, ["last"])]
