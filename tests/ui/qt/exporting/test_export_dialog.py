"""The export dialog: what it asks, what it finds, and that nothing leaves before a person has decided."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ui.orders.exporting import names
from ui.qt.exporting.choice_page import FORMAT, FormatsModel
from ui.qt.exporting.dialog import ExportDialog, ask_export
from ui.qt.exporting.findings_model import DECISION, SHOWN, WHAT, WHERE, FindingsModel
from workbench.actions import Click, TypeText
from workbench.geometry import Point, Rect
from workbench.library.bundle import opened_bundle
from workbench.library.leaks.leak import Place, leak
from workbench.library.store import Library
from workbench.trajectory import Observation, Step, Trajectory

MAIL, CARD = "jane.doe@mail.example.org", "4111 1111 1111 1111"


def _painted(line: str) -> np.ndarray:
    picture = Image.new("RGB", (480, 120), "white")
    ImageDraw.Draw(picture).text((20, 40), line, fill="black", font=ImageFont.load_default(15))
    pixels = np.full((120, 480, 4), 255, np.uint8)
    pixels[..., :3] = np.asarray(picture)[..., ::-1]
    return pixels


@pytest.fixture
def saved(core):
    """Saves a trajectory of typed text and one click on a picture."""

    def save(typed: str, *, shown: str = "") -> Trajectory:
        with Library.open(core.library_folder) as library:
            frame = library.frames.put(_painted(shown), origin=Point(0, 0)) if shown else None
            steps = (Step("s1", TypeText(typed)), Step("s2", Click(), Observation(frame=frame)))
            return library.save(Trajectory(library.new_id(), "Letter", steps))

    return save


@pytest.fixture
def asked(core, shown):
    """Opens the dialog for a trajectory."""
    parent = shown(QWidget())

    def ask(trajectory: Trajectory) -> ExportDialog:
        dialog = ask_export(core, parent, trajectory.id, title=trajectory.title)
        QApplication.processEvents()
        return dialog

    return ask


def test_it_offers_every_format_in_one_line_each(application):
    model = FormatsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert [model.index(row).data(FORMAT).name for row in range(model.rowCount())] == list(names())
    assert all(
        "\n" not in model.index(row).data() and "·" in model.index(row).data() for row in range(model.rowCount())
    )


def test_another_format_proposes_another_place_unless_the_person_named_one(asked, saved, tmp_path):
    choice = asked(saved("hello")).choice
    choice.list.setCurrentIndex(choice.model.index(choice.model.row_of("html")))
    assert choice.path.text().endswith("Letter.html")
    choice.list.setCurrentIndex(choice.model.index(choice.model.row_of("agentnet")))
    assert choice.path.text().endswith("Letter")
    choice.path.setText(str(tmp_path / "mine.trajectory"))
    choice.list.setCurrentIndex(choice.model.index(choice.model.row_of("html")))
    assert choice.path.text() == str(tmp_path / "mine.html")


def test_what_holds_nothing_private_is_written_after_one_key(asked, saved, until, core, tmp_path):
    dialog = asked(saved("hello"))
    dialog.choice.path.setText(str(tmp_path / "out.trajectory"))
    dialog.choice.path.setFocus()
    QTest.keyClick(dialog.choice.path, Qt.Key.Key_Return)
    until(lambda: (tmp_path / "out.trajectory").exists() and core.notices.shown and not core.running)
    assert "Exported “Letter”" in core.notices.shown[0].text


def test_findings_wait_for_a_decision_each_and_cancel_is_the_default(asked, saved, until, core, tmp_path):
    dialog = asked(saved(f"Dear {MAIL}", shown=f"card {CARD}"))
    path = tmp_path / "out.trajectory"
    dialog.choice.path.setText(str(path))
    dialog.go_on.click()
    until(lambda: dialog.findings.model.rowCount() == 2 and dialog.findings.isVisible())
    model = dialog.findings.model
    assert dialog.stop.isDefault()
    assert not dialog.go_on.isEnabled()
    assert MAIL not in "".join(str(model.index(row, SHOWN).data()) for row in range(2))
    until(lambda: model.index(1, SHOWN).data(Qt.ItemDataRole.DecorationRole) is not None)
    QTest.keyClick(dialog.findings.table, Qt.Key.Key_M)
    assert (model.undecided, dialog.go_on.isEnabled()) == (1, False)
    QTest.keyClick(dialog.findings.table, Qt.Key.Key_L)
    assert dialog.go_on.isEnabled()
    assert not path.exists()
    dialog.go_on.click()
    until(lambda: path.exists() and not core.running)
    with opened_bundle(path) as opened:
        assert opened.trajectory.steps[0].action == TypeText("Dear ▇▇▇")
    until(lambda: core.notices.shown)
    notice = core.notices.shown[0]
    assert (notice.weight, notice.action) == ("warning", "Details")
    notice.act()
    details = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    assert any("About the export" in one.windowTitle() for one in details)
    for one in details:
        one.close()


def test_return_on_the_findings_cancels_and_leaves_nothing(asked, saved, until, core, tmp_path):
    dialog = asked(saved(MAIL))
    dialog.choice.path.setText(str(tmp_path / "out.trajectory"))
    dialog.go_on.click()
    until(lambda: dialog.findings.isVisible())
    closed: list[int] = []
    dialog.finished.connect(closed.append)
    QTest.keyClick(dialog.findings.table, Qt.Key.Key_Return)
    until(lambda: closed and not core.running)
    assert closed == [QDialog.DialogCode.Rejected]
    assert list(tmp_path.glob("out*")) == []
    assert core.notices.shown == []


def test_all_can_be_masked_at_once(asked, saved, until, tmp_path):
    dialog = asked(saved(f"{MAIL} and +49 170 1234567"))
    dialog.choice.path.setText(str(tmp_path / "out.py"))
    dialog.choice.list.setCurrentIndex(dialog.choice.model.index(dialog.choice.model.row_of("pyautogui")))
    dialog.go_on.click()
    until(lambda: dialog.findings.isVisible())
    dialog.findings.hide_all.click()
    dialog.go_on.click()
    until((tmp_path / "out.py").exists)
    assert MAIL not in (tmp_path / "out.py").read_text()


def test_a_place_that_something_else_is_at_is_said_in_the_dialog(asked, saved, until, tmp_path):
    (tmp_path / "diary.trajectory").write_text("dear diary")
    dialog = asked(saved("hello"))
    dialog.choice.path.setText(str(tmp_path / "diary.trajectory"))
    dialog.go_on.click()
    until(lambda: dialog.choice.wrong.isVisible())
    assert "something else already" in dialog.choice.wrong.text()
    dialog.choice.path.setText("")
    assert not dialog.go_on.isEnabled()


def test_the_table_of_findings_is_a_sound_model(application):
    model = FindingsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    found = [
        leak("e-mail", (Place("T@1", 1, "title"),), (MAIL,)),
        leak("token", (Place("T@1", 2, "picture", "f", Rect(0, 0, 5, 5)),), ("x" * 20,)),
    ]
    model.show_leaks(found)
    model.decide([0], "mask")
    assert [model.index(0, column).data() for column in (WHAT, WHERE, DECISION)] == [
        "e-mail address",
        "Step 1, title",
        "mask it",
    ]
    assert model.decisions.mask == {found[0].id}
    assert model.decisions.on(found[1]) == "refuse"
    assert [model.headerData(at, Qt.Orientation.Horizontal) for at in (WHAT, DECISION)] == ["What", "What to do"]
