"""The guide "how to do this"."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.actions import Click, Note, TypeText
from workbench.desktop.ports import Frame
from workbench.geometry import Point
from workbench.library.exporting.drawing import ACTED, ELEMENT
from workbench.library.exporting.formats.markdown import escaped
from workbench.library.importing.drafts import Remark
from workbench.trajectory import Observation, Step, Target, Trajectory

MarkdownIt = pytest.importorskip("markdown_it", reason="no reader of Markdown is installed").MarkdownIt

LETTER = r"""# Write a letter

write to the reader

You need: Mousepad.

Choose these values first:

- **\{\{name\}\}**: who is written to (when recorded: reader)

## Begin the \*letter\*

1. Click the button “Save” in Mousepad.

   ![Step 1: the button “Save”](pictures/step-001.png)

2. Type “Dear \{\{name\}\},⏎\# this is \<b\>bold\</b\>” into the field “Letter” in Mousepad.

   ```
   Dear {{name}},
   # this is <b>bold</b>
   ```

   ![Step 2: the field “Letter”](pictures/step-002.png)

> Two lines, so no chapter

## End it

3. Press Ctrl+S 2 times in Mousepad.
"""


def read(done) -> str:
    return (done.path / "guide.md").read_text("utf-8")


def tokens(text: str):
    return MarkdownIt("commonmark").enable("strikethrough").enable("table").parse(text)


def seen(text: str) -> str:
    """The text that a reader of Markdown shows."""
    return "".join(
        child.content
        for token in tokens(text)
        if token.type == "inline"
        for child in token.children
        if child.type in ("text", "text_special", "code_inline")
    )


def pixels(path: Path):
    return cv2.imread(str(path))


def has(picture, colour) -> bool:
    return bool((picture == colour).all(axis=2).any())


def test_it_is_chapters_of_numbered_sentences_with_pictures(export, letter):
    done = export("markdown", letter)
    text = read(done)
    assert text.startswith(LETTER)
    assert "10. Type a hidden text into the password field “Password” in Mousepad." in text
    assert text.endswith("This is what came of it:\n\n![What came of it](pictures/result.png)\n")
    assert done.remarks == ()
    assert len(done.told) == 10


def test_numbers_go_on_across_chapters(export, letter):
    lists = [one for one in tokens(read(export("markdown", letter))) if one.type == "ordered_list_open"]
    assert [one.attrs.get("start", 1) for one in lists] == [1, 3]


def test_every_picture_that_is_named_is_there_and_no_other(export, recorded):
    done = export("markdown", *recorded)
    named = set(re.findall(r"\]\((pictures/[^)]+)\)", read(done)))
    there = {path.relative_to(done.path).as_posix() for path in done.path.rglob("*") if path.is_file()}
    assert there == named | {"guide.md"}
    assert len(named) == 9


def test_the_place_is_marked_in_the_picture(export, letter):
    done = export("markdown", letter)
    click = pixels(done.path / "pictures" / "step-001.png")
    assert click.shape == (276, 416, 3)
    assert has(click, ELEMENT)
    assert not has(pixels(done.path / "pictures" / "result.png"), ELEMENT)
    drag, hover = (pixels(done.path / "pictures" / f"step-00{n}.png") for n in (4, 6))
    assert has(drag, ACTED)
    assert has(hover, ACTED)


def test_a_photograph_becomes_a_jpeg_and_is_not_wider_than_a_page(export):
    noise = np.random.default_rng(1).integers(0, 255, (1200, 2000, 4), dtype=np.uint8)
    step = Step("a", Click(), Observation(frame="f1"), Target(Point(5, 5)))
    wide = Step("b", Click(), Observation(frame="f1"))
    done = export("markdown", Trajectory("T", "t", (step, wide)), lambda _: Frame(noise, Point(0, 0), 0))
    assert sorted(path.name for path in (done.path / "pictures").iterdir()) == ["step-001.jpg", "step-002.jpg"]
    assert pixels(done.path / "pictures" / "step-002.jpg").shape[1] == 960


def test_secrets_are_there_by_name_and_hidden_text_not_at_all(export, letter):
    text = read(export("markdown", letter))
    assert "bank-login" in text
    assert "hunter2" not in text


def test_steps_without_a_picture_are_told_of_but_waiting_is_not_one(export, letter):
    bare = tuple(replace(step, observation=Observation(), outcome=Step("", Note("")).outcome) for step in letter.steps)
    done = export("markdown", replace(letter, steps=bare))
    assert [remark.step for remark in done.remarks] == [2, 3, 6, 7, 8, 9, 12, 13]
    assert set(done.remarks) == {Remark(n, "no picture was recorded") for n in (2, 3, 6, 7, 8, 9, 12, 13)}
    assert [path.name for path in done.path.iterdir()] == ["guide.md"]


def test_a_fence_in_what_is_typed_does_not_end_the_block(export):
    text = "```\n# no heading\n````\n<b>"
    done = export("markdown", Trajectory("T", "t", (Step("a", TypeText(text)),)))
    (fence,) = [token for token in tokens(read(done)) if token.type == "fence"]
    assert fence.content == text + "\n"


@given(st.text(max_size=30) | st.text("*_`[]()<>#!&|~\\-+=. 1a\n", max_size=14))
def test_escaped_text_is_shown_as_it_was_wherever_it_stands(text):
    line = escaped(text)
    for before in ("1. ", "# ", "> ", "- ", ""):
        shown = seen(before + line)
        assert shown == seen(f"{before}x").replace("x", "") + _plain(text)


def _plain(text: str) -> str:
    from workbench.report.words import is_shown

    return " ".join("".join(c if is_shown(c) else " " for c in text).split())


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_trajectory_makes_a_guide_without_markup_of_its_own(export, trajectories, data):
    text = read(export("markdown", data.draw(trajectories(st.sampled_from(["f1", "gone"])))))
    kinds = {token.type for token in tokens(text)}
    assert not kinds & {"html_block", "code_block", "hr", "table_open"}
    inner = {child.type for token in tokens(text) for child in token.children or ()}
    assert inner <= {"text", "text_special", "image", "strong_open", "strong_close", "softbreak"}
