"""Where the pages are, and which of them are tasks."""

import sys
from importlib.util import find_spec

import pytest

from agents.evaluation.miniwob.episodes import MiniWob
from agents.evaluation.miniwob.pages import ACCESSIBLE, DRAWN, HOW_TO_GET, Pages
from workbench.errors import BadInputError, UnavailableError

needs_pages = pytest.mark.skipif(find_spec("miniwob") is None, reason="the package miniwob is not installed")


def test_no_task_is_listed_twice_and_sixty_can_be_read_through_accessibility():
    assert len({*ACCESSIBLE, *DRAWN}) == len(ACCESSIBLE) + len(DRAWN)
    assert len(ACCESSIBLE) >= 60


def test_without_the_package_its_user_learns_how_to_get_it(monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(UnavailableError, match="not installed") as caught:
        MiniWob().tasks()
    assert HOW_TO_GET in str(caught.value)


def test_a_task_that_the_installed_pages_lack_is_left_out(tmp_path):
    (tmp_path / "click-test.html").write_text("<p>", "utf-8")
    pages = Pages(tmp_path)
    assert [task for task in ACCESSIBLE if pages.has(task)] == ["click-test"]
    with pytest.raises(BadInputError, match="no task 'click-link'"):
        pages.page("click-link")


@pytest.mark.parametrize("name", ["", "../miniwob/click-test", "click-test.html", "no-such-task"])
def test_only_the_name_of_a_task_finds_a_page(name, tmp_path):
    (tmp_path / "no-such-task.html").write_text("<p>", "utf-8")
    with pytest.raises(BadInputError, match="there is no task"):
        Pages(tmp_path).page(name)


@needs_pages
def test_the_installed_package_has_every_page_and_none_of_its_python_is_loaded():
    pages = Pages.installed()
    assert [task for task in (*ACCESSIBLE, *DRAWN) if not pages.has(task)] == []
    assert MiniWob().tasks() == ACCESSIBLE
    assert {"miniwob", "selenium", "gymnasium"} & set(sys.modules) == set()
