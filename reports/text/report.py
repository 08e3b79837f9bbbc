"""The order of the text report: templates, remarks, table, outcome."""

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from reports.tally import tally
from reports.text.finding import failure_block, pass_lines, quiet_line, suppressed_lines
from reports.text.page import FAINT, STRONG, Page, page_for
from reports.text.plain import counted, name, width_of
from reports.text.summary import (
    diagnostic_block,
    errors_first,
    notice_lines,
    outcome,
    quiet_diagnostic,
    summary_table,
)
from reports.text.unknown import unknown_blocks
from validator.model import DiagnosticLevel, Finding, ReportOptions, Review, TemplateSummary, Verdict

_DIALECTS = {"sam": "SAM", "cloudformation": "CloudFormation"}

Block = list[Text]


class TextWriter:
    """Writes for people: grouped by template, worst first, the outcome last."""

    name = "text"

    def write(self, review: Review, options: ReportOptions) -> str:
        """The report; holds no escape sequence unless ``options.color`` asks for colours."""
        page = page_for(options, dict(review.sources))
        blocks = _quiet_blocks(review) if options.quiet else _blocks(review, page)
        last = [outcome(review, options)]
        return page.render(_separated([*blocks, last], tight=options.quiet))


def _separated(blocks: Iterable[Block], tight: bool) -> Iterator[Text]:
    for number, block in enumerate(blocks):
        if number and not tight:
            yield Text()
        yield from block


def _quiet_blocks(review: Review) -> Iterator[Block]:
    failures = [f for group in _by_path(review) for f in _worst_first(group[1]) if f.verdict is Verdict.FAIL]
    yield [quiet_line(finding) for finding in failures]
    # An error is why the run counts as incomplete: quiet must not hide it.
    yield [quiet_diagnostic(d) for d in review.diagnostics if d.level is DiagnosticLevel.ERROR]


def _blocks(review: Review, page: Page) -> Iterator[Block]:
    summaries = {template.path: template for template in review.templates}
    for path, findings in _by_path(review):
        blocks = list(_template_blocks(findings, page))
        if blocks:
            yield _template_heading(path, summaries.get(path), findings, page)
            yield from blocks
    notices = [d for d in review.diagnostics if d.level is DiagnosticLevel.NOTICE]
    for diagnostic in errors_first(d for d in review.diagnostics if d.level is not DiagnosticLevel.NOTICE):
        yield list(diagnostic_block(diagnostic, page))
    if notices:
        yield list(notice_lines(notices, page))
    yield list(summary_table(review.findings))


def _by_path(review: Review) -> list[tuple[str, list[Finding]]]:
    """Findings by the file they point into, in the order of the review."""
    groups: dict[str, list[Finding]] = {}
    for finding in review.findings:
        groups.setdefault(finding.span.path, []).append(finding)
    return list(groups.items())


def _worst_first(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: -finding.severity.rank)


def _template_heading(path: str, summary: TemplateSummary | None, findings: Sequence[Finding], page: Page) -> Block:
    counts = tally(findings)
    shown = (
        (counts.failed, "fail"),
        (counts.unknown, "unknown"),
        (counts.suppressed, "suppressed"),
        (counts.passed, "pass"),
    )
    facts = ", ".join(f"{number} {word}" for number, word in shown if number)
    if summary is not None:
        dialect = _DIALECTS.get(summary.dialect, name(summary.dialect))
        facts = f"{dialect}, {counted(summary.resources, 'resource')}: {facts}"
    title = name(path)
    line = Text("=" * min(width_of(title), page.width), FAINT)
    if width_of(title) + 2 + width_of(facts) <= page.width:
        return [Text.assemble((title, STRONG), (f"  {facts}", FAINT)), line]
    return [Text(title, STRONG), line, *page.paragraph(Text(facts, FAINT), 0)]


def _template_blocks(findings: Sequence[Finding], page: Page) -> Iterator[Block]:
    ordered = _worst_first(findings)
    groups = {verdict: [f for f in ordered if f.verdict is verdict] for verdict in Verdict}
    explained: set[tuple[str, str]] = set()
    for finding in groups[Verdict.FAIL]:
        reason = (finding.rule, finding.why)
        yield list(failure_block(finding, page, with_why=reason not in explained))
        explained.add(reason)
    yield from unknown_blocks(groups[Verdict.UNKNOWN], page)
    if groups[Verdict.SUPPRESSED]:
        yield [line for finding in groups[Verdict.SUPPRESSED] for line in suppressed_lines(finding, page)]
    if groups[Verdict.PASS] and page.options.verbose:
        yield [line for finding in groups[Verdict.PASS] for line in pass_lines(finding, page)]
