"""The table of settings and the file that keeps what was changed."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import settings
from workbench.errors import BadInputError, UnavailableError, WorkbenchError
from workbench.settings import TABLE, Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "settings.toml"


def test_without_a_file_everything_has_its_default(file: Path) -> None:
    loaded = settings.load(file)
    assert loaded == Settings()
    assert loaded.replay.timeout_s == 20
    assert not file.parent.exists()


def test_every_default_is_a_value_that_the_setting_may_have() -> None:
    for setting in TABLE:
        assert settings.checked(setting, setting.default) == setting.default
        assert settings.parse(setting.key, settings.shown(setting.default)) == setting.default


def test_every_setting_is_explained_in_a_sentence() -> None:
    assert len({setting.key for setting in TABLE}) == len(TABLE)
    for setting in TABLE:
        assert setting.help.endswith(".")
        assert setting.allowed


def test_the_file_is_where_the_environment_says(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_SETTINGS", str(file))
    settings.store("replay.speed", "2")
    assert settings.path() == file
    assert settings.load().replay.speed == 2


def test_without_the_environment_the_file_is_in_the_platform_s_folder(tmp_path: Path) -> None:
    assert settings.path().name == "settings.toml"
    assert settings.path().parent.name == "gui-agent-workbench"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("replay.timeout_s", " 2.5 ", 2.5),
        ("replay.approve", "never", "never"),
        ("record.stop_hotkey", "Alt+ctrl+S", "ctrl+alt+s"),
        ("record.stop_hotkey", "super+F9", "super+F9"),
        ("record.exclude", "KeePassXC, my bank ,", ("KeePassXC", "my bank")),
        ("record.exclude", "", ()),
        ("desktop.private_size", "1920x1080", "1920x1080"),
        ("library.folder", "~/übung", "~/übung"),
    ],
)
def test_a_value_that_is_stored_is_loaded_again(file: Path, key: str, text: str, value: settings.Value) -> None:
    assert settings.store(key, text, file) == value
    assert settings.load(file).get(key) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("replay.timeout_s", "0"),
        ("replay.timeout_s", "nan"),
        ("replay.timeout_s", "1e999"),
        ("replay.timeout_s", "soon"),
        ("replay.speed", "-1"),
        ("replay.approve", "Ask"),
        ("record.stop_hotkey", "s"),
        ("record.stop_hotkey", "ctrl+alt"),
        ("record.stop_hotkey", "ctrl+ctrl+s"),
        ("record.stop_hotkey", "ctrl++"),
        ("record.stop_hotkey", ""),
        ("desktop.private_size", "100x100"),
        ("desktop.private_size", "99999x100"),
        ("desktop.private_size", "1920*1080"),
        ("library.folder", "a\nb"),
        ("record.exclude", "a\u0000b"),
        ("window.theme", "plaid"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can(file: Path, key: str, text: str) -> None:
    with pytest.raises(BadInputError, match="it must be") as refusal:
        settings.store(key, text, file)
    assert key in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not file.exists()


def test_an_unknown_name_is_refused_with_the_way_to_the_known_ones(file: Path) -> None:
    for act in (lambda: settings.store("replay.colour", "1", file), lambda: Settings().get("replay")):
        with pytest.raises(BadInputError, match="`settings list` shows them all"):
            act()


def test_two_hotkeys_cannot_be_the_same(file: Path) -> None:
    with pytest.raises(BadInputError, match=r"record\.pause_hotkey and record\.stop_hotkey cannot both be"):
        settings.store("record.stop_hotkey", "ctrl+alt+P", file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[replay]\nspeed = 1\n\ntimeout_s = 'soon'\n", "line 4: replay.timeout_s cannot be soon"),
        ("# mine\n[replay]\ncolour = 1\n", "line 3: there is no setting “replay.colour”"),
        ("[replay]\nspeed = true\n", "line 2: replay.speed cannot be True"),
        ("replay.speed = 1\nspeed = 2\n", "line 2: there is no setting “speed”"),
        ("[replay]\nspeed = \n", "at line 2"),
        ("[replay]\nspeed = 1\nspeed = 2\n", "at line 3"),
        ("[replay\n", "at line 1"),
        ("[replay.speed]\nx = 1\n", "replay.speed cannot be"),
        ("[record]\nexclude = 'all'\n", "line 2: record.exclude cannot be all"),
        ("[record]\nstop_hotkey = 'ctrl+alt+p'\n", "cannot both be ctrl+alt+p"),
        ("\ufffe", "not readable"),
        ("x = " + "[" * 100_000, "not readable"),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_the_line(file: Path, content: str, said: str) -> None:
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadInputError) as refusal:
        settings.load(file)
    assert str(file) in str(refusal.value)
    assert said in str(refusal.value)


def test_a_file_that_is_no_text_or_no_file_is_refused(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInputError, match="not UTF-8"):
        settings.load(file)
    with pytest.raises(BadInputError, match="cannot be read"):
        settings.load(file.parent)
    file.write_bytes(b"#" * 1_000_001)
    with pytest.raises(BadInputError, match="larger than 1 MB"):
        settings.load(file)


def test_storing_into_a_broken_file_changes_nothing(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("[replay]\ncolour = 1\n")
    with pytest.raises(BadInputError):
        settings.store("replay.speed", "2", file)
    assert file.read_text() == "[replay]\ncolour = 1\n"
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_cannot_be_written_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "x").touch()
    with pytest.raises(WorkbenchError) as refusal:
        settings.store("replay.speed", "2", tmp_path / "taken" / "x" / "settings.toml")
    assert isinstance(refusal.value, UnavailableError | BadInputError)


def test_a_linked_file_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles" / "real.toml", tmp_path / "settings.toml"
    real.parent.mkdir()
    real.touch()
    link.symlink_to(real)
    settings.store("replay.speed", "2", link)
    assert link.is_symlink()
    assert settings.load(real).replay.speed == 2


def test_overrides_are_read_through_the_same_table() -> None:
    changed = settings.overridden(Settings(), ["replay.timeout_s=3", "record.exclude=a,b=c"])
    assert changed.replay.timeout_s == 3
    assert changed.record.exclude == ("a", "b=c")
    with pytest.raises(BadInputError, match="is not KEY=VALUE"):
        settings.overridden(Settings(), ["replay.timeout_s"])
    with pytest.raises(BadInputError, match="it must be"):
        settings.overridden(Settings(), ["replay.timeout_s=-1"])


def test_the_library_is_where_the_setting_says_or_in_the_platform_s_folder(tmp_path: Path) -> None:
    chosen = settings.overridden(Settings(), [f"library.folder={tmp_path}"])
    assert settings.library_folder(chosen) == tmp_path
    assert settings.library_folder(Settings()).name == "gui-agent-workbench"


@given(parts=st.lists(st.text(max_size=30), max_size=5))
def test_any_list_is_refused_or_comes_back_as_it_was(
    parts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "any-settings.toml"
    file.unlink(missing_ok=True)
    try:
        value = settings.store("record.exclude", ",".join(parts), file)
    except BadInputError:
        return
    assert settings.load(file).record.exclude == value


@given(content=st.text(max_size=200) | st.sampled_from(["[replay]", "a.b.c = 1", "record = 1", "[[replay]]\nspeed=1"]))
def test_any_file_is_settings_or_one_line_of_refusal(content: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "some-settings.toml"
    file.write_bytes(content.encode("utf-8", "surrogatepass"))
    said = ""
    try:
        settings.load(file)
    except BadInputError as refusal:
        said = str(refusal)
    assert not said or str(file) in said


def test_what_is_written_is_toml_that_others_can_read(file: Path) -> None:
    settings.store("record.exclude", 'quo"te, back\\slash', file)
    settings.store("replay.timeout_s", "30", file)
    assert tomllib.loads(file.read_text("utf-8")) == {
        "record": {"exclude": ['quo"te', "back\\slash"]},
        "replay": {"timeout_s": 30.0},
    }


def test_a_home_folder_of_nobody_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_MODELS", "~nobody-of-that-name/models")
    with pytest.raises(BadInputError, match="nobody-of-that-name"):
        settings.models_folder(Settings())
