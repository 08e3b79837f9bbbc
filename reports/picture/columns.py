"""In which column each card stands, and in which order: lanes from left to right, callers before what they call."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from reports.picture.folding import Card, Line
from validator.model import Lane

LANES: Final = (Lane.INTERNET, Lane.PRESENTATION, Lane.LOGIC, Lane.DATA)
_DEPTHS: Final = {Lane.INTERNET: 1, Lane.PRESENTATION: 2, Lane.LOGIC: 4, Lane.DATA: 2}
"""Columns of a lane at most, for chains inside of it."""
TALLEST: Final = 12
"""Cards of a column at most, before it is broken into two."""


def columns_of(cards: Sequence[Card], lines: Sequence[Line]) -> list[tuple[Lane, list[Card]]]:
    """The columns from left to right with their lane; empty ones are left out."""
    depths = _depths(cards, lines)
    found: list[tuple[Lane, list[Card]]] = []
    for lane in LANES:
        for depth in range(_DEPTHS[lane]):
            column = [card for card in cards if card.lane is lane and depths[card.number] == depth]
            pieces = -(-len(column) // TALLEST)
            size = -(-len(column) // pieces) if pieces else 0
            found += ((lane, column[start : start + size]) for start in range(0, len(column), size or 1))
    return [(lane, column) for lane, column in found if column]


def _depths(cards: Sequence[Card], lines: Sequence[Line]) -> dict[int, int]:
    """How many calls inside of its lane lead to a card; a call that closes a circle does not count."""
    lane = {card.number: card.lane for card in cards}
    inner: dict[int, list[int]] = defaultdict(list)
    for line in lines:
        if lane[line.source] is lane[line.target] and any(edge.relation != "refers to" for edge in line.edges):
            inner[line.source].append(line.target)
    order = _callees_last(cards, inner)
    turn = {card: index for index, card in enumerate(order)}
    depths = dict.fromkeys(order, 0)
    for card in order:
        for target in inner[card]:
            if turn[target] > turn[card]:
                depths[target] = max(depths[target], min(depths[card] + 1, _DEPTHS[lane[card]] - 1))
    called = {target for targets in inner.values() for target in targets}
    return depths | _beside_likes([card for card in cards if card.number not in called], cards, depths, inner)


def _beside_likes(
    uncalled: Iterable[Card], cards: Iterable[Card], depths: Mapping[int, int], calls: Mapping[int, Sequence[int]]
) -> dict[int, int]:
    """What nothing calls stands beside most of its kind, if that is before what it calls itself."""
    likes: dict[tuple[Lane, str], list[int]] = defaultdict(list)
    for card in cards:
        likes[card.lane, card.first.resource_type].append(depths[card.number])
    moved: dict[int, int] = {}
    for card in uncalled:
        others = [depth for depth in likes[card.lane, card.first.resource_type] if depth]
        depth = min(others, default=0)
        if all(depths[target] > depth for target in calls.get(card.number, ())):
            moved[card.number] = depth
    return moved


def _callees_last(cards: Iterable[Card], calls: Mapping[int, Sequence[int]]) -> list[int]:
    """Depth first, in reverse: each card before those it calls, except where calls go in circles."""
    done: list[int] = []
    seen: set[int] = set()
    for card in cards:
        if card.number in seen:
            continue
        seen.add(card.number)
        pending = [(card.number, iter(calls.get(card.number, ())))]
        while pending:
            target = next((target for target in pending[-1][1] if target not in seen), None)
            if target is None:
                done.append(pending.pop()[0])
            else:
                seen.add(target)
                pending.append((target, iter(calls.get(target, ()))))
    return done[::-1]


def ordered(
    columns: Sequence[tuple[Lane, list[Card]]],
    bands: Mapping[int, int],
    lines: Sequence[Line],
    heights: Mapping[int, float],
) -> list[tuple[Lane, list[Card]]]:
    """The columns with their cards ordered so that few lines cross; ``bands`` keep cards of one box together."""
    position = _layered_position(columns, bands, lines, heights)
    return [
        (lane, sorted(column, key=lambda card: (bands[card.number], position[card.number])))
        for lane, column in columns
    ]


def _layered_position(
    columns: Sequence[tuple[Lane, list[Card]]],
    bands: Mapping[int, int],
    lines: Sequence[Line],
    heights: Mapping[int, float],
) -> dict[int, float]:
    """The vertical position that the layered layout gives each card; its own order where that fails."""
    import graphlay

    rank = {card.number: number for number, (_, column) in enumerate(columns) for card in column}
    numbers = list(rank)
    graph: Any = graphlay.Graph()
    for number in numbers:
        graph.node(number, height=heights[number], rank={"fixed": rank[number]}, group=bands[number])
    for line in lines:
        if rank[line.source] != rank[line.target]:
            graph.edge(line.source, line.target)
    try:
        layout = graphlay.layout(graph, options={"order": {"group_lanes": "strict"}, "effort": "fast"})
    except graphlay.GraphlayError:
        return {number: float(number) for number in numbers}
    return {number: place[1] for number, place in layout.positions().items()}
