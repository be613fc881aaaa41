"""Documentation that lies fails the build."""

import re
import shlex
from pathlib import Path

import pytest

from ui.cli.documentation import pages, reference
from ui.cli.main import COMMANDS, command_parser
from ui.cli.parsing import split_shared

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
PATH = re.compile(r"`((?:workbench|recorder|agents|ui|tests|docs|packaging)/[\w./-]+)`")
EXAMPLE_TASKS = {"agents/runtime"}
"""Named by the design, built later."""


def _commands(page: Path):
    """Every command line of the program in the page's examples."""
    for block in FENCE.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("workbench-cli "):
                yield line


COMMAND_LINES = sorted({line for page in PAGES for line in _commands(page)})


def test_every_generated_page_is_what_the_code_says(root):
    for name, text in pages().items():
        assert (root / "docs" / name).read_text(encoding="utf-8") == text, f"docs/{name} is old: run `make docs`"


def test_the_reference_names_every_command_and_option():
    page = reference()
    for name in COMMANDS:
        assert f"\n## {name}\n" in page
        for action in command_parser(name)._actions:
            assert all(
                f"`{option}" in page or f", {option}" in page
                for option in action.option_strings
                if action.dest != "help"
            )


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_every_command_line_in_the_documentation_is_accepted_by_the_parser(line):
    _, words = split_shared(shlex.split(line)[1:])
    if words == ["--help"]:
        return
    command_parser(words[0]).parse_args(words[1:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page):
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_place_in_the_source_that_a_page_names_exists(page):
    paths = set(PATH.findall(page.read_text(encoding="utf-8"))) - EXAMPLE_TASKS
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_make_alone_lists_every_target_that_the_documentation_names(root):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    listed = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.M))
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.M)[1].split())
    named = {
        target for page in PAGES for target in re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8"))
    } | {"run", "test"}
    assert named <= listed
    assert phony == listed


def test_continuous_integration_runs_what_a_person_runs(root):
    assert (root / ".ci/run").read_text(encoding="utf-8").rstrip().endswith("exec make test")
