"""Comments of a source, found between its scalars."""

import re
from collections.abc import Iterable

from validator.load.source import LINE_BREAK, Source

MARKER = "tierlens:"
"""Only sources with this text are searched: no other comment means anything to a review."""

_COMMENT = re.compile(r"(?<!\S)#[^\r\n\x85\u2028\u2029]*")


def find_comments(source: Source, scalar_stretches: Iterable[tuple[int, int]]) -> dict[int, str]:
    """Line number to the comment on it, from the ``#`` to the end of the line.

    ``scalar_stretches`` are the offsets of all scalars in order: a ``#`` within one is text. The header of
    a block scalar may bear a comment (``Description: |  # so``).
    """
    comments: dict[int, str] = {}
    text = source.text
    position = 0
    for start, end in scalar_stretches:
        _collect(source, position, start, comments)
        if text[start : start + 1] in ("|", ">"):
            header = LINE_BREAK.search(text, start, end)
            _collect(source, start, end if header is None else header.start(), comments)
        position = max(position, end)
    _collect(source, position, len(text), comments)
    return comments


def _collect(source: Source, start: int, end: int, comments: dict[int, str]) -> None:
    for found in _COMMENT.finditer(source.text, start, end):
        comments[source.place(found.start())[0]] = found.group().rstrip()
