"""The report that people read."""

import base64
import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from workbench.actions import Drag, TypeText
from workbench.desktop.ports import Frame
from workbench.errors import BadInputError, UnavailableError
from workbench.events import Event, RunEnded, RunStarted, StepEnded, StepLocated, StepProposed, StepStatus
from workbench.geometry import Point
from workbench.locate.verdict import Cause, Verdict
from workbench.report.dress import SCRIPT
from workbench.report.html import write_html
from workbench.report.sections import CAUSES
from workbench.trajectory import Outcome

Loader = Callable[[str], Frame]
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(2)> \"'& \u202ereversed\u0000\u0007"


class Reader(HTMLParser):
    """Reads a page and remembers its tags, ids, links and text; a tag that is not closed where it should be fails."""

    VOID = ("meta", "br", "hr", "img")

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
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "script" not in self._open and "style" not in self._open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def attribute(self, name: str) -> list[str]:
        return [str(attributes[name]) for _, attributes in self.tags if name in attributes]


def read(events: list[Event], frames: Loader, folder: Path) -> Reader:
    return Reader(write_html(events, frames, folder).read_text("utf-8"))


def test_a_report_is_one_file_that_refers_to_nothing_outside(
    halted_run: list[Event], frames: Loader, tmp_path: Path
) -> None:
    page = read(halted_run, frames, tmp_path / "new" / "report")
    assert [path.name for path in (tmp_path / "new" / "report").iterdir()] == ["index.html"]
    assert page.attribute("src") == []
    links = page.attribute("href")
    assert all(link.startswith(("#", "data:image/webp;base64,")) for link in links)
    ids = page.attribute("id")
    assert len(set(ids)) == len(ids)
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_the_outcome_is_a_sentence(
    finished_run: list[Event], halted_run: list[Event], frames: Loader, tmp_path: Path
) -> None:
    assert (
        "Finished: all 2 steps done, 2 with a verified effect, in 1.2 s." in read(finished_run, frames, tmp_path).text
    )
    assert "Failed at step 3 of 5: it is called “Store” now." in read(halted_run, frames, tmp_path).text


def test_the_number_of_a_step_is_said_once(halted_run: list[Event], frames: Loader, tmp_path: Path) -> None:
    numbered = RunEnded(outcome="failed", reason="step 3: it is called “Store” now")
    assert (
        "Failed at step 3 of 5: it is called “Store” now." in read([*halted_run[:-1], numbered], frames, tmp_path).text
    )


@pytest.mark.parametrize(
    ("statuses", "says"),
    [
        (("would-do", "would-do"), "each of the 2 steps was found"),
        (("would-do", "skipped"), "1 of 2 steps were found"),
        (("skipped", "skipped"), "0 of 2 steps were found"),
    ],
)
def test_a_rehearsal_never_claims_that_anything_was_done(
    make: SimpleNamespace, frames: Loader, tmp_path: Path, statuses: tuple[StepStatus, ...], says: str
) -> None:
    events: list[Event] = [make.started(steps=2)]
    for index, status in enumerate(statuses, 1):
        events += [StepProposed(index=index, step=make.click(), frame="f1"), StepEnded(index=index, status=status)]
    text = read([*events, RunEnded(outcome="finished")], frames, tmp_path).text
    assert f"Trial without acting: {says} on the screen; nothing was done." in text


def test_keys_that_had_no_effect_are_no_halt_but_keys_without_their_focus_are(
    make: SimpleNamespace, frames: Loader, tmp_path: Path
) -> None:
    def told(verdict: Verdict) -> Reader:
        step = StepProposed(index=1, step=replace(make.typing("hello"), outcome=Outcome(frame="f9")), frame="f1")
        ended = StepEnded(index=1, status="failed", verified=False, message="it did not work", frame="f2")
        events = [make.started(), step, StepLocated(index=1, verdict=verdict, frame="f1"), ended]
        return read(events, frames, tmp_path)

    focused = told(Verdict(located_by=("element",), confidence=1.0))
    assert {"step-1-before", "step-1-expected", "step-1-after"} <= set(focused.attribute("id"))
    assert "Expected afterwards, as recorded" in focused.text
    assert "Why it stopped" not in focused.text
    elsewhere = told(Verdict(cause="wrong-window", reason="the focus is elsewhere"))
    assert "Why it stopped: another window stands there." in elsewhere.text


def test_every_cause_of_a_halt_has_its_words() -> None:
    assert {"", *CAUSES} == set(get_args(Cause))


def test_a_run_without_an_end_or_a_step_still_makes_a_report(
    make: SimpleNamespace, frames: Loader, tmp_path: Path
) -> None:
    assert (
        "Failed before the first step: the run ended without saying how."
        in read([make.started()], frames, tmp_path).text
    )


def test_a_step_says_what_who_where_and_how_long(finished_run: list[Event], frames: Loader, tmp_path: Path) -> None:
    text = read(finished_run, frames, tmp_path).text
    assert "Click the button “Save” in Mousepad." in text
    assert "a person (looks right)" in text
    assert "102, 82, found by accessible element, picture, printed text, confidence 97%" in text
    assert "located in 31 ms, 250 ms in all" in text
    assert "Typed hello" in text


def test_every_picture_says_what_it_shows(halted_run: list[Event], frames: Loader, tmp_path: Path) -> None:
    page = read(halted_run, frames, tmp_path)
    drawings = [attributes for tag, attributes in page.tags if tag == "svg" and attributes.get("class") != "album"]
    assert drawings
    assert all(drawing.get("role") == "img" and drawing.get("aria-label") for drawing in drawings)


def test_a_halt_shows_before_expected_seen_and_every_score(
    halted_run: list[Event], frames: Loader, tmp_path: Path
) -> None:
    page = read(halted_run, frames, tmp_path)
    assert {"step-3-before", "step-3-expected", "step-3-seen"} <= set(page.attribute("id"))
    assert "Why it stopped: something of another name or role stands there." in page.text
    opened = [attributes for tag, attributes in page.tags if tag == "details" and "open" in attributes]
    assert len(opened) == 1
    for said in ("objects", "it is called “Store” now", "not there", "0.81", "0.80"):
        assert said in page.text


def test_a_drag_is_marked_where_it_began_and_ended(make: SimpleNamespace, frames: Loader, tmp_path: Path) -> None:
    step = replace(make.click(), action=Drag(), destination=make.target("Bin"))
    end = replace(make.found(), point=Point(300, 200), votes=())
    events = [
        make.started(),
        StepProposed(index=1, step=step, frame="f1"),
        StepLocated(index=1, verdict=make.found(), end=end, frame="f1"),
        StepEnded(index=1, status="done", verified=True, frame="f2"),
    ]
    text = read(events, frames, tmp_path).text
    assert "acted at 102, 82" in text
    assert "acted at 300, 200" in text


def test_nothing_foreign_becomes_markup(make: SimpleNamespace, frames: Loader, tmp_path: Path) -> None:
    step = replace(make.click(HOSTILE), description=HOSTILE, masked=HOSTILE)
    verdict = replace(make.halting(), reason=HOSTILE, votes=(replace(make.halting().votes[0], reason=HOSTILE),))
    events: list[Event] = [
        RunStarted(run=HOSTILE, trajectory=HOSTILE, title=HOSTILE, desktop=HOSTILE),
        StepProposed(index=1, step=step, frame=HOSTILE, why=HOSTILE),
        StepLocated(index=1, verdict=verdict, frame=HOSTILE),
        StepEnded(index=1, status="failed", message=HOSTILE, differed=(HOSTILE,), expected=HOSTILE),
        StepProposed(index=2, step=make.typing(HOSTILE), frame="f1"),
        StepEnded(index=2, status="done", verified=True, verified_by=HOSTILE, frame="f2"),
        RunEnded(outcome="failed", reason=HOSTILE),
    ]
    page = read(events, frames, tmp_path)
    assert [tag for tag, _ in page.tags if tag in ("script", "img")] == ["script"]
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    whole = (tmp_path / "index.html").read_text("utf-8")
    assert not re.search("[\u202e\u0000\u0007]", whole)
    assert "<script>alert(1)</script>" in page.text


def test_the_content_policy_allows_only_the_page_s_own_script(
    finished_run: list[Event], frames: Loader, tmp_path: Path
) -> None:
    page = read(finished_run, frames, tmp_path)
    policy = next(attributes["content"] for _, attributes in page.tags if "http-equiv" in attributes) or ""
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert f"script-src 'sha256-{digest}'" in policy


def test_a_secret_is_shown_by_name_and_hidden_text_not_at_all(
    make: SimpleNamespace, frames: Loader, tmp_path: Path
) -> None:
    hidden = replace(make.typing(secret="x"), action=TypeText("hunter2"))
    events = [make.started(steps=2)]
    for index, step in enumerate([make.typing(secret="bank-login"), hidden], start=1):
        events += [StepProposed(index=index, step=step), StepEnded(index=index, status="done", verified=True)]
    page = read(events, frames, tmp_path)
    assert "Typed secret “bank-login”" in page.text
    assert b"hunter2" not in (tmp_path / "index.html").read_bytes()


def test_a_frame_that_is_gone_is_said_and_the_rest_is_shown(
    finished_run: list[Event], frames: Loader, tmp_path: Path
) -> None:
    broken = [replace(event, frame="gone") if isinstance(event, StepEnded) else event for event in finished_run]
    page = read(broken, frames, tmp_path)
    assert "the frame gone is missing" in page.text
    assert page.attribute("id").count("step-1-before") == 1


def test_a_run_without_frames_makes_a_report_of_words(make: SimpleNamespace, frames: Loader, tmp_path: Path) -> None:
    step = replace(make.typing("hello"))
    events = [make.started(), StepProposed(index=1, step=step), StepEnded(index=1, status="done", verified=True)]
    page = read(events, frames, tmp_path)
    assert "Type “hello” into the field “Name” in Mousepad." in page.text
    assert not [tag for tag, _ in page.tags if tag == "figure"]


def test_thirty_busy_steps_on_a_large_screen_stay_below_ten_megabytes(make: SimpleNamespace, tmp_path: Path) -> None:
    def photograph(frame: str) -> Frame:
        noise = np.random.default_rng(int(frame)).integers(0, 255, (270, 480, 4), dtype=np.uint8)
        blurred = cv2.GaussianBlur(noise, (0, 0), 2)
        return Frame(cv2.resize(blurred, (1920, 1080)).astype(np.uint8), Point(0, 0), 0)

    events: list[Event] = [make.started(steps=30)]
    for index in range(1, 31):
        events += [
            StepProposed(index=index, step=make.click(recorded=str(index)), frame=str(index)),
            StepLocated(index=index, verdict=make.found()),
            StepEnded(index=index, status="done", verified=True, frame=str(index + 1)),
        ]
    assert write_html(events, photograph, tmp_path).stat().st_size <= 10_000_000


def test_a_folder_that_cannot_be_made_is_said_in_a_line(
    finished_run: list[Event], frames: Loader, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnavailableError, match="choose another folder"):
        write_html(finished_run, frames, tmp_path / "file")


def test_an_older_report_stays_whole_when_the_new_one_cannot_be_made(
    finished_run: list[Event], frames: Loader, tmp_path: Path
) -> None:
    before = write_html(finished_run, frames, tmp_path).read_bytes()
    with pytest.raises(BadInputError):
        write_html(finished_run[1:], frames, tmp_path)
    assert (tmp_path / "index.html").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")
def test_a_browser_runs_the_page_without_a_complaint(halted_run: list[Event], frames: Loader, tmp_path: Path) -> None:
    path = write_html(halted_run, frames, tmp_path / "report")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    shot = tmp_path / "page.png"
    done = subprocess.run(
        ["chromium", *options, "--enable-logging=stderr", f"--screenshot={shot}", path.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "CONSOLE" not in done.stderr
    assert len(np.unique(cv2.imread(str(shot)).reshape(-1, 3), axis=0)) > 50
