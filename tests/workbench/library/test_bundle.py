"""Bundles carry everything, and a hostile one gets nothing in."""

import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.errors import BadInputError, UnavailableError
from workbench.geometry import Point
from workbench.inputs import InputEvent, Sighting
from workbench.library import contents
from workbench.library.bundle import export_bundle, import_bundle, is_bundle, opened_bundle
from workbench.library.store import Library, RecordingOpening
from workbench.library.tiles import frame_id

Members = dict[str, bytes]


@pytest.fixture
def recorded(library, picture, a_trajectory) -> str:
    """A recording with two revisions, the older one at the head, frames in both, and a forgotten stretch."""
    frames = tuple(library.frames.put(picture(seed), origin=Point(-5, 5)) for seed in (1, 2, 3))
    writer = library.begin_recording(RecordingOpening("Morning", commands=("galculator",), epoch_s=5.0))
    writer.append(
        [InputEvent(seq, seq * 10, "move", Point(seq, 2)) for seq in range(1, 8)], [Sighting(2, 20, frame=frames[2])]
    )
    library.forget(writer.id, since_ns=30, until_ns=40)
    purges = library.purges(writer.id)
    saved = writer.finish(a_trajectory(writer.id, frames=frames[:1], purges=purges))
    library.revise(a_trajectory(writer.id, frames=frames[:2], title="Noon", purges=purges), note="more")
    library.undo(saved.id)
    return saved.id


@pytest.fixture
def elsewhere(tmp_path) -> Library:
    with Library.open(tmp_path / "elsewhere") as opened:
        yield opened


@pytest.fixture
def bundle(library, recorded, tmp_path) -> Path:
    path = tmp_path / "it.trajectory"
    export_bundle(library, recorded, path)
    return path


def test_everything_arrives_in_another_library(library, recorded, bundle, elsewhere):
    arrived = import_bundle(elsewhere, bundle)
    assert arrived == replace(library.get(recorded), purges=0, reviewed=False)
    assert elsewhere.events(recorded) == library.events(recorded)
    assert elsewhere.sightings(recorded) == library.sightings(recorded)
    assert elsewhere.opening(recorded) == library.opening(recorded)
    assert elsewhere.redo(recorded) == replace(library.redo(recorded), purges=0, reviewed=False)
    assert [revision.note for revision in elsewhere.history(recorded)] == ["", "more"]
    for frame in library.frames.all():
        assert (elsewhere.frames.load(frame).pixels == library.frames.load(frame).pixels).all()
    assert elsewhere.verify() == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_trajectory_arrives_unchanged(trajectories, picture, tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp()
    with Library.open(folder / "from") as library, Library.open(folder / "to") as other:
        frames = [library.frames.put(picture(seed), origin=Point(0, 0)) for seed in (1, 2)]
        drawn = data.draw(trajectories(st.sampled_from(frames)))
        saved = library.save(replace(drawn, id=library.new_id()))
        export_bundle(library, saved.id, folder / "any.trajectory", with_events=data.draw(st.booleans()))
        assert import_bundle(other, folder / "any.trajectory") == replace(saved, reviewed=False)
        other.delete(saved.id)


def test_without_events_only_the_head_leaves(library, recorded, elsewhere, tmp_path, bytes_in):
    library.redo(recorded)
    export_bundle(library, recorded, tmp_path / "head.trajectory", with_events=False)
    arrived = import_bundle(elsewhere, tmp_path / "head.trajectory")
    assert arrived == replace(library.get(recorded), purges=0, reviewed=False, revision=1)
    assert elsewhere.events(recorded) == []
    assert len(elsewhere.history(recorded)) == 1
    assert bytes_in(elsewhere.path, "Add numbers") == [], "the title before the edit stays at home"
    assert elsewhere.verify() == []


def test_the_same_trajectory_makes_the_same_bytes(library, recorded, bundle, elsewhere, tmp_path):
    export_bundle(library, recorded, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == bundle.read_bytes()


def test_a_taken_id_is_replaced_and_what_has_it_is_left_alone(library, recorded, bundle):
    before = library.get(recorded)
    arrived = import_bundle(library, bundle)
    assert arrived.id != recorded
    assert (arrived.title, arrived.reviewed, arrived.source) == (before.title, False, before.source)
    assert library.get(recorded) == before
    assert library.events(arrived.id) == library.events(recorded)
    assert library.verify() == []


def test_a_bundle_can_be_used_without_importing_it(bundle, recorded):
    with opened_bundle(bundle) as opened:
        folder = opened.library.path
        assert opened.trajectory.id == recorded
        assert opened.library.verify() == []
    assert not folder.exists()


def test_a_bundle_is_known_by_its_content(library, bundle, tmp_path):
    (tmp_path / "cut").write_bytes(bundle.read_bytes()[:200])
    (tmp_path / "text.trajectory").write_text("hello")
    (tmp_path / "reordered").write_bytes(_zip(dict(reversed(_members(bundle).items()))))
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme", "hello")
    known = {
        path: is_bundle(tmp_path / path)
        for path in ("it.trajectory", "cut", "reordered", "text.trajectory", "other.zip", "absent", ".")
    }
    assert known == {
        "it.trajectory": True,
        "cut": True,
        "reordered": True,
        "text.trajectory": False,
        "other.zip": False,
        "absent": False,
        ".": False,
    }


def test_a_broken_frame_is_not_exported_and_no_file_is_left(library, recorded, tmp_path):
    next(library.frames.folder.rglob("*.tile")).unlink()
    with pytest.raises(BadInputError, match="is missing"):
        export_bundle(library, recorded, tmp_path / "out" / "it")
    assert not (tmp_path / "out").exists()


def test_an_export_to_nowhere_is_refused(library, recorded, tmp_path):
    with pytest.raises(BadInputError, match="a folder that exists"):
        export_bundle(library, recorded, tmp_path / "absent" / "it")
    (tmp_path / "folder").mkdir()
    with pytest.raises((BadInputError, UnavailableError), match="cannot write"):
        export_bundle(library, recorded, tmp_path / "folder")
    assert list(tmp_path.glob(".*")) == []


# What follows are hostile bundles. `_forge` changes members and writes a manifest that fits them again, so that each
# is refused for what it is meant to show and not for a wrong checksum.


def test_an_unchanged_forgery_is_accepted(bundle, elsewhere):
    _forge(bundle, lambda members: None)
    assert import_bundle(elsewhere, bundle)


def _absent_frame(members: Members) -> None:
    del members[next(name for name in members if name.endswith(".frame"))]


def _absent_tile(members: Members) -> None:
    del members[next(name for name in members if name.endswith(".tile"))]


def _extra_frame(members: Members) -> None:
    data = next(data for name, data in members.items() if name.endswith(".frame"))
    moved = data[:12] + b"\x09\0\0\0" + data[16:]
    members[f"frames/{frame_id(moved)}.frame"] = moved


def _extra_tile(members: Members) -> None:
    members["tiles/" + "0" * 32 + ".tile"] = next(data for name, data in members.items() if name.endswith(".tile"))


def _false_tile(members: Members) -> None:
    first, second = [name for name in members if name.endswith(".tile")][:2]
    members[first] = members[second]


def _undecodable_tile(members: Members) -> None:
    members[next(name for name in members if name.endswith(".tile"))] = b"\0" * 40


def _false_frame(members: Members) -> None:
    name = next(name for name in members if name.endswith(".frame"))
    members[name] = members[name][:-1] + b"\0"


def _absurd_frame(members: Members) -> None:
    old = next(name for name in members if name.endswith(".frame"))
    absurd = struct.pack("<4sIIii", b"GWF1", 2**31, 2**31, 0, 0)
    del members[old]
    members[f"frames/{frame_id(absurd)}.frame"] = absurd
    for name in ("trajectory.json", "history.jsonl", "sightings.jsonl"):
        members[name] = members[name].replace(old[7:39].encode(), frame_id(absurd).encode())


def _text(name: str, old: str, new: str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        assert old.encode() in members[name]
        members[name] = members[name].replace(old.encode(), new.encode())

    return change


def _put(name: str, data: bytes) -> Callable[[Members], None]:
    return lambda members: members.update({name: data})


def _drop(name: str) -> Callable[[Members], None]:
    return lambda members: members.pop(name)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_put("../evil", b"x"), "leads out of it"),
        (_put("/etc/evil", b"x"), "leads out of it"),
        (_put("..\\evil", b"x"), "leads out of it"),
        (_put("C:/evil", b"x"), "leads out of it"),
        (_put("frames/../../evil.frame", b"x"), "leads out of it"),
        (_put("readme.txt", b"x"), "does not belong"),
        (_put("frames/", b""), "does not belong"),
        (_put("tiles/" + "A" * 32 + ".tile", b"x"), "does not belong"),
        (_absent_frame, "is referred to and not there"),
        (_extra_frame, "nobody refers to it"),
        (_absent_tile, "is missing"),
        (_extra_tile, "belongs to no frame"),
        (_false_tile, "other pixels|bytes of pixels"),
        (_undecodable_tile, "is damaged"),
        (_false_frame, "checksum is wrong"),
        (_absurd_frame, "measures 2147483648 x 2147483648"),
        (_put("trajectory.json", b"{"), "not readable"),
        (_put("trajectory.json", b"[" * 100_000), "not readable"),
        (_put("trajectory.json", b"\xff\xfe"), "not readable"),
        (_drop("trajectory.json"), "trajectory.json is missing"),
        (_drop("recording.json"), "without recording.json"),
        (_drop("history.jsonl"), "nobody refers to it"),
        (_text("trajectory.json", "Add numbers", "Take all"), "history does not contain its trajectory"),
        (_text("history.jsonl", '"revision":2', '"revision":3'), "belongs to something else"),
        (_text("history.jsonl", '"parent":1', '"parent":2'), "cannot be made from"),
        (_text("history.jsonl", '"kind":"click"', '"kind":"exec"'), "line 1 of history.jsonl is not readable"),
        (_text("history.jsonl", '"note":"more"', '"note":"more","code":"x"'), "unknown field"),
        (_text("events.jsonl", '"seq":2', '"seq":1'), "do not rise"),
        (_text("events.jsonl", '"monotonic_ns":20', '"monotonic_ns":' + "9" * 40), "not readable|64 bits"),
        (_text("sightings.jsonl", '"seq":2', '"seq":' + "9" * 30), "not readable|64 bits"),
        (_text("recording.json", "[3,4]", "[3,-4]"), "impossible numbers"),
    ],
)
def test_a_bundle_with_a_flaw_is_refused_before_anything_is_written(bundle, elsewhere, change, said):
    _forge(bundle, change)
    _refused(bundle, elsewhere, said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "newer workbench: update"),
        ({"schema_version": 99}, "newer workbench: update"),
        ({"version": 0}, "version is impossible"),
        ({"version": 2, "format": "gui-agent-workbench trajectory", "unheard": [1]}, "newer workbench: update"),
        ({"format": "another"}, "not a trajectory"),
        ({"head": 7}, "does not contain its trajectory"),
        ({"head": -1}, "does not contain its trajectory"),
        ({"trajectory": "another"}, "belongs to something else"),
        ({"members": []}, "is not listed"),
        ({"members": "x"}, "not readable"),
        ({"unheard": 1}, "unknown field"),
    ],
)
def test_a_manifest_that_lies_is_refused(bundle, elsewhere, change, said):
    members = _members(bundle)
    members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | change).encode()
    bundle.write_bytes(_zip(members))
    _refused(bundle, elsewhere, said)


def test_a_listed_member_that_is_absent_and_one_listed_twice_are_refused(bundle, elsewhere):
    members = _members(bundle)
    manifest = json.loads(members["manifest.json"])
    listed = manifest["members"]
    for entries, said in (
        ([*listed, {"name": "tiles/" + "0" * 32 + ".tile", "size_bytes": 1, "sha256": ""}], "is missing"),
        ([*listed, listed[0]], "lists a member twice"),
    ):
        bundle.write_bytes(_zip(members | {"manifest.json": json.dumps(manifest | {"members": entries}).encode()}))
        _refused(bundle, elsewhere, said)


def test_a_wrong_checksum_of_any_member_is_refused(bundle, elsewhere):
    members = _members(bundle)
    for name in list(members)[1:]:
        bundle.write_bytes(_zip(members | {name: members[name] + b" "}))
        _refused(bundle, elsewhere, "the checksum of .* is wrong")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(bundle, elsewhere):
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr("trajectory.json", b"{}")
    _refused(bundle, elsewhere, "is in it twice")


def test_a_link_is_refused(bundle, elsewhere):
    members = _members(bundle)
    for mode in (0o120777, 0o060666, 0o040755):
        bundle.write_bytes(_zip(members, modes={"events.jsonl": mode}))
        _refused(bundle, elsewhere, "is a link or no plain file")


def test_a_bomb_is_refused_without_being_unfolded(bundle, elsewhere):
    members = _members(bundle)
    bundle.write_bytes(_zip(members | {"events.jsonl": b"\n" * 100_000_000}))
    _refused(bundle, elsewhere, "would unfold to")
    assert bundle.stat().st_size * contents.MAX_RATIO < 100_000_000


def test_a_member_that_lies_about_its_length_is_refused(bundle, elsewhere):
    data = bytearray(_zip(_members(bundle)))
    for at in _offsets(bytes(data), b"PK\x01\x02"):
        if data[at + 46 :].startswith(b"trajectory.json"):
            data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    bundle.write_bytes(data)
    _refused(bundle, elsewhere, "cannot be read|checksum of trajectory.json is wrong|another length")


def test_a_member_that_is_said_to_be_vast_is_refused(bundle, elsewhere):
    data = bytearray(_zip(_members(bundle)))
    for at in _offsets(bytes(data), b"PK\x01\x02"):
        if data[at + 46 :].startswith(b"tiles/"):
            data[at + 24 : at + 28] = (2**31).to_bytes(4, "little")
    bundle.write_bytes(data)
    _refused(bundle, elsewhere, "is said to have 2147483648 bytes")


def test_an_encrypted_member_is_refused(bundle, elsewhere):
    data = bytearray(_zip(_members(bundle)))
    for at in _offsets(bytes(data), b"PK\x01\x02"):
        data[at + 8] |= 1
    bundle.write_bytes(data)
    _refused(bundle, elsewhere, "is encrypted")


def test_a_truncated_bundle_is_refused_wherever_it_ends(bundle, elsewhere):
    data = bundle.read_bytes()
    for length in range(0, len(data), max(1, len(data) // 60)):
        bundle.write_bytes(data[:length])
        _refused(bundle, elsewhere, "not a bundle|refused")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_bundle_with_any_damaged_bytes_is_imported_unchanged_or_refused(bundle, recorded, library, tmp_path, data):
    whole = bundle.read_bytes()
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "broken"
    path.write_bytes(broken)
    expected = replace(library.get(recorded), purges=0, reviewed=False)
    said = ""
    try:
        with opened_bundle(path) as opened:
            assert opened.trajectory == expected
    except BadInputError as error:
        said = str(error)
    assert "\n" not in said


def test_an_absent_file_and_a_folder_are_refused(elsewhere, tmp_path):
    _refused(tmp_path / "absent", elsewhere, "there is no file")
    _refused(tmp_path, elsewhere, "there is no file")


def test_a_pipe_is_no_bundle_and_nobody_waits_for_it(elsewhere, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert not is_bundle(tmp_path / "pipe")
    _refused(tmp_path / "pipe", elsewhere, "there is no file")


def test_an_id_that_could_be_a_path_is_replaced(library, bundle, elsewhere):
    def rename(members: Members) -> None:
        old = json.loads(members["trajectory.json"])["id"].encode()
        for name in ("trajectory.json", "history.jsonl"):
            members[name] = members[name].replace(b'"id":"' + old, b'"id":"../../' + old)

    _forge(bundle, rename, identifier="../../")
    assert "/" not in import_bundle(elsewhere, bundle).id
    assert elsewhere.verify() == []


def _refused(bundle: Path, library: Library, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as caught:
        import_bundle(library, bundle)
    assert "\n" not in str(caught.value)
    assert str(bundle) in str(caught.value)
    assert library.summaries() == []
    assert not library.frames.folder.exists() or list(library.frames.all()) == []


def _members(bundle: Path) -> Members:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _forge(bundle: Path, change: Callable[[Members], object], *, identifier: str = "") -> None:
    members = _members(bundle)
    manifest = json.loads(members.pop("manifest.json"))
    change(members)
    manifest["trajectory"] = identifier + manifest["trajectory"]
    manifest["members"] = [
        {"name": name, "size_bytes": len(data), "sha256": sha256(data).hexdigest()} for name, data in members.items()
    ]
    bundle.write_bytes(_zip({"manifest.json": json.dumps(manifest).encode(), **members}))


def _zip(members: Members, *, modes: dict[str, int] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (modes or {}).get(name, 0o100600) << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def _offsets(data: bytes, needle: bytes) -> list[int]:
    found, at = [], data.find(needle)
    while at >= 0:
        found.append(at)
        at = data.find(needle, at + 1)
    return found


def test_sample_bundles_hold_a_plain_trajectory_for_other_programs(bundle, recorded):
    shown = json.loads(_members(bundle)["trajectory.json"])
    assert (shown["id"], shown["title"], len(shown["steps"])) == (recorded, "Add numbers", 3)
