"""A guide "how to do this": a folder with `guide.md` and `pictures/`, to put into a wiki or to print.

Numbered sentences say what to do, chapters and remarks stand between them, and a picture beside each shows the place.
It is for eyes: it does not hold what `LEFT_OUT` lists.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.library.exporting import drawing
from workbench.library.exporting.guide import Act, Aside, Block, Guide, Heading, guide_of, whole_text, without_picture
from workbench.library.exporting.material import Material
from workbench.library.importing.drafts import Remark
from workbench.report.views import close_view
from workbench.report.words import is_shown
from workbench.trajectory import FrameId, Trajectory

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame
    from workbench.library.exporting.drawing import Picture, Spot

TITLE = "guide with pictures"
SUFFIX = ""
SEVERAL = False
USES_RUNS = False

LEFT_OUT = ("raw events", "revisions", "witnesses", "thoughts", "timing", "all of the screen but the place")
"""What the guide does not hold; it cannot be read back."""

WIDEST_PX = 960
"""Pictures that show more of the screen are scaled down to this."""

MOST_PNG_BYTES = 300_000
"""A picture that is longer as PNG is a photograph and becomes a JPEG."""

_LARGE_PX = 60
"""In an element of this size the frame around it does not tell where to click."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~&<>$])")
_OPENING = re.compile(r"^(\d*)([-+=.)])(?=\s|=|-|$)")
"""What would begin a list or a heading."""


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the folder and tell of the steps without a picture; see `material.Writer`."""
    (trajectory,) = material.trajectories
    guide = guide_of(trajectory)
    path.mkdir(exist_ok=True)
    remarks: list[Remark] = []
    lines = list(_opening(trajectory, guide))
    for block in guide.blocks:
        lines += _block(block, material, path, remarks)
    lines += _closing(guide, material, path)
    (path / "guide.md").write_bytes("\n".join(lines).rstrip("\n").encode("utf-8", "replace") + b"\n")
    return tuple(remarks)


def escaped(text: str) -> str:
    """The text as Markdown that shows just it, on one line."""
    kept = "".join(c if is_shown(c) else " " for c in text)
    line = _SPECIAL.sub(r"\\\1", " ".join(kept.split()))
    return _OPENING.sub(r"\1\\\2", line)


def _opening(trajectory: Trajectory, guide: Guide) -> Iterator[str]:
    yield from (f"# {escaped(guide.title)}", "")
    if guide.task:
        yield from (escaped(guide.task), "")
    if guide.apps:
        yield from (f"You need: {escaped(', '.join(guide.apps))}.", "")
    if trajectory.variables:
        yield from ("Choose these values first:", "")
        for variable in trajectory.variables:
            said = f": {escaped(variable.description)}" if variable.description.strip() else ""
            given = f" (when recorded: {escaped(variable.default)})" if variable.default else ""
            yield f"- **{escaped('{{' + variable.name + '}}')}**{said}{given}"
        yield ""


def _block(block: Block, material: Material, folder: Path, remarks: list[Remark]) -> Iterator[str]:
    if isinstance(block, Heading):
        yield from (f"## {escaped(block.text)}", "")
    elif isinstance(block, Aside):
        yield from (f"> {escaped(block.text)}", "")
    else:
        yield from _act(block, material, folder, remarks)
        material.told()


def _act(act: Act, material: Material, folder: Path, remarks: list[Remark]) -> Iterator[str]:
    head = f"{act.number}. "
    yield from (head + escaped(act.words), "")
    yield from _fenced(whole_text(act.step), " " * len(head))
    if act.frame is None:
        remarks.extend(without_picture(act))
        return
    try:
        name = _kept(_shown(material.picture(act.frame), act), folder, f"step-{act.number:03}")
    except BadInputError as error:
        remarks.extend(without_picture(act, str(error)))
        return
    what = f"Step {act.number}: {act.named}" if act.named else f"Step {act.number}"
    yield from (f"{' ' * len(head)}![{escaped(what)}]({name})", "")


def _fenced(text: str, indent: str) -> Iterator[str]:
    """The text letter by letter in a block of its own; nothing for an empty one."""
    if not text:
        return
    kept = "".join(c if c in "\n\t" or is_shown(c) else " " for c in text.replace("\r\n", "\n").replace("\r", "\n"))
    longest = max((len(run) for run in re.findall("`+", kept)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (indent + line for line in (fence, *kept.split("\n"), fence))
    yield ""


def _closing(guide: Guide, material: Material, folder: Path) -> Iterator[str]:
    """What came of it all, the window of the last step as it was afterwards."""
    picture = _found(guide.last_frame, material)
    if picture is None:
        return
    window = guide.acts[-1].step.outcome.window or guide.acts[-1].step.observation.window
    places = [window.bounds] if window and window.bounds.area else []
    cut = drawing.colours_of(picture.crop(close_view(picture.bounds, places)))
    yield from ("This is what came of it:", "", f"![What came of it]({_kept(_narrow(cut), folder, 'result')})", "")


def _found(frame: FrameId | None, material: Material) -> "Frame | None":
    try:
        return material.picture(frame) if frame else None
    except BadInputError:
        return None


def _shown(frame: "Frame", act: Act) -> "Picture":
    """The part of the screen where the step is done, with the place marked."""
    view = act.view(frame.bounds) or frame.bounds
    picture = _narrow(drawing.colours_of(frame.crop(view)))
    scale = picture.shape[1] / view.width

    def at(x: int, y: int) -> "Spot":
        return (x - view.x + 0.5) * scale, (y - view.y + 0.5) * scale

    seen = act.region.intersection(view) if act.region else None
    if seen:
        drawing.draw_frame(picture, drawing.enlarged(seen.offset(-view.x, -view.y), scale))
    spots = [at(point.x, point.y) for point in act.points if view.contains(point)]
    if len(spots) > 1:
        drawing.draw_line(picture, spots[0], spots[-1])
    for spot in spots[:1]:
        if act.region is None or min(act.region.width, act.region.height) >= _LARGE_PX:
            drawing.draw_ring(picture, spot, 14)
        drawing.draw_pointer(picture, spot, 26)
    return picture


def _narrow(picture: "Picture") -> "Picture":
    height, width = picture.shape[:2]
    return picture if width <= WIDEST_PX else drawing.scaled(picture, WIDEST_PX, max(1, height * WIDEST_PX // width))


def _kept(picture: "Picture", folder: Path, name: str) -> str:
    """Write the picture and return its name within the folder."""
    import cv2

    data, suffix = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])[1].tobytes(), "png"
    if len(data) > MOST_PNG_BYTES:
        data, suffix = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes(), "jpg"
    (folder / "pictures").mkdir(exist_ok=True)
    (folder / "pictures" / f"{name}.{suffix}").write_bytes(data)
    return f"pictures/{name}.{suffix}"
