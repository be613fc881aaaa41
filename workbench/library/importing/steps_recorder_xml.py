"""What Windows Steps Recorder says of every action in the XML of its report, read without any declared entities."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from workbench.errors import BadInputError
from workbench.geometry import Rect
from workbench.library.importing.collecting import box

MOST_LEVELS = 64
"""How many elements of the way up from the one that was used are kept."""

_OPENS, _CLOSES = "<UserActionData", "</UserActionData>"
_TEXTS = frozenset(
    {
        "Description",
        "Action",
        "UserComment",
        "CursorCoordsXY",
        "ScreenCoordsXYWH",
        "HighlightXYWH",
        "ScreenshotFileName",
    }
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

Attributes = dict[str, str]


@dataclass
class Act:
    """One action: the attributes of its `EachAction`, its texts by their names, its elements from the innermost out."""

    attributes: Attributes
    texts: dict[str, str] = field(default_factory=dict)
    levels: list[Attributes] = field(default_factory=list)

    def numbers(self, name: str, count: int) -> tuple[float, ...] | None:
        """So many numbers that a text has; None where it has another count of them."""
        return numbers(self.texts.get(name, ""), count)


@dataclass
class Report:
    """All actions, and the attributes of the session."""

    session: Attributes = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)


def numbers(text: str, count: int) -> tuple[float, ...] | None:
    """So many numbers that a text has; None where it has another count of them."""
    found = _NUMBER.findall(text[:200])
    return tuple(map(float, found)) if len(found) == count else None


def bounds_of(level: Attributes, at: tuple[float, float] | None) -> Rect | None:
    """Where an element stood on the desktop; None where that is not told or cannot be understood.

    Its four numbers are left, top, width and height, as UI Automation has them, unless they are called otherwise or
    only right and bottom in their place hold the point of the pointer.
    """
    told = level.get("BoundingRectangle", "")
    found = numbers(told, 4)
    if found is None:
        return None
    left, top, third, fourth = found
    sized, cornered = box(left, top, left + third, top + fourth), box(left, top, third, fourth)
    if "r:" in told:
        return cornered
    if at is None or _holds(sized, at):
        return sized
    return cornered if _holds(cornered, at) else sized


def find(page: str) -> str | None:
    """The XML in the text of a page; None where it has none."""
    start, end = page.find(_OPENS), page.rfind(_CLOSES)
    return page[start : end + len(_CLOSES)] if 0 <= start < end else None


def read(xml: str, *, what: str) -> Report:
    """The report; raises `BadInputError` that names `what` for what is not well-formed or declares anything."""
    reading = _Reading()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError) as error:
        raise BadInputError(f"the report in {what} is no XML that can be read: {error}; get it again") from error
    return reading.report


def _refuse(*_declared: object) -> None:
    raise ValueError("it declares a document type")


def _holds(bounds: Rect | None, at: tuple[float, float]) -> bool:
    return bounds is not None and bounds.x <= at[0] < bounds.right and bounds.y <= at[1] < bounds.bottom


class _Reading:
    """Listens to the parser."""

    def __init__(self) -> None:
        self.report = Report()
        self._act: Act | None = None
        self._name = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        if name == "RecordSession":
            self.report.session = attributes
        elif name == "EachAction":
            self._act = Act(attributes)
            self.report.acts.append(self._act)
        elif name == "Level" and self._act is not None and len(self._act.levels) < MOST_LEVELS:
            self._act.levels.append(attributes)
        self._name = name if name in _TEXTS else ""

    def end(self, name: str) -> None:
        """An element ends."""
        self._name = ""
        if name == "EachAction":
            self._act = None

    def text(self, text: str) -> None:
        """Text of the element that began last."""
        if self._act is not None and self._name:
            self._act.texts[self._name] = self._act.texts.get(self._name, "") + text
