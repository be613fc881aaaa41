"""Where the keys went: which of them were typed into a password field.

A key is public only on evidence: accessibility, asked after the key was read, names a focus that is no password field,
and the answer is known to be about the time after the last input that moves the focus. Where the application shows a
password field, two such answers in a row are needed, because an application that is busy may answer the first question
before it handles the input. Until then a key waits in memory.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from recorder.privacy import valueless
from workbench.geometry import Point
from workbench.trajectory import Element

Judgement = Literal["public", "secret", "wait", "unsure"]

SETTLE_NS = 40_000_000
"""GTK and Qt move the focus within 5 ms of the input, Chromium within 30."""

CAREFUL_SETTLE_NS = 150_000_000
"""The same where a password field shows, for applications on a busy machine."""

CAREFUL_ANSWERS = 2
CAREFUL_APART_NS = 40_000_000
"""So far apart the two answers are asked for that an application which answers both has handled its input between."""

PATIENCE_NS = 1_000_000_000
"""An application that does not answer for so long is hung; one that let a question wait is asked again after 700 ms."""

REMEMBERED = 64
"""Answers and focus-moving inputs that are kept: more than a second of the fastest typing."""

NEVER_NS = 1 << 62


Place = tuple[str, int | None]
"""A window: its application and its handle."""

NOWHERE: Place = ("", None)
"""Where keys go while no window has the focus."""


@dataclass(frozen=True)
class Answer:
    """What had the focus, asked between two moments; `known` is false where accessibility could not say.

    `place` is the window that it is about, None where it is about all of them.
    """

    from_ns: int
    to_ns: int
    focused: Element | None
    known: bool = True
    place: Place | None = None

    @property
    def password(self) -> bool:
        """Whether what is typed there is secret."""
        return self.focused is not None and self.focused.password

    def without_value(self) -> "Answer":
        """The same without what the field holds."""
        return replace(self, focused=valueless(self.focused))


@dataclass(frozen=True)
class Move:
    """An input that may have moved the focus; `point` is where a button was pressed, None for keys.

    `modifier` says that a key went down which may only begin a shortcut, as those of the recording itself do.
    """

    at_ns: int
    point: Point | None = None
    modifier: bool = False


@dataclass(frozen=True)
class _Span:
    """The time between two focus-moving inputs, with the answers that were asked in it."""

    move: Move
    until_ns: int
    answers: Sequence[Answer]


@dataclass
class FocusLog:
    """What is known about where the keys went, fed in the order of time."""

    _moves: list[Move] = field(default_factory=lambda: [Move(0)])
    _answers: deque[Answer] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def moved(self, at_ns: int, point: Point | None = None, *, modifier: bool = False) -> None:
        """An input that may move the focus was read."""
        self._moves.append(Move(at_ns, point, modifier))
        del self._moves[:-REMEMBERED]

    def answered(self, answer: Answer) -> None:
        """Accessibility said where the focus is."""
        self._answers.append(answer)

    def latest(self) -> Element | None:
        """What accessibility named last."""
        return self._answers[-1].focused if self._answers else None

    def blind(self, since_ns: int) -> None:
        """What fields held from that moment on is nobody's business."""
        kept = [answer if answer.to_ns < since_ns else answer.without_value() for answer in self._answers]
        self._answers = deque(kept, maxlen=REMEMBERED)

    def moved_ns(self, when_ns: int) -> int:
        """When the last input before that moment came that moved the focus, modifiers alone left out."""
        return self._span(when_ns, self._sure_moves()).move.at_ns

    def told(self, when_ns: int, since_ns: int) -> list[Answer]:
        """The answers that tell where what was typed at `when_ns` went, asked from `since_ns` on."""
        span = self._span(when_ns, self._sure_moves())
        if span.move.at_ns >= when_ns:
            return []  # so long ago that its span is not remembered
        settled_ns = max(since_ns, span.move.at_ns + SETTLE_NS)
        near = [answer for answer in span.answers if answer.known and answer.from_ns >= since_ns]
        return [answer for answer in near if answer.from_ns >= settled_ns or self._followed(answer, span)]

    def lasts(self, when_ns: int) -> bool:
        """Whether the focus cannot have moved since that moment, as far as anybody knows."""
        return self._span(when_ns, self._sure_moves()).until_ns == NEVER_NS

    def judge(self, when_ns: int, now_ns: int, *, careful: bool, places: Collection[Place] | None = None) -> Judgement:
        """Whether the key that was read at `when_ns` was secret, as far as can be told at `now_ns`.

        `careful` says that the application shows a password field, `places` are the windows that the key may have gone
        to: where there are several, an answer about one of them does not make it public. `unsure` means that no later
        answer can tell any more: another input moved the focus first, or nobody answers.
        """
        span = self._span(when_ns)
        settle_ns = span.move.at_ns + (CAREFUL_SETTLE_NS if careful else SETTLE_NS)
        proven = [answer for answer in span.answers if self._followed(answer, span)]
        settled = [answer for answer in span.answers if answer.from_ns >= settle_ns or answer in proven]
        if any(answer.password for answer in settled):
            return "secret"
        public = [answer for answer in settled if answer.known and _is_about(answer, places)]
        enough = any(answer in proven for answer in public) or _are_enough(public, careful=careful)
        if enough and public[-1].from_ns >= when_ns:
            return "public"
        if span.until_ns == NEVER_NS and now_ns - when_ns <= PATIENCE_NS:
            return "wait"
        return "public" if enough else "unsure"

    def field_of(self, when_ns: int) -> Element | None:
        """The password field that a key may have gone to, also by answers that came too early to be sure."""
        named = [answer.focused for answer in self._span(when_ns).answers if answer.password]
        return named[-1] if named else None

    def focused(self, when_ns: int, app: str = "") -> Element | None:
        """What had the focus when the event was read: by the last answer before it, or else the first after it.

        `app` is the application whose window had the keyboard: answers that name another are about another moment,
        wherever there are some that name it.
        """
        known = [answer for answer in self._span(when_ns).answers if answer.known]
        near = [answer for answer in known if answer.focused is not None and answer.focused.app == app] or known
        earlier = [answer for answer in near if answer.to_ns <= when_ns]
        return (earlier[-1] if earlier else near[0]).focused if near else None

    def _sure_moves(self) -> list[Move]:
        return [move for move in self._moves if not move.modifier] or self._moves[:1]

    def _span(self, when_ns: int, among: Sequence[Move] | None = None) -> _Span:
        """The time around an event; an event that moves the focus itself is the last of its span."""
        moves = among or self._moves
        place = max(0, bisect_left(moves, when_ns, key=_at) - 1)
        later = bisect_right(moves, when_ns - 1, key=_at)
        move = moves[place]
        until_ns = moves[later].at_ns if later < len(moves) else NEVER_NS
        near = [answer for answer in self._answers if move.at_ns <= answer.from_ns < until_ns]
        return _Span(move, until_ns, near)

    def _followed(self, answer: Answer, span: _Span) -> bool:
        """Whether the answer itself shows that the input before it has had its effect.

        After a click the field under it has the focus; after a key another field than before has it.
        """
        focused, point = answer.focused, span.move.point
        if focused is None or "editable" not in focused.states:
            return False
        if point is not None:
            return focused.bounds.contains(point)
        left = self._left(span)
        if left is None or left.focused is None or left.place != answer.place:
            return False
        return (left.focused.bounds, left.focused.role) != (focused.bounds, focused.role)

    def _left(self, span: _Span) -> Answer | None:
        """The last answer about the time until the span began, where that is certain."""
        earlier = self._span(span.move.at_ns)
        if earlier.move == span.move:
            return None
        settled = [a for a in earlier.answers if a.from_ns >= earlier.move.at_ns + CAREFUL_SETTLE_NS]
        return settled[-1] if settled else None


def _are_enough(public: Sequence[Answer], *, careful: bool) -> bool:
    if not careful:
        return bool(public)
    return len(public) >= CAREFUL_ANSWERS and public[-1].from_ns - public[0].from_ns >= CAREFUL_APART_NS


def _is_about(answer: Answer, places: Collection[Place] | None) -> bool:
    return answer.place is None or places is None or set(places) == {answer.place}


def _at(move: Move) -> int:
    return move.at_ns
