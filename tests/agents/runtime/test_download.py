"""Fetching from a hub: a real server on this machine that cuts, damages, refuses and redirects as it is told."""

import hashlib
import json
import shutil
import threading
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from agents.runtime.models import download
from agents.runtime.models.download import Source, fetch, part_of
from agents.runtime.models.fetching import Client, Patience
from agents.runtime.models.getting import Wanted, get, wanted
from agents.runtime.models.hub import choose_mmproj, choose_model, gguf_files
from agents.runtime.models.registry import Registry
from workbench.errors import BadInputError, UnavailableError
from workbench.library import locks

TINY = Path(__file__).resolve().parents[2] / "data" / "tiny_vlm"
DATA = bytes(range(256)) * 12_000
SHA256 = hashlib.sha256(DATA).hexdigest()


class Hub(ThreadingHTTPServer):
    """Serves `files` by path; `faults` are done one per request of a file, in their order, and then none.

    When `plain`, it tells no checksums.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.faults: list[str] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.etag = '"one"'
        self.plain = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.server.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if path.startswith("/api/"):
            return self._list()
        fault, _, detail = (self.server.faults.pop(0) if self.server.faults else "").partition(":")
        if fault == "status":
            return self._answer(int(detail), b"", {"Retry-After": "7"})
        if fault == "redirect":
            return self._answer(302, b"", {"Location": detail})
        if fault == "unsatisfiable":
            return self._answer(416, b"<html>416</html>", {"Content-Type": "text/html"})
        if fault == "html":
            return self._answer(200, b"<html>Log in</html>", {"Content-Type": "text/html; charset=utf-8"})
        data = self.server.files.get(path)
        return self._answer(404, b"", {}) if data is None else self._file(data, fault, detail)

    def _file(self, data: bytes, fault: str, detail: str) -> None:
        start = 0
        fresh = self.headers.get("If-Range") in (None, self.server.etag)
        if "Range" in self.headers and fresh and fault != "no-range":
            start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        if fault == "damage":
            at = start + (len(data) - start) // 2
            data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        headers = {"ETag": self.server.etag, "Content-Type": "application/octet-stream"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self._answer(206 if start else 200, data[start:], headers, cut=int(detail) if fault == "cut" else None)

    def _list(self) -> None:
        owner_name = "/".join(self.path.split("/")[3:5])
        listed = [
            {"type": "file", "path": path.split("/resolve/main/")[1], "size": len(data), "oid": "0" * 40}
            | ({} if self.server.plain else {"lfs": {"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}})
            for path, data in self.server.files.items()
            if path.startswith(f"/{owner_name}/resolve/")
        ]
        body = json.dumps([*listed, {"type": "directory", "path": "d", "size": 0}]).encode()
        self._answer(200 if listed else 404, body, {"Content-Type": "application/json"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str], cut: int | None = None) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])
        self.close_connection = self.close_connection or cut is not None


@pytest.fixture
def hub():
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(waits: list[float]) -> Client:
    return Client(patience=Patience(sleep=waits.append, connect_s=5, read_s=10))


@pytest.fixture
def source(hub: Hub) -> Source:
    hub.files["/f.bin"] = DATA
    return Source(f"{hub.address}/f.bin", len(DATA), SHA256)


def _nothing(_done: int, _all: int) -> None:
    pass


def _left(folder: Path) -> set[str]:
    """What lies there, but for the locks, which stay."""
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


def test_a_download_interrupted_five_times_once_by_damage_arrives_whole(hub, source, client, tmp_path):
    hub.faults = ["cut:500000", "status:503", "cut:1000000", "damage", "cut:700000", "cut:700000", ""]
    told: list[tuple[int, int]] = []
    fetch(source, tmp_path / "f.bin", client, lambda *now: told.append(now))
    assert hashlib.sha256((tmp_path / "f.bin").read_bytes()).hexdigest() == SHA256
    assert _left(tmp_path) == {"f.bin"}
    assert [headers.get("range") for _, headers in hub.requests] == [
        *(None, "bytes=500000-", "bytes=500000-", "bytes=1500000-"),
        *(None, "bytes=700000-", "bytes=1400000-"),
    ]
    assert told[-1] == (len(DATA), len(DATA))


def test_a_file_that_is_there_already_is_not_fetched_again(hub, source, client, tmp_path):
    (tmp_path / "f.bin").write_bytes(DATA)
    fetch(source, tmp_path / "f.bin", client, _nothing)
    assert hub.requests == []


def test_ctrl_c_keeps_what_has_arrived_and_the_next_time_goes_on_from_there(hub, source, client, tmp_path):
    def stop(done: int, _all: int) -> None:
        if done > 1_000_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(source, tmp_path / "f.bin", client, stop)
    arrived = part_of(tmp_path / "f.bin").stat().st_size
    assert 1_000_000 < arrived < len(DATA)
    fetch(source, tmp_path / "f.bin", client, _nothing)
    assert hub.requests[-1][1]["range"] == f"bytes={arrived}-"
    assert hub.requests[-1][1]["if-range"] == '"one"'
    assert (tmp_path / "f.bin").read_bytes() == DATA


def test_a_server_that_sends_no_parts_is_taken_from_the_beginning(hub, source, client, tmp_path):
    hub.faults = ["cut:400000", "no-range"]
    fetch(source, tmp_path / "f.bin", client, _nothing)
    assert (tmp_path / "f.bin").read_bytes() == DATA


def test_what_was_begun_of_another_version_is_thrown_away(hub, source, client, tmp_path):
    hub.faults = ["cut:400000", "status:403"]
    with pytest.raises(UnavailableError):
        fetch(source, tmp_path / "f.bin", client, _nothing)
    other = DATA[::-1]
    hub.files["/f.bin"], hub.etag = other, '"two"'
    fetch(Source(source.url, len(other), hashlib.sha256(other).hexdigest()), tmp_path / "f.bin", client, _nothing)
    assert (tmp_path / "f.bin").read_bytes() == other
    assert "range" not in hub.requests[-1][1]


def test_a_file_without_a_checksum_never_counts_as_whole(hub, client, tmp_path):
    hub.files["/f.bin"] = DATA
    with pytest.raises(UnavailableError, match="with a browser"):
        fetch(Source(f"{hub.address}/f.bin", len(DATA), ""), tmp_path / "f.bin", client, _nothing)
    assert _left(tmp_path) == set()


def test_a_part_that_the_server_finds_too_long_is_thrown_away_and_fetched_afresh(hub, source, client, tmp_path):
    hub.faults = ["cut:400000", "unsatisfiable"]
    fetch(source, tmp_path / "f.bin", client, _nothing)
    assert (tmp_path / "f.bin").read_bytes() == DATA
    assert [headers.get("range") for _, headers in hub.requests] == [None, "bytes=400000-", None]


def test_a_file_that_arrives_damaged_twice_is_an_error_and_nothing_stays(hub, source, client, tmp_path):
    hub.faults = ["damage", "damage"]
    with pytest.raises(UnavailableError, match="arrived damaged twice") as refusal:
        fetch(source, tmp_path / "f.bin", client, _nothing)
    assert "models add" in str(refusal.value)
    assert _left(tmp_path) == set()


def test_waiting_grows_is_bounded_and_heeds_what_the_server_asks_for(hub, source, client, tmp_path, waits):
    hub.faults = ["status:429"] * 4
    fetch(source, tmp_path / "f.bin", client, _nothing)
    assert waits == [7, 7, 7, 8]
    assert client.patience.wait_s(30) == client.patience.wait_s(1, 9999) == 120


def test_a_server_that_stays_away_is_given_up_with_what_to_do(hub, source, client, tmp_path, waits):
    hub.faults = ["cut:100000", *["status:500"] * 50]
    with pytest.raises(UnavailableError, match="500") as refusal:
        fetch(source, tmp_path / "f.bin", client, _nothing)
    assert "with a browser" in str(refusal.value)
    assert "models add" in str(refusal.value)
    assert len(waits) == client.patience.attempts
    assert part_of(tmp_path / "f.bin").stat().st_size == 100_000


def test_without_a_network_the_error_says_how_to_do_without(hub, client, tmp_path):
    hub.server_close()
    with pytest.raises(UnavailableError, match="no connection") as refusal:
        fetch(Source(f"{hub.address}/f.bin", 10, SHA256), tmp_path / "f.bin", client, _nothing)
    assert "with a browser" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_hub_that_cannot_be_reached_sends_a_person_to_the_page_of_the_repository(hub, client, waits):
    hub.server_close()
    with pytest.raises(UnavailableError, match="/owner/tiny/tree/main with a browser"):
        gguf_files(hub.address, "owner/tiny", client)
    assert len(waits) == 2


def test_a_web_page_in_place_of_the_file_is_refused(hub, source, client, tmp_path):
    hub.faults = ["html"]
    with pytest.raises(UnavailableError, match="web page in place of the file"):
        fetch(source, tmp_path / "f.bin", client, _nothing)
    assert _left(tmp_path) == set()


@pytest.mark.parametrize(("status", "error"), [(404, BadInputError), (403, UnavailableError), (418, UnavailableError)])
def test_a_refusal_that_will_not_pass_is_not_tried_again(hub, source, client, tmp_path, status, error):
    hub.faults = [f"status:{status}"]
    with pytest.raises(error):
        fetch(source, tmp_path / "f.bin", client, _nothing)
    assert len(hub.requests) == 1


def test_a_disk_without_room_is_noticed_before_anything_is_fetched(hub, source, client, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, download.RESERVE_BYTES + 1000))
    with pytest.raises(UnavailableError, match="GB free") as refusal:
        fetch(source, tmp_path / "models" / "f.bin", client, _nothing)
    assert "model.folder" in str(refusal.value)
    assert hub.requests == []


def test_two_programs_do_not_fetch_the_same_file_at_once(hub, source, client, tmp_path):
    held = locks.hold(tmp_path / "f.bin.lock")
    assert held is not None
    with pytest.raises(UnavailableError, match="by another program"):
        fetch(source, tmp_path / "f.bin", client, _nothing)
    held.release()
    before = (tmp_path / "f.bin.lock").stat().st_ino
    fetch(source, tmp_path / "f.bin", client, _nothing)
    assert (tmp_path / "f.bin.lock").stat().st_ino == before


def test_a_redirect_to_another_host_gets_no_credentials(hub, tmp_path):
    other = Hub()
    threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    other.files["/elsewhere"] = DATA
    hub.faults = ["redirect:/same", f"redirect:{other.address}/elsewhere"]
    try:
        fetch(Source(f"{hub.address}/f", len(DATA), SHA256), tmp_path / "f", Client(token="s3cret"), _nothing)
    finally:
        other.shutdown()
        other.server_close()
    assert [headers["authorization"] for _, headers in hub.requests] == ["Bearer s3cret"] * 2
    assert "authorization" not in other.requests[0][1]
    assert (tmp_path / "f").read_bytes() == DATA


@pytest.mark.parametrize("where", ["http://models.example/f", "ftp://127.0.0.1/f", "file:///etc/hostname"])
def test_nothing_leads_to_an_address_that_others_could_read_along(hub, source, client, tmp_path, where):
    hub.faults = [f"redirect:{where}"]
    with pytest.raises(BadInputError, match="not reached through TLS"):
        fetch(source, tmp_path / "f.bin", client, _nothing)
    with pytest.raises(BadInputError, match="not reached through TLS"):
        fetch(Source(where, 10, SHA256), tmp_path / "f.bin", client, _nothing)


def test_a_redirect_to_what_is_no_address_is_one_error(hub, source, client, tmp_path):
    hub.faults = ["redirect:http://[::1"]
    with pytest.raises(UnavailableError, match="leads to what is no address"):
        fetch(source, tmp_path / "f.bin", client, _nothing)


def test_redirects_without_end_are_an_error(hub, source, client, tmp_path):
    hub.faults = ["redirect:/f.bin"] * 50
    with pytest.raises(UnavailableError, match="without end"):
        fetch(source, tmp_path / "f.bin", client, _nothing)


@pytest.fixture
def repository(hub: Hub) -> str:
    place = "/owner/Tiny-GGUF/resolve/main/"
    hub.files[f"{place}sub folder/tiny-Q4_K_M.gguf"] = (TINY / "lm.gguf").read_bytes()
    hub.files[f"{place}tiny-Q8_0-00001-of-00002.gguf"] = b"part"
    hub.files[f"{place}mmproj-tiny-Q8_0.gguf"] = b"not this one"
    hub.files[f"{place}mmproj-tiny-f16.gguf"] = (TINY / "mmproj.gguf").read_bytes()
    hub.files[f"{place}../../evil.gguf"] = b"evil"
    hub.files[f"{place}README.md"] = b"words"
    return "owner/Tiny-GGUF"


def test_the_files_of_a_repository_are_listed_and_the_two_that_make_a_model_chosen(hub, client, repository):
    files = gguf_files(hub.address, repository, client)
    assert len(files) == 4
    assert choose_model(files, "*Q4_K_M.gguf").name == "tiny-Q4_K_M.gguf"
    assert choose_mmproj(files, "*mmproj*.gguf").name == "mmproj-tiny-f16.gguf"
    with pytest.raises(BadInputError, match="one part of a split model"):
        choose_model(files, "*Q8_0*.gguf")
    with pytest.raises(BadInputError, match=r"fits “\*Q2\*”.*tiny-Q4_K_M\.gguf"):
        choose_model(files, "*Q2*")


@pytest.mark.parametrize("name", ["nothing", "a/b/c", "../x", "a/..", "a/b?c", ""])
def test_what_cannot_be_a_repository_is_refused_before_anybody_is_asked(hub, client, name):
    with pytest.raises(BadInputError, match="OWNER/NAME"):
        gguf_files(hub.address, name, client)
    assert hub.requests == []


def test_a_model_is_fetched_entered_and_removed_with_its_files(hub, client, repository, tmp_path):
    registry = Registry(tmp_path / "models")
    hub.faults = ["cut:100000", "cut:300000"]
    names: set[str] = set()
    entry = get(
        Wanted("tiny", repository), hub.address, registry=registry, client=client, report=lambda n, *_: names.add(n)
    )
    assert (entry.family, entry.source) == ("built-in", repository)
    assert names == {"tiny-Q4_K_M.gguf", "mmproj-tiny-f16.gguf"}
    model, mmproj = registry.files(registry.get("tiny"))
    assert model.read_bytes() == (TINY / "lm.gguf").read_bytes()
    assert mmproj is not None
    assert len(registry.remove("tiny")) == 2
    assert _left(tmp_path / "models") <= {".lock"}


def test_a_fetched_file_that_is_no_model_is_deleted_and_not_entered(hub, client, repository, tmp_path):
    registry = Registry(tmp_path)
    hub.files[f"/{repository}/resolve/main/mmproj-tiny-f16.gguf"] = b"GGUF but not really"
    with pytest.raises(BadInputError, match="mmproj-tiny-f16"):
        get(Wanted("tiny", repository), hub.address, registry=registry, client=client, report=lambda *_: None)
    assert registry.names() == []
    assert _left(registry.folder_of("tiny")) == {"tiny-Q4_K_M.gguf"}
    assert [path.name for path in registry.remove("tiny")] == ["tiny-Q4_K_M.gguf"]
    assert not registry.folder_of("tiny").exists()


def test_files_of_one_repository_that_are_called_differently_are_entered(hub, client, repository, gguf_files, tmp_path):
    registry = Registry(tmp_path / "models")
    names = {"general.name": "Somebody's Other Eyes"}
    eyes = gguf_files.copy(TINY / "mmproj.gguf", tmp_path / "p.gguf", key=lambda name, value: names.get(name, value))
    hub.files[f"/{repository}/resolve/main/mmproj-tiny-f16.gguf"] = eyes.read_bytes()
    get(Wanted("tiny", repository), hub.address, registry=registry, client=client, report=lambda *_: None)
    assert registry.names() == ["tiny"]


@pytest.mark.parametrize("choose", [choose_model, choose_mmproj])
def test_a_file_of_which_the_hub_tells_no_checksum_is_refused(hub, client, repository, choose):
    hub.plain = True
    with pytest.raises(UnavailableError, match="no checksum") as refusal:
        choose(gguf_files(hub.address, repository, client), "*f16.gguf" if choose is choose_mmproj else "*Q4_K_M.gguf")
    assert "with a browser" in str(refusal.value)
    assert "models add" in str(refusal.value)


def test_removing_clears_what_a_fetching_left_but_not_while_it_runs(hub, client, repository, tmp_path):
    registry = Registry(tmp_path / "models")
    hub.faults = ["", "cut:100000", "status:403"]
    with pytest.raises(UnavailableError):
        get(Wanted("tiny", repository), hub.address, registry=registry, client=client, report=lambda *_: None)
    own = registry.folder_of("tiny")
    (own / "mine.gguf").write_bytes(b"x")
    begun = {"mmproj-tiny-f16.gguf.part", "mmproj-tiny-f16.gguf.part.json"}
    assert _left(own) == {"mine.gguf", "tiny-Q4_K_M.gguf", *begun}
    held = locks.hold(own / "mmproj-tiny-f16.gguf.lock")
    assert held is not None
    with pytest.raises(UnavailableError, match="is being fetched"):
        registry.remove("tiny")
    held.release()
    assert len(registry.remove("tiny")) == 3
    assert [path.name for path in own.iterdir()] == ["mine.gguf"]
    with pytest.raises(UnavailableError, match="no model “tiny”"):
        registry.remove("tiny")


def test_an_unknown_name_of_the_catalogue_is_refused_with_those_there_are():
    assert wanted("qwen2.5-vl-3b").repository == "ggml-org/Qwen2.5-VL-3B-Instruct-GGUF"
    with pytest.raises(BadInputError, match=r"no model “qwen9”.*qwen2\.5-vl-3b.*--from"):
        wanted("qwen9")
