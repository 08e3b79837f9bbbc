"""Where everything stands: cards, frames, lanes and the strip of support, in pixels from the top left."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from reports.picture.columns import columns_of, ordered
from reports.picture.folding import Card, Folded, Line
from reports.picture.frames import Inner, Outer, frames_of
from reports.picture.marks import Marks
from reports.picture.sizes import WIDTH, Face
from validator.model import Lane, Picture, PictureBox

MARGIN: Final = 16.0
LANE_NAME: Final = 30.0
LANE_HEADER: Final = 50.0
"""The name, and room for lines that run above the first cards."""
GAP: Final = 18.0
"""Between the cards of a column."""
OUTER_HEADER: Final = 26.0
INNER_HEADER: Final = 38.0
OUTER_PADDING: Final = 12.0
INNER_PADDING: Final = 10.0
BARE_HEIGHT: Final = 38.0
STRIP_HEADER: Final = 26.0
_LEAST_GUTTER: Final = 72.0
_TRACK: Final = 6.0
_TRACKS: Final = 18
_SWEEPS: Final = 6


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place, by its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.height

    def overlaps(self, other: "Rectangle", clearance: float = 0.0) -> bool:
        """Whether less than ``clearance`` is between them."""
        return (
            self.x < other.right + clearance
            and other.x < self.right + clearance
            and self.y < other.bottom + clearance
            and other.y < self.bottom + clearance
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame on the drawing; ``boxes`` are several for cards that run in each of several subnets."""

    boxes: tuple[PictureBox, ...]
    place: Rectangle


@dataclass(frozen=True, slots=True)
class Placed:
    """The whole drawing without its lines."""

    cards: Mapping[int, Rectangle]
    frames: tuple[Frame, ...]
    lanes: tuple[tuple[Lane, Rectangle], ...]
    columns: Mapping[int, int]
    """The column of each card, from left to right; cards of the support strip have none."""
    strip: Rectangle | None
    """The strip of support, when there is any."""
    width: float
    height: float


class _Grid:
    """The columns: where each begins, and how wide the drawing becomes."""

    def __init__(self, columns: Sequence[tuple[Lane, list[Card]]], lines: Iterable[Line]) -> None:
        self.columns = columns
        self.of = {card.number: index for index, (_, column) in enumerate(columns) for card in column}
        ends = [0] * (len(columns) + 1)
        for line in lines:
            ends[self.of[line.source] + 1] += 1
            ends[self.of[line.target]] += 1
        self.x: list[float] = []
        at = MARGIN + _LEAST_GUTTER / 2
        for index in range(len(columns)):
            if index:
                at += WIDTH + _LEAST_GUTTER + _TRACK * min(ends[index], _TRACKS)
            self.x.append(at)
        self.width = at + WIDTH + _LEAST_GUTTER / 2 + MARGIN

    def between(self, first: int, last: int, padding: float) -> tuple[float, float]:
        """Left and right of a frame around columns."""
        return self.x[first] - padding, self.x[last] + WIDTH + padding

    def lanes(self, bottom: float) -> Iterable[tuple[Lane, Rectangle]]:
        """The lanes from the top to ``bottom``, meeting in the middle of the gutters."""
        start = MARGIN
        for index, (lane, _) in enumerate(self.columns):
            last = index + 1 == len(self.columns)
            if last or self.columns[index + 1][0] is not lane:
                end = self.width - MARGIN if last else (self.x[index] + WIDTH + self.x[index + 1]) / 2
                yield lane, Rectangle(start, MARGIN, end - start, bottom - MARGIN)
                start = end


def place(picture: Picture, folded: Folded, faces: Mapping[int, Face], marks: Marks) -> Placed:
    """The places of all cards and frames. Cards never overlap, and stand inside of their frames."""
    columns = columns_of(folded.cards, folded.lines)
    if not columns:
        columns = [(Lane.LOGIC, []), (Lane.DATA, [])]
    grid = _Grid(columns, folded.lines)
    outers = frames_of(picture, folded.cards, grid.of, frozenset(marks.of))
    heights = {number: face.height for number, face in faces.items()}
    inners = [inner for outer in outers for row in outer.rows for inner in row]
    bands = {card.number: band for band, inner in enumerate(inners) for card in inner.cards}
    columns = ordered(columns, bands, folded.lines, heights)
    work = _Work(grid, columns, heights, folded.lines)
    bottom = work.stack(outers)
    strip, cards = _strip(folded.support, heights, bottom, grid.width)
    return Placed(
        {**work.settled(), **cards},
        tuple(work.frames),
        tuple(grid.lanes(bottom)),
        grid.of,
        strip,
        grid.width,
        (bottom if strip is None else strip.bottom) + MARGIN,
    )


class _Work:
    """Stacks the frames from top to bottom, then moves cards towards what they are joined with."""

    def __init__(
        self,
        grid: _Grid,
        columns: Sequence[tuple[Lane, list[Card]]],
        heights: Mapping[int, float],
        lines: Sequence[Line],
    ) -> None:
        self.frames: list[Frame] = []
        self._grid = grid
        self._turn = {card.number: turn for _, column in columns for turn, card in enumerate(column)}
        self._heights = heights
        self._cells: list[tuple[list[int], float, float]] = []
        self._top: dict[int, float] = {}
        self._joined: dict[int, list[int]] = defaultdict(list)
        for line in lines:
            self._joined[line.source].append(line.target)
            self._joined[line.target].append(line.source)

    def stack(self, outers: Sequence[Outer]) -> float:
        """Places all frames; gives the y where the lanes end."""
        y = MARGIN + LANE_HEADER
        for outer in outers:
            y = self._outer(outer, y) + GAP
        return max(y, MARGIN + LANE_HEADER + BARE_HEIGHT)

    def _outer(self, outer: Outer, y: float) -> float:
        if outer.box is None:
            return self._row(outer.rows[0], y)
        spans = [inner.columns for row in outer.rows for inner in row]
        first = min((span[0] for span in spans), default=0)
        last = max((span[1] for span in spans), default=len(self._grid.x) - 1)
        is_nested = any(inner.boxes for row in outer.rows for inner in row) or not spans
        left, right = self._grid.between(first, last, INNER_PADDING + OUTER_PADDING if is_nested else INNER_PADDING)
        top, y = y, y + OUTER_HEADER
        at = len(self.frames)
        for row in outer.rows:
            y = self._row(row, y) + OUTER_PADDING
        for boxes in outer.bare:
            inside = Rectangle(left + OUTER_PADDING, y, right - left - 2 * OUTER_PADDING, BARE_HEIGHT)
            self.frames.append(Frame(boxes, inside))
            y += BARE_HEIGHT + OUTER_PADDING
        self.frames.insert(at, Frame((outer.box,), Rectangle(left, top, right - left, y - top)))
        return y

    def _row(self, row: Sequence[Inner], y: float) -> float:
        tallest = max(self._inner_height(inner) for inner in row)
        for inner in row:
            header, padding = (INNER_HEADER, INNER_PADDING) if inner.boxes else (0.0, 0.0)
            if inner.boxes:
                left, right = self._grid.between(*inner.columns, INNER_PADDING)
                self.frames.append(Frame(inner.boxes, Rectangle(left, y, right - left, tallest)))
            for cell in self._columns(inner).values():
                self._cells.append((cell, y + header, y + tallest - padding))
        return y + tallest

    def _inner_height(self, inner: Inner) -> float:
        cells = self._columns(inner).values()
        around = INNER_HEADER + INNER_PADDING if inner.boxes else 0.0
        return around + max(sum(self._heights[one] for one in cell) + GAP * (len(cell) - 1) for cell in cells)

    def _columns(self, inner: Inner) -> dict[int, list[int]]:
        """The cards of a frame by column, in their order."""
        cells: dict[int, list[int]] = defaultdict(list)
        for card in sorted(inner.cards, key=lambda card: self._turn[card.number]):
            cells[self._grid.of[card.number]].append(card.number)
        return cells

    def settled(self) -> dict[int, Rectangle]:
        """The final places: each card as near to the middle of its neighbours as order and frame allow."""
        for cell, low, high in self._cells:
            self._settle(cell, low, high, {})
        for sweep in range(_SWEEPS):
            for cell, low, high in self._cells if sweep % 2 else reversed(self._cells):
                wishes = {one: self._wish(one) for one in cell}
                self._settle(cell, low, high, wishes)
        return {
            number: Rectangle(self._grid.x[self._grid.of[number]], round(top, 1), WIDTH, self._heights[number])
            for number, top in self._top.items()
        }

    def _wish(self, card: int) -> float:
        """The top at which its middle is at the mean of its neighbours' middles."""
        middles = [self._top[other] + self._heights[other] / 2 for other in self._joined[card]]
        return fmean(middles) - self._heights[card] / 2 if middles else self._top[card]

    def _settle(self, cell: list[int], low: float, high: float, wishes: Mapping[int, float]) -> None:
        """Tops in order, no overlap, least squares from the wishes: pool adjacent violators on the slack."""
        before = 0.0
        pools: list[tuple[float, int]] = []
        offsets: list[float] = []
        for one in cell:
            offsets.append(before)
            pool = (wishes.get(one, low + before) - before, 1)
            while pools and pools[-1][0] >= pool[0]:
                value, count = pools.pop()
                pool = ((value * count + pool[0] * pool[1]) / (count + pool[1]), count + pool[1])
            pools.append(pool)
            before += self._heights[one] + GAP
        highest = high - (before - GAP)
        values = [min(max(value, low), highest) for value, count in pools for _ in range(count)]
        for one, value, offset in zip(cell, values, offsets, strict=True):
            self._top[one] = value + offset


def _strip(
    support: Sequence[Card], heights: Mapping[int, float], top: float, width: float
) -> tuple[Rectangle | None, dict[int, Rectangle]]:
    """The strip of support below the lanes: cards in rows from left to right."""
    if not support:
        return None, {}
    places: dict[int, Rectangle] = {}
    y = top + GAP + STRIP_HEADER
    x, tallest = MARGIN + OUTER_PADDING, 0.0
    for card in support:
        if x + WIDTH > width - MARGIN and x > MARGIN + OUTER_PADDING:
            x, y, tallest = MARGIN + OUTER_PADDING, y + tallest + GAP, 0.0
        places[card.number] = Rectangle(x, y, WIDTH, heights[card.number])
        x += WIDTH + GAP
        tallest = max(tallest, heights[card.number])
    return Rectangle(MARGIN, top + GAP, width - 2 * MARGIN, y + tallest + OUTER_PADDING - top - GAP), places
