"""The foot of the report: remarks on the input, the table of checks, the outcome in one sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from reports.tally import Tally, at_or_above, tally
from reports.text.finding import excerpt_lines
from reports.text.page import FAINT, STRONG, VERDICT_STYLES, Page, place
from reports.text.plain import counted, one_line, several_lines
from validator.model import (
    CORE_CATEGORIES,
    Category,
    Diagnostic,
    DiagnosticLevel,
    Finding,
    ReportOptions,
    Review,
    Verdict,
)

DIAGNOSTIC_STYLES = {
    DiagnosticLevel.ERROR: "bold red",
    DiagnosticLevel.WARNING: "bold yellow",
    DiagnosticLevel.NOTICE: "bold cyan",
}
_LEVELS = tuple(DIAGNOSTIC_STYLES)
_COLUMNS = (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.SUPPRESSED)


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


def summary_table(findings: Sequence[Finding]) -> Iterator[Text]:
    """The five core checks, and the other checks that gave a verdict, with their counts."""
    others = [c for c in Category if c not in CORE_CATEGORIES and any(f.category is c for f in findings)]
    rows = [
        (category.value, tally(f for f in findings if f.category is category))
        for category in (*CORE_CATEGORIES, *others)
    ]
    label_width = max(len(label) for label, _ in rows)
    yield Text("check".ljust(label_width) + "".join(f"  {column.value:>5}" for column in _COLUMNS), FAINT)
    for label, counts in rows:
        yield Text(label.ljust(label_width)) + _cells(counts)


def _cells(counts: Tally) -> Text:
    cells = Text()
    numbers = (counts.passed, counts.failed, counts.unknown, counts.suppressed)
    for column, number in zip(_COLUMNS, numbers, strict=True):
        width = max(len(column.value), 5) + 2
        cells += Text(str(number).rjust(width), VERDICT_STYLES[column] if number else FAINT)
    return cells


def outcome(review: Review, options: ReportOptions) -> Text:
    """One sentence or two: is the gate open, and what is left to look at."""
    counts = tally(review.findings)
    reached = at_or_above(review.findings, options.fail_on)
    unknown = reached.unknown if options.fail_on_unknown else 0
    threshold = options.fail_on.value
    closed = reached.failed + unknown > 0
    if closed:
        failures = counted(reached.failed, "failure") if reached.failed else ""
        reasons = " and ".join(filter(None, (failures, f"{unknown} unknown" if unknown else "")))
        verdict = f"{reasons} at or above {threshold}: the gate is closed."
    elif review.incomplete:
        verdict = f"Nothing at or above {threshold} in the rest."
    elif review.findings:
        verdict = f"Nothing at or above {threshold}."
    else:
        verdict = "No rule found anything to judge."
    if review.incomplete:
        errors = sum(d.level is DiagnosticLevel.ERROR for d in review.diagnostics)
        verdict = f"Not everything could be checked ({counted(errors, 'error')} above). {verdict}"
    style = "bold red" if closed or review.incomplete else "bold green"
    return Text.assemble((verdict, style), _rest(counts, counts.failed - reached.failed, counts.unknown - unknown))


def _rest(counts: Tally, below: int, unknown: int) -> str:
    """What does not decide the gate and still is there."""
    parts = []
    if below:
        parts.append(f"{counted(below, 'failure')} below it")
    if unknown:
        parts.append(f"{unknown} unknown")
    if counts.suppressed:
        parts.append(f"{counts.suppressed} suppressed")
    return f" {', '.join(parts)}." if parts else ""
