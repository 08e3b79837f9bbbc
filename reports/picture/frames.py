"""The frames of the drawing: which cards stand in which VPC, subnets or stack, and which frames share a row."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.picture.folding import Card
from validator.model import BoxKind, Picture, PictureBox


@dataclass(frozen=True, slots=True)
class Inner:
    """The cards that run in the same subnets; without ``boxes`` there is no frame around them."""

    boxes: tuple[PictureBox, ...]
    cards: tuple[Card, ...]
    columns: tuple[int, int]
    """First and last column."""


@dataclass(frozen=True, slots=True)
class Outer:
    """A VPC or a stack with its rows; without a ``box`` the part of the drawing that stands in none."""

    box: PictureBox | None
    rows: tuple[tuple[Inner, ...], ...]
    bare: tuple[tuple[PictureBox, ...], ...] = ()
    """Subnets in which nothing is drawn, those alike together."""


def frames_of(
    picture: Picture, cards: Sequence[Card], column: Mapping[int, int], marked: frozenset[str]
) -> list[Outer]:
    """The frames from top to bottom: what stands in none, then stacks, then VPCs, in the order of the templates."""
    boxes = {box.id: box for box in picture.boxes}
    in_subnets: dict[str, dict[tuple[str, ...], list[Card]]] = defaultdict(dict)
    in_stack: dict[str, list[Card]] = defaultdict(list)
    free: list[Card] = []
    for card in cards:
        subnets = tuple(sorted(box for box in card.boxes if boxes[box].kind is BoxKind.SUBNET))
        others = [box for box in card.boxes if boxes[box].kind is not BoxKind.SUBNET]
        if subnets:
            vpc = Counter(boxes[subnet].parent for subnet in subnets).most_common(1)[0][0]
            in_subnets[vpc].setdefault(subnets, []).append(card)
        elif others:
            in_stack[others[0]].append(card)
        else:
            free.append(card)
    found = [Outer(None, ((_inner((), free, column),),))] if free else []
    found += (Outer(boxes[box], ((_inner((), own, column),),)) for box in boxes if (own := in_stack.get(box)))
    for box in picture.boxes:
        if box.kind is BoxKind.VPC:
            groups = in_subnets.get(box.id, {})
            inners = [_inner(tuple(boxes[one] for one in ids), own, column) for ids, own in groups.items()]
            used = {one for ids in groups for one in ids}
            found.append(Outer(box, _packed(inners), _bare(picture, box, used, marked)))
    return found


def _inner(boxes: tuple[PictureBox, ...], cards: Sequence[Card], column: Mapping[int, int]) -> Inner:
    places = [column[card.number] for card in cards]
    return Inner(boxes, tuple(cards), (min(places), max(places)))


def _packed(inners: Sequence[Inner]) -> tuple[tuple[Inner, ...], ...]:
    """Subnets that need different columns share a row: public ones first, then in the order of the templates."""
    rows: list[list[Inner]] = []
    for inner in sorted(inners, key=lambda inner: not any(box.public for box in inner.boxes)):
        row = next((row for row in rows if all(_apart(inner, other) for other in row)), None)
        if row is None:
            rows.append([inner])
        else:
            row.append(inner)
    return tuple(tuple(sorted(row, key=lambda inner: inner.columns)) for row in rows)


def _apart(one: Inner, other: Inner) -> bool:
    return one.columns[1] < other.columns[0] or other.columns[1] < one.columns[0]


def _bare(
    picture: Picture, vpc: PictureBox, used: set[str], marked: frozenset[str]
) -> tuple[tuple[PictureBox, ...], ...]:
    groups: dict[tuple[bool | None, bool], list[PictureBox]] = {}
    for box in picture.boxes:
        if box.kind is BoxKind.SUBNET and box.parent == vpc.id and box.id not in used:
            groups.setdefault((box.public, box.id in marked), []).append(box)
    return tuple(tuple(group) for group in groups.values())
