"""Where a key stands in a TOML file: ``tomllib`` gives values without places."""

import re
from collections.abc import Sequence

from validator.model import Span

_HEADER = re.compile(r"""\s*\[(?P<array>\[)?\s*(?P<name>(?:"[^"]*"|'[^']*'|[^\[\]"'])+?)\s*\]""")
_KEY = re.compile(r"""\s*(?P<name>(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r""""[^"]*"|'[^']*'|[A-Za-z0-9_-]+""")


class TomlLines:
    """The places of the keys and table headers of one TOML text, found by a scan of its lines.

    Keys inside of inline tables and multi-line strings have no place of their own; the nearest key around
    them is given instead.
    """

    def __init__(self, shown: str, text: str) -> None:
        self._shown = shown
        self._spans: dict[tuple[str | int, ...], Span] = {}
        self._scan(text.splitlines())

    def span(self, path: Sequence[str | int]) -> Span:
        """The place of the key or table at ``path``, else of the nearest one above it, else line 1."""
        keys = tuple(path)
        while keys:
            if keys in self._spans:
                return self._spans[keys]
            keys = keys[:-1]
        return Span(self._shown, 1, 1, 1, 1)

    def _scan(self, lines: Sequence[str]) -> None:
        table: tuple[str | int, ...] = ()
        counts: dict[tuple[str | int, ...], int] = {}
        quote = ""
        for number, line in enumerate(lines, start=1):
            inside, quote = quote, _open_quote(line, quote)
            if inside:
                continue
            if header := _HEADER.match(line):
                table = _parts(header["name"])
                if header["array"]:
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                self._note(table, number, header.start("name"), header.end("name"))
            elif key := _KEY.match(line):
                self._note((*table, *_parts(key["name"])), number, key.start("name"), key.end("name"))

    def _note(self, path: tuple[str | int, ...], line: int, start: int, end: int) -> None:
        self._spans.setdefault(path, Span(self._shown, line, start + 1, line, end + 1))


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _open_quote(line: str, quote: str) -> str:
    """The triple quote that is still open at the end of the line, or nothing."""
    for mark in re.findall(r'"""|\'\'\'', line):
        if not quote:
            quote = mark
        elif mark == quote:
            quote = ""
    return quote
