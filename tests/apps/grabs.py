"""Whether somebody holds the pointer or the keyboard of a display, as who waits for a person's click does."""

from contextlib import closing

from Xlib import X
from Xlib.display import Display
from Xlib.protocol.request import GrabKeyboard, GrabPointer


def pointer_is_held(display_name: str) -> bool:
    """Whether the pointer is; whoever waits for a click takes it first."""
    with closing(Display(display_name)) as display:
        more = {"event_mask": 0, "confine_to": X.NONE, "cursor": X.NONE}
        return _is_held(display, GrabPointer, display.ungrab_pointer, more)


def keyboard_is_held(display_name: str) -> bool:
    """Whether the keyboard is; whoever waits for a click takes it last."""
    with closing(Display(display_name)) as display:
        return _is_held(display, GrabKeyboard, display.ungrab_keyboard, {})


def _is_held(display, request, ungrab, more) -> bool:
    grab = request(
        display=display.display,
        defer=1,
        owner_events=False,
        grab_window=display.screen().root,
        time=X.CurrentTime,
        pointer_mode=X.GrabModeAsync,
        keyboard_mode=X.GrabModeAsync,
        **more,
    )
    ungrab(X.CurrentTime)  # in the same breath: nobody may find it held by this question
    grab.reply()
    return bool(grab.status == X.AlreadyGrabbed)
