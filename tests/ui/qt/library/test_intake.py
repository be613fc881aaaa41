"""Importing in the window: files and folders, what was left out, and stopping it halfway."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog, QListView

from ui.qt.library.intake import ImportProgress, taken
from ui.qt.trajectory.edited import Line
from ui.qt.trajectory.pages import HistoryModel
from workbench.errors import StoppedError
from workbench.library.store import Library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A recording in an OSWorld folder: a click, and a line that records an error."""
    made = tmp_path / "recorded"
    made.mkdir()
    file = io.BytesIO()
    Image.new("RGB", (320, 200), "white").save(file, "PNG")
    for number in (1, 2):
        (made / f"step_{number}.png").write_bytes(file.getvalue())
    lines = [
        {"step_num": 1, "action": "pyautogui.click(10, 20)", "screenshot_file": "step_1.png"},
        {"step_num": 2, "action": "pyautogui.unheard_of(3)", "screenshot_file": "step_2.png"},
    ]
    (made / "traj.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return made


def test_a_folder_can_be_chosen_and_what_was_left_out_is_told(folder, room, library, core, until):
    made = room()
    made.open("import-folder")
    dialog = next(each for each in made.findChildren(QFileDialog) if each.isVisible())
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    dialog.fileSelected.emit(str(folder))
    dialog.reject()
    until(lambda: library.summaries() and core.notices.shown and not core.running)
    notice = core.notices.shown[-1]
    assert (notice.weight, notice.action) == ("warning", "Details")
    notice.act()
    lines = next(each for each in made.findChildren(QListView) if each.accessibleName() == "About the import")
    assert "step 2" in str(lines.model().index(0, 0).data())


def test_an_import_tells_how_much_was_read_and_ends_where_it_is_cancelled(folder, core, until):
    with Library.open(core.library_folder) as library:
        heard: list[tuple[int, int]] = []
        assert taken(core.library_folder, [folder], lambda *read: heard.append(read)).errors == []
        assert heard
        assert heard[-1][0] <= heard[-1][1]
        before = len(library.summaries())

        progress = ImportProgress(core.tasks, None)
        progress.canceled.emit()
        came = taken(core.library_folder, [folder, folder], progress.told)
        progress.end()
        assert [type(error) for error in came.errors] == [StoppedError]
        assert "cancelled" in str(came.errors[0])
        assert len(library.summaries()) == before


def test_the_history_shows_what_an_import_left_out_below_its_revision(core):
    from PySide6.QtTest import QAbstractItemModelTester

    model = HistoryModel(core.dress)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    note = "imported from OSWorld\nstep 2: an action was dropped\nno times are known"
    model.show_lines((Line(1, 0, note, 1.0), Line(2, 1, "title", 2.0)), 2)
    rows = [str(model.index(row).data()) for row in range(model.rowCount())]
    assert [row.strip().split("  ")[0] for row in rows] == ["2", "1", *note.splitlines()[1:]]
    assert "imported from OSWorld" in rows[1]
    assert "dropped" not in rows[1]
