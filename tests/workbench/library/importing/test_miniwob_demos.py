"""Demonstrations of MiniWoB++ become steps on the elements of their pages."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recorder.reduce import reduce
from workbench.actions import Click, Drag, Note, PressKeys, TypeText
from workbench.geometry import Point, Rect
from workbench.library.importing import known
from workbench.library.importing.drafts import Draft
from workbench.library.importing.pictures import Pictures
from workbench.library.importing.taking import Refused, Taken
from workbench.library.store import Library
from workbench.trajectory import Trajectory


def _node(
    tag: str, box: tuple[float, float, float, float], *children: dict[str, object], **fields: object
) -> dict[str, object]:
    left, top, width, height = box
    return {"tag": tag, "left": left, "top": top, "width": width, "height": height, "children": list(children),
            "ref": 1, "classes": ""} | fields  # fmt: skip


def _page(focus: str = "", value: str = "", target: str = "") -> dict[str, object]:
    def marked(name: str) -> dict[str, object]:
        return {key: True for key, one in (("focused", focus), ("recordingTarget", target)) if one == name}

    check = _node("INPUT_checkbox", (2, 60, 10, 10), value=True, **marked("check"))
    label = _node("LABEL", (2, 60, 60, 10), check, _node("t", (15, 60, 40, 10), text="Tea"))
    return _node(
        "BODY", (0, 0, 500.5, 210),
        _node("INPUT_text", (10, 20, 100, 20), value=value, text="", **marked("text")),
        _node("INPUT_password", (10, 40, 100, 15), value="hunter2x", text="", **marked("secret")),
        label,
        _node("BUTTON", (10, 100.25, 50, 20), text="Submit", **marked("button")),
    )  # fmt: skip


def _states(*acts: tuple[float, dict[str, object], dict[str, object]]) -> list[dict[str, object]]:
    both = [
        {"time": at, "action": act | {"timing": timing}, "dom": page} for at, act, page in acts for timing in (1, 3)
    ]
    return [{"time": 1, "action": None, "dom": _page()}, *both]


def _click(
    at: float, x: int, y: int, page: dict[str, object]
) -> Iterator[tuple[float, dict[str, object], dict[str, object]]]:
    for late, kind in ((0, "mousedown"), (50, "mouseup"), (50, "click")):
        yield at + late, {"type": kind, "x": x, "y": y}, page


def _key(
    at: float, code: int, character: str, page: dict[str, object]
) -> Iterator[tuple[float, dict[str, object], dict[str, object]]]:
    yield at, {"type": "keydown", "keyCode": code, "charCode": 0}, page
    if character:
        yield at, {"type": "keypress", "keyCode": ord(character), "charCode": ord(character)}, page
    yield at + 40, {"type": "keyup", "keyCode": code, "charCode": 0}, page


def _write(path: Path, states: list[dict[str, object]], **fields: object) -> Path:
    told = {"taskName": "enter-text", "utterance": "Enter hi", "states": states, "reward": 1, "rawReward": 1} | fields
    text = json.dumps(told).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def _actions(trajectory: Trajectory) -> list[object]:
    return [step.action for step in trajectory.steps]


@pytest.mark.parametrize("name", ["demo.json", "demo.json.gz"])
def test_presses_and_keys_become_steps_on_the_elements_of_the_page(
    tmp_path: Path, name: str, take_one: Callable[[Path], Taken], goes_round: Callable[..., None]
) -> None:
    text, button = _page("text", "x"), _page("text", "hi", "button")
    states = _states(
        *_click(1000, 20, 30, _page(target="text")),
        *_key(2000, 72, "h", text),
        *_key(2200, 73, "I", text),
        *_key(2400, 9, "", text),
        (2900.0, {"type": "scroll"}, text),
        *_click(3000, 20, 110, button),
        *_click(3100, 21, 110, button),
        *_click(5000, 4, 62, _page()),
    )
    taken = take_one(_write(tmp_path / name, states))
    steps = taken.trajectory.steps
    assert _actions(taken.trajectory) == [Click(), TypeText("hI"), PressKeys(("Tab",)), Click(count=2), Click()]
    seen = [step.target.element if step.target else None for step in steps]
    assert seen[0] is not None
    assert (seen[0].role, seen[0].bounds, seen[0].value) == ("entry", Rect(10, 20, 100, 20), "")
    assert seen[1] is not None
    assert (seen[1].role, seen[1].value) == ("entry", "x")
    assert seen[3] is not None
    assert (seen[3].role, seen[3].name, seen[3].bounds) == ("push button", "Submit", Rect(10, 100, 50, 21))
    assert seen[4] is not None
    assert (seen[4].role, seen[4].label, seen[4].states) == ("check box", "Tea", ("checked",))
    assert steps[0].target is not None
    assert steps[0].target.point == Point(20, 30)
    assert (taken.trajectory.title, taken.trajectory.task) == ("enter-text", "Enter hi")
    assert [remark.what for remark in taken.remarks] == [
        "that something scrolled was left out, nothing says how far (state 23)"
    ]
    goes_round(taken.trajectory)


def test_what_is_typed_into_a_password_field_is_a_secret(
    tmp_path: Path, take_one: Callable[[Path], Taken], library: Library, bytes_in: Callable[[Path, str], list[str]]
) -> None:
    page = _page("secret")
    keys = [one for n, letter in enumerate("hunter2x") for one in _key(2000 + 100 * n, 65 + n, letter, page)]
    states = _states(*_click(1000, 20, 45, _page()), *keys, *_key(4000, 13, "", page))
    taken = take_one(_write(tmp_path / "demo.json", states, utterance="Sign in"))
    assert _actions(taken.trajectory) == [Click(), TypeText(secret="password"), PressKeys(("Return",))]
    clicked = taken.trajectory.steps[0].target
    assert clicked is not None
    assert clicked.element is not None
    assert (clicked.element.password, clicked.element.value) == (True, None)
    assert bytes_in(library.path, "hunter2x") == []


def test_a_demonstration_that_failed_says_so(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    states = _states(*_click(1000, 20, 110, _page()))
    taken = take_one(_write(tmp_path / "demo.json", states, reward=-1, rawReward=-1))
    assert _actions(taken.trajectory) == [Click(), Note("the demonstration failed: its reward is -1")]
    assert [remark.what for remark in taken.remarks] == ["the demonstration failed: its reward is -1"]


def test_an_unknown_key_is_left_out_and_counted(tmp_path: Path, take_one: Callable[[Path], Taken]) -> None:
    states = _states(*_key(1000, 229, "", _page("text")), *_key(2000, 65, "a", _page("text")))
    taken = take_one(_write(tmp_path / "demo.json", states))
    assert _actions(taken.trajectory) == [TypeText("a")]
    assert [remark.what for remark in taken.remarks] == ["a key that is not known was left out (state 1 and 1 more)"]


@pytest.mark.parametrize(
    "broken",
    ['{"tag": 5}', '{"tag": "BODY", "left": 1e999}', "[" * 3000 + "]" * 3000, '{"tag":"A","children":[' * 3000],
    ids=["type", "number", "deep lists", "deep nodes"],
)
def test_a_page_that_is_none_is_refused_in_one_line(
    tmp_path: Path, broken: str, take_all: Callable[[Path], list[Taken | Refused]]
) -> None:
    path = _write(tmp_path / "demo.json", _states(*_click(1000, 20, 110, {"tag": "BROKEN"})))
    closing = "]}" * broken.count('{"tag":"A"')
    path.write_text(path.read_text().replace('{"tag": "BROKEN"}', broken + closing))
    (one,) = take_all(path)
    assert isinstance(one, Refused)
    assert "\n" not in str(one.why)


def _pairs(told: dict[str, object]) -> tuple[int, int]:
    """Presses with their releases, counted from the file alone, and events of the keyboard that typed a character."""
    acts = [state["action"] for state in told["states"] if state["action"] and state["action"]["timing"] == 1]  # type: ignore[attr-defined, index]  # JSON
    down, pairs = False, 0
    for act in acts:
        if act["type"] == "mousedown":
            down = True
        elif act["type"] == "mouseup":
            pairs, down = pairs + down, False
    return pairs, sum(act["type"] == "keypress" for act in acts)


def _drafts(folder: Path, library: Library) -> Iterator[tuple[Path, Draft]]:
    for found in known.find(folder):
        assert found.format == "miniwob-demos"
        (item,) = found.reader.items(found.source)
        yield found.source.path, item.read(Pictures(library.frames))


def test_every_sample_has_as_many_presses_and_characters_as_its_file(samples: Path, library: Library) -> None:
    count = 0
    for count, (path, draft) in enumerate(_drafts(samples / "miniwob_demos", library), start=1):  # noqa: B007 - counted
        raw = gzip.decompress(path.read_bytes())
        told = json.loads(raw)
        assert draft.recording is not None
        events = draft.recording.events
        actions = [step.action for step in reduce(events, draft.recording.sightings)]
        pairs, typed = _pairs(told)
        pressed = sum(a.count if isinstance(a, Click) else 1 for a in actions if isinstance(a, Click | Drag))
        assert pressed == pairs, path
        assert draft.task == told["utterance"]
        assert any(isinstance(a, Note) for a in actions) == (told["rawReward"] <= 0)
        if b"INPUT_password" not in raw:
            assert sum(event.kind == "key_down" and bool(event.text) for event in events) == typed, path
    assert count == len(list((samples / "miniwob_demos").rglob("*.json.gz")))


def test_samples_go_out_as_bundles_and_come_back_equal(
    samples: Path, take_all: Callable[[Path], list[Taken | Refused]], goes_round: Callable[..., None],
    shown: Callable[..., dict[str, object]],
) -> None:  # fmt: skip
    for one in take_all(samples / "miniwob_demos" / "2017-11-05_fourth-turk")[::25]:
        assert isinstance(one, Taken)
        goes_round(one.trajectory)
        assert shown(one.trajectory)["id"] == one.trajectory.id
