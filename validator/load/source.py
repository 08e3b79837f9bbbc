"""Bytes to text: size, encoding, control characters; and places in a text."""

import codecs
import re
from bisect import bisect_right
from functools import cached_property

from validator.load.events import Mark
from validator.load.limits import MAXIMUM_SOURCE_BYTES
from validator.model import LoadError, Span

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line for YAML 1.1; ``str.splitlines`` agrees on every text that YAML allows."""

_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class Source:
    """One text with its path, able to turn an offset into a line and a column."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in LINE_BREAK.finditer(self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets."""
        return Span(self.path, *self.place(start), *self.place(end))

    def marked_span(self, start: Mark, end: Mark) -> Span:
        """The span between two marks of the parser, which puts the end of the text on a line of its own."""
        if end.index >= len(self.text):
            return self.span(min(start.index, len(self.text)), len(self.text))
        return Span(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def refuse_size(size: int, path: str) -> None:
    """Raise LoadError when a file of ``size`` bytes is over the limit."""
    if size > MAXIMUM_SOURCE_BYTES:
        raise LoadError(
            f"{path} has more than {MAXIMUM_SOURCE_BYTES // 1_000_000} MB",
            span=Span(path, 1, 1, 1, 1),
            hint="CloudFormation takes templates up to 1 MB; leave generated data out of the run",
            code="too-large",
        )


def decode(data: bytes, path: str) -> Source:
    """The text of a file, without a byte order mark.

    Takes the bytes and the path to show; raises LoadError, with the place, for a file that is too large or
    is not UTF-8. CloudFormation reads UTF-8 only.
    """
    refuse_size(len(data), path)
    for mark, name in _OTHER_ENCODINGS:
        if data.startswith(mark):
            raise _encoding_error(path, 1, 1, f"the file is {name}, not UTF-8")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return Source(path, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        before = Source(path, data[: error.start].decode("utf-8"))
        line, column = before.place(len(before.text))
        wrong = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        raise _encoding_error(path, line, column, wrong) from None


def _encoding_error(path: str, line: int, column: int, message: str) -> LoadError:
    return LoadError(
        message, span=Span(path, line, column, line, column + 1), hint="save the file as UTF-8", code="encoding"
    )


def control_character_error(source: Source) -> LoadError | None:
    """The error for the first character that YAML does not allow, or None when all are allowed."""
    found = _NOT_YAML.search(source.text)
    if found is None:
        return None
    return LoadError(
        f"the control character U+{ord(found.group()):04X} is not allowed here",
        span=source.span(found.start(), found.end()),
        hint='delete it, or write it as an escape in double quotes ("\\x00")',
        code="control-character",
    )
