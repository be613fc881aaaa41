"""What a line of the library says, and in which order lines stand; no widget is needed for any of it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from workbench.report.words import duration, tidy

if TYPE_CHECKING:
    from workbench.library.records import Hit, Summary

Order = Literal["newest", "oldest", "title", "steps"]

ORDERS: dict[Order, str] = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "title": "By title",
    "steps": "Most steps first",
}

Tone = Literal["plain", "good", "warning", "bad", "recording"]

SOURCES = {"human": "recorded", "agent": "agent", "import": "imported"}
_OUTCOMES: dict[str, Tone] = {"finished": "good", "failed": "bad", "stopped": "warning"}
_KEYS: dict[Order, tuple[Callable[["Summary"], Any], bool]] = {
    "newest": (lambda one: one.created, True),
    "oldest": (lambda one: one.created, False),
    "title": (lambda one: one.title.casefold(), False),
    "steps": (lambda one: one.steps, True),
}


@dataclass(frozen=True)
class Badge:
    """A word beside an entry, and how loud it is."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Found:
    """A line of a search's results: a trajectory, or one of its steps (from 1) with the text around the words."""

    trajectory: str
    title: str
    step: int | None = None
    snippet: str = ""
    description: str = ""


def ordered(entries: Sequence["Summary"], order: Order) -> list["Summary"]:
    """The entries in that order; equal ones stay newest first."""
    key, downwards = _KEYS[order]
    return sorted(entries, key=key, reverse=downwards)


def tagged(entries: Sequence["Summary"], tag: str) -> list["Summary"]:
    """The entries that have the tag, all for an empty one."""
    return [each for each in entries if not tag or tag.lower() in map(str.lower, each.tags)]


def tags_of(entries: Sequence["Summary"]) -> list[str]:
    """All tags in use, in alphabetical order, each in one spelling."""
    return sorted({tag.lower(): tag for each in entries for tag in each.tags}.values(), key=str.lower)


def badges(entry: "Summary") -> list[Badge]:
    """What a person should know before opening it, the most urgent first; then its tags."""
    found = []
    if entry.state == "recording":
        found.append(Badge("recording" if entry.source == "human" else "running", "recording"))
    if entry.state == "broken":
        found.append(Badge("broken off", "warning"))
    if not entry.reviewed:
        found.append(Badge("not reviewed", "warning"))
    found.append(Badge(SOURCES[entry.source]))
    if entry.outcome:
        found.append(Badge(f"last run {entry.outcome}", _OUTCOMES.get(entry.outcome, "plain")))
    return found


def title(entry: "Summary") -> str:
    """What it is called, in one line."""
    return tidy(entry.title, 200) or "Without a title"


def size(entry: "Summary") -> str:
    """How many steps and how long."""
    if entry.state == "recording" and not entry.steps:
        return ""
    return f"{steps(entry)} · {duration(entry.seconds * 1000)}" if entry.seconds else steps(entry)


def steps(entry: "Summary") -> str:
    """How many steps."""
    return "1 step" if entry.steps == 1 else f"{entry.steps} steps"


def when(epoch_s: float, now_s: float) -> str:
    """A moment as people say it: the time for today, the day for this year; empty where it is unknown."""
    try:
        then, now = time.localtime(epoch_s), time.localtime(now_s)
    except (OverflowError, ValueError, OSError):
        return ""
    if not epoch_s:
        return ""
    if then[:3] == now[:3]:
        return time.strftime("today %H:%M", then)
    if then[:3] == time.localtime(now_s - 86_400)[:3]:
        return time.strftime("yesterday %H:%M", then)
    day = f"{then.tm_mday} {time.strftime('%b', then)}"
    return day if then.tm_year == now.tm_year else f"{day} {then.tm_year}"


def spoken(entry: "Summary") -> str:
    """The whole line in words, for those who hear it."""
    said = [title(entry), tidy(entry.task, 200), *(badge.text for badge in badges(entry)), *entry.tags, size(entry)]
    return ", ".join(filter(None, [*said, when(entry.created, time.time())]))


def grouped(hits: Sequence["Hit"]) -> list[Found]:
    """The hits as lines: each trajectory once, its steps below it in their order."""
    hits_of: dict[str, list[Hit]] = {}
    for hit in hits:
        hits_of.setdefault(hit.trajectory, []).append(hit)
    lines: list[Found] = []
    for trajectory, found in hits_of.items():
        lines.append(Found(trajectory, tidy(found[0].title, 200) or "Without a title"))
        inside = sorted((hit for hit in found if hit.step is not None), key=lambda hit: hit.step or 0)
        lines += [_found_step(hit, lines[-1].title) for hit in inside]
    return lines


def _found_step(hit: "Hit", called: str) -> Found:
    """A step in words, with the text around the words beside them where they do not say it anyway."""
    description, snippet = tidy(hit.description, 200), tidy(hit.snippet, 200)
    beside = "" if snippet.strip("… ").lower() in description.lower() else snippet
    return Found(hit.trajectory, called, hit.step, beside if description else snippet, description)
