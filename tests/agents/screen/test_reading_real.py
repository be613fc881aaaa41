"""The element lists of real applications."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from agents.grounding.looking import read_whole
from agents.screen.listing import listed
from agents.screen.reading import read_printed, read_screen

CHROMIUM = "chromium --no-sandbox --force-renderer-accessibility --no-first-run --password-store=basic --disable-gpu"
needs_chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")


def whole(stage: Any, **options: Any) -> Any:
    """The list once the application answers for all of it; None while it does not."""
    read = read_whole(stage.sight(), **options)
    return read if read is not None and read.shown.lines else None


def names(read: Any, role: str) -> list[str]:
    return [line.name for line in read.shown.lines if line.role == role]


def ref_of(read: Any, role: str, name: str) -> str:
    return next(line.ref for line in read.shown.lines if (line.role, line.name) == (role, name))


def test_a_calculator_is_read_row_by_row_and_its_buttons_are_where_they_say(stage):
    window = stage.start("galculator")
    read = stage.until(lambda: whole(stage))
    keys = names(read, "button")
    digits = [name for name in keys if name in "789456123"]
    assert (read.shown.app, read.shown.window) == (window.app, window.title)
    assert digits == list("789456123")
    assert names(read, "menu") == ["File", "Edit", "View", "Calculator", "Help"]
    seven = read.elements[ref_of(read, "button", "7")]
    told = stage.until(lambda: stage.desktop.accessibility.element_at(seven.bounds.centre, window))
    assert (told.role, told.name) == ("toggle button", "7")


def test_what_a_key_changes_is_marked_and_nothing_moves(stage):
    stage.start("galculator")
    before = stage.until(lambda: whole(stage))
    stage.press("7")
    read = stage.until(
        lambda: (
            (found := whole(stage, before=before))
            and any(line.mark and line.value == "7" for line in found.shown.lines)
            and found
        )
    )
    assert [line.mark for line in read.shown.lines if line.value == "7"] == ["changed"]
    assert [line.name for line in read.shown.lines] == [line.name for line in before.shown.lines]


def test_an_open_menu_is_added_at_the_end_so_that_what_was_read_stays_a_prefix(stage):
    stage.start("mousepad")
    before = stage.until(lambda: whole(stage))
    stage.press("Alt_L", "f")
    read = stage.until(
        lambda: (found := whole(stage, before=before)) and "Save As..." in names(found, "menu item") and found
    )
    kept = [line for line in read.shown.lines if line.mark != "new"]
    assert [line.name for line in kept] == [line.name for line in before.shown.lines]
    assert [line.mark for line in read.shown.lines[len(kept) :]] == ["new"] * (len(read.shown.lines) - len(kept))
    assert {"Open...", "Save", "Quit"} <= set(names(read, "menu item"))
    stage.press("Escape")


def test_an_application_without_accessibility_is_read_by_its_printed_text(stage):
    stage.start("xcalc")
    assert read_screen(stage.sight()).shown.lines == ()
    printed = stage.until(lambda: (found := read_printed(stage.sight())).shown.lines and found)
    assert {line.role for line in printed.shown.lines} == {"text"}
    assert {"sin", "tan"} <= set(names(printed, "text"))
    window = stage.sight().active
    assert all(window.bounds.contains(element.bounds.centre) for element in printed.elements.values())


@needs_chromium
def test_a_page_is_read_as_people_see_it(stage, tmp_path):
    page = Path(__file__).with_name("page.html")
    stage.start(f"{CHROMIUM} --user-data-dir={tmp_path / 'profile'} {page.as_uri()}")
    read = stage.until(lambda: (found := whole(stage, most=99)) and "middle row" in names(found, "text") and found)
    text = listed(read.shown)
    found = [re.sub(r" \[e\d+\]$", "", line) for line in text.split("\n")]
    start = found.index('heading "New order"')
    assert found[start : start + 16] == [
        'heading "New order"',
        'field "Name" = "Ann"',
        'password field "Secret word"',
        'checkbox "Gift wrap" checked',
        'dropdown "Country" = "Spain"',
        'button "Bold" pressed',
        'button "Send" disabled',
        'button "Print"',
        'item "Item | Price"',
        'item "Pen | 2.00"',
        'button "Remove" in "Pen | 2.00"',
        'item "Ink | 3.00"',
        'button "Remove" in "Ink | 3.00"',
        'text "Read this first."',
        'text "near row"',
        'text "middle row"',
    ]
    assert "open sesame" not in text + repr(read)
    assert "far row" not in text
    assert "Below the fold" not in text
