"""Lines on a page: hanging indents, places that stay clickable, rendering with or without colour."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from reports.text.excerpt import SourceLines
from reports.text.plain import one_line, width_of
from validator.model import ReportOptions, Severity, Span, Verdict

MINIMUM_WIDTH = 40
INDENT = "  "
LABEL_WIDTH = 6

VERDICT_STYLES = {
    Verdict.FAIL: "bold red",
    Verdict.UNKNOWN: "bold yellow",
    Verdict.PASS: "bold green",
    Verdict.SUPPRESSED: "bold blue",
    Verdict.REFUTED: "bold blue",
}
SEVERITY_STYLES = {
    Severity.CRITICAL: "bold magenta",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}
FAINT = "dim"
STRONG = "bold"


@dataclass(frozen=True, slots=True)
class Page:
    """What the parts of a report share: the options, the width, the source lines, the console."""

    options: ReportOptions
    width: int
    sources: SourceLines
    console: Console
    environments: tuple[str, ...] = ()
    """The environments of the run."""

    def wrapped(self, text: Text, first: Text, indent: int) -> Iterator[Text]:
        """``text`` after ``first`` on the first line, later lines indented by ``indent`` columns."""
        for number, line in enumerate(text.wrap(self.console, max(self.width - indent, 20))):
            line.rstrip()
            yield first + line if number == 0 else Text(" " * indent) + line

    def labelled(self, label: str, text: Text) -> Iterator[Text]:
        """A paragraph with ``label`` before it: ``why   A database …``."""
        first = Text(INDENT) + Text(label.ljust(LABEL_WIDTH), FAINT)
        return self.wrapped(text, first, len(INDENT) + LABEL_WIDTH)

    def paragraph(self, text: Text, indent: int) -> Iterator[Text]:
        """A paragraph, all of it indented."""
        return self.wrapped(text, Text(" " * indent), indent)

    def with_place(self, lines: Iterable[Text], span: Span | None, indent: int) -> Iterator[Text]:
        """The lines, and the place at the end of the last, or below it where it does not fit.

        A place is never broken: terminals and editors make ``path:line:column`` clickable.
        """
        *head, last = lines
        yield from head
        if span is None:
            yield last
            return
        shown = place(span)
        if last.cell_len + 2 + width_of(shown) <= self.width:
            yield last + Text("  ") + Text(shown, FAINT)
        else:
            yield last
            yield Text(" " * indent) + Text(shown, FAINT)

    def render(self, lines: Iterable[Text]) -> str:
        """The lines as one text that ends in a line break."""
        out = io.StringIO()
        self.console.file = out
        self.console.print(Text("\n").join(lines), soft_wrap=True)
        return out.getvalue()


def page_for(options: ReportOptions, sources: dict[str, str], environments: tuple[str, ...] = ()) -> Page:
    """A page for the options; the environment (NO_COLOR, COLUMNS …) is the command line's concern."""
    width = max(options.width, MINIMUM_WIDTH)
    console = Console(
        force_terminal=options.color,
        force_jupyter=False,
        no_color=not options.color,
        color_system="standard" if options.color else None,
        legacy_windows=False,
        width=width,
        height=25,
        markup=False,
        highlight=False,
        emoji=False,
    )
    return Page(
        options=options, width=width, sources=SourceLines(sources), console=console, environments=environments
    )


def place(span: Span) -> str:
    """``path:line:column``, on one line."""
    return f"{one_line(span.path)}:{span.line}:{span.column}"


def joined(parts: Iterable[tuple[str, str]]) -> Text:
    """Parts (text, style) with two spaces between those that are not empty."""
    shown = [Text(text, style) for text, style in parts if text]
    return Text("  ").join(shown)
