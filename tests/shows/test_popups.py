"""What opens in a window of its own is seen, recorded and replayed: menus, menus in menus, lists of combo boxes."""

import importlib.util
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.desktop.private import PrivateDesktop
from workbench.geometry import Point, Rect

APPS = Path(__file__).resolve().parents[1] / "apps"
INTERPRETERS = {"qt": sys.executable, "gtk": "/usr/bin/python3"}
PEOPLE_S = 0.5
PATIENCE_S = 60.0
ITEM_ROLES = ("menu item", "list item")
LINE_PX = 40
"""No line of a menu or list is higher."""

CHOSEN = ["New", "Two", "Blue", "Fukuoka", "Beta", "Cut", "Deep"]


def acts(app: str) -> list[list[Any]]:
    """Choose in every kind of pop-up."""
    in_menus = ("File", "New", "File", "Recent", "Two")
    return [
        ["wait-window", "Popups"],
        *(["click", app, name] for name in in_menus),
        *(["click-value", app, "Red"], ["click", app, "Blue"]),
        *(["click-value", app, "Athens"], ["click", app, "Fukuoka"]),
        *(["click", app, "More"], ["click", app, "Beta"]),
        *(["right", app, "Here"], ["click", app, "Cut"]),
        *(["right", app, "Here"], ["click", app, "Deeper"], ["click", app, "Deep"]),
        ["rest", 0.4],
    ]


def told(log: Path) -> list[str]:
    """What was chosen, once as much was as should be."""
    end_s = time.monotonic() + PATIENCE_S
    while len(chosen := log.read_text().split()) < len(CHOSEN) and time.monotonic() < end_s:
        time.sleep(0.05)
    return chosen


def rect(said: dict[str, int]) -> Rect:
    """The rectangle of a document."""
    return Rect(said["x"], said["y"], said["width"], said["height"])


@pytest.mark.slow
@pytest.mark.parametrize("toolkit", ["qt", "gtk"])
def test_what_is_chosen_in_popups_is_recorded_as_it_is_called_and_chosen_again(
    workbench: Any, desk: Callable[..., PrivateDesktop], tmp_path: Path, toolkit: str
) -> None:
    if toolkit == "qt" and not importlib.util.find_spec("PySide6"):
        pytest.skip("the window is an extra: pip install .[window]")
    app = f"{toolkit}_popups"

    def opened(log: Path) -> PrivateDesktop:
        return desk(shlex.join([INTERPRETERS[toolkit], str(APPS / f"{app}.py"), str(log)]))

    workbench.record(opened(tmp_path / "then"), acts(app), "--title", "Chosen", pause_s=PEOPLE_S)
    assert told(tmp_path / "then") == CHOSEN
    targets = [step["target"] for step in workbench.json("show", "Chosen")["steps"]]
    assert [target["point"] for target in targets if "element" not in target] == []
    for target in targets:
        element, bounds = target["element"], rect(target["element"]["bounds"])
        assert bounds.contains(Point(**target["point"])), element
        assert rect(target["window"]["bounds"]).intersection(bounds) == bounds, element
        if element["name"] in CHOSEN:
            assert element["role"] in ITEM_ROLES
            assert bounds.height <= LINE_PX, element
    assert [name for target in targets if (name := target["element"]["name"]) in CHOSEN] == CHOSEN
    now = opened(tmp_path / "now")
    again = workbench.json("replay", "Chosen", environment=now.environment())
    assert again["outcome"] == "finished", again["reason"]
    assert told(tmp_path / "now") == CHOSEN
