"""What must be said between two gestures so that the second finds the desktop it needs.

A window that came by itself, long after the last input, is waited for; a window that somebody brought to the front in
a way the recording does not hold (a pause, an excluded application) is activated. Everything else needs no words: each
step waits for its own target.
"""

from collections.abc import Collection

from recorder.gestures import Gesture
from recorder.seen import same_window
from workbench.actions import Action, Activate, Condition, PressKeys, Wait
from workbench.inputs import Sighting
from workbench.trajectory import Window

WAIT_MS = 2000
"""What an input causes shows within two seconds, or it is worth waiting for."""


def bridge(
    later: Gesture, left: Sighting | None, found: Sighting | None, *, break_ms: float | None, known: Collection[str]
) -> Action | None:
    """The wait or activation before a gesture, or None.

    `left` is what was seen after the one before it, `found` what was seen before it, `break_ms` how long nothing was
    done (None when recording was paused or left something out in between), `known` the applications that were active
    earlier.
    """
    was, now = (left.active if left else None), (found.active if found else None)
    if was is None or now is None or same_window(was, now) or _brings(later, found):
        return None
    if break_ms is None:
        return Activate(app=now.app, title=now.title)
    if break_ms <= WAIT_MS:
        return None
    if now.app == was.app:
        return Wait(until=Condition(window=now.title, app=now.app)) if now.title else None
    return Activate(app=now.app, title=now.title) if now.app in known else Wait(until=Condition(app=now.app))


def switched_to(gesture: Gesture, after: Sighting | None) -> Window | None:
    """The window that walking through the list of windows ended at.

    Only for more than one step through the list: pressing the keys again would only go back and forth between two.
    """
    action = gesture.action
    if not isinstance(action, PressKeys) or action.count < 2 or action.keys[-1] != "Tab":
        return None
    return after.active if after and {"alt", "super"} & set(action.keys) else None


def _brings(later: Gesture, found: Sighting | None) -> bool:
    """Whether the gesture itself goes to another window than the active one, which a click brings to the front."""
    if later.start is None or found is None:
        return False
    return found.window is not None and not same_window(found.window, found.active)
