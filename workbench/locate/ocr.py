"""Reading printed text off pixels, with the models that come inside the OCR package.

The engine is loaded on first use (0.7 s), lives as long as the process and serves one caller at a time. Nothing is
ever fetched: both models are named by the file that the package shipped.
"""

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np

from workbench.desktop.ports import Pixels
from workbench.errors import UnavailableError
from workbench.geometry import Point, Rect

PACKAGE = "rapidocr"
DETECTION, RECOGNITION = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"

LEAST_CONFIDENCE = 0.5
"""Below it the text is a guess; the models are sure of screen text at 0.9 and more."""

SMALL_AREA_PX = 120_000
"""Regions up to this size are read at twice the size: text of 9 points is found more often, for 60 ms more."""

_turn = Lock()


@dataclass(frozen=True)
class Printed:
    """A line of text on the screen: what it says, where (desktop pixels), and how sure that is (0 to 1)."""

    text: str
    bounds: Rect
    confidence: float


def read_text(pixels: Pixels, origin: Point) -> list[Printed]:
    """The lines printed on BGRA `pixels` whose top-left stands at `origin`, from top to bottom.

    Blocks for about 0.2 s per 400x100 pixels; raises `UnavailableError` when the models are missing.
    """
    if min(pixels.shape[:2]) < 4:
        return []
    factor = 2 if pixels.shape[0] * pixels.shape[1] <= SMALL_AREA_PX else 1
    picture = cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR)
    if factor > 1:
        picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    with _turn:
        answer = _engine()(picture)
    if answer.boxes is None or answer.txts is None or answer.scores is None:
        return []
    lines = [
        Printed(text, _bounds(box, factor, origin), float(score))
        for box, text, score in zip(answer.boxes, answer.txts, answer.scores, strict=True)
    ]
    return sorted(lines, key=lambda line: (line.bounds.y, line.bounds.x))


def _bounds(box: Any, factor: int, origin: Point) -> Rect:
    """The upright rectangle around the four corners of a line."""
    corners = np.asarray(box) / factor
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    return Rect(origin.x + int(left), origin.y + int(top), int(right - left), int(bottom - top))


@cache
def _engine() -> Any:
    """The loaded engine; called with `_turn` held."""
    models = _models()
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": LEAST_CONFIDENCE,
            "Det.model_path": str(models / DETECTION),
            "Det.limit_type": "max",
            "Det.limit_side_len": 960,
            "Rec.model_path": str(models / RECOGNITION),
            "EngineConfig.onnxruntime.intra_op_num_threads": 2,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _models() -> Path:
    """The folder of the shipped models."""
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise UnavailableError("text cannot be read off the screen: install the Python package rapidocr")
    folder = Path(package.origin).parent / "models"
    for name in (DETECTION, RECOGNITION):
        if not (folder / name).is_file():
            raise UnavailableError(f"text cannot be read off the screen: {name} is missing; reinstall rapidocr")
    return folder
