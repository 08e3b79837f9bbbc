"""Unknown verdicts, grouped by what is missing: one input often settles several."""

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from reports.text.finding import evidence_lines, rule_shown, scenario_lines, sentence
from reports.text.page import FAINT, SEVERITY_STYLES, STRONG, VERDICT_STYLES, Page, joined
from reports.text.plain import counted, name, one_line, several_lines
from validator.model import Finding, Missing, Verdict

SHOWN = 5
"""Verdicts of one group that are listed before ``-v`` is needed."""


def unknown_blocks(findings: Sequence[Finding], page: Page) -> Iterator[list[Text]]:
    """One block for each set of missing inputs, in the order of the first verdict that lacks it."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_inputs(finding), []).append(finding)
    for group in groups.values():
        yield list(_block(group, page))


def _inputs(finding: Finding) -> tuple[str, ...]:
    return tuple(sorted({missing.key or missing.what for missing in finding.missing}))


def _block(group: Sequence[Finding], page: Page) -> Iterator[Text]:
    yield from page.wrapped(_heading(group), Text(), 2)
    for missing in _distinct(group[0].missing):
        for line in several_lines(missing.how) if missing.how else ():
            yield from page.paragraph(Text(line.lstrip()), 2 + len(line) - len(line.lstrip()))
    everything = page.options.verbose > 0
    shown = group if everything else group[:SHOWN]
    for finding in shown:
        yield from _verdict_lines(finding, page, explained=everything or len(group) == 1)
    if len(shown) < len(group):
        yield Text(f"    and {len(group) - len(shown)} more (-v lists them)", FAINT)


def _heading(group: Sequence[Finding]) -> Text:
    whats = "; ".join(one_line(missing.what) for missing in _distinct(group[0].missing))
    count = counted(len(group), "verdict")
    return Text.assemble(
        (Verdict.UNKNOWN.value, VERDICT_STYLES[Verdict.UNKNOWN]),
        "  ",
        (whats or "the template does not decide", STRONG),
        f": {count}",
    )


def _distinct(missing: Iterable[Missing]) -> tuple[Missing, ...]:
    return tuple({item.key or item.what: item for item in missing}.values())


def _verdict_lines(finding: Finding, page: Page, explained: bool) -> Iterator[Text]:
    parts = joined(
        [
            (finding.severity.value, SEVERITY_STYLES[finding.severity]),
            (rule_shown(finding), STRONG),
            (name(finding.resource), ""),
            (name(finding.target), ""),
            (name(finding.stack), FAINT),
        ]
    )
    yield from page.with_place(page.wrapped(parts, Text(" " * 4), 6), finding.span, 6)
    if not explained:
        return
    yield from page.paragraph(Text(sentence(finding.message, page)), 6)
    if page.options.verbose > 0:
        yield from evidence_lines(finding, page, indent=6)
        yield from scenario_lines(finding, page)
