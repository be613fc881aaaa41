"""The screens that the model learns from and is evaluated on: drawn at random, captured, and kept in files."""

import importlib.util
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builtin_model import capturing, toolkits
from builtin_model.real_screens import STATES

from agents.screen.listing import ElementList, Line, reference

RECIPE = Path(__file__).resolve().parents[3] / "packaging" / "model"
SKELETONS = RECIPE / "builtin_model" / "data" / "skeletons"
EVALUATION = RECIPE / "evaluation"
ACTIONS = {"click", "double-click", "right-click", "type", "none"}
PLACES = re.compile(r"/tmp|/work|/root|/home/")


def captured(split: str) -> list[ElementList]:
    files = sorted(SKELETONS.glob(f"{split}_*.json"))
    return [one for file in files for one in msgspec.json.decode(file.read_bytes(), type=list[ElementList])]


@pytest.fixture(scope="module")
def trees() -> dict[str, ElementList]:
    return msgspec.json.decode((EVALUATION / "real_trees.json").read_bytes(), type=dict[str, ElementList])


@pytest.fixture(scope="module")
def sentences() -> list[dict[str, Any]]:
    return tomllib.loads((EVALUATION / "sentences.toml").read_text(encoding="utf-8"))["sentence"]


def test_every_sentence_names_a_screen_and_references_that_are_on_it(trees, sentences):
    wrong = [one for one in sentences if any(trees[one["screen"]].line(ref) is None for ref in one["right"])]
    assert wrong == []


def test_a_sentence_has_no_right_element_exactly_when_nothing_is_meant(sentences):
    assert {one["action"] for one in sentences} == ACTIONS
    assert [one for one in sentences if (one["action"] == "none") != (one["right"] == [])] == []


def test_what_is_typed_stands_in_the_sentence(sentences):
    typed = [one for one in sentences if one["action"] == "type"]
    assert [one for one in typed if one["text"] not in one["says"]] == []
    assert [one for one in sentences if ("text" in one) != (one["action"] == "type")] == []


def test_there_are_two_hundred_different_sentences_and_thirty_of_them_mean_nothing_on_the_screen(trees, sentences):
    assert len({(one["screen"], one["says"]) for one in sentences}) == len(sentences) >= 200
    assert sum(one["action"] == "none" for one in sentences) >= 30
    assert {tree.app for tree in trees.values()} >= {"galculator", "mousepad", "pcmanfm", "chromium", "gucharmap"}


def test_the_kept_trees_are_those_of_the_states_that_the_command_visits(trees):
    assert set(trees) == {state.name for state in STATES}


@pytest.mark.parametrize("split", ["train", "test"])
def test_skeletons_are_lists_of_five_to_fifty_lines_with_references_in_order(split):
    found = captured(split)
    assert len(found) >= {"train": 150, "test": 40}[split]
    for shown in found:
        assert capturing.FEWEST_LINES <= len(shown.lines) <= capturing.MOST_LINES
        assert [line.ref for line in shown.lines] == [reference(n) for n in range(1, len(shown.lines) + 1)]


def test_no_kept_file_names_a_place_of_the_machine_that_made_it():
    files = [*SKELETONS.glob("*.json"), *EVALUATION.iterdir()]
    assert [file.name for file in files if PLACES.search(file.read_text(encoding="utf-8"))] == []
    assert sum(file.stat().st_size for file in SKELETONS.glob("*.json")) < 1_000_000


def test_the_same_seed_draws_the_same_application_and_another_one_another():
    assert toolkits.application(3, "train") == toolkits.application(3, "train")
    assert toolkits.application(3, "train") != toolkits.application(11, "train")
    assert not set(toolkits.LAYOUTS["train"]) & set(toolkits.LAYOUTS["test"])


def labels(widgets: tuple[toolkits.Widget, ...]) -> Iterator[str]:
    for widget in widgets:
        if widget.kind not in ("keypad", "toolbar", "list", "tree"):
            yield widget.label
        closed = widget.parts[:1] if widget.kind == "tabs" else widget.parts
        yield from labels(closed)


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("seed", range(8))
def test_a_page_holds_every_label_of_its_application(seed, split):
    drawn = toolkits.application(seed, split)
    page = unescape(toolkits.html(drawn))
    assert [label for label in labels(drawn.parts) if label not in page] == []


def test_a_value_of_this_machine_is_left_out_of_a_skeleton():
    drawn = toolkits.application(1, "train")
    seen = ElementList("chromium", "x", (Line("e1", "field", value="tmp/y/page"),))
    assert capturing.neutral(seen, drawn, "/tmp/y").lines[0].value == ""


def test_what_is_written_is_read_back_and_split_into_files(tmp_path):
    shown = captured("test")[0]
    files = capturing.write([shown] * (capturing.PER_FILE + 1), tmp_path, "test_qt")
    assert [file.name for file in files] == ["test_qt_0.json", "test_qt_1.json"]
    assert msgspec.json.decode(files[1].read_bytes(), type=list[ElementList]) == [shown]


@pytest.fixture(scope="module")
def on() -> Iterator[capturing.Stage]:
    with capturing.stage() as opened:
        yield opened


@pytest.mark.parametrize("toolkit", ["html", "qt"])
def test_a_drawn_application_is_shown_by_a_real_toolkit_and_read_as_the_product_reads_it(on, toolkit):
    if toolkit == "html" and shutil.which("chromium") is None:
        pytest.skip("Chromium is not installed")
    if toolkit == "qt" and not importlib.util.find_spec("PySide6"):
        pytest.skip("PySide6 (extra: window) is not installed")
    drawn = toolkits.application(2, "train")
    (shown,) = capturing.skeletons(toolkit, "train", [2], on=on, qt_python=sys.executable)
    menus, display, keys = drawn.parts
    names = [line.name for line in shown.lines]
    assert shown.window == drawn.title
    assert [name for name in names if name in {key.label for key in keys.parts}] == [key.label for key in keys.parts]
    assert {menu.label for menu in menus.parts} <= set(names)
    assert [line.value for line in shown.lines if line.role == "field"] == [display.value]
