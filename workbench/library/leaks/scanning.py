"""The leak scan: everything that would leave, in words and in pictures, looked through before it does.

Words are searched for the known secrets, letter for letter, and for what gives itself away by its form
(`workbench.library.leaks.patterns`). Pictures are read with the text reader; what was read is searched in the same way,
and compared with the secrets and with all that was found in words, reading mistakes allowed
(`workbench.library.leaks.likeness`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from workbench.errors import BadInputError
from workbench.library.exporting.material import Material
from workbench.library.leaks import likeness, patterns, words
from workbench.library.leaks.leak import Kind, Leak, Place, leak
from workbench.library.leaks.likeness import Plain
from workbench.library.leaks.loose import loose_cards
from workbench.library.leaks.patterns import Match
from workbench.library.leaks.printed import Reader, Row, frames_with_steps
from workbench.library.leaks.words import Spoken
from workbench.trajectory import FrameId, Trajectory

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame
    from workbench.library.transfer import Whole

Told = Callable[[int, int], None]
"""Hears how many pictures of how many were read; what it raises ends the scan."""


@dataclass(frozen=True)
class Seen:
    """A picture that would leave, and the place that shows it first."""

    frame: FrameId
    place: Place


def scan(material: Material, known: Mapping[str, str], *, told: Told, pictures: bool = True) -> tuple[Leak, ...]:
    """All that should not leave unseen, in the order of places: in words first, then in pictures.

    `known` maps names of secrets to their values, which are compared in memory only. `told` hears of every picture.
    `pictures` is false where nobody is to read them. Pictures that are missing or damaged cannot leave, and are passed
    over. Raises `UnavailableError` when pictures are to be read and the text reader is missing.
    """
    book = _Book(known)
    book.hear(words.of_material(material))
    if pictures:
        shown = [_seen(*one) for one in frames_with_steps(material.trajectories)]
        book.look(_with_runs(material, shown), material.picture, told)
    return book.leaks()


def scan_whole(
    whole: "Whole",
    picture: "Callable[[FrameId], Frame]",
    known: Mapping[str, str],
    *,
    told: Told,
    pictures: bool = True,
) -> tuple[Leak, ...]:
    """The same for a bundle: with all revisions, the recorded keys and all pictures that were taken."""
    book = _Book(known)
    book.hear(words.of_whole(whole))
    if pictures:
        book.look(_of_whole(whole), picture, told)
    return book.leaks()


@dataclass
class _Finding:
    """What was found so far of one thing: `texts` are the ways in which it was written or read."""

    kind: Kind
    secret: str = ""
    texts: dict[str, None] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)


class _Book:
    """What was found so far, each text once."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._forms = [(name, form) for name, value in known.items() if value for form in _forms(value)]
        self._secrets = [(name, likeness.plain(value)) for name, value in known.items() if value]
        self._found: dict[tuple[Kind, str], _Finding] = {}
        self._heard: dict[str, list[tuple[Kind, str, int, int]]] = {}

    def leaks(self) -> tuple[Leak, ...]:
        """All of them."""
        return tuple(
            leak(one.kind, tuple(dict.fromkeys(one.places)), tuple(one.texts), secret=one.secret)
            for one in self._found.values()
        )

    def hear(self, spoken: Iterable[Spoken]) -> None:
        """Search words."""
        for one in spoken:
            if one.text not in self._heard:
                self._heard[one.text] = list(self._in_words(one.text))
            for kind, secret, start, end in self._heard[one.text]:
                place = Place(one.place.trajectory, one.place.step, one.place.field, run=one.place.run, start=start)
                self._keep(kind, one.text[start:end], place, secret=secret)

    def look(self, shown: "list[Seen]", picture: "Callable[[FrameId], Frame]", told: Told) -> None:
        """Search pictures, in which a text that was found in words is the same finding."""
        from workbench.locate.ocr import read_text

        reader = Reader(read_text)
        spoken = [(one, likeness.plain(text)) for one in self._found.values() if not one.secret for text in one.texts]
        told(0, len(shown))
        for count, seen in enumerate(shown, 1):
            try:
                frame = picture(seen.frame)
            except BadInputError:
                frame = None
            for row in reader.read(frame) if frame else ():
                self._read(row, seen, spoken)
            told(count, len(shown))

    def _in_words(self, text: str) -> Iterator[tuple[Kind, str, int, int]]:
        for name, form in self._forms:
            for start, end in likeness.exactly(form, text):
                yield "secret", name, start, end
        for match in patterns.matches(text):
            yield match.kind, "", match.start, match.end

    def _read(self, row: Row, seen: Seen, spoken: list[tuple[_Finding, Plain]]) -> None:
        text = likeness.plain(row.text)
        for name, secret in self._secrets:
            for start, end in _alike(secret, text):
                self._keep("secret", row.text[start:end], _at(seen, row, start, end), secret=name)
        for finding, known in spoken:
            for start, end in _alike(known, text):
                finding.texts[row.text[start:end]] = None
                finding.places.append(_at(seen, row, start, end))
        for match in _printed(row.text):
            self._keep(match.kind, row.text[match.start : match.end], _at(seen, row, match.start, match.end))

    def _keep(self, kind: Kind, text: str, place: Place, *, secret: str = "") -> None:
        # the readings of a secret differ; they are the same finding all the same
        finding = self._found.setdefault((kind, secret or text), _Finding(kind, secret))
        finding.texts[text] = None
        if place.region is None or not any(_same_region(place, other) for other in finding.places):
            finding.places.append(place)


def _printed(text: str) -> list[Match]:
    """What gives itself away in what was read, numbers of cards also where they were misread."""
    sure = patterns.matches(text)
    loose = (one for one in loose_cards(text) if not any(one.start < two.end and two.start < one.end for two in sure))
    return [*sure, *loose]


def _forms(value: str) -> list[str]:
    """How a secret may be written: as it is, and as addresses spell it."""
    return list(dict.fromkeys([value, quote(value, safe="")]))


def _alike(known: Plain, text: Plain) -> Iterator[tuple[int, int]]:
    """The place where a reading has the text, if any: one region has it covered."""
    found = likeness.alike(known, text)
    if found is not None:
        yield found


def _same_region(one: Place, other: Place) -> bool:
    return (one.frame, one.region) == (other.frame, other.region)


def _at(seen: Seen, row: Row, start: int, end: int) -> Place:
    place = seen.place
    return Place(place.trajectory, place.step, "picture", seen.frame, row.bounds((start, end)), place.run, start)


def _seen(frame: FrameId, trajectory: Trajectory, step: int) -> Seen:
    return Seen(frame, Place(f"{trajectory.id}@{trajectory.revision}", step, frame=frame))


def _of_whole(whole: "Whole") -> list[Seen]:
    """All its pictures as they were taken, for those that follow each other differ least."""
    steps = {frame: _seen(frame, trajectory, step) for frame, trajectory, step in frames_with_steps([whole.trajectory])}
    taken = [sighting.frame for sighting in whole.recording.sightings] if whole.recording else []
    in_order = dict.fromkeys([*filter(None, taken), *steps, *sorted(whole.frames())])
    return [steps.get(frame) or Seen(frame, Place(whole.id, frame=frame)) for frame in in_order]


def _with_runs(material: Material, shown: list[Seen]) -> list[Seen]:
    """The pictures of steps, and those that only runs show."""
    have = {one.frame for one in shown}
    for trajectory in material.trajectories:
        for run in material.runs(trajectory.id):
            place = Place(f"{trajectory.id}@{trajectory.revision}", run=run.summary.id)
            for frame in words.frames_in(run):
                if frame not in have:
                    have.add(frame)
                    shown = [*shown, Seen(frame, place)]
    return shown
