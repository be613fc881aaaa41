"""The registry of models: documents in a folder that survive crashes, other programs and damage."""

import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from agents.runtime.models.families import family
from agents.runtime.models.opening import open_model, recognise_files, style_of
from agents.runtime.models.registry import PICTURE, Entry, Registry
from agents.runtime.pointing.calibrating import Profile
from agents.runtime.pointing.coordinates import Convention, ImageRule
from agents.runtime.prompt import Message
from workbench import settings
from workbench.errors import BadInputError, StoppedError, UnavailableError

TINY = Path(__file__).resolve().parents[2] / "data" / "tiny_vlm"
ENTRY = Entry("tiny", model=str(TINY / "lm.gguf"), mmproj=str(TINY / "mmproj.gguf"), family="built-in")

ENTRY_OF_ANOTHER = Entry("m", model=str(TINY / "lm.gguf"))


@pytest.fixture
def registry(tmp_path):
    return Registry(tmp_path / "models")


def test_what_is_added_is_found_again_by_another_program(registry):
    assert registry.names() == []
    server = Entry("far", kind="server", url="https://models.example/v1", key_name="k", roles=("planner", "judge"))
    registry.add(ENTRY)
    registry.add(server)
    again = Registry(registry.folder)
    assert again.names() == ["far", "tiny"]
    assert (again.get("tiny"), again.get("far")) == (ENTRY, server)
    assert again.files(ENTRY) == (TINY / "lm.gguf", TINY / "mmproj.gguf")


def test_a_name_that_is_taken_is_replaced_only_when_asked_to(registry):
    registry.add(ENTRY)
    with pytest.raises(BadInputError, match="a model “tiny” already"):
        registry.add(Entry("tiny"))
    registry.add(Entry("tiny", context=512), replace=True)
    assert registry.get("tiny").context == 512


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "A", "a b", "a/b", ".a", "con", "nul.txt", "a.", "a.json", "x" * 65, "ü"]
)
def test_a_name_that_some_system_could_not_keep_is_refused(registry, name):
    with pytest.raises(BadInputError, match="cannot name a model"):
        registry.add(Entry(name))
    with pytest.raises((UnavailableError, BadInputError)):
        registry.get(name)
    with pytest.raises(BadInputError):
        registry.remove(name)


def test_an_unknown_model_is_refused_with_those_there_are_and_how_to_get_one(registry):
    with pytest.raises(UnavailableError, match=r"no model “tin” here .*none yet.*models get"):
        registry.get("tin")
    registry.add(ENTRY)
    with pytest.raises(UnavailableError, match="there are tiny"):
        registry.remove("tin")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"name": "other"}', b'{"name": 1}', b"\xff", b"[" * 100_000])
def test_a_damaged_document_is_named_and_can_be_removed_while_others_work(registry, content):
    registry.add(ENTRY)
    broken = registry.folder / "broken.json"
    broken.write_bytes(content)
    with pytest.raises(BadInputError, match=r"broken\.json"):
        registry.get("broken")
    assert registry.get("tiny") == ENTRY
    registry.remove("broken")
    assert registry.names() == ["tiny"]


def test_removing_deletes_what_the_registry_made_and_nothing_of_the_person_s(registry, tmp_path):
    own = registry.folder_of("mine")
    own.mkdir(parents=True)
    outside = tmp_path / "outside.gguf"
    outside.write_bytes(b"x")
    entry = Entry("mine", model="mine/fetched.gguf", downloaded=("mine/fetched.gguf", "../outside.gguf"))
    registry.add(entry)
    for name in ("fetched.gguf", "put-here-by-me.gguf", "calibration.png"):
        (own / name).write_bytes(b"x")
    assert {path.name for path in registry.remove("mine")} == {"fetched.gguf", "calibration.png"}
    assert [path.name for path in own.iterdir()] == ["put-here-by-me.gguf"]
    assert outside.exists()


def test_files_that_are_gone_or_lie_outside_are_refused(registry, tmp_path):
    (tmp_path / "secret").write_bytes(b"x")
    with pytest.raises(BadInputError, match="has lost its file"):
        registry.files(Entry("a", model=str(tmp_path / "gone.gguf")))
    with pytest.raises(BadInputError, match="outside its folder"):
        registry.files(Entry("a", model="../secret"))


def test_of_many_programs_that_add_the_same_name_one_wins(registry):
    outcomes: list[bool] = []

    def add(context: int) -> None:
        try:
            Registry(registry.folder).add(Entry("same", context=context))
            outcomes.append(True)
        except BadInputError:
            outcomes.append(False)

    threads = [threading.Thread(target=add, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 7 + [True]
    assert [path.name for path in registry.folder.iterdir() if path.suffix == ".json"] == ["same.json"]


def test_a_profile_is_kept_beside_the_model_and_changes_how_it_is_asked(registry):
    registry.add(ENTRY)
    assert registry.profile("tiny") is None
    assert style_of("tiny", registry=registry) == family("built-in").pointing
    profile = Profile("tiny", "2026-01-01T00:00:00+00:00", Convention("unit", order="yx"), ImageRule(multiple=3))
    registry.keep_profile("tiny", profile)
    assert registry.profile("tiny") == profile
    assert registry.is_calibrated("tiny")
    style = style_of("tiny", registry=registry)
    assert (style.convention, style.rule) == (profile.convention, profile.rule)
    assert style.prompt == family("built-in").pointing.prompt
    registry.remove("tiny")
    assert not registry.folder_of("tiny").exists()


def test_another_model_under_the_name_forgets_the_profile_and_keeps_what_was_fetched(registry):
    registry.add(Entry("m", model="m/a.gguf", downloaded=("m/a.gguf",), source="me/a"))
    registry.keep_profile("m", Profile("m", "", Convention()))
    registry.add(Entry("m", model="m/a.gguf", context=512), replace=True)
    assert registry.is_calibrated("m")
    registry.add(ENTRY_OF_ANOTHER, replace=True)
    assert not registry.is_calibrated("m")
    assert (registry.get("m").downloaded, registry.get("m").source) == (("m/a.gguf",), "me/a")


def test_a_damaged_profile_is_refused_by_name(registry):
    registry.add(ENTRY)
    path = registry.keep_profile("tiny", Profile("tiny", "", None))
    path.write_bytes(b"{}")
    with pytest.raises(BadInputError, match=r"profile\.json"):
        registry.profile("tiny")


def test_the_folder_is_that_of_the_environment_then_of_the_settings(tmp_path, monkeypatch):
    assert Registry.usual().folder.name == "models"
    settings.store("model.folder", str(tmp_path / "set"))
    assert Registry.usual().folder == tmp_path / "set"
    monkeypatch.setenv("WORKBENCH_MODELS", str(tmp_path / "env"))
    assert Registry.usual().folder == tmp_path / "env"


def test_what_calibrating_found_out_about_another_file_is_not_used(registry, tmp_path, caplog):
    file = tmp_path / "lm.gguf"
    file.write_bytes(b"12345")
    registry.add(Entry("m", model=str(file), family="qwen3-vl"))
    profile = Profile("m", "", Convention("unit"), size_bytes=5)
    registry.keep_profile("m", profile)
    assert (registry.profile("m"), registry.is_calibrated("m")) == (profile, True)
    file.write_bytes(b"123456")
    assert (registry.profile("m"), registry.is_calibrated("m")) == (None, False)
    assert style_of("m", registry=registry) == family("qwen3-vl").pointing
    assert "calibrate it again" in caplog.text


def test_another_family_forgets_the_profile_and_its_picture(registry):
    registry.add(ENTRY)
    registry.keep_profile("tiny", Profile("tiny", "", Convention()))
    (registry.folder_of("tiny") / PICTURE).write_bytes(b"x")
    registry.add(replace(ENTRY, family="qwen3-vl"), replace=True)
    assert list(registry.folder_of("tiny").iterdir()) == []


def test_a_server_that_counts_resized_pixels_is_calibrated_before_it_points(registry):
    for name, found in (("qwen2.5-vl", None), ("ui-tars-1.5", Profile("far", "", None, why="chance"))):
        registry.add(Entry("far", kind="server", url="https://models.example/v1", family=name), replace=True)
        if found:
            registry.keep_profile("far", found)
        with pytest.raises(BadInputError, match="models calibrate far"):
            style_of("far", registry=registry)
    registry.keep_profile("far", Profile("far", "", Convention("resized")))
    assert style_of("far", registry=registry).convention == Convention("resized")
    registry.add(Entry("near", kind="server", url="https://models.example/v1", family="qwen3-vl"))
    assert style_of("near", registry=registry) == family("qwen3-vl").pointing
    registry.add(replace(ENTRY, family="qwen2.5-vl"))
    assert style_of("tiny", registry=registry) == family("qwen2.5-vl").pointing


def test_a_folder_of_models_that_is_none_is_an_error_and_not_an_empty_one(registry):
    registry.folder.write_text("")
    with pytest.raises(UnavailableError, match="cannot be read"):
        registry.names()


@pytest.mark.parametrize("context", [-1, 1_048_577, 2**70])
def test_a_context_that_no_model_has_is_refused_when_added_and_when_read(registry, context):
    with pytest.raises(BadInputError, match="context"):
        registry.add(Entry("tiny", context=context))
    registry.add(ENTRY)
    document = registry.folder / "tiny.json"
    document.write_text(document.read_text().replace('"context": 0', f'"context": {context}'))
    with pytest.raises(BadInputError, match=r"is damaged.*context"):
        registry.get("tiny")


def test_what_could_not_be_deleted_is_removed_when_asked_again(registry, monkeypatch):
    registry.add(ENTRY)
    picture = registry.keep_picture("tiny", b"png")
    unlink = Path.unlink

    def refuse(path: Path, **how: bool) -> None:
        if path == picture:
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, **how)

    with monkeypatch.context() as refusing:
        refusing.setattr(Path, "unlink", refuse)
        with pytest.raises(PermissionError):
            registry.remove("tiny")
    assert registry.remove("tiny") == [picture]
    assert registry.names() == []


def test_a_place_where_no_profile_can_be_kept_is_noticed_before_calibrating(registry):
    registry.add(ENTRY)
    registry.check_writable("tiny")
    registry.folder_of("tiny").write_text("in the way")
    with pytest.raises(UnavailableError, match="cannot be written"):
        registry.check_writable("tiny")


def test_files_are_recognised_only_in_their_places():
    assert recognise_files(TINY / "lm.gguf", TINY / "mmproj.gguf").name == "built-in"
    with pytest.raises(BadInputError, match="is an mmproj"):
        recognise_files(TINY / "mmproj.gguf", TINY / "lm.gguf")


def test_a_model_is_opened_by_its_name_with_the_settings_and_answers(registry):
    registry.add(ENTRY)
    settings.store("model.context", "512")
    settings.store("model.threads", "1")
    model = open_model("tiny", registry=registry)
    try:
        assert (model.loaded.context, model.loaded.sees) == (512, True)
        assert model.count((Message("user", ("click red",)),)) > 0
    finally:
        model.close()


def test_a_model_behind_a_server_is_opened_without_sending_anything_unallowed(registry):
    registry.add(Entry("far", kind="server", url="https://models.invalid/v1", remote_name="m", context=2048))
    model = open_model("far", registry=registry)
    with pytest.raises(StoppedError, match="nobody has allowed"):
        model.ask((Message("user", ("hello",)),))
    model.close()


def test_the_model_that_comes_along_is_always_there_and_in_nobody_s_folder(registry):
    entry = registry.get("built-in")
    assert (entry.kind, entry.family, entry.downloaded) == ("local", "built-in", ())
    assert registry.files(entry)[0].is_file()
    assert registry.names() == []
    assert not registry.folder.exists()


def test_the_model_that_comes_along_can_be_neither_replaced_nor_removed(registry):
    for replace_it in (False, True):
        with pytest.raises(BadInputError, match="comes with the program; choose another name"):
            registry.add(replace(ENTRY, name="built-in"), replace=replace_it)
    with pytest.raises(BadInputError, match="comes with the program"):
        registry.remove("built-in")
    assert registry.files(registry.get("built-in"))[0].is_file()


def test_in_a_copy_without_it_the_model_that_comes_along_is_unknown_like_any_other(registry, monkeypatch, tmp_path):
    monkeypatch.setattr("agents.runtime.models.built_in.resources.files", lambda _: tmp_path)
    with pytest.raises(UnavailableError, match="there is no model “built-in” here"):
        registry.get("built-in")


def test_a_document_in_the_folder_does_not_stand_in_for_the_model_that_comes_along(registry):
    registry.add(ENTRY)
    (registry.folder / "built-in.json").write_bytes((registry.folder / "tiny.json").read_bytes())
    assert registry.get("built-in").model != ENTRY.model
