"""ARNs by structure: what a ``Resource`` element covers (IAM User Guide, *Resource*).

A text is read as a row of marks: characters, wildcards, and fixed parts (references, pseudo parameters). Fixed
parts equal only themselves; they never hold a wildcard.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from validator.graph.iam.actions import kind_words
from validator.resolve import DynamicReference, Hole, Part, Pseudo, ResourceRef, Text, Value

_LOCAL: Final = ("AWS::Region", "AWS::AccountId", "AWS::Partition")
_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
_LITERAL_VARIABLES: Final = {"*": "*", "?": "?", "$": "$"}


@dataclass(frozen=True, slots=True)
class Wildcard:
    """``*`` (``many``) or ``?``."""

    many: bool


@dataclass(frozen=True, slots=True)
class PolicyVariable:
    """``${aws:username}``: a value of the caller; neither a wildcard nor a fixed value."""

    name: str


Mark = str | Wildcard | PolicyVariable | ResourceRef | Pseudo | DynamicReference | Hole
MANY: Final = Wildcard(True)


class Coverage(StrEnum):
    """How a resource element stands to one resource."""

    NAMED = "named"
    """It names the resource, by reference or by its own name."""
    PATTERN = "pattern"
    """It covers the resource by a wildcard, among others."""
    NO = "no"
    UNKNOWN = "unknown"


def marks_of(text: Text, *, variables: bool = True) -> tuple[Mark, ...]:
    """The marks of a text. Without ``variables`` (policy version 2008) ``${…}`` is plain text."""
    return tuple(mark for part in text.parts for mark in _marks(part, variables))


def _marks(part: Part, variables: bool) -> Iterator[Mark]:
    if not isinstance(part, str):
        yield part
        return
    position = 0
    for found in _VARIABLE.finditer(part) if variables else ():
        yield from _characters(part[position : found.start()])
        name = found.group(1)
        yield _LITERAL_VARIABLES.get(name) or PolicyVariable(name)
        position = found.end()
    yield from _characters(part[position:])


def _characters(text: str) -> Iterator[Mark]:
    for character in text:
        yield MANY if character == "*" else Wildcard(False) if character == "?" else character


def segments(marks: tuple[Mark, ...]) -> tuple[tuple[Mark, ...], ...]:
    """The six segments of an ARN; one segment when it does not start like one."""
    found: list[list[Mark]] = [[]]
    for mark in marks:
        if mark == ":" and len(found) < 6:
            found.append([])
        else:
            found[-1].append(mark)
    if len(found) < 6 or found[0] != ["a", "r", "n"]:
        return (tuple(marks),)
    return tuple(map(tuple, found))


def shown(marks: tuple[Mark, ...]) -> str:
    """Marks as text."""
    return "".join("*" if mark == MANY else "?" if isinstance(mark, Wildcard) else str(mark) for mark in marks)


def is_everything(value: Value) -> bool:
    """Whether the element covers every resource of every service: ``*``, or an ARN of nothing but ``*``."""
    text = value.literal
    return text is not None and bool(re.fullmatch(r"\*+|arn:[\w*-]+:\*:\*:\*:\*+", text))


def whole_service(value: Value) -> str | None:
    """The service whose resources (or all those of one type) an ARN covers, None when a part narrows it.

    ``arn:aws:dynamodb:*:*:table/*`` and the same with the own Region and account cover the whole service.
    """
    if not isinstance(value, Text):
        return None
    parts = segments(marks_of(value))
    if len(parts) != 6:
        return None
    service = shown(parts[2])
    pieces = _pieces(parts[5])
    if not service or "*" in service or not any(MANY in piece for piece in pieces):
        return None
    kinds = kind_words(service)
    return service if all(_says_nothing(number, piece, kinds) for number, piece in enumerate(pieces)) else None


def resource_word(value: Value) -> str:
    """The service and the word that starts the last segment of an ARN (``rds db``); empty for anything else."""
    parts = segments(marks_of(value)) if isinstance(value, Text) else ()
    return f"{shown(parts[2])} {shown(_pieces(parts[5])[0])}" if len(parts) == 6 else ""


def _pieces(marks: tuple[Mark, ...]) -> list[tuple[Mark, ...]]:
    """The pieces of an ARN's last segment between ``/`` and ``:``; an empty first one (``/apis``) is dropped."""
    pieces: list[list[Mark]] = [[]]
    for mark in marks:
        if mark in ("/", ":"):
            pieces.append([])
        else:
            pieces[-1].append(mark)
    if not pieces[0] and len(pieces) > 1:
        pieces = pieces[1:]
    return [tuple(piece) for piece in pieces]


def _says_nothing(number: int, piece: tuple[Mark, ...], kinds: frozenset[str]) -> bool:
    if piece and all(mark == MANY for mark in piece):
        return True
    # Kind words stand before each wildcard: ``table/*/index/*``.
    return number % 2 == 0 and shown(piece) in kinds


def covers(pattern: Value, value: Value) -> bool:
    """Whether one resource element provably covers another (both may hold wildcards)."""
    if is_everything(pattern):
        return True
    if not isinstance(pattern, Text) or not isinstance(value, Text):
        return False
    one, other = segments(marks_of(pattern)), segments(marks_of(value))
    if len(one) != len(other):
        return False
    return all(
        _glob(a, b) or _loosely_equal(number, a, b) for number, (a, b) in enumerate(zip(one, other, strict=True))
    )


def _loosely_equal(number: int, one: tuple[Mark, ...], other: tuple[Mark, ...]) -> bool:
    """Partition, Region and account: a pseudo parameter may be whatever the other side writes out."""
    if number not in (1, 3, 4):
        return False
    return any(
        len(side) == 1 and isinstance(side[0], Pseudo) and side[0].name in _LOCAL and MANY not in opposite
        for side, opposite in ((one, other), (other, one))
    )


@cache
def _glob(pattern: tuple[Mark, ...], text: tuple[Mark, ...]) -> bool:
    """Whether the pattern matches the whole text; a ``*`` in the text is matched by a ``*`` only."""
    position = start = 0
    star = -1
    here = 0
    while here < len(text):
        mark = pattern[position] if position < len(pattern) else None
        if mark == MANY:
            star, start, position = position, here, position + 1
        elif mark is not None and _equal(mark, text[here]):
            position, here = position + 1, here + 1
        elif star >= 0:
            start += 1
            position, here = star + 1, start
        else:
            return False
    return all(mark == MANY for mark in pattern[position:])


def _equal(mark: Mark, other: Mark) -> bool:
    if isinstance(mark, Wildcard):
        return other != MANY
    return mark == other


def match(element: Value, arn: Text) -> Coverage:
    """How a ``Resource`` element stands to the resource with this ARN (a text without wildcards)."""
    if not isinstance(element, Text):
        return Coverage.UNKNOWN
    if is_everything(element):
        return Coverage.PATTERN
    marks, target = marks_of(element), marks_of(arn)
    if _segmentwise(marks, target):
        return Coverage.NAMED if _spells_name(segments(marks)[-1], segments(target)[-1]) else Coverage.PATTERN
    if any(isinstance(mark, Hole | DynamicReference) for mark in marks):
        open_marks = tuple(MANY if isinstance(mark, Hole | DynamicReference) else mark for mark in marks)
        return Coverage.UNKNOWN if _segmentwise(open_marks, target) else Coverage.NO
    return Coverage.NO


def _spells_name(element: tuple[Mark, ...], target: tuple[Mark, ...]) -> bool:
    """Whether the last segment writes the name out; what is inside (``bucket/*``) may be a wildcard."""
    inside = ("/", MANY)
    if element[-2:] == inside == target[-2:]:
        element = element[:-2]
    return not any(isinstance(mark, Wildcard) for mark in element)


def _segmentwise(pattern: tuple[Mark, ...], target: tuple[Mark, ...]) -> bool:
    one, other = segments(pattern), segments(target)
    if len(one) != len(other):
        return False
    return all(
        _glob(a, b) or _loosely_equal(number, a, b) for number, (a, b) in enumerate(zip(one, other, strict=True))
    )
