"""What a card says and how large it is: the text of the drawing, before anything has a place."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reports.picture.folding import Card
from reports.picture.text import cut_to, ranges, short_type, width_of, wrapped
from reports.picture.texts import PictureTexts
from validator.model import Lane, PictureNode, Protection, ProtectionKind

WIDTH: Final = 196.0
PADDING: Final = 10.0
NAME_SIZE: Final = 12.0
TEXT_SIZE: Final = 10.5
BOLD: Final = 1.09
NAME_LINE: Final = 15.0
TEXT_LINE: Final = 14.0
BADGE_LINE: Final = 16.0
CHIP_LINE: Final = 18.0
_ICON: Final = 15.0
_ROOM: Final = WIDTH - 2 * PADDING
_BADGES: Final = 3
_CHIPS_BOUND: Final = 30


@dataclass(frozen=True, slots=True)
class Badge:
    """One guard on a card, cut to its width."""

    kind: ProtectionKind | None
    text: str


@dataclass(frozen=True, slots=True)
class Face:
    """The lines on a card, top to bottom, and its height."""

    name: tuple[str, ...]
    kind: str
    badges: tuple[Badge, ...]
    chip: str
    """The numbers of its findings; empty when it has none."""
    height: float


def face_of(card: Card, texts: PictureTexts) -> Face:
    """What stands on a card."""
    name, kind = _words(card, texts)
    lines = tuple(wrapped(name, NAME_SIZE * BOLD, _ROOM))
    badges = _badges(card, texts)
    chip = chip_text(card.marks, _ROOM - 8)
    height = 2 * 8 + len(lines) * NAME_LINE + len(badges) * BADGE_LINE
    height += TEXT_LINE if kind else 0
    height += CHIP_LINE if chip else 0
    return Face(lines, cut_to(kind, TEXT_SIZE, _ROOM), badges, chip, height)


def chip_text(marks: tuple[int, ...], room: float) -> str:
    """As many numbers as there is room for; the tooltip has them all."""
    shown = ranges(marks[:_CHIPS_BOUND] if len(marks) > _CHIPS_BOUND else marks)
    if not marks or (width_of(shown, TEXT_SIZE * BOLD) <= room and len(marks) <= _CHIPS_BOUND):
        return shown
    for count in range(len(marks), 0, -1):
        shown = f"{ranges(marks[:count])} +{len(marks) - count}" if count < len(marks) else ranges(marks)
        if width_of(shown, TEXT_SIZE * BOLD) <= room:
            return shown
    return cut_to(str(marks[0]), TEXT_SIZE * BOLD, room)


def _words(card: Card, texts: PictureTexts) -> tuple[str, str]:
    first = card.first
    if not first.resource_type:
        return place_name(first, texts), ""
    if not card.is_stack:
        return first.name, short_type(first.resource_type)
    names = ", ".join(member.name for member in card.members[:3])
    rest = "" if len(card.members) <= 3 else f", +{len(card.members) - 3}"
    if len(card.types) == 1:
        title = texts.many.format(count=len(card.members), name=short_type(first.resource_type))
        return title, _fitting(names, rest)
    title = texts.resources.format(count=len(card.members))
    common = Counter(short_type(member.resource_type) for member in card.members).most_common(3)
    return title, ", ".join(texts.many.format(count=count, name=kind) for kind, count in common)


def _fitting(names: str, rest: str) -> str:
    return cut_to(names, TEXT_SIZE, _ROOM - width_of(rest, TEXT_SIZE)) + rest


def place_name(node: PictureNode, texts: PictureTexts) -> str:
    """The name of a node; a party that is no resource in the language of the picture."""
    return party_name(node.name, texts)


def party_name(name: str, texts: PictureTexts) -> str:
    """A party that is no resource, in the language of the picture; other names as they are."""
    known: Mapping[str, str] = {
        "the Internet": texts.the_internet,
        "anyone with AWS credentials": texts.anyone_with_credentials,
        "any signed-in user": texts.signed_in_user,
    }
    return known.get(name, name)


def guard_text(guard: Protection, count: int, of: int, texts: PictureTexts) -> str:
    """A guard with what limits it: the conditions, and how many of a stack of cards it guards."""
    conditions = ", ".join(f"{name}={str(value).lower()}" for name, value in guard.scenario.items())
    when = f" {texts.when.format(conditions=conditions)}" if conditions else ""
    share = f" ({count}/{of})" if count < of else ""
    return f"{guard.text}{share}{when}"


def _keeps_data(card: Card) -> bool:
    """Whether a key is worth a badge; what else has one says so in its tooltip."""
    return card.lane is Lane.DATA or card.first.resource_type in (
        "AWS::SQS::Queue",
        "AWS::SNS::Topic",
        "AWS::Kinesis::Stream",
    )


def _badges(card: Card, texts: PictureTexts) -> tuple[Badge, ...]:
    guards = [one for one in card.protections if one[0].kind is not ProtectionKind.ENCRYPTION or _keeps_data(card)]
    room = _ROOM - _ICON
    shown = guards if len(guards) <= _BADGES else guards[: _BADGES - 1]
    badges = [
        Badge(guard.kind, cut_to(guard_text(guard, count, len(card.members), texts), TEXT_SIZE, room))
        for guard, count in shown
    ]
    if len(shown) < len(guards):
        badges.append(Badge(None, texts.also.format(count=len(guards) - len(shown))))
    return tuple(badges)
