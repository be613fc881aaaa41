"""What is held down comes up again."""

import pytest

from workbench.desktop.held import Held
from workbench.errors import UnavailableError


def test_release_all_lets_go_in_reverse_order_and_exactly_once() -> None:
    held, released = Held(), []
    for name in ("key ctrl", "key shift", "button left"):
        held.hold(name, lambda name=name: released.append(name))
    held.release_all()
    held.release_all()
    assert released == ["button left", "key shift", "key ctrl"]
    assert held.names() == ()


def test_a_repeated_press_needs_only_one_release() -> None:
    held, released = Held(), []
    held.hold("key a", lambda: released.append("first"))
    held.hold("key a", lambda: released.append("second"))
    assert held.release("key a")
    assert released == ["first"]
    assert not held.release("key a")


def test_what_the_system_refuses_does_not_keep_the_rest_down() -> None:
    held, released = Held(), []

    def refuse() -> None:
        raise UnavailableError("the screen is locked; unlock it")

    held.hold("key ctrl", lambda: released.append("key ctrl"))
    held.hold("key shift", refuse)
    with pytest.raises(UnavailableError, match="locked"):
        held.release_all()
    assert released == ["key ctrl"]
    assert "key shift" not in held
