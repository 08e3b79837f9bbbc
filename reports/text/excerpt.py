"""One source line with a caret under the span, cut to the width of the page."""

import re
from dataclasses import dataclass

from reports.text.plain import printable, width_of
from validator.model import Span

TAB_SIZE = 4
_CUT = "..."
_LEAD = 12
"""Columns that stay visible before the caret of a line that is cut."""

# The line breaks of YAML 1.1, which libyaml counts: str.splitlines() knows others besides.
LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A shown line, and where the carets stand under it."""

    number: int
    code: str
    offset: int
    """Columns before the first caret."""
    length: int
    """Number of carets, at least one."""


class SourceLines:
    """The lines of the files of a review; each file is split once."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._sources = sources
        self._lines: dict[str, list[str]] = {}

    def excerpt(self, span: Span, width: int) -> Excerpt | None:
        """The first line of ``span`` in at most ``width`` columns, or None when the text has no such line.

        A span of several lines is marked up to the end of its first; an empty one gets one caret.
        """
        line = self._line(span.path, span.line)
        if line is None:
            return None
        last = len(line.rstrip()) if span.end_line > span.line else span.end_column - 1
        start = min(span.column - 1, len(line))
        return _cut_to(width, line, span.line, start, max(last, start + 1))

    def _line(self, path: str, number: int) -> str | None:
        if path not in self._lines:
            self._lines[path] = LINE_BREAK.split(self._sources.get(path, "").removeprefix("\ufeff"))
        lines = self._lines[path]
        if number > len(lines) or not lines[number - 1].strip():
            return None
        return lines[number - 1]


def _columns(line: str) -> list[str]:
    """What each character of ``line`` looks like: tabs as spaces, the unprintable escaped."""
    shown: list[str] = []
    column = 0
    for character in line:
        text = " " * (TAB_SIZE - column % TAB_SIZE) if character == "\t" else printable(character)
        shown.append(text)
        column += width_of(text)
    return shown


def _cut_to(width: int, line: str, number: int, start: int, end: int) -> Excerpt:
    # A template may be one line of megabytes: only what can be shown is looked at.
    low, high = max(0, start - width), min(len(line), start + width)
    shown = _columns(line[low:high])
    widths = [width_of(text) for text in shown]
    mark = start - low
    first, last = _window(width, widths, mark, low > 0, high < len(line))
    before = _CUT if low + first > 0 else ""
    after = _CUT if low + last < len(line) else ""
    code = f"{before}{''.join(shown[first:last])}{after}".rstrip()
    offset = len(before) + sum(widths[first:mark])
    length = sum(widths[mark : min(end - low, last)])
    return Excerpt(number, code, offset, max(length, 1))


def _window(width: int, widths: list[int], mark: int, more_before: bool, more_after: bool) -> tuple[int, int]:
    """First and last (exclusive) of the characters to show, so that ``mark`` is among them."""
    # A mark after the last character needs a column of its own.
    needed = sum(widths) + (mark == len(widths))
    if not more_before and not more_after and needed <= width:
        return 0, len(widths)
    first = 0
    if more_before or sum(widths[: mark + 1]) + _LEAD + len(_CUT) > width:
        first, lead = mark, 0
        while first > 0 and lead + widths[first - 1] <= _LEAD:
            first -= 1
            lead += widths[first]
    room = width - len(_CUT) - (len(_CUT) if first > 0 or more_before else 0)
    last = first
    while last < len(widths) and widths[last] <= room:
        room -= widths[last]
        last += 1
    return first, last
