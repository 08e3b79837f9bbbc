"""From nodes to what is drawn: resources alike become one stack of cards when there are too many to read."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from reports.picture.marks import Marks
from validator.model import BoxKind, Lane, Picture, PictureEdge, PictureNode, Protection

READABLE: Final = 44
"""So many cards fit on a screen or a sheet; past it, likes are stacked."""
CROWDED: Final = 90
"""So many lines can be followed."""
_FEW: Final = 22


@dataclass(frozen=True, slots=True)
class Card:
    """One node of the drawing: a resource, or several alike."""

    number: int
    lane: Lane
    members: tuple[PictureNode, ...]
    boxes: tuple[str, ...]
    parts: tuple[PictureNode, ...]
    marks: tuple[int, ...]

    @property
    def first(self) -> PictureNode:
        """The resource, or the first of several."""
        return self.members[0]

    @property
    def is_stack(self) -> bool:
        """Whether it stands for several."""
        return len(self.members) > 1

    @property
    def types(self) -> tuple[str, ...]:
        """The types of its members, without repetition."""
        return tuple(dict.fromkeys(member.resource_type for member in self.members))

    @property
    def protections(self) -> tuple[tuple[Protection, int], ...]:
        """What guards its members, each with the number of members it guards."""
        found: list[tuple[Protection, int]] = []
        for member in self.members:
            for guard in member.protections:
                at = next((index for index, (known, _) in enumerate(found) if known == guard), None)
                if at is None:
                    found.append((guard, 1))
                else:
                    found[at] = (guard, found[at][1] + 1)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Line:
    """All edges from one card to another."""

    source: int
    target: int
    edges: tuple[PictureEdge, ...]
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """What is drawn: cards in lanes, cards of the support strip, and lines."""

    cards: tuple[Card, ...]
    support: tuple[Card, ...]
    lines: tuple[Line, ...]


_REVERSED: Final = frozenset(("consumes from",))
"""Relations against the way the data goes: drawn from the target to the source."""

_Key = Callable[[PictureNode], Hashable]


def fold(picture: Picture, marks: Marks) -> Folded:
    """The cards and lines of a picture, with as little folding as keeps it readable."""
    drawn = [node for node in picture.nodes if not node.owners]
    parts: dict[str, list[PictureNode]] = defaultdict(list)
    for node in picture.nodes:
        for owner in node.owners:
            parts[owner].append(node)
    standing = [node for node in drawn if node.lane is not Lane.SUPPORT]
    keys = _keys(picture, marks)
    for level, key in enumerate(keys):
        groups = _groups(standing, key, smallest=2 if level > 1 else 3)
        cards = _cards(groups, parts, marks, 0)
        lines = _lines(picture, cards, marks)
        if len(cards) <= READABLE and len(lines) <= CROWDED:
            break
    support = [node for node in drawn if node.lane is Lane.SUPPORT]
    alike = _groups(support, lambda node: (node.resource_type, bool(marks.of.get(node.id))), smallest=2)
    return Folded(tuple(cards), tuple(_cards(alike, parts, marks, len(cards))), tuple(lines))


def _keys(picture: Picture, marks: Marks) -> list[_Key]:
    """Ever coarser ideas of what is alike; marked resources are stacked with marked ones only."""
    into: dict[str, set[tuple[str, str]]] = defaultdict(set)
    outof: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for edge in picture.edges:
        into[edge.target].add((edge.relation, edge.source))
        outof[edge.source].add((edge.relation, edge.target))

    def place(node: PictureNode) -> tuple[Hashable, ...]:
        return node.lane, node.boxes, bool(marks.of.get(node.id)), not node.resource_type and node.id

    def kind(node: PictureNode) -> tuple[Hashable, ...]:
        return (*place(node), node.resource_type)

    stacks = {box.id for box in picture.boxes if box.kind is BoxKind.STACK}

    def in_network(node: PictureNode) -> tuple[str, ...]:
        return tuple(box for box in node.boxes if box not in stacks)

    few = sum(not node.owners for node in picture.nodes) <= _FEW
    return [
        (lambda node: node.id)
        if few
        else (lambda node: (*kind(node), frozenset(into[node.id]), frozenset(outof[node.id]))),
        lambda node: (*kind(node), frozenset(into[node.id]), frozenset(outof[node.id])),
        lambda node: (*kind(node), frozenset(into[node.id]), frozenset(relation for relation, _ in outof[node.id])),
        lambda node: (*kind(node), frozenset(into[node.id])),
        kind,
        place,
        lambda node: (node.boxes if node.boxes else place(node), not node.resource_type and node.id),
        lambda node: (node.lane, in_network(node), bool(marks.of.get(node.id)), not node.resource_type and node.id),
    ]


def _groups(nodes: Iterable[PictureNode], key: _Key, smallest: int) -> list[list[PictureNode]]:
    """The nodes by key, in order; groups that are smaller stay single."""
    found: dict[Hashable, list[PictureNode]] = {}
    for node in nodes:
        found.setdefault(key(node), []).append(node)
    return [
        group
        for members in found.values()
        for group in ([members] if len(members) >= smallest else [[m] for m in members])
    ]


def _cards(
    groups: Iterable[list[PictureNode]], parts: Mapping[str, list[PictureNode]], marks: Marks, start: int
) -> list[Card]:
    cards = []
    for number, members in enumerate(groups, start):
        own = {part.id: part for member in members for part in parts.get(member.id, ())}
        numbers = {mark for member in members for mark in marks.of.get(member.id, ())}
        boxes = members[0].boxes if len({member.boxes for member in members}) == 1 else ()
        lane = Counter(member.lane for member in members).most_common(1)[0][0]
        cards.append(Card(number, lane, tuple(members), boxes, tuple(own.values()), tuple(sorted(numbers))))
    return cards


def _lines(picture: Picture, cards: Iterable[Card], marks: Marks) -> list[Line]:
    """Edges between two cards are one line; those inside of a stack of cards are not drawn."""
    card_of = {member.id: card.number for card in cards for member in card.members}
    bundles: dict[tuple[int, int], list[PictureEdge]] = {}
    for edge in picture.edges:
        ends = (card_of.get(edge.source), card_of.get(edge.target))
        source, target = ends[::-1] if edge.relation in _REVERSED else ends
        if source is not None and target is not None and source != target:
            bundles.setdefault((source, target), []).append(edge)
    lines = []
    for (source, target), edges in bundles.items():
        numbers = {mark for edge in edges for mark in marks.of_edges.get((edge.source, edge.target), ())}
        lines.append(Line(source, target, tuple(edges), tuple(sorted(numbers))))
    return lines
