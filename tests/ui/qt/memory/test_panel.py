"""The working memory panel follows the events of a run and says what a person wants changed."""

import msgspec
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from agents.memory.changes import Abandon, CloseSubgoal, Collapse, OpenSubgoal, Pin, Remember, Retrieve, Unpin
from agents.memory.tree import remembering
from agents.session.messages import AgentOrder, Minds
from ui.qt.memory.following import Cost, Follower, Told, cost_of, seen_by_model
from ui.qt.memory.panel import MemoryPanel
from ui.qt.memory.tree_model import COST, SHARE, TOKENS, WORDS, MemoryModel, kind_of
from workbench import events

CHANGES = (
    OpenSubgoal(words="open the folder"),
    Remember(words="click Invoices", observed="window Invoices", verified=True),
    CloseSubgoal(summary="the folder is open"),
    OpenSubgoal(words="pay invoice 4711"),
    Pin(words="it is over 90 Euro"),
    Remember(words="click Pay", observed="nothing changed", verified=False),
)


def told(*changes, task="pay the invoices"):
    started = events.RunStarted(run="r1", trajectory=None, title=task, task=task)
    return [started, *(events.MemoryChanged(change=msgspec.to_builtins(change)) for change in changes)]


@pytest.fixture
def panel(core, shown):
    made = shown(MemoryPanel(core), 320, 600)
    made.follow(AgentOrder("r1", "pay", None, "", Minds("/nowhere", "nobody")))
    made.wishes = []
    made.wanted.connect(made.wishes.append)
    for event in told(*CHANGES):
        made.hear(event)
    return made


def choose(panel, words):
    """Choose the node whose line begins so."""
    model = panel._model
    task = model.index(0, WORDS)
    rows = [model.index(row, WORDS, task) for row in range(model.rowCount(task))]
    found = [row for row in rows if row.data().startswith(words)]
    below = [model.index(row, WORDS, each) for each in rows for row in range(model.rowCount(each))]
    panel._tree.setCurrentIndex((found or [each for each in below if each.data().startswith(words)])[0])


def test_the_tree_shows_what_is_open_met_and_abandoned_as_the_run_tells_it(panel):
    def states():
        root = panel.memory.root
        return [kind_of(node) for node in root.children]

    assert states() == ["met subgoal", "open subgoal"]
    panel.hear(told(Abandon(reason="no money"))[1])
    assert states() == ["met subgoal", "abandoned subgoal"]
    model = panel._model
    task = model.index(0, WORDS)
    assert model.index(0, WORDS, task).data() == "open the folder – the folder is open"
    assert model.rowCount(model.index(0, WORDS, task)) == 1


def test_what_is_open_is_unfolded_and_what_a_person_unfolded_stays_so(panel):
    model, tree = panel._model, panel._tree
    met, opened = (model.index(row, WORDS, model.index(0, WORDS)) for row in (0, 1))
    assert (tree.isExpanded(met), tree.isExpanded(opened)) == (False, True)
    tree.setExpanded(met, True)
    panel.hear(told(Remember(words="wait"))[1])
    met = model.index(0, WORDS, model.index(0, WORDS))
    assert tree.isExpanded(met)


def test_the_model_keeps_the_promises_of_item_models_while_the_memory_grows(core):
    model, follower = MemoryModel(core.dress), Follower()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for event in told(*CHANGES, Retrieve(subgoals=(1,)), Collapse(node=1)):
        assert follower.hear(event)
        model.show(follower.memory, cost_of(follower.memory, "hierarchical"))
    assert follower.whole
    assert model.rowCount(QModelIndex()) == 1


def test_a_node_costs_what_stands_below_it_too_and_shares_are_those_of_the_budget(core):
    model = MemoryModel(core.dress)
    model.show(remembering("pay"), Cost({0: 30}, 30), most_tokens=120)
    task = model.index(0, COST)
    assert (task.data(TOKENS), task.data(SHARE), task.data()) == (30, 0.25, "30")
    follower = Follower()
    for event in told(*CHANGES):
        follower.hear(event)
    cost = cost_of(follower.memory, "hierarchical")
    model.show(follower.memory, cost)
    assert model.index(0, COST).data(TOKENS) == cost.total


def test_a_change_that_does_not_fit_is_said_and_the_rest_is_still_followed(panel):
    panel.hear(events.MemoryChanged(change={}))
    assert "were forgotten" in panel._total.text()
    panel.hear(told(Remember(words="look again"))[1])
    assert panel.memory.root.children[-1].children[-1].words == "look again"


def test_what_the_model_sees_is_what_its_prompt_holds(panel):
    QTest.mouseClick(panel._tools["see"], Qt.MouseButton.LeftButton)
    lines = panel._text.toPlainText().splitlines()
    assert lines[:2] == ["task: pay the invoices", "met 1: open the folder | the folder is open"]
    assert panel._pages.currentWidget() is panel._text
    small = Told("lines", "hierarchical", cost_of(panel.memory, "hierarchical").total - 1)
    assert "left out" in seen_by_model(panel.memory, small)


def test_collapsing_retrieving_pinning_and_editing_are_wishes_of_a_person(panel):
    choose(panel, "open the folder")
    assert not panel._tools["collapse"].isEnabled()
    panel._tools["retrieve"].click()
    choose(panel, "pay invoice")
    panel._tools["collapse"].click()
    choose(panel, "it is over 90 Euro")
    panel._tools["pin"].click()
    choose(panel, "open the folder")
    panel._tools["edit"].click()
    assert panel._line.text() == "the folder is open"
    panel._line.setText("all five are open")
    QTest.keyClick(panel._line, Qt.Key.Key_Return)
    changes = [
        msgspec.to_builtins(each) for each in (Retrieve(subgoals=(1,), by="person"), Collapse(node=3, by="person"))
    ]
    assert panel.wishes[:2] == changes
    assert panel.wishes[2] == msgspec.to_builtins(Unpin(fact=4, by="person"))
    assert panel.wishes[3] == {"change": "edit", "node": 1, "summary": "all five are open", "by": "person"}


def test_nothing_can_be_wished_once_the_run_is_over(panel):
    choose(panel, "pay invoice")
    panel.hear(events.RunEnded(outcome="finished"))
    assert not any(panel._tools[each].isEnabled() for each in ("pin", "edit", "collapse", "retrieve"))
    assert panel._tools["see"].isEnabled()
