"""Files and folders appear whole under their name, and replace nothing that is something else."""

import os
import subprocess
from pathlib import Path

import pytest

from workbench.errors import BadInputError, UnavailableError
from workbench.library.exporting.writing import MARKER, whole_file, whole_folder

PAGE = b"<!DOCTYPE html>\n<p>old"


def write(path: Path, data: bytes = b"<!DOCTYPE html>new") -> None:
    with whole_file(path, suffix=".html") as part:
        part.write_bytes(data)


def fill(path: Path, *names: str, kind: str = "markdown") -> None:
    with whole_folder(path, kind=kind) as part:
        for name in names:
            (part / name).parent.mkdir(exist_ok=True)
            (part / name).write_text(f"new {name}")


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    path = tmp_path / "a.html"
    with whole_file(path, suffix=".html") as part:
        part.write_bytes(PAGE)
        assert not path.exists()
        assert part.parent == tmp_path
    assert path.read_bytes() == PAGE
    assert names(tmp_path) == ["a.html"]


def test_a_writer_that_fails_leaves_nothing_and_the_old_file_as_it_was(tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes(PAGE)

    def fail() -> None:
        with whole_file(path, suffix=".html") as part:
            part.write_bytes(b"half")
            raise BadInputError("half way")

    with pytest.raises(BadInputError, match="half way"):
        fail()
    assert path.read_bytes() == PAGE
    assert names(tmp_path) == ["a.html"]


@pytest.mark.parametrize("before", [PAGE, b""], ids=["another page", "an empty file"])
def test_a_file_of_the_same_kind_is_replaced(tmp_path, before):
    path = tmp_path / "a.html"
    path.write_bytes(before)
    write(path)
    assert path.read_bytes() == b"<!DOCTYPE html>new"


def _folder(path):
    path.mkdir()


def _pipe(path):
    os.mkfifo(path)


def _link(path):
    path.with_name("elsewhere.html").write_bytes(PAGE)
    path.symlink_to("elsewhere.html")


def _dangling(path):
    path.symlink_to("nowhere")


def _letter(path):
    path.write_text("Dear reader")


@pytest.mark.parametrize("make", [_folder, _pipe, _link, _dangling, _letter])
def test_what_is_something_else_is_never_replaced(tmp_path, make):
    path = tmp_path / "a.html"
    make(path)
    with pytest.raises(BadInputError, match="is something else already; choose another path") as raised:
        write(path)
    assert "\n" not in str(raised.value)
    assert sorted(p.name for p in tmp_path.iterdir()) in (["a.html"], ["a.html", "elsewhere.html"])
    assert all(p.read_bytes() == PAGE for p in tmp_path.glob("elsewhere.html"))


def test_a_page_under_a_name_that_is_none_of_a_page_is_not_replaced(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes(PAGE)
    with pytest.raises(BadInputError, match="something else"):
        write(path)


@pytest.mark.parametrize("name", ["no/folder/a.html", "a\0b.html", "file/a.html", "x" * 300, ""])
def test_a_place_that_cannot_be_is_said_in_a_line(tmp_path, name):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInputError) as raised:
        write(tmp_path / name)
    assert "\n" not in str(raised.value)
    assert names(tmp_path) == ["file"]


def test_a_folder_appears_only_when_it_is_whole_and_is_replaced_by_the_next(tmp_path):
    path = tmp_path / "guide"
    fill(path, "guide.md", "pictures/1.png", "pictures/2.png")
    assert names(path) == [MARKER, "guide.md", "pictures/1.png", "pictures/2.png"]
    fill(path, "guide.md", "pictures/1.png")
    assert names(path) == [MARKER, "guide.md", "pictures/1.png"]
    assert [p.name for p in tmp_path.iterdir()] == ["guide"]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "guide").mkdir()
    fill(tmp_path / "guide", "guide.md")
    assert names(tmp_path / "guide") == [MARKER, "guide.md"]


def test_a_folder_of_other_things_is_never_replaced(tmp_path):
    documents = tmp_path / "documents"
    (documents / "deep").mkdir(parents=True)
    (documents / "deep" / "letter.txt").write_text("mine")
    with pytest.raises(BadInputError, match="a folder of other things"):
        fill(documents, "guide.md")
    assert names(tmp_path) == ["documents/deep/letter.txt"]


def test_a_folder_with_nothing_but_folders_in_it_is_something_else(tmp_path):
    (tmp_path / "documents" / "empty").mkdir(parents=True)
    with pytest.raises(BadInputError, match="a folder of other things"):
        fill(tmp_path / "documents", "guide.md")


def test_an_export_to_which_something_was_added_is_never_replaced(tmp_path):
    path = tmp_path / "guide"
    fill(path, "guide.md")
    (path / "mine.txt").write_text("mine")
    with pytest.raises(BadInputError, match=r"'mine\.txt', which no export wrote"):
        fill(path, "guide.md")
    assert (path / "mine.txt").read_text() == "mine"


def test_an_export_of_another_format_is_never_replaced(tmp_path):
    path = tmp_path / "guide"
    fill(path, "guide.md")
    with pytest.raises(BadInputError, match="other things"):
        fill(path, "data.jsonl", kind="agentnet")


@pytest.mark.parametrize("said", [b"", b"{", b'{"kind": 3}', b"[]"])
def test_a_folder_whose_marker_makes_no_sense_is_something_else(tmp_path, said):
    path = tmp_path / "guide"
    path.mkdir()
    (path / MARKER).write_bytes(said)
    with pytest.raises(BadInputError, match="other things"):
        fill(path, "guide.md")


def test_a_folder_that_fails_leaves_nothing_and_the_old_one_as_it_was(tmp_path):
    path = tmp_path / "guide"
    fill(path, "guide.md")

    def fail() -> None:
        with whole_folder(path, kind="markdown") as part:
            (part / "guide.md").write_text("half")
            raise BadInputError("half way")

    with pytest.raises(BadInputError, match="half way"):
        fail()
    assert (path / "guide.md").read_text() == "new guide.md"
    assert [p.name for p in tmp_path.iterdir()] == ["guide"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_said_in_a_line(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(UnavailableError, match="choose another place"):
        write(tmp_path / "a.html")
    tmp_path.chmod(0o700)


def test_what_the_system_refuses_within_is_said_in_a_line(tmp_path):
    with pytest.raises(UnavailableError) as raised, whole_file(tmp_path / "a.html", suffix=".html"):
        raise PermissionError(13, "Permission denied")
    assert str(raised.value) == f"cannot write {tmp_path / 'a.html'}: Permission denied; choose another place"


FILLING = """
import resource, signal, sys
from pathlib import Path
from msgspec.structs import replace
from workbench.errors import UnavailableError
from workbench.library.bundle import opened_bundle
from workbench.library.exporting.known import writer
from workbench.library.exporting.material import Material
from workbench.library.exporting.writing import whole_file, whole_folder

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
name, bundle, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
form = writer(name)
place = whole_file(out, suffix=form.SUFFIX) if form.SUFFIX else whole_folder(out, kind=name)
with opened_bundle(bundle) as opened:
    short = replace(opened.trajectory, steps=opened.trajectory.steps[:1], task="")
    material = Material((short,), opened.library.frames.load, lambda _: (), lambda: None)
    resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, resource.RLIM_INFINITY))
    try:
        with place as part:
            form.write(material, part)
    except UnavailableError as error:
        print(error)
    else:
        print("nothing was refused")
"""


@pytest.mark.parametrize("name", ["html", "markdown", "mp4", "gif"])
def test_a_full_disk_is_said_in_one_line_and_leaves_nothing_behind(tmp_path, python, root, name):
    bundle = root / "assets" / "samples" / "add-two-numbers.trajectory"
    out = tmp_path / "places" / "out"
    out.parent.mkdir()
    told = subprocess.run(
        [python, "-c", FILLING, name, str(bundle), str(out)], capture_output=True, text=True, check=True
    )
    assert told.stderr == ""
    (line,) = told.stdout.splitlines()
    assert str(out.parent) in line
    assert "free some space" in line
    assert list(out.parent.iterdir()) == []
