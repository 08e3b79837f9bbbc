"""The order of the text report: templates, remarks, table, outcome."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.text import Text

from reports.facts import failed_engines, stood_before, stops, worst_first
from reports.tally import tally
from reports.text.finding import failure_block, pass_lines, quiet_denied, quiet_line, refuted_lines, suppressed_lines
from reports.text.page import FAINT, STRONG, Page, page_for
from reports.text.plain import counted, name, width_of
from reports.text.summary import (
    diagnostic_block,
    engine_lines,
    errors_first,
    fixed_lines,
    notice_lines,
    outcome,
    quiet_diagnostic,
    quiet_engine,
    settling_lines,
    summary_table,
)
from reports.text.unknown import unknown_blocks
from validator.model import DiagnosticLevel, Finding, ReportOptions, Review, TemplateSummary, Verdict

_DIALECTS = {"sam": "SAM", "cloudformation": "CloudFormation"}

_COMMAND_AT_START = re.compile(r"^(\s*)::", re.MULTILINE)

Block = list[Text]


class TextWriter:
    """Writes for people: grouped by template, worst first, the outcome last."""

    name = "text"

    def write(self, review: Review, options: ReportOptions) -> str:
        """The report; holds no escape sequence unless ``options.color`` asks for colours."""
        page = page_for(options, dict(review.sources), review.environments)
        blocks = _quiet_blocks(review, options) if options.quiet else _blocks(review, page)
        last = [outcome(review, options)]
        return _without_commands(page.render(_separated([*blocks, last], tight=options.quiet)))


def _without_commands(text: str) -> str:
    """The text with nothing that a runner of GitHub Actions obeys: it reads the log of every step for commands."""
    return _COMMAND_AT_START.sub(r"\1: :", text).replace("##[", "# #[")


def _separated(blocks: Iterable[Block], tight: bool) -> Iterator[Text]:
    for number, block in enumerate(blocks):
        if number and not tight:
            yield Text()
        yield from block


def _quiet_blocks(review: Review, options: ReportOptions) -> Iterator[Block]:
    failures = [f for group in _by_path(review) for f in worst_first(group[1]) if f.verdict is Verdict.FAIL]
    yield [quiet_line(finding) for finding in failures if not stood_before(finding)]
    denied = [f for f in review.findings if f.verdict is Verdict.SUPPRESSED and stops(f, options)]
    yield [quiet_denied(finding) for finding in worst_first(denied)]
    # An error is why the run counts as incomplete: quiet must not hide it.
    yield [quiet_diagnostic(d) for d in review.diagnostics if d.level is DiagnosticLevel.ERROR]
    yield [quiet_engine(engine) for engine in failed_engines(review)]


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
    if review.fixed and page.options.verbose:
        yield list(fixed_lines(review.fixed, page))
    yield list(summary_table(review.findings))
    if review.engines:
        yield list(engine_lines(review, page))
    if review.settling:
        yield list(settling_lines(review.settling, page))


def _by_path(review: Review) -> list[tuple[str, list[Finding]]]:
    """Findings by the file they point into, in the order of the review."""
    groups: dict[str, list[Finding]] = {}
    for finding in review.findings:
        groups.setdefault(finding.span.path, []).append(finding)
    return list(groups.items())


def _template_heading(path: str, summary: TemplateSummary | None, findings: Sequence[Finding], page: Page) -> Block:
    counts = tally(findings)
    shown = (
        (counts.failed, "fail"),
        (counts.unknown, "unknown"),
        (counts.suppressed, "suppressed"),
        (counts.refuted, "refuted"),
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
    ordered = worst_first(findings)
    groups = {verdict: [f for f in ordered if f.verdict is verdict] for verdict in Verdict}
    explained: set[tuple[str, str]] = set()
    everything = page.options.verbose > 0
    for finding in groups[Verdict.FAIL]:
        if stood_before(finding) and not everything:
            continue
        reason = (finding.rule, finding.why)
        yield list(failure_block(finding, page, with_why=reason not in explained))
        explained.add(reason)
    yield from unknown_blocks([f for f in groups[Verdict.UNKNOWN] if everything or not stood_before(f)], page)
    yield from _folded(groups, page)
    if groups[Verdict.SUPPRESSED]:
        yield [line for finding in groups[Verdict.SUPPRESSED] for line in suppressed_lines(finding, page)]
    if groups[Verdict.REFUTED] and everything:
        yield [line for finding in groups[Verdict.REFUTED] for line in refuted_lines(finding, page)]
    if groups[Verdict.PASS] and everything:
        yield [line for finding in groups[Verdict.PASS] for line in pass_lines(finding, page)]


def _folded(groups: Mapping[Verdict, Sequence[Finding]], page: Page) -> Iterator[Block]:
    """One line for each kind of finding that asks for nothing; ``-v`` shows them instead."""
    if page.options.verbose:
        return
    before = [
        (sum(map(stood_before, groups[Verdict.FAIL])), "failure", "stood before the change"),
        (sum(map(stood_before, groups[Verdict.UNKNOWN])), "unknown", "stood before the change"),
        (len(groups[Verdict.REFUTED]), "finding", "refuted by the graph"),
    ]
    for number, noun, what in before:
        if number:
            yield [Text(f"{counted(number, noun)} {what} (-v shows {'it' if number == 1 else 'them'})", FAINT)]
