"""`export`: what is private is refused by default, masked or let go one by one, and nothing masked is in the file."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import keyring
import numpy as np
import pytest
from keyring.backends import fail
from PIL import Image, ImageDraw, ImageFont

from ui.orders.exporting import Decisions, LeaksFoundError, Order, Secrets, examine, names, write
from workbench.actions import Activate, Click, TypeText
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent
from workbench.library.bundle import opened_bundle
from workbench.library.store import Library, RecordingOpening
from workbench.locate.ocr import read_text
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Trajectory, Window

MAIL, CARD, SECRET = "jane.doe@mail.example.org", "4111 1111 1111 1111", "hunter2-and-more"
FORMATS = [name for name in names() if not name.startswith(("mp4", "gif", "preferences", "hint"))]
"""Those that a trajectory without runs can be written in, and whose bytes are words."""


def _painted(*lines: str) -> np.ndarray:
    """A screen with a window that shows these lines."""
    picture = Image.new("RGB", (640, 300), (60, 90, 120))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((10, 10, 600, 200), fill="white")
    for number, line in enumerate(lines):
        draw.text((20, 30 + 30 * number), line, fill="black", font=ImageFont.load_default(15))
    pixels = np.full((300, 640, 4), 255, np.uint8)
    pixels[..., :3] = np.asarray(picture)[..., ::-1]
    return pixels


def _letter(library: Library, *, keys: str = "") -> Trajectory:
    """A recording of a letter with an address in words, a card number in its second picture, and a secret as keys."""
    writer = library.begin_recording(RecordingOpening("Letter", started_ns=1, epoch_s=1.0))
    writer.append([InputEvent(n, n, "key_down", keysym=key, text=key) for n, key in enumerate(keys, 1)], ())
    plain = library.frames.put(_painted("Dear reader,"), origin=Point(0, 0))
    private = library.frames.put(_painted("Dear reader,", f"the card is {CARD}"), origin=Point(0, 0))
    window = Window("notes", "Letter - Notes", Rect(10, 10, 590, 190))
    button = Element("notes", window.title, "push button", "Save", Rect(20, 160, 60, 24))
    steps = (
        Step("s1", TypeText(f"Dear {MAIL}"), Observation(1, 1.0, plain, window), outcome=Outcome(private)),
        Step("s2", Click(), Observation(2, 2.0, private, window), Target(Point(30, 170), window, button)),
    )
    return writer.finish(Trajectory(writer.id, f"Write to {MAIL}", steps, task="write a letter"))


@pytest.fixture
def letter(library_path: Path) -> Trajectory:
    with Library.open(library_path) as library:
        return _letter(library)


def _everything(path: Path) -> bytes:
    """All bytes of a file or folder, unpacked where they are packed."""
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return b"\n".join(_unpacked(each.read_bytes()) for each in files)


def _unpacked(data: bytes) -> bytes:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"\n".join(_unpacked(archive.read(name)) for name in archive.namelist())
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def test_by_default_nothing_is_written_when_anything_is_found(letter, tmp_path, cli):
    answer = cli("export", letter.id, "--to", "agentnet", "-o", tmp_path / "out")
    assert answer.code == 3
    assert not (tmp_path / "out").exists()
    assert "nothing was exported because of 2 findings" in answer.lines[-1]
    assert "--leaks mask" in answer.err
    lines = answer.out.splitlines()
    assert len(lines) == 2
    assert "e-mail address" in lines[0]
    assert "card number" in lines[1]
    assert "picture at" in lines[1]
    assert not any(private in answer.out + answer.err for private in (MAIL, CARD))


def test_json_lists_findings_with_their_places_and_no_content(letter, tmp_path, cli):
    answer = cli("export", letter.id, "-o", tmp_path / "out.trajectory", "--json")
    assert answer.code == 3
    assert answer.json["exported"] is False
    mail, card = answer.json["leaks"]
    assert (mail["kind"], mail["decision"], len(mail["places"])) == ("e-mail", None, 2)
    assert card["places"][0]["region"]["y"] > 40
    assert MAIL not in answer.out


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_masked_is_in_no_byte_of_what_is_written(name, letter, tmp_path, cli):
    answer = cli("export", letter.id, "--to", name, "-o", tmp_path / "out", "--leaks", "mask")
    assert answer.code == 0, answer.err
    held = _everything(tmp_path / "out")
    assert not any(private.encode() in held for private in (MAIL, "jane.doe", CARD, CARD.replace(" ", "")))


def test_pictures_that_leave_cannot_be_read_where_they_were_masked(letter, tmp_path, cli):
    assert cli("export", letter.id, "--to", "agentnet", "-o", tmp_path / "out", "--leaks", "mask").code == 0
    pictures = sorted((tmp_path / "out" / "images").glob("*.png"))
    assert len(pictures) == 2
    read = " ".join(line.text for path in pictures for line in read_text(_pixels(path), Point(0, 0)))
    assert "Dear reader" in read
    assert "1111" not in read


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        pixels = np.zeros((picture.height, picture.width, 4), np.uint8)
        pixels[..., :3] = np.asarray(picture.convert("RGB"))[..., ::-1]
        return pixels


def test_findings_are_decided_one_by_one(letter, tmp_path, cli):
    found = cli("export", letter.id, "--to", "html", "-o", tmp_path / "out.html", "--json").json["leaks"]
    mail, card = (one["id"] for one in found)
    assert cli("export", letter.id, "--to", "html", "-o", tmp_path / "out.html", "--accept", mail).code == 3
    answer = cli("export", letter.id, "--to", "html", "-o", tmp_path / "out.html", "--accept", mail, "--mask", card)
    assert answer.code == 0
    assert MAIL.encode() in (tmp_path / "out.html").read_bytes()
    assert "1 finding masked" in answer.err
    assert "1 finding let leave" in answer.err


def test_a_finding_that_is_none_and_one_that_is_decided_twice_are_refused(letter, tmp_path, cli):
    path = tmp_path / "out.trajectory"
    found = cli("export", letter.id, "-o", path, "--json").json["leaks"][0]["id"]
    assert cli("export", letter.id, "-o", path, "--accept", "0123456789").code == 2
    assert cli("export", letter.id, "-o", path, "--accept", found, "--mask", found).code == 2
    assert cli("export", letter.id, "-o", path, "--mask", ",").code == 2
    assert not path.exists()


def test_a_masked_bundle_is_the_masked_head_alone_and_says_so(library_path, tmp_path, cli):
    with Library.open(library_path) as library:
        letter = _letter(library, keys=MAIL)
    path = tmp_path / "out.trajectory"
    answer = cli("export", letter.id, "-o", path, "--leaks", "mask")
    assert answer.code == 0
    assert "no raw events, no history" in answer.err
    with opened_bundle(path) as opened:
        assert opened.trajectory.title == "Write to ▇▇▇"
        assert len(opened.library.history(opened.trajectory.id)) == 1
        assert opened.library.events(opened.trajectory.id) == []
        frames = [step.observation.frame for step in opened.trajectory.steps]
        assert frames[1] not in (None, letter.steps[1].observation.frame)
        read = read_text(opened.library.frames.load(frames[1]).pixels, Point(0, 0))
    assert "1111" not in " ".join(line.text for line in read)


def test_an_accepted_bundle_comes_back_whole(library_path, tmp_path, cli):
    with Library.open(library_path) as library:
        letter = _letter(library, keys="abc")
    assert cli("export", letter.id, "-o", tmp_path / "out.trajectory", "--leaks", "accept").code == 0
    with opened_bundle(tmp_path / "out.trajectory") as opened:
        assert opened.trajectory.steps == letter.steps
        assert len(opened.library.events(opened.trajectory.id)) == 3


def test_pictures_leave_unread_only_where_that_was_said_and_are_told_of(letter, tmp_path, cli):
    path = tmp_path / "out.html"
    answer = cli("export", letter.id, "--to", "html", "-o", path, "--unread-pictures", "--leaks", "mask")
    assert answer.code == 0
    assert "pictures were not read" in answer.err
    assert "1 finding masked" in answer.err


def test_secrets_of_the_keyring_are_found_and_never_shown(library_path, tmp_path):
    with Library.open(library_path) as library:
        step = Step("s1", TypeText(f"log in with {SECRET}"))
        saved = library.save(Trajectory("2mzeby9bmw0f", "Log in", (step,)))
        order = Order((saved,), "pyautogui", tmp_path / "out.py")
        asked = Secrets({"bank": SECRET})
        assert SECRET not in repr(asked)
        examined = examine(library, order, secrets=asked)
        with pytest.raises(LeaksFoundError) as refused:
            write(library, examined, Decisions())
        assert SECRET not in f"{refused.value!r} {refused.value.undecided}"
        write(library, examined, Decisions("mask"))
    assert SECRET.encode() not in (tmp_path / "out.py").read_bytes()


@pytest.fixture
def no_keyring():
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


def test_a_keyring_that_cannot_be_asked_is_told_of(letter, tmp_path, cli, no_keyring):
    answer = cli("export", letter.id, "-o", tmp_path / "out.trajectory", "--leaks", "accept", "--json")
    assert answer.code == 0
    assert any("secrets were not looked for" in note for note in answer.json["notes"])


def test_several_trajectories_leave_in_one_set_where_the_format_holds_them(library_path, tmp_path, cli):
    with Library.open(library_path) as library:
        ids = [library.save(Trajectory(library.new_id(), f"T{n}", (Step("s1", Click()),))).id for n in (1, 2)]
    answer = cli("export", *ids, "--to", "agentnet", "-o", tmp_path / "set", "--json")
    assert answer.code == 0
    assert answer.json["trajectories"] == ids
    lines = (tmp_path / "set" / "agentnet.jsonl").read_text().splitlines()
    assert [json.loads(line)["task_id"] for line in lines] == ids
    refused = cli("export", *ids, "--to", "html", "-o", tmp_path / "set.html")
    assert (refused.code, "one by one" in refused.err) == (2, True)


def test_what_is_in_the_way_stays_and_an_older_export_is_replaced(letter, tmp_path, cli):
    path = tmp_path / "out.html"
    path.write_text("my diary")
    assert cli("export", letter.id, "--to", "html", "-o", path, "--leaks", "mask").code == 2
    assert path.read_text() == "my diary"
    path.unlink()
    for _ in range(2):
        assert cli("export", letter.id, "--to", "html", "-o", path, "--leaks", "mask").code == 0
    assert cli("export", letter.id, "--to", "nothing").code == 2


def test_what_the_format_cannot_hold_is_told(library_path, tmp_path, cli):
    with Library.open(library_path) as library:
        saved = library.save(Trajectory(library.new_id(), "Look", (Step("s1", Activate("notes")),)))
    answer = cli("export", saved.id, "--to", "pyautogui", "-o", tmp_path / "out.py", "--json")
    assert answer.code == 0
    assert answer.json["remarks"][0]["step"] == 1
    assert "step 1: " in answer.err


def test_an_order_for_a_format_that_is_none_is_refused(library_path):
    with Library.open(library_path) as library, pytest.raises(BadInputError):
        examine(library, Order((Trajectory("2mzeby9bmw0f", "x"),), "nothing"), secrets=Secrets())


def test_a_film_of_what_was_masked_shows_nothing_of_it(letter, tmp_path, cli):
    import cv2

    path = tmp_path / "out.gif"
    assert cli("export", letter.id, "--to", "gif", "-o", path, "--leaks", "mask").code == 0
    film = cv2.VideoCapture(str(path))
    read, last = [], None
    while film.isOpened():
        good, pixels = film.read()
        if not good:
            break
        if last is None or np.abs(pixels.astype(int) - last).mean() > 2:
            last = pixels.astype(int)
            read += read_text(cv2.cvtColor(pixels, cv2.COLOR_BGR2BGRA), Point(0, 0))
    film.release()
    said = " ".join(line.text for line in read)
    assert "reader" in said
    assert not any(word in said for word in ("jane", "1111"))
