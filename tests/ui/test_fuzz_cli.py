"""Three hundred broken inputs, always the same ones: each is refused in one line, with nothing on standard output."""

import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ui.cli.main import COMMANDS, command_parser
from workbench.actions import Click, TypeText
from workbench.library.bundle import export_bundle
from workbench.library.store import Library
from workbench.trajectory import Step, Trajectory

Arrange = Callable[[random.Random, Path], list[str]]

WILD = [
    "", " ", "-", "--", "-1", "@", "@3", "T@", "T@-1", "T@0", "T@99999999999999999999", "nobody", "../../etc/passwd",
    "a" * 5000, "%s%n", "{{x}}", "'; DROP TABLE trajectories; --", "\x1b[31mred", "line\nbreak", "tab\there",
    "\u202egnp", "🙂", "İ", "\udcff", "null\0byte", "*", "?", "[", "\\", '"', "NaN", "1e999", "٣", "0x10",
]  # fmt: skip
TAKES_A_NAME = ("show", "edit", "delete", "verify", "export", "replay")
NUMBERS = {"show": ("x", "--step"), "search": ("x", "--limit"), "edit": ("x", "--delete-step"), "replay": ("x", "--to")}


def unknown_command(chance: random.Random, _folder: Path) -> list[str]:
    word = chance.choice(
        [w for w in WILD if w and not w.startswith("-")] + ["recrod", "LIST", "list ", "models", "run"]
    )
    return [word, *chance.sample(WILD, 2)]


def unknown_option(chance: random.Random, _folder: Path) -> list[str]:
    name = chance.choice(list(COMMANDS))
    return [name, "--" + "".join(chance.choices("qxzjw", k=chance.randint(1, 40)))]


def abbreviated_option(chance: random.Random, _folder: Path) -> list[str]:
    name = chance.choice(["record", "replay", "edit", "export", "search"])
    options = [o for a in command_parser(name)._actions for o in a.option_strings if o.startswith("--") and len(o) > 5]
    return [name, "x", chance.choice(options)[:-1]]


def unknown_name(chance: random.Random, _folder: Path) -> list[str]:
    more = {"edit": ["--reviewed"], "delete": ["--yes"], "export": ["--to", "bundle"], "replay": ["--dry-run"]}
    name = chance.choice(TAKES_A_NAME)
    return [name, *more.get(name, []), "--", chance.choice(WILD)]


def no_number(chance: random.Random, _folder: Path) -> list[str]:
    name = chance.choice(list(NUMBERS))
    first, option = NUMBERS[name]
    return [name, first, option, chance.choice(["", "zero", "0", "-7", "1.5", "9" * 400, "NaN", "1_0x", "\0"])]


def no_step_name(chance: random.Random, _folder: Path) -> list[str]:
    value = chance.choice(
        ["", "=", "1", "1=", "=x", "x=1", "0=x", "-1=x", "1=a b", "2=ü", "99=x", "1=" + "X" * 999, "1=\0"]
    )
    return ["edit", "Sample", chance.choice(["--variable", "--secret"]), value]


def no_change(chance: random.Random, _folder: Path) -> list[str]:
    wrong = [
        [],
        ["--undo", "--redo"],
        ["--undo", "--title", "x"],
        ["--title", "  "],
        ["--delete-step", "99"],
        ["--redo"],
    ]
    return ["edit", "Sample", *chance.choice(wrong)]


def no_step(chance: random.Random, _folder: Path) -> list[str]:
    return ["show", "Sample", "--step", str(chance.choice([0, -1, 3, 10**9, 10**30]))]


def no_value(chance: random.Random, _folder: Path) -> list[str]:
    wrong = ["", "=", "x", "=x", "1=2", "a b=c", "unknown=1", "\0=1"]
    return ["replay", "Sample", "--dry-run", "--var", chance.choice(wrong)]


def no_table(chance: random.Random, folder: Path) -> list[str]:
    path = folder / "rows.csv"
    path.write_bytes(
        chance.choice([b"", b"\n", b"\xff\xfe\x00", b"a,a\n1,2\n", b"unknown\n1\n", b'a\n"', b"a\n\0\n", b"a\n1,2,3\n"])
    )
    return ["replay", "Sample", "--dry-run", "--data", str(chance.choice([path, folder, folder / "missing.csv"]))]


def bad_setting(chance: random.Random, _folder: Path) -> list[str]:
    words = chance.choice([["get"], ["set"], ["set", "replay.timeout_s"], ["frob"], []])
    return ["settings", *words, *chance.sample(["nothing", "replay", "..", "", "\0", "replay.timeout_s.x"], 1)]


def bad_setting_value(chance: random.Random, _folder: Path) -> list[str]:
    wrong = ["", "soon", "-1", "1e999", "NaN", "\0", "9" * 400]
    return ["settings", "set", "replay.timeout_s", "--", chance.choice(wrong)]


def bad_secret_name(chance: random.Random, _folder: Path) -> list[str]:
    return [
        "secrets",
        chance.choice(["set", "remove"]),
        "--",
        chance.choice(["", " ", "A B", "ü", "../x", "\0", "x" * 5000]),
    ]


def bad_size(chance: random.Random, _folder: Path) -> list[str]:
    size = chance.choice(["x", "0x0", "-1x5", "1280", "1280x", "axb", "9" * 30 + "x1", "1280x800x3"])
    return [*chance.choice([["record"], ["replay", "Sample", "--dry-run"]]), f"--private-desktop={size}"]


def broken_bundle(chance: random.Random, folder: Path) -> list[str]:
    path = folder / "broken.trajectory"
    whole = bytearray((folder / "whole.trajectory").read_bytes())
    match chance.randrange(4):
        case 0:
            del whole[chance.randrange(len(whole)) :]
        case 1:
            start = chance.randrange(len(whole))
            whole[start : start + 64] = chance.randbytes(64)
        case 2:
            whole = bytearray(chance.randbytes(chance.randrange(4096)))
        case _:
            whole = whole[: len(whole) // 2] + chance.randbytes(8) + whole[len(whole) // 2 :]
    path.write_bytes(whole)
    return _using(path, chance)


def rewritten_bundle(chance: random.Random, folder: Path) -> list[str]:
    """A sound zip whose members are not what a bundle may hold."""
    path = folder / "rewritten.trajectory"
    with zipfile.ZipFile(folder / "whole.trajectory") as before, zipfile.ZipFile(path, "w") as after:
        victim = chance.choice(before.namelist())
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, _spoiled(data, chance) if name == victim else data)
        if chance.random() < 0.3:
            after.writestr(chance.choice(["../escape", "/etc/passwd", "frames/unlisted", "a\\b"]), b"x")
    return _using(path, chance)


def broken_library(chance: random.Random, folder: Path) -> list[str]:
    library = folder / f"library{chance.randrange(10**9)}"
    library.mkdir()
    database = library / "library.db"
    match chance.randrange(3):
        case 0:
            database.write_bytes(b"this is no database" + chance.randbytes(2000))
        case 1:
            database.mkdir()
        case _:
            library.rmdir()
            library.write_text("a file where a folder should be")
    return [chance.choice(["list", "verify"]), "--library", str(library)]


def _using(path: Path, chance: random.Random) -> list[str]:
    return chance.choice([["import", str(path)], ["show", str(path)], ["replay", str(path), "--dry-run"]])


def _spoiled(data: bytes, chance: random.Random) -> bytes:
    return chance.choice([b"", b"{}", b"[" * 100_000, b"null", data[:-1], data + b"x", b"\xff" + data, b"1e999"])


KINDS: list[Arrange] = [
    unknown_command, unknown_option, abbreviated_option, unknown_name, no_number, no_step_name, no_change, no_step,
    no_value, no_table, bad_setting, bad_setting_value, bad_secret_name, bad_size, broken_bundle, rewritten_bundle,
    broken_library,
]  # fmt: skip
COUNT = 306


@pytest.fixture
def folder(tmp_path: Path, library_path: Path) -> Path:
    """A folder with a whole bundle, beside a library that holds one small trajectory."""
    steps = (Step(id="s1", action=Click()), Step(id="s2", action=TypeText(text="hello")))
    with Library.open(library_path) as library:
        sample = library.save(Trajectory(id=library.new_id(), title="Sample", steps=steps))
        export_bundle(library, sample.id, tmp_path / "whole.trajectory")
    return tmp_path


def _is_refusal(answer) -> bool:
    return (
        answer.code in (2, 4)
        and len(answer.lines) == 1
        and answer.out == ""
        and "a defect of the program" not in answer.err
    )


def test_three_hundred_broken_inputs_are_each_refused_in_one_line(folder, cli):
    chance = random.Random(20)
    wrong = []
    for number in range(COUNT):
        arguments = KINDS[number % len(KINDS)](chance, folder)
        answer = cli(*arguments)
        if not _is_refusal(answer):
            wrong.append((arguments, answer))
    assert wrong == []


def test_broken_inputs_leave_the_library_as_it_was(folder, cli):
    before = cli("list", "--json").json
    chance = random.Random(21)
    for number in range(60):
        cli(*KINDS[number % len(KINDS)](chance, folder))
    assert cli("list", "--json").json == before
    assert cli("verify", "--json").json == {"ok": True, "problems": []}


@pytest.mark.parametrize(
    "content", ["", "[[[", "replay = 3", "\udcff", '[replay]\ntimeout_s = "soon"', "{}", "\0" * 100]
)
def test_a_broken_settings_file_is_one_line_or_no_harm(content, folder, cli, monkeypatch):
    path = folder / "settings.toml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    monkeypatch.setenv("WORKBENCH_SETTINGS", str(path))
    answer = cli("settings", "list")
    assert _is_refusal(answer) or (answer.code == 0 and content in ("", "{}"))


@pytest.mark.parametrize("kind", [unknown_command, unknown_option, broken_bundle, broken_library])
def test_a_process_refuses_them_like_the_function_does(kind, folder, process):
    answer = process(*kind(random.Random(3), folder))
    assert _is_refusal(answer)
    assert "Traceback" not in answer.err


def test_the_inputs_are_many_and_different(folder):
    chance = random.Random(20)
    inputs = {json.dumps(KINDS[number % len(KINDS)](chance, folder)) for number in range(COUNT)}
    assert len(inputs) > COUNT / 2
