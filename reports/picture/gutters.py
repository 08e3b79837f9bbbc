"""Orthogonal lines through the gutters between the columns: never through a card, each on its own track.

A line leaves its card towards its target, changes its height in gutters only, and passes the columns between
in the spaces between their cards.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reports.picture.folding import Line
from reports.picture.placement import LANE_NAME, MARGIN, Placed, Rectangle

Point = tuple[float, float]

_CLEARANCE: Final = 4.0
_SLOT: Final = 5.0
_FRAMES: Final = 26.0
"""Beside a column: the room of the frames around it."""
_EDGE: Final = 6.0
_APART: Final = 6.0


@dataclass(frozen=True, slots=True)
class _Rise:
    """The stretch of a line that changes its height in a gutter."""

    line: int
    gutter: int
    start: float
    end: float


def points_of(lines: Sequence[Line], placed: Placed) -> list[tuple[Point, ...]]:
    """The corners of each line, from border to border."""
    ports = _ports(lines, placed)
    corridors = _Corridors(placed)
    # Short lines first: they have the least choice.
    order = sorted(range(len(lines)), key=lambda index: (_reach(lines[index], placed), index))
    levels: dict[int, list[float]] = {}
    for index in order:
        levels[index] = _levels(lines[index], ports[index], placed, corridors)
    rises = [rise for index, line in enumerate(lines) for rise in _rises(index, line, levels[index], placed)]
    tracks = _tracks(rises, placed)
    return [_corners(index, line, levels[index], placed, tracks) for index, line in enumerate(lines)]


def _reach(line: Line, placed: Placed) -> int:
    return abs(placed.columns[line.source] - placed.columns[line.target])


def _ports(lines: Sequence[Line], placed: Placed) -> list[tuple[float, float]]:
    """Where each line leaves and arrives: spread over the side of the card, in the order of the other ends."""
    sides: dict[tuple[int, bool], list[tuple[float, int, bool]]] = defaultdict(list)
    for index, line in enumerate(lines):
        source, target = placed.columns[line.source], placed.columns[line.target]
        leaves_right, arrives_right = target >= source, target <= source
        sides[line.source, leaves_right].append((_middle(placed.cards[line.target]), index, True))
        sides[line.target, arrives_right].append((_middle(placed.cards[line.source]), index, False))
    found: list[list[float]] = [[0.0, 0.0] for _ in lines]
    for (card, _), ends in sides.items():
        place = placed.cards[card]
        room = place.height - 2 * _EDGE
        for turn, (_, index, leaving) in enumerate(sorted(ends), 1):
            found[index][0 if leaving else 1] = place.y + _EDGE + room * turn / (len(ends) + 1)
    return [(round(one, 1), round(other, 1)) for one, other in found]


def _middle(place: Rectangle) -> float:
    return place.y + place.height / 2


class _Corridors:
    """The spaces between the cards of each column, and the heights in them that lines have taken."""

    def __init__(self, placed: Placed) -> None:
        top, bottom = MARGIN + LANE_NAME, max((lane.bottom for _, lane in placed.lanes), default=placed.height)
        cards: dict[int, list[Rectangle]] = defaultdict(list)
        for card, column in placed.columns.items():
            cards[column].append(placed.cards[card])
        self._spaces: dict[int, list[tuple[float, float]]] = {}
        for column, places in cards.items():
            places.sort(key=lambda place: place.y)
            lows = [top, *(place.bottom + _CLEARANCE for place in places)]
            highs = [*(place.y - _CLEARANCE for place in places), bottom - _CLEARANCE]
            self._spaces[column] = [(low, high) for low, high in zip(lows, highs, strict=True) if high >= low]
        self._taken: dict[int, list[float]] = defaultdict(list)

    def through(self, column: int, now: float, goal: float) -> float:
        """A height at which the column can be passed, near to the way from ``now`` to ``goal``."""

        def effort(height: float) -> tuple[float, float]:
            crowded = any(abs(height - other) < _SLOT - 0.5 for other in self._taken[column])
            # The height it already has costs no corner.
            corner = 0.0 if height == now else 12.0
            return abs(height - now) + abs(height - goal) + corner + (60.0 if crowded else 0.0), height

        choices = [
            height
            for low, high in self._spaces[column]
            for height in (*_slots(low, high), *(wish for wish in (now, goal) if low <= wish <= high))
        ]
        best = min(choices, key=effort)
        self._taken[column].append(best)
        return best


def _slots(low: float, high: float) -> list[float]:
    count = int((high - low) // _SLOT)
    start = low + (high - low - count * _SLOT) / 2
    return [round(start + turn * _SLOT, 1) for turn in range(count + 1)]


def _levels(line: Line, ports: tuple[float, float], placed: Placed, corridors: _Corridors) -> list[float]:
    """The heights of a line's level stretches, from its source to its target."""
    source, target = placed.columns[line.source], placed.columns[line.target]
    step = 1 if target > source else -1
    levels = [ports[0]]
    for column in range(source + step, target, step) if source != target else ():
        levels.append(corridors.through(column, levels[-1], ports[1]))
    return [*levels, ports[1]]


def _gutters(line: Line, placed: Placed) -> list[int]:
    """The gutters a line goes through; a gutter has the number of the column on its left."""
    source, target = placed.columns[line.source], placed.columns[line.target]
    if source == target:
        return [source]
    return list(range(source, target)) if source < target else list(range(source - 1, target - 1, -1))


def _rises(index: int, line: Line, levels: Sequence[float], placed: Placed) -> list[_Rise]:
    return [
        _Rise(index, gutter, levels[turn], levels[turn + 1])
        for turn, gutter in enumerate(_gutters(line, placed))
        if levels[turn] != levels[turn + 1] or placed.columns[line.source] == placed.columns[line.target]
    ]


def _tracks(rises: Sequence[_Rise], placed: Placed) -> dict[tuple[int, int], float]:
    """The x of each rise, by line and gutter. Rises that would touch are on different tracks."""
    by_gutter: dict[int, list[_Rise]] = defaultdict(list)
    for rise in rises:
        by_gutter[rise.gutter].append(rise)
    found: dict[tuple[int, int], float] = {}
    for gutter, own in by_gutter.items():
        left, right = _room(gutter, placed)
        own.sort(key=_turn)
        used: list[list[_Rise]] = []
        at: dict[int, int] = {}
        for rise in own:
            free = next(
                (track for track, there in enumerate(used) if not any(_touch(rise, one) for one in there)), None
            )
            if free is None:
                free = len(used)
                used.append([])
            used[free].append(rise)
            at[rise.line] = free
        for line, track in at.items():
            found[line, gutter] = round(left + (right - left) * (track + 1) / (len(used) + 1), 1)
    return found


def _turn(rise: _Rise) -> tuple[bool, float, int]:
    """Falling lines from the lowest, rising ones from the highest: so they cross each other least."""
    falls = rise.end > rise.start
    return falls, -rise.start if falls else rise.start, rise.line


def _touch(one: _Rise, other: _Rise) -> bool:
    low, high = sorted((one.start, one.end))
    below, above = sorted((other.start, other.end))
    return low < above + _APART and below < high + _APART


def _room(gutter: int, placed: Placed) -> tuple[float, float]:
    """The stretch of a gutter that no frame uses."""
    edges = _columns(placed)
    left = edges[gutter][1] + _FRAMES
    right = edges[gutter + 1][0] - _FRAMES if gutter + 1 in edges else left + _FRAMES
    return (left, right) if left < right else (right, left)


def _columns(placed: Placed) -> Mapping[int, tuple[float, float]]:
    """Left and right of each column."""
    return {column: (placed.cards[card].x, placed.cards[card].right) for card, column in placed.columns.items()}


def _corners(
    index: int, line: Line, levels: Sequence[float], placed: Placed, tracks: Mapping[tuple[int, int], float]
) -> tuple[Point, ...]:
    source, target = placed.cards[line.source], placed.cards[line.target]
    forward = placed.columns[line.target] >= placed.columns[line.source]
    points: list[Point] = [(source.right if forward else source.x, levels[0])]
    for turn, gutter in enumerate(_gutters(line, placed)):
        if (index, gutter) in tracks:
            x = tracks[index, gutter]
            points += [(x, levels[turn]), (x, levels[turn + 1])]
    arrives_right = placed.columns[line.target] <= placed.columns[line.source]
    points.append((target.right if arrives_right else target.x, levels[-1]))
    return tuple(points)
