"""Pictures of what lent steps touched, for a model that sees (multimodal demonstrations, AdaptAgent, arXiv 2411.13451).

A picture shows the recorded control, framed, and a little around it, at its own scale. Nobody is shown what was
hidden: steps of which privacy left a part out, passwords and secrets, places of pictures that were painted over.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from agents.completion.picturing import mark, shape_of
from agents.completion.veiling import is_hidden
from agents.memory.retrieval.packing import Lent
from agents.runtime.ports import Model
from agents.runtime.prompt import Message, Picture
from workbench.actions import TypeText
from workbench.desktop.covering import GREY
from workbench.errors import BadInputError
from workbench.geometry import Rect
from workbench.trajectory import FrameId, Step, Target, Trajectory

if TYPE_CHECKING:
    from agents.prompts.choosing import Example, ShownStep
    from workbench.desktop.ports import Frame, Pixels

SHOWN_PX = (168, 84)
"""How wide and high a picture is where its frame is as large; one size, so that it is measured once."""

PAINTED_OVER = 0.02
"""A picture of which this share is painted over is not shown."""

_ASKED = "which?"


@dataclass(frozen=True)
class Crops:
    """Makes pictures from the frames that `load` knows, and knows what they cost the model that is shown them.

    `load` raises `BadInputError` for a frame that is gone. For one thread.
    """

    load: "Callable[[FrameId], Frame]"
    model: Model
    _tokens: dict[tuple[int, int], int] = field(default_factory=dict, repr=False)

    def tokens(self, picture: Picture) -> int:
        """How many tokens the picture takes, as the model counts; raises what `Model.count` raises."""
        size = picture.width, picture.height
        if size not in self._tokens:
            with_it, without = ((Message("user", parts),) for parts in ((_ASKED, picture, _ASKED), (_ASKED, _ASKED)))
            self._tokens[size] = max(1, self.model.count(with_it) - self.model.count(without))
        return self._tokens[size]

    def of(self, steps: Sequence[Step], target: Target | None) -> Picture | None:
        """What these recorded steps, which are one to a run, touched; None where that is hidden or nobody saw it."""
        if target is None or any(map(_is_private, steps)):
            return None
        observed = steps[0].observation.frame
        frame_id = target.crop.frame if target.crop else observed
        try:
            frame = self.load(frame_id) if frame_id else None
        except BadInputError:  # it was reclaimed or purged
            return None
        if frame is None or not frame.bounds.contains(target.point):
            return None
        around = _around(target, frame.bounds)
        if _is_painted_over(frame.crop(around)):
            return None
        pixels = frame.crop(around)[..., 2::-1].copy()
        mark(pixels, shape_of(target).offset(-around.x, -around.y))
        return Picture(pixels)


def illustrated(
    lent: Sequence[Lent], of: Mapping[str, Trajectory], crops: Crops, *, budget_tokens: int
) -> tuple[Lent, ...]:
    """What is lent with pictures of its steps, as many as the budget has room for beside all of the text.

    The steps that are due come first, in rank order, then their neighbours. What does not fit is passed over.
    """
    left = budget_tokens - sum(one.tokens for one in lent)
    illustrated = list(lent)
    for place, index in _by_nearness(lent):
        one = illustrated[place]
        step = one.example.steps[index]
        picture = _picture_of(step, of[one.found.trajectory], crops)
        tokens = crops.tokens(picture) if picture else 0
        if picture is None or tokens > left:
            continue
        left -= tokens
        illustrated[place] = replace(
            one,
            example=_with(one.example, index, replace(step, picture=picture)),
            tokens=one.tokens + tokens,
            crops=one.crops + 1,
            crop_tokens=one.crop_tokens + tokens,
        )
    return tuple(illustrated)


def _by_nearness(lent: Sequence[Lent]) -> Iterator[tuple[int, int]]:
    """Places of what is lent and of its steps: all that are due, then those beside them."""
    shown = [
        (abs(step.mark), place, index) for place, one in enumerate(lent) for index, step in enumerate(one.example.steps)
    ]
    yield from ((place, index) for _, place, index in sorted(shown))


def _picture_of(step: "ShownStep", trajectory: Trajectory, crops: Crops) -> Picture | None:
    if step.recorded is None:
        return None
    first, last = step.recorded
    return crops.of(trajectory.steps[first - 1 : last], _target(trajectory.steps[first - 1 : last]))


def _target(steps: Iterable[Step]) -> Target | None:
    """Where the steps went: a click into a field comes before what is typed there."""
    return next((step.target for step in steps if step.target is not None), None)


def _with(example: "Example", index: int, step: "ShownStep") -> "Example":
    return replace(example, steps=(*example.steps[:index], step, *example.steps[index + 1 :]))


def _is_private(step: Step) -> bool:
    """Whether anything of the step is hidden: what it types, or where it goes."""
    fields = [target.element for target in (step.target, step.destination) if target is not None]
    if isinstance(step.action, TypeText):
        if step.action.secret is not None:
            return True
        fields.append(step.observation.focused)
    return is_hidden(step) or any(field is not None and field.password for field in fields)


def _around(target: Target, within: Rect) -> Rect:
    """The part that is shown: about the middle of what was touched, and the point that was clicked inside of it."""
    region = target.crop.region if target.crop else None
    middle = region.centre if region is not None and region.contains(target.point) else target.point
    width, height = min(SHOWN_PX[0], within.width), min(SHOWN_PX[1], within.height)
    left = _between(middle.x - width // 2, target.point.x - width + 1, target.point.x)
    top = _between(middle.y - height // 2, target.point.y - height + 1, target.point.y)
    return Rect(
        _between(left, within.x, within.right - width), _between(top, within.y, within.bottom - height), width, height
    )


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))


def _is_painted_over(pixels: "Pixels") -> bool:
    painted = (pixels[..., :3] == GREY[:3]).all(axis=-1)
    return bool(painted.mean() >= PAINTED_OVER)
