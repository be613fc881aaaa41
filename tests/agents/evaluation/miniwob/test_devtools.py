"""The conversation with a browser over its two pipes, the browser's end in the test's hands."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import FileIO

import pytest

from agents.evaluation.miniwob.devtools import BrowserError, DevTools


@dataclass
class Peer:
    """The browser's ends of the pipes."""

    reader: FileIO
    writer: FileIO

    def says(self, *messages: dict) -> None:
        self.writer.write(b"".join(json.dumps(message).encode() + b"\0" for message in messages))

    def heard(self) -> list[dict]:
        return [json.loads(part) for part in self.reader.read(1 << 20).split(b"\0") if part]


@pytest.fixture
def pair() -> Iterator[tuple[DevTools, Peer]]:
    with ExitStack() as ends:
        (hears, tells), (takes, says) = os.pipe(), os.pipe()
        tells, takes, hears, says = (
            ends.enter_context(FileIO(end, mode))
            for end, mode in ((tells, "w"), (takes, "r"), (hears, "r"), (says, "w"))
        )
        yield DevTools(tells.fileno(), takes.fileno(), timeout_s=0.05), Peer(hears, says)


def test_a_call_gets_its_own_answer_whatever_else_is_said_before(pair):
    devtools, peer = pair
    event = {"method": "Page.loadEventFired", "sessionId": "s", "params": {"timestamp": 1}}
    peer.says(event, {"id": 1, "result": {"value": "ö"}})
    assert devtools.call("Runtime.evaluate", "s", expression="1") == {"value": "ö"}
    assert peer.heard() == [{"id": 1, "method": "Runtime.evaluate", "params": {"expression": "1"}, "sessionId": "s"}]
    assert devtools.await_event("Page.loadEventFired", "s") == {"timestamp": 1}


def test_an_answer_in_pieces_is_put_together(pair):
    devtools, peer = pair
    whole = json.dumps({"id": 1, "result": {"value": 7}}).encode() + b"\0"
    peer.writer.write(whole[:9])
    with pytest.raises(BrowserError, match=r"does not answer Page\.enable within"):
        devtools.call("Page.enable")
    peer.writer.write(whole[9:])
    peer.says({"id": 2, "result": {}})
    assert devtools.call("Page.enable") == {}


def test_events_of_another_page_and_forgotten_ones_are_not_waited_for(pair):
    devtools, peer = pair
    peer.says({"method": "Page.loadEventFired", "sessionId": "other"}, {"id": 1, "result": {}})
    devtools.call("Page.enable")
    with pytest.raises(BrowserError, match="loadEventFired"):
        devtools.await_event("Page.loadEventFired", "s")
    devtools.forget_events()
    with pytest.raises(BrowserError, match="loadEventFired"):
        devtools.await_event("Page.loadEventFired", "other")


def test_a_refusal_is_told_in_the_browsers_words(pair):
    devtools, peer = pair
    peer.says({"id": 1, "error": {"message": "no such method"}})
    with pytest.raises(BrowserError, match=r"refuses Page\.fly: no such method"):
        devtools.call("Page.fly")


def test_a_browser_that_is_gone_or_takes_nothing_in_is_an_error(pair):
    devtools, peer = pair
    with pytest.raises(BrowserError, match="takes nothing in"):
        devtools.call("Runtime.evaluate", expression="x" * (1 << 20))
    peer.writer.close()
    peer.reader.read(1 << 20)
    with pytest.raises(BrowserError, match="has ended"):
        devtools.call("Page.enable")
    peer.reader.close()
    with pytest.raises(BrowserError, match="has ended"):
        devtools.call("Page.enable")
