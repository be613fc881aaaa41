"""The learning curve as a picture: what `log.jsonl` says, drawn as SVG."""

from collections.abc import Sequence
from typing import Any

import msgspec

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 860, 420, 60, 50
_COLOURS = {
    "loss": "#555555",
    "element": "#0072b2",
    "exact": "#009e73",
    "held-out element": "#d55e00",
    "held-out exact": "#cc79a7",
    "hit": "#56b4e9",
    "held-out hit": "#e69f00",
}
_DASHED = {"loss"}

Points = list[tuple[float, float]]


def drawn(log: str) -> str:
    """The curve of a log, one JSON object per line: accuracies from 0 to 1, and the loss against its largest value."""
    rows = [msgspec.json.decode(line) for line in log.splitlines() if line]
    lines = {name: _points(rows, name) for name in _COLOURS}
    highest = max((value for _, value in lines["loss"]), default=1.0) or 1.0
    lines["loss"] = [(at, value / highest) for at, value in lines["loss"]]
    last = max((at for points in lines.values() for at, _ in points), default=1.0) or 1.0
    known = {name: points for name, points in lines.items() if points}
    parts = [*_axes(last), *(_line(name, points, last) for name, points in known.items())]
    parts += [_label(name, order, highest) for order, name in enumerate(known)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + 190} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="13"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n'
    )


def _points(rows: Sequence[dict[str, Any]], name: str) -> Points:
    return [(float(row["seconds"]), float(row[name])) for row in rows if name in row]


def _x(at: float, last: float) -> float:
    return _LEFT + at / last * (_WIDTH - _LEFT - 20)


def _y(value: float) -> float:
    return _HEIGHT - _BOTTOM - value * (_HEIGHT - _BOTTOM - 20)


def _line(name: str, points: Points, last: float) -> str:
    path = " ".join(f"{_x(at, last):.1f},{_y(value):.1f}" for at, value in points)
    dashes = ' stroke-dasharray="4 4"' if name in _DASHED else ""
    return f'<polyline points="{path}" fill="none" stroke="{_COLOURS[name]}" stroke-width="2"{dashes}/>'


def _axes(last: float) -> list[str]:
    found = []
    for tenth in range(0, 11, 2):
        y = _y(tenth / 10)
        found.append(f'<line x1="{_LEFT}" x2="{_WIDTH - 20}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>')
        found.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tenth * 10} %</text>')
    for sixth in range(7):
        x = _x(last * sixth / 6, last)
        found.append(f'<text x="{x:.1f}" y="{_HEIGHT - 28}" text-anchor="middle">{last * sixth / 6 / 60:.1f}</text>')
    found.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 8}" text-anchor="middle">minutes of training</text>')
    return found


def _label(name: str, order: int, highest: float) -> str:
    said = f"loss (of {highest:.1f})" if name == "loss" else name
    y = 40 + order * 22
    return f'<text x="{_WIDTH}" y="{y}" fill="{_COLOURS[name]}">{said}</text>'
