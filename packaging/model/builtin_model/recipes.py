"""The sizes of models that can be trained, and how each learns."""

from dataclasses import dataclass

from builtin_model.network import Shape
from builtin_model.pictures import Kit
from builtin_model.sighted import Pictures
from builtin_model.vision import Sight


@dataclass(frozen=True)
class Recipe:
    """One size of model and how it learns; `sight` and `pictures` are None for one that only reads."""

    shape: Shape
    sight: Sight | None = None
    pictures: Pictures | None = None
    merges: int = 2400
    text_screens: int = 1200
    per_screen: int = 16
    block_screens: int = 64
    batch_tokens: int = 2000
    workers: int = 1
    matrix_rate: float = 0.015
    other_rate: float = 3e-3
    seconds: float = 3900.0


RECIPES = {
    "tiny": Recipe(
        Shape(layers=4, width=96, heads=2, head_width=32, inner=256, context=2048),
        merges=600,
        text_screens=300,
        per_screen=8,
        block_screens=24,
        batch_tokens=1600,
        seconds=420.0,
    ),
    "cpu": Recipe(Shape()),
    "tiny-vision": Recipe(
        Shape(layers=4, width=128, heads=4, head_width=32, inner=352, context=2048),
        sight=Sight(),
        pictures=Pictures(
            Kit(sizes=((192, 128),), heights_px=(17, 28), fewest=2, most=5, formed=0.4, worded=0.4),
            kinds=("colour", "shape"),
            share=1.0,
            screens=16,
            per_screen=4,
            workers=1,
        ),
        merges=200,
        matrix_rate=0.01,
        other_rate=2e-3,
        seconds=345.0,
    ),
    "gpu": Recipe(
        Shape(layers=8, width=448, heads=7, head_width=64, inner=1152),
        sight=Sight(
            patch=32,
            grid=32,
            width=384,
            layers=6,
            heads=6,
            inner=1536,
            least_px=64 * 1024,
            most_px=1280 * 800,
            cells=1000,
            reads=True,
        ),
        pictures=Pictures(
            Kit(
                sizes=((1280, 800), (1280, 800), (1344, 736), (1152, 864), (1024, 768), (800, 608), (512, 320)),
                heights_px=(12, 48),
                fewest=8,
                most=45,
                roles=(5, 3, 1, 1),
                coloured=0.4,
                formed=0.12,
                iconed=0.3,
                worded=0.75,
                barred=0.4,
            ),
            kinds=("colour", "shape", "icon", "icon", "label", "label", "ordinal", "mixed"),
            share=0.6,
            screens=48,
            per_screen=20,
            workers=10,
        ),
        block_screens=192,
        batch_tokens=40_000,
        workers=4,
        matrix_rate=0.01,
        other_rate=2e-3,
        seconds=1500.0,
    ),
}
