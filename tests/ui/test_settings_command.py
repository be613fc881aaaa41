"""`workbench-cli settings`."""

import json
from pathlib import Path

import pytest

from ui.cli.commands.settings import reference_page
from ui.cli.main import main
from workbench.settings import TABLE


def test_a_value_is_set_shown_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "set", "replay.timeout_s", "30"]) == 0
    assert capsys.readouterr().out == "replay.timeout_s is now 30\n"
    assert main(["settings", "get", "replay.timeout_s"]) == 0
    assert capsys.readouterr().out == "30\n"
    assert main(["settings", "list"]) == 0
    assert "30 (default 20)" in capsys.readouterr().out


def test_the_list_as_json_has_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "list", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert [entry["key"] for entry in entries] == [setting.key for setting in TABLE]
    assert set(entries[0]) == {"key", "value", "default", "allowed", "help"}


@pytest.mark.parametrize(
    "words",
    [
        ["set", "replay.timeout_s", "soon"],
        ["set", "no.such", "1"],
        ["get", "no.such"],
        ["set", "replay.timeout_s"],
        ["shout"],
        [],
    ],
)
def test_what_cannot_be_is_one_line_and_exit_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_a_broken_file_is_one_line_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[replay]\nspeed = 'fast'\n")
    monkeypatch.setenv("WORKBENCH_SETTINGS", str(file))
    assert main(["settings", "list"]) == 2
    assert f"{file}, line 2: replay.speed cannot be fast" in capsys.readouterr().err


def test_the_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WORKBENCH_SETTINGS", str(tmp_path / "mine.toml"))
    assert main(["settings", "file"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'mine.toml'}\n"


def test_the_documentation_says_what_the_table_says(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "reference"]) == 0
    assert capsys.readouterr().out == reference_page()
    assert (root / "docs" / "settings.md").read_text("utf-8") == reference_page()
    assert all(f"`{setting.key}`" in reference_page() for setting in TABLE)
