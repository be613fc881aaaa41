"""Workflows are proposed, shown, approved, retired and forgotten from the command line."""

from pathlib import Path

import pytest

from workbench.actions import Click, TypeText
from workbench.geometry import Point, Rect
from workbench.library.store import Library
from workbench.trajectory import Element, Observation, Step, Target, Trajectory, Window

PLACE = Rect(0, 0, 100, 30)
WINDOW = Window("shop", "Customers", PLACE)


def _step(action, role, name) -> Step:
    element = Element("shop", "Customers", role, name, PLACE)
    return Step(f"s-{name}", action, Observation(window=WINDOW), Target(Point(1, 1), WINDOW, element), description="so")


def _added(identifier: str, name: str) -> Trajectory:
    steps = (_step(TypeText(name), "text", "Full name"), _step(Click(), "push button", "Save"))
    return Trajectory(identifier, f"Add {name}", steps, task=f"add customer {name}")


@pytest.fixture
def recorded(library_path) -> None:
    with Library.open(library_path) as library:
        for number, name in enumerate(("Bob", "Eve")):
            library.save(_added(f"t-{number}", name))


@pytest.fixture
def found(recorded, cli) -> str:
    """The id of the one workflow."""
    (lesson,) = cli("learn", "propose", "--json").json["workflows"]
    return lesson["id"]


def test_nothing_is_found_in_an_empty_library_and_it_says_what_to_do(cli):
    assert cli("learn", "propose", "--json").json == {"workflows": [], "hints": [], "looked_at": 0}
    assert "recorded twice" in cli("learn", "propose").out
    assert cli("learn", "list", "--json").json == []
    assert "learn propose" in cli("learn", "list").out


def test_a_proposal_is_listed_and_shown_with_its_steps_variables_and_sources(found, cli):
    (line,) = cli("learn", "list").out.splitlines()
    assert line == f"{found}  proposed workflow  shop: add customer {{{{full_name}}}} (from 2 places)"
    shown = cli("learn", "show", found[:6], "--json").json
    assert shown["title"] == "Add customer …"
    assert [one["name"] for one in shown["variables"]] == ["full_name"]
    assert {(one["title"], one["first"], one["last"]) for one in shown["sources"]} == {
        ("Add Bob", 1, 2),
        ("Add Eve", 1, 2),
    }
    assert 'type "{{full_name}}" into field "Full name"' in cli("learn", "show", found).out


def test_what_belongs_to_another_application_is_not_proposed(recorded, cli):
    assert cli("learn", "propose", "--app", "writer", "--json").json["workflows"] == []


def test_an_approved_workflow_becomes_a_trajectory_until_it_is_retired_or_forgotten(found, cli):
    made = cli("learn", "approve", found, "--json").json
    assert made["status"] == "approved"
    shown = cli("show", made["trajectory"], "--json").json
    assert shown["title"] == "Add customer …"
    assert cli("learn", "retire", "Add customer …", "--json").json["status"] == "retired"
    assert cli("learn", "approve", found, "--json").json["trajectory"] == made["trajectory"]
    assert cli("learn", "remove", found, "--json").json == {"removed": found, "trajectory": made["trajectory"]}
    assert cli("learn", "list", "--json").json == []
    assert cli("show", made["trajectory"]).code == 0


def test_a_trajectory_is_retired_as_an_exemplar_and_allowed_again_by_its_name(recorded, cli, library_path):
    for word, lent in (("retire", False), ("approve", True)):
        assert cli("learn", word, "Add Bob", "--json").json == {"trajectory": "t-0", "lent": lent}
        with Library.open(library_path) as library:
            assert library.learning.standings()["t-0"].active is lent


@pytest.mark.parametrize("action", ["show", "approve", "retire", "remove"])
def test_what_nobody_knows_is_refused_with_where_to_look(cli, action):
    answer = cli("learn", action, "nothing")
    assert answer.code == 2
    assert "workbench-cli learn list" in answer.err


def test_an_embedder_reads_the_library_beforehand_and_only_what_is_new(recorded, cli, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MODELS", str(tmp_path / "models"))
    nobody = cli("learn", "embed")
    assert (nobody.code, nobody.out) == (4, "")
    assert "models add NAME --model F.gguf --role embedder" in nobody.err
    file = Path(__file__).resolve().parents[1] / "data" / "tiny_vlm" / "lm.gguf"
    assert cli("models", "add", "free", "--model", str(file), "--role", "embedder").code == 0
    (line,) = (line for line in cli("models", "list").out.splitlines() if line.startswith("free"))
    assert "embedder" in line.split()
    first = cli("learn", "embed", "--json")
    assert first.json == {"embedder": "free", "entries": 6}
    assert "0/6  entries read by free" in first.err
    assert cli("learn", "embed", "--json").json == {"embedder": "free", "entries": 0}
