"""Finding what words mean on this screen: every way of finding is a witness, and the witnesses' rule decides.

Ways that cost nothing are always asked: names letter by letter, the line that the planner chose, a recorded step. A
model is asked only where those do not settle it, the way that was right most often first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from agents.grounding.choosing import UNTOLD, Chooser
from agents.grounding.letters import by_letters, found, shown
from agents.grounding.merit import Merits, Source
from agents.grounding.pointing import Pointer
from agents.grounding.wishes import Wish
from agents.runtime.ports import ModelError
from agents.screen.listing import MOST_LINES, ElementList, Line, numbered, written
from agents.screen.reading import Read
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.locate.decide import Grounds, decide
from workbench.locate.locator import Options, locate
from workbench.locate.sight import Sight
from workbench.locate.verdict import Verdict, Vote
from workbench.trajectory import Element

TELLS_APART = 0.8
"""How sure a planner or a recorded step must be of one of several controls of the same name."""


UNREAD = Options(read_text=False)
"""How a recorded step's witnesses are asked: what is printed is the letters' part, and reading takes a second."""

NOTHING = Read(ElementList("", ""), {})
"""A list without lines."""


@dataclass(frozen=True)
class Looked:
    """One moment and its element list; `printed` where the list was read off the pixels.

    It is not `whole` where an application did not answer in time: then nothing follows from the list.
    """

    sight: Sight
    read: Read
    printed: bool = False
    whole: bool = True


def with_windows(printed: Read, listed: Read) -> Read:
    """The printed lines, and behind them the other windows of the list, which no text in the window in front names."""
    windows = [line for line in listed.shown.lines if line.role == "window"]
    told = [(line, printed.elements[line.ref]) for line in printed.shown.lines[: MOST_LINES - len(windows)]]
    told += [(line, listed.elements[line.ref]) for line in windows]
    lines = numbered([line for line, _ in told])
    elements = {line.ref: element for line, (_, element) in zip(lines, told, strict=True)}
    return Read(structs.replace(printed.shown, lines=lines), elements)


@dataclass(frozen=True)
class Evidence:
    """What one way of finding says; `ref` is the line that it means, empty where it means none."""

    source: Source
    vote: Vote
    ref: str = ""


@dataclass(frozen=True)
class Finding:
    """What was decided, on which evidence; `ref` is the line at the place, empty where no line stands there."""

    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    ref: str = ""

    def judged(self, merits: Merits, at: Point | None) -> Merits:
        """The merits, now that it is known where the words really meant; None: not where this finding said."""
        for one in self.evidence:
            if one.vote.state == "found" and (at is not None or _names(one.vote, self.verdict.point)):
                merits = merits.counted(one.source, hit=at is not None and _names(one.vote, at))
        return merits


@dataclass
class Finder:
    """Asks the ways of finding there are; `merits` grow with what the caller learns of their answers."""

    chooser: Chooser | None = None
    pointer: Pointer | None = None
    merits: Merits = field(default_factory=Merits)

    def find(self, wish: Wish, looked: Looked) -> Finding:
        """Where the words are meant on this screen, or why nobody can say; coordinates are never guessed.

        May ask models, for seconds; raises `StoppedError` when a question was cancelled.
        """
        inquiry = _Inquiry(wish, looked, self)
        finding = inquiry.decided()
        for source in filter(inquiry.can_answer, self._ways()):
            if finding.verdict.point is not None or not inquiry.is_open(finding):
                break
            inquiry.ask(source)
            finding = inquiry.decided()
        return finding

    def _ways(self) -> list[Source]:
        """The ways that cost time, in order of their merit."""
        there: list[Source] = ["choice"] if self.chooser else []
        there += ["pointing"] if self.pointer else []
        return sorted(there, key=lambda source: -self.merits.of(source).rate)


class _Inquiry:
    """One wish on one screen."""

    def __init__(self, wish: Wish, looked: Looked, finder: Finder) -> None:
        self._wish, self._looked, self._finder = wish, looked, finder
        shown_list, elements = looked.read.shown, looked.read.elements
        self._letters = by_letters(wish.words, shown_list.lines, elements, printed=looked.printed)
        self._evidence = [*_exemplar(wish, looked), *_reference(wish, looked)]

    def is_open(self, finding: Finding) -> bool:
        """Whether a model's answer could settle it: not where something speaks against it, or several fit the words.

        Asked for words that name two controls a model could only guess, however sure of it.
        """
        return finding.verdict.cause not in ("disabled", "disagreement") and self._letters.vote.cause != "ambiguous"

    def can_answer(self, source: Source) -> bool:
        """Whether there is anything to choose from."""
        return source != "choice" or bool(self._looked.read.shown.lines)

    def ask(self, source: Source) -> None:
        """Ask a model in this way."""
        try:
            self._evidence.append(self._chosen() if source == "choice" else self._pointed())
        except (ModelError, BadInputError) as error:  # such as a list that is longer than a small model's context
            self._evidence.append(Evidence(source, Vote("model", "blind", reason=str(error))))

    def decided(self) -> Finding:
        """What all evidence so far allows."""
        evidence = tuple(self._trusted(one) for one in (self._lettered(), *self._evidence))
        votes = _one_voice([one.vote for one in evidence])
        region = next((vote.region for vote in votes if vote.state == "found" and vote.region), None)
        tolerance = (max(8, region.width // 2), max(8, region.height // 2)) if region else Grounds().tolerance_px
        verdict = decide(votes, Grounds(tolerance_px=tolerance, one_pixel_voice=not self._looked.printed))
        if verdict.cause in ("no-witness", "missing"):
            reason = f"nothing on the screen is found to be {shown(self._wish.words)}"
            verdict = structs.replace(verdict, cause="missing", reason=reason)
        return Finding(verdict, evidence, _line_at(verdict.point, self._looked, evidence))

    def _lettered(self) -> Evidence:
        """The letters' vote; of several equals the one that another witness can tell and is sure of."""
        letters = self._letters
        source: Source = "text" if self._looked.printed else "letters"
        line = self._told_apart() if letters.vote.cause == "ambiguous" else None
        if line is not None:
            part = 1 / len(letters.lines)
            vote = found(letters.vote.witness, line, self._looked.read.elements, (part, part))
            return Evidence(source, vote, line.ref)
        return Evidence(source, letters.vote, letters.lines[0].ref if letters.vote.state == "found" else "")

    def _told_apart(self) -> Line | None:
        """The one of several equals that a recorded step or the planner means, who could see how they differ."""
        told = [one for one in self._evidence if one.ref and one.source in ("exemplar", "reference")]
        if len({one.ref for one in told}) != 1 or not (_differ(self._letters.lines) or told[0].source == "exemplar"):
            return None
        if max(self._trusted(one).vote.confidence for one in told) < TELLS_APART:
            return None
        return next((line for line in self._letters.lines if line.ref == told[0].ref), None)

    def _trusted(self, one: Evidence) -> Evidence:
        """The evidence with a confidence that its merit allows."""
        trust = self._finder.merits.of(one.source).trust
        return replace(one, vote=structs.replace(one.vote, confidence=round(one.vote.confidence * trust, 4)))

    def _chosen(self) -> Evidence:
        chooser = self._finder.chooser
        assert chooser is not None
        read = self._looked.read
        chosen = chooser.choose(self._wish.words, read.shown)
        line = read.shown.line(chosen.ref) if chosen.ref else None
        if line is None:
            return Evidence("choice", Vote("model", "absent", reason="the model says that no control is meant"))
        return Evidence("choice", _by_model(line, read, chosen.sureness), line.ref)

    def _pointed(self) -> Evidence:
        pointer, sight = self._finder.pointer, self._looked.sight
        assert pointer is not None
        area = sight.active.bounds.intersection(sight.frame.bounds) if sight.active else None
        if area is None:
            return Evidence("pointing", Vote("model", "blind", reason="no window has the focus"))
        vote = pointer.look_twice(self._wish.words, sight.frame, area)
        line = _smallest_at(vote.point, self._looked.read)
        if line is None:
            return Evidence("pointing", vote)
        region = self._looked.read.elements[line.ref].bounds
        return Evidence("pointing", structs.replace(vote, region=region), line.ref)


def _reference(wish: Wish, looked: Looked) -> list[Evidence]:
    """The line that the planner chose, where it is still there."""
    if not wish.ref or wish.read is None or wish.ref not in wish.read.elements:
        return []
    line = _today(wish.read, wish.ref, looked.read)
    if line is None:
        reason = "the control that was chosen is not there any more"
        return [Evidence("reference", Vote("model", "absent", reason=reason))]
    sureness = UNTOLD if wish.sureness is None else wish.sureness
    return [Evidence("reference", _by_model(line, looked.read, sureness), line.ref)]


def _today(then: Read, ref: str, now: Read) -> Line | None:
    """The line of today's list for the control that had this reference."""
    was, line = then.elements[ref], then.shown.line(ref)
    same = [
        other
        for other in now.shown.lines
        if line is not None
        and (other.role, other.name) == (line.role, line.name)
        and _same(was, now.elements[other.ref])
    ]
    return same[0] if len(same) == 1 else None


def _same(was: Element, now: Element) -> bool:
    if was.ref is not None or now.ref is not None:
        return was.ref == now.ref
    return was.bounds == now.bounds


def _exemplar(wish: Wish, looked: Looked) -> list[Evidence]:
    """What the witnesses of the recorded step find."""
    if wish.exemplar is None:
        return []
    verdict = locate(wish.exemplar, looked.sight, options=UNREAD)
    if verdict.point is None:
        return [Evidence("exemplar", Vote("crop", "absent", reason=f"the recorded target: {verdict.reason}"))]
    region = next((vote.region for vote in verdict.votes if vote.state == "found" and vote.region), None)
    vote = Vote("crop", "found", verdict.point, region, verdict.confidence, 0.0, "as in the recorded step")
    line = _smallest_at(verdict.point, looked.read)
    return [Evidence("exemplar", vote, line.ref if line else "")]


def _by_model(line: Line, read: Read, sureness: float) -> Vote:
    scores = (round(sureness, 4), round(1 - sureness, 4))
    return structs.replace(found("model", line, read.elements, scores), reason="the model chose it")


def _one_voice(votes: Sequence[Vote]) -> tuple[Vote, ...]:
    """The votes with all answers of models as one: surer where different questions agree, none where they differ."""
    others = [vote for vote in votes if vote.witness != "model"]
    models = [vote for vote in votes if vote.witness == "model"]
    said = [vote for vote in models if vote.state == "found"]
    if len(said) < 2:
        return (*others, *models)
    first = said[0]
    if not all(_names(first, vote.point) or _names(vote, first.point) for vote in said[1:]):
        reason = "asked in different ways, the model named different controls"
        return (*others, Vote("model", "absent", reason=reason))
    doubt = 1.0
    for vote in said:
        doubt *= 1 - vote.confidence
    agreed = structs.replace(first, confidence=round(1 - doubt, 4), runner_up=round(doubt, 4))
    return (*others, agreed)


def _names(vote: Vote, at: Point | None) -> bool:
    """Whether the vote's place is this one."""
    if at is None or vote.point is None:
        return False
    return vote.region.contains(at) if vote.region else vote.point.distance(at) <= Grounds().tolerance_px[0]


def _differ(lines: Sequence[Line]) -> bool:
    """Whether a model could tell these lines apart by what stands in them."""
    told = [written(structs.replace(line, ref="")) for line in lines]
    return len(set(told)) == len(told)


def _line_at(point: Point | None, looked: Looked, evidence: Sequence[Evidence]) -> str:
    """The line at the place: the one that was meant, else the smallest there."""
    if point is None:
        return ""
    meant = [one.ref for one in evidence if one.ref and looked.read.elements[one.ref].bounds.contains(point)]
    line = _smallest_at(point, looked.read)
    return meant[0] if meant else line.ref if line else ""


def _smallest_at(point: Point | None, read: Read) -> Line | None:
    there = [line for line in read.shown.lines if point is not None and read.elements[line.ref].bounds.contains(point)]
    inside = [line for line in there if line.role != "window"]
    return min(inside, key=lambda line: read.elements[line.ref].bounds.area, default=None)
