"""`workbench-cli models`, on the tiny real model and on files made to harm."""

import functools
import hashlib
import json
import signal
import struct
import subprocess
import sys
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
import pytest

from agents.runtime.models.registry import Entry, Registry
from ui.orders.model_trials import shown
from workbench import settings

TINY = Path(__file__).resolve().parents[2] / "data" / "tiny_vlm"
FILES = ("--model", str(TINY / "lm.gguf"), "--mmproj", str(TINY / "mmproj.gguf"))
BOUNDS = (100, 40, 150, 70)


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MODELS", str(tmp_path / "models"))
    settings.store("model.threads", "1")
    return tmp_path / "models"


@pytest.fixture
def tiny(cli):
    assert cli("models", "add", "tiny", *FILES).code == 0
    return "tiny"


@pytest.fixture
def screen(tmp_path) -> str:
    """A grey screen of 192x128 pixels with one red button, as a PNG file."""
    pixels = np.full((128, 192, 3), 225, np.uint8)
    left, top, right, bottom = BOUNDS
    pixels[top:bottom, left:right] = (45, 45, 215)
    path = tmp_path / "screen.png"
    cv2.imwrite(str(path), pixels)
    return str(path)


def _refused(answer, code: int, *said: str) -> None:
    """One line on standard error, nothing on standard output."""
    assert (answer.code, answer.out) == (code, "")
    assert len(answer.lines) == 1
    assert all(words in answer.err for words in said), answer.err


def test_a_model_is_added_listed_and_removed_without_touching_its_files(cli, models):
    assert [row["name"] for row in cli("models", "list", "--json").json] == ["built-in"]
    added = cli("models", "add", "tiny", *FILES, "--role", "grounder", "--json")
    assert (added.json["family"], added.json["roles"]) == ("built-in", ["grounder"])
    assert [row["name"] for row in cli("models", "list", "--json").json] == ["built-in", "tiny"]
    assert "built-in" in cli("models", "list").out
    assert cli("models", "remove", "tiny").out == "removed the model tiny; no file was deleted\n"
    assert (TINY / "lm.gguf").exists()
    assert list(models.glob("*.json")) == []


def test_the_catalogue_names_what_can_be_fetched(cli):
    rows = cli("models", "list", "--catalogue", "--json").json
    assert {"qwen2.5-vl-7b", "ui-tars-1.5-7b"} <= {row["name"] for row in rows}
    assert "qwen3-vl-4b" in cli("models", "list", "--catalogue").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--model", "none.gguf"], "there is no file"),
        (["--model", str(TINY / "mmproj.gguf")], "is an mmproj"),
        (["--model", str(TINY / "lm.gguf"), "--mmproj", str(TINY / "lm.gguf")], "is no mmproj"),
        ([*FILES, "--family", "qwen9"], "no family “qwen9”"),
        ([*FILES, "--server", "https://x.example"], "either --model"),
        ([*FILES, "--key-name", "k"], "go with --server only"),
        (["--server", "http://models.example/v1"], "without TLS"),
        (["--server", "not an address"], "no address"),
        (["--server", "https://models.example", "--key-name", "Not A Name"], "cannot name a secret"),
        ([*FILES, "--role", "embedder", "--role", "planner"], "either answers or embeds"),
        (["--server", "http://127.0.0.1:9/v1", "--role", "judge", "--role", "embedder"], "either answers or embeds"),
        ([], "either --model"),
    ],
)
def test_what_cannot_work_is_not_added(cli, models, words, said):
    _refused(cli("models", "add", "m", *words), 2, said)
    assert not models.exists()


def test_a_damaged_or_foreign_file_is_not_added(cli, tmp_path):
    short = tmp_path / "short.gguf"
    short.write_bytes((TINY / "lm.gguf").read_bytes()[:300_000])
    _refused(cli("models", "add", "m", "--model", str(short)), 2, str(short), "cut short", "download it again")
    short.write_bytes(b"<html>log in</html>")
    _refused(cli("models", "add", "m", "--model", str(short)), 2, "web page")


def test_a_model_without_a_chat_template_is_added_only_to_embed(cli, tmp_path):
    plain = tmp_path / "plain.gguf"
    plain.write_bytes((TINY / "lm.gguf").read_bytes().replace(b"tokenizer.chat_template", b"tokenizer.chat_templitz"))
    _refused(cli("models", "add", "m", "--model", str(plain)), 2, str(plain), "no chat template")
    assert cli("models", "add", "m", "--model", str(plain), "--role", "embedder").code == 0


def test_a_bad_name_or_a_taken_one_is_refused(cli, tiny):
    _refused(cli("models", "add", "My Model", *FILES), 2, "cannot name a model")
    _refused(cli("models", "add", "tiny", *FILES), 2, "already", "--replace")
    assert cli("models", "add", "tiny", *FILES, "--context", "512", "--replace", "--json").json["context"] == 512


@pytest.mark.parametrize("words", [["check"], ["calibrate"], ["remove"], ["try", "hello"]])
def test_an_unknown_model_is_refused_with_how_to_get_one(cli, words):
    _refused(cli("models", words[0], "nobody", *words[1:]), 4, "no model “nobody”", "models get")


def test_a_damaged_entry_does_not_hide_the_others(cli, tiny, models):
    (models / "broken.json").write_text("{")
    listed = cli("models", "list", "--json")
    assert listed.code == 1
    assert [row["name"] for row in listed.json] == ["built-in", "tiny"]
    assert "broken.json" in listed.err
    assert cli("models", "remove", "broken").code == 0


def test_an_entry_that_cannot_be_read_does_not_hide_the_others(cli, tiny, monkeypatch):
    def refuse(path: Path) -> bytes:
        if path.name == "other.json":
            raise PermissionError(13, "Permission denied")
        return read(path)

    assert cli("models", "add", "other", *FILES).code == 0
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", refuse)
    listed = cli("models", "list", "--json")
    assert (listed.code, [row["name"] for row in listed.json]) == (1, ["built-in", "tiny"])
    assert "cannot be read: Permission denied" in listed.err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no Unicode")
def test_a_file_whose_name_is_no_unicode_is_refused_with_its_name(cli, tmp_path):
    path = tmp_path / "\udcff.gguf"
    path.write_bytes((TINY / "lm.gguf").read_bytes())
    _refused(cli("models", "add", "m", "--model", str(path)), 2, "udcff.gguf", "rename")


def test_an_answer_that_fills_the_context_is_not_blamed_on_max_tokens(cli, screen):
    assert cli("models", "add", "small", *FILES, "--context", "256").code == 0
    tried = cli("models", "try", "small", "--image", screen, "--image", screen, "click red", "--max-tokens", "9999")
    assert tried.code == 0
    assert "the context of “small” is full" in tried.err


def test_a_server_is_added_without_consent_until_a_person_gives_it(cli):
    added = cli(
        "models", "add", "far", "--server", "https://models.example/v1", "--remote-name", "Qwen3-VL-8B", "--json"
    )
    assert (added.json["consent"], added.json["family"]) == ("", "qwen3-vl")
    assert "--allow-frames" in added.err
    _refused(cli("models", "try", "far", "hello"), 3, "models.example", "nobody has allowed")
    allowed = cli(
        "models", "add", "far", "--server", "https://models.example/v1", "--allow-frames", "--replace", "--json"
    )
    assert allowed.json["consent"] == "models.example"
    assert cli("models", "add", "near", "--server", "http://127.0.0.1:9/v1", "--json").err.count("--allow-frames") == 0


def test_check_measures_the_model_and_says_that_it_works(cli, tiny):
    report = cli("models", "check", tiny, "--json")
    assert report.code == 0
    assert set(report.json) == {
        *("name", "ok", "load_ms", "image_ms", "image_tokens", "prompt_tokens_per_s"),
        *("generate_tokens_per_s", "gpu", "context", "problems"),
    }
    assert (report.json["ok"], report.json["problems"]) == (True, [])
    assert min(report.json[key] for key in ("load_ms", "image_tokens", "generate_tokens_per_s", "context")) > 0
    assert "tiny works" in cli("models", "check", tiny).out


def test_check_of_a_model_without_eyes_fails_and_says_why(cli):
    added = cli("models", "add", "blind", "--model", str(TINY / "lm.gguf"))
    assert "takes no pictures" in added.err
    report = cli("models", "check", "blind", "--json")
    assert report.code == 1
    assert "takes no pictures" in report.json["problems"][0]


def test_nothing_that_a_file_says_of_itself_steers_the_terminal(cli, models, tmp_path):
    evil = tmp_path / "evil.gguf"
    evil.write_bytes((TINY / "lm.gguf").read_bytes().replace(b"qwen3", b"q\x1b[2J"))
    Registry(models).add(Entry("evil", model=str(evil)))
    report = cli("models", "check", "evil", "--json")
    assert any("q [2J" in problem for problem in report.json["problems"])
    assert all(problem.isprintable() for problem in report.json["problems"])
    assert cli("models", "check", "evil").out.replace("\n", "").isprintable()


def test_a_model_whose_file_is_gone_says_so_at_every_use(cli, tmp_path):
    copy = tmp_path / "copy.gguf"
    copy.write_bytes((TINY / "lm.gguf").read_bytes())
    assert cli("models", "add", "copy", "--model", str(copy)).code == 0
    copy.unlink()
    for words in (["check", "copy"], ["try", "copy", "hello"]):
        _refused(cli("models", *words), 2, "has lost its file", str(copy))


def test_try_prints_the_answer_alone(cli, tiny, screen):
    tried = cli("models", "try", tiny, "--image", screen, "click red")
    assert (tried.code, tried.err) == (0, "")
    place = json.loads(tried.out)
    left, top, right, bottom = BOUNDS
    assert left <= (place["x"] + 0.5) * 192 / 100 <= right
    assert top <= (place["y"] + 0.5) * 128 / 100 <= bottom
    whole = cli("models", "try", tiny, "--image", screen, "click red", "--json").json
    assert whole["answer"] == tried.out.strip()
    assert (whole["name"], whole["finish"], whole["timings"]["image_tokens"]) == ("tiny", "stop", 96)


@pytest.mark.parametrize("action", ["list", "add", "get", "remove", "check", "calibrate", "try"])
def test_the_help_of_every_action_shows_an_example(cli, action):
    told = cli("models", action, "--help")
    assert told.code == 0
    assert f"example:\n  workbench-cli models {action}" in told.out


def test_an_answer_that_is_cut_off_says_so(cli, tiny, screen):
    tried = cli("models", "try", tiny, "--image", screen, "click red", "--max-tokens", "2")
    assert tried.code == 0
    assert "--max-tokens" in tried.err


def test_what_a_model_says_cannot_steer_the_terminal():
    assert shown("a\x1b[2Jb\n\tc\x07ü") == "a�[2Jb\n\tc�ü"


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"just words", "is no picture"),
        (b"GIF89a" + bytes(40), "is no picture"),
        (_png(20_000, 10), "20000x10"),
        (_png(10_000, 10_000), "10000x10000"),
        (_png(0, 10), "0x10"),
        (_png(640, 480), "is damaged"),
        (b"\x89PNG\r\n\x1a\n", "is no picture"),
        (b"\xff\xd8\xff", "is no picture"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "is no picture"),
        (bytes(100_000_000), "100 MB"),
    ],
    ids=["empty", "text", "gif", "long", "bomb", "flat", "hollow", "png", "jpeg", "webp", "large"],
)
def test_an_image_that_is_none_or_too_large_is_one_line(cli, tiny, tmp_path, content, said):
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    _refused(cli("models", "try", tiny, "--image", str(path), "what is this?"), 2, str(path), said)


@pytest.mark.parametrize("kind", [".png", ".jpg", ".webp"])
def test_pictures_of_every_kind_are_read_and_broken_ones_refused_in_one_line(process, models, tmp_path, kind):
    noise = np.random.default_rng(1).integers(0, 255, (37, 53, 3), np.uint8)
    data = cv2.imencode(kind, noise)[1].tobytes()
    environment = {"WORKBENCH_MODELS": str(models)}
    process("models", "add", "tiny", *FILES, env=environment)
    path = tmp_path / f"p{kind}"
    path.write_bytes(data[: len(data) // 2])
    cut = process("models", "try", "tiny", "--image", str(path), "click red", env=environment)
    _refused(cut, 2, str(path), "is damaged")
    path.write_bytes(data)
    tried = process("models", "try", "tiny", "--image", str(path), "click red", env=environment)
    assert (tried.code, tried.err) == (0, "")


def test_a_missing_image_a_folder_and_an_empty_question_are_refused(cli, tiny, tmp_path, screen):
    _refused(cli("models", "try", tiny, "--image", str(tmp_path / "none"), "x"), 2, "there is no file")
    _refused(cli("models", "try", tiny, "--image", str(tmp_path), "x"), 2, "is no file")
    _refused(cli("models", "try", tiny, "--image", screen, " "), 2, "question is empty")
    cli("models", "add", "blind", "--model", str(TINY / "lm.gguf"))
    _refused(cli("models", "try", "blind", "--image", screen, "x"), 2, "takes no pictures")


def test_calibrate_finds_how_the_tiny_model_counts_and_keeps_it(cli, tiny, models):
    found = cli("models", "calibrate", tiny, "--json")
    assert found.code == 0
    convention = found.json["profile"]["convention"]
    assert (convention["space"], convention["order"], convention["shape"]) == ("percent", "xy", "point")
    assert found.json["profile"]["model"] == tiny
    assert found.json["profile"]["size_bytes"] == TINY.joinpath("lm.gguf").stat().st_size
    assert Path(found.json["picture"]).read_bytes().startswith(b"\x89PNG")
    assert cli("models", "list", "--json").json[-1]["calibrated"] is True
    assert cli("models", "remove", tiny, "--json").json["deleted"]
    assert TINY.joinpath("lm.gguf").exists()


class _Hub(BaseHTTPRequestHandler):
    """A hub with one repository that holds the tiny model."""

    files: ClassVar = {
        "tiny-Q4_K_M.gguf": (TINY / "lm.gguf").read_bytes(),
        "mmproj-f16.gguf": (TINY / "mmproj.gguf").read_bytes(),
    }

    def __init__(self, asked, stalls, *args) -> None:
        self.asked, self.stalls = asked, stalls
        super().__init__(*args)

    def log_message(self, *_) -> None:
        pass

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/api/models/me/tiny/"):
            body = json.dumps([self._row(name, data) for name, data in self.files.items()]).encode()
        else:
            body = self.files.get(self.path.removeprefix("/me/tiny/resolve/main/"), b"")
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.stalls and not self.path.startswith("/api/"):
            self.wfile.write(body[:400_000])
            self.wfile.flush()
            self.stalls[0].wait(30)
        else:
            self.wfile.write(body)

    @staticmethod
    def _row(name: str, data: bytes) -> dict:
        oid = hashlib.sha256(data).hexdigest()
        return {"type": "file", "path": name, "size": len(data), "lfs": {"oid": oid, "size": len(data)}}


@pytest.fixture
def stalls() -> list[threading.Event]:
    """With an event in it, the hub stops in the middle of every file until that is set."""
    return []


@pytest.fixture
def hub(stalls):
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Hub, asked, stalls))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.store("model.hub", f"http://127.0.0.1:{server.server_port}")
    yield asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_get_fetches_a_model_that_then_answers_and_remove_deletes_it(cli, hub, models, screen):
    got = cli("models", "get", "mine", "--from", "me/tiny", "--json")
    assert (got.code, got.json["family"], got.json["source"]) == (0, "built-in", "me/tiny")
    assert "100 %" in got.err
    assert cli("models", "try", "mine", "--image", screen, "click red").code == 0
    assert len(cli("models", "remove", "mine", "--json").json["deleted"]) == 2
    assert not (models / "mine").exists()


def test_get_names_the_model_as_the_person_wants(cli, hub):
    assert cli("models", "get", "mine", "--from", "me/tiny").code == 0
    _refused(cli("models", "get", "mine", "--from", "me/tiny"), 2, "already", "--name")
    assert cli("models", "get", "mine", "--from", "me/tiny", "--name", "other", "--json").json["name"] == "other"
    _refused(cli("models", "get", "qwen2.5-vl-3b", "--name", "other"), 2, "“other” already")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_get_in_one_line_and_the_next_get_goes_on(cli, hub, models, stalls):
    stalls.append(threading.Event())
    command = [sys.executable, "-m", "ui.cli.main", "models", "get", "mine", "--from", "me/tiny"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        part = models / "mine" / "tiny-Q4_K_M.gguf.part"
        while process.poll() is None and not (part.exists() and part.stat().st_size == 400_000):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1].splitlines()
    stalls.pop().set()
    assert process.returncode == 3
    assert said[-1] == "workbench-cli: stopped before it was done"
    assert part.stat().st_size == 400_000
    assert cli("models", "get", "mine", "--from", "me/tiny").code == 0
    assert not part.exists()


def test_get_of_what_is_not_there_is_one_line(cli, hub):
    _refused(cli("models", "get", "qwen9"), 2, "no model “qwen9”", "--from")
    _refused(cli("models", "get", "mine", "--from", "me/none"), 2, "has nothing at")
    _refused(cli("models", "get", "mine", "--from", "nonsense"), 2, "OWNER/NAME")
    _refused(cli("models", "get", "mine", "--from", "me/tiny", "--model", "*Q2*"), 2, "tiny-Q4_K_M.gguf")


def test_the_settings_of_models_take_what_makes_sense_only():
    for key, text in (("model.gpu_layers", "auto"), ("model.gpu_layers", "0")):
        assert settings.store(key, text) == text
    for key, text in (
        *(("model.gpu_layers", "many"), ("model.gpu_layers", "-1"), ("model.threads", "0"), ("model.context", "1.5")),
        *(("model.hub", "http://models.example"), ("model.hub", "https://me:key@models.example"), ("model.hub", "x")),
    ):
        with pytest.raises(settings.BadInputError, match="it must be"):
            settings.store(key, text)
