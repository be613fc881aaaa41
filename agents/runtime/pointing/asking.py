"""Asking a model where something is: how its family is asked, and what its answer means in pixels.

A `PointingStyle` is data, one per family of models. `point` asks and answers with a pixel of the picture that was sent.
"""

from msgspec import Struct

from agents.runtime.pointing.answers import Form, numbers_of
from agents.runtime.pointing.coordinates import Convention, ImageRule, Size, place
from agents.runtime.ports import Asking, Model
from agents.runtime.prompt import Message, Picture, Prompt
from workbench.geometry import Point

SCREENS: tuple[Size, ...] = ((640, 480), (1280, 800), (720, 1280), (1920, 1080))
"""Sizes, in pixels, that tell all conventions apart: none is square, none is a thousand, both proportions occur."""


class PointingStyle(Struct, frozen=True):
    """How a family of models is asked for a place, and how it answers.

    `prompt` and `system` may hold `{target}`, which stands for what is looked for (`red`, when calibrating).
    `grammar` (GBNF) and `schema` (JSON Schema as text) hold the answer to `form`; both are empty where the family
    answers in a way of its own. `convention` and `rule` are what the family's makers say; calibrating finds out.
    `screens` are the sizes, in pixels, on which calibrating draws its targets, and `heights` those of the targets, as
    parts of a screen's shorter side.
    """

    prompt: str = "Point at the {target} button."
    system: str = ""
    grammar: str = ""
    schema: str = ""
    form: Form = "any"
    convention: Convention = Convention()
    rule: ImageRule = ImageRule()
    max_tokens: int = 64
    stop: tuple[str, ...] = ()
    screens: tuple[Size, ...] = SCREENS
    heights: tuple[float, ...] = (0.02, 0.04, 0.08)


def question(style: PointingStyle, picture: Picture, target: str) -> Prompt:
    """The picture first, so that a second question about it reuses its evaluation; then the words."""
    asked = Message("user", (picture, style.prompt.replace("{target}", target)))
    if not style.system:
        return (asked,)
    return (Message("system", (style.system.replace("{target}", target),)), asked)


def asking_of(style: PointingStyle) -> Asking:
    """How the answer is held to the style's form."""
    return Asking(grammar=style.grammar, schema=style.schema, max_tokens=style.max_tokens, stop=style.stop)


def ask_numbers(model: Model, style: PointingStyle, picture: Picture, target: str) -> tuple[float, ...]:
    """The two or four numbers of the model's answer; raises `ModelError` where it holds no place, or several."""
    answer = model.ask(question(style, picture, target), asking_of(style))
    return numbers_of(answer.text, style.form)


def point(model: Model, style: PointingStyle, picture: Picture, target: str) -> Point:
    """Where in the picture the model sees the target, in pixels from its top-left corner.

    Give the style the convention and the rule that calibrating found. Raises what `Model.ask` raises, and `ModelError`
    where the answer is no place inside the picture.
    """
    numbers = ask_numbers(model, style, picture, target)
    return place(numbers, style.convention, sent=(picture.width, picture.height), rule=style.rule)
