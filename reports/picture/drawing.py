"""The picture as SVG: a fragment for a page, or a file of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reports.facts import rule_name, subject
from reports.picture.elements import (
    card_element,
    card_lines,
    chip,
    exposure,
    frame_element,
    frame_titles,
    lane_element,
    rectangle,
    route_element,
    text_element,
)
from reports.picture.folding import Folded, fold
from reports.picture.legend import findings_list, least_width, legend
from reports.picture.marks import Marks, marks_of
from reports.picture.placement import MARGIN, Frame, Placed, Rectangle, place
from reports.picture.routes import CHIP_HEIGHT, Route, number, routes_of
from reports.picture.sizes import BOLD, TEXT_SIZE, chip_text, face_of
from reports.picture.style import PICTURE_CSS
from reports.picture.text import cut_to, escaped, lines_of, width_of
from reports.picture.texts import ENGLISH, PictureTexts
from validator.model import BoxKind, Finding, Lane, Picture, PictureNode

_TITLE: Final = 34.0
_CHIPS_ROOM: Final = 90.0
_SHOWN_PARTS: Final = (
    "AWS::EC2::InternetGateway",
    "AWS::EC2::EgressOnlyInternetGateway",
    "AWS::EC2::NatGateway",
    "AWS::EC2::VPCEndpoint",
    "AWS::NetworkFirewall::Firewall",
)
"""The parts of a VPC that its head names: how one gets in and out."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The head of a frame: its texts, uncut, and where the numbers stand."""

    frame: Frame
    titles: list[str]
    marks: tuple[int, ...]
    chip: Rectangle | None
    chip_text: str


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One picture, drawn: what stands inside of its ``svg`` element, and the findings it has numbers of."""

    inside: str
    width: float
    height: float
    marks: Marks

    def element(self, prefix: str, y: float | None = None) -> str:
        """The ``svg`` element; with ``y`` it is a part of another one."""
        place = ' xmlns="http://www.w3.org/2000/svg"' if y is None else f' x="0" y="{number(y)}"'
        size = f'width="{number(self.width)}" height="{number(self.height)}"'
        return (
            f'<svg{place} class="tlp" id="{prefix}" viewBox="0 0 {number(self.width)} {number(self.height)}" {size} '
            f'role="group" aria-labelledby="{prefix}-title" aria-describedby="{prefix}-desc">{self.inside}</svg>'
        )


def svg(
    picture: Picture,
    findings: Sequence[Finding] = (),
    *,
    id_prefix: str = "picture",
    texts: PictureTexts = ENGLISH,
    standalone: bool = False,
) -> str:
    """The picture as SVG; the same arguments always give the same text.

    The number of a finding is its position in ``findings``, from 1; failing ones that concern the picture are
    marked. A fragment (the default) has no styles of its own: ``PICTURE_CSS`` goes into the page once, and
    ``id_prefix`` (letters, digits, hyphens) differs for each picture of the page. A ``standalone`` file has
    its styles, its title and the list of the findings that are numbered in it.
    """
    if standalone:
        return sheet((picture,), findings, texts=texts)
    return _draw(picture, findings, id_prefix, texts).element(id_prefix)


def sheet(pictures: Sequence[Picture], findings: Sequence[Finding] = (), *, texts: PictureTexts = ENGLISH) -> str:
    """A file with pictures one below the other, each with its title, and the findings that they number."""
    drawings = [_draw(picture, findings, f"picture-{turn}", texts) for turn, picture in enumerate(pictures, 1)]
    drawn = dict(sorted(pair for drawing in drawings for pair in drawing.marks.drawn.items()))
    width = max((drawing.width for drawing in drawings), default=2 * MARGIN)
    width = max(width, least_width(tuple(drawn.values())))
    body: list[str] = []
    y = 0.0
    for turn, (picture, drawing) in enumerate(zip(pictures, drawings, strict=True), 1):
        title = cut_to(texts.alternative.format(title=picture.title), 15 * BOLD, width - 2 * MARGIN)
        body.append(text_element(MARGIN, y + 24, title, "tlp-title"))
        body.append(drawing.element(f"picture-{turn}", y + _TITLE))
        y += _TITLE + drawing.height
    listed = findings_list(drawn, y, width)
    height = listed.bottom + MARGIN
    name = lines_of([", ".join(texts.alternative.format(title=picture.title) for picture in pictures)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tlp" viewBox="0 0 {number(width)} {number(height)}" '
        f'width="{number(width)}" height="{number(height)}"><title>{name}</title><style>{PICTURE_CSS}</style>'
        f"{rectangle(Rectangle(0, 0, width, height), 'tlp-back', 0)}{''.join(body)}{listed.markup}</svg>\n"
    )


def listing(picture: Picture, findings: Sequence[Finding] = (), *, texts: PictureTexts = ENGLISH) -> str:
    """The text alternative: every card with what it stands for, lane by lane, then the findings. Plain text."""
    marks = marks_of(picture, findings)
    folded = fold(picture, marks)
    return "\n".join(_said(picture, folded, marks, texts))


def _draw(picture: Picture, findings: Sequence[Finding], prefix: str, texts: PictureTexts) -> _Drawing:
    marks = marks_of(picture, findings)
    folded = fold(picture, marks)
    cards = (*folded.cards, *folded.support)
    faces = {card.number: face_of(card, texts) for card in cards}
    placed = place(picture, folded, faces, marks)
    heads = _heads(picture, placed, marks, texts)
    routes = routes_of(folded.lines, placed)
    below = legend(folded, prefix, texts, placed.height, placed.width)
    height = below.bottom + MARGIN
    inside = [
        f'<title id="{prefix}-title">{escaped(texts.alternative.format(title=picture.title))}</title>',
        f'<desc id="{prefix}-desc">{lines_of(_said(picture, folded, marks, texts))}</desc>',
        f"<defs>{_tips(prefix)}</defs>",
        rectangle(Rectangle(0, 0, placed.width, height), "tlp-back", 0),
        *(lane_element(lane, at, texts) for lane, at in placed.lanes),
        *_support_ground(placed, texts),
        *(frame_element(head.frame, head.titles, head.marks, head.chip, head.chip_text) for head in heads),
        *_lines(picture, routes, prefix, texts),
        *(card_element(card, faces[card.number], placed.cards[card.number], prefix, texts) for card in cards),
        *(chip(route.chip_text, route.chip) for route in routes if route.chip is not None),
        below.markup,
    ]
    if not picture.nodes and not picture.boxes:
        inside.append(text_element(placed.width / 2, MARGIN + 46, texts.nothing, "tlp-soft", "middle"))
    return _Drawing("".join(inside), placed.width, height, marks)


def _tips(prefix: str) -> str:
    return "".join(
        f'<marker id="{prefix}-tip-{kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .5L8 4L0 7.500z" class="{style}"/></marker>'
        for kind, style in (("line", "tlp-tip"), ("pale", "tlp-tip-pale"), ("bad", "tlp-tip-bad"))
    )


def _support_ground(placed: Placed, texts: PictureTexts) -> tuple[str, ...]:
    return () if placed.strip is None else (lane_element(Lane.SUPPORT, placed.strip, texts),)


def _lines(picture: Picture, routes: Sequence[Route], prefix: str, texts: PictureTexts) -> list[str]:
    names = {node.id: node.name for node in picture.nodes}
    return [route_element(route, names, prefix, texts) for route in routes]


def _heads(picture: Picture, placed: Placed, marks: Marks, texts: PictureTexts) -> list[_Head]:
    inside: dict[str, list[PictureNode]] = {}
    for node in picture.nodes:
        if node.resource_type in _SHOWN_PARTS:
            for owner in node.owners:
                inside.setdefault(owner, []).append(node)
    return [_head(frame, inside, marks, texts) for frame in placed.frames]


def _head(frame: Frame, inside: Mapping[str, list[PictureNode]], marks: Marks, texts: PictureTexts) -> _Head:
    numbers = tuple(sorted({mark for box in frame.boxes for mark in marks.of.get(box.id, ())}))
    titles = frame_titles(frame.boxes, inside.get(frame.boxes[0].id, ()), texts)
    shown = chip_text(numbers, _CHIPS_ROOM)
    if not shown:
        return _Head(frame, titles, numbers, None, "")
    width = max(CHIP_HEIGHT, width_of(shown, TEXT_SIZE * BOLD) + 10)
    spot = Rectangle(frame.place.right - width - 8, frame.place.y + 4, width, CHIP_HEIGHT)
    return _Head(frame, titles, numbers, spot, shown)


def _said(picture: Picture, folded: Folded, marks: Marks, texts: PictureTexts) -> list[str]:
    """The drawing in words."""
    resources = [node for node in picture.nodes if node.resource_type]
    drawn = sum(not node.owners for node in resources)
    said = [texts.description.format(title=picture.title, count=len(resources), drawn=drawn)]
    lane: Lane | None = None
    for card in sorted((*folded.cards, *folded.support), key=lambda card: list(Lane).index(card.lane)):
        if card.lane is not lane:
            lane = card.lane
            said.append(f"{getattr(texts, lane.value)}:")
        said.append(f"- {'; '.join(card_lines(card, texts))}")
    for box in picture.boxes:
        if box.kind is BoxKind.SUBNET:
            said.append(f"- {texts.subnet.format(exposure=exposure((box,), texts))} {box.name}")
    said += (
        f"{count}. {rule_name(finding)} {subject(finding)}: {finding.message}"
        for count, finding in marks.drawn.items()
    )
    return said
