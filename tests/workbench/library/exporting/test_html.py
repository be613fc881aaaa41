"""The page with pictures."""

import base64
import hashlib
import re
import shutil
import subprocess
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.actions import Click, Note, TypeText
from workbench.library.importing.drafts import Remark
from workbench.report.dress import SCRIPT
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Variable, Window

HOSTILE = "</title></script><script>alert(1)</script><img src=x onerror=alert(2)> \"'& \u202ereversed\u0000\u0007"
VOID = ("meta", "br", "hr", "img")


class Reader(HTMLParser):
    """Reads a page and remembers its tags and text; a tag that is not closed where it should be fails."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self._open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, name: str) -> list[str]:
        return [str(attributes[name]) for _, attributes in self.tags if name in attributes]


def read(done) -> Reader:
    return Reader(done.path.read_text("utf-8"))


def test_a_real_recording_is_one_file_in_which_every_step_has_its_place_marked(export, recorded):
    done = export("html", *recorded)
    page = read(done)
    assert done.remarks == ()
    assert len(done.told) == 8
    assert [name for name in page.all("id") if re.fullmatch(r"step-\d+", name)] == [f"step-{n}" for n in range(1, 9)]
    assert {f"step-{n}-where" for n in range(1, 9)} <= set(page.all("id"))
    assert "acted at 509, 516" in page.text
    assert page.text.count("the button “1”") >= 1
    assert done.path.stat().st_size < 300_000


def test_the_page_refers_to_nothing_outside_of_it(export, letter):
    page = read(export("html", letter))
    assert page.all("src") == []
    links = page.all("href")
    assert all(link.startswith(("#", "data:image/webp;base64,")) for link in links)
    ids = page.all("id")
    assert len(set(ids)) == len(ids)
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_only_the_page_s_own_script_may_run(export, letter):
    page = read(export("html", letter))
    policy = next(attributes["content"] for _, attributes in page.tags if "http-equiv" in attributes)
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert f"script-src 'sha256-{digest}'" in policy


def test_it_says_chapters_remarks_values_thoughts_and_what_was_left_out(export, letter):
    text = read(export("html", letter)).text
    for said in (
        "write to the reader",
        "Begin the *letter*",
        "Two lines, so no chapter",
        "The answer is “42”.",
        "{{name}} reader who is written to",
        "Why The letter is to be saved.",
        "Left out for privacy a clock",
        "# this is <b>bold</b>",
        "What came of it",
    ):
        assert said in text


def test_secrets_are_there_by_name_and_hidden_text_not_at_all(export, letter):
    done = export("html", letter)
    assert "secret “bank-login”" in read(done).text
    assert b"hunter2" not in done.path.read_bytes()


def test_nothing_foreign_becomes_markup(export, button):
    element = replace(button.element, name=HOSTILE, role=HOSTILE, app=HOSTILE)
    target = Target(button.point, Window(HOSTILE, HOSTILE, button.window.bounds), element)
    steps = (
        Step("a", Note(HOSTILE[:80])),
        Step("b", Note(HOSTILE + "\n")),
        Step("c", Click(), Observation(frame="f1"), target, description=HOSTILE, thought=HOSTILE, masked=HOSTILE),
        Step("d", TypeText(HOSTILE), Observation(frame=HOSTILE)),
    )
    hostile = Trajectory("T", HOSTILE, steps, HOSTILE, variables=(Variable(HOSTILE, HOSTILE, HOSTILE),))
    done = export("html", hostile)
    page = read(done)
    assert [tag for tag, _ in page.tags if tag in ("script", "img")] == ["script"]
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert not re.search("[\u202e\u0000\u0007]", done.path.read_text("utf-8"))
    assert "<script>alert(1)</script>" in page.text


def test_a_step_whose_picture_is_missing_is_said_and_the_rest_is_shown(export, letter):
    steps = list(letter.steps)
    steps[1] = replace(steps[1], observation=Observation(frame="gone"))
    steps[2] = replace(steps[2], observation=Observation(), outcome=steps[2].outcome)
    steps[1] = replace(steps[1], outcome=replace(steps[1].outcome, frame=None))
    done = export("html", replace(letter, steps=tuple(steps)))
    assert done.remarks == (
        Remark(2, "the frame gone is missing; run `workbench-cli verify`"),
        Remark(3, "no picture was recorded"),
    )
    assert "step-3-where" in read(done).all("id")


def test_a_trajectory_without_steps_is_a_page_that_says_so(export):
    assert "The recording has no steps." in read(export("html", Trajectory("T", ""))).text


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_trajectory_makes_a_sound_page(export, trajectories, data):
    done = export("html", data.draw(trajectories(st.sampled_from(["f1", "f2", "gone"]))))
    page = read(done)
    assert [tag for tag, _ in page.tags if tag == "script"] == ["script"]


@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")
def test_a_browser_shows_the_page_without_a_complaint(export, letter, tmp_path):
    page = export("html", letter).path
    page = page.rename(page.with_suffix(".html"))
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    shot = tmp_path / "page.png"
    done = subprocess.run(
        ["chromium", *options, "--enable-logging=stderr", f"--screenshot={shot}", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "CONSOLE" not in done.stderr
    assert len(np.unique(cv2.imread(str(shot)).reshape(-1, 3), axis=0)) > 50


def test_an_element_that_nobody_named_is_marked_all_the_same(export, button):
    nameless = replace(button, element=Element("mousepad", "", "text", "", button.element.bounds))
    page = read(export("html", Trajectory("T", "t", (Step("a", Click(), Observation(frame="f1"), nameless),))))
    assert "where it goes" in page.text
