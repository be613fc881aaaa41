"""What tests of safety share: a mail window, and what a judge is asked about it."""

import pytest

from agents.memory.tree import remembering
from agents.planning.ports import Moment
from agents.screen.listing import ElementList, Line, numbered
from agents.screen.reading import Read
from workbench.geometry import Rect
from workbench.trajectory import Element

NAMES = ("Inbox", "Drafts", "Sent", "To", "Subject", "Body", "Send", "Save", "Discard", "Help")


@pytest.fixture
def mail() -> Read:
    """Ten controls in a column, 30 pixels each."""
    lines = numbered([Line("e1", "button", name) for name in NAMES])
    elements = {
        line.ref: Element("thunderbird", "Write", "push button", line.name, Rect(0, 30 * row, 100, 30))
        for row, line in enumerate(lines)
    }
    return Read(ElementList("thunderbird", "Write", lines), elements)


@pytest.fixture
def moment(mail: Read) -> Moment:
    """In front of the mail window."""
    return Moment(remembering("write a draft to Bob"), mail)
