"""What can be asked about a drawn screen: words that mean exactly one of its widgets, by what is seen of it alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from builtin_model.case import PointingKind
from builtin_model.icons import Icon
from builtin_model.widgets import Widget

_PLAIN = ("@", "@ #", "the @ #", "the @ one")
_SENTENCES: dict[PointingKind, tuple[str, ...]] = {
    "icon": ("the @ icon", "@ icon", "the @ #", "the # with the @ icon"),
    "label": ("the # labelled @", "the @ #", "@", 'the # that says "@"'),
}
"""Ways to ask; @ is the word that tells the widget apart, # that of its role."""

_ORDINALS = ("first", "second", "third", "fourth")
_COLOURLESS = ("gray", "black")
"""Names that widgets without a colour of their own deserve too."""


@dataclass(frozen=True)
class PointingCase:
    """A question: the target in words, which characters of them tell it apart, and what is meant."""

    target: str
    mention: tuple[int, int]
    kind: PointingKind
    widget: Widget


@dataclass(frozen=True)
class _Seen:
    """One thing that can be said of a widget: words in front of its role's word, or after it."""

    kind: PointingKind
    word: str
    fits: Callable[[Widget], bool]
    behind: bool = False


def pointing_cases(
    widgets: Sequence[Widget], count: int, kinds: Sequence[PointingKind], chance: Random
) -> list[PointingCase]:
    """Up to `count` questions, the kinds by turns as far as the screen allows."""
    pools = {kind: list(_MAKERS[kind](widgets, chance)) for kind in kinds}
    for pool in pools.values():
        chance.shuffle(pool)
    found: list[PointingCase] = []
    while len(found) < count and any(pools.values()):
        for kind in kinds:
            if pools[kind] and len(found) < count:
                found.append(pools[kind].pop())
    return found


def words_of(widget: Widget) -> tuple[str, ...]:
    """All words by which the widget may be meant, in small letters."""
    names = widget.icon.names if widget.icon else ()
    text = " ".join((widget.colour, widget.form, *names, widget.label.lower(), widget.role))
    return tuple(dict.fromkeys(text.split()))


def _colours(widget: Widget, others: Sequence[Widget]) -> Iterator[_Seen]:
    vague = widget.colour in _COLOURLESS and any(not other.colour for other in others)
    if widget.colour and not vague:
        yield _Seen("colour", widget.colour, lambda other: other.colour == widget.colour)


def _forms(widget: Widget, _others: Sequence[Widget]) -> Iterator[_Seen]:
    if widget.form:
        yield _Seen("shape", widget.form, lambda other: other.form == widget.form)


def _icons(widget: Widget, others: Sequence[Widget]) -> Iterator[_Seen]:
    for name in widget.icon.names if widget.icon else ():
        printed = any(name in other.label.lower().split() for other in others)
        if not printed:
            yield _Seen("icon", name, _has_icon(widget.icon))


def _has_icon(icon: Icon | None) -> Callable[[Widget], bool]:
    return lambda other: other.icon is icon


def _labels(widget: Widget, _others: Sequence[Widget]) -> Iterator[_Seen]:
    if widget.label:
        label = widget.label.lower()
        yield _Seen("label", label, lambda other: other.label.lower() == label, behind=True)


def _single(kind: PointingKind, seen: Callable[[Widget, Sequence[Widget]], Iterator[_Seen]]) -> "_Maker":
    def made(widgets: Sequence[Widget], chance: Random) -> Iterator[PointingCase]:
        for widget in widgets:
            for one in seen(widget, widgets):
                if _only(widgets, one.fits):
                    yield _said(kind, one, widget, chance)

    return made


def _said(kind: PointingKind, one: _Seen, widget: Widget, chance: Random) -> PointingCase:
    word = one.word if kind != "label" or chance.random() < 0.7 else widget.label
    sentence = chance.choice(_SENTENCES.get(kind, _PLAIN)).replace("#", widget.role)
    return _case(sentence, word, kind, widget)


def _mixed(widgets: Sequence[Widget], chance: Random) -> Iterator[PointingCase]:
    """Two things that only together tell a widget apart, or that are both said all the same."""
    for widget in widgets:
        said = [one for each in (_colours, _forms, _icons, _labels) for one in each(widget, widgets)]
        pairs = [(one, other) for one in said for other in said if one.kind == "colour" and other.kind != "colour"]
        for one, other in chance.sample(pairs, min(2, len(pairs))):
            if _only(widgets, lambda each, one=one, other=other: one.fits(each) and other.fits(each)):  # type: ignore[misc]  # bound now, not later
                yield _both(one, other, widget)


def _both(one: _Seen, other: _Seen, widget: Widget) -> PointingCase:
    if other.behind:
        return _case("the @", f"{one.word} {widget.role} labelled {other.word}", "mixed", widget)
    noun = "icon" if other.kind == "icon" else widget.role
    return _case(f"the @ {noun}", f"{one.word} {other.word}", "mixed", widget)


def _ordinal(widgets: Sequence[Widget], _chance: Random) -> Iterator[PointingCase]:
    """Which one of several in the order of reading; only where there is no doubt about the order."""
    groups: dict[str, list[Widget]] = {}
    for widget in widgets:
        groups.setdefault(widget.role, []).append(widget)
        if widget.colour and widget.colour not in _COLOURLESS:
            groups.setdefault(f"{widget.colour} {widget.role}", []).append(widget)
    for words, group in groups.items():
        ordered = _read(group) if 1 < len(group) <= 8 else []
        for ordinal, widget in zip(_ORDINALS, ordered, strict=False):
            yield _case("the @", f"{ordinal} {words}", "ordinal", widget)


def _read(group: Sequence[Widget]) -> list[Widget]:
    """The group row by row from the left; empty where two are neither in one row nor one clearly above the other."""
    for one in group:
        for other in group:
            apart = abs(one.bounds.centre.y - other.bounds.centre.y)
            least = min(one.bounds.height, other.bounds.height)
            if one is not other and least * 0.3 < apart < least:
                return []
    rows: list[list[Widget]] = []
    for widget in sorted(group, key=lambda each: each.bounds.centre.y):
        near = rows and widget.bounds.centre.y - rows[-1][0].bounds.centre.y <= widget.bounds.height * 0.3
        if near:
            rows[-1].append(widget)
        else:
            rows.append([widget])
    return [widget for row in rows for widget in sorted(row, key=lambda each: each.bounds.x)]


def _only(widgets: Sequence[Widget], fits: Callable[[Widget], bool]) -> bool:
    return sum(map(fits, widgets)) == 1


def _case(sentence: str, mention: str, kind: PointingKind, widget: Widget) -> PointingCase:
    """The sentence with the mention where it says @."""
    at = sentence.index("@")
    return PointingCase(sentence.replace("@", mention), (at, at + len(mention)), kind, widget)


_Maker = Callable[[Sequence[Widget], Random], Iterator[PointingCase]]
_MAKERS: dict[PointingKind, _Maker] = {
    "colour": _single("colour", _colours),
    "shape": _single("shape", _forms),
    "icon": _single("icon", _icons),
    "label": _single("label", _labels),
    "ordinal": _ordinal,
    "mixed": _mixed,
}
