"""The catalogue of families: complete, consistent, and right about which family a model belongs to."""

import tomllib
from importlib import resources
from pathlib import Path

import msgspec
import pytest

from agents.runtime.models.families import UNKNOWN, downloads, families, family, recognise, recognise_name
from agents.runtime.models.gguf_header import ModelHeader, ProjectorHeader, read_model, read_projector
from agents.runtime.models.hub import _REPOSITORY
from agents.runtime.models.registry import is_name
from agents.runtime.pointing.answers import numbers_of
from agents.runtime.pointing.coordinates import resized
from workbench.errors import BadInputError

TINY = Path(__file__).resolve().parents[2] / "data" / "tiny_vlm"
FAMILIES = families()
ANSWERS = {
    "json": '{"x": 12, "y": 34}',
    "list": '{"point_2d": [12, 34]}',
    "start_box": "Action: click(start_box='(12,34)')",
    "call": "pyautogui.click(x=12, y=34)",
    "box": "<box>[[12, 34, 56, 78]]</box>",
    "any": '{"x": 12, "y": 34}',
}


def _model(architecture: str, *names: str) -> ModelHeader:
    return ModelHeader(Path("m.gguf"), architecture, names, 8, has_template=True)


def _mmproj(projector: str, *names: str) -> ProjectorHeader:
    return ProjectorHeader(Path("p.gguf"), projector, names, 8)


def test_every_family_that_matters_is_there_once_and_the_unknown_one_last():
    names = [row.name for row in FAMILIES]
    assert len(set(names)) == len(names)
    assert names[-1] == UNKNOWN
    assert {
        *("qwen2.5-vl", "qwen3-vl", "ui-tars-1.5", "gui-owl", "holo1.5", "opencua"),
        *("gemma-3", "internvl3", "minicpm-v", "smolvlm2", "built-in"),
    } <= set(names)


def _said(given: object, understood: object, at: str = "") -> list[str]:
    """What the data says that nobody reads."""
    if isinstance(given, dict):
        assert isinstance(understood, dict)
        unread = [f"{at}.{key}" for key in given if key not in understood]
        return unread + [w for key in given if key in understood for w in _said(given[key], understood[key], key)]
    if isinstance(given, list) and given and isinstance(given[0], dict):
        return [w for one, other in zip(given, understood, strict=True) for w in _said(one, other, at)]
    return []


def test_no_word_of_the_data_is_misspelled_so_that_nobody_reads_it():
    data = tomllib.loads((resources.files("agents.runtime") / "models" / "families.toml").read_text(encoding="utf-8"))
    assert _said(data["family"], msgspec.to_builtins(FAMILIES)) == []


@pytest.mark.parametrize("row", FAMILIES, ids=lambda row: row.name)
def test_a_family_asks_for_the_target_and_understands_the_answer_it_asks_for(row):
    style = row.pointing
    assert "{target}" in style.prompt
    assert bool(style.grammar) == bool(style.schema)
    numbers = numbers_of(ANSWERS[style.form], style.form)
    wanted = 4 if style.convention.shape == "box" and style.form == "box" else 2
    assert len(numbers) == wanted
    assert row.note.endswith(".")


@pytest.mark.parametrize("row", [row for row in FAMILIES if row.image_min_tokens], ids=lambda row: row.name)
def test_the_image_rule_of_a_family_holds_its_least_number_of_tokens(row):
    rule = row.pointing.rule
    for size in ((192, 128), (1280, 800), (3840, 2160)):
        width, height = resized(size, rule)
        tokens = width * height // rule.multiple**2
        assert tokens >= row.image_min_tokens or row.name == "opencua"
        assert width % rule.multiple == height % rule.multiple == 0


def test_qwen_sees_with_at_least_1024_tokens_without_which_it_points_badly():
    for name in ("qwen2.5-vl", "qwen3-vl", "ui-tars-1.5", "gui-owl", "holo1.5"):
        assert family(name).image_min_tokens >= 1024


def test_the_tiny_model_is_the_built_in_one():
    assert recognise(read_model(TINY / "lm.gguf"), read_projector(TINY / "mmproj.gguf")).name == "built-in"


@pytest.mark.parametrize(
    ("model", "mmproj", "name"),
    [
        (_model("qwen2vl", "Qwen2.5 VL 7B Instruct"), _mmproj("qwen2.5vl_merger"), "qwen2.5-vl"),
        (_model("qwen2vl"), _mmproj("qwen2.5vl_merger"), "qwen2.5-vl"),
        (_model("qwen2vl", "UI TARS 1.5 7B"), _mmproj("qwen2.5vl_merger"), "ui-tars-1.5"),
        (_model("qwen2vl", "Model"), _mmproj("qwen2.5vl_merger", "GUI-Owl-7B"), "gui-owl"),
        (_model("qwen3vl", "GUI-Owl-1.5-8B"), _mmproj("qwen3vl_merger"), "gui-owl-1.5"),
        (_model("qwen2vl", "Holo1.5 7B"), _mmproj("qwen2.5vl_merger"), "holo1.5"),
        (_model("qwen3vlmoe"), _mmproj("qwen3vl_merger"), "qwen3-vl"),
        (_model("gemma3"), _mmproj("gemma3"), "gemma-3"),
        (_model("qwen2"), _mmproj("internvl"), "internvl3"),
        (_model("qwen3"), _mmproj("resampler"), "minicpm-v"),
        (_model("llama"), _mmproj("idefics3"), "smolvlm2"),
        (_model("qwen2", "Qwen2.5 7B Instruct"), None, UNKNOWN),
        (_model("llama", "Llama 3"), None, UNKNOWN),
        (_model("mystery"), _mmproj("mystery"), UNKNOWN),
    ],
)
def test_a_model_is_recognised_by_its_kinds_and_its_names(model, mmproj, name):
    assert recognise(model, mmproj).name == name


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("Qwen/Qwen3-VL-8B-Instruct", "qwen3-vl"),
        ("bytedance/ui-tars-1.5-7b", "ui-tars-1.5"),
        ("mPLUG/GUI-Owl-1.5-8B", "gui-owl-1.5"),
        ("gpt-oss", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_model_behind_a_server_is_recognised_by_its_name(called, name):
    assert recognise_name(called).name == name


def test_an_unknown_family_is_told_to_be_calibrated_and_a_wrong_name_is_refused():
    assert "models calibrate" in family(UNKNOWN).note
    with pytest.raises(BadInputError, match=r"no family “qwen9”.*qwen2\.5-vl"):
        family("qwen9")


def test_everything_that_can_be_fetched_has_a_usable_name_and_place():
    known = downloads()
    assert len(known) == sum(len(row.downloads) for row in FAMILIES)
    for name, (_, entry) in known.items():
        assert is_name(name)
        assert _REPOSITORY.fullmatch(entry.repository)
        assert "mmproj" in entry.mmproj
