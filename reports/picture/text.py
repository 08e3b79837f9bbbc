"""Texts of templates as they stand in the picture: harmless, escaped, and cut to the room there is."""

import unicodedata
from typing import Final

from reports.strings import visible, well_formed

ELLIPSIS: Final = "…"
_NARROW: Final = frozenset("iljtfrI.,:;'|!()[]{}/\\ -·")
_BROAD: Final = frozenset("mwMW@%")
_LENGTH_BOUND: Final = 400
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_UNSHORTENED: Final = {"AWS", "Alexa", "Custom"}


def escaped(text: str) -> str:
    """A template's text for element content and attributes: nothing in it acts as markup or turns the line around."""
    return "".join(_ESCAPES.get(character, character) for character in visible(well_formed(text)))


def lines_of(texts: list[str]) -> str:
    """Lines for a ``title`` or ``desc``, each made harmless."""
    return "\n".join(escaped(text) for text in texts if text)


def width_of(text: str, size: float) -> float:
    """How wide the text is at most, in a broad sans-serif face: a browser may have any."""
    return size * sum(map(_advance, text))


def _advance(character: str) -> float:
    if character in _NARROW:
        return 0.42
    if character in _BROAD or unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.72 if character.isupper() or character.isdigit() or character == "_" else 0.64


def cut_to(text: str, size: float, room: float) -> str:
    """The text, or its beginning and an ellipsis, in no more than ``room`` pixels; harmless but not yet escaped."""
    shown = visible(well_formed(text[:_LENGTH_BOUND]))
    if width_of(shown, size) <= room:
        return shown
    left = room - width_of(ELLIPSIS, size)
    kept: list[str] = []
    for character in shown:
        left -= _advance(character) * size
        if left < 0:
            break
        kept.append(character)
    return "".join(kept) + ELLIPSIS


def cut_before(text: str, size: float, room: float) -> str:
    """As ``cut_to``, but the end is kept: of a path it says most."""
    shown = visible(well_formed(text[-_LENGTH_BOUND:]))
    return cut_to(shown[::-1], size, room)[::-1]


def wrapped(text: str, size: float, room: float) -> list[str]:
    """The text in one line or two: broken where a word ends, and cut when two lines lack room."""
    shown = visible(well_formed(text[:_LENGTH_BOUND]))
    if width_of(shown, size) <= room:
        return [shown]
    end = 0
    while end < len(shown) and width_of(shown[: end + 1], size) <= room:
        end += 1
    breaks = [index for index in range(max(1, end // 2), end + 1) if _starts_word(shown, index)]
    at = breaks[-1] if breaks else end
    return [shown[:at].rstrip(), cut_to(shown[at:].lstrip(), size, room)]


def _starts_word(text: str, index: int) -> bool:
    if index >= len(text):
        return False
    before, here = text[index - 1], text[index]
    return before in " -_./:" or (here.isupper() and not before.isupper())


def short_type(resource_type: str) -> str:
    """``AWS::DynamoDB::Table`` as people say it: ``DynamoDB Table``."""
    parts = [part for part in resource_type.split("::") if part]
    return " ".join(parts[1:] if len(parts) > 1 and parts[0] in _UNSHORTENED else parts)


def ranges(numbers: tuple[int, ...]) -> str:
    """Numbers in order, neighbours joined: ``1–4, 9``."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
