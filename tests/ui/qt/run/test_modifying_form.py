"""The form in which another step is put in the place of the proposed one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ui.qt.conducting import Asked
from ui.qt.run.modifying_form import ModifyingForm
from workbench.actions import Click
from workbench.events import ApprovalAsked, StepProposed
from workbench.geometry import Rect
from workbench.trajectory import Element, Step

NAMESAKES = tuple(Element("notes", "Notes", "push button", "Save", Rect(left, 80, 120, 30)) for left in (100, 300))


@pytest.fixture
def form(application):
    made = ModifyingForm()
    event = ApprovalAsked(index=1, risk="harmless", reason="", elements=NAMESAKES)
    made.show_step(Asked(1, event, StepProposed(index=1, step=Step("s1", Click()))))
    made.steps = []
    made.modified.connect(made.steps.append)
    return made


@pytest.mark.parametrize("chosen", [0, 1])
def test_of_two_elements_that_are_called_alike_the_chosen_one_is_used(form, chosen):
    form._element.setCurrentIndex(chosen + 1)
    QTest.mouseClick(form._go, Qt.MouseButton.LeftButton)
    assert [step.target.element for step in form.steps] == [NAMESAKES[chosen]]


def test_a_typed_name_that_two_elements_have_chooses_none_of_them(form):
    form._element.setEditText("button “Save”")
    QTest.mouseClick(form._go, Qt.MouseButton.LeftButton)
    assert form.steps == []
    assert "choose one from the list" in form._wrong.text()


def test_namesakes_in_the_list_are_told_apart_and_a_whole_name_chooses_whatever_its_case(form):
    listed = [form._element.itemText(row) for row in (1, 2)]
    assert listed == ["button “Save”, 1st of 2, left", "button “Save”, 2nd of 2, right"]
    form._element.setEditText(listed[1].upper())
    QTest.mouseClick(form._go, Qt.MouseButton.LeftButton)
    assert [step.target.element for step in form.steps] == [NAMESAKES[1]]
