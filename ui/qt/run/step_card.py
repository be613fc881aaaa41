"""One step in full: what, why, where, what is expected, what it could cost, how sure it is, and how it went."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QProgressBar, QVBoxLayout, QWidget

from ui.orders.facts import Fact, confidence_of, expected_of, risk_of, where_of, witnesses_of
from ui.qt.run.steps import CROP_SIZE
from ui.qt.theme.dressing import Dress, look
from workbench.approval import Decision, Word
from workbench.events import ApprovalAsked
from workbench.report.lending import loan_line
from workbench.report.story import StepStory
from workbench.report.words import caption, quoted, sentence, tidy

LONGEST = 400
CONFIDENCE = "Confidence"
_MOST_PERCENT = 100
_BAR_PX = 4
_RING_PX = 14

_DECIDED: dict[Word, str] = {
    "approve": "approved",
    "modify": "changed it",
    "reject": "refused",
    "take-over": "took over",
    "stop": "stopped",
}


class StepCard(QFrame):
    """Shows a step's account; all its texts are plain and can be selected."""

    def __init__(self, dress: Dress, called: Callable[[str], str] = str) -> None:
        super().__init__()
        self.setAccessibleName("Step")
        self._called = called
        self._story: StepStory | None = None
        self._image: QImage | None = None
        self._known: tuple[Fact, ...] = ()
        self._sureness: float | None = None
        self._caption = _label("heading")
        self._why = _label("faint")
        self._crop = _Crop(dress)
        self._facts = QFormLayout()
        self._facts.setFormAlignment(Qt.AlignmentFlag.AlignTop)
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(4)
        self._facts.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._caption, self._why, self._crop):
            column.addWidget(widget)
        column.addLayout(self._facts)

    def show_story(self, story: StepStory | None, crop: QImage | None = None) -> None:
        """Show it; None leaves the card empty. What stands there already is left as it is."""
        if story is not None and story is self._story and crop is self._image and story.lent is None:
            return
        self._story, self._image = story, crop
        self._caption.setText(f"{story.index}. {caption(story.step)}" if story else "")
        why = story.proposed.why or story.step.thought if story else ""
        self._why.setText(sentence(tidy(why, LONGEST)) if why.strip() else "")
        self._why.setVisible(bool(why.strip()))
        self._crop.show_image(crop)
        self._show_facts(
            tuple(facts_of_story(story, self._called)) if story else (), _sureness(story) if story else None
        )

    def _show_facts(self, facts: tuple[Fact, ...], sureness: float | None) -> None:
        if (facts, sureness) == (self._known, self._sureness):  # most events of a run add none
            return
        self._known, self._sureness = facts, sureness
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for fact in facts:
            about, words = _label("faint"), _label("")
            about.setText(fact.about)
            about.setWordWrap(False)
            about.setAlignment(Qt.AlignmentFlag.AlignTop)
            words.setText(tidy(fact.words, LONGEST))
            self._facts.addRow(about, words)
            if fact.about == CONFIDENCE and sureness is not None:
                self._facts.addRow("", _bar(sureness))


class _Crop(QWidget):
    """The surroundings of a point, which is in the middle of the image, with a ring around it."""

    def __init__(self, dress: Dress) -> None:
        super().__init__()
        self._dress = dress
        self._image: QImage | None = None
        self.setAccessibleName("The part of the screen that the step is about")
        self.setFixedHeight(CROP_SIZE.height())

    def show_image(self, image: QImage | None) -> None:
        """Show it; None hides this."""
        self._image = image
        self.setVisible(image is not None)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The image as far as there is room, and the ring."""
        if self._image is None:
            return
        painter, colours = QPainter(self), self._dress.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(colours.sunken))
        middle = QPointF(self.width() / 2, self.height() / 2)
        painter.drawImage(middle - QPointF(self._image.width() / 2, self._image.height() / 2), self._image)
        painter.setPen(QPen(QColor(colours.recording), 2))
        painter.drawEllipse(middle, _RING_PX, _RING_PX)


def facts_of_story(story: StepStory, called: Callable[[str], str] = str) -> Iterator[Fact]:
    """What there is to know of the step so far; what is unknown is left out. `called` names what was lent."""
    asked, step = asked_of(story), story.step
    verdict = story.located.verdict if story.located else None
    found = [
        Fact("Where", where_of(step, verdict)),
        Fact("Expected", expected_of(step)),
        Fact("Risk", risk_of(asked) if asked else ""),
        Fact(CONFIDENCE, confidence_of(asked) if asked else ""),
        Fact("Witnesses", witnesses_of(verdict)),
        Fact("Past work", lent_words(story, called)),
        Fact("Decided", _decided(story.decision)),
        Fact("Result", _result(story)),
    ]
    yield from (fact for fact in found if fact.words)


def lent_words(story: StepStory, called: Callable[[str], str]) -> str:
    """What the model was shown for the step, and what it was not; empty where nothing was found."""
    loans = story.lent.loans if story.lent else ()
    return "; ".join(loan_line(loan, called(loan.lent)) for loan in loans)


def asked_of(story: StepStory) -> ApprovalAsked | None:
    """The question about the step, or what it would have been where the policy decided; None before either."""
    decision = story.decision
    if story.asked is not None or decision is None or decision.risk is None:
        return story.asked
    return ApprovalAsked(index=story.index, risk=decision.risk, confidence=decision.confidence)


def _decided(decision: Decision | None) -> str:
    if decision is None:
        return ""
    who = "you" if decision.by == "person" else "the policy"
    said = f": {quoted(decision.words)}" if decision.words else ""
    return f"{who} {_DECIDED[decision.word]}{said}"


def _result(story: StepStory) -> str:
    ended = story.ended
    if ended is None:
        return ""
    proof = {True: f"proven by {ended.verified_by}" if ended.verified_by else "proven", False: "not proven", None: ""}
    return "; ".join(filter(None, [proof[ended.verified], ended.message]))


def _sureness(story: StepStory) -> float | None:
    asked = asked_of(story)
    return asked.confidence if asked else None


def _bar(sureness: float) -> QProgressBar:
    bar = QProgressBar()
    bar.setRange(0, _MOST_PERCENT)
    bar.setValue(round(sureness * _MOST_PERCENT))
    bar.setFixedHeight(_BAR_PX)
    bar.setAccessibleName(CONFIDENCE)
    return bar


def _label(kind: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if kind:
        look(label, kind)
    return label
