"""What is typed into a password field reaches no file of the library, in no shape."""

from pathlib import Path
from typing import Any

import pytest

from recorder.complete import complete
from workbench.actions import Click, PressKeys, TypeText
from workbench.geometry import Rect
from workbench.library.store import Library
from workbench.trajectory import Step

PASSWORD = "Xq7Zw9Kv"


def steps_and_keys(made: Any) -> tuple[tuple[Step, ...], str]:
    with Library.open(made.folder) as library:
        trajectory = complete(library, made.child.trajectory)
        events = library.events(trajectory.id)
    return trajectory.steps, "".join(event.keysym for event in events if event.kind in ("key_down", "key_up"))


def assert_nowhere(made: Any, password: str) -> None:
    with Library.open(made.folder):
        pass
    assert made.bytes_of(password) == []
    _, keys = steps_and_keys(made)
    assert not set(password) & set(keys.replace("Tab", "").replace("Return", ""))


def test_a_password_leaves_its_name_and_nothing_else(desk: Any, form: str, record: Any, tmp_path: Path) -> None:
    with desk.running(form), record(desk, tmp_path) as made:
        desk.click(desk.element("gtk_form", label="Name:"))
        made.settle(desk)
        desk.type("bob")
        made.settle(desk)
        desk.key("Tab", times=2)
        desk.type(PASSWORD)
        made.settle(desk)
        bounds = desk.element("gtk_form", role="password text").bounds
        desk.key("Return")
        made.settle(desk)
        made.stop()
    steps, _ = steps_and_keys(made)
    assert [step.action for step in steps] == [
        Click(),
        TypeText("bob"),
        PressKeys(("Tab",), 2),
        TypeText(secret="gtk-form.password"),
        PressKeys(("Return",)),
    ]
    assert steps[3].target
    assert steps[3].target.element
    assert steps[3].target.element.password
    assert_nowhere(made, PASSWORD)
    assert_covered(made, steps, bounds)


def assert_covered(made: Any, steps: tuple[Step, ...], bounds: Rect) -> None:
    """No picture from the first key of the secret on shows anything in the field's place."""
    with Library.open(made.folder) as library:
        for step in steps[3:]:
            for frame_id in (step.observation.frame, step.outcome.frame):
                inside = library.frames.load(frame_id or "").crop(bounds)[:, :, :3]
                assert (inside == inside[0, 0]).all()


def test_length_and_rhythm_of_a_password_are_not_kept(desk: Any, form: str, record: Any, tmp_path: Path) -> None:
    shapes = []
    for number, (password, pause_s) in enumerate([("Xy", 0.2), ("XyXyXyXyXyXy", 0.02)]):
        folder = tmp_path / str(number)
        with desk.running(form), record(desk, folder) as made:
            desk.click(desk.element("gtk_form", role="password text"))
            made.settle(desk)
            desk.type(password, pause_s=pause_s)
            desk.key("Return")
            made.settle(desk)
            made.stop()
        with Library.open(folder) as library:
            events = library.events(made.child.trajectory)
        place = [event.kind for event in events].index("secret")
        assert events[place].monotonic_ns == events[place - 1].monotonic_ns
        shapes.append([event.kind for event in events])
    assert shapes[0] == shapes[1]


def test_a_password_typed_as_fast_as_programs_can_is_still_kept_out(
    desk: Any, form: str, record: Any, tmp_path: Path
) -> None:
    with desk.running(form), record(desk, tmp_path) as made:
        desk.click(desk.element("gtk_form", label="City:"))
        made.settle(desk)
        desk.key("Tab")
        desk.type(PASSWORD, pause_s=0)
        desk.key("Tab")
        made.settle(desk)
        made.stop()
    assert_nowhere(made, PASSWORD)


def test_pasting_into_a_password_field_is_a_secret_too(desk: Any, form: str, record: Any, tmp_path: Path) -> None:
    with desk.running(form), record(desk, tmp_path) as made:
        desk.click(desk.element("gtk_form", role="password text"))
        made.settle(desk)
        desk.key("v", "Control_L")
        made.settle(desk)
        made.stop()
    steps, keys = steps_and_keys(made)
    assert [step.action for step in steps] == [Click(), TypeText(secret="gtk-form.password")]
    assert "v" not in keys


def test_the_hotkey_keeps_secrets_where_no_field_says_so(desk: Any, record: Any, tmp_path: Path) -> None:
    with desk.running("mousepad"), record(desk, tmp_path) as made:
        desk.type("user ")
        made.settle(desk)
        desk.key("k", "Control_L", "Alt_L")
        made.did("secret")
        desk.type(PASSWORD)
        made.moment()
        desk.key("k", "Control_L", "Alt_L")
        made.did("secret", 2)
        desk.key("Return")
        made.settle(desk)
        made.stop()
    steps, _ = steps_and_keys(made)
    assert [step.action for step in steps] == [
        TypeText("user "),
        TypeText(secret="mousepad.secret"),
        PressKeys(("Return",)),
    ]
    assert made.bytes_of(PASSWORD) == []


def test_killing_the_recorder_while_a_password_is_typed_leaves_nothing_of_it(
    desk: Any, form: str, record: Any, tmp_path: Path
) -> None:
    with desk.running(form), record(desk, tmp_path) as made:
        desk.click(desk.element("gtk_form", role="password text"))
        desk.until(lambda: (field := desk.accessibility.focused()) is not None and field.password)
        desk.type(PASSWORD[:5])
        made.child.process.kill()
        made.child.wait()
    assert made.bytes_of(PASSWORD[:5]) == []
    assert_nowhere(made, PASSWORD[:5])


@pytest.mark.parametrize("name", ["", "gtk_form"])
def test_exclusion_and_secrets_get_along(desk: Any, form: str, record: Any, tmp_path: Path, name: str) -> None:
    with desk.running(form), record(desk, tmp_path, exclude=(name,) if name else ()) as made:
        desk.click(desk.element("gtk_form", role="password text"))
        made.moment() if name else made.settle(desk)
        desk.type(PASSWORD)
        made.moment() if name else made.settle(desk)
        result = made.stop()
    assert result.steps == (0 if name else 2)
    assert_nowhere(made, PASSWORD)
