"""Source lines in the document: excerpts beside findings, and the chapter that places link to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from reports.strings import well_formed
from reports.text.excerpt import LINE_BREAK
from validator.model import Finding, Review, Span, Verdict

_NEIGHBOURS = 2
"""Lines before and after a line that is pointed to."""
_MOST_MARKED = 6
"""Lines of one span that are shown."""
_MOST_LINES = 6000
"""Lines in the whole chapter; the lines of failures come first."""
_WIDEST = 400
_TAB = "    "


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line with its marked stretch; all three parts together are the line."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines of one span and their neighbours."""

    path: str
    line: int
    lines: tuple[SourceLine, ...]
    left_out: int
    """Lines of the span that are not shown."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The lines of one file that are shown; None where lines are left out."""

    number: int
    path: str
    lines: tuple[SourceLine | None, ...]


class Sources:
    """The source texts of a review: each file is split once."""

    def __init__(self, review: Review, link_base: str) -> None:
        self._texts = review.sources
        self._split: dict[str, list[str]] = {}
        self._link_base = link_base.rstrip("/")
        self._wanted, self.is_cut = self._choose(review)
        self._numbers = {path: number for number, path in enumerate(self._wanted, 1)}

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """What the chapter shows."""
        return tuple(SourceFile(self._numbers[path], path, self._shown(path)) for path in self._wanted)

    def link(self, span: Span) -> str:
        """Where a place leads: to the forge, to the chapter of source lines, or nowhere (empty)."""
        # A path that leads out of the project is in no repository.
        if self._link_base and not span.path.startswith(("/", "..")):
            return f"{self._link_base}/{quote(well_formed(span.path).removeprefix('./'), safe='/')}#L{span.line}"
        if span.line in self._wanted.get(span.path, ()):
            return f"#s{self._numbers[span.path]}-{span.line}"
        return ""

    def excerpt(self, span: Span) -> Excerpt | None:
        """The lines of ``span``, marked, or None when the text has no such line."""
        lines = self._lines(span.path)
        if not 1 <= span.line <= len(lines):
            return None
        last = min(max(span.end_line, span.line), len(lines))
        # An end in the first column takes nothing of its line.
        last = last - 1 if last > span.line and last == span.end_line and span.end_column <= 1 else last
        shown_last = min(last, span.line + _MOST_MARKED - 1)
        shown = [_plain(number, lines) for number in range(max(1, span.line - 1), span.line)]
        shown += [_marked(number, lines, span) for number in range(span.line, shown_last + 1)]
        if shown_last == last and last < len(lines) and lines[last].strip():
            shown.append(_plain(last + 1, lines))
        return Excerpt(span.path, span.line, tuple(shown), last - shown_last)

    def _choose(self, review: Review) -> tuple[dict[str, set[int]], bool]:
        wanted: dict[str, set[int]] = defaultdict(set)
        room = _MOST_LINES
        for span in _spans(review):
            if span.line in wanted[span.path]:
                continue
            total = len(self._lines(span.path))
            lines = range(max(1, span.line - _NEIGHBOURS), min(total, span.line + _NEIGHBOURS) + 1)
            new = [line for line in lines if span.line <= total and line not in wanted[span.path]]
            if len(new) > room:
                return _filled(wanted), True
            room -= len(new)
            wanted[span.path].update(new)
        return _filled(wanted), False

    def _shown(self, path: str) -> tuple[SourceLine | None, ...]:
        shown: list[SourceLine | None] = []
        previous = 0
        for number in sorted(self._wanted[path]):
            if number != previous + 1:
                shown.append(None)
            shown.append(_plain(number, self._lines(path)))
            previous = number
        if previous < len(self._lines(path)):
            shown.append(None)
        return tuple(shown)

    def _lines(self, path: str) -> list[str]:
        if path not in self._split:
            text = self._texts.get(path, "").removeprefix("\ufeff")
            lines = LINE_BREAK.split(text)
            self._split[path] = lines[:-1] if lines and not lines[-1] else lines
        return self._split[path]


def _filled(wanted: dict[str, set[int]]) -> dict[str, set[int]]:
    return {path: lines for path, lines in wanted.items() if lines}


def _spans(review: Review) -> Iterable[Span]:
    """All places that the document names, those of failures first."""
    order = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.SUPPRESSED, Verdict.REFUTED, Verdict.PASS)
    for finding in sorted(review.findings, key=lambda finding: order.index(finding.verdict)):
        yield from _spans_of(finding)
    for diagnostic in review.diagnostics:
        if diagnostic.span is not None:
            yield diagnostic.span


def _spans_of(finding: Finding) -> Iterable[Span]:
    yield finding.span
    proof = () if finding.refutation is None else finding.refutation.proof
    for step in (*finding.evidence, *proof):
        if step.span is not None:
            yield step.span
    if finding.suppression is not None and finding.suppression.span is not None:
        yield finding.suppression.span


def _plain(number: int, lines: list[str]) -> SourceLine:
    line = lines[number - 1]
    cut = f"{line[:_WIDEST]} …" if len(line) > _WIDEST else line
    return SourceLine(number, _untabbed(cut.rstrip()))


def _marked(number: int, lines: list[str], span: Span) -> SourceLine:
    line = lines[number - 1].rstrip()
    indent = len(line) - len(line.lstrip())
    start = span.column - 1 if number == span.line else indent
    end = span.end_column - 1 if number == span.end_line else len(line)
    start = min(max(start, 0), len(line))
    end = max(min(end, len(line)), start)
    if end == start:
        # An empty span marks its line, else nothing would be marked.
        start, end = indent, len(line)
    low, high = max(0, start - _WIDEST // 4), min(len(line), start + _WIDEST)
    before = f"… {line[low:start]}" if low else line[:start]
    after = f"{line[min(end, high) : high]} …" if high < len(line) else line[end:]
    return SourceLine(number, _untabbed(before), _untabbed(line[start : min(end, high)]), _untabbed(after))


def _untabbed(text: str) -> str:
    return text.replace("\t", _TAB)
