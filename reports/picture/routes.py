"""How the lines run: orthogonal, around the cards, and where the numbers of broken ones stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from reports.picture.folding import Line
from reports.picture.gutters import Point, points_of
from reports.picture.placement import Placed, Rectangle
from reports.picture.sizes import TEXT_SIZE, chip_text
from reports.picture.text import width_of

CHIP_HEIGHT: Final = 17.0
_CHIP_ROOM: Final = 60.0
_PLACES: Final = (0.5, 0.3, 0.7, 0.15, 0.85)


@dataclass(frozen=True, slots=True)
class Route:
    """A line on the drawing, from border to border."""

    line: Line
    points: tuple[Point, ...]
    chip: Rectangle | None
    """Where its findings' numbers stand; None when it has none."""
    chip_text: str


def routes_of(lines: Sequence[Line], placed: Placed) -> list[Route]:
    """The lines, broken ones last so that they lie on top."""
    in_order = sorted(lines, key=lambda line: bool(line.marks))
    obstacles = [*placed.cards.values()]
    found: list[Route] = []
    for line, points in zip(in_order, points_of(in_order, placed), strict=True):
        text = chip_text(line.marks, _CHIP_ROOM)
        chip = _chip(text, points, obstacles) if text else None
        if chip is not None:
            obstacles.append(chip)
        found.append(Route(line, points, chip, text))
    return found


def _chip(text: str, points: Sequence[Point], obstacles: Sequence[Rectangle]) -> Rectangle:
    """A free place on the line, on its longest stretch if there is one."""
    width = max(CHIP_HEIGHT, width_of(text, TEXT_SIZE) + 10)
    stretches = sorted(
        pairwise(points), key=lambda ends: -(abs(ends[0][0] - ends[1][0]) + abs(ends[0][1] - ends[1][1]))
    )
    places = [_around(start, end, share, width) for start, end in stretches for share in _PLACES]
    free = (place for place in places if not any(place.overlaps(other, 2.0) for other in obstacles))
    return next(free, places[0])


def _around(start: Point, end: Point, share: float, width: float) -> Rectangle:
    x = start[0] + (end[0] - start[0]) * share
    y = start[1] + (end[1] - start[1]) * share
    return Rectangle(round(x - width / 2, 1), round(y - CHIP_HEIGHT / 2, 1), round(width, 1), CHIP_HEIGHT)


def path_of(points: Sequence[Point], radius: float = 6.0) -> str:
    """The path data of a line with rounded corners."""
    pieces = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        come, go = _towards(corner, before, radius), _towards(corner, after, radius)
        pieces.append(f"L{_pair(come)}Q{_pair(corner)} {_pair(go)}")
    pieces.append(f"L{_pair(points[-1])}")
    return "".join(pieces)


def _towards(start: Point, end: Point, distance: float) -> Point:
    length = abs(start[0] - end[0]) + abs(start[1] - end[1])
    share = min(distance, length / 2) / length if length else 0.0
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def number(value: float) -> str:
    """A coordinate in as few characters as keep a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
