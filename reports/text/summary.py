"""The foot of the report: remarks on the input, the table of checks, the outcome in one sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from reports.facts import checked_by, engine_failure, failed_engines, settling_text
from reports.tally import Tally, tally
from reports.text.finding import excerpt_lines, rule_shown
from reports.text.page import FAINT, STRONG, VERDICT_STYLES, Page, place
from reports.text.plain import name, one_line, several_lines
from reports.verdict_sentence import gate_sentence
from validator.model import (
    CORE_CATEGORIES,
    Category,
    Diagnostic,
    DiagnosticLevel,
    EngineRun,
    Finding,
    ReportOptions,
    Review,
    Settling,
    Verdict,
)

DIAGNOSTIC_STYLES = {
    DiagnosticLevel.ERROR: "bold red",
    DiagnosticLevel.WARNING: "bold yellow",
    DiagnosticLevel.NOTICE: "bold cyan",
}
_LEVELS = tuple(DIAGNOSTIC_STYLES)
_COLUMNS = (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.SUPPRESSED, Verdict.REFUTED)
SHOWN_SETTLINGS = 3
"""Inputs that are named at the end before ``-v`` is needed."""


def errors_first(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The remarks, worst first, otherwise in their own order."""
    return sorted(diagnostics, key=lambda diagnostic: _LEVELS.index(diagnostic.level))


def diagnostic_block(diagnostic: Diagnostic, page: Page) -> Iterator[Text]:
    """``error  unreadable  message``, the source line where there is one, and what to do."""
    style = DIAGNOSTIC_STYLES[diagnostic.level]
    head = Text.assemble(
        (diagnostic.level.value, style),
        "  ",
        (one_line(diagnostic.code), STRONG),
        f"  {one_line(diagnostic.message)}",
    )
    yield from page.wrapped(head, Text(), 2)
    if diagnostic.span is not None:
        yield from excerpt_lines(diagnostic.span, page, style)
    if diagnostic.hint:
        first, *rest = several_lines(diagnostic.hint)
        yield from page.labelled("do", Text(first))
        for line in rest:
            yield from page.paragraph(Text(line), 8)


def notice_lines(notices: Sequence[Diagnostic], page: Page) -> Iterator[Text]:
    """Remarks that ask for nothing: each on a line of its own with ``-v``, else how many of which kind."""
    style = DIAGNOSTIC_STYLES[DiagnosticLevel.NOTICE]
    if page.options.verbose:
        for notice in notices:
            text = Text.assemble((notice.level.value, style), f"  {one_line(notice.message)}")
            yield from page.with_place(page.wrapped(text, Text(), 2), notice.span, 2)
        return
    kinds = Counter(notice.code for notice in notices)
    counts = ", ".join(f"{number} {one_line(code)}" for code, number in kinds.items())
    yield from page.wrapped(Text(f"notices: {counts} (-v shows them)", FAINT), Text(), 2)


def quiet_diagnostic(diagnostic: Diagnostic) -> Text:
    """A remark on one line."""
    where = "" if diagnostic.span is None else f"{place(diagnostic.span)}: "
    level = (diagnostic.level.value, DIAGNOSTIC_STYLES[diagnostic.level])
    return Text.assemble(where, level, f" {one_line(diagnostic.code)}: {one_line(diagnostic.message)}")


def quiet_engine(engine: EngineRun) -> Text:
    """An engine that failed, on one line."""
    return Text.assemble(("error", DIAGNOSTIC_STYLES[DiagnosticLevel.ERROR]), f" {one_line(engine_failure(engine))}")


def engine_lines(review: Review, page: Page) -> Iterator[Text]:
    """Which engines checked, in which versions; one that failed on a line of its own that nobody overlooks."""
    ran = checked_by(review)
    if ran:
        yield from page.wrapped(Text(one_line(ran), FAINT), Text(), 2)
    for engine in failed_engines(review):
        failure = Text(one_line(engine_failure(engine)), "bold red")
        yield from page.wrapped(failure, Text("FAILED  ", "bold red"), 8)


def settling_lines(settling: Sequence[Settling], page: Page) -> Iterator[Text]:
    """The inputs that would settle the most unknowns, best first."""
    shown = settling if page.options.verbose else settling[:SHOWN_SETTLINGS]
    for number, entry in enumerate(shown):
        label = "To settle most: " if number == 0 else "                "
        yield from page.wrapped(Text(one_line(settling_text(entry))), Text(label), len(label))
    if len(shown) < len(settling):
        yield Text(f"    and {len(settling) - len(shown)} more (-v lists them)", FAINT)


def fixed_lines(fixed: Sequence[Finding], page: Page) -> Iterator[Text]:
    """What the compared state had and this one has no more, one line each."""
    for finding in fixed:
        subject = " ".join(filter(None, (rule_shown(finding), name(finding.resource), name(finding.target))))
        where = f"  {name(finding.template)}" if finding.template else ""
        yield from page.wrapped(Text.assemble(("fixed", "bold green"), f"  {subject}{where}"), Text(), 2)


def summary_table(findings: Sequence[Finding]) -> Iterator[Text]:
    """The five core checks, and the other checks that gave a verdict, with their counts.

    The column of what is refuted stands there only where something is.
    """
    others = [c for c in Category if c not in CORE_CATEGORIES and any(f.category is c for f in findings)]
    rows = [
        (category.value, tally(f for f in findings if f.category is category))
        for category in (*CORE_CATEGORIES, *others)
    ]
    columns = _COLUMNS if any(counts.refuted for _, counts in rows) else _COLUMNS[:-1]
    label_width = max(len(label) for label, _ in rows)
    yield Text("check".ljust(label_width) + "".join(f"  {column.value:>5}" for column in columns), FAINT)
    for label, counts in rows:
        yield Text(label.ljust(label_width)) + _cells(counts, columns)


def _cells(counts: Tally, columns: Sequence[Verdict]) -> Text:
    cells = Text()
    numbers = (counts.passed, counts.failed, counts.unknown, counts.suppressed, counts.refuted)
    for column, number in zip(columns, numbers, strict=False):
        width = max(len(column.value), 5) + 2
        cells += Text(str(number).rjust(width), VERDICT_STYLES[column] if number else FAINT)
    return cells


def outcome(review: Review, options: ReportOptions) -> Text:
    """One sentence or two: is the gate open, and what is left to look at."""
    sentence = gate_sentence(review, options)
    style = "bold red" if sentence.closed or sentence.incomplete else "bold green"
    rest = f" {sentence.rest}" if sentence.rest else ""
    return Text.assemble((sentence.verdict, style), rest)
