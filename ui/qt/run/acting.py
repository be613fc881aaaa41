"""Acting in the picture of a private desktop: a person's pointer and keys in it are passed on to the desktop itself."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QMouseEvent, QWheelEvent

from ui.qt.parts.key_names import MODIFIERS, key_name
from ui.qt.parts.picture_view import PictureView
from workbench.actions import Button
from workbench.desktop.hand import Act, Hand, KeyDown, KeyUp, LetGo, Move, Press, Release, Scroll, Write
from workbench.geometry import Point

LEAVES = "Shift+F12"
"""The keys that no application gets, because they give the keyboard back to the window."""

_BUTTONS: dict[Qt.MouseButton, Button] = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
    Qt.MouseButton.BackButton: "back",
    Qt.MouseButton.ForwardButton: "forward",
}
_CHORDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_NOTCH = 120
_CORNER, _BESIDE = Point(0, 0), Point(1, 0)
"""The very corner of a desktop is its emergency stop, which a pointer that leaves the picture must not touch."""


class ActingInPicture(QObject):
    """While it has a hand, the view's pointer and keys are that hand's, and mean nothing to the window.

    Characters are typed as such, so that the layouts of the two desktops need not be the same; keys without one, and
    keys with Ctrl, Alt or Super, are pressed and held as they are here. `left` says that the keyboard is given back.
    """

    left = Signal()

    def __init__(self, view: PictureView) -> None:
        super().__init__(view)
        self._view = view
        self._hand: Hand | None = None
        self._keys: dict[int, str] = {}
        self._turned = [0, 0]
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def lend(self, hand: Hand | None) -> None:
        """Act with this hand from now on; None for no more."""
        if hand is self._hand:
            return
        self._let_go()
        self._hand = hand
        self._view.set_acting(on=hand is not None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass on what is meant for the desktop, and keep it from the view."""
        if self._hand is None:
            return False
        match event:
            case QMouseEvent():
                return self._mouse(event)
            case QWheelEvent():
                self._wheel(event)
                return True
            case QKeyEvent() if watched is self._view:
                return self._key(event)
            case QInputMethodEvent():
                self._write(event.commitString())
                return True
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._let_go()
        return False

    def _mouse(self, event: QMouseEvent) -> bool:
        point = self._view.point_near(event.position().toPoint())
        if point is None:
            return False
        self._do(Move(*_kept_from_corner(point)))
        button = _BUTTONS.get(event.button())
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            self._view.setFocus(Qt.FocusReason.MouseFocusReason)
            if button and self._view.covers(event.position().toPoint()):
                self._do(Press(button))
        elif event.type() == QEvent.Type.MouseButtonRelease and button:
            self._do(Release(button))
        return True

    def _wheel(self, event: QWheelEvent) -> None:
        """Whole notches; touch pads turn by less, which adds up."""
        turned = event.angleDelta()
        self._turned = [self._turned[0] - turned.x(), self._turned[1] - turned.y()]
        dx, dy = (int(each / _NOTCH) for each in self._turned)
        self._turned = [self._turned[0] - dx * _NOTCH, self._turned[1] - dy * _NOTCH]
        if dx or dy:
            self._do(Scroll(dx, dy))

    def _key(self, event: QKeyEvent) -> bool:
        if event.keyCombination().toCombined() == _LEAVING:
            if event.type() == QEvent.Type.KeyPress:
                self._let_go()
                self.left.emit()
        elif event.type() == QEvent.Type.KeyPress:
            self._pressed(event)
        elif event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
            name = self._keys.pop(_id(event), "")
            if name:
                self._do(KeyUp(name))
        event.accept()
        return True

    def _pressed(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.text().isprintable() and event.text() and not event.modifiers() & _CHORDS:
            self._write(event.text())
            return
        name = MODIFIERS.get(key) or key_name(key)
        if name and _id(event) not in self._keys and not event.isAutoRepeat():  # a key that is held repeats there
            self._keys[_id(event)] = name
            self._do(KeyDown(name))

    def _write(self, text: str) -> None:
        if text:
            self._do(Write(text))

    def _let_go(self) -> None:
        self._keys.clear()
        self._do(LetGo())

    def _do(self, act: Act) -> None:
        if self._hand is not None:
            self._hand.do(act)


_LEAVING = (Qt.KeyboardModifier.ShiftModifier | Qt.Key.Key_F12).toCombined()


def _id(event: QKeyEvent) -> int:
    """What a press and its release have in common, whatever modifiers changed between them."""
    return event.nativeScanCode() or event.key()


def _kept_from_corner(point: Point) -> tuple[int, int]:
    kept = _BESIDE if point == _CORNER else point
    return kept.x, kept.y
