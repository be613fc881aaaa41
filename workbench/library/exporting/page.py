"""A trajectory as a page with pictures: what `workbench.library.exporting.formats.html` writes."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from workbench.actions import TypeText
from workbench.library.exporting.guide import Act, Aside, Guide, Heading, guide_of, is_hidden, without_picture
from workbench.library.importing.drafts import Remark
from workbench.report.album import Album, Missing, Plate
from workbench.report.markup import Html, joined, tag
from workbench.report.panels import Panel, figure
from workbench.report.sheet import footer, sheet
from workbench.report.views import Mark, drawing
from workbench.report.words import duration, quoted, tidy
from workbench.trajectory import Trajectory, Variable

_STYLE = """
.step, .strip a { --mark: var(--would-do); }
h2.chapter { font-size: 1.5rem; margin-top: 1rem; }
h3 { margin: 0; font-size: 1.15rem; line-height: 1.3; flex: 1; overflow-wrap: anywhere; }
.task { font-size: 1.15rem; margin: .6rem 0 1rem; max-width: 60rem; overflow-wrap: anywhere; }
.aside-note { border-left: .3rem solid var(--line); padding: .4rem 1rem; overflow-wrap: anywhere; }
.contents { margin-top: 1rem; } .contents ol { padding-left: 1.4rem; }
.given { margin-top: 1rem; } .given caption { text-align: left; color: var(--soft); font-size: .8rem; }
.strip a:focus-visible { outline-offset: -3px; }
@media print { .strip { display: none; } .step { break-inside: avoid; padding: .6rem .8rem; }
  h2.chapter { break-after: avoid; } .opener svg { max-height: 9cm; } main { gap: .8rem; } }
"""


@dataclass(frozen=True)
class Page:
    """A whole HTML page, and which steps have no picture in it."""

    html: str
    remarks: tuple[Remark, ...]


def page(trajectory: Trajectory, album: Album, *, told: Callable[[], None]) -> Page:
    """The page with the pictures that the album has; `told` hears of every step."""
    guide = guide_of(trajectory)
    content: list[Html] = []
    for block in guide.blocks:
        content.append(_block(block, guide, album))
        if isinstance(block, Act):
            told()
    remarks = tuple(remark for act in guide.acts for remark in _remarks(act, album))
    return Page(_whole(trajectory, guide, album, content), remarks)


def _whole(trajectory: Trajectory, guide: Guide, album: Album, content: list[Html]) -> str:
    steps = content or [tag("p", "The recording has no steps.", class_="empty")]
    return sheet(
        guide.title,
        _header(trajectory, guide),
        _strip(guide, album),
        tag("main", *steps, id="steps"),
        footer(),
        album.definitions(),
        more_style=_STYLE,
    )


def _header(trajectory: Trajectory, guide: Guide) -> Html:
    when = time.strftime("%Y-%m-%d", time.localtime(trajectory.created)) if 0 < trajectory.created < 1e11 else ""
    facts = [
        ("Steps", str(len(guide.acts))),
        ("Applications", ", ".join(guide.apps)),
        ("Recorded", when),
        ("Took", duration(trajectory.seconds * 1000) if trajectory.seconds > 0 else ""),
    ]
    return tag(
        "header",
        tag("p", "Step by step", class_="kicker"),
        tag("h1", guide.title),
        tag("p", guide.task, class_="task") if guide.task else None,
        tag("dl", *[tag("div", tag("dt", name), tag("dd", value)) for name, value in facts if value]),
        _contents(guide),
        _given(trajectory),
        class_="top",
    )


def _contents(guide: Guide) -> Html | None:
    if not guide.headings:
        return None
    lines = [tag("li", tag("a", heading.text, href=f"#chapter-{heading.at}")) for heading in guide.headings]
    return tag("nav", tag("ol", *lines), class_="contents", aria_label="Chapters")


def _given(trajectory: Trajectory) -> Html | None:
    """The values that whoever follows the page may choose."""
    if not trajectory.variables:
        return None
    rows = [tag("tr", *_variable(variable)) for variable in trajectory.variables]
    head = tag("tr", *[tag("th", name, scope="col") for name in ("In the steps", "When recorded", "What it is")])
    table = tag("table", tag("caption", "Values to choose"), tag("thead", head), tag("tbody", *rows))
    return tag("div", table, class_="given scores")


def _variable(variable: Variable) -> tuple[Html, Html, Html]:
    name = tag("th", f"{{{{{variable.name}}}}}", scope="row")
    return name, tag("td", variable.default or ""), tag("td", variable.description)


def _strip(guide: Guide, album: Album) -> Html | None:
    cells = [_cell(act, album) for act in guide.acts]
    return tag("nav", tag("ol", *cells), class_="strip", aria_label="Steps") if cells else None


def _cell(act: Act, album: Album) -> Html:
    plate = album.plate(act.frame) if act.frame else None
    name = f"Step {act.number}: {act.words}"
    shown = drawing(plate, view=plate.bounds, alt=name) if isinstance(plate, Plate) else None
    label = joined(tag("span", act.number, class_="number"), tag("span", act.words, class_="words"))
    picture = shown or tag("span", "no picture", class_="blank")
    return tag("li", tag("a", picture, label, href=f"#step-{act.number}", title=name))


def _block(block: Heading | Aside | Act, guide: Guide, album: Album) -> Html:
    if isinstance(block, Heading):
        return tag("h2", block.text, class_="chapter", id=f"chapter-{block.at}")
    if isinstance(block, Aside):
        return tag("p", block.text, class_="aside-note")
    return _step(block, guide, album)


def _step(act: Act, guide: Guide, album: Album) -> Html:
    number = tag("span", act.number, class_="number", aria_hidden="true")
    words = tag("h3", tag("span", f"Step {act.number}: ", class_="aside"), act.words)
    panels = list(_panels(act, album))
    if act is guide.acts[-1] and guide.last_frame:
        panels.append(Panel("after", "What came of it", guide.last_frame))
    pictures = [figure(panel, album, step=act.number) for panel in panels]
    return tag(
        "article",
        tag("header", number, words),
        tag("div", *pictures, class_="pictures") if pictures else None,
        _facts(act),
        id=f"step-{act.number}",
        class_="step",
        tabindex="-1",
    )


def _panels(act: Act, album: Album) -> list[Panel]:
    """The whole screen, and closer the part of it where something is to be done."""
    if act.frame is None:
        return []
    plate = album.plate(act.frame)
    view = act.view(plate.bounds) if isinstance(plate, Plate) else None
    if not isinstance(plate, Plate) or view is None:
        return [Panel("screen", "The screen", act.frame)]
    marks = [Mark("element", act.region, act.named or "where it goes")] if act.region else []
    points = [point for point in act.points if plate.bounds.contains(point)]
    return [
        Panel("screen", "The screen", act.frame, [Mark("view", view, "seen closer beside this")]),
        Panel("where", "Where", act.frame, marks, points=points, view=view),
    ]


def _facts(act: Act) -> Html | None:
    facts = [
        ("Type", _typed(act)),
        ("Why", tidy(act.step.thought, 500)),
        ("Left out for privacy", tidy(act.step.masked, 500)),
    ]
    shown = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts if value]
    return tag("dl", *shown, class_="facts") if shown else None


def _typed(act: Act) -> Html | None:
    action = act.step.action
    if not isinstance(action, TypeText):
        return None
    if is_hidden(act.step):
        named = f"secret {quoted(action.secret)}" if action.secret else "hidden"
        return tag("span", named, class_="secret")
    return tag("pre", action.text)


def _remarks(act: Act, album: Album) -> tuple[Remark, ...]:
    if act.frame is None:
        return without_picture(act)
    plate = album.plate(act.frame)
    return without_picture(act, plate.reason) if isinstance(plate, Missing) else ()
