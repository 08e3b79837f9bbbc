"""One finding: a block for a failure, a line for a pass, a suppression or a quiet report."""

from collections.abc import Iterator

from rich.text import Text

from reports.text.page import FAINT, LABEL_WIDTH, SEVERITY_STYLES, STRONG, VERDICT_STYLES, Page, joined, place
from reports.text.plain import name, one_line, several_lines
from validator.model import Evidence, Finding, Span, Verdict

SHORT_SENTENCE = 360
_OWN_SOURCE = "tierlens"


def failure_block(finding: Finding, page: Page, *, with_why: bool = True) -> Iterator[Text]:
    """All that a person needs to judge and mend one failure.

    ``with_why`` is for the first failure of a rule: the reason is the rule's, and the same each time. A path
    of one step that stands at the failure itself says nothing new, so it is shown with ``-v`` only.
    """
    yield from page.wrapped(heading(finding), Text(), 2)
    yield from page.paragraph(Text(sentence(finding.message, page)), 2)
    yield from excerpt_lines(finding.span, page, VERDICT_STYLES[finding.verdict])
    if page.options.verbose or [step.span for step in finding.evidence] != [finding.span]:
        yield from evidence_lines(finding, page)
    yield from scenario_lines(finding, page)
    if finding.why and (with_why or page.options.verbose):
        yield from page.labelled("why", Text(one_line(finding.why)))
    yield from _fix_lines(finding, page)
    if finding.lens and page.options.verbose:
        yield from page.labelled("lens", Text(", ".join(map(name, finding.lens))))


def heading(finding: Finding) -> Text:
    """``fail  high  AUTH001  TicketsApi  GET /tickets``."""
    verdict = finding.verdict
    return joined(
        [
            (verdict.value, VERDICT_STYLES[verdict]),
            (finding.severity.value, SEVERITY_STYLES[finding.severity]),
            (name(finding.rule), STRONG),
            (name(finding.resource), STRONG),
            (name(finding.target), ""),
            ("" if finding.source == _OWN_SOURCE else f"(found by {name(finding.source)})", FAINT),
        ]
    )


def excerpt_lines(span: Span, page: Page, style: str) -> Iterator[Text]:
    """The place, and below it the source line with a caret, as compilers show it."""
    gutter = " " * (len(str(span.line)) + 1)
    yield Text.assemble(gutter, ("-->", FAINT), f" {place(span)}")
    excerpt = page.sources.excerpt(span, page.width - len(gutter) - 3)
    if excerpt is None:
        return
    bar = (f" {gutter}|", FAINT)
    yield Text.assemble(bar)
    yield Text.assemble((f" {excerpt.number} |", FAINT), f" {excerpt.code}")
    yield Text.assemble(bar, f" {' ' * excerpt.offset}", ("^" * excerpt.length, style))


def evidence_lines(finding: Finding, page: Page, indent: int = 2) -> Iterator[Text]:
    """The path that proves the verdict, one numbered step a line, each with its place."""
    for number, step in enumerate(finding.evidence, start=1):
        label = "path" if number == 1 else ""
        counter = f"{number}. "
        first = Text.assemble(" " * indent, (f"{label.ljust(LABEL_WIDTH)}{counter}", FAINT))
        hang = indent + LABEL_WIDTH + len(counter)
        # The place of a failure stands above, with its line.
        stands_above = finding.verdict is Verdict.FAIL and step.span == finding.span
        span = None if stands_above and not page.options.verbose else step.span
        yield from page.with_place(page.wrapped(_step(step, page), first, hang), span, hang)


def _step(step: Evidence, page: Page) -> Text:
    return Text.assemble((name(step.resource), STRONG), f" {sentence(step.relation, page)}")


def sentence(text: str, page: Page) -> str:
    """A sentence on one line; a long one (hundreds of actions) is cut unless ``-v`` asks for all of it."""
    return one_line(text) if page.options.verbose else one_line(text, SHORT_SENTENCE)


def scenario_lines(finding: Finding, page: Page) -> Iterator[Text]:
    """The conditions under which the verdict holds, when it does not hold under all."""
    text = _scenario(finding)
    if text:
        yield from page.labelled("when", Text(text))


def _scenario(finding: Finding) -> str:
    conditions = " and ".join(
        f"{name(condition)} is {str(value).lower()}" for condition, value in sorted(finding.scenario.items())
    )
    if finding.at_defaults:
        return conditions
    return f"{conditions} (not with the default parameters)" if conditions else "not with the default parameters"


def _fix_lines(finding: Finding, page: Page) -> Iterator[Text]:
    """The fix; lines of a snippet keep their own indentation."""
    if not finding.fix.strip():
        return
    first, *rest = several_lines(finding.fix)
    yield from page.labelled("fix", Text(first))
    for line in rest:
        if line:
            yield from page.paragraph(Text(line.lstrip()), 8 + len(line) - len(line.lstrip()))
        else:
            yield Text()


def pass_lines(finding: Finding, page: Page) -> Iterator[Text]:
    """One proven property, with its evidence when that is asked for; the heading above names the file."""
    parts = joined(
        [
            (finding.verdict.value, VERDICT_STYLES[finding.verdict]),
            (name(finding.rule), STRONG),
            (name(finding.resource), ""),
            (name(finding.target), ""),
            (f"line {finding.span.line}", FAINT),
        ]
    )
    yield from page.wrapped(parts, Text(), 2)
    if page.options.verbose > 1:
        if finding.message:
            yield from page.paragraph(Text(one_line(finding.message)), 2)
        yield from evidence_lines(finding, page)
        yield from scenario_lines(finding, page)


def suppressed_lines(finding: Finding, page: Page) -> Iterator[Text]:
    """An accepted failure: what, why it was accepted, and until when."""
    decision = finding.suppression
    reason = "" if decision is None else f'"{one_line(decision.reason)}"'
    until = "" if decision is None or decision.until is None else f"until {decision.until.isoformat()}"
    parts = joined(
        [
            (finding.verdict.value, VERDICT_STYLES[finding.verdict]),
            (finding.severity.value, SEVERITY_STYLES[finding.severity]),
            (name(finding.rule), STRONG),
            (name(finding.resource), ""),
            (name(finding.target), ""),
            (reason, ""),
            (until, ""),
        ]
    )
    yield from page.with_place(page.wrapped(parts, Text(), 2), finding.span, 2)


def quiet_line(finding: Finding) -> Text:
    """``template.yaml:12:5: high AUTH001 TicketsApi GET /tickets: message``, never broken."""
    subject = " ".join(filter(None, (name(finding.rule), name(finding.resource), name(finding.target))))
    severity = (finding.severity.value, SEVERITY_STYLES[finding.severity])
    return Text.assemble(f"{place(finding.span)}: ", severity, f" {subject}: {one_line(finding.message)}")
