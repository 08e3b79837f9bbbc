"""The pieces of the drawing as SVG: cards, frames, lanes, lines."""

from collections.abc import Mapping, Sequence
from typing import Final

from reports.picture.folding import Card, Line
from reports.picture.placement import Frame, Rectangle
from reports.picture.routes import CHIP_HEIGHT, Route, number, path_of
from reports.picture.sizes import (
    BADGE_LINE,
    BOLD,
    CHIP_LINE,
    NAME_LINE,
    PADDING,
    TEXT_LINE,
    TEXT_SIZE,
    Badge,
    Face,
    guard_text,
    place_name,
)
from reports.picture.text import cut_before, cut_to, escaped, lines_of, ranges, short_type, width_of
from reports.picture.texts import PictureTexts
from validator.model import BoxKind, Lane, PictureBox, PictureEdge, PictureNode, ProtectionKind

_LISTED: Final = 60
"""Members or parts that a tooltip names."""
_FRAME_SIZE: Final = 11.0
_SHARED: Final = 4
"""Letters that names must share to be joined."""

_ICONS: Final = {
    ProtectionKind.WAF: "M6 .8l4.4 1.7v3.3c0 2.6-1.8 4.4-4.4 5.4-2.600-1-4.400-2.800-4.400-5.400v-3.300z",
    ProtectionKind.AUTHORIZER: (
        "M6 1.2a2.1 2.1 0 1 1 0 4.2a2.1 2.1 0 1 1 0-4.2M1.8 11c0-2.6 1.7-4 4.2-4s4.2 1.4 4.2 4"
    ),
    ProtectionKind.ENCRYPTION: "M2.200 5.400h7.600v5.400h-7.600zM3.800 5.400v-1.800a2.200 2.200 0 0 1 4.400 0v1.800",
}
"""A shield, a person, a padlock: on 12 by 12 pixels."""

_STYLES: Final = {
    "is authorised by": "authorization",
    "may use": "permission",
    "assumes": "permission",
    "holds the secret of": "permission",
    "refers to": "reference",
}
_STRENGTH: Final = ("reference", "authorization", "permission", "calls")


def style_of(line: Line) -> str:
    """How a line is drawn: by the strongest of its relations."""
    return max((_STYLES.get(edge.relation, "calls") for edge in line.edges), key=_STRENGTH.index)


def text_element(x: float, y: float, text: str, kind: str, anchor: str = "") -> str:
    """One line of text whose middle is at ``y``; ``text`` is escaped here."""
    aligned = f' text-anchor="{anchor}"' if anchor else ""
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{number(x)}" y="{number(y + 3.6)}"{named}{aligned}>{escaped(text)}</text>'


def rectangle(place: Rectangle, kind: str = "", radius: float = 6.0) -> str:
    """A rounded rectangle."""
    named = f' class="{kind}"' if kind else ""
    return (
        f'<rect x="{number(place.x)}" y="{number(place.y)}" width="{number(place.width)}" '
        f'height="{number(place.height)}" rx="{number(radius)}"{named}/>'
    )


def icon(kind: ProtectionKind, x: float, y: float) -> str:
    """The sign of a protection, its top left corner given."""
    return f'<path class="tlp-icon" transform="translate({number(x)} {number(y)})" d="{_ICONS[kind]}"/>'


def chip(text: str, place: Rectangle) -> str:
    """The numbers of findings on their red ground."""
    label = text_element(place.x + place.width / 2, place.y + place.height / 2, text, "", "middle")
    return f'<g class="tlp-chip">{rectangle(place, radius=CHIP_HEIGHT / 2)}{label}</g>'


def card_element(card: Card, face: Face, place: Rectangle, prefix: str, texts: PictureTexts) -> str:
    """A card that can be pointed at and reached with the keyboard."""
    kinds = ["tlp-node"]
    kinds += ["tlp-bad"] if card.marks else []
    kinds += ["tlp-place"] if not card.first.resource_type else []
    said = card_lines(card, texts)
    data = {
        "names": "|".join(node.name.replace("|", "/") for node in card.members),
        "types": "|".join(kind.replace("|", "/") for kind in card.types),
        "locations": "|".join(str(node.span).replace("|", "/") for node in card.members if node.span is not None),
        "stack": card.first.stack,
        "findings": " ".join(map(str, card.marks)),
    }
    attributes = "".join(f' data-{name}="{escaped(value)}"' for name, value in data.items() if value)
    head = (
        f'<g class="{" ".join(kinds)}" id="{prefix}-n{card.number}" tabindex="0" role="img" '
        f'aria-label="{escaped("; ".join(said))}"{attributes}><title>{lines_of(said)}</title>'
    )
    behind = ""
    if card.is_stack:
        behind = "".join(
            rectangle(Rectangle(place.x + by, place.y + by, place.width, place.height), "tlp-card")
            for by in (6.0, 3.0)
        )
    bar = f'<rect x="{number(place.x)}" y="{number(place.y + 6)}" width="4" height="{number(place.height - 12)}" '
    bar += f'class="tlp-bar-{card.lane.value}"/>'
    return f"{head}{behind}{rectangle(place, 'tlp-card')}{bar}{_face(face, place)}</g>"


def _face(face: Face, place: Rectangle) -> str:
    x, y = place.x + PADDING, place.y + 8
    pieces: list[str] = []
    for line in face.name:
        pieces.append(text_element(x, y + NAME_LINE / 2, line, "tlp-name"))
        y += NAME_LINE
    if face.kind:
        pieces.append(text_element(x, y + TEXT_LINE / 2, face.kind, "tlp-kind"))
        y += TEXT_LINE
    for badge in face.badges:
        pieces.append(_badge(badge, x, y))
        y += BADGE_LINE
    if face.chip:
        width = max(CHIP_HEIGHT, width_of(face.chip, TEXT_SIZE * BOLD) + 10)
        pieces.append(chip(face.chip, Rectangle(x, y + (CHIP_LINE - CHIP_HEIGHT) / 2 + 1, width, CHIP_HEIGHT)))
    return "".join(pieces)


def _badge(badge: Badge, x: float, y: float) -> str:
    if badge.kind is None:
        return text_element(x, y + BADGE_LINE / 2, badge.text, "tlp-soft")
    return icon(badge.kind, x, y + 2) + text_element(x + 15, y + BADGE_LINE / 2, badge.text, "")


def card_lines(card: Card, texts: PictureTexts) -> list[str]:
    """Everything a card stands for, as lines of text: names, types, places, guards, findings, parts."""
    said = [_member_line(node, texts) for node in card.members[:_LISTED]]
    if card.is_stack:
        said.insert(0, texts.resources.format(count=len(card.members)))
    if len(card.members) > _LISTED:
        said.append(texts.also.format(count=len(card.members) - _LISTED))
    guards = [guard_text(guard, count, len(card.members), texts) for guard, count in card.protections]
    if guards:
        said.append(texts.protected_by.format(names=", ".join(guards)))
    if card.marks:
        said.append(findings_text(card.marks, texts))
    if card.parts:
        said.append(texts.parts.format(count=len(card.parts), names=_part_names(card.parts, texts)))
    return said


def _member_line(node: PictureNode, texts: PictureTexts) -> str:
    if not node.resource_type:
        return place_name(node, texts)
    stack = f"{texts.stack.format(name=node.stack)}" if node.stack else ""
    place = "" if node.span is None else str(node.span)
    return ", ".join(filter(None, (node.name, short_type(node.resource_type), stack, place)))


def _part_names(parts: Sequence[PictureNode], texts: PictureTexts) -> str:
    kinds: dict[str, int] = {}
    for part in parts:
        kind = short_type(part.resource_type)
        kinds[kind] = kinds.get(kind, 0) + 1
    named = [kind if count == 1 else texts.many.format(count=count, name=kind) for kind, count in kinds.items()]
    more = [texts.also.format(count=len(named) - _LISTED)] if len(named) > _LISTED else []
    return ", ".join((*named[:_LISTED], *more))


def findings_text(marks: Sequence[int], texts: PictureTexts) -> str:
    """``findings 1–4, 9``."""
    form = texts.finding if len(marks) == 1 else texts.findings
    return form.format(numbers=ranges(tuple(marks)))


def lane_element(lane: Lane, place: Rectangle, texts: PictureTexts) -> str:
    """The ground of a lane with its name."""
    name: str = getattr(texts, lane.value)
    label = text_element(
        place.x + place.width / 2, place.y + 17, cut_to(name, 13 * BOLD, place.width - 8), "", "middle"
    )
    return f'<g class="tlp-lane tlp-lane-{lane.value}">{rectangle(place, radius=4)}{label}</g>'


def frame_titles(boxes: Sequence[PictureBox], inside: Sequence[PictureNode], texts: PictureTexts) -> list[str]:
    """The lines in the head of a frame, uncut: what it is, and for subnets their names."""
    first = boxes[0]
    if first.kind is BoxKind.STACK:
        return [texts.stack.format(name=first.name)]
    if first.kind is BoxKind.VPC:
        named = texts.vpc.format(name=first.name) if first.name else texts.outside_vpc
        parts = _part_names(inside, texts)
        return [f"{named} · {parts}" if parts else named]
    form = texts.subnet if len(boxes) == 1 else texts.subnets
    return [form.format(exposure=exposure(boxes, texts)), joined_names([box.name for box in boxes])]


def joined_names(names: Sequence[str]) -> str:
    """``FunctionSubnet{A, B}``: what names share is written once."""
    shared = _shared_beginning(names)
    if len(names) < 2 or len(shared) < _SHARED or any(name == shared for name in names):
        return ", ".join(names)
    return f"{shared}{{{', '.join(name[len(shared) :] for name in names)}}}"


def _shared_beginning(names: Sequence[str]) -> str:
    least, most = min(names), max(names)
    return least[
        : next((at for at, (one, other) in enumerate(zip(least, most, strict=False)) if one != other), len(least))
    ]


def exposure(boxes: Sequence[PictureBox], texts: PictureTexts) -> str:
    """Public as soon as one of the subnets is; private only when all are known to be."""
    if any(box.public for box in boxes):
        return texts.public
    return texts.private if all(box.public is False for box in boxes) else texts.undecided


def frame_element(
    frame: Frame, titles: Sequence[str], marks: tuple[int, ...], spot: Rectangle | None, mark_text: str
) -> str:
    """A frame with its head; ``spot`` is where the numbers stand."""
    first = frame.boxes[0]
    kinds = ["tlp-box", f"tlp-{first.kind.value}"]
    if first.kind is BoxKind.SUBNET:
        exposed = "public" if any(box.public for box in frame.boxes) else ""
        kinds.append(f"tlp-{exposed}" if exposed else "tlp-private" if _all_private(frame.boxes) else "tlp-undecided")
    kinds += ["tlp-bad"] if marks else []
    said = [" ".join(titles), *(f"{box.name}, {box.span}" for box in frame.boxes if box.span is not None)]
    data = f' data-findings="{" ".join(map(str, marks))}"' if marks else ""
    body = [rectangle(frame.place, radius=8)]
    room = frame.place.width - 16 - (spot.width + 8 if spot is not None else 0)
    for row, (title, size) in enumerate(zip(titles, (_FRAME_SIZE * BOLD, TEXT_SIZE), strict=False)):
        cut = cut_before if first.kind is BoxKind.STACK else cut_to
        shown = cut(title, size, room if row == 0 else frame.place.width - 16)
        body.append(text_element(frame.place.x + 8, frame.place.y + 13 + 14 * row, shown, "tlp-soft" if row else ""))
    if spot is not None:
        body.append(chip(mark_text, spot))
    return f'<g class="{" ".join(kinds)}"{data}><title>{lines_of(said)}</title>{"".join(body)}</g>'


def _all_private(boxes: Sequence[PictureBox]) -> bool:
    return all(box.public is False for box in boxes)


def route_element(route: Route, names: Mapping[str, str], prefix: str, texts: PictureTexts) -> str:
    """A line with its arrow; the numbers of broken ones come with ``chip``, above all lines."""
    style = style_of(route.line)
    tip = "bad" if route.line.marks else "pale" if style == "reference" else "line"
    kinds = f"tlp-edge tlp-{style}" + (" tlp-broken" if route.line.marks else "")
    said = [sentence(edge, names, texts) for edge in route.line.edges[:_LISTED]]
    if len(route.line.edges) > _LISTED:
        said.append(texts.also.format(count=len(route.line.edges) - _LISTED))
    if route.line.marks:
        said.append(findings_text(route.line.marks, texts))
    data = f' data-findings="{" ".join(map(str, route.line.marks))}"' if route.line.marks else ""
    data += f' data-location="{escaped(str(route.line.edges[0].span))}"'
    return (
        f'<g class="{kinds}"{data}><title>{lines_of(said)}</title>'
        f'<path d="{path_of(route.points)}" marker-end="url(#{prefix}-tip-{tip})"/></g>'
    )


def sentence(edge: PictureEdge, names: Mapping[str, str], texts: PictureTexts) -> str:
    """An edge as a sentence with its detail, conditions and place."""
    conditions = ", ".join(f"{name}={str(value).lower()}" for name, value in edge.scenario.items())
    when = f" {texts.when.format(conditions=conditions)}" if conditions else ""
    detail = f" ({edge.detail})" if edge.detail else ""
    relation = texts.relations.get(edge.relation, edge.relation)
    return f"{names[edge.source]} {relation} {names[edge.target]}{detail}{when}, {edge.span}"
