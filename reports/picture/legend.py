"""What stands below the drawing: the meaning of its signs, and the findings whose numbers it shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reports.facts import rule_name, subject
from reports.picture.elements import chip, icon, rectangle, style_of, text_element
from reports.picture.folding import Folded
from reports.picture.placement import MARGIN, Rectangle
from reports.picture.routes import CHIP_HEIGHT, number
from reports.picture.sizes import BOLD, TEXT_SIZE
from reports.picture.text import cut_to, width_of
from reports.picture.texts import PictureTexts
from validator.model import Finding, ProtectionKind

_ROW: Final = 20.0
_SAMPLE: Final = 40.0
_SPACE: Final = 22.0
_LINE: Final = 21.0


@dataclass(frozen=True, slots=True)
class Below:
    """A piece of SVG and the y where it ends."""

    markup: str
    bottom: float


@dataclass(frozen=True, slots=True)
class _Entry:
    sample: Callable[[float, float], str]
    width: float
    text: str


def legend(folded: Folded, prefix: str, texts: PictureTexts, top: float, width: float) -> Below:
    """The signs that this drawing uses, in rows."""
    x, y = MARGIN, top
    pieces: list[str] = []
    for entry in _entries(folded, prefix, texts):
        needed = entry.width + 6 + width_of(entry.text, TEXT_SIZE)
        if x + needed > width - MARGIN and x > MARGIN:
            x, y = MARGIN, y + _ROW
        pieces.append(entry.sample(x, y + _ROW / 2))
        label = cut_to(entry.text, TEXT_SIZE, width - MARGIN - x - entry.width - 6)
        pieces.append(text_element(x + entry.width + 6, y + _ROW / 2, label, ""))
        x += needed + _SPACE
    if not pieces:
        return Below("", top)
    return Below(f'<g class="tlp-legend" aria-hidden="true">{"".join(pieces)}</g>', y + _ROW)


def _entries(folded: Folded, prefix: str, texts: PictureTexts) -> Iterable[_Entry]:
    styles = {style_of(line) for line in folded.lines if not line.marks}
    named = (
        ("calls", texts.calls),
        ("permission", texts.permission),
        ("authorization", texts.authorization),
        ("reference", texts.reference),
    )
    for style, text in named:
        if style in styles:
            tip = "pale" if style == "reference" else "line"
            yield _Entry(_line_sample(f"tlp-edge tlp-{style}", tip, prefix), _SAMPLE, text)
    cards = (*folded.cards, *folded.support)
    if any(line.marks for line in folded.lines) or any(card.marks for card in cards):
        yield _Entry(_line_sample("tlp-edge tlp-calls tlp-broken", "bad", prefix), _SAMPLE, texts.broken)
    kinds = {guard.kind for card in cards for guard, _ in card.protections}
    for kind, text in (
        (ProtectionKind.WAF, texts.waf),
        (ProtectionKind.AUTHORIZER, texts.authorizer),
        (ProtectionKind.ENCRYPTION, texts.key),
    ):
        if kind in kinds:
            yield _Entry(_icon_sample(kind), 12.0, text)
    if any(card.is_stack for card in cards):
        yield _Entry(_stack_sample, 24.0, texts.group)


def _line_sample(kinds: str, tip: str, prefix: str) -> Callable[[float, float], str]:
    def sample(x: float, y: float) -> str:
        path = f"M{number(x)} {number(y)}L{number(x + _SAMPLE)} {number(y)}"
        return f'<g class="{kinds}"><path d="{path}" marker-end="url(#{prefix}-tip-{tip})"/></g>'

    return sample


def _icon_sample(kind: ProtectionKind) -> Callable[[float, float], str]:
    return lambda x, y: icon(kind, x, y - 6)


def _stack_sample(x: float, y: float) -> str:
    cards = (Rectangle(x + by, y - 6 + by, 18, 9) for by in (4.0, 2.0, 0.0))
    return "".join(rectangle(card, "tlp-card", 2) for card in cards)


def findings_list(drawn: Mapping[int, Finding], top: float, width: float) -> Below:
    """One line a finding: its number, rule, subject and message."""
    y = top
    pieces: list[str] = []
    for count, finding in drawn.items():
        room = max(CHIP_HEIGHT, width_of(str(count), TEXT_SIZE * BOLD) + 10)
        pieces.append(chip(str(count), Rectangle(MARGIN, y + 2, room, CHIP_HEIGHT)))
        said = f"{rule_name(finding)} · {subject(finding)}: {finding.message}"
        left = MARGIN + max(room, 34.0) + 8
        pieces.append(text_element(left, y + _LINE / 2, cut_to(said, TEXT_SIZE, width - MARGIN - left), ""))
        y += _LINE
    return Below(f'<g class="tlp-findings" aria-hidden="true">{"".join(pieces)}</g>' if pieces else "", y)


def least_width(findings: Sequence[Finding]) -> float:
    """A list of findings needs room for a sentence, however small the drawing is."""
    return 900.0 if findings else 0.0
