"""Events on their way from hooks to the sink."""

import threading

import pytest

from workbench.desktop import relay as relay_module
from workbench.desktop.relay import EventRelay
from workbench.geometry import Rect, Screen
from workbench.inputs import InputEvent

ONE = (Screen("one", Rect(0, 0, 100, 100)),)


def test_every_event_arrives_in_order_before_stop_returns_and_none_after() -> None:
    relay, heard = EventRelay(lambda: ONE, str), []
    relay.start(heard.append)
    for key in range(500):
        relay.put(InputEvent(0, key, "key_down", keycode=key))
    relay.stop()
    relay.put(InputEvent(0, 0, "key_down", keycode=999))
    relay.stop()
    assert [event.keycode for event in heard] == list(range(500))


def test_events_of_several_threads_reach_the_sink_on_one_thread() -> None:
    relay, threads = EventRelay(lambda: ONE, str), set()
    relay.start(lambda _event: threads.add(threading.get_ident()))
    hooks = [threading.Thread(target=relay.put, args=(InputEvent(0, 0, "move"),)) for _ in range(8)]
    for hook in hooks:
        hook.start()
    for hook in hooks:
        hook.join()
    relay.stop()
    assert len(threads) == 1


def test_another_screen_or_keyboard_layout_becomes_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "POLL_S", 0.01)
    screens, keymaps = [ONE, ()], ["us", "de"]
    relay = EventRelay(lambda: screens.pop(0) if screens else (), lambda: keymaps.pop(0) if keymaps else "de")
    kinds, both = [], threading.Event()

    def sink(event: InputEvent) -> None:
        kinds.append(event.kind)
        if len(kinds) == 2:
            both.set()

    relay.start(sink)
    assert both.wait(30)
    relay.stop()
    assert kinds == ["screens", "keymap"]
